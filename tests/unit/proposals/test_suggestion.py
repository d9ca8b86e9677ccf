"""The suggestion's path, step by step, legally and illegally (processes.md §1)."""

from datetime import date, timedelta

import pytest

from hub.kernel.actor import Role
from hub.kernel.errors import Conflict, Forbidden, Refused
from hub.streams.proposals.facts import Similar
from hub.streams.proposals.rules import PROVINCES, ProposalRules
from tests.unit.proposals.walking import (
    CASE,
    COMMITTEE,
    DEPUTIES,
    EDUCATION,
    FINANCE,
    HOUSING,
    INTAKE,
    LEAD,
    OFFICE,
    OUTSIDER,
    PROMISE,
    REPLY,
    SYSTEM,
    TEXT,
    Walk,
    accepted,
    answered,
    assigned,
    contacted,
    deputy,
    drafted,
    handled,
    other,
    ref,
    replied,
    unit,
)


def refused(walk, command, actor, **fields):
    """The code and the Chinese sentence of the refusal; the case is as before."""
    before = walk.case
    with pytest.raises(Refused) as caught:
        walk.take(command, actor, **fields)
    assert walk.case == before
    return caught.value.code, caught.value.zh


def test_a_suggestion_goes_from_draft_to_closing():
    walk = replied()
    assert walk.state == "replied"
    walk.take("RateReply", LEAD, rating="satisfied")
    assert (walk.state, walk.there.clocks) == ("closed", {})
    reply = walk.facts.parts["department:22"].replies[0]
    assert (reply.klass, reply.rating, reply.on_time) == ("A", "satisfied", True)


def test_only_a_deputy_in_office_drafts_and_staff_may_enter_for_one():
    assert refused(Walk(), "DraftProposal", deputy(12), **TEXT)[0] == "guarded"
    assert "只有代表工委可以代为录入" in refused(Walk(), "DraftProposal", LEAD, deputy=str(DEPUTIES[3]), **TEXT)[1]
    walk = Walk().take("DraftProposal", INTAKE, deputy=str(DEPUTIES[3]), **TEXT)
    assert walk.there.parties["lead"] == (ref(3),)


def test_a_suggestion_needs_situation_analysis_advice_and_one_matter():
    walk = Walk().take("DraftProposal", LEAD, **(TEXT | {"advice": " "}))
    assert "还缺“具体建议”" in refused(walk, "SubmitProposal", LEAD, one_matter=True)[1]
    assert "一件只提一个事项" in refused(drafted(), "SubmitProposal", LEAD, one_matter=False)[1]


def test_a_change_of_the_text_voids_what_co_signers_confirmed():
    walk = drafted().take("InviteCosigners", LEAD, deputies=[str(DEPUTIES[1]), str(DEPUTIES[2])])
    walk.take("ConfirmCosign", deputy(1), seen=1)
    assert walk.there.parties["cosigner"] == (ref(1),)
    walk.take("ReviseProposal", LEAD, **(TEXT | {"advice": "改为每台三十万元。"}))
    assert walk.there.parties["cosigner"] == ()
    assert walk.there.parties["invited"] == (ref(2), ref(1))
    assert "第 2 版" in refused(walk, "ConfirmCosign", deputy(1), seen=1)[1]
    assert walk.take("ConfirmCosign", deputy(1), seen=2).facts.confirmed == {ref(1): 2}


def test_a_change_of_the_topic_alone_leaves_confirmations_alone():
    walk = drafted().take("InviteCosigners", LEAD, deputies=[str(DEPUTIES[1])]).take("ConfirmCosign", deputy(1), seen=1)
    walk.take("ReviseProposal", LEAD, **(TEXT | {"topic": "urban"}))
    assert (walk.there.parties["cosigner"], walk.facts.edition, walk.facts.topic) == ((ref(1),), 1, "urban")


def test_who_was_not_invited_cannot_co_sign_and_the_lead_need_not():
    walk = drafted().take("InviteCosigners", LEAD, deputies=[str(DEPUTIES[1])])
    assert refused(walk, "ConfirmCosign", OUTSIDER, seen=1)[0] == "not-yours"
    assert "领衔代表不用邀请自己" in refused(walk, "InviteCosigners", LEAD, deputies=[str(DEPUTIES[0])])[1]
    assert "不是在任代表" in refused(walk, "InviteCosigners", LEAD, deputies=[str(DEPUTIES[12])])[1]


