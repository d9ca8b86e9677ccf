"""Courses that are cut short, days that were entered late, laws of yesterday."""

from datetime import date
from uuid import UUID

import pytest

from hub.cases.rules import rules_from
from hub.cases.shapes import LIVES
from hub.kernel.errors import Malformed, Refused
from hub.streams.legislation.messages import BoardParams, BoardRow
from hub.streams.legislation.spoke import SPOKES  # noqa: F401 - its lives are known from then on
from hub.streams.legislation.views import _room as room_of
from hub.streams.legislation.views import _rooms as rooms_of_row
from tests.unit.legislation.test_bill import (
    CLERK,
    TEXT,
    listed,
    planned,
    read_once,
    ready_to_vote,
    vote,
)


def open_nodes(walk):
    return [node.node for node in walk.facts.nodes if node.done is None]


def test_a_reading_that_was_not_decided_on_is_never_overdue():
    walk = read_once(readings=1)
    assert "second" not in open_nodes(walk)
    walk.take("BeginReview", CLERK).take("ReviseDraft", CLERK, text=TEXT, evaluated="可行")
    assert open_nodes(walk)[:1] == ["vote"]
    assert walk.due("node") == next(node.planned for node in walk.facts.nodes if node.node == "vote")


def test_what_the_course_has_passed_over_is_waited_for_no_more():
    walk = read_once().take("BeginReview", CLERK).on(date(2026, 8, 20)).take("DistributeBill", CLERK, meeting="会议", meeting_on="2026-08-27")
    walk.on(date(2026, 8, 27)).take("HoldReading", CLERK, held_on="2026-08-27")
    assert open_nodes(walk)[0] == "vote", "neither comment nor review is planned behind the second reading"
    assert walk.due("node") == date(2026, 8, 28)


def test_the_provinces_months_run_from_the_day_it_was_sent():
    walk = vote(ready_to_vote(), 40).on(date(2026, 11, 9)).take("SendForApproval", CLERK, held_on="2026-10-31")
    assert walk.due("approval") == date(2027, 2, 28)


def test_supporting_rules_are_due_a_year_after_the_law_took_effect_whenever_that_was_entered():
    walk = vote(ready_to_vote(), 40).on(date(2026, 10, 31)).take("SendForApproval", CLERK, held_on="2026-10-31")
    walk.on(date(2026, 12, 1)).take("RecordApproval", CLERK, approved=True, held_on="2026-11-30")
    with pytest.raises(Refused, match="approved on 2026-11-30"):
        walk.take("PromulgateLaw", CLERK, maker="市人大常委会", effective="2026-11-29", text=TEXT)
    walk.take("PromulgateLaw", CLERK, maker="市人大常委会", effective="2027-03-01", text=TEXT)
    with pytest.raises(Refused, match="has not come yet"):
        walk.take("FileLaw", CLERK, filed_province="2026-12-02")
    walk.on(date(2027, 3, 9)).take("TakeEffect", CLERK)
    assert walk.due("supporting") == date(2028, 3, 1)


def test_rules_of_readings_are_one_to_three():
    for n in (0, 4, -1):
        with pytest.raises(Malformed):
            rules_from(LIVES["legislation"], {"readings": {"enact": n}})


def test_a_course_goes_on_as_it_was_where_nothing_is_passed_over():
    assert open_nodes(planned()) == ["draft", "committee", "list", "distribute", "first", "comment", "review", "second", "vote", "send", "approve",
                                     "promulgate", "file"]
    assert open_nodes(listed()) == ["distribute", "first", "comment", "review", "second", "vote", "send", "approve", "promulgate", "file"]


def test_who_looks_at_one_year_of_the_board_hears_of_that_year():
    row = BoardRow(id=UUID(int=1), number="", title="", kind="", kind_zh="", kind_en="", level="", year=2027, state="", state_zh="", state_en="", tone="", unit="",
                   unit_name="", nodes=(), clocks=(), owed=False, comments=0, comments_open=0)
    heard = {year: room_of(BoardParams(year=year), CLERK) in rooms_of_row(row) for year in (2026, 2027, None)}
    assert heard == {2026: False, 2027: True, None: True}
