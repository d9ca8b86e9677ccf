"""From the committee to the vote (steps 5 to 12 of processes.md §2, withdrawal, shelving)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.kernel.lifecycle import Case, Nothing, Scene, Step, Who, blank
from hub.streams.legislation import forms as f
from hub.streams.legislation import guards as g
from hub.streams.legislation.entry import BEFORE_VOTE, CHAIRS, CLERK, edition
from hub.streams.legislation.facts import (
    READ,
    Heard,
    Reading,
    Vote,
    done,
    majority,
    of,
    plain,
    read_so_often,
    there,
)
from hub.streams.legislation.words import COMMITTEE, LEGISLATE

Known = Mapping[str, Any]
SYSTEM = Who()


def _node(*codes: str) -> Any:
    def knows(case: Case | None, form: Any, scene: Scene) -> Known:
        return {"nodes": plain(done(of(case).nodes, *codes, on=scene.day))}

    return knows


def _listed(case: Case | None, form: Any, scene: Scene) -> Known:
    facts = of(case)
    readings = form.readings or scene.rules.readings.get(facts.kind, 2)
    return {"readings": readings, "nodes": plain(read_so_often(done(facts.nodes, "committee", "list", on=scene.day), readings))}


def _read_next(case: Case | None, form: Any, scene: Scene) -> str:
    return READ[min(len(of(case).held), 2)]


def _held(case: Case | None, form: Any, scene: Scene) -> Known:
    facts = of(case)
    n = len(facts.held) + 1
    held = Reading(n=n, on=form.held_on, meeting=facts.meeting, record=form.record)
    return {"held": plain((*facts.held, held)), "nodes": plain(done(facts.nodes, READ[min(n, 3) - 1], on=form.held_on))}


def _published(case: Case | None, form: Any, scene: Scene) -> Known:
    """Without a text of its own it is the present one that is opened."""
    if blank(form.text):
        return {"published": len(of(case).editions)}
    return {"editions": edition(case, form, scene), "published": len(of(case).editions) + 1}


def _heard(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"heard": plain((*of(case).heard, Heard(way=form.way, on=form.held_on, record=form.record)))}


def _revised(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"editions": edition(case, form, scene, form.note), "evaluated": form.evaluated or of(case).evaluated,
            "nodes": plain(done(of(case).nodes, "review", on=scene.day))}


def _vote(form: Any, clause: str = "") -> Any:
    return plain(Vote(on=form.held_on, members=form.members, yes=form.yes, no=form.no, abstain=form.abstain,
                      not_pressed=form.not_pressed, needed=majority(form.members), clause=clause))


def _clause_voted(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"votes": [*plain(of(case).votes), _vote(form, form.clause)]}


def _voted(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"votes": [*plain(of(case).votes), _vote(form)], "nodes": plain(done(of(case).nodes, "vote", on=form.held_on))}


def _outcome(case: Case | None, form: Any, scene: Scene) -> str:
    """More than half of all members; exactly half is not enough (OL 51)."""
    return "passed" if form.yes >= majority(form.members) else "failed"


def _shelved(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"shelved_from": there(case).state}


def _taken_up(case: Case | None, form: Any, scene: Scene) -> str:
    return of(case).shelved_from


READING = (
    Step(command="ReferBill", event="BillReferred", zh="交委员会审议", en="Refer to the committee", frm=("submitted",), to="committee",
         who=(CLERK,), tells=(COMMITTEE,), source="WL 25"),
    Step(command="ListBill", event="BillListed", zh="列入议程", en="Put on the agenda", frm=("committee",), to="listed", who=(CHAIRS,),
         form=f.ListForm, knows=_listed, tells=(LEGISLATE, "lead_unit"), source="WL 25、28-30"),
    Step(command="RefuseBill", event="BillRefused", zh="不列入议程", en="Not on the agenda", frm=("committee",), to="not_listed", who=(CHAIRS,),
         form=f.RefusalForm, tells=(LEGISLATE, "lead_unit"), source="WL 26"),
    Step(command="SendBillBack", event="BillSentBack", zh="退回完善", en="Send back to improve", frm=("committee",), to="drafting", who=(CHAIRS,),
         form=f.ReasonForm, tells=("lead_unit",), source="WL 25"),
    Step(command="DistributeBill", event="BillDistributed", zh="印发草案", en="Distribute the draft", frm=("listed", "review"), to="distributed",
         who=(CLERK,), form=f.MeetingForm, guards=(g.not_yet_read, g.distributed_early, g.all_answered), knows=_node("distribute"),
         tells=(COMMITTEE,), source="WL 27；S4-W16"),
    Step(command="HoldReading", event="ReadingHeld", zh="记录审议", en="Record the reading", frm=("distributed",), to=_read_next, who=(CLERK, CHAIRS),
         form=f.ReadingForm, guards=(g.past,), knows=_held, tells=(LEGISLATE, "lead_unit"), source="WL 29"),
    Step(command="PublishDraft", event="DraftPublished", zh="公开征求意见", en="Open for comment", frm=("first", "second"), to="comment", who=(CLERK,),
         form=f.PublishForm, guards=(g.long_enough,), knows=_published, tells=("lead_unit",), source="WL 34；LL 40；S4-W17"),
    Step(command="CloseComment", event="CommentClosed", zh="结束征求意见", en="Close comment", frm=("comment",), to="review", who=(CLERK, SYSTEM),
         form=Nothing, guards=(g.comment_over,), knows=_node("comment"), tells=(LEGISLATE, "lead_unit"), source="WL 34"),
    Step(command="BeginReview", event="ReviewBegun", zh="进入统一审议", en="Begin the review", frm=READ, to="review", who=(CLERK,), source="WL 35"),
    Step(command="HearOpinions", event="OpinionsHeard", zh="登记论证听证", en="Record a hearing", frm=("committee", *READ, "comment", "review"), who=(CLERK,),
         form=f.HearForm, guards=(g.known_way, g.past), knows=_heard, source="WL 37"),
    Step(command="ReviseDraft", event="DraftRevised", zh="提交修改稿", en="Revised text", frm=("review",), who=(CLERK,), form=f.RevisedForm,
         knows=_revised, source="WL 35-38"),
    Step(command="ShowProvince", event="ProvinceShown", zh="修改稿报省", en="Show the province", frm=(*READ, "review"), who=(CLERK,), form=f.ShownForm,
         source="WL 43"),
    Step(command="PrepareVote", event="VotePrepared", zh="提出表决稿", en="Prepare the vote", frm=(*READ, "review"), to="vote_draft", who=(CLERK,),
         form=f.MeetingForm, guards=(g.all_read, g.all_answered, g.evaluated, g.shown_to_province), tells=(COMMITTEE,), source="WL 39"),
    Step(command="VoteOnClause", event="ClauseVoted", zh="单独表决条款", en="Vote on a clause", frm=("vote_draft",), who=(CLERK, CHAIRS), form=f.ClauseForm,
         guards=(g.past, g.counted, g.all_members), knows=_clause_voted, source="WL 39"),
    Step(command="VoteOnBill", event="BillVotedOn", zh="记录表决", en="Record the vote", frm=("vote_draft",), to=_outcome, who=(CLERK, CHAIRS),
         form=f.VoteForm, guards=(g.past, g.counted, g.all_members), knows=_voted, tells=("lead_unit", LEGISLATE), source="WL 39；OL 51"),
    Step(command="WithdrawBill", event="BillWithdrawn", zh="撤回", en="Withdraw", frm=BEFORE_VOTE, to="withdrawn", who=(CHAIRS,), form=f.ReasonForm,
         tells=("lead_unit", LEGISLATE), source="WL 40"),
    Step(command="ShelveBill", event="BillShelved", zh="搁置", en="Shelve", frm=tuple(one for one in BEFORE_VOTE if one not in {"shelved", "drafting"}),
         to="shelved", who=(CHAIRS,), form=f.ReasonForm, knows=_shelved, tells=("lead_unit", LEGISLATE), source="WL 41"),
    Step(command="TakeUpBill", event="BillTakenUp", zh="恢复审议", en="Take up again", frm=("shelved",), to=_taken_up, who=(CHAIRS,), form=f.ReasonForm,
         tells=("lead_unit", LEGISLATE), source="WL 41"),
    Step(command="TerminateBill", event="BillTerminated", zh="终止审议", en="Terminate", frm=("shelved",), to="terminated", who=(CHAIRS, SYSTEM),
         tells=("lead_unit", LEGISLATE, COMMITTEE), source="WL 41；LL 45"),
)
