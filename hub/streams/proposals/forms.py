"""What each step asks of who takes it. A field that a case knows by the same name is known from then on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from hub.kernel.lifecycle import Form, asked

Title = Annotated[str, asked("标题", "Title", min_length=4, max_length=100)]
Reason = Annotated[str, asked("理由", "Reason", rows=3, min_length=2, max_length=1000)]
UnitRef = Annotated[str, Meta(pattern=r"^[a-z]+:\d{1,6}$", max_length=20)]
UnitList = tuple[UnitRef, ...]
Files = Annotated[tuple[UUID, ...], asked("附件", "Files", pick="file", max_length=20)]
MOTION, INQUIRY, NO_INQUIRY, PROMISED = "kind:motion", "kind:inquiry", "kind:suggestion,motion", "klass:B"
"""Choices to which some fields belong."""
Topic = Annotated[str, asked("分类", "Topic", pick="word:topic", max_length=40)]


class TextForm(Form, frozen=True, kw_only=True):
    """One matter in each: situation, analysis, concrete advice; a motion has cause, ground and plan;
    an inquiry names whom it is put to, the question and its content."""

    title: Title
    kind: Annotated[Literal["suggestion", "motion", "inquiry"], asked("类型", "Kind", pick="word:kind")] = "suggestion"
    topic: Topic = "other"
    situation: Annotated[str, asked("情况", "Situation", only=NO_INQUIRY, rows=5, max_length=10_000)] = ""
    analysis: Annotated[str, asked("分析", "Analysis", only=NO_INQUIRY, rows=5, max_length=10_000)] = ""
    advice: Annotated[str, asked("具体建议", "Concrete advice", only=NO_INQUIRY, rows=6, max_length=10_000)] = ""
    cause: Annotated[str, asked("案由", "Cause", only=MOTION, rows=3, max_length=10_000)] = ""
    ground: Annotated[str, asked("案据", "Ground", only=MOTION, rows=5, max_length=10_000)] = ""
    plan: Annotated[str, asked("方案", "Plan", only=MOTION, rows=5, max_length=10_000)] = ""
    forum: Annotated[Literal["congress", "committee"], asked("向谁提出", "Put to", only=INQUIRY, pick="word:forum")] = "congress"
    asked_of: Annotated[str, asked("质询对象", "Organ it is put to", only=INQUIRY, pick="unit", max_length=20)] = ""
    question: Annotated[str, asked("质询的问题", "Question", only=INQUIRY, rows=4, max_length=10_000)] = ""
    content: Annotated[str, asked("质询的内容", "Content", only=INQUIRY, rows=6, max_length=10_000)] = ""
    files: Files = ()
    confidential: Annotated[bool, asked("不宜公开", "Confidential")] = False


class DraftForm(TextForm, frozen=True, kw_only=True):
    behalf: Annotated[Literal["self", "group", "delegation"], asked("以何名义提出", "In whose name", pick="word:behalf")] = "self"
    deputy: Annotated[UUID | None, asked("代为录入的代表", "Deputy it is entered for", only="staff", pick="deputy")] = None


class InviteForm(Form, frozen=True, kw_only=True):
    deputies: Annotated[tuple[UUID, ...], asked("邀请联名的代表", "Deputies to invite", pick="deputy", min_length=1, max_length=440)]


class ConfirmForm(Form, frozen=True, kw_only=True):
    """`seen`: the edition that was read, so that nobody confirms a text that was changed meanwhile."""

    seen: Annotated[int, asked("所读文稿版次", "Edition read", ge=1)]


class SubmitForm(Form, frozen=True, kw_only=True):
    one_matter: Annotated[bool, asked("一事一议：本件只提一个事项", "It is one matter only")]
    related: Annotated[tuple[Annotated[str, Meta(max_length=200)], ...], asked("引用的法规文件", "Documents it refers to", max_length=20)] = ()


class AcceptForm(Form, frozen=True, kw_only=True):
    """`units`: who should handle it in the opinion of the desk that accepts."""

    topic: Topic
    units: Annotated[UnitList, asked("拟主办单位", "Units proposed to handle it", pick="unit", max_length=20)] = ()
    helpers: Annotated[UnitList, asked("拟会办单位", "Units proposed to assist", pick="unit", max_length=20)] = ()


class RefuseForm(Form, frozen=True, kw_only=True):
    refusal: Annotated[str, asked("不予受理的情形", "Why it is not accepted", pick="rule:reasons", max_length=20)]
    explanation: Annotated[str, asked("给代表的说明", "Explanation for the deputy", rows=3, min_length=4, max_length=1000)]


class MergeForm(Form, frozen=True, kw_only=True):
    into: Annotated[UUID, asked("并入", "Merge into", pick="case")]
    reason: Reason


class PlanForm(Form, frozen=True, kw_only=True):
    units: Annotated[UnitList, asked("主办（或分别办理）单位", "Units to handle it", pick="unit", min_length=1, max_length=20)]
    helpers: Annotated[UnitList, asked("会办单位", "Assisting units", pick="unit", max_length=20)] = ()


class AssignForm(PlanForm, frozen=True, kw_only=True):
    mode: Annotated[Literal["lead", "separate"], asked("办理方式", "How", pick="word:mode")] = "lead"
    note: Annotated[str, asked("交办意见", "Note to the units", rows=3, max_length=1000)] = ""


class SignForForm(Form, frozen=True, kw_only=True):
    handler: Annotated[str, asked("经办人", "Handler", min_length=2, max_length=30)]
    phone: Annotated[str, asked("联系电话", "Telephone", max_length=30)] = ""


class ContactForm(Form, frozen=True, kw_only=True):
    way: Annotated[Literal["visit", "research", "forum", "phone", "invite"], asked("方式", "How", pick="word:way")]
    on: Annotated[date, asked("日期", "Day")]
    with_whom: Annotated[str, asked("联系的代表", "With whom", min_length=2, max_length=60)]
    text: Annotated[str, asked("沟通内容", "What was said", rows=3, min_length=4, max_length=2000)]


class SayForm(Form, frozen=True, kw_only=True):
    text: Annotated[str, asked("内容", "Message", rows=3, min_length=2, max_length=2000)]


class OpinionForm(Form, frozen=True, kw_only=True):
    text: Annotated[str, asked("会办意见", "Assisting opinion", rows=4, min_length=4, max_length=5000)]


class AskExtensionForm(Form, frozen=True, kw_only=True):
    until: Annotated[date, asked("申请延至", "Until")]
    reason: Reason


class GrantForm(Form, frozen=True, kw_only=True):
    until: Annotated[date, asked("同意延至", "Granted until")]


class ReplyForm(Form, frozen=True, kw_only=True):
    """The uniform letter: number, class on the top right, text; of class B also the promise and its day."""

    number: Annotated[str, asked("答复文号", "Number of the letter", min_length=2, max_length=60)]
    klass: Annotated[str, asked("办理结果分类", "Class", pick="rule:classes", max_length=4)]
    text: Annotated[str, asked("答复内容", "Reply", rows=10, min_length=10, max_length=20_000)]
    promise: Annotated[str, asked("承诺事项", "Promise", only=PROMISED, rows=2, max_length=1000)] = ""
    solve_by: Annotated[date | None, asked("承诺解决日期", "To be solved by", only=PROMISED)] = None
    enclosures: Annotated[tuple[UUID, ...], asked("附件", "Enclosures", pick="file", max_length=20)] = ()
    open: Annotated[bool, asked("答复可公开", "The reply may be public")] = True


class ReleaseForm(Form, frozen=True, kw_only=True):
    unit: Annotated[UnitRef, asked("会办单位", "Assisting unit", pick="unit")]
    note: Annotated[str, asked("说明", "Note", rows=2, max_length=1000)] = ""


class SealForm(Form, frozen=True, kw_only=True):
    unit: Annotated[str, asked("单位", "Unit", hint=("兼管多家时填", "where you head several"), pick="unit", max_length=20)] = ""
    sealed: Annotated[bool, asked("已签发并加盖公章", "Signed and sealed")]


class RateForm(Form, frozen=True, kw_only=True):
    """`unit`: whose reply is rated; needed where several answered separately."""

    rating: Annotated[Literal["satisfied", "basically", "unsatisfied"], asked("评价", "Rating", pick="word:rating")]
    reason: Annotated[str, asked("意见", "Opinion", hint=("不满意须填", "needed when unsatisfied"), rows=3, max_length=1000)] = ""
    unit: Annotated[str, asked("评价哪个单位", "Unit", pick="unit", max_length=20)] = ""


class SettleForm(Form, frozen=True, kw_only=True):
    outcome: Annotated[Literal["rehandle", "settled"], asked("处理", "Outcome", pick="word:outcome")]
    experts: Annotated[str, asked("参加评估的专家、代表", "Experts and deputies who assessed", max_length=300)] = ""
    text: Annotated[str, asked("协调意见", "Outcome in words", hint=("承办单位须执行", "units must follow"), rows=4, min_length=4, max_length=5000)]


class FulfilmentForm(Form, frozen=True, kw_only=True):
    solved: Annotated[bool, asked("承诺事项已解决", "The promise is kept")]
    text: Annotated[str, asked("再次答复或说明", "Second reply or explanation", rows=5, min_length=4, max_length=5000)]


class RateFulfilmentForm(Form, frozen=True, kw_only=True):
    fulfilment: Annotated[Literal["fulfilled", "partly", "unfulfilled"], asked("兑现评价", "Fulfilment", pick="word:fulfilment")]
    reason: Annotated[str, asked("意见", "Opinion", rows=2, max_length=1000)] = ""
    unit: Annotated[str, asked("评价哪个单位", "Unit", pick="unit", max_length=20)] = ""


class KeyForm(Form, frozen=True, kw_only=True):
    leader: Annotated[str, asked("领办负责人", "Head who leads it", min_length=2, max_length=30)]
    body: Annotated[str, asked("督办委员会", "Committee that urges", min_length=2, max_length=60)]


class ConfidentialForm(Form, frozen=True, kw_only=True):
    confidential: Annotated[bool, asked("不宜公开", "Confidential")]
    reason: Reason


class PassOnForm(Form, frozen=True, kw_only=True):
    deputy: Annotated[UUID, asked("接任领衔的联名代表", "Co-signer who leads from now on", pick="deputy")]
    reason: Reason


class MotionReportForm(Form, frozen=True, kw_only=True):
    report: Annotated[str, asked("处理意见的报告", "The secretariat's report", rows=5, min_length=4, max_length=10_000)]


class ReferForm(Form, frozen=True, kw_only=True):
    body: Annotated[str, asked("专门委员会", "Special committee", min_length=2, max_length=60)]
    opinion_by: Annotated[date, asked("提出意见的期限", "Opinion due")]


class CommitteeOpinionForm(Form, frozen=True, kw_only=True):
    committee_opinion: Annotated[str, asked("审议意见", "Opinion", rows=5, min_length=4, max_length=10_000)]


class DeliberationForm(Form, frozen=True, kw_only=True):
    deliberation: Annotated[str, asked("各代表团审议情况", "What the delegations said", rows=5, min_length=4, max_length=10_000)]


class ObjectionForm(Form, frozen=True, kw_only=True):
    reason: Reason


class AmendmentForm(Form, frozen=True, kw_only=True):
    deputies: Annotated[tuple[UUID, ...], asked("提出修正案的代表", "Deputies who move it", pick="deputy", min_length=1, max_length=440)]
    text: Annotated[str, asked("修正案", "Amendment", rows=5, min_length=4, max_length=10_000)]


class ResolutionForm(Form, frozen=True, kw_only=True):
    resolution: Annotated[str, asked("决议草案", "Draft resolution", rows=6, min_length=4, max_length=10_000)]
    vote_at: Annotated[datetime, asked("表决时间", "Time of the vote", tz=True)]


class VoteForm(Form, frozen=True, kw_only=True):
    present: Annotated[int, asked("出席", "Present", ge=0, le=5000)]
    yes: Annotated[int, asked("赞成", "Yes", ge=0, le=5000)]
    no: Annotated[int, asked("反对", "No", ge=0, le=5000)]
    abstain: Annotated[int, asked("弃权（含未按）", "Abstained, or did not press", ge=0, le=5000)]


class ReplyShareForm(Form, frozen=True, kw_only=True):
    """The reply to the case it was merged into, for the deputies of this one too."""

    unit: UnitRef
    number: str
    text: str
    klass: str
    in_round: Annotated[int, Meta(ge=1)]
    open: bool = True


class TakeInForm(Form, frozen=True, kw_only=True):
    case: UUID
    deputies: tuple[str, ...]
