"""From the first line to the intake desk's word: drafting, co-signing, review (steps 1 to 9 of processes.md §1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.kernel.actor import Permission
from hub.kernel.lifecycle import Because, Case, Nothing, Scene, Step, Who, own_ref
from hub.streams.proposals import forms as f
from hub.streams.proposals import guards as g
from hub.streams.proposals import motion_guards as m
from hub.streams.proposals.facts import INQUIRY, Letter, Plan, movers, of, plain, there
from hub.streams.proposals.seen import seen, session_on, term_now
from hub.streams.proposals.words import ASSIGN, INTAKE

Refs = Mapping[str, tuple[str, ...]]
Known = Mapping[str, Any]
P = Permission
LEAD = Who(P.PROPOSE, "lead")
DESK = Who(P.INTAKE)
CLERK = Who(P.INTAKE, "clerk")
SYSTEM = Who()
UNSENT = ("draft", "cosigning", "returned")
TEXT = ("title", "kind", "situation", "analysis", "advice", "cause", "ground", "plan", "asked_of", "question", "content")


def _lead(case: Case | None, form: Any, scene: Scene) -> Refs:
    me = own_ref(scene.actor)
    return {"lead": (g.person(form.deputy),), "clerk": (me,)} if form.deputy else {"lead": (me,)}


def _begun(case: Case | None, form: Any, scene: Scene) -> Known:
    deputy = seen(scene).deputies.get(g.person(form.deputy) if form.deputy else own_ref(scene.actor))
    return {"delegation": deputy.delegation if deputy else "", "term": term_now(scene), "year": scene.day.year, "forum": _forum(form)}


def _forum(form: Any) -> str:
    return str(form.forum) if form.kind == INQUIRY else ""


def _changed(case: Case | None, form: Any) -> bool:
    facts = of(case)
    return facts.forum != _forum(form) or any(getattr(facts, name) != getattr(form, name) for name in TEXT)


def _revised(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"forum": _forum(form)} | ({"edition": of(case).edition + 1, "confirmed": {}} if _changed(case, form) else {})


def _to_confirm_again(case: Case | None, form: Any, scene: Scene) -> Refs:
    """A word given for another text is void."""
    held = there(case)
    if not _changed(case, form) or not held.parties.get("cosigner"):
        return {}
    return {"invited": (*held.parties.get("invited", ()), *held.parties["cosigner"]), "cosigner": ()}


def _with_invited(case: Case | None, form: Any, scene: Scene) -> Refs:
    held = there(case)
    old = (*held.parties.get("invited", ()), *held.parties.get("cosigner", ()))
    new = (ref for ref in map(g.person, dict.fromkeys(form.deputies)) if ref not in old)
    return {"invited": (*held.parties.get("invited", ()), *new)}


def _where_invited(case: Case | None, form: Any, scene: Scene) -> str:
    return "cosigning" if there(case).state == "draft" else there(case).state


def without(refs: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(ref for ref in refs if ref != gone)


def _joined(case: Case | None, form: Any, scene: Scene) -> Refs:
    held, me = there(case), own_ref(scene.actor)
    return {"invited": without(held.parties.get("invited", ()), me), "cosigner": (*held.parties.get("cosigner", ()), me)}


def _word_given(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"confirmed": of(case).confirmed | {own_ref(scene.actor): form.seen}}


def _declined(case: Case | None, form: Any, scene: Scene) -> Refs:
    return {"invited": without(there(case).parties.get("invited", ()), own_ref(scene.actor))}


def _left(case: Case | None, form: Any, scene: Scene) -> Refs:
    return {"cosigner": without(there(case).parties.get("cosigner", ()), own_ref(scene.actor))}


def _word_taken_back(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"confirmed": {ref: n for ref, n in of(case).confirmed.items() if ref != own_ref(scene.actor)}}


def handed_in(case: Case | None, form: Any, scene: Scene) -> Known:
    session = session_on(scene)
    return {
        "similar": plain(seen(scene).similar), "submitted_on": scene.day.isoformat(), "year": scene.day.year,
        "session": session.name if session else "", "related": list(getattr(form, "related", ())),
    }


def only_confirmed(case: Case | None, form: Any, scene: Scene) -> Refs:
    """Who confirmed the text and is a deputy still."""
    still = m.still_movers(case, scene)
    return {"invited": (), "cosigner": tuple(ref for ref in there(case).parties.get("cosigner", ()) if ref in still), "delegation_head": seen(scene).heads}


def _desk_or_delegation(case: Case | None, form: Any, scene: Scene) -> str:
    return "delegation" if scene.rules.through_delegation else "submitted"


def _accepted(case: Case | None, form: Any, scene: Scene) -> Known:
    planned = Plan(desks=(str(P.INTAKE),), units=form.units, assisting=form.helpers) if form.units else None
    return {"accepted_on": scene.day.isoformat(), "suggested": plain(planned)}


def _into(case: Case | None, form: Any, scene: Scene) -> Refs:
    return {"merged_into": (f"case:{form.into}",)}


def _unmerged(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"into": None}


def _not_into(case: Case | None, form: Any, scene: Scene) -> Refs:
    return {"merged_into": ()}


def _taken_in(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"merged": [str(one) for one in (*of(case).merged, form.case)]}


def _merged_leads(case: Case | None, form: Any, scene: Scene) -> Refs:
    return {"merged_lead": tuple(dict.fromkeys((*there(case).parties.get("merged_lead", ()), *form.deputies)))}


def _shared(case: Case | None, form: Any, scene: Scene) -> Known:
    letter = Letter(unit=form.unit, round=form.in_round, number=form.number, text=form.text, klass=form.klass, public=form.open)
    return {"letters": plain((*of(case).letters, letter))}


def _new_lead(case: Case | None, form: Any, scene: Scene) -> Refs:
    ref = g.person(form.deputy)
    return {"lead": (ref,), "cosigner": without(there(case).parties.get("cosigner", ()), ref)}


def _withdrawn(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"withdrawal": form.reason}


DRAFTING = (
    Step(command="DraftProposal", event="ProposalDrafted", zh="起草", en="Draft", who=(Who(P.PROPOSE), DESK), to="draft", form=f.DraftForm,
         guards=(g.by_deputy, g.behalf_allowed, g.known_topic), parties=_lead, knows=_begun, tells=("lead",), source="ZS 7；DL 15"),
    Step(command="ReviseProposal", event="ProposalRevised", zh="修改文稿", en="Revise", who=(LEAD, CLERK), frm=UNSENT, form=f.TextForm,
         guards=(g.known_topic, g.same_kind), parties=_to_confirm_again, knows=_revised, tells=("invited",), source="ZS 9（改动后原确认作废）"),
    Step(command="InviteCosigners", event="CosignersInvited", zh="邀请联名", en="Invite co-signers", who=(LEAD, CLERK), frm=UNSENT,
         to=_where_invited, form=f.InviteForm, guards=(g.invitable,), parties=_with_invited, tells=("invited",), source="ZS 9；HN 9；BJ 11"),
    Step(command="ConfirmCosign", event="CosignConfirmed", zh="确认联名", en="Confirm co-signing", who=(Who(P.PROPOSE, "invited"),),
         frm=UNSENT, form=f.ConfirmForm, guards=(g.still_in_office, g.read_as_it_stands), parties=_joined, knows=_word_given,
         tells=("lead",), source="ZS 9"),
    Step(command="DeclineCosign", event="CosignDeclined", zh="不参加联名", en="Decline to co-sign", who=(Who(P.PROPOSE, "invited"),),
         frm=UNSENT, parties=_declined, tells=("lead",), source="ZS 9"),
    Step(command="LeaveCosigners", event="CosignerLeft", zh="退出联名", en="Leave the co-signers", who=(Who(P.PROPOSE, "cosigner"),),
         frm=(*UNSENT, "delegation", "submitted", "review", "secretariat", "presidium", "opinion", "questioned"), guards=(m.may_leave,), parties=_left,
         knows=_word_taken_back, tells=("lead",), source="ZS 9；OL 22"),
    Step(command="SubmitProposal", event="ProposalSubmitted", zh="提交建议", en="Hand in the suggestion", who=(LEAD, CLERK),
         frm=("draft", "cosigning"), to=_desk_or_delegation, form=f.SubmitForm, guards=(g.lead_in_office, g.whole_suggestion, g.one_matter),
         parties=only_confirmed, knows=handed_in, tells=(INTAKE, "cosigner", "delegation_head"), urgent=True, numbered="建议",
         source="DL 15；ZS 7"),
    Step(command="ResubmitProposal", event="ProposalResubmitted", zh="修改后提交", en="Hand in again", who=(LEAD, CLERK), frm=("returned",),
         to="submitted", form=f.SubmitForm, guards=(g.lead_in_office, g.whole_suggestion, g.one_matter), parties=only_confirmed,
         knows=handed_in, tells=(INTAKE,), urgent=True, source="ZS 10"),
    Step(command="PassDelegation", event="DelegationPassed", zh="代表团同意", en="Passed by the delegation",
         who=(Who(P.PROPOSE, "delegation_head"), DESK), frm=("delegation",), to="submitted", tells=(INTAKE, "lead"), source="HN 11"),
    Step(command="DiscardProposal", event="ProposalDiscarded", zh="放弃文稿", en="Discard the draft", who=(LEAD, CLERK), frm=("draft", "cosigning"), to="discarded",
         tells=("invited", "cosigner"), source="ZS 9"),
    Step(command="LapseProposal", event="ProposalLapsed", zh="届满终止", en="Lapse with the term", who=(SYSTEM, DESK), frm=UNSENT, to="lapsed",
         guards=(g.term_over,), tells=("lead",), source="换届（I）"),
)

REVIEW = (
    Step(command="ReviewProposal", event="ProposalTakenUp", zh="开始初审", en="Take up for review", who=(DESK,), frm=("submitted",), to="review",
         source="ZS 10"),
    Step(command="AcceptProposal", event="ProposalAccepted", zh="受理", en="Accept", who=(DESK,), frm=("submitted", "review"), to="accepted",
         form=f.AcceptForm, guards=(g.known_topic, g.units_exist), knows=_accepted, tells=("lead", "cosigner", ASSIGN), source="ZS 10"),
    Step(command="RefuseProposal", event="ProposalRefused", zh="不予受理", en="Refuse", who=(DESK,), frm=("submitted", "review"), to="refused",
         form=f.RefuseForm, guards=(g.listed_reason,), tells=("lead", "cosigner"), source="ZS 6、10"),
    Step(command="ReturnProposal", event="ProposalReturned", zh="退回修改", en="Return for correction", who=(DESK,),
         frm=("submitted", "review", "delegation"), to="returned", form=Because, tells=("lead",), source="ZS 10（I）"),
    Step(command="WithdrawProposal", event="ProposalWithdrawn", zh="撤回建议", en="Withdraw", who=(LEAD,),
         frm=("returned", "delegation", "submitted", "review", "accepted", "assigned", "return_asked", "handling"), to="withdrawn", form=Because,
         guards=(g.withdrawable,), knows=_withdrawn, tells=(INTAKE, ASSIGN, "cosigner", "lead_unit", "assisting"), source="BJ；CQ 12；QD 12"),
    Step(command="MergeProposal", event="ProposalMerged", zh="并案", en="Merge", who=(DESK, Who(P.ASSIGN)), frm=("accepted",), to="merged",
         form=f.MergeForm, guards=(g.mergeable,), parties=_into, tells=("lead", "cosigner"), source="ZS 18"),
    Step(command="UnmergeProposal", event="ProposalUnmerged", zh="解除并案", en="Undo the merge", who=(DESK, SYSTEM), frm=("merged",),
         to="accepted", form=Because, parties=_not_into, knows=_unmerged, tells=("lead", ASSIGN), source="ZS 18（I）"),
    Step(command="TakeInProposal", event="ProposalTakenIn", zh="接受并案", en="Take in a merged case", who=(SYSTEM,),
         frm=("accepted", "assigned", "return_asked", "handling", "replied", "rehandling", "escalated", "tracking", "fulfilment", "closed",
              "closed_unrated", "settled", "withdrawn"),
         form=f.TakeInForm, parties=_merged_leads, knows=_taken_in, tells=("lead",), source="ZS 18"),
    Step(command="ShareReply", event="ReplyShared", zh="答复并案代表", en="Reply to a merged case's deputies", who=(SYSTEM,), frm=("merged",),
         form=f.ReplyShareForm, knows=_shared, tells=("lead", "cosigner"), source="ZS 18（每位代表都有答复）"),
    Step(command="CloseMerged", event="MergedClosed", zh="并案办结", en="Close with the other", who=(SYSTEM,), frm=("merged",), to="closed",
         form=Nothing, tells=("lead", "cosigner"), source="ZS 18"),
)

SELDOM = (
    Step(command="PassOnLead", event="LeadPassedOn", zh="变更领衔代表", en="Another lead deputy", who=(DESK,),
         frm=(*UNSENT, "submitted", "review", "accepted", "merged", "assigned", "return_asked", "handling", "replied", "rehandling", "escalated",
              "tracking", "fulfilment", "questioned", "answering", "answered", "reanswer"),
         form=f.PassOnForm, guards=(g.a_cosigner,), parties=_new_lead, tells=("lead", "cosigner", "lead_unit"),
         leaves=("lead",), source="换届、补选（I）"),
    Step(command="SetConfidential", event="ProposalConfidentialitySet", zh="设定公开范围", en="Set confidentiality", who=(DESK,),
         frm=("submitted", "review", "accepted", "assigned", "return_asked", "handling", "replied", "rehandling", "escalated", "tracking",
              "fulfilment", "secretariat", "presidium", "opinion", "questioned", "answering", "answered", "reanswer", "closed", "closed_unrated", "settled"),
         form=f.ConfidentialForm, tells=("lead",), source="ZS 7"),
)
"""Offered after everything else."""


def too_few(case: Case, need: int) -> bool:
    return len(movers(case)) < need
