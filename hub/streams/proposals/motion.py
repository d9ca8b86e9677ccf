"""The motion's own path: secretariat, presidium, special committee, agenda, vote (processes.md §1, motion path)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.kernel.actor import Permission
from hub.kernel.lifecycle import Because, Case, Nothing, Scene, Step, Who, own_ref
from hub.streams.proposals import forms as f
from hub.streams.proposals import guards as g
from hub.streams.proposals import motion_guards as m
from hub.streams.proposals.drafting import CLERK, handed_in, only_confirmed
from hub.streams.proposals.facts import MOTION, SUGGESTION, Vote, movers, of, plain, there
from hub.streams.proposals.seen import names, seen
from hub.streams.proposals.words import COMMITTEE, INTAKE

Refs = Mapping[str, tuple[str, ...]]
Known = Mapping[str, Any]
P = Permission
LEAD, DESK, PRESIDIUM, SYSTEM = Who(P.PROPOSE, "lead"), Who(P.INTAKE), Who(P.COMMITTEE), Who()
BEFORE_VOTE = ("secretariat", "presidium", "opinion", "agenda", "resolution")
STOPPABLE = (*BEFORE_VOTE, "answering", "reanswer")
"""A motion until the vote, an inquiry that is put to somebody until it is answered: not without the presidium's consent."""


def majority(deputies: int) -> int:
    """More than half of all deputies, not of those present (OL 25)."""
    return deputies // 2 + 1


def _made_suggestion(case: Case | None, form: Any, scene: Scene) -> Known:
    """Cause, ground and plan are its situation, analysis and advice, where it has none."""
    facts = of(case)
    return {"kind": SUGGESTION, "situation": facts.situation or facts.cause, "analysis": facts.analysis or facts.ground,
            "advice": facts.advice or facts.plan}


def _turned(case: Case | None, form: Any, scene: Scene) -> Known:
    return {**_made_suggestion(case, form, scene), "turned": True, "objections": []}


def _fallen(case: Case | None, form: Any, scene: Scene) -> Known:
    return {**_made_suggestion(case, form, scene), "fell_back": True}


def _objecting(case: Case | None, scene: Scene) -> tuple[str, ...]:
    return (*of(case).objections, own_ref(scene.actor))


def _objections(case: Case | None, form: Any, scene: Scene) -> Known:
    back = where_objected(case, form, scene) == "presidium"
    return {"objections": list(_objecting(case, scene))} | ({"kind": MOTION, "turned": False} if back else {})


def where_objected(case: Case | None, form: Any, scene: Scene) -> str:
    return "presidium" if 2 * len(_objecting(case, scene)) > len(movers(there(case))) else there(case).state


def _amended(case: Case | None, form: Any, scene: Scene) -> Known:
    who = names(tuple(map(g.person, form.deputies)), scene)
    return {"amendments": [*of(case).amendments, f"{who}：{form.text}"]}


def _voted(case: Case | None, form: Any, scene: Scene) -> Known:
    """All deputies in office are frozen with the result."""
    return {"vote": plain(Vote(on=scene.day, deputies=seen(scene).in_office, present=form.present, yes=form.yes, no=form.no,
                               abstain=form.abstain))}


def _where_voted(case: Case | None, form: Any, scene: Scene) -> str:
    return "passed" if form.yes >= majority(seen(scene).in_office) else "failed"


def _wish(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"withdrawal": form.reason}


def _no_wish(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"withdrawal": ""}