def test_what_was_found_alike_is_kept_with_the_case():
    walk = drafted()
    walk.seen = type(walk.seen)(**{name: getattr(walk.seen, name) for name in walk.seen.__struct_fields__}
                                | {"similar": (Similar(case=CASE, title="关于加装电梯的建议", ratio=0.42),)})
    walk.take("SubmitProposal", LEAD, one_matter=True)
    assert [(one.title, one.ratio) for one in walk.facts.similar] == [("关于加装电梯的建议", 0.42)]


@pytest.mark.parametrize("reason", ["private", "forwarded", "promotion", "empty", "in_court", "tender", "other"])
def test_it_is_refused_for_one_of_seven_reasons(reason):
    walk = drafted().take("SubmitProposal", LEAD, one_matter=True)
    walk.take("RefuseProposal", INTAKE, refusal=reason, explanation="不属于建议范围。")
    assert (walk.state, walk.facts.refusal, walk.there.clocks) == ("refused", reason, {})


def test_another_reason_is_none():
    walk = drafted().take("SubmitProposal", LEAD, one_matter=True)
    assert refused(walk, "RefuseProposal", INTAKE, refusal="boring", explanation="不属于建议范围。")[0] == "guarded"


def test_what_was_returned_is_handed_in_again_without_a_second_number():
    walk = drafted().take("SubmitProposal", LEAD, one_matter=True).take("ReturnProposal", INTAKE, reason="请写明地点")
    assert (walk.state, walk.due("accept")) == ("returned", None)
    walk.later(3).take("ReviseProposal", LEAD, **(TEXT | {"advice": "在望江区先行。"})).take("ResubmitProposal", LEAD, one_matter=True)
    assert (walk.state, walk.due("accept")) == ("submitted", date(2026, 3, 12))


def test_the_delegation_comes_first_where_the_rules_say_so():
    walk = drafted(rules=PROVINCES["河南"]).take("SubmitProposal", LEAD, one_matter=True)
    assert (walk.state, walk.due("accept"), walk.due("delegation")) == ("delegation", None, date(2026, 3, 4))
    walk.take("PassDelegation", INTAKE)
    assert (walk.state, walk.due("accept"), walk.due("delegation")) == ("submitted", date(2026, 3, 9), None)


def test_both_desks_assign_together():
    walk = drafted().take("SubmitProposal", LEAD, one_matter=True).take("AcceptProposal", INTAKE, topic="urban")
    assert "请先由代表工委提出拟办单位" in refused(walk, "AssignProposal", OFFICE, units=["department:22"])[1]
    walk.take("SuggestUnits", OFFICE, units=["department:22"])
    assert refused(walk, "AssignProposal", OFFICE, units=["department:22"])[0] == "guarded"
    assert walk.take("AssignProposal", INTAKE, units=["department:22"]).state == "assigned"


def test_the_committee_alone_assigns_what_is_not_for_the_government():
    walk = drafted(rules=ProposalRules(outside_government=("department:11",))).take("SubmitProposal", LEAD, one_matter=True)
    walk.take("AcceptProposal", INTAKE, topic="law")
    assert refused(walk, "AssignProposal", INTAKE, units=["department:22"])[0] == "guarded"
    assert walk.take("AssignProposal", INTAKE, units=["department:11"]).state == "assigned"


@pytest.mark.parametrize(("fields", "sentence"), [
    ({"units": ["department:22", "department:18"]}, "主办单位只能有一个"),
    ({"units": ["department:22"], "mode": "separate"}, "两家以上"),
    ({"units": ["department:22"], "helpers": ["department:22"]}, "只能列一次"),
    ({"units": ["department:99"]}, "没有“department:99”"),
])
def test_units_fit_the_way_it_is_handled(fields, sentence):
    assert sentence in refused(accepted(), "AssignProposal", OFFICE, **fields)[1]


def test_a_second_clerk_who_assigns_is_told_of_the_first():
    with pytest.raises(Conflict) as caught:
        assigned().take("AssignProposal", OFFICE, units=["department:11"])
    assert caught.value.zh == "事项现在是“已交办，待签收”，不能“交办”，可能别人刚刚办理过，请刷新后再看。"


