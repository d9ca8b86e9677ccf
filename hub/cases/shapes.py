"""The messages of a life: one command and one event for each row of its table, and the codec of what a case is kept as."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast, get_type_hints
from uuid import UUID

import msgspec
from msgspec import inspect

from hub.kernel.actor import Actor
from hub.kernel.errors import Broken
from hub.kernel.lifecycle import (
    Case,
    CaseClockMoved,
    CaseClockStruck,
    CaseEvent,
    CaseNoteAnswered,
    Form,
    Lifecycle,
    Step,
    evolve,
)
from hub.kernel.messages import Command, Event, Recorded
from hub.record import Connection
from hub.spoke import Project
from hub.wire.codec import EventCodec

Reads = Callable[[Connection, Any, Actor], Awaitable[Any]]
"""(connection, command, actor) → what `Scene.reads` is for one step."""

UUID_LENGTH = 36
EVOLVING = (CaseEvent, CaseClockStruck, CaseClockMoved, CaseNoteAnswered)


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """A life with the types made from it."""

    life: Lifecycle
    commands: Mapping[str, type[Command]]
    """By the step's command, in the table's order."""
    events: Mapping[str, type[CaseEvent]]
    """By the step's event."""
    codec: EventCodec
    reads: Mapping[str, Reads]
    project: Project | None = None
    own_events: tuple[type[Event], ...] = ()
    tables: tuple[str, ...] = ()

    def stream_of(self, case: UUID) -> str:
        return f"{self.life.noun}-{case}"

    def loaded(self, body: bytes, version: int) -> Case:
        """`version`: of the journal's stream, where a stream's own events may stand between those of the case."""
        kept = msgspec.json.decode(body, type=Case)
        return msgspec.structs.replace(kept, version=version, facts=msgspec.convert(kept.facts, self.life.facts))

    def after(self, case: Case | None, case_id: UUID, fact: Recorded) -> Case | None:
        if not isinstance(fact.event, EVOLVING):
            return msgspec.structs.replace(case, version=fact.version) if case else None
        found = evolve(self.life.facts, case, case_id, fact.event, at=fact.at, by=fact.actor)
        return msgspec.structs.replace(found, version=fact.version)


LIVES: dict[str, Shapes] = {}
"""By the stream's name: what hangs on the hub, known from the moment its spoke is declared."""


def declare(life: Lifecycle, reads: Mapping[str, Reads] | None = None, project: Project | None = None,
            own_events: tuple[type[Event], ...] = (), tables: tuple[str, ...] = ()) -> Shapes:
    """The same life declared twice has the same types: a type stands for one name in the contract."""
    known = LIVES.get(life.name)
    commands = known.commands if known and known.life is life else {step.command: _command(life, step) for step in life.steps}
    told = known.events if known and known.life is life else {step.event: _event(life, step) for step in life.steps}
    LIVES[life.name] = Shapes(
        life=life, commands=commands, events=told, reads=reads or {}, project=project, own_events=own_events, tables=tables,
        codec=EventCodec((*told.values(), CaseClockStruck, CaseClockMoved, CaseNoteAnswered, *own_events)))
    return LIVES[life.name]


def shapes_of(stream: str) -> Shapes:
    """Raises Broken."""
    try:
        return LIVES[stream]
    except KeyError:
        raise Broken(f"没有名为“{stream}”的业务流。", f"There is no stream {stream!r}.") from None


def whose(stream: str) -> tuple[Shapes, UUID] | None:
    """The life and the case that a journal stream is of."""
    noun, number = stream[:-UUID_LENGTH - 1], stream[-UUID_LENGTH:]
    found = next((shapes for shapes in LIVES.values() if shapes.life.noun == noun), None)
    return (found, UUID(number)) if found and stream == f"{noun}-{number}" else None


def _command(life: Lifecycle, step: Step) -> type[Command]:
    form: Any = ("form", step.form) if _must_be_filled(step.form) else ("form", step.form, step.form())
    made = msgspec.defstruct(step.command, [("case", UUID), form], bases=(Command,), module=f"hub.{life.name}", frozen=True, kw_only=True,
                             namespace={"__doc__": f"{step.zh}: {step.en}."})
    return cast(type[Command], made)


def _event(life: Lifecycle, step: Step) -> type[CaseEvent]:
    form: Any = ("form", step.form) if _must_be_filled(step.form) else ("form", step.form, step.form())
    return cast(type[CaseEvent], msgspec.defstruct(step.event, [form], bases=(CaseEvent,), module=f"hub.{life.name}", frozen=True, kw_only=True))


def _must_be_filled(form: type[Form]) -> bool:
    return any(field.required for field in msgspec.structs.fields(form))


@cache
def drawn(form: type[Form]) -> dict[str, Any]:
    """The JSON Schema that a screen draws the form from; nested shapes stand under `$defs`. Never written to."""
    schema = msgspec.json.schema(form)
    shapes = dict(schema.get("$defs", {}))
    return {**shapes.pop(form.__name__, {}), **({"$defs": shapes} if shapes else {})}


def file_fields(form: type[Form]) -> tuple[str, ...]:
    """Fields that hold files: those drawn with `pick="file"`."""
    found = inspect.type_info(form)
    assert isinstance(found, inspect.StructType)
    return tuple(field.name for field in found.fields if _picks(field.type) == "file")


def files_of(form: Form) -> tuple[UUID, ...]:
    held = (getattr(form, name) for name in file_fields(type(form)))
    return tuple(dict.fromkeys(one for some in held if some for one in (some if isinstance(some, (tuple, list)) else (some,))))


def _picks(kind: Any) -> str:
    if isinstance(kind, inspect.Metadata):
        return str((kind.extra_json_schema or {}).get("pick", "")) or _picks(kind.type)
    if isinstance(kind, inspect.UnionType):
        return next(filter(None, map(_picks, kind.types)), "")
    return ""


def words_of(form: type[Form]) -> dict[str, tuple[str, str]]:
    """Field → what it is called, 中文 and English."""
    hints = get_type_hints(form, include_extras=True)
    return {name: _called(name, hint) for name, hint in hints.items()}


def _called(name: str, hint: Any) -> tuple[str, str]:
    title = next((meta.title for meta in getattr(hint, "__metadata__", ()) if isinstance(meta, msgspec.Meta) and meta.title), name)
    zh, _, en = title.partition("|")
    return zh, en or zh
