"""What the exchange does by itself: builds what is to be told, sends what waits, takes what comes, compares the days."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog

from dispatch.ports import Hook
from hub.cases.told import TellOfCase
from hub.desk import Desk
from hub.kernel.actor import SYSTEM, Permission
from hub.kernel.calendar import DAY, begin_of, day_of
from hub.kernel.clock import Clock
from hub.kernel.errors import Forbidden, Refused
from hub.kernel.ids import derived, uuid7
from hub.kernel.lifecycle import DESK
from hub.record import Connection, Database, Errand, Jobs, VersionConflict, load_sql
from hub.streams.exchange import own_messages as own
from hub.streams.exchange.building import Wanted, standing, untold
from hub.streams.exchange.deciding import Border
from hub.streams.exchange.manifest import canonical, holds
from hub.streams.exchange.model import ASK_AGAIN
from hub.streams.exchange.ports import Away, Garbled, Parcel, Province, Signed
from hub.streams.exchange.projection import SEND, TELL
from hub.streams.exchange.reactions import CALLED, OF_LISTS

log = structlog.get_logger()
Q = load_sql(__package__)
BUILD, LISTS, RECONCILE, DAILY = "exchange.build", "exchange.lists", "exchange.reconcile", "exchange.daily"
INTAKE = f"{DESK}{Permission.INTAKE}"
AT_ONCE = 16
"""Packages under way at a time, each of another object."""
ROUND = timedelta(seconds=30)
"""Shorter than a job's lease: what is left then goes in the next."""
SLICE = 50
"""Packages that one command builds, where many are to be told at once."""
COMPARE_LATER = timedelta(minutes=10)
"""Where the province could not be asked."""
NIGHT = 2
"""The hour at which the day before is compared, and lists are looked through."""

TOLD: dict[str, tuple[str, str]] = {
    "PackageRejected": ("省级平台退回了报送的数据，请更正", "the province has sent back what was told of it; correct it"),
    "PackageDead": ("向省级平台报送失败，请查看", "it could not be told to the province; look at it"),
    "PackageTaken": ("收到省级平台的{zh}“{title}”", "the province has sent: {en} “{title}”"),
}


