"""What must hold before a step; each answers None or the sentence that says why not and what to do."""

from __future__ import annotations

from typing import Any

from hub.kernel.actor import Permission
from hub.kernel.lifecycle import Case, Scene, Sentence, blank, own_ref
from hub.streams.proposals.facts import (
    ASSISTING,
    COMMITTEE_FORUM,
    INQUIRY,
    MOTION,
    SUGGESTION,
    UNFULFILLED,
    UNSATISFIED,
    Proposal,
    of,
    owing,
    there,
    unrated,
    unrated_reports,
)
from hub.streams.proposals.seen import one_unit, own_parts, seen, term_now
from hub.streams.proposals.words import TOPICS

Why = Sentence | None


def person(one: object) -> str:
    return f"person:{one}"


def in_office(ref: str, scene: Scene) -> Why:
    deputy = seen(scene).deputies.get(ref)
    if deputy is None:
        return "只有市人大代表可以提出或联名，请从代表名册中选择。", "Only deputies can put or co-sign it; choose from the register."
    if not deputy.in_office:
        return f"{deputy.name}已不是在任代表，请另选。", f"{deputy.name} is not a deputy in office; choose another."
    return None


def by_deputy(case: Case | None, form: Any, scene: Scene) -> Why:
    if form.deputy is not None and not scene.actor.may(Permission.INTAKE):
        return "只有代表工委可以代为录入，请把“代为录入的代表”留空。", "Only the deputies' committee enters for others; leave that field empty."
    return in_office(person(form.deputy) if form.deputy else own_ref(scene.actor), scene)


def behalf_allowed(case: Case | None, form: Any, scene: Scene) -> Why:
    if form.behalf in scene.rules.proposers:
        return None
    return "本级规则不允许以此名义提出，请改为以代表名义。", "These rules know no proposal in that name; put it as a deputy."


def known_topic(case: Case | None, form: Any, scene: Scene) -> Why:
    return None if form.topic in TOPICS else ("没有这个分类，请从列表中选择。", "There is no such topic; choose from the list.")


def invitable(case: Case | None, form: Any, scene: Scene) -> Why:
    refs = [person(one) for one in form.deputies]
    if there(case).has("lead", frozenset(refs)):
        return "领衔代表不用邀请自己，请把领衔代表从名单中去掉。", "The lead deputy need not be invited; take them off the list."
    return next((why for ref in refs if (why := in_office(ref, scene) or _a_member(of(case), ref, scene))), None)


def _a_member(facts: Proposal, ref: str, scene: Scene) -> Why:
    """Inquiries to the standing committee are put by its members."""
    if facts.kind != INQUIRY or facts.forum != COMMITTEE_FORUM or seen(scene).deputies[ref].member:
        return None
    name = seen(scene).deputies[ref].name
    return f"{name}不是常委会组成人员，不能联名向常委会提出质询案。", f"{name} is no member of the standing committee and cannot put an inquiry to it."


def read_as_it_stands(case: Case | None, form: Any, scene: Scene) -> Why:
    facts = of(case)
    if form.seen == facts.edition:
        return None
    return (f"文稿已改为第 {facts.edition} 版，请重新阅读后再确认联名。",
            f"The text is in edition {facts.edition} now; read it again before you confirm.")


def lead_in_office(case: Case | None, form: Any, scene: Scene) -> Why:
    return in_office(there(case).parties["lead"][0], scene)


def still_in_office(case: Case | None, form: Any, scene: Scene) -> Why:
    return in_office(own_ref(scene.actor), scene)


KINDS = {
    SUGGESTION: ("这是建议，请用“提交建议”，或先修改类型。", "This is a suggestion; hand it in as one, or change its kind first."),
    MOTION: ("这是议案，请用“提交议案”，或先改为建议。", "This is a motion; hand it in as one, or make it a suggestion first."),
    INQUIRY: ("这是质询案，请用“提交质询案”，或先修改类型。", "This is an inquiry; put it as one, or change its kind first."),
}


