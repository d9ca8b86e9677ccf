"""Every number of processes.md §1, with dates: ends of months, holidays, working Saturdays, sessions."""

from datetime import date

import pytest

from hub.kernel.calendar import Calendar
from hub.kernel.lifecycle import strikes
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.rules import PROVINCES, ProposalRules
from tests.unit.proposals.walking import (
    HOUSING,
    LEAD,
    OFFICE,
    accepted,
    answered,
    assigned,
    contacted,
    drafted,
    handled,
    replied,
)

MAY_DAY = Calendar(off={date(2026, 5, day): "劳动节" for day in (1, 4, 5)}, on={date(2026, 4, 26): "劳动节", date(2026, 5, 9): "劳动节"})


@pytest.mark.parametrize(("province", "day", "clock", "due"), [
    ("浙江", date(2026, 3, 2), "reply", date(2026, 6, 2)),
    ("浙江", date(2026, 11, 30), "reply", date(2027, 2, 28)),
    ("浙江", date(2027, 11, 30), "reply", date(2028, 2, 29)),
    ("浙江", date(2026, 12, 31), "assist", date(2027, 2, 28)),
    ("青岛", date(2026, 3, 31), "assist", date(2026, 4, 30)),
    ("重庆", date(2026, 3, 2), "assist", date(2026, 4, 13)),
    ("浙江", date(2026, 3, 2), "sign_for", date(2026, 3, 5)),
    ("浙江", date(2026, 3, 5), "sign_for", date(2026, 3, 10)),
    ("浙江", date(2026, 3, 2), "contact", date(2026, 3, 30)),
])
def test_limits_from_the_day_of_assignment(province, day, clock, due):
    assert assigned(day=day, rules=PROVINCES[province]).due(clock) == due


@pytest.mark.parametrize(("province", "due"), [("浙江", date(2026, 3, 9)), ("重庆", date(2026, 3, 16))])
def test_it_is_assigned_within_working_days(province, due):
    assert accepted(rules=PROVINCES[province]).due("assign") == due


@pytest.mark.parametrize(("province", "rate", "again"), [
    ("浙江", date(2026, 3, 16), date(2026, 4, 2)), ("北京", date(2026, 3, 23), date(2026, 5, 2)), ("重庆", date(2026, 3, 30), date(2026, 5, 2)),
])
def test_rating_and_second_handling(province, rate, again):
    walk = replied(rules=PROVINCES[province])
    assert walk.due("rate") == rate
    assert walk.take("RateReply", LEAD, rating="unsatisfied", reason="没有解决").due("rehandle") == again


@pytest.mark.parametrize(("day", "due"), [(date(2026, 3, 2), date(2026, 3, 9)), (date(2027, 1, 18), date(2027, 1, 29)),
                                          (date(2027, 1, 22), date(2027, 1, 29)), (date(2027, 1, 23), date(2027, 1, 30))])
def test_it_is_accepted_within_seven_days_that_do_not_run_during_a_session(day, due):
    assert drafted(day=day).take("SubmitProposal", LEAD, one_matter=True).due("accept") == due


def test_working_days_leave_out_holidays_and_count_working_saturdays():
    walk = assigned(day=date(2026, 4, 30), calendar=MAY_DAY)
    assert walk.due("sign_for") == date(2026, 5, 8)
    assert [str(one.day) + one.why for one in MAY_DAY.left_out(date(2026, 4, 30), date(2026, 5, 8))] == [
        "2026-05-01劳动节", "2026-05-02周末", "2026-05-03周末", "2026-05-04劳动节", "2026-05-05劳动节"]


def test_the_second_handling_starts_from_the_rating_at_the_end_of_a_month():
    walk = replied(day=date(2027, 1, 31)).take("RateReply", LEAD, rating="unsatisfied", reason="没有解决")
    assert walk.due("rehandle") == date(2027, 2, 28)


def test_the_longest_extension_ends_with_a_short_month():
    walk = handled(day=date(2026, 8, 31)).take("AskExtension", HOUSING, until="2027-02-28", reason="需要调研")
    assert walk.take("GrantExtension", OFFICE, until="2027-02-28").due("reply") == date(2027, 2, 28)


def test_a_late_reply_is_late():
    walk = answered(contacted(handled().on(date(2026, 6, 3))), HOUSING)
    assert walk.facts.parts["department:22"].replies[0].on_time is False


def test_reminders_come_before_the_end_then_the_end_then_twice_more():
    walk = assigned()
    spoken = strikes(PROPOSALS.deadline("reply"), walk.there.clocks["reply"], ProposalRules())
    assert [(one.name, one.at.isoformat()) for one in spoken] == [
        ("before:15", "2026-05-18T09:00:00+08:00"), ("before:7", "2026-05-26T09:00:00+08:00"), ("before:1", "2026-06-01T09:00:00+08:00"),
        ("over", "2026-06-03T00:00:00+08:00"), ("after:3", "2026-06-05T09:00:00+08:00"), ("after:7", "2026-06-09T09:00:00+08:00")]


def test_an_overdue_reply_owes_a_written_answer():
    assert handled().struck("reply").there.owed == {"reply": date(2026, 6, 2)}
    assert {clock.name for clock in PROPOSALS.deadlines if clock.owes} == {"reply", "rehandle", "promise", "answer"}
