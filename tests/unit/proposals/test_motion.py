"""The motion's own path: ten deputies, a deadline, the presidium's word, a vote counted of all deputies."""

from datetime import date, datetime

import msgspec
import pytest

from hub.kernel.errors import Refused
from hub.kernel.lifecycle import recounted
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.motion import majority
from hub.streams.proposals.rules import PROVINCES, ProposalRules
from tests.unit.proposals.walking import (
    COMMITTEE,
    DEPUTIES,
    INTAKE,
    LEAD,
    MOTION,
    SESSION,
    SYSTEM,
    deputy,
    motion,
    ref,
    refused,
)


def before_presidium(cosigners=9, **more):
    return motion(cosigners, **more).take("SubmitMotion", LEAD, one_matter=True).take("ReportMotion", INTAKE, report="建议列入议程")


def test_ten_deputies_make_a_motion_and_nine_do_not():
    assert "须有 10 名以上代表联名，现有 9 名" in refused(motion(8), "SubmitMotion", LEAD, one_matter=True)[1]
    assert motion(9).take("SubmitMotion", LEAD, one_matter=True).state == "secretariat"


def test_a_town_asks_for_five():
    walk = motion(4)
    walk.rules = ProposalRules(movers=5)
    assert walk.take("SubmitMotion", LEAD, one_matter=True).state == "secretariat"


def test_motions_close_when_the_presidium_said():
    walk = motion()
    assert walk.due("motions") == date(2027, 1, 20)
    walk.at = datetime.fromisoformat("2027-01-20T12:00:00+08:00")
    walk.take("SubmitMotion", LEAD, one_matter=True)
    late = motion()
    late.at = datetime.fromisoformat("2027-01-20T12:00:01+08:00")
    assert "请改为建议提交" in refused(late, "SubmitMotion", LEAD, one_matter=True)[1]


def test_the_close_of_motions_moves_with_the_session_until_it_has_passed():
    walk = motion()
    before = walk.there.clocks["motions"]
    later = msgspec.structs.replace(SESSION, last=date(2027, 1, 27), motions_until=datetime.fromisoformat("2027-01-25T12:00:00+08:00"))
    walk.seen = msgspec.structs.replace(walk.seen, sessions=(later,))
    moved = recounted(PROPOSALS.deadline("motions"), before, walk.there, walk.scene(SYSTEM))
    assert moved is not None
    assert (before.due, moved.due, moved.started) == (date(2027, 1, 20), date(2027, 1, 25), before.started)
    walk.on(date(2027, 1, 21))
    assert recounted(PROPOSALS.deadline("motions"), before, walk.there, walk.scene(SYSTEM)) is None, "what is over stays"


def test_a_motion_needs_cause_ground_and_plan_and_is_not_a_suggestion():
    walk = motion().take("ReviseProposal", LEAD, **(MOTION | {"ground": ""}))
    assert "还缺“案据”" in refused(walk, "SubmitMotion", LEAD, one_matter=True)[1]
    assert "这是议案" in refused(motion(), "SubmitProposal", LEAD, one_matter=True)[1]


def test_a_draft_short_of_movers_becomes_a_suggestion_when_motions_close():
    walk = motion(8).struck("motions")
    assert (walk.state, walk.facts.kind, walk.facts.situation, walk.due("motions")) == ("cosigning", "suggestion", "电梯事故多发。", None)
    assert walk.take("SubmitProposal", LEAD, one_matter=True).state == "submitted"


def test_a_motion_that_loses_a_mover_before_the_deadline_falls_back():
    walk = motion().take("SubmitMotion", LEAD, one_matter=True).take("LeaveCosigners", deputy(3))
    assert ref(3) not in walk.there.parties["cosigner"]
    walk.take("LetMotionFall", SYSTEM)
    assert (walk.state, walk.facts.kind, walk.facts.fell_back) == ("submitted", "suggestion", True)
    assert walk.due("accept") == date(2027, 1, 29), "seven days from the end of the session"


def test_a_motion_with_enough_movers_does_not_fall_back_and_after_the_deadline_nobody_leaves():
    walk = motion(10).take("SubmitMotion", LEAD, one_matter=True).take("LeaveCosigners", deputy(3))
    assert refused(walk, "LetMotionFall", SYSTEM)[0] == "guarded"
    walk.on(date(2027, 1, 21))
    assert "须经主席团同意" in refused(walk, "LeaveCosigners", deputy(4))[1]