def strange_kind(kind: str) -> Why:
    return KINDS[kind]


def same_kind(case: Case | None, form: Any, scene: Scene) -> Why:
    """What was handed in has its number and its desk."""
    if there(case).state != "returned" or form.kind == of(case).kind:
        return None
    return "已提交过的事项不能改变类型，请撤回后另行起草。", "What was handed in keeps its kind; withdraw it and draft another."


def whole_suggestion(case: Case | None, _form: Any, scene: Scene) -> Why:
    facts = of(case)
    if facts.kind != SUGGESTION:
        return strange_kind(facts.kind)
    missing = [zh for zh, text in (("情况", facts.situation), ("分析", facts.analysis), ("具体建议", facts.advice)) if blank(text)]
    if missing:
        return f"建议还缺“{'、'.join(missing)}”，请补充后再提交。", "A suggestion needs situation, analysis and concrete advice; write them first."
    return None


def one_matter(case: Case | None, form: Any, scene: Scene) -> Why:
    return None if form.one_matter else ("一件只提一个事项，请确认“一事一议”，或拆成几件。", "One matter in each: confirm it, or split the text.")


def listed_reason(case: Case | None, form: Any, scene: Scene) -> Why:
    return None if form.refusal in scene.rules.reasons else (
        "请从法定的不予受理情形中选择一项。", "Choose one of the reasons the rules know.")


def mergeable(case: Case | None, form: Any, scene: Scene) -> Why:
    other = seen(scene).other
    if other is None or other.id != form.into or other.id == there(case).id:
        return "找不到要并入的事项，请重新选择。", "The case to merge into was not found; choose again."
    if other.state not in {"accepted", "assigned", "handling"} or of(other).kind != SUGGESTION:
        return "只能并入已受理、正在办理的建议，请另选。", "Merge into a suggestion that is accepted or being handled."
    if of(other).confidential != of(case).confidential:
        return "涉密建议与一般建议不能并案。", "A confidential case and an open one are not handled together."
    return None


def units_exist(case: Case | None, form: Any, scene: Scene) -> Why:
    named = (*form.units, *form.helpers)
    strange = next((unit for unit in named if unit not in seen(scene).units), None)
    if strange:
        return f"没有“{strange}”这个单位，请从列表中选择。", f"There is no unit {strange!r}; choose from the list."
    if len(set(named)) < len(named):
        return "同一单位只能列一次，请检查主办和会办单位。", "A unit can stand once only; look at both lists."
    return None


def mode_fits(case: Case | None, form: Any, scene: Scene) -> Why:
    if form.mode == "lead" and len(form.units) > 1:
        return "主办单位只能有一个；几家各自答复请选“分别办理”。", "There is one lead unit; choose “separately” where several answer."
    if form.mode == "separate" and (len(form.units) < 2 or form.helpers):
        return "分别办理须有两家以上单位，且没有会办单位。", "Separate handling needs two units or more, and no assisting ones."
    return None


def both_desks_agree(case: Case | None, form: Any, scene: Scene) -> Why:
    """The committee and the government office assign together; courts and the congress's own bodies hear from the committee alone."""
    actor, planned = scene.actor, of(case).suggested
    mine = {desk for desk in (Permission.INTAKE, Permission.ASSIGN) if actor.may(desk)}
    outside = all(unit in scene.rules.outside_government for unit in form.units)
    if not scene.rules.joint_assignment or len(mine) == 2 or (outside and Permission.INTAKE in mine):
        return None
    if planned and not set(planned.desks) <= {str(desk) for desk in mine}:
        return None
    other = ("政府办公室", "government office") if Permission.INTAKE in mine else ("代表工委", "deputies' committee")
    return (f"交办须由代表工委和政府办公室共同办理，请先由{other[0]}提出拟办单位。",
            f"Both desks assign together: the {other[1]} has to propose the units first.")


def as_a_unit(case: Case | None, form: Any, scene: Scene) -> Why:
    if one_unit(of(case), scene.actor, getattr(form, "unit", "")):
        return None
    return "您不代表本件的任何承办单位，或兼管多家，请写明是哪个单位。", "You act for no unit of this case, or for several; say which one."


