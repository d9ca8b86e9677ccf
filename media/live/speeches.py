"""The rules of the edit list: who spoke, when, to which item; and from what it is cut. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from hub.kernel.actor import Actor
from hub.kernel.errors import Conflict, NotFound, Refused
from hub.kernel.messages import Event
from hub.spoke import Decision, Write
from media.live.messages.commands import (
    AgendaItem,
    CorrectSpeech,
    DropSpeech,
    FileClip,
    MarkSpeech,
    RefuseClip,
    SaveAgenda,
    SpeechPlaced,
    TakeFloorTurn,
    TurnAgenda,
)
from media.live.messages.events import (
    AgendaSaved,
    AgendaTurned,
    ClipFiled,
    ClipRefused,
    SpeechCorrected,
    SpeechDropped,
    SpeechMarked,
)
from media.live.model import require_hub
from media.live.words import LONGEST_SPEECH, SHORTEST_SPEECH, Origin, SpeechState

AHEAD = timedelta(minutes=1)
"""Clocks of screens may differ so far."""


class Hall(msgspec.Struct, frozen=True, kw_only=True):
    """The room somebody speaks in. `items`: its agenda, key → title; `item`: what was spoken about then.
    `open`: to the asker. `recorded`: a recording covers some of it."""

    owner: str
    title: str
    open: bool
    items: dict[str, str] = {}
    item: str = ""
    person_name: str | None = None
    recorded: bool = True


class SpeechScene(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    room: str
    owner: str
    meeting: str
    person: str
    person_name: str
    source: str
    agenda: str
    agenda_title: str
    since: datetime
    until: datetime
    note: str
    state: SpeechState
    edition: int
    cut: int
    path: str
    version: int
    mine: bool


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What can be corrected."""

    person: str
    source: str
    agenda: str
    since: datetime
    until: datetime
    note: str


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """`person_name` None: the person named is not known, or not within the asker's reach."""

    scene: SpeechScene | None
    person_name: str | None
    items: dict[str, str]


class Agenda(msgspec.Struct, frozen=True, kw_only=True):
    owner: str
    open: bool
    title: str = ""
    items: tuple[AgendaItem, ...] = ()
    version: int = 0


def stream(speech: UUID) -> str:
    return f"speech-{speech}"


# --- the agenda -----------------------------------------------------------------------------------


def save_agenda(facts: Agenda, command: SaveAgenda, actor: Actor, at: datetime) -> Decision:
    _require_open(facts.open)
    _require_own_agenda(command.room)
    keys = [item.key for item in command.items]
    if len(set(keys)) < len(keys):
        raise Refused("议程里有重复的编号，请改正。", "Two items of the agenda have the same key.", field="items")
    if (command.title, command.items) == (facts.title, facts.items):
        return Decision()
    saved = AgendaSaved(room=command.room, owner=facts.owner, title=command.title, items=command.items)
    return Decision(writes=(Write(f"agenda-{command.room}", facts.version, (saved,)),))


def turn_agenda(facts: Agenda, command: TurnAgenda, actor: Actor, at: datetime) -> Decision:
    _require_open(facts.open)
    _require_own_agenda(command.room)
    _require_item(command.item, [item.key for item in facts.items], "item")
    turned = AgendaTurned(room=command.room, item=command.item)
    return Decision(writes=(Write(f"agenda-{command.room}", facts.version, (turned,)),))


# --- the edit list --------------------------------------------------------------------------------


def mark(facts: Hall, command: MarkSpeech, actor: Actor, at: datetime) -> Decision:
    _require_open(facts.open)
    _require_span(command.since, command.until, at)
    if facts.person_name is None:
        raise nobody()
    if command.agenda is not None:
        _require_item(command.agenda, facts.items, "agenda")
    if not facts.recorded:
        raise Refused("这段时间没有录制，剪不出片段；请核对起止时间。",
                      "Nothing was recorded at that time; check its beginning and end.", code="not-recorded", field="since")
    item = facts.item if command.agenda is None else command.agenda
    marked = SpeechMarked(
        speech=command.id, room=command.room, owner=facts.owner, meeting=facts.title, person=command.person,
        person_name=facts.person_name, source=command.source, agenda=item, agenda_title=facts.items.get(item, item),
        since=command.since, until=command.until, origin=Origin.HAND, note=command.note)
    return Decision(writes=(Write(stream(command.id), 0, (marked,)),), result=SpeechPlaced(command.id))


