"""The limits of processes.md §1. Their lengths stand in the rules."""

from __future__ import annotations

from typing import Any

from hub.kernel.lifecycle import Case, Deadline, Scene
from hub.streams.proposals import forms as f
from hub.streams.proposals import rating as r
from hub.streams.proposals.assisting import others_gave_opinions
from hub.streams.proposals.facts import main_units, of, owing, there
from hub.streams.proposals.handling import (
    all_opinions,
    all_replied,
    all_signed,
    given,
    granted_until,
)
from hub.streams.proposals.motion import where_objected
from hub.streams.proposals.seen import from_session_end, motions_day, own_parts
from hub.streams.proposals.words import ASSIGN, COMMITTEE, INTAKE

ENDED = ("ProposalWithdrawn", "ProposalMerged")
GIVEN = ("ProposalAssigned", "ProposalReassigned")
SESSION_MOVED = ("大会会期调整", "the session of the congress was arranged otherwise")


def _assisted(case: Case | None, form: Any, scene: Scene) -> bool:
    return any(not part.main and part.opinion_on is None for part in given(case, form, scene).parts.values())


def _reply_owed(case: Case | None, form: Any, scene: Scene) -> bool:
    return bool(owing(given(case, form, scene)))


def _contact_owed(case: Case | None, form: Any, scene: Scene) -> bool:
    return not set(main_units(given(case, form, scene))) <= {one.unit for one in of(case).contacts}


def _all_there(case: Case | None, form: Any, scene: Scene) -> bool:
    """With the last reply, or when the only unit that owed one is relieved of the case."""
    return not _reply_owed(case, form, scene) if isinstance(form, f.AssignForm) else all_replied(case, form, scene)


def _at_the_desk(case: Case | None, form: Any, scene: Scene) -> bool:
    """A suggestion that goes through its delegation first is not there yet."""
    return there(case).state not in {"draft", "cosigning"} or not scene.rules.through_delegation


def _off_the_desk(case: Case | None, form: Any, scene: Scene) -> bool:
    """An objection takes it off only when it brings it back before the presidium."""
    return not isinstance(form, f.ObjectionForm) or where_objected(case, form, scene) == "presidium"


def _to_be_signed(case: Case | None, form: Any, scene: Scene) -> bool:
    facts = given(case, form, scene) if isinstance(form, f.AssignForm) else of(case)
    return any(not facts.parts[unit].signed for unit in main_units(facts))


def _all_contacted(case: Case | None, form: Any, scene: Scene) -> bool:
    facts = of(case)
    known = {one.unit for one in facts.contacts} | set(own_parts(facts, scene.actor))
    return not isinstance(form, f.ContactForm) or set(main_units(facts)) <= known


def _nobody_awaited(case: Case | None, form: Any, scene: Scene) -> bool:
    if isinstance(form, f.ReleaseForm):
        return others_gave_opinions(case, form, scene)
    return not isinstance(form, f.OpinionForm) or all_opinions(case, form, scene)


def _opinion_day(case: Case | None, form: Any, scene: Scene) -> Any:
    return form.opinion_by


def _rating_due(case: Case | None, form: Any, scene: Scene) -> bool:
    """Also urged by hand while the first limit runs; the limit after urging then counts."""
    return there(case).state in {"replied", "fulfilment"}



