"""A suggestion or motion of the demo city as a story: what its guards see, and what merged ones ask of each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

import msgspec

from hub.cases.demo_story import Story as Told
from hub.cases.demo_town import Town
from hub.kernel.actor import SYSTEM
from hub.kernel.lifecycle import Case
from hub.streams.proposals.facts import Similar
from hub.streams.proposals.following import follow_ups
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.seen import Deputy, Seen, Session

WHY_LATE = "因涉及多部门协调、方案反复论证，未能按期办结，今后将加强时限管理。"


@dataclass(kw_only=True)
class Beside:
    """`joined`: another case that was merged into this one; `other`: the one this is merged into."""

    town: Town
    seen: Seen
    similar: tuple[Similar, ...] = ()
    other: Case | None = None
    joined: Story | None = None


Story = Told[Beside]


def seen_in(town: Town, sessions: tuple[Session, ...]) -> Seen:
    deputies = {one.ref: Deputy(ref=one.ref, name=one.name, delegation=one.delegation) for one in town.residents}
    return Seen(deputies=deputies, units=town.units, sessions=sessions, in_office=len(deputies), term=town.residents[0].term)


def begun(beside: Beside, story: UUID, at: datetime, random: Random, stop: str = "") -> Story:
    return Told(life=PROPOSALS, id=story, at=at, now=beside.town.now, calendar=beside.town.calendar, random=random, beside=beside,
                reads=_reads, follow=follow, stop=stop)


def _reads(story: Story) -> Seen:
    return msgspec.structs.replace(story.beside.seen, similar=story.beside.similar, other=story.beside.other)


def follow(story: Story) -> None:
    joined = story.beside.joined
    if joined is None:
        return
    for one in follow_ups(joined.there, {story.id: story.there}, story.rules):
        target = story if one.case == story.id else joined
        target.at = max(target.at, story.at)
        target.take(one.command, SYSTEM, **one.form)
