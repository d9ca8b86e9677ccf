"""What a decision looks at beside the case itself: deputies, units, sessions, cases alike."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from hub.kernel.actor import Actor
from hub.kernel.calendar import day_of
from hub.kernel.lifecycle import Case, Scene, refs_of
from hub.streams.proposals.facts import MOTION, Part, Proposal, Similar, of


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A session of the congress 大会. `motions_until`: set by the presidium."""

    id: str
    name: str
    term: str
    first: date
    last: date
    motions_until: datetime


class Deputy(msgspec.Struct, frozen=True, kw_only=True):
    ref: str
    name: str
    delegation: str = ""
    in_office: bool = True
    member: bool = False
    """Of the standing committee."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """`deputies`: by ref, those that actor, form and case name. `other`: the case to merge into. `term`: the congress's before any
    of `terms` (name, first day) has begun."""

    deputies: dict[str, Deputy] = msgspec.field(default_factory=dict)
    units: dict[str, str] = msgspec.field(default_factory=dict)
    sessions: tuple[Session, ...] = ()
    similar: tuple[Similar, ...] = ()
    other: Case | None = None
    in_office: int = 0
    term: str = ""
    terms: tuple[tuple[str, date], ...] = ()
    heads: tuple[str, ...] = ()


def seen(scene: Scene) -> Seen:
    return scene.reads if isinstance(scene.reads, Seen) else Seen()


def term_on(first: str, terms: tuple[tuple[str, date], ...], day: date) -> str:
    """The term that the day lies in: a change that is entered beforehand waits for its day."""
    begun = [(since, name) for name, since in terms if since <= day]
    return max(begun)[1] if begun else first


def term_now(scene: Scene) -> str:
    known = seen(scene)
    return term_on(known.term, known.terms, scene.day)


def session_on(scene: Scene, day: date | None = None) -> Session | None:
    """The session that sits on the day."""
    when = day or scene.day
    return next((one for one in seen(scene).sessions if one.first <= when <= one.last), None)


def from_session_end(case: Case | None, form: object, scene: Scene) -> date:
    """Limits of the time between sessions do not run while one sits."""
    session = session_on(scene)
    return session.last if session else scene.day


def motions_until(scene: Scene) -> datetime | None:
    """When the presidium closes motions: of the session that sits, or of the next."""
    coming = sorted((one for one in seen(scene).sessions if one.last >= scene.day), key=lambda one: one.first)
    return coming[0].motions_until if coming else None


def motions_day(case: Case | None, form: object, scene: Scene) -> date | None:
    """Only where the case is a motion and its day has not passed."""
    until = motions_until(scene)
    kind = getattr(form, "kind", None) or of(case).kind
    if kind != MOTION or until is None or until < scene.at:
        return None
    return day_of(until)


def names(refs: tuple[str, ...], scene: Scene) -> str:
    known = seen(scene).deputies
    return "、".join(known[ref].name if ref in known else ref for ref in refs)


def own_parts(facts: Proposal, actor: Actor) -> dict[str, Part]:
    """The parts of the units that the actor works for."""
    refs = refs_of(actor)
    return {unit: part for unit, part in facts.parts.items() if unit in refs}


def one_unit(facts: Proposal, actor: Actor, wanted: str = "", *, role: str = "") -> str:
    """For which unit the actor acts; empty where it cannot be told."""
    mine = [unit for unit, part in own_parts(facts, actor).items() if not role or (part.role == role) or (role == "main" and part.main)]
    if wanted:
        return wanted if wanted in mine else ""
    return mine[0] if len(mine) == 1 else ""
