"""What one case asks of another, and asks once."""

from uuid import UUID

import msgspec

from hub.streams.proposals.facts import Letter
from hub.streams.proposals.following import follow_ups
from hub.streams.proposals.rules import ProposalRules
from tests.unit.proposals.walking import INTAKE, LEAD, accepted, deputy, motion, other, ref, replied

RULES = ProposalRules()


def merged():
    walk = accepted()
    main = other()
    walk.seen = msgspec.structs.replace(walk.seen, other=main)
    walk.take("MergeProposal", INTAKE, into=str(main.id), reason="内容相同")
    return walk, main


def asked(case, *others):
    return [(one.command, one.case) for one in follow_ups(case, {one.id: one for one in others}, RULES)]


def test_a_merged_case_is_taken_in_by_the_other_once():
    walk, main = merged()
    assert asked(walk.there, main) == [("TakeInProposal", main.id)]
    taken = msgspec.structs.replace(main, facts=msgspec.structs.replace(main.facts, merged=(walk.there.id,)))
    assert asked(walk.there, taken) == []
    [one] = follow_ups(walk.there, {main.id: main}, RULES)
    assert one.form == {"case": str(walk.there.id), "deputies": [ref(0)]}


def test_letters_that_are_missing_are_shared_and_the_end_too():
    walk, main = merged()
    done = replied().take("RateReply", LEAD, rating="satisfied").there
    facts = msgspec.structs.replace(done.facts, merged=(walk.there.id,))
    ended = msgspec.structs.replace(done, id=main.id, facts=facts)
    assert asked(ended, walk.there) == [("ShareReply", walk.there.id), ("CloseMerged", walk.there.id)]
    shared = msgspec.structs.replace(walk.there, facts=msgspec.structs.replace(
        walk.there.facts, letters=(Letter(unit="department:22", round=1, number="x", text="y", klass="A"),)))
    assert asked(ended, shared) == [("CloseMerged", walk.there.id)]


def test_a_case_whose_other_was_withdrawn_stands_alone_again():
    walk, main = merged()
    gone = msgspec.structs.replace(main, state="withdrawn", facts=msgspec.structs.replace(main.facts, merged=(walk.there.id,)))
    assert asked(walk.there, gone) == [("UnmergeProposal", walk.there.id)]
    assert asked(walk.there) == [], "the other is not there"
    assert asked(msgspec.structs.replace(gone, facts=msgspec.structs.replace(gone.facts, merged=(UUID(int=9),))), walk.there) == []


def test_only_a_motion_short_of_movers_falls():
    walk = motion(9).take("SubmitMotion", LEAD, one_matter=True)
    assert asked(walk.there) == []
    assert asked(walk.take("LeaveCosigners", deputy(2)).there) == [("LetMotionFall", walk.there.id)]
