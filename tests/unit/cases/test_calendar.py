"""Working days against a count day by day on the fingers, and against the package that publishes them; clocks through whatever time does."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.cases.calendars import merged, published
from hub.cases.clocks import Ticking, strike
from hub.cases.messages import StrikeClock
from hub.cases.settings import LEADS
from hub.cases.shapes import declare
from hub.cases.sheets import read_calendar
from hub.kernel.actor import SYSTEM
from hub.kernel.calendar import DAY, ZONE, Calendar, Span, Unit, begin_of, day_of, days, end_of
from hub.kernel.errors import Conflict, Refused
from hub.kernel.lifecycle import (
    Case,
    CaseClockMoved,
    CaseClockStruck,
    Running,
    Scene,
    evolve,
    recounted,
    strikes,
)
from tests.flows.cases.wishes import WISHES, WishFacts, WishRules

SHAPES = declare(WISHES)
NUMBER = UUID(int=7)
KNOWN = st.dates(date(2004, 2, 1), date(2026, 9, 1))
"""Days whose year's arrangement is published, with room for a limit behind."""
ANY = st.dates(date(1990, 1, 1), date(2150, 1, 1))
SOME = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Of a city that arranges its days as it likes."""
    off, on = draw(st.sets(SOME, max_size=60)), draw(st.sets(SOME, max_size=60))
    return merged([*((day, False, "休") for day in off - on), *((day, True, "班") for day in on)])


def on_the_fingers(calendar: Calendar, start: date, n: int) -> date:
    day, left = start, abs(n)
    while left:
        day = day + DAY if n > 0 else day - DAY
        if calendar.works(day):
            left -= 1
    return day


@settings(max_examples=120, deadline=None)
@given(KNOWN, st.integers(0, 80))
def test_a_limit_in_working_days_ends_where_the_published_days_say(start: date, n: int):
    left, day = n, start
    while left:
        day += DAY
        left -= chinese_calendar.is_workday(day)

    assert published().after(start, Span(n, Unit.WORKDAYS)) == day


@settings(max_examples=150, deadline=None)
@given(calendars(), SOME, st.integers(-60, 60))
def test_whatever_days_a_city_saves_a_limit_holds_as_many_as_it_says(calendar: Calendar, start: date, n: int):
    due = calendar.after(start, Span(n, Unit.WORKDAYS))

    assert due == on_the_fingers(calendar, start, n)
    assert calendar.counted(start, due, Unit.WORKDAYS) == n or (n < 0 and calendar.counted(due - DAY, start - DAY, Unit.WORKDAYS) == -n)
    assert n == 0 or calendar.works(due), "a limit in working days ends on one"
    left_out = {one.day for one in calendar.left_out(start, due)}
    assert left_out == {day for day in days(start + DAY, due) if not calendar.works(day)}


@settings(max_examples=150, deadline=None)
@given(ANY, st.integers(-100, 100), st.integers(0, 40))
def test_days_and_months_go_on_in_order_over_leap_days_and_years(start: date, n: int, more: int):
    plain = Calendar()
    month = plain.after(start, Span(n, Unit.MONTHS))

    assert plain.after(start, Span(n)) - start == n * DAY
    assert (month.year * 12 + month.month) - (start.year * 12 + start.month) == n
    assert month.day == start.day or (month + DAY).day == 1, "where the month is shorter, its last day"
    assert plain.after(start, Span(n + more, Unit.MONTHS)) >= month


@pytest.mark.parametrize(("start", "span", "due"), [
    (date(2024, 2, 29), Span(12, Unit.MONTHS), date(2025, 2, 28)),
    (date(2023, 11, 30), Span(3, Unit.MONTHS), date(2024, 2, 29)),
    (date(2025, 12, 31), Span(1), date(2026, 1, 1)),
    (date(2025, 12, 31), Span(2, Unit.WORKDAYS), date(2026, 1, 5)),         # New Year's rest, with the Sunday before the 5th worked
    (date(2025, 1, 24), Span(1, Unit.WORKDAYS), date(2025, 1, 26)),         # a Sunday worked before Spring Festival
    (date(2025, 1, 27), Span(2, Unit.WORKDAYS), date(2025, 2, 6)),
    (date(2025, 9, 27), Span(3, Unit.WORKDAYS), date(2025, 9, 30)),         # the 28th, a Sunday, is worked
])
def test_the_years_joints_hold(start: date, span: Span, due: date):
    assert published().after(start, span) == due == (on_the_fingers(published(), start, span.n) if span.unit is Unit.WORKDAYS else due)


@pytest.mark.parametrize("span", [Span(4000), Span(4000, Unit.WORKDAYS), Span(4000, Unit.MONTHS)])
def test_beyond_the_end_of_the_calendar_is_refused_in_a_sentence(span: Span):
    with pytest.raises(Refused) as refusal:
        Calendar().after(date(9999, 12, 1), span)
    assert refusal.value.zh.endswith("请检查日期。")


@settings(max_examples=100, deadline=None)
@given(st.datetimes(datetime(1995, 1, 1), datetime(2150, 1, 1)))  # noqa: DTZ001 - made aware below
def test_a_day_is_the_city_s_wherever_the_server_stands(moment: datetime):
    at = moment.replace(tzinfo=UTC)
    day = day_of(at)

    assert begin_of(day) <= at < end_of(day)
    assert end_of(day) - begin_of(day) == DAY
    assert day == at.astimezone(ZONE).date() == day_of(at.astimezone(ZONE))


# --- clocks ---------------------------------------------------------------------------------------

JUMPS = st.lists(st.tuples(st.integers(-10 * 24, 25 * 24), st.booleans()), max_size=14)
"""(hours the wall clock is moved, also back; whether the hub is up to look)."""


@settings(max_examples=150, deadline=None)
@given(calendars(), SOME, st.sets(st.sampled_from(LEADS[:40]), max_size=4), JUMPS)
def test_through_downtime_and_clocks_put_on_and_back_each_strike_is_told_once_in_order(
    calendar: Calendar, start: date, leads: set[int], jumps: list[tuple[int, bool]],
):
    rules = WishRules(leads=tuple(leads))
    running = Running(started=start, due=calendar.after(start, rules.answer))
    case = Case(id=NUMBER, state="handling", since=begin_of(start), opened=begin_of(start), opened_by="", rules="0", version=1, facts=WishFacts(),
                clocks={"answer": running})
    plan = strikes(WISHES.deadline("answer"), running, rules)
    now, told, awake = begin_of(start, 10), list[tuple[str, bool, datetime]](), list[datetime]()
    for hours, up in jumps:
        now += timedelta(hours=hours)
        awake += [now] if up else []
        while up and (event := struck(case, rules, now)):
            told.append((event.strike, event.late, now))
            case = evolve(WishFacts, case, NUMBER, event, at=now, by="system")

    assert [name for name, _, _ in told] == [one.name for one in plan][:len(told)], "in order, once each"
    by_name = {one.name: one for one in plan}
    assert all(late is (at - by_name[name].at > timedelta(hours=1)) for name, late, at in told)
    assert all(at < one.at for one in plan[len(told):len(told) + 1] for at in awake), "none that was due while it looked is left out"
    assert all(one.at > begin_of(running.started, 23) for one in plan)
    assert [one.at for one in plan] == sorted(one.at for one in plan)


def struck(case: Case, rules: WishRules, now: datetime) -> CaseClockStruck | None:
    known = Ticking(case=case, shapes=SHAPES, rules=rules)
    due = known.next("answer")
    if due is None:
        return None
    try:
        decision = strike(known, StrikeClock(id=NUMBER, case=NUMBER, clock="answer", strike=due.name), SYSTEM, now)
    except Conflict:
        return None
    [event] = decision.writes[0].events
    assert isinstance(event, CaseClockStruck)
    return event


@settings(max_examples=150, deadline=None)
@given(calendars(), calendars(), SOME, st.integers(0, 30))
def test_a_calendar_that_changes_moves_what_runs_and_nothing_into_the_past(before: Calendar, after: Calendar, start: date, days_on: int):
    rules, today = WishRules(), start + days_on * DAY
    running = Running(started=start, due=before.after(start, rules.answer))
    case = Case(id=NUMBER, state="handling", since=begin_of(start), opened=begin_of(start), opened_by="", rules="0", version=1, facts=WishFacts(),
                clocks={"answer": running})
    scene = Scene(at=begin_of(today), actor=SYSTEM, rules=rules, calendar=after)
    found = recounted(WISHES.deadline("answer"), running, case, scene)
    due = found.due if found else None

    if running.due < today:
        assert due is None, "what is over stays"
        return
    wanted = max(on_the_fingers(after, start, rules.answer.n), today)
    assert due == (wanted if wanted != running.due else None)
    if due is not None:
        moved = evolve(WishFacts, case, NUMBER, CaseClockMoved(clock="answer", due=due), at=begin_of(today), by="system")
        assert recounted(WISHES.deadline("answer"), moved.clocks["answer"], moved, scene) is None, "once"


# --- a calendar out of a file ---------------------------------------------------------------------

FILES = st.one_of(
    st.binary(max_size=200), st.text(max_size=200).map(str.encode),
    st.recursive(st.none() | st.integers() | st.text(max_size=8) | st.sampled_from(("days", "2026-03-04", "9999-12-31")),
                 lambda one: st.lists(one, max_size=3) | st.dictionaries(st.sampled_from(("days", "day", "date", "works", "isOffDay", "name")), one, max_size=4),
                 max_leaves=8).map(lambda plain: json.dumps(plain).encode()),
    st.lists(st.sampled_from(("日期", "类型", "名称", "2026-03-04", "2026/3/7", "休", "班", "节日", "\x00", "")), max_size=12).map(lambda cells: ",".join(cells).encode("gb18030")),
)


@settings(max_examples=200, deadline=None)
@given(FILES, st.sampled_from(("日历.csv", "日历.xlsx", "日历.json", "")))
def test_whatever_file_is_taken_for_a_calendar_is_read_or_refused_in_a_sentence(content: bytes, name: str):
    assert told_of(content, name).endswith("。")


def told_of(content: bytes, name: str) -> str:
    try:
        days = read_calendar(content, name)
    except Refused as refusal:
        return refusal.zh
    return f"有{len(days)}天。"
