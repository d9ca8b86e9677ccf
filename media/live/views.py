"""What this room shows. Every query is limited to the actor's scopes; rooms follow the same rule."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from hub.directory.messages.params import NoParams
from hub.kernel.actor import CITY, SYSTEM, Actor, Permission
from hub.kernel.clock import CITY_ZONE, Clock
from hub.kernel.errors import NotFound
from hub.record import Connection, load_sql
from hub.record.audit import containing
from hub.spoke import Change, Page, View
from media.live import rows
from media.live.messages.params import (
    AccessesParams,
    AgendaParams,
    LivesParams,
    OfLive,
    OfRecording,
    RecordingsParams,
    SpeakersParams,
    SpeechesParams,
)
from media.live.messages.rows import (
    AccessRow,
    AgendaRow,
    LiveRow,
    LiveTotalsRow,
    OwnSpeechRow,
    RecordingRow,
    ShownLive,
    SpeakerRow,
    SpeechRow,
    SweepRow,
)
from media.live.model import no_live
from media.live.projection import AGENDA, LIVES, OWN, RECORDINGS, SPEECHES, TOTALS, next_sweep
from media.live.watching import places_of
from media.live.words import VIEWER_FORGOTTEN

Q = load_sql(__package__)

RUN, SELF = Permission.LIVE, Permission.SELF
LIVES_PACE = 1.0
Fetch = Callable[[Connection, Any, Actor], Awaitable[Page]]


def room(view: str, scopes: Sequence[str]) -> str:
    return f"{view}/{'+'.join(sorted(scopes))}"


async def _watchers(conn: Connection, view: str, found: Sequence[Any], one: Callable[[Any], Any], key: str = "id") -> list[Change]:
    """One room per scope that covers the owner; who holds several scopes watches a room of their own."""
    several = [row["scopes"] for row in await conn.fetch(Q["scope_sets"])]
    changes: list[Change] = []
    for row in found:
        path = {CITY, *row["owner_path"]}
        sets = [[scope] for scope in path] + [scopes for scopes in several if path & set(scopes)]
        changes.append(Change(key=str(row[key]), row=one(row), rooms=tuple(room(view, scopes) for scopes in sets)))
    return changes


def page(found: Sequence[Any], one: Callable[[Any], Any]) -> Page:
    return Page([one(row) for row in found], found[0]["matching"] if found else 0)


class LiveViews:
    """`key`: with which passes of posters are signed."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._key, self._clock = key, clock

    # --- live meetings ---

    async def _lives(self, conn: Connection, scopes: Sequence[str], ids: Sequence[UUID] | None, params: LivesParams) -> list[Any]:
        return list(await conn.fetch(
            Q["lives"], ids, list(scopes), list(params.state), containing(params.text), params.limit,
            self._clock.now() - VIEWER_FORGOTTEN, params.offset))

    def _live(self, row: Any) -> LiveRow:
        return rows.live(row, rows.posters(self._key, self._clock.now()))

    async def lives(self, conn: Connection, params: LivesParams, actor: Actor) -> Page:
        return page(await self._lives(conn, actor.scopes, None, params), self._live)

    async def live(self, conn: Connection, params: OfLive, actor: Actor) -> Page:
        found = await self._lives(conn, actor.scopes, [params.live], LivesParams())
        if not found:
            raise no_live()
        return page(found, self._live)

    async def lives_again(self, conn: Connection, keys: Sequence[str]) -> list[Change]:
        found = await self._lives(conn, SYSTEM.scopes, [UUID(key) for key in keys], LivesParams(limit=500))
        return await _watchers(conn, LIVES, found, self._live)

    async def shown_lives(self, conn: Connection, _params: NoParams, actor: Actor) -> Page:
        found = await watchable(conn, actor, self._clock.now())
        poster = rows.posters(self._key, self._clock.now())
        return Page([rows.shown(row, poster) for row in found], len(found))

    async def totals(self, conn: Connection, _params: NoParams, actor: Actor) -> Page:
        found = await conn.fetch(Q["totals"], list(actor.scopes), self._clock.now() - VIEWER_FORGOTTEN)
        return Page([rows.convert(row, LiveTotalsRow) for row in found], 1)

    async def retention(self, conn: Connection, _params: NoParams, actor: Actor) -> Page:
        following = next_sweep(self._clock.now())
        row = await conn.fetchrow(Q["retention"], list(actor.scopes), following)
        return Page([rows.convert(dict(row) | {"id": "all", "next_at": following}, SweepRow)] if row else [], 1)


