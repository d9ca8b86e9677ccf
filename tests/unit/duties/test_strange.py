"""Frozen years, mandates entered twice, days that have not come."""

from datetime import date, datetime, timedelta

import msgspec
import pytest

from hub.kernel.actor import Actor, Role
from hub.kernel.errors import Conflict, Refused
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Case
from hub.streams.duties import messages as m
from hub.streams.duties.activities import ACTIVITIES, Activity
from hub.streams.duties.joining import sign_in_by_hand
from hub.streams.duties.mandates import MANDATES, Known
from hub.streams.duties.records import RECORDS, Standing
from hub.streams.duties.takings import Signing, Taking
from tests.lives import LifeWalk, person, sitting

CLERK, CHAIRS, ONE = sitting(Role.INTAKE), sitting(Role.COMMITTEE), person(1)
DUTY = {"title": "走访群众", "kind": "visit", "text": "走访十户"}
ELECTED = {"person": str(derived("person", 1)), "term": "第十六届", "elected_on": "2022-01-20"}


def test_no_record_is_amended_into_a_frozen_year():
    walk = LifeWalk(RECORDS, date(2026, 3, 2), reads=Standing(frozen=frozenset((2025,))))
    walk.take("RecordDuty", ONE, on="2026-02-10", **DUTY).take("ReturnDuty", CLERK, answer="请补充")
    with pytest.raises(Refused, match="2025 is frozen"):
        walk.take("AmendDuty", ONE, on="2025-12-20", **DUTY)
    assert walk.take("AmendDuty", ONE, on="2026-02-11", **DUTY).facts.year == 2026


def test_who_signs_in_with_an_account_records_for_himself():
    account = Actor(id="account:7", name="代表1", roles=(Role.DEPUTY,), scopes=ONE.scopes)
    walk = LifeWalk(RECORDS, date(2026, 3, 2), reads=Standing()).take("RecordDuty", account, on="2026-02-10", **DUTY)
    assert walk.there.parties["lead"] == (ONE.id,)


def test_nobody_has_two_mandates_of_one_term():
    for command in ("ElectDeputy", "TakeOverDeputy"):
        with pytest.raises(Refused, match="already"):
            LifeWalk(MANDATES, date(2026, 3, 2), reads=Known(name="李代表", there=True)).take(command, CLERK, **ELECTED)
        with pytest.raises(Refused, match="no such deputy"):
            LifeWalk(MANDATES, date(2026, 3, 2), reads=Known()).take(command, CLERK, **ELECTED)


def test_an_absence_is_recorded_afterwards_and_not_in_a_frozen_year():
    walk = LifeWalk(MANDATES, date(2026, 3, 2), reads=Known(name="李代表", frozen=frozenset((2025,)))).take("TakeOverDeputy", CLERK, **ELECTED)
    for day in ("2026-03-03", "2025-12-30"):
        with pytest.raises(Refused):
            walk.take("RecordAbsence", CLERK, session="第五次会议", held_on=day, approved=False)
    assert len(walk.take("RecordAbsence", CLERK, session="第五次会议", held_on="2026-03-02", approved=False).facts.absences) == 1


def test_nobody_is_signed_in_by_hand_before_the_day():
    starts = datetime.fromisoformat("2026-05-20T09:00:00+08:00")
    facts = Activity(title="视察", starts=starts, ends=starts + timedelta(hours=3))
    case = Case(id=derived("a"), state="published", since=starts, opened=starts, opened_by="", rules="0", version=1, facts=facts, parties={"invited": (ONE.id,)})
    known, command = Signing(activity=case, taking=Taking()), m.SignInByHand(id=derived("c"), activity=case.id, person=derived("person", 1), note="未带手机")
    with pytest.raises(Conflict, match="too early"):
        sign_in_by_hand(known, command, CLERK, starts - timedelta(days=1))
    assert sign_in_by_hand(known, command, CLERK, starts).writes
    assert msgspec.structs.replace(known, resting=True).resting


def test_no_activity_is_published_for_which_nobody_can_register():
    starts = datetime.fromisoformat("2026-05-20T09:00:00+08:00")
    form = {"title": "老旧小区视察", "kind": "inspection", "starts": starts, "ends": starts + timedelta(hours=3), "place": "望江", "deadline": starts - timedelta(days=1)}
    walk = LifeWalk(ACTIVITIES, date(2026, 5, 18)).take("DraftActivity", CLERK, **form)
    walk.reads, walk.at = (ONE.id,), starts - timedelta(hours=2)
    with pytest.raises(Refused, match="Nobody could register"):
        walk.take("PublishActivity", CLERK)
    walk.at = starts - timedelta(days=2)
    assert walk.take("PublishActivity", CLERK).state == "published"
