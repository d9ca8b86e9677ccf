"""From the vote to the law's own life (steps 13 to 18 of processes.md §2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hub.kernel.lifecycle import Case, Scene, Step, Who
from hub.streams.legislation import forms as f
from hub.streams.legislation import guards as g
from hub.streams.legislation.entry import CHAIRS, CLERK, edition
from hub.streams.legislation.facts import Project, done, of, plain
from hub.streams.legislation.words import COMMITTEE, LEGISLATE

Known = Mapping[str, Any]
SYSTEM = Who()


def _on(code: str) -> Any:
    def knows(case: Case | None, form: Any, scene: Scene) -> Known:
        return {"nodes": plain(done(of(case).nodes, code, on=form.held_on))}

    return knows


def _approval(case: Case | None, form: Any, scene: Scene) -> Known:
    return {**_on("approve")(case, form, scene), "approved_on": plain(form.held_on)}


def _decided(case: Case | None, form: Any, scene: Scene) -> str:
    return "approved" if form.approved else "refused"


def _notice(facts: Project, form: f.NoticeForm) -> str:
    """Who made it, who approved it, the days of passing, approval and effect (WL 44)."""
    passed = next((vote.on for vote in reversed(facts.votes) if not vote.clause), None)
    return (f"《{facts.title}》已由{form.maker}{f'于{said_day(passed)}' if passed else ''}通过"
            + (f"，{facts.approver}于{said_day(facts.approved_on)}批准" if facts.approved_on else "")
            + f"，现予公布，自{said_day(form.effective)}起施行。")


def said_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _promulgated(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"editions": edition(case, form, scene, "公布文本"), "notice": _notice(of(case), form), "nodes": plain(done(of(case).nodes, "promulgate", on=scene.day))}


def _filed(case: Case | None, form: Any, scene: Scene) -> Known:
    facts = of(case)
    province, national = form.filed_province or facts.filed_province, form.filed_national or facts.filed_national
    nodes = done(facts.nodes, "file", on=scene.day) if form.filed_province else facts.nodes
    return {"filed_province": plain(province), "filed_national": plain(national), "nodes": plain(nodes)}


FORCE = (
    Step(command="SendForApproval", event="ApprovalAsked", zh="报请批准", en="Send for approval", frm=("passed",), to="sent", who=(CLERK,),
         form=f.DayForm, guards=(g.past,), knows=_on("send"), source="LL 81"),
    Step(command="RecordApproval", event="ApprovalDecided", zh="登记批准决定", en="Record the decision", frm=("sent",), to=_decided, who=(CLERK,),
         form=f.DecidedForm, guards=(g.past,), knows=_approval, tells=("lead_unit", COMMITTEE), source="LL 81"),
    Step(command="PromulgateLaw", event="LawPromulgated", zh="公布", en="Promulgate", frm=("approved",), to="promulgated", who=(CLERK,),
         form=f.NoticeForm, guards=(g.after_approval,), knows=_promulgated, tells=("lead_unit", COMMITTEE), source="WL 44"),
    Step(command="FileLaw", event="LawFiled", zh="登记备案", en="Record the filing", frm=("promulgated", "in_force"), who=(CLERK,), form=f.FiledForm,
         guards=(g.some_day, g.filed_already), knows=_filed, source="WL 46；LL 109"),
    Step(command="TakeEffect", event="LawTookEffect", zh="施行", en="Take effect", frm=("promulgated",), to="in_force", who=(SYSTEM, CLERK),
         tells=("lead_unit", LEGISLATE), source="WL 44"),
    Step(command="IssueSupport", event="SupportIssued", zh="登记配套规定", en="Supporting rules issued", frm=("in_force",), who=(CLERK, Who(relation="lead_unit")),
         form=f.UpheldForm, source="WL 52"),
    Step(command="EvaluateLaw", event="LawEvaluated", zh="立法后评估", en="Evaluate", frm=("in_force",), who=(CLERK,), form=f.UpheldForm, source="WL 53"),
    Step(command="InterpretLaw", event="LawInterpreted", zh="解释", en="Interpret", frm=("in_force",), who=(CHAIRS,), form=f.InterpretForm,
         guards=(g.interpreted,), source="WL 54"),
    Step(command="RepealLaw", event="LawRepealed", zh="废止", en="Repeal", frm=("in_force",), to="repealed", who=(CHAIRS,), form=f.ReasonForm,
         tells=("lead_unit",), source="WL 55"),
)