async def watchable(conn: Connection, actor: Actor, at: datetime) -> list[Any]:
    """What somebody may choose from: what is public, and what is open to one of his roles at his place."""
    return list(await conn.fetch(Q["watchable"], list(actor.roles), await places_of(conn, actor), at - VIEWER_FORGOTTEN))


# --- recordings -----------------------------------------------------------------------------------


async def _recordings(
    conn: Connection, scopes: Sequence[str], ids: Sequence[UUID] | None, params: RecordingsParams,
) -> list[Any]:
    return list(await conn.fetch(
        Q["recordings"], ids, list(scopes), list(params.state), containing(params.text), params.room, _morning(params.since),
        _morning(params.until, 1), params.limit, params.offset))


def _morning(day: date | None, later: int = 0) -> datetime | None:
    return datetime.combine(day + timedelta(days=later), time(), CITY_ZONE) if day else None


async def recordings(conn: Connection, params: RecordingsParams, actor: Actor) -> Page:
    return page(await _recordings(conn, actor.scopes, None, params), lambda row: rows.recording(row, ()))


async def recording(conn: Connection, params: OfRecording, actor: Actor) -> Page:
    found = await _recordings(conn, actor.scopes, [params.recording], RecordingsParams())
    if not found:
        raise NotFound("没有这个录制，或它不归您管理。", "There is no such recording, or it is not yours to run.")
    files = [rows.recorded_file(row) for row in await conn.fetch(Q["files_of"], [params.recording])]
    return page(found, lambda row: rows.recording(row, files))


async def recordings_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    found = await _recordings(conn, SYSTEM.scopes, [UUID(key) for key in keys], RecordingsParams(limit=500))
    return await _watchers(conn, RECORDINGS, [row for row in found if row["archive"]], lambda row: rows.recording(row, ()))


# --- speeches -------------------------------------------------------------------------------------


async def _speeches(conn: Connection, scopes: Sequence[str], ids: Sequence[UUID] | None, params: SpeechesParams) -> list[Any]:
    return list(await conn.fetch(
        Q["speeches"], ids, list(scopes), list(params.state), containing(params.text), params.room, params.person, params.agenda,
        params.limit, params.offset))


async def speeches(conn: Connection, params: SpeechesParams, actor: Actor) -> Page:
    return page(await _speeches(conn, actor.scopes, None, params), rows.speech)


async def speeches_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    found = await _speeches(conn, SYSTEM.scopes, [UUID(key) for key in keys], SpeechesParams(limit=500))
    return await _watchers(conn, SPEECHES, found, rows.speech)


async def own_speeches(conn: Connection, _params: NoParams, actor: Actor) -> Page:
    found = await conn.fetch(Q["own_speeches"], [own_ref(actor)], [])
    return Page([rows.own_speech(row) for row in found], len(found))


async def own_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    """A clip that went to somebody else is gone where it was: that screen asks again when it next opens."""
    found = await conn.fetch(Q["own_speeches"], [], [UUID(key) for key in keys])
    return [Change(key=str(row["id"]), row=rows.own_speech(row), rooms=(f"{OWN}/{row['person']}",)) for row in found]


def own_ref(actor: Actor) -> str:
    """An account that belongs to a person sees that person's."""
    return next((scope for scope in actor.scopes if scope.startswith("person:")), actor.id)


