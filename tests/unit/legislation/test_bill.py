"""A local regulation from the library to its filing, with the limits of processes.md §2 on real days."""

from datetime import date

import msgspec
import pytest

from hub.kernel.actor import Role
from hub.kernel.errors import Conflict, Forbidden, Refused
from hub.streams.legislation.facts import open_edition
from hub.streams.legislation.model import LEGISLATION
from hub.streams.legislation.seen import Seen
from tests.lives import LifeWalk, person, sitting, unit

CLERK, CHAIRS, UNIT = sitting(Role.LEGISLATOR), sitting(Role.COMMITTEE), unit(22)
FILE = "0190d4c0-0000-7000-8000-000000000001"
TEXT = "第一条 为了加强电梯安全管理，制定本条例。\n第二条 本市行政区域内适用本条例。"
PLAN = {"year": 2026, "proposer": "市人民政府", "drafting": "department:22", "submit_on": "2026-05-08", "first_on": "2026-06-25",
        "second_on": "2026-08-27", "feasibility": [FILE], "suggested": [FILE]}


def entered(kind="enact", **more):
    return LifeWalk(LEGISLATION, date(2026, 1, 5), reads=Seen()).take(
        "EnterProject", CLERK, title="电梯安全条例", kind=kind, subject="urban_rural", source="suggestion", **more)


def planned(kind="enact", **more):
    walk = entered(kind).take("PlanProject", CLERK, **(PLAN | more))
    return walk.take("ConsultProvince", CLERK, province_said="无不同意见").on(date(2026, 2, 10)).take(
        "SetPlan", CHAIRS, meeting="第三十次主任会议", held_on="2026-02-10")


def submitted(kind="enact", day=date(2026, 5, 8), **more):
    return planned(kind).on(day).take("SubmitBill", UNIT, meeting="常委会第四十次会议", meeting_on="2026-06-25", text=TEXT, explanation=[FILE], **more)


def listed(kind="enact", **more):
    return submitted(kind, compared=[FILE]).take("ReferBill", CLERK).on(date(2026, 5, 20)).take(
        "ListBill", CHAIRS, meeting="常委会第四十次会议", meeting_on="2026-06-25", **more)


def read_once(kind="enact", **more):
    walk = listed(kind, **more).on(date(2026, 6, 18)).take("DistributeBill", CLERK, meeting="常委会第四十次会议", meeting_on="2026-06-25")
    return walk.on(date(2026, 6, 25)).take("HoldReading", CLERK, held_on="2026-06-25", record="原则同意")


def ready_to_vote():
    walk = read_once().take("PublishDraft", CLERK, comment_until="2026-07-15").struck("comment")
    walk.take("ReviseDraft", CLERK, text=TEXT + "\n第三条 施行。", evaluated="可行").take("ShowProvince", CLERK, province_seen="2026-07-16")
    walk.on(date(2026, 8, 20)).take("DistributeBill", CLERK, meeting="第四十二次会议", meeting_on="2026-08-27")
    walk.on(date(2026, 8, 27)).take("HoldReading", CLERK, held_on="2026-08-27")
    return walk.take("PrepareVote", CLERK, meeting="第四十二次会议", meeting_on="2026-08-28").on(date(2026, 8, 28))


def vote(walk, yes, members=45, **more):
    return walk.take("VoteOnBill", CHAIRS, held_on="2026-08-28", members=members, yes=yes, **more)


def opened(walk):
    edition = open_edition(walk.facts)
    return edition.n if edition else 0


def why(walk, command, actor, **fields):
    with pytest.raises(Refused) as caught:
        walk.take(command, actor, **fields)
    return caught.value.zh


def test_a_plan_lays_out_a_day_for_each_node_of_its_kind():
    nodes = {node.node: node.planned for node in entered().take("PlanProject", CLERK, **PLAN).facts.nodes}
    assert (nodes["draft"], nodes["first"], nodes["second"]) == (date(2026, 5, 8), date(2026, 6, 25), date(2026, 8, 27))
    assert (nodes["comment"], nodes["vote"], nodes["file"]) == (date(2026, 7, 25), date(2026, 8, 28), date(2027, 1, 10))


