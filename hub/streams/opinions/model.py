"""民意 as a life: told or entered, sorted, answered, checked, told to the citizen, rated; opened again once (processes.md §8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hub.kernel.actor import SYSTEM as HUB
from hub.kernel.actor import Permission
from hub.kernel.lifecycle import (
    DESK,
    Because,
    Case,
    Lifecycle,
    Scene,
    State,
    Step,
    Who,
)
from hub.streams.opinions import guards as g
from hub.streams.opinions.clocks import DEADLINES, has_unit, opens_again
from hub.streams.opinions.forms import (
    CAME,
    GRADES,
    KINDS,
    RATINGS,
    REASONS,
    AnswerForm,
    AssignForm,
    CheckForm,
    ExtendForm,
    MergeForm,
    MoveForm,
    NowForm,
    Opinion,
    OpinionRules,
    RateForm,
    RecordForm,
    RefuseForm,
    TellForm,
    VerifyForm,
)
from hub.streams.opinions.guards import LEAD, UNIT

P = Permission
INTAKE = f"{DESK}{P.INTAKE}"
DEPUTY, CLERK, HANDLER, SYSTEM = Who(P.PROPOSE, LEAD), Who(P.INTAKE), Who(P.HANDLE, UNIT), Who()
TITLE = 30
NUMBER = re.compile(r"[0-9][0-9 -]{5,}[0-9]")
"""A phone or a card: it goes into no title, which lists and notices show."""
OPEN = ("received", "assigned", "handling", "answered", "told")
Known = Mapping[str, Any]
Parties = Mapping[str, tuple[str, ...]]


def titled(text: str) -> str:
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return NUMBER.sub("＊", first)[:TITLE]


def public_title(case: Case) -> str:
    """What everybody may read of it: its kind, and none of the citizen's words."""
    return f"民意：{KINDS.get(case.facts.kind, KINDS['other'])[0]}"


def _told(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"scope": scene.reads.scope, "title": titled(form.text), "came": "scan" if form.to else "network", "kind": form.kind or "other"}


def _recorded(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"scope": scene.reads.scope, "title": titled(form.text), "kind": form.kind or "other", "collector": scene.reads.deputy}


def _heard(case: Case | None, form: Any, scene: Scene) -> Parties:
    return {LEAD: (scene.reads.deputy,)} if scene.reads.deputy else {}


def _verified(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"verified": True, "place": form.place or (case.facts.place if case else "")}


def _assigned(case: Case | None, form: Any, scene: Scene) -> Parties:
    return {UNIT: (form.unit,)} | ({LEAD: (f"person:{form.deputy}",)} if form.deputy else {})


def _answered_now(case: Case | None, form: Any, scene: Scene) -> str:
    return "answered" if case and case.parties.get(LEAD) else "told"


def _new_answer(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"checked": False, "finding": ""}


def _checked(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"checked": scene.actor.id != HUB.id}


def _back(case: Case | None, form: Any, scene: Scene) -> str:
    """To the unit that answered, else to the desk that did."""
    return "handling" if has_unit(case) else "received"


def _moved(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"scope": scene.reads.scope}


def _no_unit(case: Case | None, form: Any, scene: Scene) -> Parties:
    return {UNIT: ()}


def _rated_to(case: Case | None, form: Any, scene: Scene) -> str:
    return "received" if opens_again(case, form, scene) else "closed"


def _rated_parties(case: Case | None, form: Any, scene: Scene) -> Parties:
    return {UNIT: ()} if opens_again(case, form, scene) else {}


def _rated(case: Case | None, form: Any, scene: Scene) -> Known:
    reopened = opens_again(case, form, scene) or bool(case and case.facts.reopened)
    return {"rated_by": "citizen" if scene.actor.id == HUB.id else "desk", "reopened": reopened}


def _raised(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"raised": True}


def _checker(case: Case) -> tuple[str, ...]:
    return case.parties.get(LEAD) or (INTAKE,)