def test_a_unit_cannot_pass_it_on_but_return_it_within_ten_days():
    walk = assigned()
    with pytest.raises(Conflict):
        walk.take("ReassignProposal", HOUSING, units=["department:11"])
    walk.later(10).take("AskReturn", HOUSING, reason="职责属市教育局")
    assert (walk.state, walk.facts.returning) == ("return_asked", "department:22")
    late = assigned().later(11)
    assert "2026-03-12" in refused(late, "AskReturn", HOUSING, reason="职责属市教育局")[1]


def test_a_new_assignment_starts_all_clocks_anew():
    walk = assigned().later(5).take("AskReturn", HOUSING, reason="职责属市教育局").later(4)
    walk.take("ReassignProposal", OFFICE, units=["department:11"])
    assert (walk.state, walk.there.parties["lead_unit"], walk.there.parties["assisting"]) == ("assigned", ("department:11",), ())
    assert (walk.due("reply"), walk.due("assist"), walk.due("reassign")) == (date(2026, 6, 11), None, None)


def test_a_return_that_is_refused_leaves_the_old_clock():
    walk = assigned().take("AskReturn", HOUSING, reason="职责属市教育局").later(2).take("RefuseReturn", OFFICE, reason="仍由你局主办")
    assert (walk.state, walk.due("reply"), walk.due("reassign")) == ("assigned", date(2026, 6, 2), None)
    assert walk.due("sign_for") is not None


def test_no_reply_before_the_deputy_was_contacted():
    walk = assigned().take("SignForProposal", HOUSING, handler="王工").take("DraftReply", HOUSING, **REPLY)
    assert "须先联系代表" in refused(walk, "SignReply", HOUSING, sealed=True)[1]
    assert contacted(walk).take("SignReply", HOUSING, sealed=True).state == "replied"


def test_a_key_item_invites_the_deputy():
    walk = handled().take("MarkKeyProposal", COMMITTEE, leader="市长", body="城建环资工委").take("DraftReply", HOUSING, **REPLY)
    assert "邀请代表参与" in refused(walk, "SignReply", HOUSING, sealed=True)[1]
    assert contacted(walk, way="invite").take("SignReply", HOUSING, sealed=True).state == "replied"
    assert walk.take("ReportKeyProposal", COMMITTEE, text="督办情况报告").facts.key.report == "督办情况报告"


def test_only_the_head_signs_and_seals():
    walk = handled().take("DraftReply", unit(22, Role.HANDLER), **REPLY)
    assert refused(walk, "SignReply", unit(22, Role.HANDLER), sealed=True)[0] == "not-yours"
    assert refused(walk, "SignReply", FINANCE, sealed=True)[0] == "not-yours"
    assert "加盖公章" in refused(walk, "SignReply", HOUSING, sealed=False)[1]
    assert walk.take("SendBackReply", HOUSING, reason="请补充数据").facts.drafts == {}


def test_class_b_names_a_promise_and_its_day():
    assert "承诺事项和解决日期" in refused(handled(), "DraftReply", HOUSING, **(REPLY | {"klass": "B"}))[1]
    assert "没有这个办理结果分类" in refused(handled(), "DraftReply", HOUSING, **(REPLY | {"klass": "D"}))[1]
    assert handled(rules=PROVINCES["重庆"]).take("DraftReply", HOUSING, **(REPLY | {"klass": "D"})).state == "handling"


def test_units_that_answer_separately_all_answer_and_are_rated_each():
    walk = accepted().take("AssignProposal", OFFICE, units=["department:22", "department:11"], mode="separate")
    walk.take("SignForProposal", HOUSING, handler="王工")
    assert (walk.state, walk.due("sign_for")) == ("assigned", date(2026, 3, 5))
    walk.take("SignForProposal", EDUCATION, handler="李工")
    assert (walk.state, walk.due("sign_for")) == ("handling", None)
    answered(contacted(walk), HOUSING)
    assert (walk.state, walk.due("reply")) == ("handling", date(2026, 6, 2))
    answered(contacted(walk, EDUCATION), EDUCATION)
    assert (walk.state, walk.due("reply")) == ("replied", None)
    assert refused(walk, "RateReply", LEAD, rating="satisfied")[0] == "guarded"
    walk.take("RateReply", LEAD, rating="satisfied", unit="department:22")
    assert walk.state == "replied"
    walk.take("RateReply", LEAD, rating="unsatisfied", unit="department:11", reason="没有说明")
    assert walk.state == "rehandling"
    assert "不需要您单位答复" in refused(walk, "DraftReply", HOUSING, **REPLY)[1]
    answered(contacted(walk, EDUCATION), EDUCATION)
    assert walk.take("RateReply", LEAD, rating="basically").state == "closed"


