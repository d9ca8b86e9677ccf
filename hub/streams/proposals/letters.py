"""A signed reply, or an answer to an inquiry, as the uniform letter: what of the case stands on it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from hub.cases import load_case, no_case
from hub.cases.clocks import ticking_case
from hub.cases.names import names_of
from hub.kernel.actor import Actor
from hub.kernel.lifecycle import Case, is_open, sees_inside
from hub.record import Connection, load_sql
from hub.streams.proposals.facts import INQUIRY, Letter, Part, Proposal, Reply
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.rules import ProposalRules

Q = load_sql(__package__)


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """`klass`: empty on an answer to an inquiry. `handler`, `phone`: who at the unit is asked about it."""

    unit: str
    number: str
    title: str
    case_number: str
    inquiry: bool
    klass: str
    klass_zh: str
    public: bool
    deputies: tuple[str, ...]
    text: str
    promise: str
    solve_by: date | None
    signer: str
    on: date | None
    handler: str
    phone: str


async def letter_of(conn: Connection, number: UUID, place: int, actor: Actor) -> Sheet:
    """The `place`-th of the case, from 0. Raises NotFound, alike for what is not there and what is not to be seen."""
    known = await ticking_case(conn, number)
    case, facts = known.case, known.case.facts
    if not isinstance(facts, Proposal) or not isinstance(known.rules, ProposalRules) or not 0 <= place < len(facts.letters):
        raise no_case()
    letter = facts.letters[place]
    if not may_read(case, letter, actor):
        raise no_case()
    movers = [ref for relation in ("lead", "cosigner") for ref in case.parties.get(relation, ())]
    names = await names_of(conn, {letter.unit, *movers})
    return sheet_of(
        facts, letter, await _part(conn, facts, letter.unit), known.rules, number=await conn.fetchval(Q["number_of"], number), unit=names[letter.unit],
        deputies=tuple(names[ref] for ref in movers))


def may_read(case: Case, letter: Letter, actor: Actor) -> bool:
    return sees_inside(PROPOSALS, case, actor) or (letter.public and is_open(PROPOSALS, case))


async def _part(conn: Connection, facts: Proposal, unit: str) -> Part | None:
    """A merged case's deputies get the letter of the case it went into: there it was signed."""
    other = await load_case(conn, facts.into) if facts.into and unit not in facts.parts else None
    written = other.facts if other and isinstance(other.facts, Proposal) else facts
    return written.parts.get(unit)


def sheet_of(facts: Proposal, letter: Letter, part: Part | None, rules: ProposalRules, *, number: str, unit: str, deputies: tuple[str, ...]) -> Sheet:
    reply = next((one for one in part.replies if one.round == letter.round), None) if part else None
    promise, solve_by, signer, on = _said(letter, reply)
    return Sheet(
        unit=unit, number=letter.number, title=facts.title, case_number=number, inquiry=facts.kind == INQUIRY, klass=letter.klass,
        klass_zh=next((one.zh for one in rules.classes if one.code == letter.klass), ""), public=letter.public and not facts.confidential,
        deputies=deputies, text=letter.text, promise=promise, solve_by=solve_by, signer=signer, on=on,
        handler=part.handler if part else "", phone=part.phone if part else "")


def _said(letter: Letter, reply: Reply | None) -> tuple[str, date | None, str, date | None]:
    """Promise, its day, who signed, when. What the letter itself says goes before what was counted of it."""
    if reply is None:
        return "", None, letter.signer, letter.on
    return reply.promise, reply.solve_by, letter.signer or reply.signer, letter.on or reply.on
