"""Writes the rows of this room in the transaction that records its events."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from hub.kernel.clock import CITY_ZONE
from hub.kernel.messages import Recorded
from hub.record import Connection, Jobs, load_sql
from hub.spoke import Touched
from media.live.messages.commands import Taken, Terms
from media.live.messages.events import (
    AgendaSaved,
    AgendaTurned,
    ClipFiled,
    ClipRefused,
    LiveCancelled,
    LiveChanged,
    LiveEnded,
    LiveLinksVoided,
    LivePlanned,
    LiveStarted,
    PicturePicked,
    RecordingDropped,
    RecordingFiled,
    RecordingKept,
    RecordingStarted,
    RecordingStopped,
    ReplayTurned,
    RoomPlays,
    SpeechCorrected,
    SpeechDropped,
    SpeechMarked,
)
from media.live.sounds import plays
from media.live.words import CLEAR, CUT, FILE, SWEEP, RecordingState, SpeechState
from media.names import ref_of

Q = load_sql(__package__)

LIVES, RECORDINGS, SPEECHES, AGENDA, TOTALS, OWN, HOSTED = (
    "lives", "recordings", "speeches", "agenda", "live_totals", "own_speeches", "live_rooms")
SUM: Touched = (TOTALS, "all")
SWEPT_AT = 3
"""O'clock in the city."""
NOT_COVERED = "没有录制覆盖这段时间 nothing was recorded then"
NOTHING_THERE = "没有录到内容 nothing was recorded"


