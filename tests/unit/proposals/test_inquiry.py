"""The inquiry's own path: ten deputies or five members, the presidium's word, the head's answer, and once more where half are not satisfied."""

from datetime import date

import msgspec
import pytest

from hub.kernel.lifecycle import waits_for
from hub.streams.proposals.following import follow_ups
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.rules import ProposalRules
from tests.unit.proposals.walking import (
    COMMITTEE,
    DEPUTIES,
    HOUSING,
    INQUIRY,
    INTAKE,
    LEAD,
    SYSTEM,
    deputy,
    inquiry,
    motion,
    ref,
    refused,
)

WRITTEN = {"answer_how": "written", "answer_by": "2027-01-21"}
ORAL = {"answer_how": "plenary", "answer_by": "2027-01-20", "answer_where": "1月20日上午，人民会堂"}
LETTER = {"number": "云建质〔2027〕1号", "text": "现就质询的问题书面答复如下：已经逐台整改。", "sealed": True}


def put(cosigners=9, **more):
    return inquiry(cosigners, **more).take("SubmitInquiry", LEAD)


def answered(cosigners=9, **more):
    return put(cosigners, **more).take("OrderInquiryAnswer", COMMITTEE, **WRITTEN).take("SignInquiryAnswer", HOUSING, **LETTER)


def unhappy(walk, count):
    for n in range(count):
        walk.take("JudgeInquiryAnswer", deputy(n), judgement="unsatisfied", reason="没有说明期限")
    return walk


@pytest.mark.parametrize(("forum", "cosigners", "said"), [
    ("congress", 8, "须有 10 名以上代表联名，现有 9 名"), ("committee", 3, "须有 5 名以上常委会组成人员联名，现有 4 名")])
def test_one_fewer_than_the_law_asks_for_put_no_inquiry(forum, cosigners, said):
    assert said in refused(inquiry(cosigners, forum=forum), "SubmitInquiry", LEAD)[1]
    walk = put(cosigners + 1, forum=forum)
    assert (walk.state, walk.due("order")) == ("questioned", date(2027, 1, 22))


def test_only_members_of_the_standing_committee_put_one_to_it():
    walk = inquiry(4, forum="committee")
    assert "不是常委会组成人员" in refused(walk, "InviteCosigners", LEAD, deputies=[str(DEPUTIES[7])])[1]
    before = inquiry(9).take("ReviseProposal", LEAD, **(INQUIRY | {"forum": "committee"}))
    for n in range(1, 10):
        before.take("ConfirmCosign", deputy(n), seen=2)
    assert before.take("SubmitInquiry", LEAD).there.parties["cosigner"] == tuple(ref(n) for n in range(1, 6))


def test_it_is_put_to_the_congress_while_that_sits_and_to_the_committee_between():
    assert "现在没有大会" in refused(inquiry(9, day=date(2027, 2, 1)), "SubmitInquiry", LEAD)[1]
    assert put(4, day=date(2027, 2, 1), forum="committee").state == "questioned"


@pytest.mark.parametrize(("lacks", "said"), [("asked_of", "质询对象"), ("question", "质询的问题"), ("content", "质询的内容")])
def test_it_names_whom_it_is_put_to_the_question_and_its_content(lacks, said):
    assert f"还缺“{said}”" in refused(inquiry(9, date(2027, 1, 19), **{lacks: ""}), "SubmitInquiry", LEAD)[1]


def test_of_what_is_no_inquiry_nothing_says_whom_it_is_put_to():
    assert (motion(0).facts.forum, inquiry(1).facts.forum, inquiry(1, forum="committee").facts.forum) == ("", "congress", "committee")
    assert inquiry(1).take("ReviseProposal", LEAD, **INQUIRY).facts.edition == 1


def test_it_is_put_to_an_organ_and_as_nothing_else():
    assert "从列表中选择" in refused(inquiry(9, asked_of="department:99"), "SubmitInquiry", LEAD)[1]
    assert "请用“提交质询案”" in refused(inquiry(9), "SubmitMotion", LEAD, one_matter=True)[1]
    assert "请用“提交质询案”" in refused(inquiry(9), "SubmitProposal", LEAD, one_matter=True)[1]
    assert "这不是议案" in refused(inquiry(2), "LetMotionLapse", LEAD)[1]


def test_the_presidium_says_how_and_until_when_and_the_organ_is_waited_for():
    assert refused(put(), "OrderInquiryAnswer", INTAKE, **WRITTEN)[0] == "not-yours"
    assert "会议时间、地点" in refused(put(), "OrderInquiryAnswer", COMMITTEE, **(ORAL | {"answer_where": ""}))[1]
    assert "没有主席团会议" in refused(put(4, forum="committee"), "OrderInquiryAnswer", COMMITTEE, **(ORAL | {"answer_how": "presiding"}))[1]
    walk = put().take("OrderInquiryAnswer", COMMITTEE, **WRITTEN)
    assert (walk.state, walk.due("answer"), walk.due("order")) == ("answering", date(2027, 1, 21), None)
    assert waits_for(PROPOSALS, walk.there) == walk.there.parties["signer"] == ("head:department:22",)
    assert "signer" in PROPOSALS.step("OrderInquiryAnswer").tells
    assert walk.take("SignInquiryAnswer", HOUSING, **LETTER).there.parties["signer"] == ()


