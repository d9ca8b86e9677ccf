"""What must hold before a step of a motion; each answers None or the sentence that says why not and what to do."""

from __future__ import annotations

from typing import Any

from hub.kernel.actor import SYSTEM
from hub.kernel.lifecycle import Case, Scene, blank, own_ref
from hub.streams.proposals.facts import MOTION, movers, of, there
from hub.streams.proposals.guards import Why, in_office, person, strange_kind
from hub.streams.proposals.seen import motions_until, seen


def whole_motion(case: Case | None, _form: Any, scene: Scene) -> Why:
    facts = of(case)
    if facts.kind != MOTION:
        return strange_kind(facts.kind)
    missing = [zh for zh, text in (("案由", facts.cause), ("案据", facts.ground), ("方案", facts.plan)) if blank(text)]
    if missing:
        return f"议案还缺“{'、'.join(missing)}”，请补充后再提交。", "A motion needs cause, ground and plan; write them first."
    return None


def enough_movers(case: Case | None, _form: Any, scene: Scene) -> Why:
    have, need, gone = len(still_movers(case, scene)), scene.rules.movers, len(movers(there(case))) - len(still_movers(case, scene))
    if have >= need:
        return None
    left = (f"（另有 {gone} 名已不在任）", f" (and {gone} no longer in office)") if gone else ("", "")
    return (f"议案须有 {need} 名以上代表联名，现有 {have} 名{left[0]}，请继续邀请或改为建议。",
            f"A motion needs {need} deputies and has {have}{left[1]}: invite more, or make it a suggestion.")


def still_movers(case: Case | None, scene: Scene) -> tuple[str, ...]:
    """Who moves it and is a deputy still: a word that was given ends with the mandate, until the motion is handed in."""
    known = seen(scene).deputies
    return tuple(ref for ref in movers(there(case)) if ref not in known or known[ref].in_office)


def is_motion(case: Case | None, _form: Any, scene: Scene) -> Why:
    return None if of(case).kind == MOTION else ("这不是议案，不需要转为建议。", "This is no motion; it need not become a suggestion.")


def deadline_come(case: Case | None, _form: Any, scene: Scene) -> Why:
    """The presidium may have moved it since the clock was set; a lead deputy need not wait."""
    until = motions_until(scene)
    if scene.actor.id != SYSTEM.id or until is None or scene.at >= until:
        return None
    return f"议案截止时间是{until:%Y-%m-%d %H:%M}，还没有到。", f"Motions are taken until {until:%Y-%m-%d %H:%M}."


def too_few_still(case: Case | None, _form: Any, scene: Scene) -> Why:
    have, need = len(still_movers(case, scene)), scene.rules.movers
    return None if have < need else (f"联名已有 {have} 名，不需要转为建议。", f"It has {have} movers; it need not become a suggestion.")


def too_few_movers(case: Case | None, _form: Any, scene: Scene) -> Why:
    have, need = len(movers(there(case))), scene.rules.movers
    return None if have < need else (f"联名已有 {have} 名，不需要转为建议。", f"It has {have} movers; it need not become a suggestion.")


def before_motion_deadline(case: Case | None, form: Any, scene: Scene) -> Why:
    until = motions_until(scene)
    if until is None:
        return "还没有公布大会和议案截止时间，现在只能提出建议。", "No session with a deadline for motions is known; put it as a suggestion."
    if scene.at <= until:
        return None
    return (f"议案截止时间（{until:%Y-%m-%d %H:%M}）已过，请改为建议提交。",
            f"Motions closed at {until:%Y-%m-%d %H:%M}; hand it in as a suggestion.")


def may_leave(case: Case | None, form: Any, scene: Scene) -> Why:
    """A motion stands after the presidium's deadline: who signed it, signed it."""
    until = motions_until(scene)
    if of(case).kind != MOTION or there(case).state in {"draft", "cosigning"} or until is None or scene.at <= until:
        return None
    return "议案截止后不能退出联名，撤回议案须经主席团同意。", "After the deadline no mover can leave; withdrawing a motion needs the presidium's consent."


def before_vote(case: Case | None, _form: Any, scene: Scene) -> Why:
    at = of(case).vote_at
    return None if at is None or scene.at < at else ("议案已到表决时间，不能撤回。", "The vote has come; it cannot be withdrawn any more.")


def withdrawal_asked(case: Case | None, _form: Any, scene: Scene) -> Why:
    return None if of(case).withdrawal else ("提案人没有申请撤回。", "The movers have not asked to withdraw it.")


def amendment_in_time(case: Case | None, form: Any, scene: Scene) -> Why:
    at, need = of(case).vote_at, scene.rules.movers
    if len(set(form.deputies)) < need:
        return f"修正案须有 {need} 名以上代表联名。", f"An amendment needs {need} deputies."
    if at and (at - scene.at).total_seconds() < scene.rules.amend_hours * 3600:
        return f"修正案须在表决前 {scene.rules.amend_hours} 小时提出。", f"Amendments come {scene.rules.amend_hours} hours before the vote."
    return next((why for one in form.deputies if (why := in_office(person(one), scene))), None)


def vote_adds_up(case: Case | None, form: Any, scene: Scene) -> Why:
    total, here = seen(scene).in_office, form.present
    if form.yes + form.no + form.abstain != here or here > total:
        return "赞成、反对、弃权之和须等于出席人数，且不多于代表总数。", "Yes, no and abstentions make up those present, who are not more than all deputies."
    if 3 * here < 2 * total:
        return f"出席须达全体代表的三分之二（{-(-2 * total // 3)} 名），不能表决。", f"Two thirds of all deputies ({-(-2 * total // 3)}) have to be present."
    return None


def may_object(case: Case | None, _form: Any, scene: Scene) -> Why:
    if not scene.rules.reconsider or not of(case).turned:
        return "本级规则没有要求复议的程序。", "These rules know no reconsideration here."
    return ("您已提出过异议。", "You have objected already.") if own_ref(scene.actor) in of(case).objections else None


def today_or_later(case: Case | None, form: Any, scene: Scene) -> Why:
    return None if form.opinion_by >= scene.day else ("期限不能早于今天。", "The day has passed already.")
