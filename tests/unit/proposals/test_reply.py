"""Handling and what the deputy says of it: contact, extension, signed reply, rating, second round, promises."""

from datetime import date

import msgspec

from hub.kernel.actor import Role
from hub.kernel.lifecycle import waits_for
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.rules import PROVINCES
from tests.unit.proposals.walking import (
    COMMITTEE,
    DEPUTIES,
    EDUCATION,
    FINANCE,
    HOUSING,
    INTAKE,
    LEAD,
    OFFICE,
    PROMISE,
    REPLY,
    accepted,
    answered,
    assigned,
    contacted,
    deputy,
    drafted,
    handled,
    ref,
    refused,
    replied,
    unit,
)


def test_no_reply_before_the_deputy_was_contacted():
    walk = assigned().take("SignForProposal", HOUSING, handler="王工").take("DraftReply", HOUSING, **REPLY)
    assert "须先联系代表" in refused(walk, "SignReply", HOUSING, sealed=True)[1]
    assert contacted(walk).take("SignReply", HOUSING, sealed=True).state == "replied"


def test_a_key_item_invites_the_deputy():
    walk = handled().take("MarkKeyProposal", COMMITTEE, leader="市长", body="城建环资工委").take("DraftReply", HOUSING, **REPLY)
    assert "邀请代表参与" in refused(walk, "SignReply", HOUSING, sealed=True)[1]
    assert contacted(walk, way="invite").take("SignReply", HOUSING, sealed=True).state == "replied"
    key = walk.take("ReportKeyProposal", COMMITTEE, text="督办情况报告").facts.key
    assert key is not None
    assert key.report == "督办情况报告"


def test_only_the_head_signs_and_seals():
    walk = handled().take("DraftReply", unit(22, Role.HANDLER), **REPLY)
    assert refused(walk, "SignReply", unit(22, Role.HANDLER), sealed=True)[0] == "not-yours"
    assert refused(walk, "SignReply", FINANCE, sealed=True)[0] == "not-yours"
    assert "加盖公章" in refused(walk, "SignReply", HOUSING, sealed=False)[1]
    assert walk.take("SendBackReply", HOUSING, reason="请补充数据").facts.drafts == {}


def test_a_draft_waits_for_the_head_until_it_is_signed_or_sent_back():
    walk = accepted().take("AssignProposal", OFFICE, units=["department:22", "department:11"], mode="separate")
    walk.take("SignForProposal", HOUSING, handler="王工").take("SignForProposal", EDUCATION, handler="李工")
    contacted(walk).take("DraftReply", unit(22, Role.HANDLER), **REPLY)
    assert waits_for(PROPOSALS, walk.there) == ("department:11", "head:department:22")
    walk.take("SendBackReply", HOUSING, reason="请补充数据")
    assert waits_for(PROPOSALS, walk.there) == ("department:22", "department:11")
    answered(walk, HOUSING)
    assert "head:department:22" not in waits_for(PROPOSALS, walk.there)


def test_a_case_recorded_before_heads_were_waited_for_is_read_and_signed_as_it_was():
    walk = handled().take("DraftReply", unit(22, Role.HANDLER), **REPLY)
    before = msgspec.structs.replace(walk.there, parties={name: refs for name, refs in walk.there.parties.items() if name != "signer"})
    walk.case = before
    assert waits_for(PROPOSALS, before) == ("department:22",)
    assert walk.take("SignReply", HOUSING, sealed=True).state == "replied"


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
    assert walk.facts.extension is not None
    assert (walk.due("reply"), walk.facts.extension.granted) == (date(2026, 6, 2), False)


def test_the_assisting_unit_gives_its_opinion_to_the_lead_unit():
    walk = handled()
    assert walk.due("assist") == date(2026, 5, 2)
    assert refused(walk, "GiveOpinion", HOUSING, text="同意补助方案")[0] == "not-yours"
    walk.take("GiveOpinion", FINANCE, text="同意补助方案")
    assert (walk.due("assist"), walk.facts.parts["department:18"].opinion) == (None, "同意补助方案")


def test_an_assisting_unit_asks_to_be_released_and_the_lead_unit_goes_on():
    walk = handled()
    assert "没有会办单位申请退出" in refused(walk, "ReleaseUnit", OFFICE, unit="department:18")[1]
    walk.take("AskRelease", FINANCE, reason="不涉及财政职责")
    assert "没有申请退出" in refused(walk, "ReleaseUnit", OFFICE, unit="department:22")[1]
    walk.take("KeepUnit", OFFICE, unit="department:18").take("AskRelease", FINANCE, reason="确实不涉及")
    assert (walk.state, walk.due("assist")) == ("handling", date(2026, 5, 2))
    walk.take("ReleaseUnit", INTAKE, unit="department:18")
    assert walk.case is not None
    assert (walk.state, walk.due("assist"), list(walk.facts.parts), walk.case.parties["assisting"]) == ("handling", None, ["department:22"], ())


def test_a_head_with_a_draft_to_sign_hears_that_his_unit_keeps_the_case():
    walk = handled().take("DraftReply", HOUSING, **REPLY).take("AskReturn", HOUSING, reason="不属本单位职责").take("RefuseReturn", OFFICE, reason="属你单位职责")
    assert (walk.state, waits_for(PROPOSALS, walk.there)) == ("handling", ("head:department:22",))
    assert "signer" in PROPOSALS.step("RefuseReturn").tells


def separately():
    walk = accepted().take("AssignProposal", OFFICE, units=["department:22", "department:11"], mode="separate")
    for one in (HOUSING, EDUCATION):
        walk.take("SignForProposal", one, handler="王工")
    return answered(contacted(walk), HOUSING).later(2).take("AskReturn", EDUCATION, reason="不属本单位职责")


def test_a_reply_that_was_given_stays_when_another_unit_is_replaced():
    walk = separately().take("ReassignProposal", OFFICE, units=["department:22", "department:18"], mode="separate")
    assert (walk.state, len(walk.facts.parts["department:22"].replies), walk.facts.parts["department:18"].signed) == ("assigned", 1, None)
    assert (walk.due("sign_for") is not None, walk.due("contact") is not None, walk.due("reply")) == (True, True, date(2026, 6, 4))
    walk.take("SignForProposal", FINANCE, handler="李工")
    assert "不需要您单位答复" in refused(walk, "DraftReply", HOUSING, **REPLY)[1]
    assert answered(contacted(walk, FINANCE), FINANCE).state == "replied"


def test_when_who_stays_has_answered_the_deputy_rates_at_once():
    walk = separately().take("ReassignProposal", OFFICE, units=["department:22"])
    assert (walk.state, set(walk.there.clocks)) == ("replied", {"rate"})
    assert walk.take("RateReply", LEAD, rating="satisfied").state == "closed"
