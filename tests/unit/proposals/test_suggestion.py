"""The suggestion's path, step by step, legally and illegally (processes.md §1)."""

from datetime import date, timedelta

import pytest

from hub.kernel.errors import Conflict, Forbidden
from hub.kernel.lifecycle import may_see, waits_for
from hub.streams.proposals.facts import Similar
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.rules import PROVINCES, ProposalRules
from tests.unit.proposals.walking import (
    CASE,
    DEPUTIES,
    HOUSING,
    INTAKE,
    LEAD,
    OFFICE,
    OUTSIDER,
    SYSTEM,
    TEXT,
    Walk,
    accepted,
    assigned,
    deputy,
    drafted,
    handled,
    other,
    ref,
    refused,
    replied,
)


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


def test_once_all_who_were_invited_have_answered_the_lead_is_waited_for():
    walk = drafted().take("InviteCosigners", LEAD, deputies=[str(DEPUTIES[1]), str(DEPUTIES[2])]).take("ConfirmCosign", deputy(1), seen=1)
    assert waits_for(PROPOSALS, walk.there) == (ref(2),)
    assert waits_for(PROPOSALS, walk.take("DeclineCosign", deputy(2)).there) == (ref(0),)


def test_a_change_of_the_text_voids_what_co_signers_confirmed():
    walk = drafted().take("InviteCosigners", LEAD, deputies=[str(DEPUTIES[1]), str(DEPUTIES[2])])
    walk.take("ConfirmCosign", deputy(1), seen=1)
    assert walk.there.parties["cosigner"] == (ref(1),)
    walk.take("ReviseProposal", LEAD, **(TEXT | {"advice": "改为每台三十万元。"}))
    assert not walk.there.parties["cosigner"]
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


def test_nobody_looks_over_the_shoulder_of_who_writes_a_draft():
    draft = drafted()
    assert [may_see(PROPOSALS, draft.there, actor) for actor in (LEAD, INTAKE, OFFICE, OUTSIDER)] == [True, False, False, False]
    assert may_see(PROPOSALS, draft.take("SubmitProposal", LEAD, one_matter=True).there, INTAKE)
    assert drafted().take("DiscardProposal", LEAD).state == "discarded"


def test_staff_who_entered_it_hand_it_in_for_the_deputy():
    walk = Walk().take("DraftProposal", INTAKE, deputy=str(DEPUTIES[3]), **TEXT)
    assert may_see(PROPOSALS, walk.there, INTAKE)
    assert walk.take("SubmitProposal", INTAKE, one_matter=True).state == "submitted"
