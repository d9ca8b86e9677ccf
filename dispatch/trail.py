"""Everything that is known about one person, line by line, and why the other roads were not tried. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dispatch.messages.rows import EvidenceRow
from dispatch.messages.shapes import Ladder
from dispatch.plan import UNTIL_RANK, Hour, Person, road
from dispatch.rows import masked
from dispatch.words import Channel, Priority, State, Why


def trail(delivery: Any, attempts: Sequence[Any], evidence: Sequence[Any], at: datetime) -> list[EvidenceRow]:
    tries = {row["id"]: row for row in attempts}
    lines = [_planned(row) for row in attempts] + [_seen(row, tries) for row in evidence]
    return sorted(lines, key=lambda line: line.at) + list(_untried(delivery, attempts, at))


def _planned(row: Any) -> EvidenceRow:
    suppressed = row["state"] == State.SUPPRESSED
    return EvidenceRow(
        id=f"plan:{row['id']}", at=row["created_at"], channel=Channel(row["channel"]), attempt=row["id"],
        try_number=row["try"], state=State.SUPPRESSED if suppressed else State.PLANNED, why=Why(row["why"]) if suppressed else Why.NONE,
        address=masked(row["address"]) if row["address"].startswith("+") else row["address"], provider_id="",
        detail="", source="plan", late=False,
    )


def _seen(row: Any, tries: Mapping[UUID, Any]) -> EvidenceRow:
    tried = tries.get(row["attempt"])
    return EvidenceRow(
        id=f"seen:{row['id']}", at=row["at"], channel=Channel(row["channel"]) if row["channel"] else None,
        attempt=row["attempt"], try_number=tried["try"] if tried else 1, state=State(row["state"]),
        why=Why(row["why"]), address="", provider_id=tried["provider_id"] if tried else "", detail=row["detail"],
        source=row["source"], late=row["late"],
    )


def _untried(delivery: Any, attempts: Sequence[Any], at: datetime) -> Iterator[EvidenceRow]:
    """Roads of the ladder that were never reached: with the reason."""
    ladder = msgspec.convert(delivery["ladder"], Ladder)
    tried = {Channel(row["channel"]) for row in attempts}
    hour = Hour(at=at, expires_at=delivery["expires_at"], priority=Priority(delivery["priority"]))
    person = Person(ref=delivery["ref"], phone=delivery["phone"], openid=delivery["openid"],
                    opt_out=tuple(delivery["opt_out"]), bad=tuple(delivery["bad"]), online=delivery["online"])
    for place, rung in enumerate(ladder.rungs):
        for channel in rung.channels:
            planned = road(channel, place, person, hour, ladder)
            if channel in tried or planned is None:
                continue
            tried.add(channel)
            why = planned.why if planned.why not in (Why.NONE, Why.QUIET_HOURS, Why.OFFLINE) else _reason(delivery, ladder)
            yield EvidenceRow(
                id=f"none:{channel}", at=at, channel=channel, attempt=None, try_number=0,
                state=State.SUPPRESSED if why else State.PLANNED, why=why, address="", provider_id="", detail="",
                source="plan", late=False,
            )


def _reason(delivery: Any, ladder: Ladder) -> Why:
    if delivery["rank"] >= UNTIL_RANK[ladder.rungs[max(delivery["rung"] - 1, 0)].until]:
        return Why.ALREADY_CONFIRMED
    ends = {"cancelled": Why.CANCELLED, "closed": Why.EXPIRED}
    return ends.get(delivery["state"], Why.NONE)
