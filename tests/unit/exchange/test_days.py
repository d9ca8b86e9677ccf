"""A day on both sides: only the list that was asked for is compared."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hub.kernel.actor import SYSTEM
from hub.kernel.errors import Refused
from hub.kernel.ids import derived
from hub.streams.exchange.manifest import DayList
from hub.streams.exchange.own_messages import NoteDay
from hub.streams.exchange.ports import Signed
from hub.streams.exchange.taking import Day, note_day

ASKED = NoteDay(id=derived("test", "day"), day=date(2026, 3, 1), listed=Signed(text=b"{}", signature=b""))


@pytest.mark.parametrize(("city", "day"), [("330100", "2026-02-28"), ("330200", "2026-03-01")])
def test_another_city_s_list_and_another_day_s_are_not_compared(city: str, day: str) -> None:
    known = Day(city="330100", ours=(), theirs=DayList(city=city, day=day, packages=()))
    with pytest.raises(Refused) as refusal:
        note_day(known, ASKED, SYSTEM, datetime(2026, 3, 2, tzinfo=UTC))
    assert refusal.value.code == "other-day"
