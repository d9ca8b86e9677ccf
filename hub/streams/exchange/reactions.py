"""Every coupling to a neighbour: which of its events concern the province, and what of it is told. Livelihood projects will be one more
row (S0-B19). Neighbours are known by the names of their events and by the rows of all cases; nothing of theirs is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import msgspec

from hub.cases.names import Names
from hub.kernel.lifecycle import Case
from hub.streams.exchange import bodies as b

WITHDRAWN, WITHHELD = ("withdrawn", "已撤回"), ("withheld", "不再公开")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A case as it was after an event. `plain`: its facts; `state_zh`: what its state is called; `words`: its stream's own names of codes."""

    case: Case
    plain: Mapping[str, Any]
    number: str
    state_zh: str
    words: Mapping[str, Mapping[str, tuple[str, str]]]
    names: Names


@dataclass(frozen=True, kw_only=True)
class OfCases:
    """One package for each of these events, with one row: the case as it was then. What nobody may read is not told; of what was told
    before and may not be read any more, only that."""

    code: str
    zh: str
    en: str
    stream: str
    events: frozenset[str]
    shape: type[msgspec.Struct]
    row: Callable[[Seen], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class OfLists:
    """Lists sent whole, one package for each part (delegation, district), when one differs from what was sent last: after these events,
    and every day. `periods`: of a day, the months or years that are told of it, with their first and last day."""

    code: str
    zh: str
    en: str
    query: str
    events: frozenset[str]
    shape: type[msgspec.Struct]
    periods: Callable[[date], tuple[tuple[str, date, date], ...]] = lambda day: (("", day, day),)


def suggestion(seen: Seen) -> Mapping[str, Any]:
    plain, parties, names = seen.plain, seen.case.parties, seen.names
    prose = ("situation", "analysis", "advice", "cause", "ground", "plan")
    return {
        "number": seen.number, "kind": plain["kind"], "status": seen.case.state, "status_zh": seen.state_zh, "title": plain["title"],
        "topic": plain["topic"], "text": "\n".join(plain[name] for name in prose if plain[name]),
        "lead": next((names[ref] for ref in parties.get("lead", ())), ""), "delegation": plain["delegation"],
        "cosigners": len(parties.get("cosigner", ())), "term": plain["term"], "session": plain["session"],
        "accepted_on": plain["accepted_on"], "assigned_on": plain["assigned_on"],
        "units": [names[ref] for ref, part in plain["parts"].items() if part["role"] != "assisting"],
        "assisting": [names[ref] for ref, part in plain["parts"].items() if part["role"] == "assisting"], "replies": list(_replies(seen)),
    }


def _replies(seen: Seen) -> Iterator[Mapping[str, Any]]:
    letters = {(one["unit"], one["round"]): one for one in seen.plain["letters"]}
    for unit, part in seen.plain["parts"].items():
        for one in part["replies"]:
            letter = letters.get((unit, one["round"]), {})
            yield {"unit": seen.names[unit], "round": one["round"], "on": one["on"], "number": letter.get("number", ""), "klass": one["klass"],
                   "rating": one["rating"], "text": letter.get("text", "") if letter.get("public") else ""}


def activity(seen: Seen) -> Mapping[str, Any]:
    plain = seen.plain
    return {"number": seen.number, "status": seen.case.state, "status_zh": seen.state_zh, "title": plain["title"], "kind": plain["kind"],
            "kind_zh": seen.words["kind"].get(plain["kind"], (plain["kind"],))[0], "starts": plain["starts"], "ends": plain["ends"],
            "place": plain["place"], "delegations": plain["groups"], "quota": plain["quota"], "hours": plain["hours"]}


def bare(seen: Seen) -> Mapping[str, Any]:
    status, zh = WITHDRAWN if seen.case.state in ("withdrawn", "cancelled") else WITHHELD
    return {"number": seen.number, "status": status, "status_zh": zh}


def months(day: date) -> tuple[tuple[str, date, date], ...]:
    """The month, and the one before it, of which something may still be entered."""
    first = day.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return (f"{before:%Y-%m}", before, first - timedelta(days=1)), (f"{first:%Y-%m}", first, after - timedelta(days=1))


def years(day: date) -> tuple[tuple[str, date, date], ...]:
    return ((f"{day.year}", date(day.year, 1, 1), date(day.year, 12, 31)),)


OF_CASES = (
    # S0-B18
    OfCases(code="suggestion", zh="议案建议", en="Suggestion or motion", stream="proposals", shape=b.SuggestionRow, row=suggestion, events=frozenset((
        "ProposalAccepted", "ProposalMerged", "ProposalUnmerged", "ProposalAssigned", "ProposalReassigned", "ProposalReplied", "ReplyShared",
        "ReplyRated", "ProposalClosedUnrated", "ProposalSettled", "FulfilmentReported", "FulfilmentRated", "MergedClosed", "LeadPassedOn",
        "ProposalWithdrawn", "ProposalConfidentialitySet", "MotionListed", "MotionVoted", "MotionWithdrawn"))),
    # S0-B17
    OfCases(code="activity", zh="代表活动", en="Activity", stream="activities", shape=b.ActivityRow, row=activity, events=frozenset((
        "ActivityPublished", "ActivityHeld", "ActivityCancelled"))),
)
OF_LISTS = (
    # S0-B17
    OfLists(code="deputy", zh="代表任职", en="Deputies in office", query="deputies", shape=b.DeputyRow, events=frozenset((
        "DeputyTakenOver", "DeputyAnnounced", "DeputySuspended", "DeputyRestored", "DeputyMoved", "DeputyCorrected", "MandateEnded", "MandateExpired",
        "PersonSaved", "PersonRemoved"))),
    OfLists(code="station", zh="代表联络站", en="Liaison stations", query="stations", shape=b.StationRow, events=frozenset(("OrganisationSaved",))),
    # S0-B20
    OfLists(code="duty-month", zh="履职月报", en="Duties of the month", query="duties", shape=b.DutyRow, events=frozenset(), periods=months),
    OfLists(code="duty-year", zh="履职年报", en="Duties of the year", query="duties", shape=b.DutyRow, events=frozenset(), periods=years),
)
GUIDANCE, CORRECTION = "guidance", "correction"
FROM_PROVINCE: dict[str, tuple[str, str, type[msgspec.Struct]]] = {
    # S0-B21
    GUIDANCE: ("指导意见", "Guidance", b.GuidanceRow),
    CORRECTION: ("更正要求", "Correction asked", b.CorrectionRow),
}

CASE_KINDS = {kind.stream: kind for kind in OF_CASES}
KINDS: dict[str, OfCases | OfLists] = {kind.code: kind for kind in (*OF_CASES, *OF_LISTS)}
CALLED: dict[str, tuple[str, str]] = {kind.code: (kind.zh, kind.en) for kind in KINDS.values()} | {
    code: (zh, en) for code, (zh, en, _) in FROM_PROVINCE.items()}
