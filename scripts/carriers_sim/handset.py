"""A call's state and what the vendor tells of it."""

from __future__ import annotations

import asyncio

from scripts.carriers_sim import twilio_json
from scripts.carriers_sim.people import PhoneHabit
from scripts.carriers_sim.postman import Postman
from scripts.carriers_sim.store import Call
from scripts.carriers_sim.world import World

MOST_HEARD = 60
ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
EVENT_OF = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}


class HungUp(Exception):
    pass


class Handset:
    """`keys` takes what anybody presses: the person's own habit, or a hand on the page."""

    def __init__(self, world: World, postman: Postman, call: Call) -> None:
        self.world = world
        self.postman = postman
        self.call = call
        self.habit = world.phone_habit(call.to)
        self.keys: asyncio.Queue[str] = asyncio.Queue(maxsize=32)
        self.picked_up = asyncio.Event()
        self.over = asyncio.Event()

    @property
    def speed(self) -> float:
        """A person at the page needs real time."""
        return 1.0 if self.habit is PhoneHabit.BY_HAND else self.world.options.speed

    def press(self, key: str) -> None:
        if not self.keys.full():
            self.keys.put_nowait(key)

    def stop(self, status: str) -> None:
        """From outside: cancelled before it was answered, or ended during the talk."""
        self.end(status, 487 if status == "canceled" else 200)
        self.hang_up()

    def hang_up(self) -> None:
        self.over.set()
        self.picked_up.set()
        self.press("")

    async def key(self, seconds: float) -> str:
        """"" when none was pressed in time."""
        try:
            async with asyncio.timeout(seconds):
                key = await self.keys.get()
        except TimeoutError:
            return ""
        if self.over.is_set():
            raise HungUp
        return key

    async def pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds / self.world.options.speed):
                await self.over.wait()
        except TimeoutError:
            return
        raise HungUp

    def hear(self, words: str) -> None:
        if len(self.call.heard) < MOST_HEARD:
            self.call.heard.append(words[:500])
        self.world.store.touch(self.call.to)

    def move(self, status: str) -> None:
        if self.over.is_set():
            raise HungUp
        self.call.status, self.call.updated = status, self.world.now()
        self.tell(status)

    def end(self, status: str, sip: int) -> None:
        if self.call.status in ENDED:
            return
        now = self.world.now()
        self.call.status, self.call.updated, self.call.ended = status, now, now
        self.call.sip = sip
        if self.call.started:
            self.call.seconds = max(int((now - self.call.started).total_seconds()), 1)
        self.world.store.counts[f"calls_{status}"] += 1
        self.tell(status)

    def tell(self, status: str) -> None:
        self.world.store.touch(self.call.to)
        event = EVENT_OF.get(status, "completed")
        if not self.call.callback or event not in self.call.events:
            return
        fields = {
            **self.fields(status),
            "Timestamp": twilio_json.moment(self.world.now()) or "",
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(self.call.sequence),
        }
        self.call.sequence += 1
        if status in ENDED:
            fields |= {
                "CallDuration": str(self.call.seconds),
                "Duration": str(-(-self.call.seconds // 60)),
                "SipResponseCode": str(self.call.sip),
            }

        async def send() -> None:
            await self.postman.twilio(self.call.callback, fields)

        self.postman.later(0.0, f"{self.call.sid}{status}", send)

    def fields(self, status: str) -> dict[str, str]:
        fields = {
            "CallSid": self.call.sid,
            "AccountSid": self.world.options.account.account_sid,
            "From": self.call.sender,
            "To": self.call.to,
            "Caller": self.call.sender,
            "Called": self.call.to,
            "Direction": "outbound-api",
            "ApiVersion": twilio_json.VERSION,
            "CallStatus": status,
        }
        if self.call.answered_by:
            fields["AnsweredBy"] = self.call.answered_by
        return fields
