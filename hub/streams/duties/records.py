"""履职记录: what a deputy did, entered by the deputy or by the hub; reviewed, counted, disputed, frozen at the end of the year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.actor import Permission
from hub.kernel.calendar import Span, Unit
from hub.kernel.lifecycle import (
    DESK,
    Case,
    Deadline,
    Facts,
    Form,
    Lifecycle,
    Scene,
    Sentence,
    State,
    Step,
    Who,
    asked,
    own_ref,
)
from hub.streams.duties.family import DUTIES
from hub.streams.duties.scoring_messages import ScoreRules

P = Permission
INTAKE = f"{DESK}{P.INTAKE}"
CLERK, DEPUTY, SYSTEM = Who(P.INTAKE), Who(P.PROPOSE, "lead"), Who()

KINDS: dict[str, Sentence] = {
    "session": ("出席会议", "Session attended"), "speech": ("审议发言", "Spoken in deliberation"), "proposal": ("议案建议", "Motion or suggestion"),
    "guest": ("列席会议", "Attended as guest"), "inspection": ("视察", "Inspection"), "research": ("专题调研", "Research"),
    "law": ("执法检查", "Law inspection"), "group": ("代表小组活动", "Group activity"), "reception": ("接待选民", "Reception of voters"),
    "visit": ("走访群众", "Visit to voters"), "training": ("学习培训", "Training"), "snapshot": ("随手拍", "Snapshot"), "other": ("其他", "Other"),
}
"""S1-D38."""


class Record(Facts, frozen=True, kw_only=True):
    """`origin`: what it was made from (`activity:<id>`, `proposal:<id>`), empty for one entered by hand. `hours` in quarters."""

    origin: str = ""
    on: date | None = None
    place: str = ""
    text: str = ""
    hours: float = 0.0
    dispute: str = ""
    answer: str = ""
    year: int = 0


class RecordRules(ScoreRules, frozen=True, kw_only=True):
    leads: Annotated[tuple[int, ...], asked("到期前几天提醒", "Reminders, days before the end")] = (2,)
    review: Annotated[Span, asked("审核", "Review")] = Span(5, Unit.WORKDAYS)        # (I)
    dispute: Annotated[Span, asked("异议答复", "Answer to a dispute")] = Span(10, Unit.WORKDAYS)  # (I)
    groups: Annotated[int, asked("小组活动每年至少几次", "Group activities a year, at least", ge=0, le=100)] = 3  # ZD 19


Hours = Annotated[float, asked("时长（小时）", "Hours", blank=("—", "—"), ge=0, le=240)]
Kind = Annotated[str, asked("类别", "Kind", pick="word:kind", max_length=20)]


class RecordForm(Form, frozen=True, kw_only=True):
    title: Annotated[str, asked("标题", "Title", min_length=2, max_length=100)]
    kind: Kind
    on: Annotated[date, asked("日期", "Day")]
    place: Annotated[str, asked("地点", "Place", max_length=100)] = ""
    hours: Hours = 0.0
    text: Annotated[str, asked("履职内容", "What was done", rows=5, min_length=2, max_length=5000)]
    files: Annotated[tuple[UUID, ...], asked("照片或材料", "Pictures or papers", pick="file", max_length=9)] = ()


class AutomaticForm(Form, frozen=True, kw_only=True):
    """What the hub enters; `origin` is counted once for a deputy, because the case's id is derived from both."""

    person: Annotated[UUID, asked("代表", "Deputy", pick="deputy")]
    origin: Annotated[str, asked("来源", "Origin", min_length=3, max_length=100)]
    title: Annotated[str, asked("标题", "Title", min_length=2, max_length=100)]
    kind: Kind
    on: Annotated[date, asked("日期", "Day")]
    place: Annotated[str, asked("地点", "Place", max_length=100)] = ""
    hours: Hours = 0.0


class ApproveForm(Form, frozen=True, kw_only=True):
    hours: Annotated[Annotated[float, Meta(ge=0, le=240)] | None, asked("核定时长（小时）", "Hours allowed", hint=("空为所报", "empty: as said"))] = None


