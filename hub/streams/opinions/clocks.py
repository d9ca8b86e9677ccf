"""The clocks of an opinion: sorting, the department's acceptance and answer, the check, the citizen's word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hub.kernel.actor import Permission
from hub.kernel.lifecycle import DESK, Case, Deadline, Scene
from hub.streams.opinions.forms import UNSATISFIED, AssignForm, RateForm
from hub.streams.opinions.guards import LEAD, UNIT

INTAKE = f"{DESK}{Permission.INTAKE}"
BACK_AT_UNIT = ("OpinionAssigned", "OpinionRejected")
ANSWERS = ("OpinionAnswered", "OpinionReturned", "OpinionAssigned")


def has_unit(case: Case | None) -> bool:
    return bool(case and case.parties.get(UNIT))


def has_deputy(case: Case | None) -> bool:
    return bool(case and case.parties.get(LEAD))


def opens_again(case: Case | None, form: Any, scene: Scene) -> bool:
    return bool(form.rating == UNSATISFIED and case and not case.facts.reopened)


def _to_be_sorted(case: Case | None, form: Any, scene: Scene) -> bool:
    if case is None or case.state not in ("answered", "told"):
        return True
    return opens_again(case, form, scene) if isinstance(form, RateForm) else not has_unit(case)


def _at_unit(soon: bool) -> Callable[[Case | None, Any, Scene], bool]:
    """By the form where a unit gets it, by what is known where it gets it back."""

    def holds(case: Case | None, form: Any, scene: Scene) -> bool:
        if not (isinstance(form, AssignForm) or has_unit(case)):
            return False
        said = form if isinstance(form, AssignForm) or case is None else case.facts
        return bool(said.simple or said.grade == "urgent") is soon

    return holds


def _put_off(clock: str) -> Callable[[Case, Any, Scene], date]:
    def until(case: Case, form: Any, scene: Scene) -> date:
        return scene.calendar.after(case.clocks[clock].due, scene.rules.more)

    return until


def _is_checked(case: Case | None, form: Any, scene: Scene) -> bool:
    return bool(case and case.state == "handling") or has_deputy(case)


def _is_told(case: Case | None, form: Any, scene: Scene) -> bool:
    return bool(case and case.state == "answered") or not has_deputy(case)


DEADLINES = (
    Deadline(name="sort", zh="分拣", en="Sorting", owner=(INTAKE,), limit="sort", starts_if=_to_be_sorted,
             starts=("OpinionTold", "OpinionRecorded", "OpinionReturned", "OpinionMoved", "OpinionRejected", "OpinionRated"),
             stops=("OpinionAnsweredNow", "OpinionAssigned", "OpinionMerged", "OpinionRefused"), source="民意办理（I）"),
    Deadline(name="accept", zh="部门签收", en="The department's acceptance", owner=(UNIT,), limit="accept", copies=(INTAKE,), starts=("OpinionAssigned",),
             stops=("OpinionAccepted", "OpinionReturned")),
    Deadline(name="quick", zh="短时限答复", en="The quick answer", owner=(UNIT,), limit="quick", copies=(INTAKE,), owes=True, starts=BACK_AT_UNIT,
             starts_if=_at_unit(soon=True), stops=ANSWERS, extends=("OpinionExtended",), until=_put_off("quick"), source="民意办理（I）"),
    Deadline(name="answer", zh="部门答复", en="The department's answer", owner=(UNIT,), limit="answer", copies=(INTAKE,), owes=True, starts=BACK_AT_UNIT,
             starts_if=_at_unit(soon=False), stops=ANSWERS, extends=("OpinionExtended",), until=_put_off("answer"), source="民意办理（I）"),
    Deadline(name="check", zh="核查", en="Check", owner=(LEAD, INTAKE), limit="check", escalates=(), starts=("OpinionAnswered", "OpinionAnsweredNow"),
             starts_if=_is_checked, stops=("OpinionConfirmed", "OpinionRejected"), then="ConfirmOpinion"),
    Deadline(name="rate", zh="群众评价", en="The citizen's rating", owner=(INTAKE,), limit="rate", leads="", escalates=(),
             starts=("OpinionConfirmed", "OpinionAnsweredNow"), starts_if=_is_told, stops=("OpinionRated", "OpinionClosed"), then="CloseOpinion"),
)