CLOCKS = (
    Deadline(name="motions", zh="议案截止", en="Motions close", owner=("lead", "invited"),
             starts=("CosignersInvited", "ProposalRevised"), on=motions_day, moves=SESSION_MOVED,
             stops=("MotionSubmitted", "ProposalSubmitted", "ProposalDiscarded", "MotionLapsed", "ProposalLapsed", "ProposalRevised"),
             escalates=(), then="LetMotionLapse", source="ZK；BR"),
    Deadline(name="delegation", zh="代表团审核", en="Delegation's check", owner=("delegation_head",), starts=("ProposalSubmitted",),
             starts_if=lambda case, form, scene: scene.rules.through_delegation, limit="delegation",
             stops=("DelegationPassed", "ProposalReturned", "ProposalWithdrawn"), copies=(INTAKE,), source="HN 11"),
    Deadline(name="accept", zh="受理", en="Acceptance", owner=(INTAKE,), limit="accept", since=from_session_end, moves=SESSION_MOVED,
             starts=("ProposalSubmitted", "ProposalResubmitted", "DelegationPassed", "MotionTurned", "MotionFellBack"),
             starts_if=_at_the_desk,
             stops=("ProposalAccepted", "ProposalRefused", "ProposalReturned", "ProposalWithdrawn", "TurningObjected"),
             stops_if=_off_the_desk, source="ZS 10"),
    Deadline(name="assign", zh="交办", en="Assignment", owner=(ASSIGN, INTAKE), limit="assign", since=from_session_end, moves=SESSION_MOVED,
             starts=("ProposalAccepted", "ProposalUnmerged"), stops=("ProposalAssigned", *ENDED), source="QD 14；CQ"),
    Deadline(name="sign_for", zh="签收", en="Signing for it", owner=("lead_unit",), limit="sign_for", starts=(*GIVEN, "ReturnRefused"),
             starts_if=_to_be_signed,
             stops=("ProposalSignedFor", "ReturnAsked", "ProposalWithdrawn"),
             stops_if=lambda case, form, scene: not isinstance(form, f.SignForForm) or all_signed(case, form, scene), copies=(ASSIGN,),
             source="（I）"),
    Deadline(name="reassign", zh="重新交办", en="Reassignment", owner=(ASSIGN,), limit="reassign", starts=("ReturnAsked",),
             stops=("ProposalReassigned", "ReturnRefused", "ProposalWithdrawn"), copies=(INTAKE,), source="HN"),
    Deadline(name="contact", zh="联系代表", en="Contact with the deputy", owner=("lead_unit",), limit="contact", starts=GIVEN,
             starts_if=_contact_owed, stops=("DeputyContacted", "ProposalReplied", "ProposalWithdrawn", *GIVEN), stops_if=_all_contacted, copies=(ASSIGN,), source="CQ 18；ZS 17"),
    Deadline(name="assist", zh="会办意见", en="Assisting opinion", owner=("assisting",), limit="assist", starts=GIVEN, starts_if=_assisted,
             stops=("OpinionGiven", "UnitReleased", "ProposalReplied", "ProposalWithdrawn", *GIVEN), stops_if=_nobody_awaited, copies=("lead_unit", ASSIGN), source="ZS 18"),
    Deadline(name="reply", zh="答复", en="Reply", owner=("lead_unit",), limit="reply", starts=GIVEN,
             starts_if=_reply_owed, stops=("ProposalReplied", "ProposalWithdrawn", *GIVEN),
             stops_if=lambda case, form, scene: not isinstance(form, f.SealForm) or all_replied(case, form, scene),
             extends=("ExtensionGranted",), until=granted_until, copies=(INTAKE, ASSIGN), owes=True, source="DL 51；ZS 21"),
    Deadline(name="rate", zh="代表评价", en="Rating", owner=("lead",), limit="rate", starts=("ProposalReplied", "ProposalReassigned"), starts_if=_all_there,
             stops=("ReplyRated", "RatingUrged", "ProposalClosedUnrated"),
             stops_if=lambda case, form, scene: not isinstance(form, f.RateForm) or r.all_rated(case, form, scene), copies=(INTAKE,),
             escalates=(), then="UrgeRating", source="HN；BJ；CQ"),
    Deadline(name="fulfil", zh="兑现评价", en="Rating of the fulfilment", owner=("lead",), limit="fulfil", starts=("FulfilmentReported",),
             starts_if=r.all_reported, stops=("FulfilmentRated", "RatingUrged", "ProposalClosedUnrated"),
             stops_if=lambda case, form, scene: not isinstance(form, f.RateFulfilmentForm) or r.all_fulfilment_rated(case, form, scene),
             copies=(INTAKE,), escalates=(), then="UrgeRating", source="CQ 24、28"),
    Deadline(name="rate_urged", zh="催评后评价", en="Rating after urging", owner=("lead",), limit="rate_urged", starts=("RatingUrged",),
             starts_if=_rating_due, stops=("ReplyRated", "FulfilmentRated", "ProposalClosedUnrated"), copies=(INTAKE,), escalates=(),
             then="CloseUnrated", source="CQ 29"),
    Deadline(name="rehandle", zh="重新办理", en="Second handling", owner=("lead_unit",), limit="rehandle",
             starts=("ReplyRated", "ProposalClosedUnrated", "ProposalSettled"),
             starts_if=lambda case, form, scene: r.settled_again(case, form, scene) if isinstance(form, f.SettleForm) else r.sent_again(case, form, scene),
             stops=("ProposalReplied",), stops_if=all_replied, copies=(INTAKE, ASSIGN), owes=True, source="ZS 24；ZD 43；HN"),
    Deadline(name="settle", zh="升级协调", en="Settling", owner=(COMMITTEE,), limit="settle", starts=("ReplyRated", "ProposalClosedUnrated"), starts_if=r.sent_up,
             stops=("ProposalSettled",), copies=(INTAKE,), source="HN；CQ 27（I）"),
    Deadline(name="promise", zh="承诺兑现", en="Promise", owner=("lead_unit",), on=r.promise_day,
             starts=("ReplyRated", "ProposalClosedUnrated", "FulfilmentRated"),
             starts_if=lambda case, form, scene: _tracking_begins(case, form, scene),
             stops=("FulfilmentReported",), stops_if=r.all_reported, copies=(INTAKE,), owes=True, source="ZS 20；CQ 24"),
    Deadline(name="opinion", zh="专门委员会意见", en="Committee's opinion", owner=(COMMITTEE,), on=_opinion_day, starts=("MotionReferred",),
             stops=("CommitteeOpinionGiven", "MotionFellBack", "MotionWithdrawn"), copies=(INTAKE,), source="OL 22"),
)


def _tracking_begins(case: Case | None, form: Any, scene: Scene) -> bool:
    if isinstance(form, f.RateForm):
        return r.now_tracked(case, form, scene)
    return r.unkept(case, form, scene) if isinstance(form, f.RateFulfilmentForm) else r.tracked_unrated(case, form, scene)
