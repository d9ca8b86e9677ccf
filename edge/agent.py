"""One station at work: listens, fetches, plays, tells. Every happening is in the pocket before
anything follows from it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
import structlog

from edge import happenings, state
from edge.answers import AnswerPolicy, answer, answer_due
from edge.backoff import Backoff
from edge.calls.telephone import Install
from edge.happenings import Happening
from edge.link import Link
from edge.messages import Notice, Receipt, ReceiptsTaken, Tell, Told, Watched
from edge.pcm import Pcm
from edge.player import Pass, Reserve, slice_ms
from edge.pocket import Pocket, Unsent
from edge.shelf import Shelf
from edge.sinks import Playing, Sink
from edge.state import Entry
from hub.kernel.clock import Clock
from hub.kernel.errors import Refused, TryAgain
from hub.kernel.ids import uuid7

log = structlog.get_logger("edge.agent")

BATCH = 500
DEVICE_PAUSE = 5.0


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """What an agent works with; stations of a fleet share shelf, sink and clock."""

    hub: str
    shelf: Shelf
    sink: Sink
    clock: Clock
    backoff: Backoff = field(default_factory=Backoff)
    answers: AnswerPolicy | None = None
    telephone: Install | None = None
    """None: takes no calls."""


class Agent:
    def __init__(self, name: str, key: str, pocket: Pocket, equipment: Equipment) -> None:
        self.name = name
        self.unsent = 0
        self.playing: UUID | None = None
        self.telephones = () if equipment.telephone is None else equipment.telephone(name, key, self._ask)
        also = {one.ways.view: one for one in self.telephones}
        self.link = Link(equipment.hub, key, self, name=name, also=also, backoff=equipment.backoff)
        self.entries: dict[UUID, Entry] = {}
        self._key = key
        self._pocket = pocket
        self._with = equipment
        self._one_at_a_time = asyncio.Lock()
        self._fetching: set[UUID] = set()
        self._halt = asyncio.Event()
        self._news = {loop: asyncio.Event() for loop in ("fetch", "play", "send", "answer")}
        self._log = log.bind(station=name)

    async def run(self) -> None:
        """Until cancelled. What is playing then is paused, to go on at the next start."""
        await self._pocket.forget_old(self._with.clock.now())
        self.entries = await self._pocket.load()
        self.unsent = await self._pocket.count_unsent()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.link.run())
            tasks.create_task(self._fetch(tasks))
            tasks.create_task(self._play())
            tasks.create_task(self._send())
            for one in self.telephones:
                tasks.create_task(one.run())
            if self._with.answers is not None:
                tasks.create_task(self._answer(self._with.answers))

    async def _ask(self, kind: str, **fields: Any) -> Any:
        return await self.link.ask(kind, **fields)

    async def happen(self, happening: Happening) -> None:
        async with self._one_at_a_time:
            step = state.step(self.entries, happening, self._with.clock.now())
            await self._pocket.keep(step)
            self.entries |= {entry.id: entry for entry in step.entries}
            self.unsent += len(step.receipts)
        if isinstance(happening, happenings.Reserved):
            return  # twice a second while playing, and no loop has anything to do
        for receipt in step.receipts:
            self._say(receipt)
        if self.playing in self.entries:
            self._halt_if_needed(self.playing)
        for news in self._news.values():
            news.set()

    def _say(self, receipt: Receipt) -> None:
        notice = self.entries[receipt.delivery].notice
        shown = {"text": notice.text} if receipt.state is Told.DISPLAYED else {}
        self._log.info(receipt.state.value, title=notice.title, priority=notice.priority.value,
                       delivery=str(notice.id), **shown)

    # --- hearing --------------------------------------------------------------------------------

    async def hear_snapshot(self, watched: Watched) -> None:
        notices = self._read(watched.rows)
        whole = len(notices) == len(watched.rows) and watched.total in (None, len(notices))
        await self.happen(happenings.Listed(notices, whole=whole))

    async def hear_tell(self, tell: Tell) -> None:
        changes = dict(tell.changes)
        notices = self._read([row for row in changes.values() if row is not None])
        gone = tuple(key for key, row in changes.items() if row is None)
        await self.happen(happenings.Listed(notices, gone=gone))

    def _read(self, rows: Sequence[Any]) -> tuple[Notice, ...]:
        """One row that cannot be read must not silence the others."""
        notices: list[Notice] = []
        for row in rows:
            try:
                notices.append(msgspec.convert(row, Notice))
            except msgspec.ValidationError as error:
                self._log.error("a notice that cannot be read was left out", why=str(error))
        return tuple(notices)

    # --- fetching -------------------------------------------------------------------------------

    async def _fetch(self, tasks: asyncio.TaskGroup) -> None:
        news = self._news["fetch"]
        while True:
            news.clear()
            for entry in state.to_fetch(self.entries, self._with.clock.now()):
                if entry.id not in self._fetching:
                    self._fetching.add(entry.id)
                    tasks.create_task(self._fetch_one(entry.id))
            await news.wait()

    async def _fetch_one(self, id_: UUID) -> None:
        failures = 0
        while self._still_wanted(id_):
            try:
                await self._fetch_once(id_)
            except TryAgain as error:
                self._log.warning("audio not fetched yet", delivery=str(id_), why=str(error))
                await asyncio.sleep(0.1 + self._with.backoff.after(failures, random.random()))
                failures += 1
        self._fetching.discard(id_)

    def _still_wanted(self, id_: UUID) -> bool:
        entry = self.entries[id_]
        return (entry.mark.audio is state.Audio.WANTED
                and state.alive(entry, self._with.clock.now()))

    async def _fetch_once(self, id_: UUID) -> None:
        audio = self.entries[id_].notice.audio
        if audio is None:
            await self.happen(happenings.Unusable(id_, "通知没有音频。"))
            return
        try:
            await self._with.shelf.fetch(audio, self._key)
        except Refused as error:
            await self.happen(happenings.Unusable(id_, error.zh))
        else:
            await self.happen(happenings.Fetched(id_))

    # --- playing --------------------------------------------------------------------------------

    async def _play(self) -> None:
        news = self._news["play"]
        while True:
            news.clear()
            entry = state.next_to_play(self.entries, self._with.clock.now())
            if entry is None:
                await news.wait()
                continue
            self._halt.clear()
            self.playing = entry.id
            try:
                await self._play_one(entry)
            except TryAgain as error:
                self._log.error("the sound device does not work", why=str(error))
                await asyncio.sleep(DEVICE_PAUSE)
            finally:
                self.playing = None

    def _halt_if_needed(self, playing: UUID) -> None:
        if state.must_halt(self.entries, playing, self._with.clock.now()):
            self._halt.set()

    async def _play_one(self, entry: Entry) -> None:
        pcm = await self._load(entry)
        if pcm is None or self._halt.is_set():
            return
        sink = self._with.sink
        out = await sink.open(str(entry.id), pcm.sound)
        await self.happen(happenings.Begun(entry.id, pcm.length_ms, slice_ms(sink.speed, pcm.length_ms)))
        mark = self.entries[entry.id].mark
        going = Pass(pcm, out, from_ms=mark.heard_ms + mark.lost_ms, upto_ms=mark.position_ms,
                     speed=sink.speed, reserve=self._reserver(entry.id))
        broken_off = False
        try:
            await going.run(self._halt)
            broken_off = self._halt.is_set()
        finally:
            await self._stop(entry.id, going, out, interrupted=broken_off)

    async def _load(self, entry: Entry) -> Pcm | None:
        audio = entry.notice.audio
        try:
            pcm = None if audio is None else await self._with.shelf.load(audio.id)
        except Refused as error:
            await self.happen(happenings.Unusable(entry.id, error.zh))
            return None
        if pcm is None:
            await self.happen(happenings.AudioLost(entry.id))
        return pcm

    def _reserver(self, id_: UUID) -> Reserve:
        async def reserve(reached_ms: int, upto_ms: int) -> None:
            await self.happen(happenings.Reserved(id_, reached_ms, upto_ms))

        return reserve

    async def _stop(self, id_: UUID, going: Pass, out: Playing, *, interrupted: bool) -> None:
        silence = await out.close(drain=going.complete)
        if going.complete:
            await self.happen(happenings.Ended(id_, silence.ms, silence.gaps))
        else:
            await self.happen(happenings.Halted(id_, going.reached_ms, silence.ms, silence.gaps,
                                           interrupted=interrupted))

    # --- telling --------------------------------------------------------------------------------

    async def _send(self) -> None:
        news = self._news["send"]
        failures = 0
        while True:
            await self.link.joined.wait()
            news.clear()
            batch = await self._pocket.unsent(BATCH)
            if not batch:
                await news.wait()
                continue
            try:
                await self._report(batch)
                failures = 0
            except TryAgain as error:
                self._log.warning("receipts not taken yet", why=str(error))
                await asyncio.sleep(0.1 + self._with.backoff.after(failures, random.random()))
                failures += 1

    async def _report(self, batch: Sequence[Unsent]) -> None:
        items = msgspec.to_builtins([unsent.receipt for unsent in batch])
        command = str(uuid7(self._with.clock.now()))
        try:
            said = await self.link.ask("ReportReceipts", id=command, items=items)
        except Refused as error:
            await self._report_apart(batch, error)
            return
        with suppress(msgspec.ValidationError):
            taken = msgspec.convert(said, ReceiptsTaken)
            if taken.unknown:
                self._log.warning("the hub does not know these", deliveries=len(taken.unknown))
        await self._strike(batch)

    async def _report_apart(self, batch: Sequence[Unsent], error: Refused) -> None:
        """One receipt the hub will never take must not hold up the others."""
        if len(batch) > 1:
            for unsent in batch:
                await self._report([unsent])
            return
        self._log.error("the hub refuses a receipt; it is dropped", why=str(error),
                        receipt=msgspec.to_builtins(batch[0].receipt))
        await self._strike(batch)

    async def _strike(self, batch: Sequence[Unsent]) -> None:
        await self._pocket.sent([unsent.seq for unsent in batch])
        self.unsent = await self._pocket.count_unsent()

    # --- answering ------------------------------------------------------------------------------

    async def _answer(self, policy: AnswerPolicy) -> None:
        news = self._news["answer"]
        while True:
            news.clear()
            due = [(at, entry) for entry in self.entries.values()
                   if (at := answer_due(entry, policy)) is not None]
            now = self._with.clock.now()
            for _, entry in [(at, entry) for at, entry in due if at <= now]:
                await self.happen(answer(entry))
            later = [at for at, _ in due if at > now]
            wait = (min(later) - now).total_seconds() if later else None
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await news.wait()