def test_the_presidium_lists_refers_or_turns_it():
    assert before_presidium().take("ListMotion", COMMITTEE).state == "agenda"
    walk = before_presidium().take("ReferMotion", COMMITTEE, body="城建环资委", opinion_by="2027-01-20")
    assert (walk.state, walk.due("opinion")) == ("opinion", date(2027, 1, 20))
    assert walk.take("GiveCommitteeOpinion", COMMITTEE, committee_opinion="建议列入").state == "presidium"
    turned = before_presidium().take("TurnMotion", COMMITTEE, reason="内容适合作为建议办理")
    assert (turned.state, turned.facts.kind, turned.facts.turned, turned.facts.advice) == ("submitted", "suggestion", True, "列入年度立法计划。")


def test_nobody_but_the_presidium_decides_of_it():
    assert refused(before_presidium(), "ListMotion", LEAD)[0] == "not-yours"
    assert refused(before_presidium(), "TurnMotion", INTAKE, reason="内容适合")[0] == "not-yours"


def test_more_than_half_of_the_movers_bring_it_back_where_the_rules_know_that():
    walk = before_presidium(9).take("TurnMotion", COMMITTEE, reason="内容适合作为建议办理")
    assert "没有要求复议的程序" in refused(walk, "ObjectToTurning", LEAD, reason="应列入议程")[1]
    walk.rules = PROVINCES["贵州"]
    for n in range(5):
        walk.take("ObjectToTurning", deputy(n), reason="应列入议程")
    assert (walk.state, walk.due("accept") is not None) == ("submitted", True)
    assert "提出过异议" in refused(walk, "ObjectToTurning", deputy(0), reason="应列入议程")[1]
    walk.take("ObjectToTurning", deputy(5), reason="应列入议程")
    assert (walk.state, walk.facts.kind, walk.due("accept")) == ("presidium", "motion", None)


def to_the_vote():
    return before_presidium().take("ListMotion", COMMITTEE).take("DeliberateMotion", INTAKE, deliberation="七个代表团赞成").take(
        "DraftResolution", INTAKE, resolution="关于制定电梯安全条例的决议", vote_at="2027-01-22T09:00:00+08:00")


@pytest.mark.parametrize(("present", "yes", "state"), [(440, 221, "passed"), (440, 220, "failed"), (294, 221, "passed"), (294, 220, "failed")])
def test_it_passes_with_more_than_half_of_all_deputies(present, yes, state):
    walk = to_the_vote().take("RecordMotionVote", INTAKE, present=present, yes=yes, no=present - yes, abstain=0)
    assert (walk.state, walk.facts.vote.deputies) == (state, 440)


def test_a_vote_without_two_thirds_or_that_does_not_add_up_is_none():
    assert "294" in refused(to_the_vote(), "RecordMotionVote", INTAKE, present=293, yes=293, no=0, abstain=0)[1]
    assert "之和" in refused(to_the_vote(), "RecordMotionVote", INTAKE, present=300, yes=221, no=0, abstain=0)[1]
    assert majority(45) == 23


def test_amendments_need_ten_deputies_a_day_before_the_vote():
    ten = [str(one) for one in DEPUTIES[:10]]
    walk = to_the_vote().take("AmendMotion", INTAKE, deputies=ten, text="第三条增加一款")
    assert walk.facts.amendments[0].endswith("第三条增加一款")
    assert "10 名以上" in refused(walk, "AmendMotion", INTAKE, deputies=ten[:9], text="第三条增加一款")[1]
    walk.on(date(2027, 1, 21))
    assert "24 小时" in refused(walk, "AmendMotion", INTAKE, deputies=ten, text="第三条增加一款")[1]


def test_it_is_withdrawn_before_the_vote_with_the_presidiums_consent_only():
    walk = to_the_vote()
    with pytest.raises(Refused):
        walk.take("WithdrawProposal", LEAD, reason="需要完善")
    assert "没有申请撤回" in refused(walk, "ConsentToWithdrawal", COMMITTEE)[1]
    walk.take("AskMotionWithdrawal", LEAD, reason="需要完善")
    assert walk.state == "resolution"
    assert walk.take("ConsentToWithdrawal", COMMITTEE).state == "withdrawn"
    kept = to_the_vote().take("AskMotionWithdrawal", LEAD, reason="需要完善").take("RefuseWithdrawal", COMMITTEE, reason="已列入议程")
    assert (kept.state, kept.facts.withdrawal) == ("resolution", "")
    late = to_the_vote().on(date(2027, 1, 23))
    assert "已到表决时间" in refused(late, "AskMotionWithdrawal", LEAD, reason="需要完善")[1]