class ExchangeWorks:
    """`province` None: nothing is built and nothing goes over."""

    def __init__(self, db: Database, desk: Desk, clock: Clock, border: Border, province: Province | None) -> None:
        self._db, self._desk, self._clock, self._border, self._province = db, desk, clock, border, province
        self._sending = asyncio.Lock()

    @property
    def by_kind(self) -> Mapping[str, Errand]:
        return {BUILD: self.build, LISTS: self.lists, SEND: self.send, RECONCILE: self.reconcile, DAILY: self.daily, TELL: self.tell}

    @property
    def hooks(self) -> dict[str, Hook]:
        return dict(self._province.hooks) if self._province else {}

    async def close(self) -> None:
        if self._province:
            await self._province.close()

    async def begin(self, *, waits: bool) -> None:
        """What comes every night comes at the start as well: what stands, and was never told, is told. `waits`: a year is told first."""
        if self._province is not None and not waits:
            await self._put(DAILY, "", self._clock.now())

    # --- building ---

    async def build(self, stream: str) -> None:
        """Event by event, in their order: one job for each object."""
        if self._province is None:
            return
        async with self._db.read() as conn:
            wanted = await untold(conn, stream)
        for one in wanted:
            await self._build(one)

    async def lists(self, kind: str) -> None:
        if self._province is not None:
            await self._build(Wanted(kind=kind))

    async def _build(self, *wanted: Wanted) -> bool:
        """Whether anything was built."""
        try:
            return bool(await self._ask(own.BuildPackages(id=self._id(), wanted=wanted)))
        except VersionConflict:
            raise  # others numbered theirs again and again: the job is tried later
        except Refused as refusal:
            log.warning("package_not_built", wanted=[one.object or one.kind for one in wanted], why=refusal.en)
            return False

    async def daily(self, _told: Any) -> None:
        if self._province is None:
            return
        while (wanted := await self._never_told()) and await self._build(*wanted):
            pass
        for kind in OF_LISTS:
            await self._build(Wanted(kind=kind.code))
        today = day_of(self._clock.now())
        await self._put(RECONCILE, str(today - DAY), self._clock.now())
        await self._put(DAILY, "", begin_of(today + DAY, NIGHT))

    async def _never_told(self) -> tuple[Wanted, ...]:
        async with self._db.read() as conn:
            return await standing(conn, SLICE)

    # --- sending ---

    async def send(self, _told: Any) -> None:
        """A job that is put anew while it runs begins again at once: it waits for the one before."""
        async with self._sending:
            await self._rounds()

    async def _rounds(self) -> None:
        """Of the heads that are due, until none is, or the province was found away."""
        ends = self._clock.now() + ROUND
        while self._province is not None:
            async with self._db.read() as conn:
                again = await conn.fetchval("select again from exchange.province")
                heads = await conn.fetch(Q["heads"], AT_ONCE)
            now = self._clock.now()
            due = [row for row in heads if row["due"] <= now]
            if (again and again > now) or not due or now > ends:
                await self._later(again if again and again > now else None, heads)
                return
            await self._round(due)

    async def _round(self, due: list[Any]) -> None:
        """What is received already is only asked after."""
        new = tuple(row["id"] for row in due if row["state"] != "received")
        going = set(await self._ask(own.NotePackagesSent(id=self._id(), packages=new))) if new else set()
        async with asyncio.TaskGroup() as group:
            for row in due:
                if row["state"] == "received" or str(row["id"]) in going:
                    group.create_task(self._hand_over(row))

    async def _later(self, again: datetime | None, heads: list[Any]) -> None:
        if heads:
            await self._put(SEND, "", again or heads[0]["due"])

    async def _hand_over(self, row: Any) -> None:
        package: UUID = row["id"]
        assert self._province is not None
        try:
            receipt = await self._province.hand_over(Parcel(signed=self._border.seal.sign(row["manifest"]), body=row["body"]))
            await self.hear(receipt)
        except Away as away:
            await self._failed(package, str(away), away=True)
        except (Garbled, Refused) as strange:
            await self._failed(package, str(strange), away=False)
        else:
            async with self._db.read() as conn:
                await conn.execute(Q["ask_later"], package, self._clock.now() + ASK_AGAIN)

    async def _failed(self, package: UUID, why: str, *, away: bool) -> None:
        log.info("package_not_taken", package=str(package), why=why, away=away)
        await self._ask(own.NotePackageFailure(id=self._id(), package=package, why=why[:300], away=away))

    # --- what comes ---

    async def hear(self, receipt: Signed) -> None:
        """A receipt, asked for or not. Raises Refused."""
        self._verify(receipt)
        await self._ask(own.NotePackageReceipt(id=self._id(), receipt=receipt))

    async def take(self, parcel: Parcel) -> Signed:
        """A package from the province. Raises Refused."""
        self._verify(parcel.signed)
        given = await self._ask(own.TakePackage(id=self._id(), signed=parcel.signed, body=parcel.body))
        return msgspec.convert(given, Signed)

    def _verify(self, signed: Signed) -> None:
        if not holds(self._border.theirs, signed):
            log.warning("signature_not_the_provinces", bytes=len(signed.text))
            raise Forbidden("签名不是省级平台的，没有接收。", "The signature is not the province's; nothing was taken.", code="bad-signature")

    async def tell(self, told: list[str]) -> None:
        """The intake desk, on its screen, of the case that is concerned."""
        async with self._db.read() as conn:
            row = await conn.fetchrow(Q["package"], UUID(told[0]))
        if row is None or row["case_id"] is None:
            return
        zh, en = CALLED.get(row["kind"], ("", ""))
        words = tuple(text.format(zh=zh, en=en, title=row["title"]) for text in TOLD[told[1]])
        try:
            await self._ask(TellOfCase(id=derived("exchange tells", told[2]), case=row["case_id"], once=f"exchange:{told[2]}", refs=(INTAKE,), zh=words[0],
                                       en=words[1], urgent=True))
        except VersionConflict:
            raise
        except Refused as refusal:
            log.info("exchange_told_nobody", package=told[0], why=refusal.en)

    # --- a day on both sides ---

    async def reconcile(self, told: str) -> None:
        if self._province is None:
            return
        day = date.fromisoformat(told)
        asked = {"city": self._border.city, "day": told, "at": self._clock.now().astimezone(UTC)}
        try:
            listed = await self._province.day(day, self._border.seal.sign(canonical(asked)))
            self._verify(listed)
            await self._ask(own.NoteDay(id=self._id(), day=day, listed=listed))
        except VersionConflict:
            raise
        except (Away, Garbled, Refused) as strange:
            log.info("day_not_compared", day=told, why=str(strange))
            await self._put(RECONCILE, told, self._clock.now() + COMPARE_LATER)

    # --- by what means ---

    async def _ask(self, command: Any) -> Any:
        return await self._desk.ask(command, SYSTEM)

    def _id(self) -> UUID:
        return uuid7(self._clock.now())

    async def _put(self, kind: str, key: str, due: datetime) -> None:
        async with self._db.transaction() as conn:
            await Jobs.put(conn, kind, key, due, key)


async def heed_case(conn: Connection, stream: str, at: datetime) -> None:
    await Jobs.put(conn, BUILD, stream, at, stream)


SETTLES = timedelta(seconds=3)
"""A list that changes row by row is told when it has come to rest."""


async def heed_list(conn: Connection, kind: str, at: datetime) -> None:
    await Jobs.put(conn, LISTS, kind, at + SETTLES, kind)
