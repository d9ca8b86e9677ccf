"""代表名册: one deputy's mandate of one term, from the election to its end (DL 61 to 63, processes.md §4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.actor import Permission
from hub.kernel.lifecycle import (
    DESK,
    Case,
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
from hub.streams.duties.family import DUTIES

P = Permission
INTAKE, COMMITTEE = f"{DESK}{P.INTAKE}", f"{DESK}{P.COMMITTEE}"
CLERK, CHAIRS, HUB = Who(P.INTAKE), Who(P.COMMITTEE), Who()
IN_OFFICE = ("in_office", "suspended")

WAYS: dict[str, Sentence] = {"general": ("换届选举", "General election"), "by_election": ("补选", "By-election")}
SUSPENDED: dict[str, Sentence] = {
    "custody": ("因刑事案件被羁押，正在受侦查、起诉、审判", "In custody under criminal procedure"),
    "sentence": ("被判处刑罚而没有剥夺政治权利，正在服刑", "Serving a sentence with political rights"),
}
ENDED: dict[str, Sentence] = {
    "moved": ("迁出或者调离本行政区域", "Moved away"), "resigned": ("辞职被接受", "Resigned"),
    "ordered": ("被责令辞职", "Ordered to resign"), "absent": ("未经批准两次不出席会议", "Absent from two sessions without approval"),
    "recalled": ("被罢免", "Recalled"), "nationality": ("丧失国籍", "Lost nationality"), "rights": ("被剥夺政治权利", "Deprived of political rights"),
    "capacity": ("丧失行为能力", "Lost capacity"), "death": ("去世", "Died"),
}
MOST_ABSENCES = 2
"""DL 62: without approval."""


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    session: str
    on: date
    approved: bool
    reason: str = ""


class Mandate(Facts, frozen=True, kw_only=True):
    """`kind`: how the deputy came; `topic`: why the mandate rests or ended."""

    person: UUID | None = None
    term: str = ""
    delegation: str = ""
    district: str = ""
    post: str = ""
    specialities: tuple[str, ...] = ()
    elected_on: date | None = None
    announced_on: date | None = None
    report: str = ""
    absences: tuple[Absence, ...] = ()
    ended_on: date | None = None
    end_announced_on: date | None = None
    note: str = ""


class MandateRules(RuleSet, frozen=True, kw_only=True):
    leads: Annotated[tuple[int, ...], asked("到期前几天提醒", "Reminders, days before the end")] = (7, 1)


Term = Annotated[str, asked("届次", "Term", min_length=1, max_length=40)]
Delegation = Annotated[str, asked("代表团", "Delegation", max_length=60)]
District = Annotated[str, asked("选区", "Electoral district", max_length=60)]
Specialities = Annotated[tuple[Annotated[str, Meta(max_length=40)], ...], asked("专业特长", "Specialities", max_length=10)]


class ElectForm(Form, frozen=True, kw_only=True):
    person: Annotated[UUID, asked("代表", "Deputy", pick="deputy")]
    kind: Annotated[str, asked("产生方式", "How elected", pick="word:kind", max_length=20)] = "general"
    term: Term
    delegation: Delegation = ""
    district: District = ""
    post: Annotated[str, asked("单位职务", "Post", max_length=100)] = ""
    specialities: Specialities = ()
    elected_on: Annotated[date, asked("当选日期", "Elected on")]


class CheckForm(Form, frozen=True, kw_only=True):
    valid: Annotated[bool, asked("资格有效", "Credentials are valid")]
    report: Annotated[str, asked("审查报告", "Report", rows=4, min_length=2, max_length=5000)]


class AnnounceForm(Form, frozen=True, kw_only=True):
    announced_on: Annotated[date, asked("公告日期", "Announced on")]


class SuspendForm(Form, frozen=True, kw_only=True):
    topic: Annotated[str, asked("暂停情形", "Why it rests", pick="word:suspended", max_length=20)]
    note: Annotated[str, asked("说明", "Note", rows=3, max_length=2000)] = ""


class NoteForm(Form, frozen=True, kw_only=True):
    note: Annotated[str, asked("说明", "Note", rows=3, min_length=2, max_length=2000)]


class MoveForm(Form, frozen=True, kw_only=True):
    delegation: Annotated[str, asked("调入代表团", "To the delegation", min_length=2, max_length=60)]
    district: District = ""
    note: Annotated[str, asked("说明", "Note", max_length=500)] = ""


class AbsenceForm(Form, frozen=True, kw_only=True):
    session: Annotated[str, asked("会议", "Session", min_length=2, max_length=60)]
    held_on: Annotated[date, asked("日期", "Day")]
    approved: Annotated[bool, asked("已请假获准", "Leave was approved")]
    reason: Annotated[str, asked("事由", "Reason", max_length=500)] = ""


class EndForm(Form, frozen=True, kw_only=True):
    topic: Annotated[str, asked("终止情形", "Why it ends", pick="word:ended", max_length=20)]
    ended_on: Annotated[date, asked("终止日期", "Ended on")]
    note: Annotated[str, asked("说明", "Note", rows=3, max_length=2000)] = ""


class AnnounceEndForm(Form, frozen=True, kw_only=True):
    end_announced_on: Annotated[date, asked("公告日期", "Announced on")]


class ExpireForm(Form, frozen=True, kw_only=True):
    ended_on: Annotated[date, asked("届满日期", "The term ended on")]


class ProfileForm(Form, frozen=True, kw_only=True):
    post: Annotated[str, asked("单位职务", "Post", max_length=100)] = ""
    specialities: Specialities = ()


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What a mandate is decided on. `name`: of who is to be registered, empty where the directory knows no such deputy; `there`: a
    mandate of that term stands already; `frozen`: years whose archive is closed."""

    name: str = ""
    there: bool = False
    frozen: frozenset[int] = frozenset()


