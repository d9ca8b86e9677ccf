"""One phone call as it happens: it rings, and is answered or not."""

from __future__ import annotations

import asyncio

from scripts.carriers_sim.handset import ENDED, Handset, HungUp
from scripts.carriers_sim.people import PhoneHabit
from scripts.carriers_sim.talk import Talk

RING_FIRST = 0.4
BUSY_AFTER = 1.5
HANG_UP_AFTER = 2.0
MISSED: dict[PhoneHabit, tuple[str, int]] = {
    PhoneHabit.BUSY: ("busy", 486),
    PhoneHabit.WRONG_NUMBER: ("failed", 404),
}
WAITS = frozenset({PhoneHabit.NO_ANSWER, PhoneHabit.BY_HAND})


class Phone:
    def __init__(self, handset: Handset) -> None:
        self.handset = handset

    async def run(self) -> None:
        handset = self.handset
        try:
            await self._ring()
            await self._talk()
            handset.end("completed", 200)
        except HungUp:
            if handset.call.status not in ENDED:
                handset.end("completed" if handset.call.started else "busy", 603)

    async def _ring(self) -> None:
        handset = self.handset
        handset.tell("initiated")
        await handset.pause(RING_FIRST)
        handset.move("ringing")
        if handset.habit in MISSED:
            await handset.pause(BUSY_AFTER)
            handset.end(*MISSED[handset.habit])
            raise HungUp
        if not await self._is_answered():
            handset.end("no-answer", 487)
            raise HungUp
        handset.call.started = handset.world.now()
        handset.move("in-progress")

    async def _is_answered(self) -> bool:
        handset = self.handset
        wait = handset.call.ring_seconds / handset.speed
        if handset.habit not in WAITS:
            soon = min(handset.world.think(handset.call.to, "pick"), wait * 0.9)
            handset.world.agenda.after(soon, self._pick_up)
        try:
            async with asyncio.timeout(wait):
                await handset.picked_up.wait()
        except TimeoutError:
            return False
        if handset.over.is_set():
            raise HungUp
        return True

    async def _pick_up(self) -> None:
        self.handset.picked_up.set()

    async def _talk(self) -> None:
        handset = self.handset
        if handset.habit is PhoneHabit.HANG_UP:
            handset.world.agenda.after(HANG_UP_AFTER / handset.speed, self._put_down)
        await Talk(handset).run()

    async def _put_down(self) -> None:
        self.handset.hang_up()