def test_the_clock_runs_for_the_node_that_comes_next():
    assert planned().due("node") == date(2026, 5, 8)
    assert submitted().due("node") == date(2026, 5, 23)
    assert listed().due("node") == date(2026, 6, 9)


@pytest.mark.parametrize(("mover", "least"), [("members", 5), ("deputies", 10)])
def test_a_bill_that_is_moved_jointly_needs_so_many(mover, least):
    bill = {"meeting": "会议", "meeting_on": "2026-06-25", "text": TEXT, "explanation": [FILE], "mover": mover}
    walk = planned().on(date(2026, 5, 1))
    assert f"{least}人以上，现为{least - 1}人" in why(walk, "SubmitBill", UNIT, joint=least - 1, **bill)
    assert walk.take("SubmitBill", UNIT, joint=least, **bill).facts.mover == mover


def test_an_overdue_node_owes_an_answer_and_goes_on_when_the_step_is_taken():
    walk = planned().struck("node")
    assert walk.there.owed == {"node": date(2026, 5, 8)}
    assert "逾期说明" in why(walk, "SubmitBill", UNIT, meeting="会议", meeting_on="2026-06-25", text=TEXT, explanation=[FILE])
    walk.take("SubmitBill", UNIT, meeting="会议", meeting_on="2026-06-25", text=TEXT, explanation=[FILE], late_reason="调研延长")
    assert walk.state == "submitted"
    assert walk.due("node") == date(2026, 5, 23)


def test_an_overdue_node_is_moved_only_with_a_reason():
    walk = planned().struck("node")
    days = [{"node": "draft", "planned": "2026-06-01"}, {"node": "committee", "planned": "2026-06-10"}, {"node": "list", "planned": "2026-06-11"}]
    assert "写明原因" in why(walk, "PlanNodes", CLERK, days=days)
    assert walk.take("PlanNodes", CLERK, days=days, reason="调研延长").due("node") == date(2026, 6, 1)


def test_the_plan_is_set_only_with_a_report_and_a_draft_and_not_beside_the_province():
    bare = entered().take("PlanProject", CLERK, **(PLAN | {"feasibility": []}))
    bare.take("ConsultProvince", CLERK, province_said="无意见")
    assert "论证报告" in why(bare, "SetPlan", CHAIRS, meeting="主任会议", held_on="2026-01-05")
    taken = entered().take("PlanProject", CLERK, **PLAN).take("ConsultProvince", CLERK, province_said="正在制定", province_handles=True)
    assert "避免重复立法" in why(taken, "SetPlan", CHAIRS, meeting="主任会议", held_on="2026-01-05")


def test_a_bill_comes_thirty_days_before_the_meeting_and_the_draft_seven():
    late = planned().on(date(2026, 5, 27))
    fields = {"meeting": "会议", "text": TEXT, "explanation": [FILE], "late_reason": "晚了"}
    assert "不晚于2026-05-26" in why(late, "SubmitBill", UNIT, meeting_on="2026-06-25", **fields)
    assert "不晚于2026-06-18" in why(listed().on(date(2026, 6, 19)), "DistributeBill", CLERK, meeting="会议", meeting_on="2026-06-25")


def test_an_amendment_brings_its_comparison_table():
    walk = planned("amend").on(date(2026, 5, 8))
    assert "对照表" in why(walk, "SubmitBill", UNIT, meeting="会议", meeting_on="2026-06-25", text=TEXT, explanation=[FILE])


def test_comment_is_open_for_twenty_days_and_closes_by_itself():
    walk = read_once()
    assert "不能早于2026-07-15" in why(walk, "PublishDraft", CLERK, comment_until="2026-07-14")
    walk.take("PublishDraft", CLERK, comment_until="2026-07-15")
    assert walk.due("comment") == date(2026, 7, 15)
    assert "之后才能结束" in why(walk, "CloseComment", CLERK)
    assert walk.struck("comment").state == "review"