MOTIONS = (
    Step(command="SubmitMotion", event="MotionSubmitted", zh="提交议案", en="Hand in the motion", who=(LEAD, CLERK), frm=("draft", "cosigning"),
         to="secretariat", form=f.SubmitForm,
         guards=(g.lead_in_office, m.whole_motion, g.one_matter, m.enough_movers, m.before_motion_deadline), parties=only_confirmed,
         knows=handed_in, tells=(INTAKE, "cosigner"), urgent=True, numbered="议案", source="OL 22；DL 15；ZK"),
    Step(command="LetMotionLapse", event="MotionLapsed", zh="联名不足，转为建议稿", en="Becomes a draft suggestion", who=(SYSTEM, LEAD),
         frm=("draft", "cosigning"), form=Nothing, guards=(m.is_motion, m.deadline_come, m.too_few_still), knows=_fallen, tells=("lead", "cosigner"),
         source="（I）"),
    Step(command="LetMotionFall", event="MotionFellBack", zh="联名不足，转为建议", en="Falls back to a suggestion", who=(SYSTEM, DESK),
         frm=("secretariat", "presidium", "opinion"), to="submitted", form=Nothing, guards=(m.too_few_movers,), knows=_fallen,
         tells=("lead", "cosigner", INTAKE), numbered="建议", source="（I）"),
    Step(command="ReportMotion", event="MotionReported", zh="提出处理意见的报告", en="Report to the presidium", who=(DESK,), frm=("secretariat",),
         to="presidium", form=f.MotionReportForm, tells=(COMMITTEE, "lead"), source="ZK"),
    Step(command="ListMotion", event="MotionListed", zh="列入大会议程", en="Put on the agenda", who=(PRESIDIUM,), frm=("presidium",), to="agenda",
         form=Nothing, tells=("lead", "cosigner", INTAKE), source="OL 22；ZK"),
    Step(command="ReferMotion", event="MotionReferred", zh="先交专门委员会审议", en="To a special committee first", who=(PRESIDIUM,),
         frm=("presidium",), to="opinion", form=f.ReferForm, guards=(m.today_or_later,), tells=("lead", COMMITTEE), source="OL 22；ZK"),
    Step(command="GiveCommitteeOpinion", event="CommitteeOpinionGiven", zh="提出审议意见", en="Committee's opinion", who=(PRESIDIUM,),
         frm=("opinion",), to="presidium", form=f.CommitteeOpinionForm, tells=("lead", COMMITTEE), source="OL 22"),
    Step(command="TurnMotion", event="MotionTurned", zh="转为代表建议", en="Make it a suggestion", who=(PRESIDIUM,), frm=("presidium",),
         to="submitted", form=Because, knows=_turned, tells=("lead", "cosigner", INTAKE), numbered="建议", source="ZS 2"),
    Step(command="ObjectToTurning", event="TurningObjected", zh="要求复议", en="Ask for reconsideration",
         who=(LEAD, Who(P.PROPOSE, "cosigner")), frm=("submitted", "review"), to=where_objected, form=f.ObjectionForm,
         guards=(m.may_object,), knows=_objections, tells=(COMMITTEE, "lead", "cosigner"), source="Guizhou（web）"),
    Step(command="DeliberateMotion", event="MotionDeliberated", zh="登记代表团审议情况", en="Delegations' deliberation", who=(DESK,),
         frm=("agenda",), form=f.DeliberationForm, tells=("lead",), source="OL 22"),
    Step(command="DraftResolution", event="ResolutionDrafted", zh="提出决议草案", en="Draft the resolution", who=(DESK, PRESIDIUM),
         frm=("agenda",), to="resolution", form=f.ResolutionForm, tells=("lead", "cosigner", COMMITTEE, INTAKE), source="OL 22"),
    Step(command="AmendMotion", event="MotionAmended", zh="登记修正案", en="Amendment", who=(DESK,), frm=("agenda", "resolution"),
         form=f.AmendmentForm, guards=(m.amendment_in_time,), knows=_amended, tells=("lead", COMMITTEE), source="Guizhou（web）"),
    Step(command="RecordMotionVote", event="MotionVoted", zh="登记表决结果", en="Result of the vote", who=(DESK, PRESIDIUM), frm=("resolution",),
         to=_where_voted, form=f.VoteForm, guards=(m.vote_adds_up,), knows=_voted, tells=("lead", "cosigner", COMMITTEE), source="OL 14、25"),
    Step(command="AskMotionWithdrawal", event="MotionWithdrawalAsked", zh="申请撤回", en="Ask to withdraw it", who=(LEAD,),
         frm=STOPPABLE, form=Because, guards=(m.before_vote,), knows=_wish, tells=(COMMITTEE, "cosigner"), source="OL 22"),
    Step(command="ConsentToWithdrawal", event="MotionWithdrawn", zh="同意撤回", en="Consent to the withdrawal", who=(PRESIDIUM,),
         frm=STOPPABLE, to="withdrawn", form=Nothing, guards=(m.withdrawal_asked, m.before_vote), tells=("lead", "cosigner", INTAKE, "respondent"),
         source="OL 22"),
    Step(command="RefuseWithdrawal", event="MotionWithdrawalRefused", zh="不同意撤回", en="Refuse the withdrawal", who=(PRESIDIUM,),
         frm=STOPPABLE, form=Because, guards=(m.withdrawal_asked,), knows=_no_wish, tells=("lead",), source="OL 22"),
)