STATES = (
    State("received", "待分拣", "To be sorted", owner=INTAKE),
    State("assigned", "待签收", "With a department", owner=UNIT),
    State("handling", "办理中", "In hand", owner=UNIT, tone="running"),
    State("answered", "待核查", "Answered, to be checked", owner=INTAKE, turn=_checker, tone="running"),
    State("told", "已告知群众", "Told to the citizen", owner="nobody", tone="running"),
    State("closed", "办结", "Closed", terminal=True, tone="done"),
    State("merged", "已并入", "Merged", terminal=True, tone="done"),
    State("refused", "不属受理范围", "Not for us", terminal=True, tone="refused"),
)
STEPS = (
    Step(command="TellOpinion", event="OpinionTold", zh="群众反映", en="Say it", to="received", who=(SYSTEM,), form=TellForm,
         guards=(g.kind_known_or_none, g.place_there), knows=_told, parties=_heard, tells=(INTAKE, LEAD), numbered="民意", own_screen=True, source="S0-B15、S1-D22"),
    Step(command="RecordOpinion", event="OpinionRecorded", zh="录入意见", en="Enter an opinion", to="received", who=(Who(P.PROPOSE), CLERK),
         form=RecordForm, guards=(g.kind_known_or_none, g.came_by_hand, g.place_there, g.for_himself), knows=_recorded, parties=_heard, tells=(INTAKE, LEAD),
         numbered="民意", source="S1-D22、D23"),
    Step(command="VerifyOpinion", event="OpinionVerified", zh="核实", en="Verify", frm=("received",), who=(CLERK,), form=VerifyForm, knows=_verified,
         source="民意办理（I）"),
    Step(command="AnswerOpinionNow", event="OpinionAnsweredNow", zh="当即答复", en="Answer at once", frm=("received",), to=_answered_now, who=(CLERK,),
         form=NowForm, guards=(g.kind_known,), knows=_new_answer, parties=_no_unit, tells=(LEAD,), source="S1-D24"),
    Step(command="AssignOpinion", event="OpinionAssigned", zh="转办部门", en="Assign to a department", frm=("received", "assigned", "handling"), to="assigned",
         who=(CLERK,), form=AssignForm, guards=(g.kind_known, g.grade_known, g.unit_there), parties=_assigned, tells=(UNIT, LEAD), leaves=(UNIT,),
         source="S1-D24、S4-W15"),
    Step(command="MoveOpinion", event="OpinionMoved", zh="转其他站或上级", en="Move to another place", frm=("received",), to="received", who=(CLERK,), form=MoveForm,
         guards=(g.moves_somewhere,), knows=_moved, tells=(INTAKE,), source="S1-D24"),
    Step(command="MergeOpinion", event="OpinionMerged", zh="并入另一件", en="Merge into another", frm=("received",), to="merged", who=(CLERK,), form=MergeForm,
         guards=(g.merges_into_another,), tells=(LEAD,), source="S1-D24"),
    Step(command="RefuseOpinion", event="OpinionRefused", zh="不属受理范围", en="Not for us", frm=("received",), to="refused", who=(CLERK,), form=RefuseForm,
         guards=(g.reason_known,), tells=(LEAD,), source="民意办理（I）"),
    Step(command="AcceptOpinion", event="OpinionAccepted", zh="签收", en="Accept", frm=("assigned",), to="handling", who=(HANDLER,), source="民意办理（I）"),
    Step(command="ReturnOpinion", event="OpinionReturned", zh="退回", en="Hand back", frm=("assigned", "handling"), to="received", who=(HANDLER,), form=Because,
         parties=_no_unit, tells=(INTAKE,)),
    Step(command="ExtendOpinion", event="OpinionExtended", zh="延期", en="Put off", frm=("handling",), who=(HANDLER,), form=ExtendForm,
         guards=(g.not_put_off, g.answer_in_time, g.quick_in_time), tells=(INTAKE,), source="民意办理（I）"),
    Step(command="AnswerOpinion", event="OpinionAnswered", zh="答复", en="Answer", frm=("handling",), to="answered", who=(HANDLER,), form=AnswerForm,
         knows=_new_answer, tells=(INTAKE, LEAD), source="S4-W15"),
    Step(command="ConfirmOpinion", event="OpinionConfirmed", zh="核查属实，告知群众", en="True: tell the citizen", frm=("answered",), to="told",
         who=(DEPUTY, CLERK, SYSTEM), form=CheckForm, guards=(g.desk_checks,), knows=_checked, tells=(UNIT,), source="民意办理（I）"),
    Step(command="RejectOpinion", event="OpinionRejected", zh="核查不属实，退回再办", en="Not true: again", frm=("answered",), to=_back, who=(DEPUTY, CLERK),
         form=Because, guards=(g.desk_checks,), tells=(UNIT, INTAKE), source="民意办理（I）"),
    Step(command="RateOpinion", event="OpinionRated", zh="群众评价", en="The citizen rates", frm=("told",), to=_rated_to, who=(CLERK, SYSTEM), form=RateForm,
         guards=(g.rating_known,), knows=_rated, parties=_rated_parties, tells=(INTAKE, LEAD), leaves=(UNIT,), source="S0-B16"),
    Step(command="CloseOpinion", event="OpinionClosed", zh="到期未评价，办结", en="Close unrated", frm=("told",), to="closed", who=(SYSTEM,)),
    Step(command="RaiseOpinion", event="OpinionRaised", zh="转为建议草稿", en="Make it a draft suggestion", frm=OPEN, who=(DEPUTY,), guards=(g.not_raised,),
         knows=_raised, source="民意办理（I）"),
)
OPINIONS = Lifecycle(
    name="opinions", noun="opinion", zh="民意", en="Opinions", facts=Opinion, rules=OpinionRules, states=STATES, steps=STEPS, deadlines=DEADLINES,
    oversight=(P.INTAKE, P.COMMITTEE),
    relations={LEAD: ("代表", "Deputy"), UNIT: ("承办部门", "Department"), INTAKE: ("代表工委·联络站", "Deputies' committee, station"),
               "nobody": ("群众", "The citizen")},
    words={"kind": KINDS, "topic": REASONS, "grade": GRADES, "came": CAME, "rating": RATINGS}, prose=("title", "text", "place", "answer"),
    kept=("phone",), kept_for=(INTAKE, UNIT),
    columns=("number", "title", "kind", "grade", "state", "unit", "due", "opened"),
    called={"kind": ("类别", "Kind")},
)