def test_every_comment_is_answered_before_the_next_reading():
    walk = read_once().take("PublishDraft", CLERK, comment_until="2026-07-15").struck("comment")
    walk.reads = Seen(comments_open=3)
    assert "还有3条意见" in why(walk, "DistributeBill", CLERK, meeting="会议", meeting_on="2026-08-27")


def test_the_chairpersons_decide_how_often_it_is_read():
    once = read_once(readings=1)
    assert "已经审议完毕" in why(once.take("BeginReview", CLERK), "DistributeBill", CLERK, meeting="会议", meeting_on="2026-08-27")
    assert "才审了1次" in why(read_once(), "PrepareVote", CLERK, meeting="会议", meeting_on="2026-08-27")
    assert listed("congress").facts.readings == 3


def test_the_vote_comes_thirty_days_after_the_province_saw_the_text():
    walk = read_once(readings=1).take("BeginReview", CLERK).take("ReviseDraft", CLERK, text=TEXT, evaluated="可行")
    assert "先登记报送日期" in why(walk, "PrepareVote", CLERK, meeting="会议", meeting_on="2026-08-27")
    walk.take("ShowProvince", CLERK, province_seen="2026-08-01")
    assert "最早2026-08-31" in why(walk, "PrepareVote", CLERK, meeting="会议", meeting_on="2026-08-27")


@pytest.mark.parametrize(("yes", "members", "state"), [(23, 45, "passed"), (22, 45, "failed"), (22, 44, "failed"), (23, 44, "passed")])
def test_more_than_half_of_all_members_pass_it(yes, members, state):
    assert vote(ready_to_vote(), yes, members).state == state


def test_a_bill_that_failed_or_was_not_approved_has_no_node_to_come():
    days = [{"node": "send", "planned": "2026-12-01"}, {"node": "promulgate", "planned": "2027-02-01"}]
    planned = ready_to_vote().take("PlanNodes", CLERK, days=days, reason="表决后的安排")
    assert vote(ready_to_vote().take("PlanNodes", CLERK, days=days, reason="表决后的安排"), 22).there.clocks == {}
    walk = vote(planned, 40)
    assert walk.due("node") == date(2026, 12, 1)
    walk.on(date(2026, 10, 31)).take("SendForApproval", CLERK, held_on="2026-10-31")
    walk.on(date(2026, 12, 1)).take("RecordApproval", CLERK, approved=False, held_on="2026-11-30", reason="与上位法不一致")
    assert (walk.state, walk.there.clocks) == ("refused", {})


def test_present_members_are_not_all_members():
    assert "不是到会人数" in why(ready_to_vote(), "VoteOnBill", CHAIRS, held_on="2026-08-28", members=20, yes=20)
    assert "请核对" in why(ready_to_vote(), "VoteOnBill", CHAIRS, held_on="2026-08-28", members=45, yes=40, no=6)


def test_from_the_vote_to_filing_the_law_sets_the_clocks():
    walk = vote(ready_to_vote(), 40).on(date(2026, 10, 31)).take("SendForApproval", CLERK, held_on="2026-10-31")
    assert walk.due("approval") == date(2027, 2, 28)
    walk.on(date(2026, 12, 1)).take("RecordApproval", CLERK, approved=True, held_on="2026-11-30")
    walk.take("PromulgateLaw", CLERK, maker="市人大常委会", effective="2027-03-01", text=TEXT)
    assert (walk.due("filing"), walk.due("national"), walk.due("effect")) == (date(2026, 12, 16), date(2026, 12, 31), date(2027, 2, 28))
    walk.on(date(2026, 12, 10)).take("FileLaw", CLERK, filed_province="2026-12-10")
    assert (walk.due("filing"), walk.due("national")) == (None, date(2026, 12, 31))
    walk.struck("effect")
    assert (walk.state, walk.due("supporting")) == ("in_force", date(2028, 3, 1))


def test_what_was_shelved_for_two_years_is_terminated():
    walk = listed().take("ShelveBill", CHAIRS, reason="分歧较大")
    assert (walk.state, walk.due("node"), walk.due("shelved")) == ("shelved", None, date(2028, 5, 20))
    assert walk.struck("shelved").state == "terminated"


