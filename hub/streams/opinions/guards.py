"""What stands in the way of a step. `Scene.reads` holds what each looks at; see spoke.py."""

from __future__ import annotations

from typing import Any

import msgspec

from hub.kernel.actor import SYSTEM as HUB
from hub.kernel.actor import Permission
from hub.kernel.lifecycle import Case, Scene, Sentence, in_time, refs_of
from hub.streams.opinions.forms import BY_HAND, GRADES, KINDS, RATINGS, REASONS

P = Permission
LEAD, UNIT = "lead", "lead_unit"


class Landing(msgspec.Struct, frozen=True, kw_only=True):
    """Where one goes, which is read as it is told. `scope` empty: there is no such place. `deputy`: to whom it is said, or who heard it."""

    scope: str = "city"
    deputy: str = ""


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """The opinion that another is merged into, as the asker sees it; `state` empty: it is none, or not his to see."""

    state: str = ""


def kind_known(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.kind in KINDS else ("请从列表中选择类别。", "Choose the kind from the list.")


def kind_known_or_none(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.kind == "" else kind_known(case, form, scene)


def grade_known(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.grade in GRADES else ("请选择一般、较急或紧急。", "Choose normal, pressing or urgent.")


def reason_known(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.topic in REASONS else ("请从列表中选择原因。", "Choose the reason from the list.")


def rating_known(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.rating in RATINGS else ("请选择满意、基本满意或不满意。", "Choose satisfied, basically satisfied or not satisfied.")


def came_by_hand(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    if form.came in BY_HAND:
        return None
    return "请选择站点接待、走访、座谈或电话；扫码和网络反映由群众自己提交。", "Choose reception, visit, forum or phone; what is scanned or sent is sent by citizens."


def place_there(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    if scene.reads.scope:
        return None
    return "没有这个联络站或代表，请重新选择。", "There is no such station or deputy; choose again."


def for_himself(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    if form.deputy is None or scene.actor.may(P.INTAKE) or f"person:{form.deputy}" == scene.reads.deputy:
        return None
    return "代表只能录入自己听到的意见，请把“接待代表”留空。", "A deputy enters what he heard himself; leave the deputy empty."


def unit_there(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    """`reads`: the units that are in use, and deputies among those named."""
    if form.unit not in scene.reads:
        return f"没有承办部门“{form.unit}”，请重新选择。", f"There is no department {form.unit!r}; choose another."
    if form.deputy is not None and f"person:{form.deputy}" not in scene.reads:
        return "没有这位核查代表，请重新选择。", "There is no such deputy; choose another."
    return None


def moves_somewhere(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    if form.station and form.district:
        return "联络站和县（市、区）只选一个。", "Choose a station or a district, not both."
    if not scene.reads.scope:
        return "没有这个联络站或县（市、区），请重新选择。", "There is no such station or district; choose again."
    if case and scene.reads.scope == case.facts.scope:
        return "意见已经在这里，请选择另一个地方，或直接分拣。", "The opinion is here already; choose another place, or sort it."
    return None


def merges_into_another(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    if case and form.into == case.id:
        return "不能并入自己，请选择另一件。", "It cannot be merged into itself; choose another."
    if not scene.reads.state:
        return "没有这件民意，或者您无权查看，请重新选择。", "There is no such opinion, or it is not yours to see; choose another."
    if scene.reads.state in ("merged", "refused"):
        return "所选的一件已并入别件或不予受理，请选择另一件。", "That one was merged or refused itself; choose another."
    return None


def desk_checks(case: Case | None, _form: Any, scene: Scene) -> Sentence | None:
    """Where a deputy is named it is his to look."""
    named = case.parties.get(LEAD) if case else ()
    if scene.actor.id == HUB.id or not named or not refs_of(scene.actor).isdisjoint(named):
        return None
    return "这件由代表核查，请等代表核查或到期。", "A deputy checks this one; wait for him, or for the end of his days."


def not_put_off(case: Case | None, _form: Any, scene: Scene) -> Sentence | None:
    if case and any(clock.extended for name, clock in case.clocks.items() if name in ("answer", "quick")):
        return "已经延期一次，不能再延，请尽快答复。", "It was put off once already; answer it."
    return None


answer_in_time = in_time("answer", "部门答复", "The department's answer")
quick_in_time = in_time("quick", "短时限答复", "The quick answer")


def not_raised(case: Case | None, _form: Any, scene: Scene) -> Sentence | None:
    if not (case and case.facts.raised):
        return None
    return "已经转成建议草稿，请在“建议议案”里继续。", "It is a draft suggestion already; go on there."
