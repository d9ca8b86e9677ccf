"""What must hold before a step; each answers None or the sentence that says why not and what to do."""

from __future__ import annotations

from datetime import date
from typing import Any

from hub.kernel.calendar import Span
from hub.kernel.lifecycle import Case, Scene, Sentence, blank
from hub.streams.legislation.facts import before_the_congress, majority, of, open_criticism, there
from hub.streams.legislation.seen import seen
from hub.streams.legislation.words import NODES, WORDS

Why = Sentence | None


def known_words(case: Case | None, form: Any, scene: Scene) -> Why:
    asked = {"kind": form.kind, "subject": form.subject, "source": form.source}
    wrong = next((name for name, code in asked.items() if code not in WORDS[name]), None)
    return None if wrong is None else (f"“{asked[wrong]}”不在可选范围内，请从列表中选择。", f"{asked[wrong]!r} is none of the choices; choose from the list.")


def known_template(case: Case | None, form: Any, scene: Scene) -> Why:
    if not form.template or form.template in seen(scene).templates:
        return None
    return "没有这个项目模板，可能已被删除，请重新选择。", "There is no such template; it may have been removed: choose again."


def in_order(case: Case | None, form: Any, scene: Scene) -> Why:
    days = [day for day in (form.submit_on, form.first_on, form.second_on, form.third_on) if day]
    if days == sorted(days):
        return None
    return "日期次序不对：提请、一审、二审、三审应依次在后，请检查。", "The days are out of order: submission, first, second, third reading; check them."


def province_free(case: Case | None, form: Any, scene: Scene) -> Why:
    if not of(case).province_handles:
        return None
    return "省里正在办理同一事项，应当避免重复立法，请移出项目库或等省里办结。", "The province handles the same subject; drop it, or wait until it is done there."


def justified(case: Case | None, form: Any, scene: Scene) -> Why:
    facts = of(case)
    if facts.feasibility and facts.suggested:
        return None
    return "立项要有论证报告和草案建议稿，请先在计划草案里上传。", "A project needs its justification report and a suggested draft; add both to the plan first."


def past(case: Case | None, form: Any, scene: Scene) -> Why:
    if form.held_on <= scene.day:
        return None
    return f"日期{form.held_on:%Y-%m-%d}还没有到，请填实际发生的日期。", f"{form.held_on:%Y-%m-%d} has not come yet; give the day it happened."


def _notice(limit: Span, meeting: date, scene: Scene, zh: str, en: str) -> Why:
    latest = scene.calendar.after(meeting, Span(-limit.n, limit.unit))
    if scene.day <= latest:
        return None
    return (f"{zh}应在会议{limit.words()[0]}前，即不晚于{latest:%Y-%m-%d}，请改到以后的会议。",
            f"{en} must be {limit.words()[1]} before the meeting, by {latest:%Y-%m-%d}; choose a later meeting.")


def submitted_early(case: Case | None, form: Any, scene: Scene) -> Why:
    return _notice(scene.rules.submit, form.meeting_on, scene, "提请审议", "A bill")


def distributed_early(case: Case | None, form: Any, scene: Scene) -> Why:
    limit = scene.rules.to_deputies if before_the_congress(of(case)) else scene.rules.distribute
    return _notice(limit, form.meeting_on, scene, "印发草案", "The draft")


def late_explained(case: Case | None, form: Any, scene: Scene) -> Why:
    planned = next((node.planned for node in of(case).nodes if node.node == "draft" and node.done is None), None)
    if planned is None or scene.day <= planned or not blank(form.late_reason):
        return None
    return (f"计划{planned:%Y-%m-%d}提请，已经逾期，请填写逾期说明（WL 9）。", f"It was planned for {planned:%Y-%m-%d}; say in writing why it is late.")


def enough_movers(case: Case | None, form: Any, scene: Scene) -> Why:
    if form.mover not in WORDS["mover"]:
        return f"“{form.mover}”不在可选范围内，请从列表中选择。", f"{form.mover!r} is none of the choices; choose from the list."
    least = {"members": scene.rules.by_members, "deputies": scene.rules.by_deputies}.get(form.mover, 0)
    if form.joint >= least:
        return None
    return (f"{WORDS['mover'][form.mover][0]}提出法规案要有{least}人以上，现为{form.joint}人，请补足联名或改由有权机关提出。",
            f"A bill moved so needs {least} who sign it, and has {form.joint}; find more, or let a body move it.")


def compared(case: Case | None, form: Any, scene: Scene) -> Why:
    if of(case).kind not in {"amend", "revise"} or form.compared:
        return None
    return "修订、修正案要附修改前后对照表，请上传。", "A revision or amendment needs its comparison table; add it."


def not_yet_read(case: Case | None, form: Any, scene: Scene) -> Why:
    facts = of(case)
    if len(facts.held) < facts.readings:
        return None
    return f"主任会议定为{facts.readings}审，已经审议完毕，请进入表决。", f"{facts.readings} readings were decided and held; go on to the vote."


def all_read(case: Case | None, form: Any, scene: Scene) -> Why:
    facts = of(case)
    if len(facts.held) >= facts.readings:
        return None
    return (f"主任会议定为{facts.readings}审，才审了{len(facts.held)}次，请先印发下一次审议的草案。",
            f"{facts.readings} readings were decided, {len(facts.held)} held; distribute the draft for the next one.")