def take_turn(facts: Hall, command: TakeFloorTurn, actor: Actor, at: datetime) -> Decision:
    """Clearing one's throat is no speech."""
    require_hub(actor)
    if not facts.recorded or command.until - command.since < SHORTEST_SPEECH:
        return Decision()
    item = facts.item if command.agenda is None else command.agenda
    marked = SpeechMarked(
        speech=command.id, room=command.room, owner=facts.owner, meeting=facts.title, person=command.ref,
        person_name=facts.person_name or command.ref, source=command.ref, agenda=item,
        agenda_title=command.agenda_title or facts.items.get(item, item), since=command.since, until=command.until, origin=Origin.FLOOR)
    turn = f"turn {command.room} {command.ref} {command.since.isoformat()}"
    return Decision(writes=(Write(stream(command.id), 0, (marked,)),), claims=(turn,))


def correct(facts: Correction, command: CorrectSpeech, actor: Actor, at: datetime) -> Decision:
    scene = _spoken(facts.scene)
    if facts.person_name is None:
        raise nobody()
    if command.agenda is not None:
        _require_item(command.agenda, facts.items, "agenda")
    line = Line(**{name: getattr(scene if getattr(command, name) is None else command, name) for name in Line.__struct_fields__})
    _require_span(line.since, line.until, at)
    before = Line(**{name: getattr(scene, name) for name in Line.__struct_fields__})
    if line == before:
        return Decision()
    recut = msgspec.structs.replace(line, note=before.note) != before
    return _wrote(scene, SpeechCorrected(
        speech=scene.id, edition=scene.edition + recut, person=line.person, person_name=facts.person_name, source=line.source,
        agenda=line.agenda,
        agenda_title=_title_of(line.agenda, scene, facts.items), since=line.since, until=line.until, note=line.note, recut=recut))


def _title_of(item: str, scene: SpeechScene, items: dict[str, str]) -> str:
    """What stands in the line stays in it, also where the agenda has changed since."""
    return scene.agenda_title if item == scene.agenda else items.get(item, item)


def drop(facts: SpeechScene | None, command: DropSpeech, actor: Actor, at: datetime) -> Decision:
    return _wrote(_spoken(facts), SpeechDropped(speech=command.speech, reason=command.reason))


def file_clip(facts: SpeechScene | None, command: FileClip, actor: Actor, at: datetime) -> Decision:
    require_hub(actor)
    if facts is None or not _wanted(facts, command.edition):
        return Decision()
    return _wrote(facts, ClipFiled(
        speech=facts.id, edition=command.edition, path=command.path, sha256=command.sha256, size=command.size,
        seconds=command.seconds, since=command.since, until=command.until, parts=command.parts))


def refuse_clip(facts: SpeechScene | None, command: RefuseClip, actor: Actor, at: datetime) -> Decision:
    require_hub(actor)
    if facts is None or not _wanted(facts, command.edition):
        return Decision()
    return _wrote(facts, ClipRefused(speech=facts.id, edition=command.edition, why=command.why))


def _wanted(scene: SpeechScene, edition: int) -> bool:
    return scene.state is SpeechState.CUTTING and scene.edition == edition


# --- what it is cut from --------------------------------------------------------------------------


class Footage(msgspec.Struct, frozen=True, kw_only=True):
    path: str
    ref: str
    role: str
    video: str
    since: datetime
    until: datetime


class Length(msgspec.Struct, frozen=True):
    path: str
    since: datetime
    until: datetime


