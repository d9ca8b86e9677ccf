"""What hangs on the hub is a Spoke: plain data. There is no other framework of our own.

A command is decided by a pure function over facts that were read for it; what it decides is
recorded in one transaction together with the spoke's own rows; the keys those rows changed are
told to the rooms that may see them. A command whose outcome is rows and not events (receipts,
sign-in devices) is *done* instead of decided, by a function that owns its transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from hub.kernel.actor import Actor, Permission
from hub.kernel.messages import Command, Event, Recorded
from hub.record import Connection

Touched = tuple[str, str]
"""(view, key): a row of that view may look different now."""


class Write(msgspec.Struct, frozen=True):
    """Events for one stream. `expected` is the version they were decided on: n exact, 0 new
    stream, -1 any, -2 must exist."""

    stream: str
    expected: int
    events: tuple[Event, ...]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """`claims` are keys that only one command may ever take; `result` is what the asker gets,
    and gets again when the same command id is asked again."""

    writes: tuple[Write, ...] = ()
    claims: tuple[str, ...] = ()
    result: Any = None


@dataclass(frozen=True, kw_only=True)
class Decides:
    """A command whose outcome is events. `decide` is pure; it raises Refused with the sentence
    the user reads. `facts` reads what the decision needs (rows are never older than the journal)."""

    command: type[Command]
    permission: Permission
    decide: Callable[[Any, Any, Actor, datetime], Decision]
    facts: Callable[[Connection, Any, Actor], Awaitable[Any]]
    audited: bool = True


@dataclass(frozen=True, kw_only=True)
class Does:
    """A command whose outcome is rows. `handle(command, actor, at)` owns its transaction and must
    give the same answer for the same command id."""

    command: type[Command]
    permission: Permission
    handle: Callable[[Any, Actor, datetime], Awaitable[Any]]
    audited: bool = True


class Page(msgspec.Struct, frozen=True):
    rows: Sequence[Any]
    total: int | None = None
    """All rows that match, where `rows` is only a page of them."""
    kept: bool = True
    """May be shown to the same person again while the database is away. Not where each look is noted."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A row as it is now (None: gone) and the rooms that may see it."""

    key: str
    row: Any
    rooms: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class View:
    """A named query. Live when `room` and `reread` are given: `room` names what a watcher joins
    (None: this actor may not watch), `reread` gives the changed rows and the rooms to tell."""

    name: str
    params: type[msgspec.Struct]
    row: type[msgspec.Struct]
    permission: Permission
    fetch: Callable[[Connection, Any, Actor], Awaitable[Page]]
    room: Callable[[Any, Actor], str] | None = None
    reread: Callable[[Connection, Sequence[str]], Awaitable[Sequence[Change]]] | None = None
    key: str = "id"
    follows: tuple[str, ...] = ()
    """Views whose rows this one shows too: their changes are told here under the same keys."""
    pace: float | None = None
    """Seconds between two tellings, where it is not the Teller's own; up to URGENT_PACE: told past everything else."""


Project = Callable[[Connection, Sequence[Recorded]], Awaitable[Sequence[Touched]]]
"""Writes the spoke's rows in the transaction that records the events; names the rows it changed."""

React = Callable[[Connection, Sequence[Recorded]], Awaitable[None]]
"""Puts what is to be done about other spokes' events, those of one command, in the transaction that records them; it writes nothing else."""

Errand = Callable[[Any], Awaitable[None]]
"""Runs one durable job (at least once); raises to be tried again later."""


@dataclass(frozen=True, kw_only=True)
class Spoke:
    name: str
    commands: tuple[Decides | Does, ...] = ()
    events: tuple[type[Event], ...] = ()
    views: tuple[View, ...] = ()
    project: Project | None = None
    reacts: Mapping[str, React] = field(default_factory=dict)
    """By the event's name."""
    errands: dict[str, Errand] = field(default_factory=dict)
