"""What an outsider tries: clocks that are moved late, words that nobody can see, limits that run backwards."""

from datetime import date, datetime, timedelta

import msgspec
import pytest

from hub.cases.clocks import Recounting, Ticking, recount
from hub.cases.messages import RecountClock, SaveRules
from hub.cases.settings import Books, save_rules
from hub.cases.shapes import LIVES
from hub.cases.subscribing.deciding import Kept, save
from hub.cases.subscribing.messages import SaveSubscription
from hub.kernel.actor import SYSTEM
from hub.kernel.calendar import DAY, Calendar
from hub.kernel.errors import Malformed, Refused
from hub.kernel.lifecycle import CaseClockMoved, Running, blank, next_strike
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.spoke import SPOKE  # noqa: F401 - its life is known from then on
from tests.unit.proposals.walking import (
    CASE,
    HOUSING,
    INTAKE,
    LEAD,
    OFFICE,
    TEXT,
    assigned,
    drafted,
    handled,
)
from tests.unit.proposals.walking import SYSTEM as HUB

SHAPES = LIVES["proposals"]


def reminders(walk, clock="reply"):
    """What the clock still has to say before its end."""
    running = walk.there.clocks[clock]
    found = []
    while (strike := next_strike(PROPOSALS.deadline(clock), running, walk.rules)) and strike.name != "over":
        found.append(strike)
        running = msgspec.structs.replace(running, struck=(*running.struck, strike.name))
    return found


def test_an_extension_brings_no_reminder_whose_hour_was_over_when_it_was_granted():
    walk = handled()
    due = walk.there.clocks["reply"].due
    walk.on(due - 2 * DAY).take("AskExtension", HOUSING, until=str(due + 5 * DAY), reason="方案还在论证")
    walk.take("GrantExtension", OFFICE, until=str(due + 5 * DAY))
    assert [(one.name, one.late(walk.at)) for one in reminders(walk)] == [("before:1", False)]
    assert walk.there.clocks["reply"].extended


def test_days_arranged_otherwise_bring_no_reminder_of_the_past():
    walk = assigned()
    started = walk.there.clocks["contact"].started
    walk.case = msgspec.structs.replace(walk.there, clocks={"contact": Running(started=started, due=started + 60 * DAY)})
    now = datetime.fromisoformat(f"{started + 26 * DAY}T10:00:00+08:00")
    known = Recounting(known=Ticking(case=walk.there, shapes=SHAPES, rules=walk.rules), calendar=Calendar())
    [write] = recount(known, RecountClock(id=CASE, case=CASE, clock="contact"), SYSTEM, now).writes
    [moved] = write.events
    assert isinstance(moved, CaseClockMoved)
    assert (moved.due, moved.struck) == (started + 28 * DAY, ("before:15", "before:7"))


@pytest.mark.parametrize("words", ["    ", "\u200b\u200b\u200b\u200b", "\u3000\u3000\u2060\ufeff", "\u3164\u3164\u2800\u2800", "\n\t \r"])
def test_words_that_nobody_sees_are_refused_with_their_place(words):
    assert blank(words)
    walk = drafted()
    with pytest.raises(Malformed) as caught:
        walk.take("ReviseProposal", LEAD, **(TEXT | {"title": words}))
    assert (caught.value.code, caught.value.field) == ("blank", "form.title")
    assert "“标题”" in caught.value.zh
    with pytest.raises(Malformed):
        drafted().take("SubmitProposal", LEAD, one_matter=True).take("ReturnProposal", INTAKE, reason=words)


@pytest.mark.parametrize("words", ["好", " 。", "👩‍👩‍👧", "e\u0301", "a\u200b"])
def test_what_can_be_seen_says_something(words):
    assert not blank(words)


def test_a_suggestion_of_invisible_words_is_not_handed_in():
    walk = drafted().take("ReviseProposal", LEAD, **(TEXT | {"analysis": "\u200b\u200b"}))
    with pytest.raises(Exception, match="needs situation, analysis"):
        walk.take("SubmitProposal", LEAD, one_matter=True)


def test_a_limit_does_not_run_backwards():
    rules = {"reply": {"n": -3, "unit": "months"}}
    with pytest.raises(Malformed) as caught:
        save_rules(Books(shapes=SHAPES, versions=()), SaveRules(id=CASE, stream="proposals", valid_from=date(2026, 1, 1), rules=rules), HUB,
                   datetime.fromisoformat("2026-01-01T10:00:00+08:00") + timedelta())
    assert caught.value.field == "rules.reply"


def test_nobody_subscribes_to_words_that_are_not_seen():
    for words in (("\u200b\u200b",), ("\u3164\u3164", "电梯")):
        with pytest.raises(Refused, match="two characters"):
            save(Kept(), SaveSubscription(id=CASE, subscription=CASE, words=words), LEAD, datetime.fromisoformat("2026-01-01T10:00:00+08:00"))
