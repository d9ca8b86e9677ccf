"""Other mandates, terms, merges and letters than those of every day."""

from datetime import date, datetime, timedelta

import msgspec
import pytest

from hub.kernel.errors import Conflict, Refused
from hub.kernel.ids import derived
from hub.streams.proposals.facts import Letter
from hub.streams.proposals.following import follow_ups
from hub.streams.proposals.messages import ChangeTerm, SaveSession
from hub.streams.proposals.rules import ProposalRules
from hub.streams.proposals.yearly import KnownTerms, change_term, save_session
from tests.unit.proposals.walking import (
    EDUCATION,
    HOUSING,
    INTAKE,
    LEAD,
    OFFICE,
    SYSTEM,
    accepted,
    answered,
    contacted,
    drafted,
    motion,
    other,
    ref,
    refused,
    replied,
)

AT = datetime.fromisoformat("2026-11-22T10:00:00+08:00")
KNOWN = KnownTerms("第十六届", (("第十七届", date(2027, 1, 15)),))


def out_of_office(walk, *gone):
    known = walk.seen.deputies
    walk.seen = msgspec.structs.replace(walk.seen, deputies=known | {one: msgspec.structs.replace(known[one], in_office=False) for one in gone})
    return walk


def test_a_co_signer_whose_mandate_has_ended_makes_no_tenth_deputy():
    walk = out_of_office(motion(9), ref(4))
    assert "现有 9 名（另有 1 名已不在任）" in refused(walk, "SubmitMotion", LEAD, one_matter=True)[1]
    assert walk.struck("motions").facts.kind == "suggestion", "at the deadline it counts neither"


def test_with_ten_others_it_is_handed_in_without_him():
    walk = out_of_office(motion(10), ref(4)).take("SubmitMotion", LEAD, one_matter=True)
    assert walk.state == "secretariat"
    assert ref(4) not in walk.there.parties["cosigner"]
    assert len(walk.there.parties["cosigner"]) == 9


def test_a_mandate_that_ends_later_takes_no_motion_back():
    walk = out_of_office(motion(9).take("SubmitMotion", LEAD, one_matter=True), ref(4))
    assert refused(walk, "LetMotionFall", SYSTEM)[0] == "guarded"


def test_a_term_that_is_entered_beforehand_begins_on_its_day():
    walk = drafted()
    walk.seen = msgspec.structs.replace(walk.seen, terms=KNOWN.begun)
    assert "本届尚未届满" in refused(walk, "LapseProposal", SYSTEM)[1]
    assert walk.on(date(2027, 1, 15)).take("LapseProposal", SYSTEM).state == "lapsed"


def test_a_term_follows_the_one_that_is():
    def change(term, since, known=KNOWN, at=AT):
        return change_term(known, ChangeTerm(id=derived(term), term=term, since=since), INTAKE, at)

    assert change("第十七届", date(2027, 1, 20)).writes, "the day that was entered is moved"
    with pytest.raises(Conflict):
        change("第十六届", date(2027, 1, 20))
    later = datetime.fromisoformat("2027-02-01T10:00:00+08:00")
    with pytest.raises(Refused, match="begins after it"):
        change("第十八届", date(2026, 1, 20), at=later)


def test_a_session_of_years_would_stop_all_limits():
    def save(last):
        return save_session(None, SaveSession(id=derived("s"), session=derived("s"), name="第六次会议", term="第十六届", first=date(2027, 1, 18), last=last,
                                              motions_until=AT), INTAKE, AT)

    assert save(date(2027, 1, 22)).writes
    for last in (date(2027, 1, 17), date(2028, 1, 18)):
        with pytest.raises(Refused):
            save(last)


def merged_with(letter, *, confidential=False):
    joined = msgspec.structs.replace(other(), state="merged")
    done = replied().there
    joined = msgspec.structs.replace(joined, facts=msgspec.structs.replace(joined.facts, into=done.id, merged=()))
    return msgspec.structs.replace(done, facts=msgspec.structs.replace(
        done.facts, merged=(joined.id,), letters=(letter,), confidential=confidential)), joined


@pytest.mark.parametrize(("public", "confidential", "shown"), [(True, False, True), (False, False, False), (True, True, False)])
def test_a_letter_that_is_not_public_does_not_become_so_by_a_merge(public, confidential, shown):
    main, joined = merged_with(Letter(unit="department:22", round=1, number="x", text="y", klass="A", public=public), confidential=confidential)
    [share] = follow_ups(main, {joined.id: joined}, ProposalRules())
    assert (share.command, share.form["open"]) == ("ShareReply", shown)


def test_two_that_were_merged_into_each_other_at_once_are_not_lost():
    one, two = accepted().there, other()
    one, two = (msgspec.structs.replace(mine, state="merged", facts=msgspec.structs.replace(mine.facts, into=theirs.id))
                for mine, theirs in ((one, two), (two, one)))
    asked = [[(step.command, step.case, step.key) for step in follow_ups(mine, {theirs.id: theirs}, ProposalRules())] for mine, theirs in ((one, two), (two, one))]
    assert asked[0] == asked[1], "whoever looks wants the same, so that it is done once"
    assert [command for command, _, _ in asked[0]] == ["UnmergeProposal", "TakeInProposal"]
    assert len({case for _, case, _ in asked[0]}) == 1


def answered_by_two():
    walk = accepted().take("AssignProposal", OFFICE, units=["department:22", "department:11"], mode="separate")
    for actor in (HOUSING, EDUCATION):
        walk.take("SignForProposal", actor, handler="王工")
    for actor in (HOUSING, EDUCATION):
        answered(contacted(walk, actor), actor)
    return walk.take("RateReply", LEAD, rating="unsatisfied", reason="没有办", unit="department:22")


def test_what_was_said_of_one_unit_stands_where_the_other_is_never_rated():
    walk = answered_by_two().struck("rate").struck("rate_urged")
    assert (walk.state, walk.facts.round, walk.facts.rating_urged) == ("rehandling", 2, None)
    assert walk.due("rehandle") is not None
    answered(contacted(walk, HOUSING), HOUSING)
    assert walk.state == "replied"
    assert refused(walk, "CloseUnrated", INTAKE)[0] == "guarded"
    walk.take("RateReply", LEAD, rating="satisfied", unit="department:22").struck("rate").struck("rate_urged")
    assert walk.state == "closed_unrated"


def test_in_the_last_round_it_is_escalated():
    walk = answered_by_two()
    walk.rules = ProposalRules(rounds=1)
    assert walk.struck("rate").struck("rate_urged").state == "escalated"
    assert walk.due("settle")


def test_a_deadline_that_the_presidium_moved_is_waited_for():
    walk = motion(8)
    [session] = walk.seen.sessions
    walk.seen = msgspec.structs.replace(walk.seen, sessions=(msgspec.structs.replace(session, motions_until=session.motions_until + timedelta(days=1)),))
    walk.at = session.motions_until + timedelta(hours=12)
    assert "还没有到" in refused(walk, "LetMotionLapse", SYSTEM)[1]
    walk.at += timedelta(hours=12)
    assert walk.take("LetMotionLapse", SYSTEM).facts.kind == "suggestion"
    assert motion(8).take("LetMotionLapse", LEAD).facts.kind == "suggestion", "who leads it need not wait"
