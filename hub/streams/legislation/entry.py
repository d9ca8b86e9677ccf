"""From the call to the day a draft is handed in (steps 1 to 4 of processes.md §2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from hub.kernel.actor import Permission
from hub.kernel.lifecycle import Because, Case, Scene, Step, Who
from hub.streams.legislation import forms as f
from hub.streams.legislation import guards as g
from hub.streams.legislation.facts import Criticism, Edition, Node, Remark, done, of, plain
from hub.streams.legislation.rules import NodeRule
from hub.streams.legislation.seen import seen
from hub.streams.legislation.words import COMMITTEE, LEGISLATE

Known = Mapping[str, Any]
Refs = Mapping[str, tuple[str, ...]]
P = Permission
CLERK = Who(P.LEGISLATE)
CHAIRS = Who(P.COMMITTEE)
UNIT = Who(P.HANDLE, "lead_unit")
BEFORE_VOTE = ("drafting", "submitted", "committee", "listed", "distributed", "first", "second", "third", "comment", "review", "vote_draft", "shelved")
ALIVE = ("library", "plan_draft", "consulted", *BEFORE_VOTE, "passed", "sent", "approved", "promulgated", "in_force")


def _entered(case: Case | None, form: Any, scene: Scene) -> Known:
    course = seen(scene).templates.get(form.template) or scene.rules.courses.get(form.kind, ())
    return {
        "year": scene.day.year, "topic": form.subject, "readings": scene.rules.readings.get(form.kind, 2),
        "nodes": plain(tuple(Node(node=one.node) for one in course)),
    }


def _planned(case: Case | None, form: Any, scene: Scene) -> Known:
    facts = of(case)
    course = seen(scene).templates.get(facts.template) or scene.rules.courses.get(facts.kind, ())
    said = {"draft": form.submit_on, "first": form.first_on, "second": form.second_on, "third": form.third_on}
    return {"nodes": plain(tuple(laid_out(course, scene, form.submit_on, said)))}


def laid_out(course: tuple[NodeRule, ...], scene: Scene, begin: date, said: Mapping[str, date | None]) -> list[Node]:
    """A planned day for each node: the one that was said, else so long after the node before it."""
    nodes: list[Node] = []
    day = begin
    for one in course:
        day = said.get(one.node) or (begin if not nodes else scene.calendar.after(day, one.after))
        nodes.append(Node(node=one.node, planned=day))
    return nodes


def _units(case: Case | None, form: Any, scene: Scene) -> Refs:
    return {"lead_unit": (form.drafting,)}


def _set(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"nodes": plain(done(of(case).nodes, "consult", "set", on=scene.day))}


def moved(nodes: tuple[Node, ...], form: f.NodesForm) -> tuple[Node, ...]:
    days = {one.node: one.planned for one in form.days}
    known = {node.node for node in nodes}
    kept = tuple(msgspec.structs.replace(node, planned=days.get(node.node, node.planned)) if node.done is None else node for node in nodes)
    return (*kept, *(Node(node=code, planned=day) for code, day in days.items() if code not in known))


def _moved(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"nodes": plain(moved(of(case).nodes, form))}


def _remarked(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"remarks": plain((*of(case).remarks, Remark(on=scene.day, by=scene.actor.name, text=form.text)))}


def _criticised(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"criticisms": plain((*of(case).criticisms, Criticism(on=scene.day, by=scene.actor.name, text=form.text, until=form.until)))}


def _answered(case: Case | None, form: Any, scene: Scene) -> Known:
    said = (msgspec.structs.replace(one, answer=form.text, answered=scene.day) if one.answered is None else one for one in of(case).criticisms)
    return {"criticisms": plain(tuple(said))}


def edition(case: Case | None, form: Any, scene: Scene, note: str = "") -> list[Any]:
    facts = of(case)
    made = Edition(n=len(facts.editions) + 1, of=case.state if case else "", on=scene.day, text=form.text,
                   files=getattr(form, "explanation", ()), note=note)
    return [*plain(facts.editions), plain(made)]


def _handed_in(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"editions": edition(case, form, scene, form.late_reason), "nodes": plain(done(of(case).nodes, "draft", on=scene.day))}


ENTRY = (
    Step(command="EnterProject", event="ProjectEntered", zh="录入项目库", en="Enter into the library", to="library", who=(CLERK,),
         form=f.LibraryForm, guards=(g.known_words, g.known_template), knows=_entered, numbered="立法项目", source="WL 8；S1-C03"),
    Step(command="EditProject", event="ProjectEdited", zh="修改项目", en="Edit", frm=("library", "plan_draft"), who=(CLERK,),
         form=f.EditForm, guards=(g.known_words, g.known_template), knows=_entered, source="S1-C05"),
    Step(command="DropProject", event="ProjectDropped", zh="移出项目库", en="Drop", frm=("library", "plan_draft", "consulted"), to="dropped",
         who=(CLERK,), form=Because, source="S1-C04"),
    Step(command="PlanProject", event="ProjectPlanned", zh="列入计划草案", en="Put into the draft plan",
         frm=("library", "plan_draft", "consulted"), to="plan_draft", who=(CLERK,), form=f.PlanForm, guards=(g.in_order,),
         knows=_planned, parties=_units, leaves=("lead_unit",), source="WL 8、9；S1-C06"),
    Step(command="ConsultProvince", event="ProvinceConsulted", zh="登记省意见", en="Record the province's opinion", frm=("plan_draft",),
         to="consulted", who=(CLERK,), form=f.ProvinceForm, tells=(COMMITTEE,), source="WL 8"),
    Step(command="SetPlan", event="PlanSet", zh="通过立法计划", en="Set the plan", frm=("consulted",), to="drafting", who=(CHAIRS,),
         form=f.SetForm, guards=(g.province_free, g.justified, g.past), knows=_set, tells=("lead_unit", LEGISLATE), source="WL 8"),
    Step(command="PlanNodes", event="NodesPlanned", zh="调整节点计划", en="Plan the nodes", frm=ALIVE, who=(CLERK, CHAIRS), form=f.NodesForm,
         guards=(g.nodes_known, g.postponed_why), knows=_moved, tells=("lead_unit",), source="S1-C07"),
    Step(command="RemarkOnProject", event="ProjectRemarked", zh="批示", en="Remark", frm=ALIVE, who=(CHAIRS,), form=f.RemarkForm,
         knows=_remarked, tells=("lead_unit", LEGISLATE), source="S1-C10"),
    Step(command="CriticiseUnit", event="UnitCriticised", zh="发督办意见", en="Criticise in writing", frm=ALIVE, who=(CLERK, CHAIRS),
         form=f.CriticismForm, guards=(g.something_overdue, g.none_unanswered, g.answer_ahead), knows=_criticised, tells=("lead_unit",),
         urgent=True, source="S1-C13"),
    Step(command="AnswerCriticism", event="CriticismAnswered", zh="回复督办意见", en="Answer the criticism", frm=ALIVE, who=(UNIT,),
         form=f.CriticismAnswer, guards=(g.criticised,), knows=_answered, tells=(LEGISLATE, COMMITTEE), source="S1-C13"),
    Step(command="SubmitBill", event="BillSubmitted", zh="提请审议", en="Submit the bill", frm=("drafting",), to="submitted",
         who=(UNIT, CLERK), form=f.BillForm, guards=(g.enough_movers, g.submitted_early, g.late_explained, g.compared), knows=_handed_in,
         tells=(LEGISLATE,), source="WL 24、47"),
)
