"""Which road next, and why not the others. Pure: the ladder, the person and the hour go in."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import msgspec

from dispatch.messages.shapes import Ladder, Until
from dispatch.states import CONFIRMED, DELIVERED, READ
from dispatch.words import Channel, Priority, State, Why
from hub.kernel.clock import CITY_ZONE

UNTIL_RANK: dict[Until, int] = {Until.DELIVERED: DELIVERED, Until.READ: READ, Until.CONFIRMED: CONFIRMED}

SOCKET = frozenset({Channel.SCREEN, Channel.PAGE})
NEEDS: dict[Channel, str] = {Channel.WECHAT: "openid", Channel.SMS: "phone", Channel.VOICE: "phone"}

RETRY_AFTER = (30, 120, 300, 600)
"""Seconds until a road that failed for now is tried again (carrier transient)."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient as planning sees it; a station is one too. `bad` names spoiled addresses."""

    ref: str
    phone: str = ""
    openid: str = ""
    opt_out: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    online: bool = False
    rank: int = 0
    rung: int = 0

    @property
    def is_station(self) -> bool:
        return self.ref.startswith("station:")

    def address(self, channel: Channel) -> str:
        return {"openid": self.openid, "phone": self.phone}.get(NEEDS.get(channel, ""), "")


class Quiet(msgspec.Struct, frozen=True):
    starts: time
    ends: time
    channels: tuple[Channel, ...]

    def until(self, at: datetime) -> datetime | None:
        """The end of the quiet hours that `at` lies in, or None."""
        local = at.astimezone(CITY_ZONE)
        now = local.time()
        if self.starts == self.ends:
            return None
        overnight = self.starts > self.ends
        inside = (now >= self.starts or now < self.ends) if overnight else self.starts <= now < self.ends
        if not inside:
            return None
        day = local.date() + timedelta(days=1 if overnight and now >= self.starts else 0)
        return datetime.combine(day, self.ends, CITY_ZONE)


class Hour(msgspec.Struct, frozen=True, kw_only=True):
    """The circumstances of one planning. `carriers`: the roads that lead anywhere at all."""

    at: datetime
    expires_at: datetime
    priority: Priority
    quiet: Quiet | None = None
    carriers: frozenset[Channel] = frozenset(Channel)


class Planned(msgspec.Struct, frozen=True):
    """`due` is when it may be handed over; None where nothing will be."""

    channel: Channel
    rung: int
    state: State
    why: Why
    due: datetime | None


class Step(msgspec.Struct, frozen=True):
    """`rung` is the next one to try at `next_at`; `ended` when the ladder has no more."""

    planned: tuple[Planned, ...]
    rung: int
    next_at: datetime | None
    ended: bool


def next_rung(ladder: Ladder, person: Person, hour: Hour) -> Step:
    rung = person.rung
    if rung > 0 and person.rank >= UNTIL_RANK[ladder.rungs[min(rung, len(ladder.rungs)) - 1].until]:
        return Step((), rung, None, ended=True)
    planned: list[Planned] = []
    while rung < len(ladder.rungs) and hour.at < hour.expires_at:
        tried = [road(channel, rung, person, hour, ladder) for channel in ladder.rungs[rung].channels]
        planned += [one for one in tried if one is not None]
        dues = [one.due for one in tried if one is not None and one.due is not None]
        rung += 1
        if dues:
            wait = timedelta(seconds=ladder.rungs[rung - 1].wait)
            return Step(tuple(planned), rung, min(max(dues) + wait, hour.expires_at), ended=False)
    return Step(tuple(planned), rung, None, ended=True)


def road(channel: Channel, rung: int, person: Person, hour: Hour, ladder: Ladder | None) -> Planned | None:
    """None where the road is not for this kind of recipient at all."""
    if channel in SOCKET and (channel is Channel.SCREEN) != person.is_station:
        return None
    if channel is Channel.WECHAT and person.is_station:
        return None
    why = why_not(channel, person, hour)
    if why is not Why.NONE:
        skip = ladder is None or ladder.rungs[rung].skip_offline
        if why is not Why.OFFLINE or skip:
            return Planned(channel, rung, State.SUPPRESSED, why, None)
    if channel in SOCKET:
        return Planned(channel, rung, State.ACCEPTED, Why.NONE, hour.at)
    wakes = quiet_until(channel, hour, ladder)
    if wakes is None:
        return Planned(channel, rung, State.QUEUED, Why.NONE, hour.at)
    if wakes >= hour.expires_at:
        return Planned(channel, rung, State.SUPPRESSED, Why.QUIET_HOURS, None)
    return Planned(channel, rung, State.PLANNED, Why.QUIET_HOURS, wakes)


def why_not(channel: Channel, person: Person, hour: Hour) -> Why:
    if channel in SOCKET:
        return Why.NONE if person.online else Why.OFFLINE
    if channel not in hour.carriers:
        return Why.NO_CARRIER
    if not person.address(channel):
        return Why.NO_ADDRESS
    if NEEDS[channel] in person.bad:
        return Why.BLOCKED
    if channel in person.opt_out and hour.priority is not Priority.EMERGENCY:
        return Why.OPT_OUT
    return Why.NONE


def quiet_until(channel: Channel, hour: Hour, ladder: Ladder | None) -> datetime | None:
    """Only ordinary notices wait for the morning."""
    bypass = ladder.bypass_quiet if ladder else False
    if hour.quiet is None or bypass or hour.priority is not Priority.ORDINARY or channel not in hour.quiet.channels:
        return None
    return hour.quiet.until(hour.at)


def retry_due(at: datetime, tries: int) -> datetime:
    return at + timedelta(seconds=RETRY_AFTER[min(tries, len(RETRY_AFTER)) - 1])


def tries_allowed(ladder: Ladder, rung: int) -> int:
    return ladder.rungs[rung].tries if 0 <= rung < len(ladder.rungs) else 2


def enough(ladder: Ladder, rung: int) -> int:
    """The rank at which this rung's tries have done what they were for."""
    return UNTIL_RANK[ladder.rungs[rung].until] if 0 <= rung < len(ladder.rungs) else CONFIRMED


def first_road(ladder: Ladder, person: Person, hour: Hour) -> Channel | None:
    """The road this person would be tried on first, for the composer's counter."""
    step = next_rung(ladder, person, hour)
    return next((one.channel for one in step.planned if one.due is not None), None)