class TitleForm(Form, frozen=True, kw_only=True):
    title: Annotated[str, asked("标题", "Title", min_length=2, max_length=100)]


class WhyForm(Form, frozen=True, kw_only=True):
    answer: Annotated[str, asked("理由", "Reason", rows=3, min_length=2, max_length=1000)]


class DisputeForm(Form, frozen=True, kw_only=True):
    dispute: Annotated[str, asked("异议", "Dispute", rows=3, min_length=2, max_length=1000)]


class CorrectForm(Form, frozen=True, kw_only=True):
    kind: Kind
    hours: Hours
    answer: Annotated[str, asked("答复", "Answer", rows=3, min_length=2, max_length=1000)]


def plausible(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    if form.kind not in KINDS:
        return "请从列表中选择类别。", "Choose the kind from the list."
    if form.on > scene.day:
        return f"日期{form.on:%Y-%m-%d}还没有到，请在履职后登记。", f"{form.on:%Y-%m-%d} has not come yet; record it afterwards."
    if form.on.year < scene.day.year - 1:
        return "只能登记今年和去年的履职。", "Only this year's and last year's duties can be recorded."
    return None


def kind_known(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.kind in KINDS else ("请从列表中选择类别。", "Choose the kind from the list.")


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What a record is decided on. `resting`: the asker's mandate is suspended or has ended."""

    frozen: frozenset[int] = frozenset()
    resting: bool = False


def in_office(_case: Case | None, _form: Any, scene: Scene) -> Sentence | None:
    if not (scene.reads and scene.reads.resting):
        return None
    return "您的代表职务已暂停或终止，不能登记履职；如有疑问请联系代表工委。", "Your mandate rests or has ended, so no duty can be recorded; ask the deputies' committee."


def year_open(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    years = {*([case.facts.year] if case else []), *([form.on.year] if isinstance(getattr(form, "on", None), date) else [])}
    year = next(iter(sorted(years & (scene.reads.frozen if scene.reads else frozenset()))), None)
    if year is None:
        return None
    return f"{year}年度履职档案已经封存，不能再改。", f"The archive of {year} is frozen."


def _own(case: Case | None, form: Any, scene: Scene) -> Mapping[str, tuple[str, ...]]:
    return {"lead": (own_ref(scene.actor),)}


def _theirs(case: Case | None, form: Any, scene: Scene) -> Mapping[str, tuple[str, ...]]:
    return {"lead": (f"person:{form.person}",)}


def _year(case: Case | None, form: Any, scene: Scene) -> Mapping[str, Any]:
    return {"year": form.on.year}


def _kept(case: Case | None, form: Any, scene: Scene) -> Mapping[str, Any]:
    """`hours` empty means as said: the form's None must not be taken over."""
    return {"hours": case.facts.hours if case and form.hours is None else form.hours}


RECORDS = Lifecycle(
    name="duty_records", noun="duty", zh="履职记录", en="Duty records", facts=Record, rules=RecordRules,
    states=(
        State("submitted", "待审核", "To be reviewed", owner=INTAKE),
        State("returned", "退回补充", "Returned", owner="lead", tone="refused"),
        State("counted", "已计入", "Counted", owner="nobody", public=True, tone="done"),
        State("disputed", "异议处理", "Disputed", owner=INTAKE, tone="refused"),
        State("refused", "不予计入", "Not counted", owner="nobody", tone="refused"),
        State("frozen", "年度封存", "Frozen with the year", public=True, terminal=True, tone="done"),
        State("withdrawn", "已撤回", "Withdrawn", terminal=True, tone="refused"),
    ),
    steps=(
        Step(command="RecordDuty", event="DutyRecorded", zh="登记履职", en="Record a duty", to="submitted", who=(Who(P.PROPOSE),), form=RecordForm,
             guards=(in_office, plausible, year_open), knows=_year, parties=_own, tells=(INTAKE,), source="S1-D19"),
        Step(command="CountDuty", event="DutyCounted", zh="自动计入", en="Count by itself", to="counted", who=(SYSTEM,), form=AutomaticForm,
             guards=(kind_known, year_open), knows=_year, parties=_theirs, source="S1-D20、D32"),
        Step(command="ApproveDuty", event="DutyApproved", zh="审核通过", en="Approve", frm=("submitted",), to="counted", who=(CLERK,), form=ApproveForm,
             guards=(year_open,), knows=_kept, tells=("lead",), source="S1-D19"),
        Step(command="ReturnDuty", event="DutyReturned", zh="退回补充", en="Return", frm=("submitted",), to="returned", who=(CLERK,), form=WhyForm,
             tells=("lead",), source="S1-D19"),
        Step(command="RefuseDuty", event="DutyRefused", zh="不予计入", en="Refuse", frm=("submitted",), to="refused", who=(CLERK,), form=WhyForm,
             tells=("lead",), source="S1-D19"),
        Step(command="AmendDuty", event="DutyAmended", zh="补充后再报", en="Amend and hand in again", frm=("returned",), to="submitted", who=(DEPUTY,),
             form=RecordForm, guards=(in_office, plausible, year_open), knows=_year, tells=(INTAKE,), source="S1-D19"),
        Step(command="WithdrawDuty", event="DutyWithdrawn", zh="撤回", en="Withdraw", frm=("submitted", "returned"), to="withdrawn", who=(DEPUTY,)),
        Step(command="DisputeDuty", event="DutyDisputed", zh="提出异议", en="Dispute", frm=("counted", "refused"), to="disputed", who=(DEPUTY,),
             form=DisputeForm, guards=(year_open,), tells=(INTAKE,), source="PIPL 24"),
        Step(command="CorrectDuty", event="DutyCorrected", zh="更正计入", en="Correct and count", frm=("disputed",), to="counted", who=(CLERK,),
             form=CorrectForm, guards=(kind_known, year_open), tells=("lead",), source="PIPL 24"),
        Step(command="UpholdDuty", event="DutyUpheld", zh="维持不计", en="Uphold", frm=("disputed",), to="refused", who=(CLERK,), form=WhyForm,
             tells=("lead",), source="PIPL 24"),
        Step(command="RevokeDuty", event="DutyRevoked", zh="撤销计入", en="Take back", frm=("counted",), to="refused", who=(CLERK, SYSTEM), form=WhyForm,
             guards=(year_open,), tells=("lead",), source="S1-D32"),
        Step(command="RestoreDuty", event="DutyRestored", zh="恢复计入", en="Count again", frm=("refused",), to="counted", who=(CLERK, SYSTEM), form=WhyForm,
             guards=(year_open,), tells=("lead",), source="S1-D32"),
        Step(command="RetitleDuty", event="DutyRetitled", zh="隐去标题", en="Keep back the title", frm=("counted", "disputed", "refused", "frozen"),
             who=(SYSTEM,), form=TitleForm, source="S1-D17"),
        Step(command="FreezeDuty", event="DutyFrozen", zh="年度封存", en="Freeze", frm=("counted",), to="frozen", who=(SYSTEM,), source="S1-D21"),
    ),
    deadlines=(
        Deadline(name="review", zh="审核", en="Review", owner=(INTAKE,), starts=("DutyRecorded", "DutyAmended"),
                 stops=("DutyApproved", "DutyReturned", "DutyRefused", "DutyWithdrawn"), limit="review"),
        Deadline(name="dispute", zh="异议答复", en="Answer to the dispute", owner=(INTAKE,), starts=("DutyDisputed",),
                 stops=("DutyCorrected", "DutyUpheld"), limit="dispute", owes=True),
    ),
    oversight=(P.INTAKE, P.COMMITTEE), relations={"nobody": ("无需办理", "Nobody"), "lead": ("代表", "Deputy"), INTAKE: ("代表工委", "Deputies' committee")},
    words={"kind": KINDS}, prose=("title", "text", "place"), open_facts=("on", "hours", "year"),
    family=DUTIES, columns=("title", "kind", "lead", "on", "hours", "state", "waits", "due"), repeats=lambda record: bool(record.origin),
)
