"""得分申诉: a deputy does not agree with the score of a year; a person answers within the limit (PIPL 24, DL 58)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from hub.kernel.actor import Permission
from hub.kernel.calendar import Span, Unit
from hub.kernel.lifecycle import (
    DESK,
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
    own_ref,
)
from hub.streams.duties.family import DUTIES
from hub.streams.duties.scoring_messages import Points

P = Permission
INTAKE = f"{DESK}{P.INTAKE}"
CLERK, DEPUTY = Who(P.INTAKE), Who(P.PROPOSE, "lead")


class Appeal(Facts, frozen=True, kw_only=True):
    """`points`: what it has brought or cost, added to the year's total."""

    year: int = 0
    text: str = ""
    points: float = 0.0
    answer: str = ""


class AppealRules(RuleSet, frozen=True, kw_only=True):
    leads: Annotated[tuple[int, ...], asked("到期前几天提醒", "Reminders, days before the end")] = (2,)
    answer: Annotated[Span, asked("申诉答复", "Answer to an appeal")] = Span(10, Unit.WORKDAYS)     # (I)


class KnownAppeals(msgspec.Struct, frozen=True, kw_only=True):
    """`pending`: the asker has one of this year that waits for its answer."""

    frozen: frozenset[int] = frozenset()
    pending: bool = False


class AppealForm(Form, frozen=True, kw_only=True):
    year: Annotated[int, asked("年度", "Year", ge=2000, le=2100)]
    text: Annotated[str, asked("申诉内容", "What is wrong with the score", rows=4, min_length=4, max_length=2000)]


class ChangeForm(Form, frozen=True, kw_only=True):
    points: Annotated[Points, asked("加减分", "Points", hint=("减分填负数", "negative: taken off"))]
    answer: Annotated[str, asked("答复", "Answer", rows=3, min_length=2, max_length=1000)]


class AnswerForm(Form, frozen=True, kw_only=True):
    answer: Annotated[str, asked("答复", "Answer", rows=3, min_length=2, max_length=1000)]


def year_has_come(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.year <= scene.day.year else ("还没有到这一年。", "That year has not come yet.")


def year_open(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    year = case.facts.year if case else form.year
    if scene.reads is None or year not in scene.reads.frozen:
        return None
    return f"{year}年度履职档案已经封存，不能再改分。", f"The archive of {year} is frozen; its scores stand."


def one_at_a_time(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    if scene.reads is None or not scene.reads.pending:
        return None
    return "您这一年度的申诉还没有答复，请等答复后再提。", "An appeal of yours for this year waits for its answer; wait for that."


def moves_something(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.points else ("加减分不能为零；维持原分请用“维持原分”。", "Zero changes nothing; to leave the score as it is, uphold it.")


def _title(case: Case | None, form: Any, scene: Scene) -> Mapping[str, Any]:
    return {"title": f"{form.year}年度履职得分申诉"}


def _own(case: Case | None, form: Any, scene: Scene) -> Mapping[str, tuple[str, ...]]:
    return {"lead": (own_ref(scene.actor),)}


APPEALS = Lifecycle(
    name="score_appeals", noun="scoreappeal", zh="得分申诉", en="Appeals against scores", facts=Appeal, rules=AppealRules,
    states=(
        State("submitted", "待答复", "To be answered", owner=INTAKE),
        State("changed", "已改分", "Score changed", terminal=True, tone="done"),
        State("kept", "维持原分", "Score upheld", terminal=True, tone="refused"),
        State("withdrawn", "已撤回", "Withdrawn", terminal=True, tone="refused"),
    ),
    steps=(
        Step(command="AppealScore", event="ScoreAppealed", zh="提出申诉", en="Appeal", to="submitted", who=(Who(P.PROPOSE),), form=AppealForm,
             guards=(year_has_come, year_open, one_at_a_time), knows=_title, parties=_own, tells=(INTAKE,), numbered="得分申诉", source="PIPL 24"),
        Step(command="ChangeScore", event="ScoreChanged", zh="改分", en="Change the score", frm=("submitted",), to="changed", who=(CLERK,), form=ChangeForm,
             guards=(moves_something, year_open), tells=("lead",), source="PIPL 24"),
        Step(command="KeepScore", event="ScoreKept", zh="维持原分", en="Uphold the score", frm=("submitted",), to="kept", who=(CLERK,), form=AnswerForm,
             tells=("lead",), source="PIPL 24"),
        Step(command="WithdrawAppeal", event="AppealWithdrawn", zh="撤回", en="Withdraw", frm=("submitted",), to="withdrawn", who=(DEPUTY,)),
    ),
    deadlines=(
        Deadline(name="answer", zh="申诉答复", en="Answer to the appeal", owner=(INTAKE,), starts=("ScoreAppealed",),
                 stops=("ScoreChanged", "ScoreKept", "AppealWithdrawn"), limit="answer", owes=True),
    ),
    oversight=(P.INTAKE, P.COMMITTEE), relations={"lead": ("代表", "Deputy"), INTAKE: ("代表工委", "Deputies' committee")}, prose=("title", "text"),
    family=DUTIES, columns=("number", "title", "lead", "state", "waits", "due", "opened"),
)
