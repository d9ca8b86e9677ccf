"""Telephones in calls: who rings is dialed, who answers is connected to the room.

Dialing is done by the leading process, and written down before it is done: after a crash nobody is rung twice. The sound
comes to whichever process the carrier connects to, goes through the studio (G.711 ↔ Opus), and into the room as a peer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from hub.kernel.actor import Actor, Role
from hub.kernel.clock import Clock
from hub.kernel.errors import Conflict, HubError, NotFound, Refused, TryAgain
from hub.kernel.ids import uuid7
from hub.record import Bell, Database
from hub.record.bell import heard
from media.calls.hosting import Ask, room_of
from media.calls.messages.commands import AnswerCall, DeclineCall, LeaveCall
from media.calls.store import Q
from media.engine import Engine
from media.names import peer_id
from media.ports import PhoneLegs
from media.studio_line import StudioLine
from media.wires import Done
from media.wires_studio import LegHeard, LegSaid, LegSpoke, StartLeg, StopLeg

log = structlog.get_logger()

LOOKS = 2.0
"""Seconds after which it looks anyway."""
UNSURE_FOR = timedelta(seconds=60)
"""A dialing that nobody finished is given up."""
HANG_UP = ("wanted", "dialing", "dialed", "up")
LIVE = frozenset({"ringing", "joined", "held"})
AT_ONCE = 16
WHY = {"busy": "占线", "no-answer": "无人接听", "failed": "打不通", "canceled": "已取消"}


def telephone(ref: str, name: str) -> Actor:
    """Who answers by telephone acts for nobody but that telephone."""
    return Actor(id=ref, name=name, roles=(Role.DEPUTY,), scopes=(ref,))


class Dialer:
    """`stream_of`: the address that the carrier of a leg connects to."""

    def __init__(self, db: Database, ask: Ask, phones: PhoneLegs, stream_of: Callable[[UUID], str], clock: Clock) -> None:
        self._db, self._ask, self._phones, self._stream_of, self._clock = db, ask, phones, stream_of, clock
        self.wake = Bell()

    async def run(self) -> None:
        while True:
            ringing = self.wake.listen()
            try:
                await self._agree()
            except* TryAgain as away:
                log.info("telephones wait", why=str(away.exceptions[0]))
            await heard(ringing, LOOKS)

    async def _agree(self) -> None:
        async with self._db.read() as conn:
            rows = await conn.fetch(Q["open_legs"])
        wanted = [row for row in rows if not _unwanted(row) and row["state"] == "wanted"]
        for start in range(0, len(wanted), AT_ONCE):
            async with asyncio.TaskGroup() as group:
                for row in wanted[start:start + AT_ONCE]:
                    group.create_task(self._dial(row))
        for row in rows:
            if _unwanted(row):
                await self._put_down(row)
            elif row["state"] == "dialing" and row["at"] + UNSURE_FOR < self._clock.now():
                await self.ended(row["leg"], "failed")

    async def _dial(self, row: Any) -> None:
        if not await self._move(row["leg"], ("wanted",), "dialing"):
            return
        try:
            provider = await self._phones.dial(row["leg"], row["number"], stream=self._stream_of(row["leg"]), seconds=row["seconds"])
        except HubError as refusal:  # also where nobody knows whether it rings: it is not rung twice
            log.warning("not dialed", leg=str(row["leg"]), why=refusal.en)
            await self.ended(row["leg"], "failed")
        else:
            if not await self._move(row["leg"], ("dialing",), "dialed", provider):
                await self._phones.hang_up(provider)

    async def _put_down(self, row: Any) -> None:
        if row["provider"]:
            await self._phones.hang_up(row["provider"])
        await self._move(row["leg"], HANG_UP, "over")

    async def ended(self, leg: UUID, why: str) -> None:
        """The carrier says so, or nobody could be rung."""
        async with self._db.read() as conn:
            row = await conn.fetchrow(Q["leg"], leg)
        if row is None or not await self._move(leg, HANG_UP, "over"):
            return
        at, who = self._clock.now(), telephone(row["ref"], row["name"])
        wish = DeclineCall(id=uuid7(at), call=row["call"], reason=WHY.get(why, "")) if row["member"] == "ringing" \
            else LeaveCall(id=uuid7(at), call=row["call"])
        await _if_still(self._ask, wish, who)

    async def _move(self, leg: UUID, before: tuple[str, ...], state: str, provider: str = "") -> bool:
        async with self._db.transaction() as conn:
            return await conn.fetchval(Q["move_leg"], leg, list(before), state, provider) is not None


def _unwanted(row: Any) -> bool:
    return bool(row["ended"]) or row["member"] not in LIVE


class Sound:
    """The telephones that are connected to this process."""

    def __init__(self, db: Database, ask: Ask, engine: Engine, studio: StudioLine, clock: Clock) -> None:
        self._db, self._ask, self._engine, self._studio, self._clock = db, ask, engine, studio, clock
        self._lines: dict[str, Line] = {}
        studio.hear(self._told)

    async def open(self, leg: UUID, send: Callable[[bytes], None]) -> Line:
        """Who was dialed has answered. Raises NotFound where nobody is awaited, TryAgain."""
        async with self._db.read() as conn:
            row = await conn.fetchrow(Q["leg"], leg)
        if row is None or row["ended"] or row["state"] == "over":
            raise NotFound("没有等待接通的电话。", "No telephone is awaited here.", code="no-leg")
        room, who = room_of(row["call"]), telephone(row["ref"], row["name"])
        await self._ask(AnswerCall(id=uuid7(self._clock.now()), call=row["call"]), who)
        line = Line(leg=leg.hex, call=row["call"], who=who, peer=peer_id(row["ref"], room, leg.hex[:8]), send=send, sound=self)
        self._lines[line.leg] = line
        try:
            await self._engine.tap(room, self._studio.taps, tap=f"legs-{row['call']}", video=False, played=True)
            await self._studio.ask(StartLeg(leg=line.leg, room=room, peer=line.peer), Done)
            await self._engine.leg(line.peer, room, row["name"])
        except HubError:
            await self.close(line)
            raise
        return line

    def say(self, line: Line, ulaw: bytes) -> None:
        self._studio.say(LegSaid(leg=line.leg, ulaw=ulaw))

    async def close(self, line: Line) -> None:
        """Each step stands alone: who cannot be told now has forgotten it anyway."""
        self._lines.pop(line.leg, None)
        for step in (lambda: self._studio.ask(StopLeg(leg=line.leg), Done), lambda: self._engine.leave(line.peer)):
            try:
                await step()
            except (Refused, TryAgain) as away:
                log.info("telephone was not put down", leg=line.leg, why=away.en)
        await _if_still(self._ask, LeaveCall(id=uuid7(self._clock.now()), call=line.call), line.who)

    def _told(self, told: Any) -> None:
        if isinstance(told, LegHeard | LegSpoke) and (line := self._lines.get(told.leg)) is not None:
            if isinstance(told, LegHeard):
                line.send(told.ulaw)
            else:
                self._engine.leg_spoke(line.peer, told.opus)


class Line:
    """One telephone that talks."""

    def __init__(self, *, leg: str, call: UUID, who: Actor, peer: str, send: Callable[[bytes], None], sound: Sound) -> None:
        self.leg, self.call, self.who, self.peer, self.send, self._sound = leg, call, who, peer, send, sound

    def said(self, ulaw: bytes) -> None:
        self._sound.say(self, ulaw)

    async def close(self) -> None:
        await asyncio.shield(self._sound.close(self))


async def _if_still(ask: Ask, command: Any, who: Actor) -> None:
    try:
        await ask(command, who)
    except (Conflict, NotFound, Refused) as late:
        log.debug("call has moved on", why=late.code)


