"""Limits of processes.md §2, and the one clock of planned nodes: whichever open node is planned first runs (S1-C09 to C13)."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from hub.kernel.calendar import DAY
from hub.kernel.lifecycle import Case, Deadline, Scene
from hub.streams.legislation import forms as f
from hub.streams.legislation.entry import ENTRY, moved
from hub.streams.legislation.facts import Node, majority, next_node, of
from hub.streams.legislation.force import FORCE
from hub.streams.legislation.reading import READING
from hub.streams.legislation.words import COMMITTEE, LEGISLATE, RULES

COURSE = ("PlanSet", "NodesPlanned", "BillSubmitted", "BillListed", "BillDistributed", "ReadingHeld", "CommentClosed", "DraftRevised",
          "BillVotedOn", "ApprovalAsked", "ApprovalDecided", "LawPromulgated", "LawFiled", "BillTakenUp")
ENDED = ("BillRefused", "BillWithdrawn", "BillShelved", "BillTerminated", "ProjectDropped", "LawRepealed")
PLANNED = ("library", "plan_draft", "consulted")
KNOWS = {step.event: step.knows for step in (*ENTRY, *READING, *FORCE)}
BY_FORM: dict[type, str] = {step.form: step.event for step in (*ENTRY, *READING, *FORCE) if step.event in COURSE}
"""Forms of the course are of one step each, so that the clock knows which node a step does."""


def _next(case: Case | None, form: Any, scene: Scene) -> date | None:
    """The planned day of the node that comes next after this step."""
    nodes = of(case).nodes
    if isinstance(form, f.NodesForm):
        nodes = moved(nodes, form)
        if case is not None and case.state in PLANNED:
            return None
    else:
        nodes = _after(case, form, scene) or nodes
    node = next_node(nodes)
    return node.planned if node else None


def _after(case: Case | None, form: Any, scene: Scene) -> tuple[Node, ...] | None:
    knows = KNOWS.get(BY_FORM.get(type(form), ""))
    told = knows(case, form, scene).get("nodes") if knows else None
    if told is None:
        return None
    return msgspec.convert(told, tuple[Node, ...])


def _goes_on(case: Case | None, form: Any, scene: Scene) -> bool:
    """A bill that failed, or was not approved, has no node to come."""
    if isinstance(form, f.VoteForm):
        return bool(form.yes >= majority(form.members))
    return not isinstance(form, f.DecidedForm) or form.approved


def _comment_until(case: Case | None, form: Any, scene: Scene) -> date | None:
    until: date = form.comment_until
    return until


def _effect(case: Case | None, form: Any, scene: Scene) -> date | None:
    """Over at the end of the day before it takes effect."""
    effective: date = form.effective
    return effective - DAY


def _sent_on(case: Case, form: Any, scene: Scene) -> date:
    """The province's months run from the day it was sent, whenever that is entered."""
    sent: date = form.held_on
    return sent


def _in_force_from(case: Case, form: Any, scene: Scene) -> date:
    return of(case).effective or scene.day


def _filed_in_province(case: Case | None, form: Any, scene: Scene) -> bool:
    return form.filed_province is not None


def _filed_nationally(case: Case | None, form: Any, scene: Scene) -> bool:
    return form.filed_national is not None


def _answer_until(case: Case | None, form: Any, scene: Scene) -> date | None:
    until: date = form.until
    return until


CLOCKS = (
    Deadline(name="node", zh="节点计划", en="Planned node", owner=("lead_unit", LEGISLATE), starts=COURSE, starts_if=_goes_on,
             stops=(*COURSE, *ENDED), on=_next, copies=(RULES,), owes=True, source="（I）"),
    Deadline(name="criticism", zh="督办意见回复", en="Answer to the criticism", owner=("lead_unit",), starts=("UnitCriticised",),
             stops=("CriticismAnswered", *ENDED), on=_answer_until, copies=(LEGISLATE, RULES), source="（I）"),
    Deadline(name="comment", zh="公开征求意见", en="Public comment", owner=(LEGISLATE,), starts=("DraftPublished",),
             stops=("CommentClosed", *ENDED), on=_comment_until, escalates=(), then="CloseComment", source="WL 34"),
    Deadline(name="shelved", zh="搁置", en="Shelved", owner=(LEGISLATE, COMMITTEE), starts=("BillShelved",), stops=("BillTakenUp", "BillTerminated", "BillWithdrawn"),
             limit="shelved", escalates=(), then="TerminateBill", source="WL 41；LL 45"),
    Deadline(name="approval", zh="省批准", en="Province's approval", owner=(LEGISLATE,), starts=("ApprovalAsked",), stops=("ApprovalDecided",),
             since=_sent_on, limit="approval", source="LL 81"),
    Deadline(name="filing", zh="报省备案", en="Filing with the province", owner=(LEGISLATE,), starts=("LawPromulgated",), stops=("LawFiled",),
             stops_if=_filed_in_province, limit="filing", copies=(RULES,), owes=True, source="WL 46"),
    Deadline(name="national", zh="报全国备案", en="National filing", owner=(LEGISLATE,), starts=("LawPromulgated",), stops=("LawFiled",),
             stops_if=_filed_nationally, limit="national", copies=(RULES,), source="LL 109"),
    Deadline(name="effect", zh="施行", en="Takes effect", owner=(LEGISLATE,), starts=("LawPromulgated",), stops=("LawTookEffect",), on=_effect,
             escalates=(), then="TakeEffect", source="WL 44"),
    Deadline(name="supporting", zh="配套规定", en="Supporting rules", owner=("lead_unit", LEGISLATE), starts=("LawTookEffect",),
             stops=("SupportIssued", "LawRepealed"), since=_in_force_from, limit="supporting", copies=(COMMITTEE,), owes=True, source="WL 52"),
)
