"""Writes a told year into the journal: rows as if it had happened, nothing sent for what is past. Each stream is told once,
whoever tells and however often he was interrupted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Thread
from time import monotonic

from hub.cases.demo_story import Stream, Told
from hub.cases.demo_town import Q, Town, town_of
from hub.cases.past import project_past
from hub.cases.shapes import shapes_of
from hub.cases.spoke import SHARED_EVENTS
from hub.kernel.ids import derived, uuid7
from hub.kernel.messages import Recorded, kind_of
from hub.record import Connection, Database, Jobs, Journal, PastEvent, Row, tell_past
from hub.spoke import Touched
from hub.wire.codec import EventCodec

SHARED = EventCodec(SHARED_EVENTS)
AT_ONCE = 120
"""Events of one transaction, where a stream is not longer itself: for so long everybody else's commands wait."""
LOOK = 0.5
UNREAD = timedelta(days=7)
"""So long ago people have last read what they were told."""

Touch = Callable[[Sequence[Touched]], None]


@dataclass(frozen=True, kw_only=True)
class Year:
    """`first`: streams that are told before all others, on the day on which the telling begins; `last`: what says that all was
    told, in the stream `mark`. `settled`: errands that what is past would put, and that are done already."""

    first: Callable[[datetime], Sequence[Stream]]
    told: Callable[[Town], Sequence[Stream]]
    last: Callable[[Town], Told]
    mark: str
    settled: tuple[str, ...] = ()
    prepare: Callable[[], Awaitable[None]] | None = None
    """Done when all is composed and nothing of it is written yet."""


async def tell_year(db: Database, journal: Journal, year: Year, at: datetime, touch: Touch, *, gently: bool = True) -> bool:
    """False where it was told before, others' cases stand already, or the city is not the demo's. What was begun and not ended is
    told on as of the day on which it was begun. `gently`: between two pieces others have as much time as the piece took."""
    async with db.read() as conn:
        begun = await conn.fetchrow(Q["may"], [told[0].stream for told in year.first(at)], year.mark)
        if begun is None or not (begun["may"] and begun["city"]):
            return False
        town = await town_of(conn, begun["since"] or at)
    streams = await composed(year, town)
    if year.prepare:
        await year.prepare()
    for piece in pieces(streams):
        began = monotonic()
        touch(await _tell(journal, year, piece, town.now) or ())
        await asyncio.sleep(monotonic() - began if gently else 0)
    async with db.transaction() as conn:
        await conn.execute(Q["read"], town.now - UNREAD)
    return True


async def inhabited(db: Database) -> None:
    """Returns when people stand in the directory, all of whom come at once: nothing can be told of nobody."""
    while True:
        async with db.read() as conn:
            if await conn.fetchval(Q["inhabited"]):
                return
        await asyncio.sleep(LOOK)


async def composed(year: Year, town: Town) -> list[Stream]:
    """Takes a second or two, on a busy machine ten: a thread's work, and of one that nobody waits for: a hub that is to end ends."""
    done: Future[list[Stream]] = Future()
    done.set_running_or_notify_cancel()

    def compose() -> None:
        try:
            done.set_result([*year.first(town.now), *year.told(town), (year.last(town),)])
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            done.set_exception(error)

    Thread(target=compose, name="year", daemon=True).start()
    return await asyncio.wrap_future(done)


def pieces(streams: Sequence[Stream]) -> Iterator[list[Told]]:
    """Whole streams, so many that a piece is quickly written."""
    piece: list[Told] = []
    for stream in streams:
        if piece and len(piece) + len(stream) > AT_ONCE:
            yield piece
            piece = []
        piece += stream
    if piece:
        yield piece


async def _tell(journal: Journal, year: Year, piece: Sequence[Told], until: datetime) -> list[Touched] | None:
    past = [_past(one) for one in piece]
    told_as = {event.id: one.event for event, one in zip(past, piece, strict=True)}

    async def rows_too(conn: Connection, rows: Sequence[Row]) -> list[Touched]:
        with Jobs.settled(conn, year.settled, until):
            return await project_past(conn, [
                Recorded(row.pos, row.stream, row.version, row.at, row.id, row.cmd, row.actor, told_as[row.id]) for row in rows])

    return await tell_past(journal, derived("demo year", piece[0].stream), past, rows_too)


def _past(one: Told) -> PastEvent:
    codec = shapes_of(one.life).codec if one.life else SHARED
    return PastEvent(stream=one.stream, at=one.at, actor=one.by, type=kind_of(one.event), schema=one.event.schema_version, id=uuid7(one.at),
                     data=codec.encode(one.event))