def known(scene: Scene) -> Known:
    return scene.reads if isinstance(scene.reads, Known) else Known(name=scene.reads or "")


def held_already(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    if form.held_on > scene.day:
        return f"{form.held_on:%Y-%m-%d}还没有到，请在会后登记。", f"{form.held_on:%Y-%m-%d} has not come yet; record it afterwards."
    if form.held_on.year not in known(scene).frozen:
        return None
    return f"{form.held_on.year}年度履职档案已经封存，不能再登记。", f"The archive of {form.held_on.year} is frozen."


def missed(case: Case | None) -> int:
    """Sessions without approval, each counted once."""
    facts: Mandate = case.facts if case else Mandate()
    return len({one.session for one in facts.absences if not one.approved})


def once_a_session(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    facts: Mandate = case.facts if case else Mandate()
    if all(one.session != form.session for one in facts.absences):
        return None
    return f"“{form.session}”的缺席已经登记过。", f"The absence from {form.session!r} is recorded already."


def absent_twice(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    if form.topic not in ENDED:
        return "请从列表中选择终止情形。", "Choose from the list why it ends."
    if form.topic != "absent" or missed(case) >= MOST_ABSENCES:
        return None
    return (f"未经批准缺席才{missed(case)}次会议，满两次才能以此终止。",
            f"Absent from {missed(case)} session(s) without approval; two are needed to end it for that.")


def end_not_announced(case: Case | None, _form: Any, scene: Scene) -> Sentence | None:
    told = case.facts.end_announced_on if case else None
    return None if told is None else (f"已于{told:%Y-%m-%d}公告。", f"It was announced on {told:%Y-%m-%d}.")


def why_rests(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.topic in SUSPENDED else ("请从列表中选择暂停情形。", "Choose from the list why it rests.")


def a_deputy(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    one = known(scene)
    if not one.name:
        return "名册里没有这位代表，请先在人员中录入。", "There is no such deputy in the directory; enter them there first."
    if one.there:
        return f"{one.name}本届已经登记，请查看代表名册。", f"{one.name} has a mandate of this term already; look at the register."
    return None if form.kind in WAYS else ("请从列表中选择产生方式。", "Choose from the list how they were elected.")


def _begun(case: Case | None, form: Any, scene: Scene) -> Mapping[str, Any]:
    return {"title": f"{known(scene).name}（{form.term}）"}


def _whose(case: Case | None, form: Any, scene: Scene) -> Mapping[str, tuple[str, ...]]:
    return {"lead": (f"person:{form.person}",)}


def _checked(case: Case | None, form: Any, scene: Scene) -> str:
    return "checked" if form.valid else "invalid"


def _absent(case: Case | None, form: Any, scene: Scene) -> Mapping[str, Any]:
    facts: Mandate = case.facts if case else Mandate()
    one = Absence(session=form.session, on=form.held_on, approved=form.approved, reason=form.reason)
    return {"absences": msgspec.to_builtins((*facts.absences, one))}


MANDATES = Lifecycle(
    name="mandates", noun="mandate", zh="代表名册", en="Deputies in office", facts=Mandate, rules=MandateRules,
    states=(
        State("elected", "当选，待审查", "Elected", owner=COMMITTEE),
        State("checked", "资格有效，待公告", "Credentials valid", owner=COMMITTEE, tone="running"),
        State("in_office", "在任", "In office", owner="nobody", public=True, tone="done"),
        State("suspended", "暂停执行职务", "Suspended", owner="nobody", public=True, tone="refused"),
        State("invalid", "资格无效", "Credentials not valid", terminal=True, tone="refused"),
        State("expired", "任满", "Term over", public=True, terminal=True, tone="done"),
        State("terminated", "资格终止", "Ended", public=True, terminal=True, tone="refused"),
    ),
    steps=(
        Step(command="ElectDeputy", event="DeputyElected", zh="登记当选", en="Record the election", to="elected", who=(CLERK,), form=ElectForm,
             guards=(a_deputy,), knows=_begun, parties=_whose, tells=(COMMITTEE,), source="DL 63；S1-D06"),
        Step(command="TakeOverDeputy", event="DeputyTakenOver", zh="登记在任代表", en="Take over who is in office", to="in_office", who=(CLERK,), form=ElectForm,
             guards=(a_deputy,), knows=_begun, parties=_whose, source="S1-D05、D09"),
        Step(command="CheckCredentials", event="CredentialsChecked", zh="资格审查", en="Check the credentials", frm=("elected",), to=_checked,
             who=(CHAIRS,), form=CheckForm, tells=(INTAKE,), source="S1-D06"),
        Step(command="AnnounceDeputy", event="DeputyAnnounced", zh="公告", en="Announce", frm=("checked",), to="in_office", who=(CHAIRS,),
             form=AnnounceForm, tells=("lead", INTAKE), source="DL 63"),
        Step(command="SuspendDeputy", event="DeputySuspended", zh="暂停执行职务", en="Suspend", frm=("in_office",), to="suspended", who=(CHAIRS,),
             form=SuspendForm, guards=(why_rests,), tells=("lead", INTAKE), source="DL 61；S1-D07"),
        Step(command="RestoreDeputy", event="DeputyRestored", zh="恢复执行职务", en="Restore", frm=("suspended",), to="in_office", who=(CHAIRS,),
             form=NoteForm, tells=("lead", INTAKE), source="DL 61"),
        Step(command="MoveDeputy", event="DeputyMoved", zh="调整代表团", en="Move to another delegation", frm=IN_OFFICE, who=(CLERK,), form=MoveForm,
             tells=("lead",), source="S1-D07"),
        Step(command="CorrectDeputy", event="DeputyCorrected", zh="更正资料", en="Correct the profile", frm=("elected", "checked", *IN_OFFICE),
             who=(CLERK, Who(P.PROPOSE, "lead")), form=ProfileForm, source="S1-D08"),
        Step(command="RecordAbsence", event="AbsenceRecorded", zh="登记缺席", en="Record an absence", frm=IN_OFFICE, who=(CLERK,), form=AbsenceForm,
             guards=(once_a_session, held_already), knows=_absent, tells=("lead",), source="DL 62"),
        Step(command="ExpireMandate", event="MandateExpired", zh="任期届满", en="Expire with the term", frm=("elected", "checked", *IN_OFFICE), to="expired",
             who=(HUB,), form=ExpireForm, source="DL 60；换届（I）"),
        Step(command="EndMandate", event="MandateEnded", zh="终止代表资格", en="End the mandate", frm=("checked", *IN_OFFICE), to="terminated", who=(CHAIRS,),
             form=EndForm, guards=(absent_twice,), tells=("lead", INTAKE), source="DL 62、63；S1-D07"),
        Step(command="AnnounceEnd", event="MandateEndAnnounced", zh="公告终止", en="Announce the end", frm=("terminated",), who=(CHAIRS,),
             form=AnnounceEndForm, guards=(end_not_announced,), tells=("lead", INTAKE), source="DL 63"),
    ),
    oversight=(P.INTAKE, P.COMMITTEE), relations={"nobody": ("无需办理", "Nobody"), "lead": ("代表", "Deputy"), INTAKE: ("代表工委", "Deputies' committee"), COMMITTEE: ("主任会议", "Chairpersons' meeting")},
    words={"kind": WAYS, "topic": SUSPENDED | ENDED, "suspended": SUSPENDED, "ended": ENDED}, prose=("title",),
    open_facts=("person", "term", "delegation", "district", "post", "specialities", "elected_on", "announced_on", "ended_on",
                "end_announced_on"),
    family=DUTIES, columns=("title", "delegation", "district", "post", "elected_on", "state"), called={"title": ("代表（届次）", "Deputy and term")},
)
