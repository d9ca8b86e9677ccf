"""The numbers of processes.md §2 with their sources. (I): set by the congress itself."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from hub.kernel.calendar import Span, Unit
from hub.kernel.lifecycle import RuleSet, asked

MONTHS = Unit.MONTHS
Count = Annotated[int, Meta(ge=1, le=1000)]


class NodeRule(msgspec.Struct, frozen=True, kw_only=True):
    """A node of a kind's course; `after`: how long after the node before it is planned."""

    node: str
    after: Span


def course(*nodes: tuple[str, int]) -> tuple[NodeRule, ...]:
    return tuple(NodeRule(node=node, after=Span(days)) for node, days in nodes)


READINGS = (("draft", 120), ("committee", 15), ("list", 10), ("distribute", 7), ("first", 7), ("comment", 30), ("review", 30), ("second", 30))
AFTERWARDS = (("vote", 1), ("send", 15), ("approve", 90), ("promulgate", 15), ("file", 15))
COURSES = {
    "enact": course(*READINGS, *AFTERWARDS),
    "revise": course(*READINGS, *AFTERWARDS),
    "amend": course(("draft", 60), ("committee", 15), ("list", 10), ("distribute", 7), ("first", 7), *AFTERWARDS),
    "repeal": course(("draft", 45), ("committee", 15), ("list", 10), ("distribute", 7), ("first", 7), *AFTERWARDS),
    "congress": course(*READINGS, ("third", 60), ("vote", 30), *AFTERWARDS[1:]),
    "plan": course(("consult", 45), ("set", 30)),
}


class LegislationRules(RuleSet, frozen=True, kw_only=True):
    leads: Annotated[tuple[int, ...], asked("到期前几天提醒", "Reminders, days before the end")] = (30, 15, 7, 1)             # (I)
    submit: Annotated[Span, asked("提请审议提前", "Submitted before the meeting")] = Span(30)                              # WL 24, 47
    distribute: Annotated[Span, asked("印发提前", "Distributed before the meeting")] = Span(7)                             # WL 27
    to_deputies: Annotated[Span, asked("大会前送达代表提前", "To the deputies before the session")] = Span(30)              # WL 14
    comment: Annotated[Span, asked("公开征求意见不少于", "Public comment at least")] = Span(20)                             # WL 34; NPC 30
    province: Annotated[Span, asked("修改稿报省提前", "Shown to the province before the vote")] = Span(30)                  # WL 43
    approval: Annotated[Span, asked("省批准", "Province's approval")] = Span(4, MONTHS)                                   # LL 81
    filing: Annotated[Span, asked("报省备案", "Filed with the province")] = Span(15)                                      # WL 46
    national: Annotated[Span, asked("报全国备案", "Filed nationally")] = Span(30)                                         # LL 109
    supporting: Annotated[Span, asked("配套规定", "Supporting rules")] = Span(12, MONTHS)                                 # WL 52
    shelved: Annotated[Span, asked("搁置满期终止", "Shelved until terminated")] = Span(24, MONTHS)                         # WL 41; LL 45
    by_members: Annotated[Count, asked("组成人员联名提案", "Members who move a bill jointly")] = 5                           # OL 52
    by_deputies: Annotated[Count, asked("代表联名提案", "Deputies who move a bill jointly")] = 10                           # OL 22
    members: Annotated[Count, asked("常委会组成人员", "Members of the standing committee")] = 45                           # OL 47
    deputies: Annotated[Count, asked("全体代表", "All deputies")] = 440                                                   # EL 12
    readings: Annotated[dict[str, Annotated[int, Meta(ge=1, le=3)]], asked("各类项目的审次", "Readings of each kind")] = msgspec.field(
        default_factory=lambda: {"enact": 2, "revise": 2, "amend": 1, "repeal": 1, "congress": 3, "plan": 1})              # WL 28-30
    courses: Annotated[dict[str, tuple[NodeRule, ...]], asked("各类项目的节点", "Nodes of each kind")] = msgspec.field(
        default_factory=lambda: dict(COURSES))