def as_main_unit(case: Case | None, form: Any, scene: Scene) -> Why:
    if one_unit(of(case), scene.actor, getattr(form, "unit", ""), role="main"):
        return None
    return "只有主办单位可以办理；兼管多家时请写明单位。", "Only a unit that answers can do this; say which one where you act for several."


def as_assisting_unit(case: Case | None, form: Any, scene: Scene) -> Why:
    return None if one_unit(of(case), scene.actor, role=ASSISTING) else (
        "只有会办单位提出会办意见。", "Only an assisting unit gives this opinion.")


def return_in_time(case: Case | None, _form: Any, scene: Scene) -> Why:
    since = of(case).assigned_on or scene.day
    last = scene.calendar.after(since, scene.rules.return_within)
    if scene.day <= last:
        return None
    return (f"申请退办的期限（{last:%Y-%m-%d}）已过，请继续办理或与交办单位协商。",
            f"It could be returned until {last:%Y-%m-%d}; go on handling it, or talk with who assigned it.")


def asked_in_time(case: Case | None, form: Any, scene: Scene) -> Why:
    clock = there(case).clocks.get("reply")
    if clock is None or scene.day > clock.due:
        return "答复期限已过，不能再申请延期，请尽快答复。", "The reply is overdue; an extension can no longer be asked for."
    return extension_fits(case, form, scene)


def extension_fits(case: Case | None, form: Any, scene: Scene) -> Why:
    facts, clock = of(case), there(case).clocks.get("reply")
    longest = scene.calendar.after(facts.assigned_on or scene.day, scene.rules.reply_at_most)
    if form.until > longest:
        return (f"最长只能延至 {longest:%Y-%m-%d}，请改日期。", f"It can be extended to {longest:%Y-%m-%d} at most; change the day.")
    if clock and form.until <= clock.due:
        return f"延期须晚于现在的期限 {clock.due:%Y-%m-%d}。", f"It has to be later than {clock.due:%Y-%m-%d}, when it is due now."
    return None


def extension_open(case: Case | None, _form: Any, scene: Scene) -> Why:
    asked = of(case).extension
    if asked is None or asked.granted is not None:
        return "没有待审批的延期申请。", "No extension is waiting for a decision."
    return None if asked.in_time else ("延期申请已超过期限，不能批准。", "The extension was not asked for in time.")


def contact_day(case: Case | None, form: Any, scene: Scene) -> Why:
    since = of(case).assigned_on or scene.day
    if since <= form.on <= scene.day:
        return None
    return f"联系日期应在交办日 {since:%Y-%m-%d} 和今天之间。", f"The day lies between {since:%Y-%m-%d}, when it was assigned, and today."


def reply_awaited(case: Case | None, form: Any, scene: Scene) -> Why:
    facts = of(case)
    unit = one_unit(facts, scene.actor, getattr(form, "unit", ""), role="main")
    return None if unit in owing(facts) else ("本轮不需要您单位答复。", "No reply of your unit is awaited in this round.")


def contacted(case: Case | None, form: Any, scene: Scene) -> Why:
    facts = of(case)
    unit = one_unit(facts, scene.actor, getattr(form, "unit", ""), role="main")
    ways = [one.way for one in facts.contacts if one.unit == unit and one.round == facts.round]
    if scene.rules.contact_first and not ways:
        return "答复前须先联系代表，请先登记沟通情况。", "Before a reply the deputy is contacted; log that first."
    if facts.key and "invite" not in ways and facts.round == 1:
        return "重点建议须邀请代表参与办理，请先登记。", "For a key item the deputy is invited; log that first."
    return None


