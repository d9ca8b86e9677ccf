"""What one case asks of another: merged ones share the reply and the end; a motion that lost its movers falls back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec

from hub.kernel.lifecycle import Case
from hub.streams.proposals.facts import INQUIRY, MOTION, Letter, Proposal, movers
from hub.streams.proposals.inquiry_guards import movers_needed
from hub.streams.proposals.rules import ProposalRules

ENDED = frozenset({"closed", "closed_unrated", "settled"})
UNDECIDED = frozenset({"secretariat", "presidium", "opinion"})


class FollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """A step that the hub takes. `key`: what makes it the same wish when it is asked again."""

    command: str
    case: UUID
    key: str
    form: dict[str, Any] = msgspec.field(default_factory=dict)


def concerned(facts: Proposal) -> tuple[UUID, ...]:
    """Cases to look at with this one."""
    return (*((facts.into,) if facts.into else ()), *facts.merged)


def follow_ups(case: Case, others: Mapping[UUID, Case], rules: ProposalRules) -> Iterator[FollowUp]:
    facts: Proposal = case.facts
    if facts.kind == MOTION and case.state in UNDECIDED and len(movers(case)) < rules.movers:
        yield FollowUp(command="LetMotionFall", case=case.id, key=str(case.version))
    if facts.kind == INQUIRY and case.state == "questioned" and len(movers(case)) < movers_needed(facts, rules):
        yield FollowUp(command="LetInquiryFall", case=case.id, key=str(case.version))
    main = others.get(facts.into) if facts.into and case.state == "merged" else None
    if main is not None and main.state == "merged" and main.facts.into == case.id:
        yield from _each_into_the_other(case, main)
    elif main is not None:
        if case.id not in main.facts.merged:
            yield _take_in(main, case)
        yield from _owed(main, case)
    for one in facts.merged:
        joined = others.get(one)
        if joined is not None and joined.state == "merged" and joined.facts.into == case.id:
            yield from _owed(case, joined)


def _take_in(main: Case, joined: Case) -> FollowUp:
    taken = [*joined.parties.get("lead", ()), *joined.parties.get("cosigner", ())]
    return FollowUp(command="TakeInProposal", case=main.id, key=f"{joined.id}/{joined.version}", form={"case": str(joined.id), "deputies": taken})


def _each_into_the_other(one: Case, two: Case) -> Iterator[FollowUp]:
    """Two clerks at once: nobody would handle either. The one that was merged first stands alone again and takes the other in."""
    first, second = sorted((one, two), key=lambda case: (case.since, case.id))
    yield FollowUp(command="UnmergeProposal", case=first.id, key=str(second.id), form={"reason": "两件同时互相并入，恢复一件单独办理"})
    yield _take_in(first, second)


def _owed(main: Case, joined: Case) -> Iterator[FollowUp]:
    """What a merged case still waits for."""
    known = {(letter.unit, letter.round) for letter in joined.facts.letters}
    missing = [letter for letter in main.facts.letters if (letter.unit, letter.round) not in known]
    yield from (_share(main, joined, letter) for letter in missing)
    if main.state in ENDED:
        yield FollowUp(command="CloseMerged", case=joined.id, key=str(main.id))
    elif main.state == "withdrawn":
        yield FollowUp(command="UnmergeProposal", case=joined.id, key=str(main.id), form={"reason": "并入的建议已撤回，恢复单独办理"})


def _share(main: Case, joined: Case, letter: Letter) -> FollowUp:
    """What the public must not read there it does not read here."""
    return FollowUp(
        command="ShareReply", case=joined.id, key=f"{letter.unit}/{letter.round}",
        form={"unit": letter.unit, "number": letter.number, "text": letter.text, "klass": letter.klass, "in_round": letter.round,
              "open": letter.public and not main.facts.confidential})