def long_enough(case: Case | None, form: Any, scene: Scene) -> Why:
    earliest = scene.calendar.after(scene.day, scene.rules.comment)
    if form.comment_until >= earliest:
        return None
    return (f"公开征求意见不少于{scene.rules.comment.words()[0]}，截止日不能早于{earliest:%Y-%m-%d}。",
            f"Public comment lasts {scene.rules.comment.words()[1]} at least: until {earliest:%Y-%m-%d} or later.")


def comment_over(case: Case | None, form: Any, scene: Scene) -> Why:
    until = of(case).comment_until
    if until is None or scene.day > until:
        return None
    return f"征求意见到{until:%Y-%m-%d}截止，之后才能结束。", f"Comments are open until {until:%Y-%m-%d}; close afterwards."


def all_answered(case: Case | None, form: Any, scene: Scene) -> Why:
    left = seen(scene).comments_open
    if not left:
        return None
    return f"还有{left}条意见没有写明采纳情况和理由，请先逐条答复。", f"{left} comments have no answer yet: adopted, partly or not, and why."


def evaluated(case: Case | None, form: Any, scene: Scene) -> Why:
    if of(case).evaluated.strip() or of(case).kind == "repeal":
        return None
    return "表决前要做评估，请在修改稿里填写“表决前评估”。", "An evaluation comes before the vote; write it with the revised text."


def shown_to_province(case: Case | None, form: Any, scene: Scene) -> Why:
    seen_on = of(case).province_seen
    earliest = scene.calendar.after(seen_on, scene.rules.province) if seen_on else None
    if earliest and form.meeting_on >= earliest:
        return None
    if earliest is None:
        return "修改稿要先报省法工委，请先登记报送日期。", "The amended text must be shown to the province first; record when it was sent."
    return (f"修改稿报省满{scene.rules.province.words()[0]}才能表决，最早{earliest:%Y-%m-%d}。",
            f"The vote comes {scene.rules.province.words()[1]} after the province saw the text: {earliest:%Y-%m-%d} at the earliest.")


def counted(case: Case | None, form: Any, scene: Scene) -> Why:
    given = form.yes + form.no + form.abstain + form.not_pressed
    if given <= form.members:
        return None
    return f"票数合计{given}，多于全体{form.members}人，请核对。", f"{given} votes of {form.members} members; check the figures."


def all_members(case: Case | None, form: Any, scene: Scene) -> Why:
    rule = scene.rules.deputies if of(case).kind == "congress" else scene.rules.members
    if form.members >= majority(rule):
        return None
    return (f"全体组成人员应按名册填写（规则为{rule}人），不是到会人数。", f"Give all members (the rules say {rule}), not those present.")


def nodes_known(case: Case | None, form: Any, scene: Scene) -> Why:
    wrong = next((day.node for day in form.days if day.node not in NODES), None)
    return None if wrong is None else (f"没有“{wrong}”这个节点，请从列表中选择。", f"There is no node {wrong!r}; choose from the list.")


def postponed_why(case: Case | None, form: Any, scene: Scene) -> Why:
    """A planned day that has passed may be moved only with a word of why (WL 9)."""
    passed = {node.node for node in of(case).nodes if node.done is None and node.planned and node.planned < scene.day}
    if passed.isdisjoint(day.node for day in form.days) or not blank(form.reason):
        return None
    return "有的节点已经逾期，调整时请写明原因。", "A node is overdue already; say why it is moved."


def some_day(case: Case | None, form: Any, scene: Scene) -> Why:
    return None if form.filed_province or form.filed_national else ("请至少填一个备案日期。", "Give one day of filing at least.")


def filed_already(case: Case | None, form: Any, scene: Scene) -> Why:
    ahead = next((day for day in (form.filed_province, form.filed_national) if day and day > scene.day), None)
    return None if ahead is None else (f"备案日期{ahead:%Y-%m-%d}还没有到，请填实际报送的日期。", f"{ahead:%Y-%m-%d} has not come yet; give the day it was sent.")


def after_approval(case: Case | None, form: Any, scene: Scene) -> Why:
    approved = of(case).approved_on
    if approved is None or form.effective >= approved:
        return None
    return (f"施行日期不能早于批准日期{approved:%Y-%m-%d}，请检查。", f"It cannot be in force before it was approved on {approved:%Y-%m-%d}.")


def something_overdue(case: Case | None, _form: Any, scene: Scene) -> Why:
    known = there(case)
    if known.owed or any(running.due < scene.day for running in known.clocks.values()):
        return None
    return "这个项目没有超期的节点或时限，不需要督办。", "Nothing of this project is overdue; there is nothing to criticise."


def none_unanswered(case: Case | None, _form: Any, scene: Scene) -> Why:
    one = open_criticism(of(case))
    return None if one is None else (f"{one.on:%Y-%m-%d}的督办意见还没有回复，请等回复后再发。", f"The criticism of {one.on:%Y-%m-%d} is not answered yet.")


def criticised(case: Case | None, _form: Any, scene: Scene) -> Why:
    return None if open_criticism(of(case)) else ("没有待回复的督办意见。", "There is no criticism to be answered.")


def answer_ahead(case: Case | None, form: Any, scene: Scene) -> Why:
    return None if form.until >= scene.day else ("回复期限不能早于今天。", "The answer cannot be due before today.")


def known_way(case: Case | None, form: Any, scene: Scene) -> Why:
    return None if form.way in WORDS["way"] else ("请选择论证会、听证会、座谈会或调研。", "Choose how it was heard.")


def interpreted(case: Case | None, form: Any, scene: Scene) -> Why:
    if form.passed_on <= form.approved_on <= scene.day:
        return None
    return "法规解释要在通过后报省批准，请检查两个日期。", "An interpretation is passed, then approved by the province; check both days."
