"""A life as small as may be, with one of everything: it proves the engine, and hangs on the hub in tests only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec

from hub.cases import stream_spoke
from hub.kernel.actor import Actor, Permission
from hub.kernel.calendar import Span, Unit
from hub.kernel.lifecycle import (
    Because,
    Case,
    Deadline,
    Facts,
    Form,
    Lifecycle,
    Nothing,
    RuleSet,
    Scene,
    Sentence,
    State,
    Step,
    Who,
    asked,
    in_time,
    own_ref,
)
from hub.record import Connection

P = Permission


class WishFacts(Facts, frozen=True, kw_only=True):
    text: str = ""
    reply: str = ""
    inner: str = ""


class WishRules(RuleSet, frozen=True, kw_only=True):
    answer: Span = Span(5, Unit.WORKDAYS)
    rate: Span = Span(10, Unit.DAYS)
    longest: int = 200


class Draft(Form, frozen=True, kw_only=True):
    title: Annotated[str, asked("标题", "Title", min_length=2, max_length=80)]
    text: Annotated[str, asked("内容", "Text", rows=6, max_length=5000)]
    kind: Annotated[str, asked("类别", "Kind", pick="word:kind")] = "road"
    confidential: Annotated[bool, asked("不公开", "Confidential")] = False
    files: Annotated[tuple[UUID, ...], asked("附件", "Files", pick="file", max_length=5)] = ()


class Assign(Form, frozen=True, kw_only=True):
    unit: Annotated[str, asked("主办单位", "Lead unit", pick="unit", max_length=80)]
    inner: Annotated[str, asked("内部意见", "Internal note", rows=3)] = ""


class Reply(Form, frozen=True, kw_only=True):
    reply: Annotated[str, asked("答复", "Reply", rows=6, min_length=2)]


def too_long(_case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    if len(form.text) <= scene.rules.longest:
        return None
    return f"内容超过{scene.rules.longest}字，请缩短。", f"The text is over {scene.rules.longest} characters; shorten it."


def busy(_case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return (f"{form.unit}不存在，请重新选择。", f"There is no {form.unit}.") if not scene.reads else None


def lead_of(_case: Case | None, _form: Any, scene: Scene) -> Mapping[str, tuple[str, ...]]:
    return {"lead": (own_ref(scene.actor),)}


def unit_of(_case: Case | None, form: Any, _scene: Scene) -> Mapping[str, tuple[str, ...]]:
    return {"lead_unit": (form.unit,)}


async def unit_there(conn: Connection, command: Any, _actor: Actor) -> Any:
    return await conn.fetchval("select true from directory.organisation where id = $1", command.form.unit)


UNIT = (Who(P.HANDLE, "lead_unit"),)

WISHES = Lifecycle(
    name="wishes", noun="wish", zh="心愿", en="wish", facts=WishFacts, rules=WishRules, oversight=(P.INTAKE,), prose=("title", "text"),
    open_facts=("reply",),
    relations={"lead": ("领衔", "Lead"), "lead_unit": ("主办", "Lead unit")},
    words={"kind": {"road": ("道路", "Roads"), "school": ("教育", "Schools")}},
    states=(
        State("draft", "起草", "Draft", "lead", private=True),
        State("review", "待审查", "Under review", "desk:cases.intake"),
        State("accepted", "已受理", "Accepted", "desk:cases.assign"),
        State("handling", "办理中", "In hand", "lead_unit", tone="running"),
        State("replied", "已答复", "Replied", "lead", public=True, tone="running"),
        State("closed", "办结", "Closed", public=True, terminal=True, tone="done"),
        State("refused", "不予立案", "Refused", terminal=True, tone="refused"),
    ),
    steps=(
        Step(command="DraftWish", event="WishDrafted", zh="起草", en="Draft", who=(Who(P.PROPOSE),), to="draft", form=Draft, parties=lead_of),
        Step(command="SendWish", event="WishSent", zh="送出", en="Send", who=(Who(P.PROPOSE, "lead"),), frm=("draft",), to="review",
             tells=("desk:cases.intake",)),
        Step(command="SubmitWish", event="WishSubmitted", zh="提交", en="Submit", who=(Who(P.PROPOSE),), to="review", form=Draft,
             guards=(too_long,), parties=lead_of, tells=("desk:cases.intake",)),
        Step(command="AcceptWish", event="WishAccepted", zh="受理", en="Accept", who=(Who(P.INTAKE),), frm=("review",), to="accepted",
             tells=("lead", "desk:cases.assign"), numbered="心愿"),
        Step(command="RefuseWish", event="WishRefused", zh="不予立案", en="Refuse", who=(Who(P.INTAKE),), frm=("review",), to="refused",
             form=Because, tells=("lead",)),
        Step(command="AssignWish", event="WishAssigned", zh="交办", en="Assign", who=(Who(P.ASSIGN),), frm=("accepted", "handling"), to="handling",
             form=Assign, guards=(busy,), parties=unit_of, tells=("lead_unit", "lead")),
        Step(command="ReplyWish", event="WishReplied", zh="答复", en="Reply", who=UNIT, frm=("handling",), to="replied", form=Reply, tells=("lead",),
             urgent=True),
        Step(command="RateWish", event="WishRated", zh="评价", en="Rate", who=(Who(P.PROPOSE, "lead"),), frm=("replied",), to="closed",
             guards=(in_time("rate", "评价", "Rating"),)),
        Step(command="CloseWish", event="WishClosed", zh="逾期未评价办结", en="Close unrated", who=(Who(),), frm=("replied",), to="closed", form=Nothing,
             tells=("lead",)),
    ),
    deadlines=(
        Deadline(name="answer", zh="答复期限", en="Reply", owner=("lead_unit",), starts=("WishAssigned",), stops=("WishReplied",), limit="answer",
                 copies=("desk:cases.intake",), escalates=(3,), owes=True),
        Deadline(name="rate", zh="评价期限", en="Rating", owner=("lead",), starts=("WishReplied",), stops=("WishRated", "WishClosed"), limit="rate",
                 leads="leads", escalates=(), then="CloseWish"),
    ),
)

WISH_SPOKE = stream_spoke(WISHES, reads={"AssignWish": unit_there})


def facts_of(case: Case) -> WishFacts:
    return msgspec.convert(msgspec.to_builtins(case.facts), WishFacts)
