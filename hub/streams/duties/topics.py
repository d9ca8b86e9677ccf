"""年度选题: topics of legislation and supervision that deputies book for a year (S4-W18): listed, booked, balanced, confirmed, carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.actor import Permission
from hub.kernel.calendar import Span, Unit
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

P = Permission
INTAKE = f"{DESK}{P.INTAKE}"
DESKS, SYSTEM = (Who(P.INTAKE), Who(P.COMMITTEE), Who(P.LEGISLATE)), Who()
KINDS: dict[str, Sentence] = {"legislation": ("立法", "Legislation"), "supervision": ("监督", "Supervision")}
SHORT = Annotated[str, Meta(min_length=2, max_length=30)]


class Topic(Facts, frozen=True, kw_only=True):
    """`quota` 0: no limit. `specialities`: who has one of them goes first. `until`: the last day on which it can be booked."""

    year: int = 0
    text: str = ""
    quota: int = 0
    specialities: tuple[str, ...] = ()
    until: date | None = None
    note: str = ""
    summary: str = ""


class TopicRules(RuleSet, frozen=True, kw_only=True):
    leads: Annotated[tuple[int, ...], asked("到期前几天提醒", "Reminders, days before the end")] = (2,)
    most: Annotated[int, asked("每人每年最多预约几个", "Topics a deputy may book in a year", ge=1, le=50)] = 3    # (I)
    confirm: Annotated[Span, asked("确认人选", "Confirming who takes part")] = Span(10, Unit.WORKDAYS)            # (I)


class TopicForm(Form, frozen=True, kw_only=True):
    title: Annotated[str, asked("选题", "Topic", min_length=4, max_length=100)]
    kind: Annotated[str, asked("类别", "Kind", pick="word:kind", max_length=20)]
    year: Annotated[int, asked("年度", "Year", ge=2000, le=2100)]
    text: Annotated[str, asked("内容和安排", "What it is about, and when", rows=6, max_length=5000)] = ""
    quota: Annotated[int, asked("名额", "Places", hint=("0 为不限", "0: no limit"), blank=("不限", "No limit"), ge=0, le=5000)] = 0
    specialities: Annotated[tuple[SHORT, ...], asked("优先的专业特长", "Specialities that go first", max_length=10)] = ()
    until: Annotated[date, asked("预约截止", "Book until")]
    files: Annotated[tuple[UUID, ...], asked("材料", "Papers", pick="file", max_length=20)] = ()


class ConfirmForm(Form, frozen=True, kw_only=True):
    people: Annotated[tuple[UUID, ...], asked("入选代表", "Who takes part", hint=("空为按专业和名额均衡", "empty: as balanced"), pick="deputy", max_length=5000)] = ()
    note: Annotated[str, asked("说明", "Note", rows=3, max_length=1000)] = ""


class FinishForm(Form, frozen=True, kw_only=True):
    summary: Annotated[str, asked("办理结果", "What came of it", rows=6, min_length=4, max_length=10_000)]
    files: Annotated[tuple[UUID, ...], asked("材料", "Papers", pick="file", max_length=20)] = ()


class Booker(msgspec.Struct, frozen=True, kw_only=True):
    """Who has booked a topic. `place`: in the order of booking. `held`: topics of the year that are his already."""

    ref: str
    place: int
    specialities: tuple[str, ...] = ()
    held: int = 0


def fits(wanted: Sequence[str], specialities: Sequence[str]) -> bool:
    return not wanted or not set(wanted).isdisjoint(specialities)


def balanced(bookers: Sequence[Booker], quota: int, wanted: Sequence[str]) -> tuple[str, ...]:
    """Who is proposed: those who know the matter first, of them those with fewest topics of the year, then who came first."""
    ordered = sorted(bookers, key=lambda one: (not fits(wanted, one.specialities), one.held, one.place))
    return tuple(one.ref for one in ordered[:quota or None])


def kind_known(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.kind in KINDS else ("请选择立法或监督。", "Choose legislation or supervision.")


def until_open(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    until = case.facts.until if case else None
    return None if until is None or until >= scene.day else ("预约截止日期已过，请先修改。", "The last day to book has passed; change it first.")


def choice_fits(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    """`reads`: who has booked."""
    topic: Topic = case.facts if case else Topic()
    booked = {one.ref for one in scene.reads or ()}
    if not booked:
        return "还没有代表预约，请延后截止或取消。", "Nobody has booked it; move the last day or cancel it."
    stranger = next((one for one in form.people if f"person:{one}" not in booked), None)
    if stranger is not None:
        return "有的代表没有预约这个选题，请只从预约的代表中确定。", "Some did not book this topic; choose among those who did."
    if topic.quota and len(set(form.people)) > topic.quota:
        return f"名额只有{topic.quota}个，您选了{len(set(form.people))}人。", f"There are {topic.quota} places; you chose {len(set(form.people))}."
    return None


def _chosen(case: Case | None, form: Any, scene: Scene) -> Mapping[str, tuple[str, ...]]:
    topic: Topic = case.facts if case else Topic()
    bookers: Sequence[Booker] = scene.reads or ()
    named = tuple(dict.fromkeys(f"person:{one}" for one in form.people)) or balanced(bookers, topic.quota, topic.specialities)
    return {"chosen": named, "passed": tuple(one.ref for one in bookers if one.ref not in named)}


def _until(case: Case | None, form: Any, scene: Scene) -> date | None:
    return case.facts.until if case else None


TOPICS = Lifecycle(
    name="duty_topics", noun="dutytopic", zh="年度选题", en="Topics of the year", facts=Topic, rules=TopicRules,
    states=(
        State("draft", "起草", "Draft", owner=INTAKE),
        State("open", "预约中", "Open for booking", owner="nobody", public=True, tone="running"),
        State("closed", "预约截止，待确认", "Booked, to be confirmed", owner=INTAKE, public=True),
        State("confirmed", "已确认", "Confirmed", owner="nobody", public=True, tone="running"),
        State("finished", "已完成", "Carried out", public=True, terminal=True, tone="done"),
        State("cancelled", "已取消", "Cancelled", public=True, terminal=True, tone="refused"),
    ),
    steps=(
        Step(command="DraftTopic", event="TopicDrafted", zh="提出选题", en="Draft a topic", to="draft", who=DESKS, form=TopicForm, guards=(kind_known,),
             tells=(INTAKE,), numbered="选题", source="S4-W18"),
        Step(command="ReviseTopic", event="TopicRevised", zh="修改", en="Revise", frm=("draft",), who=DESKS, form=TopicForm, guards=(kind_known,)),
        Step(command="OpenTopic", event="TopicOpened", zh="开放预约", en="Open for booking", frm=("draft",), to="open", who=DESKS, guards=(until_open,),
             source="S4-W18"),
        Step(command="CloseTopic", event="TopicClosed", zh="截止预约", en="Close booking", frm=("open",), to="closed", who=(*DESKS, SYSTEM), tells=(INTAKE,),
             source="S4-W18"),
        Step(command="ConfirmTopic", event="TopicConfirmed", zh="确认人选", en="Confirm who takes part", frm=("closed",), to="confirmed", who=DESKS,
             form=ConfirmForm, guards=(choice_fits,), parties=_chosen, tells=("chosen", "passed"), source="S4-W18"),
        Step(command="FinishTopic", event="TopicFinished", zh="办结", en="Finish", frm=("confirmed",), to="finished", who=DESKS, form=FinishForm,
             tells=("chosen",)),
        Step(command="CancelTopic", event="TopicCancelled", zh="取消", en="Cancel", frm=("draft", "open", "closed", "confirmed"), to="cancelled", who=DESKS,
             form=Because, tells=("chosen",)),
    ),
    deadlines=(
        Deadline(name="booking", zh="预约截止", en="Booking", owner=(INTAKE,), starts=("TopicOpened",), stops=("TopicClosed", "TopicCancelled"), on=_until,
                 leads="", escalates=(), then="CloseTopic"),
        Deadline(name="confirm", zh="确认人选", en="Confirming", owner=(INTAKE,), starts=("TopicClosed",), stops=("TopicConfirmed", "TopicCancelled"),
                 limit="confirm"),
    ),
    oversight=(P.INTAKE, P.COMMITTEE, P.LEGISLATE),
    relations={"nobody": ("无需办理", "Nobody"), "chosen": ("入选代表", "Taking part"), "passed": ("未入选代表", "Not this time"),
               INTAKE: ("代表工委", "Deputies' committee")},
    words={"kind": KINDS}, prose=("title", "text", "summary"), open_facts=("year", "quota", "specialities", "until", "summary"),
    family=DUTIES, columns=("number", "title", "kind", "year", "quota", "until", "state", "waits"),
)
