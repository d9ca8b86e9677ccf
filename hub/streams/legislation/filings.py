"""备案审查: a normative document made below is sent in, looked at, corrected where it must be, and its outcome goes back to who made it (S1-C25)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from hub.kernel.actor import SYSTEM as HUB
from hub.kernel.actor import Permission
from hub.kernel.calendar import Span
from hub.kernel.lifecycle import (
    Case,
    Deadline,
    Facts,
    Form,
    Lifecycle,
    RuleSet,
    Scene,
    Sentence,
    State,
    Step,
    Who,
    asked,
)
from hub.streams.legislation.entry import CHAIRS, CLERK
from hub.streams.legislation.words import COMMITTEE, FAMILY, LEGISLATE, RULES

P = Permission
Known = Mapping[str, Any]
Files = tuple[UUID, ...]
UNIT = Who(P.HANDLE, "lead_unit")


class Filing(Facts, frozen=True, kw_only=True):
    """`kind`: who made it; `topic`: what was found against it."""

    maker: str = ""
    number: str = ""
    issued: date | None = None
    effective: date | None = None
    late_reason: str = ""
    text: str = ""
    opinion: str = ""
    corrected: str = ""
    reason: str = ""


class SendForm(Form, frozen=True, kw_only=True):
    title: Annotated[str, asked("文件名称", "Document", min_length=4, max_length=100)]
    kind: Annotated[str, asked("制定机关类别", "Made by", pick="word:kind", max_length=20)]
    maker: Annotated[str, asked("制定机关", "Maker", min_length=2, max_length=60)]
    number: Annotated[str, asked("文号", "Number", max_length=60)] = ""
    issued: Annotated[date, asked("公布日期", "Published on")]
    effective: Annotated[date | None, asked("施行日期", "In force from")] = None
    text: Annotated[str, asked("正文", "Text", rows=12, min_length=10, max_length=200_000)]
    files: Annotated[Files, asked("备案报告、说明", "Report and explanation", pick="file", min_length=1, max_length=10)]
    late_reason: Annotated[str, asked("逾期说明", "Why it is late", hint=("逾期报送时填", "when it is sent in late"), rows=2, max_length=1000)] = ""


class AskForm(Form, frozen=True, kw_only=True):
    topic: Annotated[str, asked("存在问题", "What is wrong", pick="word:topic", max_length=20)]
    opinion: Annotated[str, asked("审查意见", "Opinion", rows=6, min_length=4, max_length=10_000)]
    files: Annotated[Files, asked("材料", "Papers", pick="file", max_length=10)] = ()


class CorrectForm(Form, frozen=True, kw_only=True):
    corrected: Annotated[str, asked("处理结果", "What was done", pick="word:corrected", max_length=20)]
    text: Annotated[str, asked("修改后正文", "Text as corrected", hint=("修改了的填", "where it was amended"), rows=10, max_length=200_000)] = ""
    reason: Annotated[str, asked("说明", "Explanation", rows=3, min_length=2, max_length=2000)]
    files: Annotated[Files, asked("材料", "Papers", pick="file", max_length=10)] = ()


class FindingForm(Form, frozen=True, kw_only=True):
    reason: Annotated[str, asked("审查结论", "Finding", rows=3, min_length=2, max_length=2000)]


class FilingRules(RuleSet, frozen=True, kw_only=True):
    send: Annotated[Span, asked("公布后报送", "Sent in after publication")] = Span(30)      # LL 109
    review: Annotated[Span, asked("审查", "Looked at")] = Span(60)                          # SF; (I)
    correct: Annotated[Span, asked("制定机关处理", "Corrected by its maker")] = Span(60)     # SF; (I)


MADE_BY: dict[str, Sentence] = {
    "government": ("市政府", "City government"), "county": ("县（市、区）人大常委会", "County congress"), "department": ("市政府部门", "Department"),
    "court": ("监察委、法院、检察院", "Supervisory commission, court, procuratorate"),
}
WRONG: dict[str, Sentence] = {
    "power": ("超越权限", "Beyond its power"), "higher_law": ("违反上位法", "Against higher law"), "rights": ("减损权利、增加义务", "Takes rights or adds duties"),
    "procedure": ("违反程序", "Against procedure"), "outdated": ("与实际不符", "Outdated"),
}
DONE: dict[str, Sentence] = {"amended": ("已修改", "Amended"), "repealed": ("已废止", "Repealed"), "upheld": ("书面说明不改", "Upheld, with reasons")}


def sent_in_time(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    latest = scene.calendar.after(form.issued, scene.rules.send)
    if form.issued > scene.day:
        return "公布日期还没有到，请核对。", "It has not been published yet; check the day."
    if scene.day <= latest or len(form.late_reason.strip()) >= 2:
        return None
    return f"应在公布后{scene.rules.send.words()[0]}内报送（{latest:%Y-%m-%d}前），请填写逾期说明。", f"It was due by {latest:%Y-%m-%d}; say why it is late."


def words_known(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    tables = {"kind": MADE_BY, "topic": WRONG, "corrected": DONE}
    wrong = next((name for name, table in tables.items() if getattr(form, name, None) not in (None, *table)), None)
    return None if wrong is None else ("请从列表中选择。", f"Choose {wrong} from the list.")


def text_given(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    if form.corrected != "amended" or len(form.text.strip()) >= 10:
        return None
    return "修改了的，请填写修改后的正文。", "Where it was amended, give the text as it is now."


def _sender(case: Case | None, form: Any, scene: Scene) -> Mapping[str, tuple[str, ...]]:
    units = tuple(scope for scope in scene.actor.scopes if scope.startswith("department:"))
    return {} if scene.actor.id == HUB.id or not units else {"lead_unit": units}


def _corrected(case: Case | None, form: Any, scene: Scene) -> Known:
    return {} if form.text or case is None else {"text": case.facts.text}


def maker(case: Case) -> tuple[str, ...]:
    """Where the desk sent it in for an organ that is not here, the desk hears what became of it."""
    return case.parties.get("lead_unit", ()) or (LEGISLATE,)


def _by_unit(case: Case | None, form: Any, scene: Scene) -> bool:
    return bool(case and case.parties.get("lead_unit"))


def _by_desk(case: Case | None, form: Any, scene: Scene) -> bool:
    return not _by_unit(case, form, scene)


FILINGS = Lifecycle(
    name="law_filings", noun="lawfiling", zh="备案审查", en="Filing review", facts=Filing,
    states=(State("sent", "待登记", "To be registered", owner=LEGISLATE),
            State("review", "审查", "Under review", owner=LEGISLATE, tone="running"),
            State("asked", "待制定机关处理", "To be corrected", owner="lead_unit", tone="refused", turn=maker),
            State("corrected", "已处理，待复核", "Corrected", owner=LEGISLATE, tone="running"),
            State("filed", "审查结束", "Filed", public=True, terminal=True, tone="done"),
            State("returned", "退回", "Returned", terminal=True, tone="refused"),
            State("revoked", "撤销", "Revoked", public=True, terminal=True, tone="refused")),
    steps=(
        Step(command="SendForFiling", event="FilingSent", zh="报送备案", en="Send in", to="sent", who=(Who(P.HANDLE), CLERK), form=SendForm,
             guards=(words_known, sent_in_time), parties=_sender, tells=(LEGISLATE,), numbered="备案", source="LL 109；S1-C25"),
        Step(command="RegisterFiling", event="FilingRegistered", zh="登记", en="Register", frm=("sent",), to="review", who=(CLERK,),
             tells=("lead_unit",), source="SF"),
        Step(command="ReturnFiling", event="FilingReturned", zh="退回", en="Return", frm=("sent",), to="returned", who=(CLERK,), form=FindingForm,
             tells=("lead_unit",), source="SF"),
        Step(command="AskCorrection", event="CorrectionAsked", zh="提出审查意见", en="Ask for correction", frm=("review", "corrected"), to="asked",
             who=(CLERK,), form=AskForm, guards=(words_known,), tells=("lead_unit", COMMITTEE), urgent=True, source="LL 112"),
        Step(command="CorrectFiled", event="FiledCorrected", zh="报告处理结果", en="Report the correction", frm=("asked",), to="corrected",
             who=(UNIT, CLERK), form=CorrectForm, guards=(words_known, text_given), knows=_corrected, tells=(LEGISLATE,), source="LL 112"),
        Step(command="CloseFiling", event="FilingClosed", zh="审查结束", en="Close the review", frm=("review", "corrected"), to="filed", who=(CLERK,),
             form=FindingForm, tells=("lead_unit",), source="SF"),
        Step(command="RevokeFiled", event="FiledRevoked", zh="撤销", en="Revoke", frm=("asked", "corrected"), to="revoked", who=(CHAIRS,),
             form=FindingForm, tells=("lead_unit", LEGISLATE), source="LL 108、112"),
    ),
    deadlines=(
        Deadline(name="review", zh="审查", en="Review", owner=(LEGISLATE,), starts=("FilingRegistered",), stops=("CorrectionAsked", "FilingClosed"),
                 limit="review", copies=(COMMITTEE,), source="SF"),
        Deadline(name="correct", zh="制定机关处理", en="Correction", owner=("lead_unit",), starts=("CorrectionAsked",), starts_if=_by_unit,
                 stops=("FiledCorrected", "FiledRevoked"), limit="correct", copies=(LEGISLATE, RULES), owes=True, source="LL 112"),
        Deadline(name="correct_outside", zh="制定机关处理（代为报送）", en="Correction by an organ that is not here", owner=(LEGISLATE,),
                 starts=("CorrectionAsked",), starts_if=_by_desk, stops=("FiledCorrected", "FiledRevoked"), limit="correct", copies=(RULES,),
                 owes=True, source="LL 112"),
    ),
    rules=FilingRules, oversight=(P.LEGISLATE, P.COMMITTEE),
    relations={"lead_unit": ("报送机关", "Sent in by"), LEGISLATE: ("法工委", "Legislative affairs"), COMMITTEE: ("主任会议", "Chairpersons' meeting"),
               RULES: ("管理员", "Administrator")},
    words={"kind": MADE_BY, "topic": WRONG, "corrected": DONE}, prose=("title", "text"), open_facts=("maker", "number", "issued", "effective"),
    family=FAMILY, columns=("number", "title", "kind", "maker", "issued", "state", "waits", "due"),
)