def test_what_is_taken_up_again_stands_where_it_stood():
    walk = listed().take("ShelveBill", CHAIRS, reason="分歧较大").later(30).take("TakeUpBill", CHAIRS, reason="已协调")
    assert (walk.state, walk.due("node"), walk.due("shelved")) == ("listed", date(2026, 6, 9), None)


def test_only_who_it_is_for_takes_a_step():
    consulted = entered().take("PlanProject", CLERK, **PLAN).take("ConsultProvince", CLERK, province_said="无意见")
    with pytest.raises(Forbidden):
        consulted.take("SetPlan", CLERK, meeting="会议", held_on="2026-01-05")
    with pytest.raises(Forbidden):
        submitted().take("ReferBill", CLERK).take("ListBill", UNIT, meeting="会议", meeting_on="2026-06-25")
    with pytest.raises(Forbidden):
        ready_to_vote().take("VoteOnBill", UNIT, held_on="2026-08-28", members=45, yes=45)
    with pytest.raises(Forbidden):
        submitted().take("ReferBill", unit(23))
    with pytest.raises(Forbidden):
        entered().take("EditProject", person(1), title="电梯安全条例", kind="enact", subject="ecology")
    with pytest.raises(Conflict):
        entered().take("VoteOnBill", CHAIRS, held_on="2026-08-28", members=45, yes=45)


def test_a_unit_that_missed_a_deadline_is_criticised_in_writing_and_answers():
    early = planned()
    assert "不需要督办" in why(early, "CriticiseUnit", CLERK, text="请尽快提请审议。", until="2026-05-20")
    walk = planned().struck("node").take("CriticiseUnit", CLERK, text="请尽快提请审议。", until="2026-05-20")
    assert walk.due("criticism") == date(2026, 5, 20)
    assert "还没有回复" in why(walk, "CriticiseUnit", CHAIRS, text="再次督办。", until="2026-05-21")
    walk.take("AnswerCriticism", UNIT, text="已完成起草。")
    assert walk.due("criticism") is None
    assert [(one.answer, one.answered) for one in walk.facts.criticisms] == [("已完成起草。", date(2026, 5, 9))]


def test_a_bill_is_kept_off_the_agenda_only_with_a_report():
    walk = submitted().take("ReferBill", CLERK)
    with pytest.raises(msgspec.ValidationError, match="files"):
        walk.take("RefuseBill", CHAIRS, reason="条件不成熟。")
    assert walk.take("RefuseBill", CHAIRS, reason="条件不成熟。", files=[FILE]).state == "not_listed"


def test_the_text_that_is_opened_for_comment_is_the_one_commented_on():
    assert read_once().take("PublishDraft", CLERK, comment_until="2026-07-15").facts.published == 1
    walk = read_once().take("PublishDraft", CLERK, comment_until="2026-07-15", text=TEXT + "\n第三条 新。")
    assert (walk.facts.published, opened(walk)) == (2, 2)
    walk.take("HearOpinions", CLERK, way="hearing", held_on="2026-06-25", record="十二人陈述。").struck("comment")
    assert opened(walk.take("ReviseDraft", CLERK, text=TEXT)) == 2
    assert [one.way for one in walk.facts.heard] == ["hearing"]


def test_the_notice_names_who_made_and_approved_it_and_the_days():
    walk = vote(ready_to_vote(), 43).take("SendForApproval", CLERK, held_on="2026-08-28").on(date(2026, 9, 30))
    walk.take("RecordApproval", CLERK, approved=True, held_on="2026-09-28")
    walk.take("PromulgateLaw", CLERK, maker="云澜市第九届人大常委会", effective="2027-01-01", text=TEXT)
    assert walk.facts.notice == ("《电梯安全条例》已由云澜市第九届人大常委会于2026年8月28日通过，省人民代表大会常务委员会于2026年9月28日批准，"
                                 "现予公布，自2027年1月1日起施行。")
