"""The numbers of processes.md §1 with their sources. A version of them is data of the congress; these are what it begins with.

(I): not in a law that was read; the congress sets it.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from hub.kernel.calendar import Span, Unit
from hub.kernel.lifecycle import RuleSet, asked

WORKDAYS, MONTHS = Unit.WORKDAYS, Unit.MONTHS
Count = Annotated[int, Meta(ge=1, le=1000)]


class ReplyClass(msgspec.Struct, frozen=True, kw_only=True):
    """`tracked`: a promise that stays in the ledger until it is kept; `solved`: counts for the A-rate."""

    code: str
    zh: str
    en: str
    tracked: bool = False
    solved: bool = False


THREE_CLASSES = (
    ReplyClass(code="A", zh="已经解决或基本解决", en="solved, or mostly", solved=True),
    ReplyClass(code="B", zh="部分解决或列入计划逐步解决", en="partly solved, or planned", tracked=True),
    ReplyClass(code="C", zh="因条件限制、供参考或无法解决", en="no conditions for it, for reference, or infeasible"),
)
FOUR_CLASSES = (
    ReplyClass(code="A", zh="已经解决", en="solved", solved=True),
    ReplyClass(code="B", zh="正在解决或列入计划解决", en="being solved, or planned", tracked=True),
    ReplyClass(code="C", zh="因条件限制留待以后解决", en="later, for want of conditions"),
    ReplyClass(code="D", zh="留作参考", en="for reference"),
)
REASONS = ("private", "forwarded", "promotion", "empty", "in_court", "tender", "other")


class ProposalRules(RuleSet, frozen=True, kw_only=True):
    leads: Annotated[tuple[int, ...], asked("到期前几天提醒", "Reminders, days before the end")] = (15, 7, 1)
    movers: Annotated[Count, asked("议案联名人数（含领衔）", "Deputies a motion needs")] = 10               # OL 22; a town: 5
    proposers: Annotated[tuple[str, ...], asked("可提出建议的主体", "Who may put a suggestion")] = ("self", "group")  # ZS 7; CQ: delegation
    through_delegation: Annotated[bool, asked("先经代表团审核", "First through the delegation")] = False    # HN 11
    delegation: Annotated[Span, asked("代表团审核", "Delegation's check")] = Span(2, WORKDAYS)              # (I)
    accept: Annotated[Span, asked("受理", "Acceptance")] = Span(7)                                         # ZS 10, between sessions
    assign: Annotated[Span, asked("交办", "Assignment")] = Span(5, WORKDAYS)                               # QD 14; CQ: 10
    joint_assignment: Annotated[bool, asked("代表工委与政府办共同交办", "Both desks agree on the units")] = True  # ZS 11, 13
    outside_government: Annotated[tuple[str, ...], asked("不经政府办交办的单位", "Units the committee assigns alone")] = ()
    sign_for: Annotated[Span, asked("签收", "Signing for it")] = Span(3, WORKDAYS)                         # (I)
    return_within: Annotated[Span, asked("申请退办", "Asking to return it")] = Span(10)                    # ZS 14; QD 5 working days
    reassign: Annotated[Span, asked("重新交办", "Reassignment")] = Span(10, WORKDAYS)                      # HN
    contact: Annotated[Span, asked("联系代表", "Contact with the deputy")] = Span(20, WORKDAYS)            # CQ 18; ZS 17 names none
    contact_first: Annotated[bool, asked("答复前须联系代表", "No reply before contact")] = True             # ZS 17
    assist: Annotated[Span, asked("会办意见", "Assisting opinion")] = Span(2, MONTHS)                      # ZS 18
    reply: Annotated[Span, asked("答复", "Reply")] = Span(3, MONTHS)                                       # DL 51
    reply_at_most: Annotated[Span, asked("延期后最长", "Reply, extended, at most")] = Span(6, MONTHS)       # DL 51, ZS 21
    classes: tuple[ReplyClass, ...] = THREE_CLASSES
    reasons: tuple[str, ...] = REASONS                                                                   # ZS 6, 10
    rate: Annotated[Span, asked("代表评价", "Rating")] = Span(10, WORKDAYS)                                # HN; BJ 15, CQ 20
    rate_urged: Annotated[Span, asked("催评后", "Rating after urging")] = Span(10, WORKDAYS)               # (I); CQ 29 names none
    rehandle: Annotated[Span, asked("重新办理", "Second handling")] = Span(1, MONTHS)                      # ZS 24, ZD 43
    rounds: Annotated[Count, asked("办理轮次，之后升级", "Rounds before it is escalated")] = 2              # HN, CQ 27
    settle: Annotated[Span, asked("升级后协调", "Settling what was escalated")] = Span(1, MONTHS)          # (I)
    fulfil: Annotated[Span, asked("兑现评价", "Rating of the fulfilment")] = Span(20, WORKDAYS)            # CQ 24
    withdraw_late: Annotated[bool, asked("交办后可书面撤回", "Withdrawal after assigning")] = False         # CQ 12, QD 12: yes; BJ: no
    reconsider: Annotated[bool, asked("半数领衔联名人可要求复议", "Movers may ask for reconsideration")] = False  # Guizhou
    inquirers: Annotated[Count, asked("质询案联名代表（大会）", "Deputies an inquiry needs")] = 10                # OL 24
    committee_inquirers: Annotated[Count, asked("质询案联名组成人员（常委会）", "Members an inquiry needs")] = 5    # OL 53; SL 51; a county: 3
    order: Annotated[Span, asked("决定质询案答复方式", "How an inquiry is answered")] = Span(3)               # (I)
    judge: Annotated[Span, asked("对质询案答复表示意见", "What its movers say of the answer")] = Span(5)        # (I)
    inquiry_rounds: Annotated[Count, asked("质询案答复次数", "Answers to an inquiry at most")] = 2            # DL 20, SL 53
    amend_hours: Annotated[Count, asked("修正案须在表决前（小时）", "Amendments, hours before the vote")] = 24   # Guizhou

    def tracked(self) -> frozenset[str]:
        return frozenset(one.code for one in self.classes if one.tracked)

    def solved(self) -> frozenset[str]:
        return frozenset(one.code for one in self.classes if one.solved)


PROVINCES: dict[str, ProposalRules] = {
    "浙江": ProposalRules(),
    "河南": ProposalRules(through_delegation=True, return_within=Span(10, WORKDAYS)),
    "重庆": ProposalRules(
        proposers=("self", "group", "delegation"), assign=Span(10, WORKDAYS), return_within=Span(10, WORKDAYS),
        assist=Span(30, WORKDAYS), rate=Span(20, WORKDAYS), rehandle=Span(2, MONTHS), withdraw_late=True, classes=FOUR_CLASSES),
    "北京": ProposalRules(rate=Span(15, WORKDAYS), rehandle=Span(2, MONTHS)),
    "青岛": ProposalRules(return_within=Span(5, WORKDAYS), assist=Span(1, MONTHS), withdraw_late=True),
    "贵州": ProposalRules(reconsider=True),
}
"""Versions that another congress may begin with."""