Lengths = tuple[Length, ...]


def choices(footage: Sequence[Footage], refs: Iterable[str], since: datetime, until: datetime) -> list[Lengths]:
    """From what to cut, the best first: of each of `refs` the own camera (or else microphone); the only camera
    there was; what the viewers saw; and else whoever's picture covers most of it."""
    there = [one for one in footage if one.since < until and one.until > since and one.role != "screen"]
    programme = [one for one in there if one.role == "programme"]
    by_ref: dict[str, list[Footage]] = {}
    for one in sorted(there, key=lambda one: one.ref):
        if one.role != "programme":
            by_ref.setdefault(one.ref, []).append(one)
    seen = {ref: own for ref, own in by_ref.items() if any(one.video for one in own)} or by_ref
    most = sorted(seen, key=lambda ref: _covered(seen[ref], since, until), reverse=True)
    found = [by_ref[ref] for ref in refs if ref in by_ref]
    found += [seen[most[0]], programme] if len(most) == 1 else [programme, *(seen[ref] for ref in most[:1])]
    cut = [_cropped(_best_role(own), since, until) for own in found]
    return list(dict.fromkeys(filter(None, cut)))


def _best_role(own: list[Footage]) -> list[Footage]:
    return [one for one in own if one.video] or own


def _covered(own: Sequence[Footage], since: datetime, until: datetime) -> timedelta:
    return sum((min(one.until, until) - max(one.since, since) for one in own), timedelta())


def _cropped(found: Sequence[Footage], since: datetime, until: datetime) -> Lengths:
    """Where two run at the same time (two devices), the earlier one goes on to its end."""
    cut: list[Length] = []
    reached = since
    for one in sorted(found, key=lambda one: (one.since, one.path)):
        start, end = max(one.since, reached), min(one.until, until)
        if end > start:
            cut.append(Length(one.path, start, end))
            reached = end
    return tuple(cut)


# --- who may, and what is wrong ---------------------------------------------------------------------


def _wrote(scene: SpeechScene, event: Event) -> Decision:
    return Decision(writes=(Write(stream(scene.id), scene.version, (event,)),))


def _spoken(scene: SpeechScene | None) -> SpeechScene:
    if scene is None or not scene.mine:
        raise no_speech()
    if scene.state is SpeechState.DROPPED:
        raise Conflict("这段发言已删除。", "This speech was dropped.", code="speech-dropped")
    return scene


def _require_own_agenda(room: str) -> None:
    if room.startswith("meeting:"):
        raise Refused("视频会议的议程请在会议里设置。", "A video meeting has its own agenda; set it there.", code="agenda-of-meeting",
                      field="room")


def _require_open(open_: bool) -> None:
    if not open_:
        raise NotFound("没有这个会场，或它不归您管理。", "There is no such room, or it is not yours to run.", field="room")


def _require_item(item: str, keys: Container[str], field: str) -> None:
    if item and item not in keys:
        raise Refused("议程里没有这一项，请重新选择。", "The agenda has no such item; choose again.", field=field)


def _require_span(since: datetime, until: datetime, at: datetime) -> None:
    if until - since < SHORTEST_SPEECH:
        raise Refused("结束时间要在开始时间之后。", "It must end after it begins.", code="bad-span", field="until")
    if until - since > LONGEST_SPEECH:
        raise Refused("一段发言最长 6 小时，请分成几段。", "One speech lasts 6 hours at most; make several.", code="bad-span", field="until")
    if until > at + AHEAD:
        raise Refused("结束时间还没有到。", "Its end has not come yet.", code="bad-span", field="until")


def nobody() -> NotFound:
    return NotFound("找不到这位发言人，可能已停用或不在您的范围内；请重新选择。",
                    "There is nobody of this name, or not within your reach; choose again.", field="person")


def no_speech() -> NotFound:
    return NotFound("没有这段发言，或它不归您管理。", "There is no such speech, or it is not yours to run.")
