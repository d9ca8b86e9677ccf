"""What must hold before a step of an inquiry; each answers None or the sentence that says why not and what to do."""

from __future__ import annotations

from typing import Any

from hub.kernel.actor import SYSTEM
from hub.kernel.lifecycle import Case, Scene, blank, own_ref
from hub.streams.proposals.facts import (
    COMMITTEE_FORUM,
    INQUIRY,
    UNSATISFIED,
    WRITTEN,
    Proposal,
    movers,
    of,
    there,
)
from hub.streams.proposals.guards import Why, strange_kind
from hub.streams.proposals.motion_guards import still_movers
from hub.streams.proposals.rules import ProposalRules
from hub.streams.proposals.seen import seen, session_on


def movers_needed(facts: Proposal, rules: ProposalRules) -> int:
    """Ten deputies, in the congress; five members, in the standing committee."""
    return rules.committee_inquirers if facts.forum == COMMITTEE_FORUM else rules.inquirers


def still_inquirers(case: Case | None, scene: Scene) -> tuple[str, ...]:
    """Who moves it and may: in the standing committee its members alone."""
    known, still = seen(scene).deputies, still_movers(case, scene)
    if of(case).forum != COMMITTEE_FORUM:
        return still
    return tuple(ref for ref in still if ref in known and known[ref].member)


def whole_inquiry(case: Case | None, _form: Any, scene: Scene) -> Why:
    facts = of(case)
    if facts.kind != INQUIRY:
        return strange_kind(facts.kind)
    missing = [zh for zh, text in (("质询对象", facts.asked_of), ("质询的问题", facts.question), ("质询的内容", facts.content)) if blank(text)]
    if missing:
        return f"质询案还缺“{'、'.join(missing)}”，请补充后再提交。", "An inquiry names whom it is put to, the question and its content; write them first."
    return None


def organ_known(case: Case | None, form: Any, scene: Scene) -> Why:
    if of(case).asked_of in seen(scene).units:
        return None
    return "质询对象应是本级政府及其部门、监察委员会、法院或检察院，请从列表中选择。", "It is put to the government, one of its departments, the supervisors, the court or the procurators; choose from the list."


def forum_sits(case: Case | None, form: Any, scene: Scene) -> Why:
    if of(case).forum == COMMITTEE_FORUM or session_on(scene):
        return None
    return ("向大会提出的质询案在大会期间提出，现在没有大会；闭会期间由常委会组成人员向常委会提出。",
            "An inquiry is put to the congress while it sits, which it does not; between sessions members put it to the standing committee.")


def enough_inquirers(case: Case | None, _form: Any, scene: Scene) -> Why:
    have, need = len(still_inquirers(case, scene)), movers_needed(of(case), scene.rules)
    if have >= need:
        return None
    who = ("常委会组成人员", "members of the standing committee") if of(case).forum == COMMITTEE_FORUM else ("代表", "deputies")
    return (f"质询案须有 {need} 名以上{who[0]}联名，现有 {have} 名，请继续邀请。", f"An inquiry needs {need} {who[1]} and has {have}: invite more.")


def lead_may_inquire(case: Case | None, _form: Any, scene: Scene) -> Why:
    if set(there(case).parties["lead"]) <= set(still_inquirers(case, scene)):
        return None
    return "向常委会提出质询案的领衔人须是常委会组成人员，请改为向大会提出。", "Only a member of the standing committee leads an inquiry to it; put it to the congress."


def too_few_inquirers(case: Case | None, _form: Any, scene: Scene) -> Why:
    have, need = len(movers(there(case))), movers_needed(of(case), scene.rules)
    return None if have < need else (f"联名已有 {have} 名，质询案成立。", f"It has {have} movers and stands.")


def answer_fits(case: Case | None, form: Any, scene: Scene) -> Why:
    if form.answer_by < scene.day:
        return "答复期限不能早于今天。", "The day has passed already."
    if form.answer_how == "presiding" and of(case).forum == COMMITTEE_FORUM:
        return "常委会没有主席团会议，请选择常委会会议或专门委员会会议口头答复，或书面答复。", "The standing committee has no presidium; choose its meeting, a special committee's, or writing."
    if form.answer_how != WRITTEN and blank(form.answer_where):
        return "口头答复请写明会议时间、地点，提出质询案的代表有权列席。", "Say when and where it is answered: its movers may attend."
    return None


def in_writing(case: Case | None, _form: Any, scene: Scene) -> Why:
    return None if of(case).answer_how == WRITTEN else (
        "已决定口头答复，请负责人到会答复，由工作人员登记。", "It is to be answered at the meeting, by the head in person; staff write it down.")


def at_a_meeting(case: Case | None, _form: Any, scene: Scene) -> Why:
    return None if of(case).answer_how != WRITTEN else (
        "已决定书面答复，由受质询机关负责人签署。", "It is to be answered in writing, signed by the head.")


def signed_by_head(case: Case | None, form: Any, scene: Scene) -> Why:
    return None if form.sealed else ("书面答复须由受质询机关负责人签署，请确认。", "A written answer is signed by the head; confirm it.")


def head_came(case: Case | None, form: Any, scene: Scene) -> Why:
    if not form.in_person:
        return "口头答复须由受质询机关的负责人到会，不能由他人代为答复。", "The head answers in person; nobody answers for him."
    since = of(case).submitted_on or scene.day
    return None if since <= form.on <= scene.day else (
        f"答复日期应在提出日 {since:%Y-%m-%d} 和今天之间。", f"The day lies between {since:%Y-%m-%d}, when it was put, and today.")


def judges_once(case: Case | None, _form: Any, scene: Scene) -> Why:
    return ("您已对这次答复表示过意见。", "You have judged this answer already.") if own_ref(scene.actor) in of(case).judged else None


def says_why(case: Case | None, form: Any, scene: Scene) -> Why:
    if form.judgement == UNSATISFIED and blank(form.reason):
        return "不满意请写明意见，便于再作答复。", "Say why you are unsatisfied, so that it can be answered again."
    return None


def members_may_be_declined(case: Case | None, _form: Any, scene: Scene) -> Why:
    if of(case).forum == COMMITTEE_FORUM:
        return None
    return "大会期间半数以上提案代表不满意的，受质询机关须再作答复，请决定答复方式。", "Half of the deputies who put it ask for another answer: it has to be given; decide how."


def view_over(case: Case | None, _form: Any, scene: Scene) -> Why:
    running = there(case).clocks.get("judge")
    if scene.actor.id == SYSTEM.id or running is None or scene.day > running.due:
        return None
    return f"提案代表可在{running.due:%Y-%m-%d}前表示意见，到期后再办结。", f"Its movers may judge the answer until {running.due:%Y-%m-%d}; close it then."


def inquiry_only(case: Case | None, _form: Any, scene: Scene) -> Why:
    return None if of(case).kind == INQUIRY else ("这不是质询案，请用“撤回建议”。", "This is no inquiry; withdraw it as a suggestion.")