def test_only_the_lead_rates_and_says_why_not():
    walk = drafted().take("InviteCosigners", LEAD, deputies=[str(DEPUTIES[1])]).take("ConfirmCosign", deputy(1), seen=1)
    assert walk.there.parties["cosigner"] == (ref(1),)
    rated = replied()
    assert refused(rated, "RateReply", deputy(1), rating="satisfied")[0] == "not-yours"
    assert "请写明意见" in refused(rated, "RateReply", LEAD, rating="unsatisfied")[1]


def test_an_unsatisfied_first_round_is_handled_again_and_a_second_is_escalated():
    walk = replied().take("RateReply", LEAD, rating="unsatisfied", reason="没有解决")
    assert (walk.state, walk.facts.round, walk.due("rehandle")) == ("rehandling", 2, date(2026, 4, 2))
    answered(contacted(walk), HOUSING)
    walk.take("RateReply", LEAD, rating="unsatisfied", reason="仍未解决")
    assert (walk.state, walk.due("settle")) == ("escalated", date(2026, 4, 2))
    walk.take("SettleProposal", COMMITTEE, outcome="rehandle", text="请按专家意见办理。", experts="城建专家三人")
    assert (walk.state, walk.facts.round) == ("rehandling", 3)
    answered(contacted(walk), HOUSING)
    assert walk.take("RateReply", LEAD, rating="basically").state == "closed"
    assert [one.rating for one in walk.facts.parts["department:22"].replies] == ["unsatisfied", "unsatisfied", "basically"]


def test_what_nobody_rates_is_urged_and_closed_without():
    walk = replied()
    assert "须先催评" in refused(walk, "CloseUnrated", INTAKE)[1]
    walk.struck("rate")
    assert (walk.state, walk.due("rate")) == ("replied", None)
    walk.struck("rate_urged")
    assert (walk.state, walk.there.clocks) == ("closed_unrated", {})


def test_a_promise_stays_in_the_ledger_until_it_is_kept():
    walk = replied(PROMISE).take("RateReply", LEAD, rating="basically")
    assert (walk.state, walk.due("promise")) == ("tracking", date(2026, 12, 31))
    walk.on(date(2026, 11, 30)).take("ReportFulfilment", HOUSING, solved=True, text="二百台已全部完成。")
    assert (walk.state, walk.due("promise")) == ("fulfilment", None)
    walk.take("RateFulfilment", LEAD, fulfilment="fulfilled")
    assert (walk.state, walk.there.clocks) == ("closed", {})


def test_a_promise_that_was_not_kept_is_tracked_on():
    walk = replied(PROMISE).take("RateReply", LEAD, rating="satisfied").on(date(2027, 1, 31))
    walk.take("ReportFulfilment", HOUSING, solved=False, text="资金未到位，完成八十台。")
    assert "写明意见" in refused(walk, "RateFulfilment", LEAD, fulfilment="unfulfilled")[1]
    walk.take("RateFulfilment", LEAD, fulfilment="unfulfilled", reason="完成不到一半")
    assert (walk.state, walk.due("promise")) == ("tracking", date(2027, 2, 28))


def test_a_promise_is_tracked_even_when_nobody_rated_the_reply():
    walk = replied(PROMISE).struck("rate").struck("rate_urged")
    assert (walk.state, walk.due("promise")) == ("tracking", date(2026, 12, 31))


def test_an_extension_counts_only_if_asked_in_time_and_to_six_months_at_most():
    walk = handled()
    assert "2026-09-02" in refused(walk, "AskExtension", HOUSING, until="2026-09-03", reason="需要调研")[1]
    walk.on(date(2026, 6, 2)).take("AskExtension", HOUSING, until="2026-09-02", reason="需要调研")
    walk.on(date(2026, 6, 5)).take("GrantExtension", OFFICE, until="2026-08-31")
    running = walk.there.clocks["reply"]
    assert (running.started, running.due, running.extended) == (date(2026, 3, 2), date(2026, 8, 31), True)
    late = handled().on(date(2026, 6, 3))
    assert "期限已过" in refused(late, "AskExtension", HOUSING, until="2026-09-02", reason="需要调研")[1]
    assert "没有待审批" in refused(late, "GrantExtension", OFFICE, until="2026-08-31")[1]


