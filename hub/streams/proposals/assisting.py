"""An assisting unit that holds to be asked wrongly says why; who assigned the case releases it or does not (step 12, ZS 14).
The case itself goes on with its lead unit meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.kernel.actor import Permission
from hub.kernel.lifecycle import Because, Case, Scene, Sentence, Step, Who
from hub.streams.proposals import forms as f
from hub.streams.proposals import guards as g
from hub.streams.proposals.facts import ASSISTING, of, plain, replaced, there
from hub.streams.proposals.seen import one_unit
from hub.streams.proposals.words import ASSIGN, INTAKE

Known = Mapping[str, Any]
P = Permission
HELPER, OFFICE, DESK = Who(P.HANDLE, "assisting"), Who(P.ASSIGN), Who(P.INTAKE)
AT_WORK = ("assigned", "handling", "rehandling")


def _leaving(case: Case | None, form: Any, scene: Scene) -> Known:
    parts = of(case).parts
    unit = one_unit(of(case), scene.actor, role=ASSISTING)
    return {"parts": plain(parts | {unit: replaced(parts[unit], leaving=form.reason)})}


def _staying(case: Case | None, form: Any, scene: Scene) -> Known:
    parts = of(case).parts
    return {"parts": plain(parts | {form.unit: replaced(parts[form.unit], leaving="")})}


def _gone(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"parts": plain({unit: part for unit, part in of(case).parts.items() if unit != form.unit})}


def _without(case: Case | None, form: Any, scene: Scene) -> Mapping[str, tuple[str, ...]]:
    return {"assisting": tuple(unit for unit in there(case).parties.get("assisting", ()) if unit != form.unit)}


def others_gave_opinions(case: Case | None, form: Any, scene: Scene) -> bool:
    """Nobody is waited for once this unit is released."""
    return all(part.opinion_on or unit == form.unit for unit, part in of(case).parts.items() if not part.main)


def _somebody_leaves(case: Case | None, _form: Any, scene: Scene) -> Sentence | None:
    if any(part.leaving for part in of(case).parts.values()):
        return None
    return "没有会办单位申请退出。", "No assisting unit asks to be released."


def _this_one_leaves(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    part = of(case).parts.get(form.unit)
    return None if part and part.leaving else ("该单位没有申请退出会办，请选择提出申请的单位。", "This unit has not asked to be released; choose one that has.")


ASSISTANCE = (
    Step(command="AskRelease", event="ReleaseAsked", zh="申请退出会办", en="Ask to be released from assisting", who=(HELPER,), frm=AT_WORK, form=Because,
         guards=(g.return_in_time, g.as_assisting_unit), knows=_leaving, tells=(ASSIGN, INTAKE), source="ZS 14"),
    Step(command="ReleaseUnit", event="UnitReleased", zh="同意退出会办", en="Release an assisting unit", who=(OFFICE, DESK), frm=AT_WORK,
         form=f.ReleaseForm, guards=(_somebody_leaves, _this_one_leaves), parties=_without, knows=_gone, tells=("lead_unit",),
         leaves=("assisting",), source="ZS 14"),
    Step(command="KeepUnit", event="UnitKept", zh="不同意退出会办", en="Keep an assisting unit", who=(OFFICE, DESK), frm=AT_WORK,
         form=f.ReleaseForm, guards=(_somebody_leaves, _this_one_leaves), knows=_staying, tells=("assisting",), source="ZS 14"),
)
