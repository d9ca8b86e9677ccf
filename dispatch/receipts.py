"""Evidence in, states out. Whatever is told is durable before the teller gets an answer, and is
folded right after, in batches, in one transaction each: evidence, tries, people and counters.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec
import structlog

from dispatch.fold import Case, Fold, Try
from dispatch.letters import Noted, seen_of_letters
from dispatch.messages.commands import Receipt, ReceiptsTaken, ReportReceipts
from dispatch.ports import Sighting
from dispatch.states import Known, Standing
from dispatch.told import Told, from_receipt, from_sighting
from dispatch.words import Channel, Outcome, State, Why
from hub.kernel.actor import Actor, Role
from hub.kernel.clock import Clock
from hub.kernel.errors import Forbidden, Refused, TryAgain
from hub.record import Bell, Connection, Database, Jobs, load_sql
from hub.record.bell import heard
from hub.spoke import Touched

log = structlog.get_logger()

Q = load_sql("dispatch")
READ = msgspec.json.Decoder(Told)

BATCH = 128
"""Tellings folded in one transaction; more would hold up everybody else on the loop."""
FOLD_PACE = 0.05
"""Seconds between two small folds: a storm is folded in few transactions."""
TAKERS = 2
"""While one batch becomes durable the next one is gathered and sent."""
WAITING = 20_000
UNKNOWN_KEPT = timedelta(minutes=10)
UNKNOWN_PAUSE = timedelta(seconds=2)
POISON_PAUSE = timedelta(minutes=5)
IDLE_SECONDS = 1.0


class Receipts:
    def __init__(self, db: Database, clock: Clock, touch: Callable[[Iterable[Touched]], None]) -> None:
        self._db, self._clock, self._touch = db, clock, touch
        self._entering: list[tuple[Sequence[Told], asyncio.Future[None]]] = []
        self._waiting = 0
        self._door, self.inbox = Bell(), Bell()
        self.planned = Bell()
        """Rung when a fold made something due: a retry, or the next rung at once."""

    async def sighted(self, sightings: Sequence[Sighting]) -> None:
        await self.put([from_sighting(seen) for seen in sightings])

    async def report(self, command: ReportReceipts, actor: Actor, at: datetime) -> ReceiptsTaken:
        """A station or a person tells of its own deliveries; others are named in `unknown`."""
        if not actor.id.startswith(("station:", "person:")):
            raise Forbidden("只有站点终端和收件人本人可以回执。", "Only a station or the recipient may report receipts.")
        async with self._db.read() as conn:
            rows = await conn.fetch(Q["deliveries_of"], [item.delivery for item in command.items], actor.id)
        own = {row["id"]: row["options"] for row in rows}
        for item in command.items:
            if item.delivery in own:
                refuse_reply(item, own[item.delivery])
        channel = Channel.SCREEN if Role.STATION in actor.roles else Channel.PAGE
        await self.put([from_receipt(item, channel) for item in command.items if item.delivery in own])
        unknown = {item.delivery for item in command.items} - own.keys()
        return ReceiptsTaken(len(command.items) - len(unknown), tuple(sorted(unknown)))

    async def put(self, tolds: Sequence[Told]) -> None:
        """Returns when it is durable. Raises TryAgain when too much is waiting."""
        if not tolds:
            return
        if self._waiting > WAITING:
            raise TryAgain("回执太多，正在处理，请稍后重试。", "Too many receipts are waiting; try again shortly.")
        done = asyncio.get_running_loop().create_future()
        self._entering.append((tolds, done))
        self._waiting += len(tolds)
        self._door.ring()
        await done

    async def run_taking(self) -> None:
        """In every process: what is told here becomes durable."""
        async with asyncio.TaskGroup() as group:
            for _ in range(TAKERS):
                group.create_task(self._take_in())

    async def _take_in(self) -> None:
        while True:
            ringing = self._door.listen()
            if not self._entering:
                await ringing.wait()
                continue
            some, self._entering, self._waiting = self._entering, [], 0
            await self._store(some)

    async def _store(self, some: list[tuple[Sequence[Told], asyncio.Future[None]]]) -> None:
        """One statement is one round trip, and durable when it is answered."""
        # In one order, so that two takers with the same keys do not wait for each other.
        merged = {told.key: told for told in sorted((one for tolds, _ in some for one in tolds), key=attrgetter("key"))}
        try:
            async with self._db.read() as conn:
                await conn.execute(Q["put_inbox"], list(merged), list(merged.values()), self._clock.now())
                for _, done in some:
                    if not done.done():
                        done.set_result(None)
        except TryAgain as away:
            _refuse(some, TryAgain(away.zh, away.en, code=away.code))
            return
        except BaseException:
            # Whoever waits must hear of it, also when this work ends here.
            _refuse(some, TryAgain("回执暂时收不下，请稍后重试。", "Receipts cannot be taken in just now; try again shortly."))
            raise
        self.inbox.ring()

    async def run_folding(self) -> None:
        """In one process."""
        while True:
            ringing = self.inbox.listen()
            try:
                took = await self.fold_once()
            except TryAgain as away:
                log.warning("folding waits", error=away.en)
                took = 0
            except Exception:
                log.exception("a telling cannot be folded; trying one by one")
                took = await self._fold_singly()
            if not took:
                await heard(ringing, IDLE_SECONDS)
            elif took < BATCH:
                await asyncio.sleep(FOLD_PACE)

    async def _fold_singly(self) -> int:
        """After a batch failed: only what is poison itself is put aside, for a while."""
        for done in range(BATCH):
            try:
                if not await self.fold_once(1):
                    return done
            except TryAgain:
                return 0
            except Exception:
                log.exception("put aside")
                async with self._db.transaction() as conn:
                    rows = await conn.fetch(Q["take_inbox"], self._clock.now(), 1)
                    await conn.execute(Q["wait_inbox"], [row["id"] for row in rows], self._clock.now() + POISON_PAUSE)
        return BATCH

    async def fold_once(self, limit: int = BATCH) -> int:
        """Folds one batch; returns how many tellings it took from the inbox."""
        now = self._clock.now()
        async with self._db.transaction() as conn:
            rows = await conn.fetch(Q["take_inbox"], now, limit)
            if not rows:
                return 0
            await conn.execute(Q["commit_lazily"])
            fold = await self._folded(conn, rows, now)
        self._touch(fold.deltas.touched)
        self.planned.ring()
        return len(rows)

    async def _folded(self, conn: Connection, rows: Sequence[Any], now: datetime) -> Fold:
        tolds = [(row, READ.decode(row["told"])) for row in rows]
        known = {row["key"] for row in await conn.fetch(Q["known_keys"], [told.key for _, told in tolds])}
        fresh = [(row, told) for row, told in tolds if told.key not in known]
        named = await _named(conn, [told for _, told in fresh])
        found = [(row, told, *named[told.key]) for row, told in fresh if told.key in named]
        fold = Fold(await load_cases(conn, {delivery for _, _, delivery, _ in found}), now)
        for row, told, delivery, attempt in found:
            if delivery in fold.cases:
                fold.take(told, delivery, row["at"], attempt)
        fold.settle()
        await save_fold(conn, fold)
        nameless = [(row, told) for row, told in fresh if told.key not in named]
        letters = await seen_of_letters(conn, [told for _, told in nameless]) if nameless else Noted()
        fold.deltas.touched |= dict.fromkeys(letters.touched)
        await self._put_away(conn, rows, [row for row, told in nameless if told.key not in letters.keys], now)
        learned = [told.provider_id for _, told, *_ in found if told.source == "submit" and told.provider_id]
        if learned or letters.learned:
            await conn.execute(Q["wake_inbox"], now, [*learned, *letters.learned])
        return fold

    async def _put_away(self, conn: Connection, rows: Sequence[Any], nameless: Sequence[Any], now: datetime) -> None:
        wait = [row["id"] for row in nameless if row["at"] > now - UNKNOWN_KEPT]
        for row in nameless:
            if row["id"] not in wait:
                log.warning("nobody knows what this speaks of; dropped", key=row["key"])
        if wait:
            await conn.execute(Q["wait_inbox"], wait, now + UNKNOWN_PAUSE)
        await conn.execute(Q["drop_inbox"], [row["id"] for row in rows if row["id"] not in set(wait)])


def refuse_reply(item: Receipt, options: Iterable[Mapping[str, Any]]) -> None:
    """Replies are counted by their code: only those that were offered may be given."""
    if not item.reply:
        return
    option = next((one for one in options if one["code"] == item.reply), None)
    if option is None:
        raise Refused("没有这个回复选项，请刷新页面后再答复。", "There is no such reply option; reload the page and answer again.",
                      code="no-option", field="items")
    if option.get("needs_reason") and not item.reason.strip():
        raise Refused(f"选择“{option['label']}”时请写明原因。", f"Please give a reason for {option['label']!r}.",
                      code="reason-needed", field="items")


def _refuse(some: list[tuple[Sequence[Told], asyncio.Future[None]]], why: TryAgain) -> None:
    for _, done in some:
        if not done.done():
            done.set_exception(why)


async def _named(conn: Connection, tolds: Sequence[Told]) -> dict[str, tuple[UUID, UUID | None]]:
    """Key → (delivery, attempt); keys whose attempt is not recorded yet are left out."""
    rows = await conn.fetch(
        Q["name_attempts"], [told.attempt for told in tolds if told.attempt],
        [told.provider_id for told in tolds if told.provider_id and not told.attempt],
    )
    by_id = {row["id"]: row for row in rows}
    # A try without the vendor's id is nobody's who names none either.
    by_provider = {(row["channel"], row["provider_id"]): row for row in rows if row["provider_id"]}
    named: dict[str, tuple[UUID, UUID | None]] = {}
    for told in tolds:
        row = by_id.get(told.attempt) if told.attempt else by_provider.get((told.channel, told.provider_id))
        if row is not None:
            named[told.key] = (row["delivery"], row["id"])
        elif told.delivery is not None:
            named[told.key] = (told.delivery, None)
    return named


async def load_cases(conn: Connection, deliveries: Iterable[UUID]) -> dict[UUID, Case]:
    found = await conn.fetch(Q["lock_for_fold"], sorted(deliveries))
    casts = {row["broadcast"]: dict(row) for row in await conn.fetch(
        Q["broadcasts_for_fold"], list({row["broadcast"] for row in found}))}
    cases = {row["id"]: _case(dict(row) | casts[row["broadcast"]]) for row in found}
    for row in await conn.fetch(Q["attempts_for_fold"], list(cases)):
        cases[row["delivery"]].tries[row["id"]] = Try(
            row["id"], row["delivery"], row["broadcast"], Channel(row["channel"]), row["lane"], row["round"],
            row["rung"], row["try"], Known(State(row["state"]), Why(row["why"]), row["detail"]), row["provider_id"],
            row["address"], row["due"], row["lease"],
        )
    return cases


def _case(row: Any) -> Case:
    standing = Standing(
        rank=row["rank"], road=Channel(row["road"]) if row["road"] else None, delivered_at=row["delivered_at"],
        read_at=row["read_at"], confirmed_at=row["confirmed_at"], reply=row["reply"], reason=row["reason"],
        replied_at=row["replied_at"],
    )
    return Case(row, standing, Outcome(row["outcome"]), row["next_at"], row["ended"])


async def save_fold(conn: Connection, fold: Fold) -> None:
    cases = list(fold.cases.values())
    tries = [one for case in cases for one in case.tries.values()]
    await insert_tries(conn, [one for one in tries if one.born], fold.now)
    await save_tries(conn, [one for one in tries if one.changed or (one.born and one.provider_id)])
    if cases:
        await conn.execute(Q["save_deliveries"], *columns((
            case.row["id"], case.standing.rank, case.outcome, case.standing.road, case.next_at, case.ended,
            case.standing.reply, case.standing.reason, case.standing.replied_at, case.standing.delivered_at,
            case.standing.read_at, case.standing.confirmed_at) for case in cases))
    if fold.evidence:
        await conn.execute(Q["add_evidence"], *columns((
            seen.told.key, seen.delivery, seen.attempt, seen.at, fold.now, seen.told.source, seen.told.channel,
            seen.told.state, seen.told.why, seen.told.detail[:300], seen.told.reply, seen.told.reason, seen.late)
            for seen in fold.evidence))
    for ref, channel, detail in fold.spoiled:
        await Jobs.put(conn, "address.spoil", f"{ref}/{channel}", fold.now, [ref, channel, detail])
    for attempt in fold.recall:
        await Jobs.put(conn, "attempt.recall", str(attempt), fold.now, str(attempt))
    await fold.deltas.save(conn, Q["add_counts"])


async def insert_tries(conn: Connection, tries: Sequence[Try], now: datetime) -> None:
    if tries:
        await conn.execute(Q["insert_attempts"], *columns((
            one.id, one.delivery, one.broadcast, one.channel, one.lane, one.round, one.rung, one.number,
            one.known.state, one.known.rank, one.known.why, one.address, one.due, now) for one in tries))


async def save_tries(conn: Connection, tries: Sequence[Try]) -> None:
    if tries:
        await conn.execute(Q["save_attempts"], *columns((
            one.id, one.known.state, one.known.rank, one.known.why, one.known.detail, one.provider_id, one.due,
            one.lease) for one in tries))


def columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows turned into the arrays that `unnest` takes."""
    return [list(column) for column in zip(*rows, strict=True)]