def test_a_refused_extension_leaves_the_day():
    walk = handled().take("AskExtension", HOUSING, until="2026-08-31", reason="需要调研").take("RefuseExtension", OFFICE, reason="可以按期")
    assert (walk.due("reply"), walk.facts.extension.granted) == (date(2026, 6, 2), False)


def test_the_assisting_unit_gives_its_opinion_to_the_lead_unit():
    walk = handled()
    assert walk.due("assist") == date(2026, 5, 2)
    assert refused(walk, "GiveOpinion", HOUSING, text="同意补助方案")[0] == "not-yours"
    walk.take("GiveOpinion", FINANCE, text="同意补助方案")
    assert (walk.due("assist"), walk.facts.parts["department:18"].opinion) == (None, "同意补助方案")


def test_it_is_withdrawn_before_assigning_or_later_where_the_rules_allow():
    assert accepted().take("WithdrawProposal", LEAD, reason="已经解决").state == "withdrawn"
    assert "已交办" in refused(handled(), "WithdrawProposal", LEAD, reason="已经解决")[1]
    walk = handled(rules=PROVINCES["青岛"]).take("WithdrawProposal", LEAD, reason="已经解决")
    assert (walk.state, walk.there.clocks) == ("withdrawn", {})


def test_merged_deputies_get_the_reply_too():
    walk = accepted()
    main = other()
    walk.seen = type(walk.seen)(deputies=walk.seen.deputies, units=walk.seen.units, other=main)
    walk.take("MergeProposal", INTAKE, into=str(main.id), reason="内容相同")
    assert (walk.state, walk.there.clocks) == ("merged", {})
    walk.take("ShareReply", SYSTEM, unit="department:22", number="云建复〔2026〕12号", text="答复全文", klass="A", in_round=1)
    assert [one.text for one in walk.facts.letters] == ["答复全文"]
    assert walk.take("CloseMerged", SYSTEM).state == "closed"


def test_only_what_is_being_handled_takes_another_in():
    walk = accepted()
    walk.seen = type(walk.seen)(deputies=walk.seen.deputies, units=walk.seen.units, other=other(state="closed"))
    assert "并入" in refused(walk, "MergeProposal", INTAKE, into=str(other().id), reason="内容相同")[1]


def test_with_the_term_drafts_lapse_and_a_co_signer_may_lead_on():
    walk = drafted().take("InviteCosigners", LEAD, deputies=[str(DEPUTIES[1])]).take("ConfirmCosign", deputy(1), seen=1)
    assert "尚未届满" in refused(walk, "LapseProposal", SYSTEM)[1]
    walk.take("PassOnLead", INTAKE, deputy=str(DEPUTIES[1]), reason="换届后不再担任代表")
    assert (walk.there.parties["lead"], walk.there.parties["cosigner"]) == ((ref(1),), ())
    walk.seen = type(walk.seen)(term="第十七届")
    assert walk.take("LapseProposal", SYSTEM).state == "lapsed"


def test_messages_go_between_deputy_and_handler():
    walk = handled().take("TellUnit", LEAD, text="请先看三号楼").take("TellDeputy", HOUSING, text="下周二到现场")
    assert [one.text for one in walk.facts.messages] == ["请先看三号楼", "下周二到现场"]
    assert walk.take("UrgeProposal", LEAD, text="请抓紧").facts.urgings == 1


def test_strangers_do_nothing():
    with pytest.raises(Forbidden):
        handled().take("UrgeProposal", OUTSIDER, text="请抓紧")
    with pytest.raises(Forbidden):
        drafted().take("SubmitProposal", OUTSIDER, one_matter=True)


def test_contact_lies_between_assignment_and_today():
    walk = assigned()
    future = (walk.at + timedelta(days=1)).date()
    assert refused(walk, "LogContact", HOUSING, way="phone", on=future, with_whom="代表0", text="打了电话")[0] == "guarded"
