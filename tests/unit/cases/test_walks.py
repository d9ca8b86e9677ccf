"""Whatever legal way a case goes, its events alone give it again, and its tables hold their promises."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.cases.calendars import merged, published
from hub.cases.clocks import Ticking, owes, strike
from hub.cases.deciding import Standing, steps_of
from hub.cases.messages import StrikeClock
from hub.cases.seats import people_in
from hub.cases.shapes import declare, drawn, files_of
from hub.kernel.actor import SYSTEM, Actor, Permission, Role
from hub.kernel.calendar import Calendar, Span, Unit
from hub.kernel.errors import Conflict, Forbidden, Malformed, Refused
from hub.kernel.lifecycle import (
    Case,
    CaseEvent,
    Deadline,
    Form,
    Nothing,
    Scene,
    Step,
    Who,
    decide,
    is_open,
    may_see,
    sees_inside,
    waits_for,
)
from hub.kernel.messages import Recorded
from tests.flows.cases.wishes import WISHES, Draft

SHAPES = declare(WISHES)
STEPS = {rule.command.__name__: rule for rule in steps_of(SHAPES)}
CASE, NONE = UUID(int=7), UUID(int=0)
START = datetime(2026, 2, 9, 2, tzinfo=UTC)
ACTORS = (
    Actor(id="person:1", name="", roles=(Role.DEPUTY,), scopes=("person:1",)), Actor(id="account:2", name="", roles=(Role.INTAKE,), scopes=("city",)),
    Actor(id="account:3", name="", roles=(Role.ASSIGNER,), scopes=("city",)), Actor(id="account:4", name="", roles=(Role.HANDLER,), scopes=("department:5",)),
    Actor(id="account:5", name="", roles=(Role.INTAKE,), scopes=("district:3",)), SYSTEM,
)
FORMS: dict[str, dict[str, Any]] = {
    "DraftWish": {"title": "修路", "text": "路不平"}, "SubmitWish": {"title": "修路", "text": "路不平"}, "RefuseWish": {"reason": "不属范围"}, "AssignWish": {"unit": "department:5"},
    "ReplyWish": {"reply": "已修好"},
}


class Life:
    """A case that is played: what was recorded, and how it stands after each event."""

    def __init__(self) -> None:
        self.case: Case | None = None
        self.at = START
        self.recorded: list[Recorded] = []

    def wish(self, name: str, actor: Actor) -> bool:
        rule = STEPS[name]
        known = Standing(case=self.case, elsewhere=False, versions=(), calendar=published(), reads=True)
        command = msgspec.convert({"id": str(NONE), "case": str(CASE), **({"form": FORMS[name]} if name in FORMS else {})}, rule.command)
        try:
            self._record(rule.decide(known, command, actor, self.at), actor)
        except Refused:
            return False
        return True

    def strike(self) -> None:
        """Every clock that is due by now."""
        for clock in list(self.case.clocks) if self.case else ():
            assert self.case is not None
            known = Ticking(case=self.case, shapes=SHAPES, rules=WISHES.rules())
            due = known.next(clock)
            if due and due.at <= self.at:
                self._record(strike(known, StrikeClock(id=NONE, case=CASE, clock=clock, strike=due.name), SYSTEM, self.at), SYSTEM)

    def _record(self, decision: Any, actor: Actor) -> None:
        [write] = decision.writes
        [event] = write.events
        assert write.expected == len(self.recorded)
        plain = SHAPES.codec.encode(event)
        kept = SHAPES.codec.decode(type(event).__name__, 1, plain)
        fact = Recorded(len(self.recorded) + 1, write.stream, write.expected + 1, self.at, NONE, NONE, actor.id, kept)
        self.recorded.append(fact)
        self.case = SHAPES.after(self.case, CASE, fact)


MOVES = st.one_of(st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from(ACTORS)), st.integers(0, 20))


@settings(max_examples=150, deadline=None)
@given(st.lists(MOVES, max_size=25))
def test_replaying_what_was_recorded_gives_the_same_case(moves: list[Any]):
    life = Life()
    for move in moves:
        if isinstance(move, int):
            life.at += timedelta(days=move)
            life.strike()
        else:
            life.wish(*move)

    again: Case | None = None
    for fact in life.recorded:
        again = SHAPES.after(again, CASE, fact)
        assert again is not None
        kept = SHAPES.loaded(msgspec.json.encode(again, order="sorted"), again.version)
        assert kept == again, "what is kept of a case is the whole of it"
    assert again == life.case
    if life.case is not None:
        state = WISHES.state(life.case.state)
        assert bool(waits_for(WISHES, life.case)) is not state.terminal
        assert life.case.version == len(life.recorded)
        assert not (state.terminal and life.case.clocks)
        for actor in ACTORS:
            assert may_see(WISHES, life.case, actor) is (sees_inside(WISHES, life.case, actor) or is_open(WISHES, life.case))


def test_a_step_is_taken_once_and_the_next_to_come_is_told_why_not():
    life = Life()
    assert life.wish("SubmitWish", ACTORS[0])
    assert life.wish("AcceptWish", ACTORS[1])
    rule = STEPS["RefuseWish"]
    with pytest.raises(Conflict) as refusal:
        rule.decide(Standing(case=life.case, elsewhere=False, versions=(), calendar=published()),
                    msgspec.convert({"id": str(NONE), "case": str(CASE), "form": {"reason": "不属范围"}}, rule.command), ACTORS[1], life.at)
    assert refusal.value.zh == "事项现在是“已受理”，不能“不予立案”，可能别人刚刚办理过，请刷新后再看。"


def test_a_desk_of_one_district_does_not_reach_a_case_of_the_city():
    life = Life()
    life.wish("SubmitWish", ACTORS[0])
    assert not life.wish("AcceptWish", ACTORS[4])
    assert life.case is not None
    assert not may_see(WISHES, life.case, ACTORS[4])


def test_a_desk_of_one_district_neither_opens_what_is_the_city_s_nor_explains_for_it():
    life, clerk = Life(), Actor(id="account:6", name="", roles=(Role.ADMINISTRATOR,), scopes=("district:3",))
    life.wish("SubmitWish", ACTORS[0])
    assert life.case is not None
    deadline = Deadline(name="x", zh="", en="", owner=("desk:cases.intake",), starts=(), stops=())
    assert (owes(life.case, deadline, ACTORS[1]), owes(life.case, deadline, clerk)) == (True, False)

    opened = Step(command="Open", event="Opened", zh="录入", en="Enter", who=(Who(Permission.INTAKE),), to="review")
    scene = Scene(at=life.at, actor=clerk, rules=WISHES.rules(), calendar=published())
    with pytest.raises(Forbidden, match="own desk"):
        decide(WISHES, opened, None, Nothing(), scene, event=CaseEvent)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31), date(1899, 12, 31)])
def test_a_day_that_nobody_can_mean_is_refused_with_its_place(day: date):
    class Meeting(Form, frozen=True, kw_only=True):
        days: tuple[date, ...]

    step = Step(command="Meet", event="Met", zh="开会", en="Meet", who=(Who(Permission.INTAKE),), to="review", form=Meeting)
    scene = Scene(at=START, actor=ACTORS[1], rules=WISHES.rules(), calendar=published())
    with pytest.raises(Malformed) as refusal:
        decide(WISHES, step, None, Meeting(days=(date(2026, 3, 1), day)), scene, event=CaseEvent)
    assert (refusal.value.field, day.isoformat() in refusal.value.zh) == ("form.days.1", True)


@pytest.mark.parametrize(("start", "span", "due"), [
    (date(2026, 11, 30), Span(3, Unit.MONTHS), date(2027, 2, 28)),
    (date(2026, 2, 12), Span(5, Unit.WORKDAYS), date(2026, 2, 26)),      # over Spring Festival, with a Saturday worked
    (date(2026, 9, 30), Span(3, Unit.WORKDAYS), date(2026, 10, 10)),
    (date(2026, 3, 10), Span(-7, Unit.DAYS), date(2026, 3, 3)),
])
def test_limits_are_counted_by_the_arrangement_of_the_year(start: date, span: Span, due: date):
    assert published().after(start, span) == due


def test_days_saved_here_go_before_the_published_ones():
    saved = merged([(date(2026, 10, 10), False, "台风假"), (date(2027, 1, 2), True, "调休")])

    assert (published().works(date(2026, 10, 10)), saved.works(date(2026, 10, 10)), saved.works(date(2027, 1, 2))) == (True, False, True)
    assert saved.left_out(date(2026, 9, 30), date(2026, 10, 10))[-1].why == "台风假"
    assert isinstance(saved, Calendar)


def test_a_form_is_drawn_from_its_shape_and_knows_its_files():
    schema = drawn(Draft)
    assert (schema["properties"]["title"]["title"], schema["properties"]["kind"]["pick"], schema["required"]) == ("标题|Title", "word:kind", ["title", "text"])
    assert files_of(Draft(title="修路", text="", files=(CASE, CASE))) == (CASE,)
    assert issubclass(SHAPES.events["WishSubmitted"], CaseEvent)


def test_a_ref_that_is_nobody_s_watches_nothing():
    assert [actor.id for actor in people_in(("person:nobody", f"person:{CASE}", "department:5", f"person:{CASE}"))] == [f"person:{CASE}"]