async def project(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    touched: list[Touched] = []
    for one in recorded:
        touched += await WRITES[type(one.event)](conn, one.event, one)
    return touched


# --- live meetings --------------------------------------------------------------------------------


async def _planned(conn: Connection, event: LivePlanned, fact: Recorded) -> list[Touched]:
    terms = event.terms
    await conn.execute(
        Q["insert_live"], event.live, event.room, event.owner, terms.title, terms.about, terms.poster, terms.access, list(terms.roles),
        terms.org, terms.dvr, terms.record, terms.replay, terms.keep_days, event.starts, event.by_name, fact.at, fact.version)
    return _live(event.live)


async def _changed(conn: Connection, event: LiveChanged, fact: Recorded) -> list[Touched]:
    terms: Terms = event.terms
    await conn.execute(
        Q["change_live"], event.live, terms.title, terms.about, terms.poster, terms.access, list(terms.roles), terms.org, terms.dvr,
        terms.record, terms.replay, terms.keep_days, int(event.closed), fact.version)
    return _live(event.live)


async def _started(conn: Connection, event: LiveStarted, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["start_live"], event.live, fact.at, event.recording, fact.version)
    return _live(event.live)


async def _ended(conn: Connection, event: LiveEnded, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["end_live"], event.live, fact.at, fact.version)
    return _live(event.live)


async def _cancelled(conn: Connection, event: LiveCancelled, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["cancel_live"], event.live, fact.at, fact.version)
    return _live(event.live)


async def _replay(conn: Connection, event: ReplayTurned, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["turn_replay"], event.live, event.on, fact.version)
    return _live(event.live)


async def _picked(conn: Connection, event: PicturePicked, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["pick_picture"], event.live, event.picture, fact.version)
    return _live(event.live)


async def _voided(conn: Connection, event: LiveLinksVoided, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["void_links"], event.live, fact.version)
    return _live(event.live)


def _live(live: UUID) -> list[Touched]:
    return [(LIVES, str(live)), (HOSTED, f"live:{live}"), SUM]


# --- recordings -----------------------------------------------------------------------------------


async def _begun(conn: Connection, event: RecordingStarted, fact: Recorded) -> list[Touched]:
    await conn.execute(
        Q["insert_recording"], event.recording, event.room, event.owner, event.title, event.live, event.speakers, event.archive,
        fact.at, event.keep_days, event.by_name, fact.version)
    await Jobs.put(conn, SWEEP, "", next_sweep(fact.at))
    return _recording(event.recording)


async def _stopped(conn: Connection, event: RecordingStopped, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["stop_recording"], event.recording, fact.at, fact.version)
    await Jobs.put(conn, FILE, str(event.recording), fact.at, str(event.recording))
    return _recording(event.recording)


async def _filed(conn: Connection, event: RecordingFiled, fact: Recorded) -> list[Touched]:
    for place, file in enumerate(event.files):
        await conn.execute(Q["insert_file"], event.recording, place, *_file(file))
    state = RecordingState.KEPT if event.files else RecordingState.EMPTY
    row = await conn.fetchrow(Q["file_recording"], event.recording, state, fact.at, event.why, fact.version)
    touched = _recording(event.recording, row["live"] if row else None)
    for waiting in await conn.fetch(Q["waiting_for"], row["room"] if row else ""):
        touched += await _place(conn, waiting["id"], fact.at)
    if not event.files:
        await Jobs.put(conn, CLEAR, str(event.recording), fact.at, str(event.recording))
    return touched


def _file(file: Taken) -> tuple[Any, ...]:
    return (file.path, file.peer, ref_of(file.peer), file.name, file.role, file.sha256, file.size, file.since, file.until,
            file.video, file.audio, file.width, file.height, file.lost, file.problem)


async def _kept(conn: Connection, event: RecordingKept, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["keep_recording"], event.recording, event.title, event.days, fact.version)
    return _recording(event.recording)


async def _dropped(conn: Connection, event: RecordingDropped, fact: Recorded) -> list[Touched]:
    live = await conn.fetchval(Q["drop_recording"], event.recording, event.reason, fact.version)
    await Jobs.put(conn, CLEAR, str(event.recording), fact.at, str(event.recording))
    return _recording(event.recording, live)


def _recording(recording: UUID, live: UUID | None = None) -> list[Touched]:
    return [(RECORDINGS, str(recording)), SUM, *([(LIVES, str(live))] if live else [])]


def next_sweep(at: datetime) -> datetime:
    """The next night in the city; the same for all of a day."""
    night = at.astimezone(CITY_ZONE).replace(hour=SWEPT_AT, minute=0, second=0, microsecond=0)
    return night if night > at else night + timedelta(days=1)


# --- agenda and speeches --------------------------------------------------------------------------


async def _agenda(conn: Connection, event: AgendaSaved, fact: Recorded) -> list[Touched]:
    items = msgspec.to_builtins(event.items)
    await conn.execute(Q["save_agenda"], event.room, event.owner, event.title, items, fact.version)
    return [(AGENDA, event.room)]


async def _turned(conn: Connection, event: AgendaTurned, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["turn_agenda"], event.room, fact.at, event.item, fact.version)
    return [(AGENDA, event.room)]


async def _marked(conn: Connection, event: SpeechMarked, fact: Recorded) -> list[Touched]:
    await conn.execute(
        Q["insert_speech"], event.speech, event.room, event.owner, event.meeting, event.person, event.person_name, event.source,
        event.agenda, event.agenda_title, event.since, event.until, event.origin, event.note, fact.version)
    return await _place(conn, event.speech, fact.at)


async def _corrected(conn: Connection, event: SpeechCorrected, fact: Recorded) -> list[Touched]:
    await conn.execute(
        Q["correct_speech"], event.speech, event.edition, event.person, event.person_name, event.source, event.agenda, event.agenda_title,
        event.since, event.until, event.note, fact.version)
    return await _place(conn, event.speech, fact.at) if event.recut else _speech(event.speech)


async def _place(conn: Connection, speech: UUID, at: datetime) -> list[Touched]:
    row = await conn.fetchrow(Q["place_speech"], speech, NOT_COVERED)
    if row and row["state"] == SpeechState.CUTTING:
        await Jobs.put(conn, CUT, str(speech), at, str(speech))
    return _speech(speech)


async def _clip(conn: Connection, event: ClipFiled, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["file_clip"], event.speech, event.edition, event.path, event.sha256, event.size, event.seconds, event.since,
                       event.until, event.parts, fact.version)
    return _speech(event.speech)


async def _refused(conn: Connection, event: ClipRefused, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["refuse_clip"], event.speech, event.why, fact.version)
    return _speech(event.speech)


async def _struck(conn: Connection, event: SpeechDropped, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["drop_speech"], event.speech, event.reason, fact.version)
    await Jobs.put(conn, CUT, str(event.speech), fact.at, str(event.speech))
    return _speech(event.speech)


def _speech(speech: UUID) -> list[Touched]:
    return [(SPEECHES, str(speech)), (OWN, str(speech)), SUM]


WRITES: dict[type[Any], Callable[[Connection, Any, Recorded], Awaitable[list[Touched]]]] = {
    LivePlanned: _planned, LiveChanged: _changed, LiveStarted: _started, LiveEnded: _ended, LiveCancelled: _cancelled,
    ReplayTurned: _replay, LiveLinksVoided: _voided, PicturePicked: _picked, RoomPlays: plays,
    RecordingStarted: _begun, RecordingStopped: _stopped, RecordingFiled: _filed,
    RecordingKept: _kept, RecordingDropped: _dropped, AgendaSaved: _agenda, AgendaTurned: _turned, SpeechMarked: _marked,
    SpeechCorrected: _corrected, ClipFiled: _clip, ClipRefused: _refused, SpeechDropped: _struck,
}
