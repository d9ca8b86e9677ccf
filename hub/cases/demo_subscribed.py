"""Subscriptions in a demo city, and what they alerted to: found in the told cases by the rules by which the hub finds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from hub.cases.demo_story import Stream, Told
from hub.cases.shapes import EVOLVING, shapes_of, whose
from hub.cases.subscribing.deciding import stream_of
from hub.cases.subscribing.matching import Subscription, first_of_each, matched, spoken
from hub.cases.subscribing.messages import Match, SubscriptionSaved, SubscriptionsMatched
from hub.kernel.actor import SYSTEM
from hub.kernel.calendar import DAY, begin_of, day_of
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Case, evolve, is_open

SOON = timedelta(seconds=3)


class Wanted(NamedTuple):
    """`by`: who saved it for the holder. `streams`: cases of these only. `ago`: days before today."""

    holder: str
    by: str
    words: tuple[str, ...]
    topics: tuple[str, ...]
    streams: tuple[str, ...]
    ago: int


def subscribed(wanted: Sequence[Wanted], told: Sequence[Stream], now: datetime) -> tuple[list[Stream], list[Stream]]:
    """(subscriptions, what they alerted to): the one before all cases, the other behind them."""
    kept = [_kept(n, one, now) for n, one in enumerate(wanted)]
    lives = frozenset(name for _, one, _ in kept for name in one.streams)
    saved: list[Stream] = [(Told(at=at, life="", stream=stream_of(one.id), by=by, event=SubscriptionSaved(
        subscription=one.id, holder=one.holder, words=one.words, topics=one.topics, streams=one.streams)),) for at, one, by in kept]
    return saved, [alert for stream in told if stream and stream[0].life in lives for alert in _alerts(kept, stream)]


def _kept(n: int, one: Wanted, now: datetime) -> tuple[datetime, Subscription, str]:
    at = begin_of(day_of(now) - one.ago * DAY, 8 + n % 12) + timedelta(minutes=n * 7 % 60)
    return at, Subscription(id=derived("demo subscription", n), holder=one.holder, words=one.words, topics=one.topics, streams=one.streams), one.by


def _alerts(kept: Sequence[tuple[datetime, Subscription, str]], stream: Stream) -> Iterator[Stream]:
    """From the moment on in which everybody may see the case."""
    seen = _shown(stream)
    if seen is None:
        return
    at, case = seen
    what = spoken(shapes_of(stream[0].life), case)
    found = ((one, word) for since, one, _ in kept if since < at and one.holder not in case.parties.get("lead", ())
             and (word := matched(one, what, inside=False)))
    matches = tuple(Match(subscription=one.id, holder=one.holder, word=word) for one, word in first_of_each(found))
    if matches:
        yield (Told(at=at + SOON, life="", stream=f"subscribed-{case.id}", by=SYSTEM.id, event=SubscriptionsMatched(case=case.id, matches=matches)),)


def _shown(stream: Stream) -> tuple[datetime, Case] | None:
    """When everybody could first see it, and as what; None: nobody but those inside."""
    known = whose(stream[0].stream)
    if known is None:
        return None
    shapes, case_id = known
    case: Case | None = None
    for one in stream:
        if not isinstance(one.event, EVOLVING):
            continue
        case = evolve(shapes.life.facts, case, case_id, one.event, at=one.at, by=one.by)
        if is_open(shapes.life, case):
            return one.at, case
    return None
