"""Sends the new link that somebody asked for on the page of an old one.

A job, run at least once: a message that may have gone out is looked for before it is sent again.
It stands beside broadcasts, not among them: nothing of it is counted or climbs a ladder.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import structlog

from dispatch.outgoing import LinkOf
from dispatch.ports import Carrier, Outgoing, Sighting, Submitted, Unsure
from dispatch.states import FAILURES
from dispatch.told import Told
from dispatch.words import RANK, Channel, Priority, State
from hub.kernel.clock import Clock
from hub.kernel.errors import TryAgain
from hub.record import Connection, Database, Jobs, load_sql

log = structlog.get_logger()

Q = load_sql("dispatch")

ROADS = (Channel.WECHAT, Channel.SMS)
SUBMIT_SECONDS = 45.0
GOOD_FOR = timedelta(days=7)
GIVEN_UP_AFTER = timedelta(hours=1)
"""Nobody waits at the page any longer, and he may ask again."""

TITLE = "您要的新链接"
TEXT = "{name}：请用新的链接进入，7 天内有效。如果不是您本人索取，请不要点开，也不要转发。"


class Ask(msgspec.Struct, frozen=True):
    renewal: UUID
    person: UUID
    delivery: UUID | None
    asked: datetime


class Way(msgspec.Struct, frozen=True):
    channel: Channel
    address: str
    name: str


class Renewals:
    def __init__(self, db: Database, clock: Clock, carriers: Mapping[Channel, Carrier], link_of: LinkOf) -> None:
        self._db, self._clock, self._carriers, self._link_of = db, clock, carriers, link_of

    async def send(self, told: object) -> None:
        """Errand. By the road the old link came by; where that leads nowhere, by the other."""
        ask = msgspec.convert(told, Ask)
        if self._clock.now() > ask.asked + GIVEN_UP_AFTER:
            log.warning("a new link was not sent in time", renewal=str(ask.renewal))
            return
        for way in await self._ways(ask):
            if await self._sent(ask, way):
                return
        log.warning("no road leads to who asked for a new link", renewal=str(ask.renewal))

    async def _ways(self, ask: Ask) -> list[Way]:
        async with self._db.read() as conn:
            row = await conn.fetchrow(Q["ways_to"], ask.person, ask.delivery)
        if row is None:
            return []
        ways = (Way(channel, row[channel], row["name"]) for channel in ROADS if channel in self._carriers)
        open_ = [way for way in ways if way.address and (way.channel == row["road"] or way.channel not in row["opt_out"])]
        return sorted(open_, key=lambda way: way.channel != row["road"])

    async def _sent(self, ask: Ask, way: Way) -> bool:
        """Raises TryAgain when the vendor is to be asked again."""
        out, carrier = self._outgoing(ask, way), self._carriers[way.channel]
        first = await self._begin(ask, way)
        try:
            async with asyncio.timeout(SUBMIT_SECONDS):
                seen = None if first else await carrier.look_up(out, "", ask.asked)
                answer = seen or await carrier.submit(out)
        except (Unsure, TimeoutError) as unsure:
            raise _again(str(unsure)) from unsure
        if isinstance(answer, Submitted) and answer.retry_after is not None:
            raise _again(answer.detail)
        await self._note(ask, way, answer)
        return answer.state not in FAILURES

    def _outgoing(self, ask: Ask, way: Way) -> Outgoing:
        """The same each time: it is looked for by its words."""
        until = ask.asked + GOOD_FOR
        return Outgoing(
            attempt=ask.renewal, broadcast=ask.renewal, channel=way.channel, address=way.address, name=way.name,
            title=TITLE, text=TEXT.format(name=way.name), audio="", options=(), priority=Priority.ORDINARY, drill=False,
            link=self._link_of(f"person:{ask.person}", ask.delivery, way.channel, ask.asked, until), sent_at=ask.asked,
        )

    async def _begin(self, ask: Ask, way: Way) -> bool:
        """False when it was begun before."""
        state = State.SUBMITTING
        async with self._db.transaction() as conn:
            return await conn.fetchval(
                Q["begin_renewal"], ask.renewal, way.channel, ask.person, way.address, ask.asked, state, RANK[state]) is not None

    async def _note(self, ask: Ask, way: Way, answer: Submitted | Sighting) -> None:
        async with self._db.transaction() as conn:
            await conn.execute(Q["note_renewal"], ask.renewal, way.channel, answer.state, RANK[answer.state],
                               answer.detail[:300], answer.provider_id)
            if answer.spoil:
                ref = f"person:{ask.person}"
                await Jobs.put(conn, "address.spoil", f"{ref}/{way.channel}", self._clock.now(),
                               [ref, way.channel, answer.detail[:200]])


async def seen_of_renewals(conn: Connection, tolds: Sequence[Told]) -> set[str]:
    """Notes what is told of new links; says the keys of what it knew."""
    rows = await conn.fetch(Q["renewals_named"], *_names(tolds))
    known = {row["id"]: row["id"] for row in rows} | {row["provider_id"]: row["id"] for row in rows if row["provider_id"]}
    mine = [(told, known[name]) for told in tolds if (name := told.attempt or told.provider_id) in known]
    for told, renewal in mine:
        await conn.execute(Q["note_renewal"], renewal, told.channel, told.state, RANK[told.state], told.detail[:300],
                           told.provider_id)
    return {told.key for told, _ in mine}


def _names(tolds: Iterable[Told]) -> tuple[list[UUID], list[str]]:
    tolds = tuple(tolds)
    return [told.attempt for told in tolds if told.attempt], [told.provider_id for told in tolds if told.provider_id]


def _again(why: str) -> TryAgain:
    return TryAgain(f"短信或微信此刻发不出新链接（{why}），稍后再试。", f"A new link cannot be sent at this moment ({why}); trying again.")
