"""An inquiry's own path 质询案: put by enough deputies, or members of the standing committee; the presidium, or the chairpersons' meeting,
says how it is answered; where half of its movers are not satisfied it is answered once more (processes.md §1; OL 24, 53; DL 20; SL 51 to 54)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hub.kernel.actor import Permission
from hub.kernel.lifecycle import HEAD as HEAD_OF
from hub.kernel.lifecycle import Because, Case, Deadline, Scene, Step, Who, own_ref
from hub.streams.proposals import inquiry_forms as f
from hub.streams.proposals import inquiry_guards as q
from hub.streams.proposals.drafting import CLERK, handed_in
from hub.streams.proposals.facts import (
    COMMITTEE_FORUM,
    UNSATISFIED,
    WRITTEN,
    Letter,
    movers,
    of,
    plain,
    there,
)
from hub.streams.proposals.guards import lead_in_office
from hub.streams.proposals.words import COMMITTEE, INTAKE

Refs = Mapping[str, tuple[str, ...]]
Known = Mapping[str, Any]
P = Permission
LEAD, DESK, PRESIDIUM, SYSTEM = Who(P.PROPOSE, "lead"), Who(P.INTAKE), Who(P.COMMITTEE), Who()
COSIGNER, HEAD = Who(P.PROPOSE, "cosigner"), Who(P.SIGN, "respondent")
MOVERS = ("lead", "cosigner")


def _inquirers(case: Case | None, form: Any, scene: Scene) -> Refs:
    """Who confirmed it and may put it."""
    still = q.still_inquirers(case, scene)
    return {"invited": (), "cosigner": tuple(ref for ref in there(case).parties.get("cosigner", ()) if ref in still)}


def _respondent(case: Case | None, form: Any, scene: Scene) -> Refs:
    """In writing its head answers."""
    organ = of(case).asked_of
    return {"respondent": (organ,), "signer": (HEAD_OF + organ,) if form.answer_how == WRITTEN else ()}


def _signed(case: Case | None, form: Any, scene: Scene) -> Refs:
    return {"signer": ()}


def _ordered(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"round": of(case).round + (there(case).state == "reanswer"), "judged": {}}


def _with_letter(case: Case | None, **said: Any) -> Known:
    facts = of(case)
    letter = Letter(unit=facts.asked_of, round=facts.round, klass="", public=facts.printed, **said)
    return {"letters": plain((*facts.letters, letter))}


def _written(case: Case | None, form: Any, scene: Scene) -> Known:
    return _with_letter(case, number=form.number, text=form.text, files=form.enclosures, on=scene.day, signer=scene.actor.name)


def _spoken(case: Case | None, form: Any, scene: Scene) -> Known:
    return _with_letter(case, number="", text=f"{form.on:%Y-%m-%d} {form.head}到会答复：{form.text}", on=form.on, signer=form.head)


def _judged(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"judged": of(case).judged | {own_ref(scene.actor): form.judgement}}


def asked_again(case: Case, judged: Mapping[str, str]) -> bool:
    """Half of the deputies who put it (DL 20: 半数以上); of members of the standing committee more than half (SL 53: 过半数)."""
    all_of_them = movers(case)
    unhappy = sum(judged.get(ref) == UNSATISFIED for ref in all_of_them)
    return 2 * unhappy > len(all_of_them) if of(case).forum == COMMITTEE_FORUM else 2 * unhappy >= len(all_of_them)


def _where_judged(case: Case | None, form: Any, scene: Scene) -> str:
    judged = _judged(case, form, scene)["judged"]
    if of(case).round < scene.rules.inquiry_rounds and asked_again(there(case), judged):
        return "reanswer"
    return "closed" if set(movers(there(case))) <= judged.keys() else "answered"


def _all_said(case: Case | None, form: Any, scene: Scene) -> bool:
    return not isinstance(form, f.JudgeForm) or _where_judged(case, form, scene) != "answered"


def _wanted_again(case: Case | None, form: Any, scene: Scene) -> bool:
    return not isinstance(form, f.JudgeForm) or _where_judged(case, form, scene) == "reanswer"


def _answer_day(case: Case | None, form: Any, scene: Scene) -> date | None:
    day: date = form.answer_by
    return day


INQUIRIES = (
    Step(command="SubmitInquiry", event="InquirySubmitted", zh="提交质询案", en="Put the inquiry", who=(LEAD, CLERK),
         frm=("draft", "cosigning", "returned"), to="questioned",
         guards=(q.whole_inquiry, lead_in_office, q.lead_may_inquire, q.organ_known, q.forum_sits, q.enough_inquirers),
         parties=_inquirers, knows=handed_in, tells=(COMMITTEE, INTAKE, "cosigner"), leaves=("cosigner",), urgent=True, numbered="质询案",
         source="OL 24、53；DL 20；SL 51"),
    Step(command="ReturnInquiry", event="InquiryReturned", zh="退回补正", en="Return it to be completed", who=(PRESIDIUM, DESK), frm=("questioned",),
         to="returned", form=Because, tells=MOVERS, source="OL 24（I）"),
    Step(command="LetInquiryFall", event="InquiryFell", zh="联名不足，质询案终止", en="Ends, short of movers", who=(SYSTEM, DESK), frm=("questioned",),
         to="withdrawn", guards=(q.too_few_inquirers,), tells=(*MOVERS, COMMITTEE, INTAKE), source="OL 24（I）"),
    Step(command="WithdrawInquiry", event="InquiryWithdrawn", zh="撤回质询案", en="Withdraw the inquiry", who=(LEAD,), frm=("returned", "questioned"),
         to="withdrawn", form=Because, guards=(q.inquiry_only,), knows=lambda case, form, scene: {"withdrawal": form.reason},
         tells=("cosigner", COMMITTEE, INTAKE), source="决定前（I）"),
    Step(command="OrderInquiryAnswer", event="InquiryAnswerOrdered", zh="决定答复方式", en="Decide how it is answered", who=(PRESIDIUM,),
         frm=("questioned", "reanswer"), to="answering", form=f.OrderForm, guards=(q.answer_fits,), parties=_respondent, knows=_ordered,
         tells=("respondent", "signer", *MOVERS, INTAKE), urgent=True, source="OL 24、53；DL 20；SL 52"),
    Step(command="SignInquiryAnswer", event="InquiryAnswered", zh="签署书面答复", en="Sign the written answer", who=(HEAD,), frm=("answering",),
         to="answered", form=f.WrittenAnswerForm, guards=(q.in_writing, q.signed_by_head), parties=_signed, knows=_written,
         tells=(*MOVERS, COMMITTEE, INTAKE), source="OL 24、53；SL 54"),
    Step(command="RecordInquiryAnswer", event="InquiryAnswerRecorded", zh="登记口头答复", en="Write down the oral answer", who=(DESK, PRESIDIUM),
         frm=("answering",), to="answered", form=f.OralAnswerForm, guards=(q.at_a_meeting, q.head_came), knows=_spoken,
         tells=(*MOVERS, "respondent", COMMITTEE), source="OL 24、53；SL 54"),
    Step(command="JudgeInquiryAnswer", event="InquiryJudged", zh="对答复表示意见", en="Judge the answer", who=(LEAD, COSIGNER), frm=("answered",),
         to=_where_judged, form=f.JudgeForm, guards=(q.judges_once, q.says_why), knows=_judged, tells=(COMMITTEE, INTAKE, "respondent"),
         source="DL 20；SL 53"),
    Step(command="DeclineSecondAnswer", event="SecondAnswerDeclined", zh="不再作答复", en="No second answer", who=(PRESIDIUM,), frm=("reanswer",),
         to="closed", form=Because, guards=(q.members_may_be_declined,), tells=(*MOVERS, "respondent", INTAKE), source="SL 53"),
    Step(command="CloseInquiry", event="InquiryClosed", zh="质询案办结", en="Close the inquiry", who=(SYSTEM, DESK), frm=("answered",), to="closed",
         guards=(q.view_over,), tells=(*MOVERS, "respondent"), source="DL 20（I）"),
)

INQUIRY_CLOCKS = (
    Deadline(name="order", zh="决定质询案答复方式", en="How an inquiry is answered", owner=(COMMITTEE,), limit="order", leads="",
             starts=("InquirySubmitted", "InquiryJudged"), starts_if=_wanted_again,
             stops=("InquiryAnswerOrdered", "InquiryReturned", "InquiryFell", "InquiryWithdrawn", "SecondAnswerDeclined", "MotionWithdrawn"),
             copies=(INTAKE,), escalates=(1, 3), source="OL 24；SL 52（I）"),
    Deadline(name="answer", zh="质询案答复", en="Answer to an inquiry", owner=("respondent",), on=_answer_day, starts=("InquiryAnswerOrdered",),
             stops=("InquiryAnswered", "InquiryAnswerRecorded", "MotionWithdrawn"), copies=(COMMITTEE, INTAKE), escalates=(1, 3), owes=True,
             source="OL 24；DL 20；SL 52"),
    Deadline(name="judge", zh="对质询案答复的意见", en="What its movers say of the answer", owner=MOVERS, limit="judge",
             starts=("InquiryAnswered", "InquiryAnswerRecorded"), stops=("InquiryJudged", "InquiryClosed"), stops_if=_all_said, escalates=(),
             then="CloseInquiry", source="DL 20；SL 53（I）"),
)
