"""A message with a link to one person, beside the broadcasts: nothing of it is counted or climbs a ladder.

Sent by a job, so at least once: a message that may have gone out is looked for before it is sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from dispatch.outgoing import LinkOf
from dispatch.ports import Carrier, Outgoing, Sighting, Submitted, Unsure
from dispatch.states import FAILURES
from dispatch.told import Told
from dispatch.words import RANK, Channel, Priority, State
from hub.kernel.clock import Clock
from hub.kernel.errors import TryAgain
from hub.record import Connection, Database, Jobs, load_sql
from hub.spoke import Touched

Q = load_sql("dispatch")

ROADS = (Channel.WECHAT, Channel.SMS)
SUBMIT_SECONDS = 45.0
VIEW = "invitations"
"""What became of letters that open a page, by that page."""

Touch = Callable[[Iterable[Touched]], None]
Put = Callable[[Sequence[Told]], Awaitable[None]]


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """`delivery`: the notice that its link opens, and by whose road it goes first; `page`: the page of the deputies' app that it
    opens instead, "" none. `until`: as long as the link is meant for. `text` may say {name}."""

    id: UUID
    person: UUID
    asked: datetime
    until: datetime
    title: str
    text: str
    delivery: UUID | None = None
    page: str = ""


class Way(msgspec.Struct, frozen=True):
    channel: Channel
    address: str
    name: str


class Letters:
    """`put`: takes what was told in, to be folded."""

    def __init__(self, db: Database, clock: Clock, carriers: Mapping[Channel, Carrier], link_of: LinkOf, touch: Touch, put: Put) -> None:
        self._db, self._clock, self._carriers, self._link_of, self._touch, self._put = db, clock, carriers, link_of, touch, put

    async def send(self, letter: Letter) -> bool:
        """By the first road that takes it; False where none does. Raises TryAgain when the vendor is to be asked again."""
        for way in await self._ways(letter):
            if await self._sent(letter, way):
                return True
        return False

    async def _ways(self, letter: Letter) -> list[Way]:
        async with self._db.read() as conn:
            row = await conn.fetchrow(Q["ways_to"], letter.person, letter.delivery)
        if row is None:
            return []
        ways = (Way(channel, row[channel], row["name"]) for channel in ROADS if channel in self._carriers)
        open_ = [way for way in ways if way.address and (way.channel == row["road"] or way.channel not in row["opt_out"])]
        return sorted(open_, key=lambda way: way.channel != row["road"])

    async def _sent(self, letter: Letter, way: Way) -> bool:
        out, carrier = self._outgoing(letter, way), self._carriers[way.channel]
        first = await self._begin(letter, way)
        try:
            async with asyncio.timeout(SUBMIT_SECONDS):
                seen = None if first else await carrier.look_up(out, "", letter.asked)
                answer = seen or await carrier.submit(out)
        except (Unsure, TimeoutError) as unsure:
            raise _again(str(unsure)) from unsure
        if isinstance(answer, Submitted) and answer.retry_after is not None:
            raise _again(answer.detail)
        await self._note(letter, way, answer)
        return answer.state not in FAILURES

    def _outgoing(self, letter: Letter, way: Way) -> Outgoing:
        """The same each time: it is looked for by its words."""
        link = self._link_of(f"person:{letter.person}", letter.delivery, way.channel, letter.asked, letter.until)
        return Outgoing(
            attempt=letter.id, broadcast=letter.id, channel=way.channel, address=way.address, name=way.name,
            title=letter.title, text=letter.text.replace("{name}", way.name), audio="", options=(), priority=Priority.ORDINARY,
            drill=False, link=f"{link}&open={letter.page}" if letter.page else link, sent_at=letter.asked,
        )

    async def _begin(self, letter: Letter, way: Way) -> bool:
        """False when it was begun before."""
        state = State.SUBMITTING
        async with self._db.transaction() as conn:
            begun = await conn.fetchval(Q["begin_letter"], letter.id, way.channel, letter.person, way.address, letter.asked, state,
                                        RANK[state], letter.page)
        if letter.page:
            self._touch([(VIEW, key_of(letter.page, letter.person))])
        return begun is not None

    async def _note(self, letter: Letter, way: Way, answer: Submitted | Sighting) -> None:
        """Folded like what the vendor tells later: a telling that was faster than this answer is then known and not waited for."""
        if answer.spoil:
            ref = f"person:{letter.person}"
            async with self._db.transaction() as conn:
                await Jobs.put(conn, "address.spoil", f"{ref}/{way.channel}", self._clock.now(),
                               [ref, way.channel, answer.detail[:200]])
        await self._put([Told(key=f"submit:{letter.id}/{way.channel}", source="submit", state=answer.state, channel=way.channel,
                              attempt=letter.id, provider_id=answer.provider_id, detail=answer.detail)])


def key_of(page: str, person: UUID) -> str:
    return f"{page} person:{person}"


class Noted(msgspec.Struct, frozen=True):
    """`keys`: of the tellings that spoke of letters; `learned`: the vendors' own ids of messages that were not known before."""

    keys: frozenset[str] = frozenset()
    learned: tuple[str, ...] = ()
    touched: tuple[Touched, ...] = ()


async def seen_of_letters(conn: Connection, tolds: Sequence[Told]) -> Noted:
    """Notes what vendors tell of letters."""
    rows = await conn.fetch(Q["letters_named"], *_names(tolds))
    known = {row["id"]: row for row in rows} | {row["provider_id"]: row for row in rows if row["provider_id"]}
    mine = [(told, known[name]) for told in tolds if (name := told.attempt or told.provider_id) in known]
    for told, row in mine:
        await conn.execute(Q["note_letter"], row["id"], told.channel, told.state, RANK[told.state], told.detail[:300], told.provider_id)
    return Noted(frozenset(told.key for told, _ in mine),
                 tuple(told.provider_id for told, _ in mine if told.source == "submit" and told.provider_id),
                 tuple((VIEW, key_of(row["page"], row["person"])) for _, row in mine if row["page"]))


def _names(tolds: Iterable[Told]) -> tuple[list[UUID], list[str]]:
    tolds = tuple(tolds)
    return [told.attempt for told in tolds if told.attempt], [told.provider_id for told in tolds if told.provider_id]


def _again(why: str) -> TryAgain:
    return TryAgain(f"短信或微信此刻发不出链接（{why}），稍后再试。", f"A link cannot be sent at this moment ({why}); trying again.")
