"""A snapshot's life, and how long it took by clocks of which one is wrong."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from hub.kernel.actor import Role
from hub.kernel.errors import Conflict, Refused
from hub.streams.snapshots.forms import Route, SnapshotRules
from hub.streams.snapshots.model import SNAPSHOTS, Landing
from hub.streams.snapshots.sending import Sending, sending
from media.looks import of_head
from tests.lives import LifeWalk, person, sitting, unit

AT = datetime.fromisoformat("2026-05-11T10:00:00+08:00")
CLERK, ONE, ROADS = sitting(Role.INTAKE), person(1), unit(5, Role.HANDLER)
YEARS_BACK = timedelta(days=3000)


def came(*, tapped: float, began: float, announced: float, off: timedelta = timedelta()) -> Sending:
    """Seconds ago."""
    phone_now = AT + off
    return sending(tapped=phone_now - timedelta(seconds=tapped), began=phone_now - timedelta(seconds=began), phone_now=phone_now,
                   announced=AT - timedelta(seconds=announced), at=AT)


@pytest.mark.parametrize("off", [timedelta(), -YEARS_BACK, YEARS_BACK])
def test_how_long_it_took_is_the_same_whatever_year_the_phone_believes_in(off: timedelta):
    found = came(tapped=12, began=11, announced=10, off=off)
    assert (found.seconds, found.waited, found.online, found.taken_at) == (12, 1, True, AT - timedelta(seconds=12))
    assert found.clock_off is (off != timedelta())


def test_waiting_for_a_line_is_told_apart_from_sending():
    found = came(tapped=3600, began=9, announced=8)
    assert (found.waited, found.seconds, found.online, found.clock_off) == (3591, 9, False, False)


def test_a_clock_that_was_set_meanwhile_neither_shortens_nor_lengthens_beyond_reason():
    assert came(tapped=-500, began=-500, announced=20).seconds == 20
    found = came(tapped=10**9, began=10, announced=10)
    assert (found.clock_off, found.seconds, found.taken_at) == (True, 10, AT - timedelta(days=30))


def walk(**rules: Any) -> LifeWalk:
    return LifeWalk(SNAPSHOTS, date(2026, 5, 11), reads=Landing(scope="district:1"), rules=SnapshotRules(**rules))


def announced(life: LifeWalk | None = None, **form: Any) -> LifeWalk:
    life = life or walk()
    return life.take("AnnounceSnapshot", ONE, **({"kind": "road", "text": "路灯不亮\n已经三天", "way": way(life)} | form))


def way(life: LifeWalk, **more: Any) -> dict[str, Any]:
    return dict.fromkeys(("tapped", "began", "phone_now"), life.at) | more


def sent(life: LifeWalk, *, attempts: int = 1, **form: Any) -> LifeWalk:
    life.reads = ()
    return life.take("SendSnapshot", ONE, way=way(life, attempts=attempts), **form)


def test_it_is_announced_lands_is_passed_on_answered_opened_again_and_confirmed():
    life = sent(announced(walk(routes=(Route(kind="road", unit="department:5"),))))
    assert (life.state, life.facts.title, life.facts.scope, life.facts.attempts, life.due("look")) == (
        "received", "路灯不亮", "district:1", 1, date(2026, 5, 13))
    life.reads = frozenset({"department:5"})
    life.take("PassOnSnapshot", CLERK)
    assert life.there.parties["lead_unit"] == ("department:5",)
    life.take("AnswerSnapshot", ROADS, answer="已换灯泡").take("ReopenSnapshot", ONE, reason="还是不亮")
    assert (life.state, life.there.parties["lead_unit"]) == ("received", tuple[str, ...]())
    life.take("AnswerSnapshot", CLERK, answer="换了线路").take("ConfirmSnapshot", ONE)
    assert (life.state, life.there.clocks) == ("closed", {})


def test_what_is_answered_and_never_confirmed_ends_by_itself():
    life = sent(announced()).take("AnswerSnapshot", CLERK, answer="已修")
    assert life.struck("confirm").state == "closed"


def test_what_does_not_come_is_lost_and_may_arrive_all_the_same():
    life = announced().struck("transmit")
    assert life.state == "lost"
    assert (sent(life, attempts=7).state, life.facts.attempts) == ("received", 7)
    with pytest.raises(Conflict):
        sent(life)


def test_what_is_wrong_is_said():
    with pytest.raises(Refused, match="Choose the kind"):
        announced(kind="moon")
    with pytest.raises(Refused, match="together"):
        announced(lon=120.0)
    with pytest.raises(Refused, match="Take a picture"):
        sent(announced(text=" "))


def test_files_that_were_not_taken_for_it_are_refused_and_no_unit_is_guessed():
    life = announced()
    life.reads = (uuid4(),)
    with pytest.raises(Refused, match="not taken for a snapshot"):
        life.take("SendSnapshot", ONE, files=life.reads, way=way(life))
    sent(life).reads = frozenset({"department:5"})
    with pytest.raises(Refused, match="No unit is set"):
        life.take("PassOnSnapshot", CLERK)
    with pytest.raises(Refused, match="no unit 'department:9'"):
        life.take("PassOnSnapshot", CLERK, unit="department:9")


def test_a_draft_is_made_of_it_once():
    life = sent(announced()).take("RaiseSnapshot", ONE)
    with pytest.raises(Refused, match="draft suggestion already"):
        life.take("RaiseSnapshot", ONE)


@pytest.mark.parametrize(("head", "mime"), [
    (b"\xff\xd8\xff\xe0....", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\0\0\0\x20ftypmp42", "video/mp4"), (b"RIFF....WAVE", "audio/wav")])
def test_a_file_is_what_its_bytes_say(head: bytes, mime: str):
    assert of_head(head) == mime


@pytest.mark.parametrize("head", [b"", b"MZ\x90\x00", b"<svg xmlns=", b"%PDF-1.7", b"RIFF....AVI "])
def test_what_is_no_picture_film_or_sound_is_refused(head: bytes):
    with pytest.raises(Refused, match="no picture, film or sound"):
        of_head(head)