def test_a_written_answer_is_signed_by_the_head_and_an_oral_one_given_by_the_head_in_person():
    oral, answer = put().take("OrderInquiryAnswer", COMMITTEE, **ORAL), {"on": "2027-01-19", "head": "局长李某", "text": "就质询的问题作了口头答复。"}
    assert "负责人到会答复" in refused(oral, "SignInquiryAnswer", HOUSING, **LETTER)[1]
    assert "不能由他人代为答复" in refused(oral, "RecordInquiryAnswer", INTAKE, **answer, in_person=False)[1]
    assert oral.take("RecordInquiryAnswer", INTAKE, **answer, in_person=True).facts.letters[0].text == "2027-01-19 局长李某到会答复：就质询的问题作了口头答复。"
    written = put().take("OrderInquiryAnswer", COMMITTEE, **WRITTEN)
    assert "由受质询机关负责人签署" in refused(written, "RecordInquiryAnswer", INTAKE, **answer, in_person=True)[1]
    assert "须由受质询机关负责人签署" in refused(written, "SignInquiryAnswer", HOUSING, **(LETTER | {"sealed": False}))[1]


@pytest.mark.parametrize(("forum", "movers", "asks"), [("congress", 10, 5), ("committee", 6, 4), ("committee", 5, 3)])
def test_half_of_the_deputies_or_more_than_half_of_the_members_have_it_answered_again(forum, movers, asks):
    walk = unhappy(answered(movers - 1, forum=forum), asks - 1)
    assert walk.state == "answered"
    walk.take("JudgeInquiryAnswer", deputy(asks - 1), judgement="unsatisfied", reason="没有说明期限")
    assert (walk.state, walk.due("order"), walk.due("judge")) == ("reanswer", date(2027, 1, 22), None)
    walk.take("OrderInquiryAnswer", COMMITTEE, **WRITTEN).take("SignInquiryAnswer", HOUSING, **LETTER)
    assert ([letter.round for letter in walk.facts.letters], walk.facts.judged) == ([1, 2], {})
    assert unhappy(walk, movers).state == "closed", "after the second answer there is no third"


def test_each_mover_judges_an_answer_once_and_says_why_and_the_last_one_closes_it():
    walk = answered()
    assert "不满意请写明意见" in refused(walk, "JudgeInquiryAnswer", LEAD, judgement="unsatisfied")[1]
    walk.take("JudgeInquiryAnswer", LEAD, judgement="satisfied")
    assert "已对这次答复表示过意见" in refused(walk, "JudgeInquiryAnswer", LEAD, judgement="satisfied")[1]
    assert waits_for(PROPOSALS, walk.there) == tuple(ref(n) for n in range(1, 10))
    assert refused(walk, "JudgeInquiryAnswer", deputy(11), judgement="satisfied")[0] == "not-yours"
    for n in range(1, 10):
        walk.take("JudgeInquiryAnswer", deputy(n), judgement="satisfied")
    assert (walk.state, walk.there.clocks) == ("closed", {})


def test_who_says_nothing_does_not_hold_it_up():
    walk = answered().take("JudgeInquiryAnswer", LEAD, judgement="satisfied")
    assert "到期后再办结" in refused(walk, "CloseInquiry", INTAKE)[1]
    assert walk.struck("judge").state == "closed"


def test_the_chairpersons_may_decline_a_second_answer_and_the_presidium_may_not():
    assert "须再作答复" in refused(unhappy(answered(), 5), "DeclineSecondAnswer", COMMITTEE, reason="答复已经说明")[1]
    assert unhappy(answered(4, forum="committee"), 3).take("DeclineSecondAnswer", COMMITTEE, reason="答复已经说明").state == "closed"


def test_it_is_withdrawn_by_its_lead_until_it_is_decided_on_and_then_with_consent_alone():
    assert put().take("WithdrawInquiry", LEAD, reason="问题已经解决").state == "withdrawn"
    walk = put().take("OrderInquiryAnswer", COMMITTEE, **WRITTEN)
    assert refused(walk, "WithdrawInquiry", LEAD, reason="问题已经解决")[0] == "other-state"
    walk.take("AskMotionWithdrawal", LEAD, reason="问题已经解决").take("ConsentToWithdrawal", COMMITTEE)
    assert (walk.state, walk.there.clocks) == ("withdrawn", {})


def test_what_is_not_in_order_goes_back_keeps_its_kind_and_can_be_put_again():
    walk = put().take("ReturnInquiry", COMMITTEE, reason="请写明具体问题")
    assert "不能改变类型" in refused(walk, "ReviseProposal", LEAD, **(INQUIRY | {"kind": "suggestion"}))[1]
    assert "请用“撤回质询案”" in refused(walk, "WithdrawProposal", LEAD, reason="不再提出")[1]
    assert walk.take("SubmitInquiry", LEAD).state == "questioned"


def test_one_that_loses_a_mover_before_it_is_decided_on_ends():
    walk = put().take("LeaveCosigners", deputy(3))
    assert [one.command for one in follow_ups(walk.there, {}, ProposalRules())] == ["LetInquiryFall"]
    assert walk.take("LetInquiryFall", SYSTEM).state == "withdrawn"
    enough = put(10).take("LeaveCosigners", deputy(3))
    assert list(follow_ups(enough.there, {}, ProposalRules())) == []
    assert "质询案成立" in refused(enough, "LetInquiryFall", INTAKE)[1]


def test_a_county_asks_for_three_members():
    walk = inquiry(2, forum="committee")
    walk.rules = msgspec.structs.replace(walk.rules, committee_inquirers=3)
    assert walk.take("SubmitInquiry", LEAD).state == "questioned"