async def speakers(conn: Connection, params: SpeakersParams, actor: Actor) -> Page:
    found = await conn.fetch(Q["speakers"], list(actor.scopes), containing(params.text), params.room, params.limit, params.offset)
    return page(found, lambda row: rows.convert(row, SpeakerRow))


# --- agenda, accesses -----------------------------------------------------------------------------


async def agenda(conn: Connection, params: AgendaParams, actor: Actor) -> Page:
    found = await conn.fetch(Q["agendas"], [params.room], list(actor.scopes))
    return Page([_agenda(row) for row in found], len(found))


async def agenda_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    found = await conn.fetch(Q["agendas"], list(keys), list(SYSTEM.scopes))
    return await _watchers(conn, AGENDA, found, _agenda)


def _agenda(row: Any) -> AgendaRow:
    return rows.convert(dict(row) | {"item": row["item"] or ""}, AgendaRow)


async def accesses(conn: Connection, params: AccessesParams, actor: Actor) -> Page:
    """Raises NotFound where it is not his to run."""
    look: dict[str, Callable[[], Awaitable[Sequence[Any]]]] = {
        "live": lambda: conn.fetch(Q["live_scene"], params.which, list(actor.scopes)),
        "recording": lambda: conn.fetch(Q["recording_scene"], params.which, list(actor.scopes)),
        "speech": lambda: conn.fetch(Q["speech_scene"], params.which, list(actor.scopes)),
    }
    found = await look[params.kind]()
    if not found or not found[0]["mine"]:
        raise NotFound("没有这条记录，或它不归您管理。", "There is no such thing, or it is not yours to run.")
    lines = await conn.fetch(Q["accesses"], f"{params.kind}:{params.which}", params.limit)
    return Page([rows.convert(row, AccessRow) for row in lines], len(lines))


def build_views(key: bytes, clock: Clock) -> tuple[View, ...]:
    shows = LiveViews(key, clock)

    def mine(view: str) -> Callable[[Any, Actor], str]:
        return lambda _params, actor: room(view, actor.scopes)

    return (
        View(name=LIVES, params=LivesParams, row=LiveRow, permission=RUN, fetch=shows.lives, room=mine(LIVES),
             reread=shows.lives_again, pace=LIVES_PACE),
        View(name="live", params=OfLive, row=LiveRow, permission=RUN, fetch=shows.live, room=mine(LIVES)),
        View(name="shown_lives", params=NoParams, row=ShownLive, permission=SELF, fetch=shows.shown_lives),
        View(name=TOTALS, params=NoParams, row=LiveTotalsRow, permission=RUN, fetch=shows.totals),
        View(name="recording_sweep", params=NoParams, row=SweepRow, permission=RUN, fetch=shows.retention),
        View(name=RECORDINGS, params=RecordingsParams, row=RecordingRow, permission=RUN, fetch=recordings, room=mine(RECORDINGS),
             reread=recordings_again, pace=LIVES_PACE),
        View(name="recording", params=OfRecording, row=RecordingRow, permission=RUN, fetch=recording),
        View(name=SPEECHES, params=SpeechesParams, row=SpeechRow, permission=RUN, fetch=speeches, room=mine(SPEECHES),
             reread=speeches_again),
        View(name=OWN, params=NoParams, row=OwnSpeechRow, permission=SELF, fetch=own_speeches,
             room=lambda _params, actor: f"{OWN}/{own_ref(actor)}", reread=own_again),
        View(name="speakers", params=SpeakersParams, row=SpeakerRow, permission=RUN, fetch=speakers),
        View(name=AGENDA, params=AgendaParams, row=AgendaRow, permission=RUN, fetch=agenda, room=mine(AGENDA), reread=agenda_again),
        View(name="media_accesses", params=AccessesParams, row=AccessRow, permission=RUN, fetch=accesses),
    )