def class_fits(case: Case | None, form: Any, scene: Scene) -> Why:
    chosen = next((one for one in scene.rules.classes if one.code == form.klass), None)
    if chosen is None:
        return "没有这个办理结果分类，请从列表中选择。", "There is no such class; choose from the list."
    if chosen.tracked and (blank(form.promise) or not form.solve_by):
        return f"{chosen.code} 类答复须写明承诺事项和解决日期。", f"A reply of class {chosen.code} names what is promised, and by when."
    if chosen.tracked and form.solve_by and form.solve_by <= scene.day:
        return "承诺解决日期须在今天之后。", "The promise is due after today."
    return None


def drafted(case: Case | None, form: Any, scene: Scene) -> Why:
    facts = of(case)
    return None if one_unit(facts, scene.actor, form.unit, role="main") in facts.drafts else (
        "还没有待签发的答复，请经办人先起草。", "There is no draft to sign; the handler writes it first.")


def a_draft_waits(case: Case | None, _form: Any, scene: Scene) -> Why:
    waits = own_parts(of(case), scene.actor).keys() & of(case).drafts.keys()
    return None if waits else ("还没有待签发的答复，请经办人先起草。", "There is no draft to sign; the handler writes it first.")


def unsigned(case: Case | None, _form: Any, scene: Scene) -> Why:
    if any(not part.signed for part in own_parts(of(case), scene.actor).values()):
        return None
    return "贵单位已经签收；经办人有变动时，请用“变更经办人”。", "Your unit has signed for it already; use “another handler” where that changes."


def signed_before(case: Case | None, _form: Any, scene: Scene) -> Why:
    if any(part.signed for part in own_parts(of(case), scene.actor).values()):
        return None
    return "贵单位还没有签收，请先签收并写明经办人。", "Your unit has not signed for it yet; do that first, and name the handler."


def sealed(case: Case | None, form: Any, scene: Scene) -> Why:
    return None if form.sealed else ("答复须由负责人签发并加盖公章，请确认。", "A reply is signed by the head and sealed; confirm it.")


def rates_one(case: Case | None, form: Any, scene: Scene) -> Why:
    open_ones = unrated(of(case))
    if (form.unit or (open_ones[0] if len(open_ones) == 1 else "")) not in open_ones:
        return "请选择要评价的答复单位。", "Choose the unit whose reply you rate."
    if form.rating == UNSATISFIED and blank(form.reason):
        return "评价“不满意”请写明意见，便于重新办理。", "Say why you are unsatisfied, so that it can be handled again."
    return None


def rates_a_report(case: Case | None, form: Any, scene: Scene) -> Why:
    open_ones = unrated_reports(of(case))
    if (form.unit or (open_ones[0] if len(open_ones) == 1 else "")) not in open_ones:
        return "请选择要评价兑现的单位。", "Choose the unit whose fulfilment you rate."
    if form.fulfilment == UNFULFILLED and blank(form.reason):
        return "评价“未兑现”请写明意见。", "Say what was not fulfilled."
    return None


def urged_before(case: Case | None, _form: Any, scene: Scene) -> Why:
    urged = of(case).rating_urged
    return None if urged else ("须先催评，再按未评价办结。", "Urge the rating first; then it can be closed without.")


def withdrawable(case: Case | None, _form: Any, scene: Scene) -> Why:
    if of(case).kind == INQUIRY:
        return "这是质询案，请用“撤回质询案”。", "This is an inquiry; withdraw it as one."
    if there(case).state in {"assigned", "handling", "return_asked"} and not scene.rules.withdraw_late:
        return "建议已交办，按本级规则不能撤回。", "It has been assigned; these rules know no withdrawal any more."
    return None


def a_cosigner(case: Case | None, form: Any, scene: Scene) -> Why:
    ref = person(form.deputy)
    if not there(case).has("cosigner", frozenset({ref})):
        return "只能由联名代表接任领衔，请从联名代表中选择。", "Only a co-signer can lead; choose one of them."
    return in_office(ref, scene)


def term_over(case: Case | None, form: Any, scene: Scene) -> Why:
    facts, now = of(case), term_now(scene)
    return None if now and facts.term and facts.term != now else (
        "本届尚未届满，不能按届满终止。", "The term has not changed; the draft does not lapse.")
