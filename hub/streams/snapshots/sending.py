"""How a snapshot came over: what the phone says of its own clock, against the hub's. Pure.

A phone's clock may be years off; differences of it are good all the same. So nothing of it is taken but how long ago, by
its own reckoning, the sender pressed; and never less than the hub itself has seen pass.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

MOST = timedelta(days=30)
"""Longer than this no phone keeps a snapshot; what says so has a clock that was set meanwhile."""
AT_ONCE = timedelta(seconds=5)
"""A line within it: there was one when he pressed."""
OFF = timedelta(minutes=5)


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """`taken_at`: when it was sent off, by the hub's clock. `waited`: seconds for a line; `seconds`: from
    there to the receipt, its turn in the queue included, pressing too where there was a line. `clock_off`: the phone's clock is not to be trusted."""

    taken_at: datetime
    waited: float
    seconds: float
    online: bool
    clock_off: bool


def sending(*, tapped: datetime, began: datetime, phone_now: datetime, announced: datetime, at: datetime) -> Sending:
    """`tapped`, `began`, `phone_now` by the phone's clock; `announced`, `at` by the hub's."""
    seen = at - announced
    begun, pressed = _within(phone_now - began), _within(phone_now - tapped)
    since_begun = max(begun, seen)
    since_pressed = max(pressed, since_begun)
    waited = since_pressed - since_begun
    online = waited <= AT_ONCE
    taken = since_pressed if online else since_begun
    strange = abs(phone_now - at) > OFF or not tapped <= began <= phone_now or phone_now - tapped > MOST
    return Sending(taken_at=at - since_pressed, waited=waited.total_seconds(), seconds=taken.total_seconds(), online=online, clock_off=strange)


def _within(span: timedelta) -> timedelta:
    return min(max(span, timedelta()), MOST)
