"""How sightings become a state. Pure, and indifferent to order and repetition.

A try's state is the maximum of everything seen of it, by rank, then by a fixed order among equals.
A person's standing is the maximum over all tries; a failure of one road is no standing.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from dispatch.words import RANK, Channel, Outcome, State, Why

ORDER = {state: place for place, state in enumerate(State)}

FAILURES = frozenset({State.FAILED, State.UNDELIVERED, State.EXPIRED, State.REJECTED})
DELIVERED, READ, CONFIRMED = RANK[State.DELIVERED], RANK[State.READ], RANK[State.CONFIRMED]
FAILED = RANK[State.FAILED]


class Known(msgspec.Struct, frozen=True):
    """What is known of one try."""

    state: State
    why: Why = Why.NONE
    detail: str = ""

    @property
    def rank(self) -> int:
        return RANK[self.state]

    @property
    def weight(self) -> tuple[int, int, str, str]:
        return RANK[self.state], ORDER[self.state], self.why, self.detail


def higher(one: Known, other: Known) -> Known:
    return max(one, other, key=lambda known: known.weight)


def is_late(known: Known, seen: Known) -> bool:
    """It contradicts what stood: a failure after success, or a success after failure."""
    return (known.rank >= DELIVERED and seen.state in FAILURES) or (known.state in FAILURES and seen.rank >= DELIVERED)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one person. `reply` is the newest answer; the times are the earliest."""

    rank: int = 0
    road: Channel | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    confirmed_at: datetime | None = None
    reply: str = ""
    reason: str = ""
    replied_at: datetime | None = None


def progress(state: State) -> int:
    """A try's contribution to the person's standing: failures and refusals count nothing."""
    return 0 if state in FAILURES or state is State.SUPPRESSED else RANK[state]


CHANNEL_ORDER = {channel: place for place, channel in enumerate(Channel)}


def seen_by(
    standing: Standing, channel: Channel | None, state: State, at: datetime, reply: str = "", reason: str = "",
) -> Standing:
    rank = progress(state)
    wins = (rank, -CHANNEL_ORDER.get(channel, 99) if channel else -99) > (
        standing.rank, -CHANNEL_ORDER.get(standing.road, 99) if standing.road else -99)
    answered = bool(reply) and (standing.replied_at is None or (at, reply, reason) > (
        standing.replied_at, standing.reply, standing.reason))
    return Standing(
        rank=max(rank, standing.rank),
        road=channel if wins and rank else standing.road,
        delivered_at=_first(standing.delivered_at, at, rank >= DELIVERED),
        read_at=_first(standing.read_at, at, rank >= READ),
        confirmed_at=_first(standing.confirmed_at, at, rank >= CONFIRMED),
        reply=reply if answered else standing.reply,
        reason=reason if answered else standing.reason,
        replied_at=at if answered else standing.replied_at,
    )


def _first(known: datetime | None, at: datetime, applies: bool) -> datetime | None:
    if not applies:
        return known
    return at if known is None else min(known, at)


OUTCOMES: tuple[tuple[int, Outcome], ...] = (
    (CONFIRMED, Outcome.CONFIRMED), (READ, Outcome.READ), (DELIVERED, Outcome.DELIVERED),
)


def outcome_of(rank: int, *, ended: bool, cancelled: bool) -> Outcome:
    """The same table stands in SQL as dispatch.outcome_of; a test compares them."""
    for least, outcome in OUTCOMES:
        if rank >= least:
            return outcome
    if cancelled:
        return Outcome.CANCELLED
    if ended:
        return Outcome.UNREACHABLE
    return Outcome.SENDING if rank >= RANK[State.SUBMITTING] else Outcome.WAITING
