"""代表活动: drafted, published to groups of deputies, held, summed up. Who takes part stands in `takings.py`, not in the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.actor import Permission
from hub.kernel.calendar import DAY, Span, Unit, begin_of, day_of
from hub.kernel.lifecycle import (
    DESK,
    Because,
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
from hub.streams.duties.family import DUTIES
from hub.streams.duties.records import KINDS

P = Permission
INTAKE = f"{DESK}{P.INTAKE}"
CLERK, SYSTEM = Who(P.INTAKE), Who()
OPEN = ("published", "closed")
REPORTED = frozenset(("inspection", "research", "law"))
"""Kinds whose report goes to the body concerned, which answers within three months (ZD 24)."""
EARLY, LATE = timedelta(hours=1), timedelta(hours=1)
"""Signing in begins and ends so long before the start and after the end."""

Moment = Annotated[datetime, Meta(tz=True)]


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: Annotated[str, asked("问题", "Question", min_length=2, max_length=200)]
    kind: Annotated[Literal["text", "one", "many"], asked("题型", "Kind", pick="word:question")] = "text"
    choices: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=60)], ...], asked("选项", "Choices", max_length=12)] = ()


class Activity(Facts, frozen=True, kw_only=True):
    """`radius` in metres around `lon`, `lat` (WGS 84). `quota` 0: no limit. `groups` empty: every deputy in office, or, where it
    is a step of a topic that deputies have booked, those who were chosen for it."""

    starts: datetime | None = None
    ends: datetime | None = None
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    radius: int = 300
    quota: int = 0
    groups: tuple[str, ...] = ()
    of_topic: UUID | None = None
    deadline: datetime | None = None
    text: str = ""
    hours: float = 0.0
    questions: tuple[Question, ...] = ()
    summary: str = ""
    feedback: str = ""


class ActivityRules(RuleSet, frozen=True, kw_only=True):
    leads: Annotated[tuple[int, ...], asked("到期前几天提醒", "Reminders, days before the end")] = (2,)
    summary: Annotated[Span, asked("活动小结", "Summary")] = Span(10)     # (I)
    feedback: Annotated[Span, asked("有关机关、组织反馈", "Answer of the body concerned")] = Span(3, Unit.MONTHS)  # ZD 24
    archive: Annotated[Span, asked("归档", "Archive")] = Span(30)         # (I)


class ActivityForm(Form, frozen=True, kw_only=True):
    title: Annotated[str, asked("活动名称", "Title", min_length=4, max_length=100)]
    kind: Annotated[str, asked("类别", "Kind", pick="word:kind", max_length=20)]
    starts: Annotated[Moment, asked("开始时间", "Starts")]
    ends: Annotated[Moment, asked("结束时间", "Ends")]
    place: Annotated[str, asked("地点", "Place", min_length=2, max_length=100)]
    lon: Annotated[Annotated[float, Meta(ge=-180, le=180)] | None, asked("经度", "Longitude")] = None
    lat: Annotated[Annotated[float, Meta(ge=-90, le=90)] | None, asked("纬度", "Latitude")] = None
    radius: Annotated[int, asked("签到范围（米）", "Circle for signing in (metres)", ge=50, le=5000)] = 300
    quota: Annotated[int, asked("名额", "Places", hint=("0 为不限", "0: no limit"), blank=("不限", "No limit"), ge=0, le=5000)] = 0
    groups: Annotated[tuple[Annotated[str, Meta(max_length=60)], ...], asked("面向代表团", "Delegations", hint=("空为全体", "empty: all"), max_length=50)] = ()
    of_topic: Annotated[UUID | None, asked("所属年度选题", "Topic of the year", hint=("入选代表受邀", "who was chosen is invited"), pick="case:duty_topics/confirmed")] = None
    deadline: Annotated[Moment, asked("报名截止", "Register until")]
    hours: Annotated[float, asked("计入时长（小时）", "Hours it counts", ge=0, le=240)] = 4.0
    text: Annotated[str, asked("活动安排", "What happens", rows=6, max_length=5000)] = ""
    questions: Annotated[tuple[Question, ...], asked("调查问卷", "Questionnaire", max_length=20)] = ()
    files: Annotated[tuple[UUID, ...], asked("材料", "Papers", pick="file", max_length=20)] = ()


class PublishActivityForm(Form, frozen=True, kw_only=True):
    pass


class SummaryForm(Form, frozen=True, kw_only=True):
    summary: Annotated[str, asked("活动小结", "Summary", rows=6, min_length=4, max_length=10_000)]
    files: Annotated[tuple[UUID, ...], asked("照片或材料", "Pictures or papers", pick="file", max_length=20)] = ()


class FeedbackForm(Form, frozen=True, kw_only=True):
    feedback: Annotated[str, asked("反馈内容", "What the body concerned has answered", rows=6, min_length=4, max_length=10_000)]
    files: Annotated[tuple[UUID, ...], asked("材料", "Papers", pick="file", max_length=20)] = ()


def kind_known(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.kind in KINDS else ("请从列表中选择类别。", "Choose the kind from the list.")


def times_in_order(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    if form.deadline <= form.starts < form.ends:
        return None
    return "时间次序不对：报名截止不晚于开始，开始早于结束，请检查。", "The times are out of order: register, begin, end; check them."


def circle_whole(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if (form.lon is None) == (form.lat is None) else ("经度和纬度要一起填。", "Give longitude and latitude together.")


def topic_confirmed(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    """`reads`: the topic named stands confirmed, or none is named."""
    return None if scene.reads is not False else ("所属选题不存在或还没有确认人选，请重新选择。", "Its topic is not there or not confirmed yet; choose again.")


def choices_given(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    bare = next((one.text for one in form.questions if one.kind != "text" and len(one.choices) < 2), None)
    return None if bare is None else (f"“{bare}”是选择题，至少要两个选项。", f"{bare!r} asks for a choice: give two at least.")


def not_begun(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    """Nor is it too late to register."""
    facts: Activity = case.facts if case else Activity()
    if facts.starts and scene.at >= facts.starts:
        return "活动开始时间已过，请先改时间。", "Its start has passed; change the time first."
    if facts.deadline and scene.at >= facts.deadline:
        return "报名截止时间已过，没有人能报名，请先改时间。", "Nobody could register any more: the time for it has passed; change it first."
    return None


def has_ended(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    ends = case.facts.ends if case else None
    return None if ends is None or scene.at >= ends else ("活动还没有结束。", "The activity has not ended yet.")


REMINDED_AT = 9


def remind_at(activity: Activity) -> datetime | None:
    """In the morning of the day before."""
    return begin_of(day_of(activity.starts) - DAY, REMINDED_AT) if activity.starts else None


def somebody(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if scene.reads else ("没有符合条件的在任代表，请检查面向的代表团。", "No deputy in office fits; check the delegations.")


def _invited(case: Case | None, form: Any, scene: Scene) -> Mapping[str, tuple[str, ...]]:
    """`reads`: the refs of the deputies it is for."""
    return {"invited": tuple(scene.reads or ())}


def is_reported(case: Case | None, _form: Any, _scene: Scene) -> bool:
    return case is not None and case.facts.kind in REPORTED


def has_report(case: Case | None, _form: Any, scene: Scene) -> Sentence | None:
    return None if is_reported(case, None, scene) else ("这类活动没有需要反馈的报告。", "This kind of activity has no report that is answered.")


def is_complete(case: Case | None, form: Any, scene: Scene) -> bool:
    """Summed up, and answered where an answer is due."""
    return not is_reported(case, form, scene) or isinstance(form, FeedbackForm)


def _day(name: str) -> Any:
    def on(case: Case | None, form: Any, scene: Scene) -> date | None:
        moment = getattr(case.facts, name) if case else None
        return day_of(moment) if moment else None

    return on


def window(activity: Activity) -> tuple[datetime, datetime] | None:
    """When one may sign in."""
    return (activity.starts - EARLY, activity.ends + LATE) if activity.starts and activity.ends else None


ACTIVITIES = Lifecycle(
    name="activities", noun="activity", zh="代表活动", en="Activities", facts=Activity, rules=ActivityRules,
    states=(
        State("draft", "起草", "Draft", owner=INTAKE),
        State("published", "报名中", "Open for registration", owner="nobody", public=True, tone="running"),
        State("closed", "报名截止", "Registration closed", owner="nobody", public=True, tone="running"),
        State("held", "已举办，待小结", "Held, to be summed up", owner=INTAKE, public=True, tone="running"),
        State("summed_up", "已小结", "Summed up", owner="nobody", public=True, tone="done"),
        State("archived", "已归档", "Archived", public=True, terminal=True, tone="done"),
        State("cancelled", "已取消", "Cancelled", public=True, terminal=True, tone="refused"),
    ),
    steps=(
        Step(command="DraftActivity", event="ActivityDrafted", zh="起草活动", en="Draft an activity", to="draft", who=(CLERK,), form=ActivityForm,
             guards=(kind_known, times_in_order, circle_whole, choices_given, topic_confirmed), numbered="活动", source="S1-D25"),
        Step(command="ReviseActivity", event="ActivityRevised", zh="修改", en="Revise", frm=("draft",), who=(CLERK,), form=ActivityForm,
             guards=(kind_known, times_in_order, circle_whole, choices_given, topic_confirmed), source="S1-D25"),
        Step(command="PublishActivity", event="ActivityPublished", zh="发布", en="Publish", frm=("draft",), to="published", who=(CLERK,),
             form=PublishActivityForm, guards=(not_begun, somebody), parties=_invited, tells=("invited",), source="S1-D25"),
        Step(command="CloseRegistration", event="RegistrationClosed", zh="截止报名", en="Close registration", frm=("published",), to="closed",
             who=(CLERK, SYSTEM), source="S1-D26"),
        Step(command="EndActivity", event="ActivityHeld", zh="活动结束", en="Held", frm=OPEN, to="held", who=(CLERK, SYSTEM), guards=(has_ended,),
             source="S1-D32"),
        Step(command="SumUpActivity", event="ActivitySummedUp", zh="发布小结", en="Publish the summary", frm=("held",), to="summed_up", who=(CLERK,),
             form=SummaryForm, tells=("invited",), source="S0-C19"),
        Step(command="RecordFeedback", event="FeedbackRecorded", zh="登记反馈", en="Record the answer", frm=("summed_up",), who=(CLERK,), form=FeedbackForm,
             guards=(has_report,), tells=("invited",), source="ZD 24"),
        Step(command="ArchiveActivity", event="ActivityArchived", zh="归档", en="Archive", frm=("summed_up",), to="archived", who=(CLERK, SYSTEM)),
        Step(command="CancelActivity", event="ActivityCancelled", zh="取消活动", en="Cancel", frm=("draft", *OPEN), to="cancelled", who=(CLERK,),
             form=Because, tells=("invited",), urgent=True),
    ),
    deadlines=(
        Deadline(name="registration", zh="报名截止", en="Registration", owner=(INTAKE,), starts=("ActivityPublished",),
                 stops=("RegistrationClosed", "ActivityHeld", "ActivityCancelled"), on=_day("deadline"), leads="", escalates=(), then="CloseRegistration"),
        Deadline(name="held", zh="活动结束", en="End of the activity", owner=(INTAKE,), starts=("ActivityPublished",),
                 stops=("ActivityHeld", "ActivityCancelled"), on=_day("ends"), leads="", escalates=(), then="EndActivity"),
        Deadline(name="summary", zh="活动小结", en="Summary", owner=(INTAKE,), starts=("ActivityHeld",), stops=("ActivitySummedUp",), limit="summary",
                 source="DL 24"),
        Deadline(name="feedback", zh="有关机关、组织反馈", en="Answer of the body concerned", owner=(INTAKE,), starts=("ActivitySummedUp",), starts_if=is_reported,
                 stops=("FeedbackRecorded", "ActivityArchived"), limit="feedback", source="ZD 24"),
        Deadline(name="archive", zh="归档", en="Archive", owner=(INTAKE,), starts=("ActivitySummedUp", "FeedbackRecorded"), starts_if=is_complete,
                 stops=("ActivityArchived",), limit="archive", leads="", escalates=(), then="ArchiveActivity"),
    ),
    oversight=(P.INTAKE, P.COMMITTEE), relations={"nobody": ("无需办理", "Nobody"), "invited": ("受邀代表", "Invited deputies"), INTAKE: ("代表工委", "Deputies' committee")},
    words={"kind": KINDS, "question": {"text": ("填空", "Text"), "one": ("单选", "One"), "many": ("多选", "Several")}},
    prose=("title", "text", "summary", "feedback", "place"), open_facts=("starts", "ends", "place", "quota", "groups", "deadline", "hours"),
    family=DUTIES, columns=("number", "title", "kind", "state", "starts", "place", "quota", "due"),
)
