"""What each step asks of who takes it. A field that a project knows by the same name is known from then on."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.lifecycle import Form, asked

Title = Annotated[str, asked("项目名称", "Title", min_length=4, max_length=100)]
Files = tuple[UUID, ...]
Unit = Annotated[str, asked("起草单位", "Drafting unit", pick="unit", pattern=r"^[a-z]+:\d{1,6}$", max_length=20)]
Meeting = Annotated[str, asked("会议", "Meeting", min_length=2, max_length=100)]
Reason = Annotated[str, asked("理由", "Reason", rows=3, min_length=2, max_length=2000)]
Text = Annotated[str, asked("草案全文", "Whole text", hint=("每条以“第X条”开头", "articles begin with 第…条"), rows=16, min_length=10, max_length=200_000)]


class LibraryForm(Form, frozen=True, kw_only=True):
    """What is taken into the library; `within`: that the city may legislate on it (LL 81)."""

    title: Title
    kind: Annotated[str, asked("项目类型", "Kind", pick="word:kind", max_length=20)] = "enact"
    subject: Annotated[str, asked("立法事项", "Subject", pick="word:subject", max_length=20)]
    source: Annotated[str, asked("项目来源", "Source", pick="word:source", max_length=20)] = "other"
    proposer: Annotated[str, asked("提出人", "Who proposed it", max_length=60)] = ""
    template: Annotated[str, asked("项目模板", "Template", pick="template", max_length=40)] = ""
    necessity: Annotated[str, asked("立法必要性", "Why it is needed", rows=5, max_length=10_000)] = ""
    basis: Annotated[str, asked("上位法依据", "Higher law it rests on", rows=3, max_length=5000)] = ""
    suggested: Annotated[Files, asked("草案建议稿", "Suggested draft", pick="file", max_length=10)] = ()
    proposal: Annotated[Files, asked("立项建议书", "Proposal of the project", pick="file", max_length=10)] = ()


class EditForm(LibraryForm, frozen=True, kw_only=True):
    """Changed while it is in the library."""


class PlanForm(Form, frozen=True, kw_only=True):
    """Plan of the year (S1-C06)."""

    year: Annotated[int, asked("计划年度", "Year", ge=2000, le=2100)]
    level: Annotated[str, asked("项目层级", "Level", pick="word:level", max_length=20)] = "formal"
    proposer: Annotated[str, asked("提案人", "Proposer", min_length=2, max_length=60)]
    drafting: Unit
    committee_name: Annotated[str, asked("责任委员会", "Responsible committee", max_length=60)] = ""
    contact: Annotated[str, asked("联系人", "Contact", max_length=60)] = ""
    feasibility: Annotated[Files, asked("立项论证报告", "Justification report", pick="file", max_length=10)] = ()
    suggested: Annotated[Files, asked("草案建议稿", "Suggested draft", pick="file", max_length=10)] = ()
    submit_on: Annotated[date, asked("提请审议日期", "To be submitted on")]
    first_on: Annotated[date, asked("一审日期", "First reading")]
    second_on: Annotated[date | None, asked("二审日期", "Second reading")] = None
    third_on: Annotated[date | None, asked("三审日期", "Third reading")] = None
    note: Annotated[str, asked("备注", "Note", rows=2, max_length=2000)] = ""


class ProvinceForm(Form, frozen=True, kw_only=True):
    province_said: Annotated[str, asked("省法工委意见", "Province's opinion", rows=4, min_length=2, max_length=5000)]
    province_handles: Annotated[bool, asked("省里正在办理同一事项", "The province handles the same subject")] = False


class SetForm(Form, frozen=True, kw_only=True):
    meeting: Meeting
    held_on: Annotated[date, asked("通过日期", "Set on")]


class NodeDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    node: Annotated[str, asked("节点", "Node", pick="word:node", max_length=20)]
    planned: Annotated[date, asked("计划日期", "Planned for")]


class NodesForm(Form, frozen=True, kw_only=True):
    days: Annotated[tuple[NodeDay, ...], asked("节点计划", "Planned nodes", min_length=1, max_length=30)]
    reason: Annotated[str, asked("调整说明", "Why it changes", rows=3, max_length=2000)] = ""


class RemarkForm(Form, frozen=True, kw_only=True):
    text: Annotated[str, asked("批示", "Remark", rows=4, min_length=2, max_length=2000)]


class CriticismForm(Form, frozen=True, kw_only=True):
    text: Annotated[str, asked("督办意见", "Criticism", rows=5, min_length=4, max_length=2000)]
    until: Annotated[date, asked("书面回复期限", "Written answer until")]


class CriticismAnswer(Form, frozen=True, kw_only=True):
    text: Annotated[str, asked("整改情况", "What was done", rows=5, min_length=4, max_length=2000)]


class HearForm(Form, frozen=True, kw_only=True):
    way: Annotated[str, asked("方式", "How", pick="word:way", max_length=20)]
    held_on: Annotated[date, asked("日期", "Day")]
    record: Annotated[str, asked("主要意见", "What was said", rows=6, min_length=2, max_length=20_000)]
    files: Annotated[Files, asked("材料", "Papers", pick="file", max_length=20)] = ()


class BillForm(Form, frozen=True, kw_only=True):
    """`compared`: the comparison table, for amendments and revisions."""

    meeting: Meeting
    meeting_on: Annotated[date, asked("会议日期", "Day of the meeting")]
    mover: Annotated[str, asked("提案人", "Who moves it", pick="word:mover", max_length=20)] = "government"
    joint: Annotated[int, asked("联名人数", "How many sign it", hint=("联名提出时填", "when it is moved jointly"), ge=0, le=1000)] = 0
    text: Text
    explanation: Annotated[Files, asked("草案说明", "Explanation", pick="file", min_length=1, max_length=5)]
    references: Annotated[Files, asked("参阅资料", "References", pick="file", max_length=20)] = ()
    compared: Annotated[Files, asked("修改前后对照表", "Comparison table", pick="file", max_length=5)] = ()
    late_reason: Annotated[str, asked("逾期说明", "Why it is late", hint=("晚于计划时填", "when it is later than planned"), rows=3, max_length=2000)] = ""


class ListForm(Form, frozen=True, kw_only=True):
    meeting: Meeting
    meeting_on: Annotated[date, asked("会议日期", "Day of the meeting")]
    readings: Annotated[Annotated[int, Meta(ge=1, le=3)] | None, asked("审次", "Readings", hint=("主任会议决定，空为按规则", "empty: by rule"))] = None


class ReasonForm(Form, frozen=True, kw_only=True):
    reason: Reason
    files: Annotated[Files, asked("报告", "Report", pick="file", max_length=10)] = ()


class RefusalForm(Form, frozen=True, kw_only=True):
    """A bill is kept off the agenda with a report to the standing committee (WL 26)."""

    reason: Reason
    files: Annotated[Files, asked("向常委会的报告", "Report to the standing committee", pick="file", min_length=1, max_length=10)]


class MeetingForm(Form, frozen=True, kw_only=True):
    meeting: Meeting
    meeting_on: Annotated[date, asked("会议日期", "Day of the meeting")]


class ReadingForm(Form, frozen=True, kw_only=True):
    held_on: Annotated[date, asked("审议日期", "Held on")]
    record: Annotated[str, asked("审议意见", "What was said", rows=6, max_length=20_000)] = ""


class PublishForm(Form, frozen=True, kw_only=True):
    comment_until: Annotated[date, asked("征求意见截止", "Comments until")]
    text: Annotated[str, asked("征求意见稿", "Text for comment", hint=("空为现稿", "empty: the present one"), rows=12, max_length=200_000)] = ""


class RevisedForm(Form, frozen=True, kw_only=True):
    text: Text
    note: Annotated[str, asked("修改说明", "What was changed", rows=4, max_length=5000)] = ""
    evaluated: Annotated[str, asked("表决前评估", "Evaluation before the vote", rows=4, max_length=5000)] = ""


class ShownForm(Form, frozen=True, kw_only=True):
    province_seen: Annotated[date, asked("报送日期", "Sent on")]
    province_said: Annotated[str, asked("省意见", "Province's opinion", rows=4, max_length=5000)] = ""


class VoteForm(Form, frozen=True, kw_only=True):
    """`members`: all members of the standing committee (deputies, where the congress votes); not those present."""

    held_on: Annotated[date, asked("表决日期", "Voted on")]
    members: Annotated[int, asked("全体组成人员", "All members", ge=1, le=3000)]
    yes: Annotated[int, asked("赞成", "Yes", ge=0, le=3000)]
    no: Annotated[int, asked("反对", "No", ge=0, le=3000)] = 0
    abstain: Annotated[int, asked("弃权", "Abstained", ge=0, le=3000)] = 0
    not_pressed: Annotated[int, asked("未按表决器", "Not pressed", ge=0, le=3000)] = 0


class ClauseForm(VoteForm, frozen=True, kw_only=True):
    clause: Annotated[str, asked("单独表决的条款", "Clause voted on", min_length=2, max_length=60)]


class DayForm(Form, frozen=True, kw_only=True):
    held_on: Annotated[date, asked("日期", "Day")]
    files: Annotated[Files, asked("材料", "Papers", pick="file", max_length=20)] = ()


class DecidedForm(Form, frozen=True, kw_only=True):
    approved: Annotated[bool, asked("批准", "Approved")]
    approver: Annotated[str, asked("批准机关", "Approved by", min_length=2, max_length=60)] = "省人民代表大会常务委员会"
    held_on: Annotated[date, asked("决定日期", "Decided on")]
    reason: Annotated[str, asked("理由", "Reason", rows=3, max_length=2000)] = ""


class NoticeForm(Form, frozen=True, kw_only=True):
    """WL 44: who made it, who approved it, the days of passing, approval and effect."""

    maker: Annotated[str, asked("制定机关", "Made by", min_length=2, max_length=60)]
    effective: Annotated[date, asked("施行日期", "In force from")]
    text: Text


class FiledForm(Form, frozen=True, kw_only=True):
    filed_province: Annotated[date | None, asked("报省备案日期", "Filed with the province on")] = None
    filed_national: Annotated[date | None, asked("报全国备案日期", "Filed nationally on")] = None


class InterpretForm(Form, frozen=True, kw_only=True):
    """It has the force of the law itself, and is approved like it (WL 54)."""

    text: Annotated[str, asked("解释全文", "Interpretation", rows=8, min_length=2, max_length=50_000)]
    passed_on: Annotated[date, asked("常委会通过日期", "Passed on")]
    approved_on: Annotated[date, asked("省批准日期", "Approved by the province on")]
    files: Annotated[Files, asked("材料", "Papers", pick="file", max_length=20)] = ()


class UpheldForm(Form, frozen=True, kw_only=True):
    text: Annotated[str, asked("内容", "Content", rows=8, min_length=2, max_length=50_000)]
    files: Annotated[Files, asked("材料", "Papers", pick="file", max_length=20)] = ()


