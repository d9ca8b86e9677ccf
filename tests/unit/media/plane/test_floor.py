from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from media.plane import floor as f
from media.plane.floor import Caller, Cause, Floor, Phase
from media.shapes import FloorRules
from media.wires import Outcome

LI, WANG, ZHAO = (Caller(f"{name}@ptt:1#a", name, name.title()) for name in ("li", "wang", "zhao"))


def chief(rank: int) -> Caller:
    return Caller("chief@ptt:1#a", "chief", "Chief", rank)


def asked(floor: Floor, who: Caller, at: float = 0.0) -> Floor:
    return f.request(floor, who, at)[0].floor


def taken(rules: FloorRules | None = None, seq: int = 0) -> Floor:
    return asked(Floor(rules or FloorRules(), seq=seq), LI)


def holder(floor: Floor) -> str:
    return floor.holder.ref if floor.holder else ""


def test_the_idle_floor_is_granted_and_the_next_who_asks_waits() -> None:
    step, outcome, _ = f.request(Floor(FloorRules()), LI, 1.0)
    _, waits, _ = f.request(step.floor, WANG, 1.5)

    assert (outcome, holder(step.floor), step.floor.until) == (Outcome.GRANTED, "li", 31.0)
    assert (waits, f.place(asked(step.floor, WANG), WANG.peer)) == (Outcome.QUEUED, 1)


def test_who_waits_gets_it_by_rank_and_then_by_time() -> None:
    floor = taken(FloorRules(preempt=False))
    for who in (WANG, ZHAO, chief(5)):
        floor = asked(floor, who)
    order = []
    while floor.holder:
        order.append(holder(floor))
        floor = f.release(floor, floor.holder.peer, floor.grant, 2.0).floor

    assert order == ["li", "chief", "wang", "zhao"]


def test_a_higher_rank_takes_the_floor_at_once_and_the_other_is_told() -> None:
    step, outcome, _ = f.request(taken(), chief(5), 2.0)

    assert (outcome, holder(step.floor)) == (Outcome.GRANTED, "chief")
    assert [(turn.who.ref, turn.since, turn.until, turn.why) for turn in step.turns] == [("li", 0.0, 2.0, Cause.PREEMPTED)]
    assert step.notices == ((LI.peer, Cause.PREEMPTED),)


def test_a_late_release_ends_nobody_elses_turn_nor_a_later_one_of_ones_own() -> None:
    first = taken()
    later = asked(f.release(first, LI.peer, first.grant, 1.0).floor, LI, 2.0)

    assert f.release(later, LI.peer, first.grant, 3.0).floor == later
    assert f.release(asked(first, chief(5)), LI.peer, first.grant, 3.0).floor.holder == chief(5)
    assert f.release(later, LI.peer, later.grant, 3.0).floor.holder is None


def test_who_talks_too_long_is_told_to_end_and_then_cut_off() -> None:
    floor = f.heard(asked(taken(), WANG), LI.peer, 29.9)
    told = f.tick(floor, 30.0)
    cut = f.tick(f.heard(told.floor, LI.peer, 32.9), 33.0)

    assert (told.floor.phase, told.notices, holder(told.floor)) == (Phase.REVOKING, ((LI.peer, Cause.TOO_LONG),), "li")
    assert f.request(told.floor, LI, 31.0)[1:] == (Outcome.DENIED, Cause.TOO_LONG)
    assert (holder(cut.floor), cut.turns[0].why) == ("wang", Cause.TOO_LONG)


def test_a_holder_from_whom_nothing_comes_loses_it() -> None:
    floor = f.heard(taken(), LI.peer, 3.0)

    assert (floor.due, f.tick(floor, 6.9).turns) == (7.0, ())
    assert [turn.why for turn in f.tick(floor, 7.0).turns] == [Cause.SILENCE]


def test_somebody_in_charge_takes_it_away_or_gives_it() -> None:
    floor = asked(asked(taken(), WANG), ZHAO)

    assert holder(f.revoke(floor, "", 1.0).floor) == "wang"
    assert f.place(f.revoke(floor, ZHAO.peer, 1.0).floor, ZHAO.peer) == 0
    given = f.give(floor, ZHAO, 1.0)
    assert (holder(given.floor), [turn.why for turn in given.turns]) == ("zhao", [Cause.REVOKED])
    assert [one.ref for one in given.floor.queue] == ["wang"]


def test_a_full_queue_keeps_the_higher_ranks() -> None:
    floor = asked(taken(FloorRules(queue=1, preempt=False)), WANG)
    denied = f.request(floor, ZHAO, 1.0)
    displaced = f.request(floor, chief(3), 1.0)

    assert denied[1:] == (Outcome.DENIED, Cause.QUEUE_FULL)
    assert denied[0].floor == floor
    assert (displaced[1], displaced[0].notices) == (Outcome.QUEUED, ((WANG.peer, Cause.QUEUE_FULL),))
    assert f.request(taken(FloorRules(queue=0)), WANG, 1.0)[1:] == (Outcome.DENIED, Cause.TAKEN)


def test_what_is_shown_of_it_names_the_holder_until_when_and_who_waits() -> None:
    shown = f.state(asked(taken(seq=41), WANG), lambda seconds: datetime.fromtimestamp(seconds, UTC))

    assert (shown.seq, shown.grant, shown.ref, [one.ref for one in shown.queue]) == (43, 42, "li", ["wang"])
    assert shown.until == datetime.fromtimestamp(30, UTC)


# --- whatever happens -----------------------------------------------------------------------------

PEERS = st.sampled_from("abcde")
RULES = st.builds(FloorRules, silence=st.sampled_from([0.0, 4.0]), talk=st.sampled_from([0.0, 5.0]), grace=st.sampled_from([0.0, 3.0]),
                  queue=st.integers(0, 4), preempt=st.booleans())
ACTS = st.one_of(
    st.tuples(st.just("request"), PEERS, st.integers(0, 9)), st.tuples(st.just("release"), PEERS, st.integers(-3, 0)),
    st.tuples(st.just("cancel"), PEERS), st.tuples(st.just("revoke"), st.sampled_from(["", *"abcde"])),
    st.tuples(st.just("give"), PEERS, st.integers(0, 9)), st.tuples(st.just("left"), PEERS), st.tuples(st.just("heard"), PEERS),
    st.tuples(st.just("reranked"), PEERS, st.integers(0, 9)), st.tuples(st.just("ruled"), RULES), st.tuples(st.just("waits"),),
)


@dataclass
class Played:
    floor: Floor
    at: float = 0.0
    open: list[tuple[int, str]] = field(default_factory=list)
    """(grant, peer): who could be heard, as his turns begin and end."""
    turns: list[f.Turn] = field(default_factory=list)

    def act(self, act: tuple) -> None:
        name, *given = act
        match name:
            case "request":
                step = f.request(self.floor, caller(*given), self.at)[0]
            case "give":
                step = f.give(self.floor, caller(*given), self.at)
            case "release":
                step = f.release(self.floor, given[0], max(0, self.floor.seq + given[1]) if given[1] else 0, self.at)
            case "heard":
                step = f.Step(f.heard(self.floor, given[0], self.at))
            case "waits":
                step = f.tick(self.floor, self.at)
            case _:
                step = getattr(f, name)(self.floor, *given, self.at)
        self.holds(step)

    def holds(self, step: f.Step) -> None:
        before, after = self.floor, step.floor
        assert after.seq >= before.seq
        shown = lambda floor: (floor.holder, floor.grant, floor.phase, floor.queue)  # noqa: E731
        assert shown(after) == shown(before) or after.seq > before.seq, "whatever is shown differs has another number"
        for turn in step.turns:
            assert turn.seq == before.grant or turn.seq > before.seq
            self.turns.append(turn)
        self.floor = after


def caller(peer: str, rank: int) -> Caller:
    return Caller(peer, peer, peer, rank)


@settings(max_examples=300, deadline=None)
@given(RULES, st.lists(st.tuples(ACTS, st.sampled_from([0.0, 0.1, 1.0, 4.0, 9.0])), max_size=40))
def test_there_is_never_more_than_one_holder_and_he_is_the_highest_admissible(rules: FloorRules, acts: list) -> None:
    play = Played(Floor(rules, seq=1000))
    for act, pause in acts:
        play.at += pause
        play.holds(f.tick(play.floor, play.at))
        play.act(act)
        floor = play.floor
        waiting = [one.peer for one in floor.queue]

        assert (floor.holder is None) == (floor.phase is Phase.IDLE) == (floor.grant == 0)
        assert floor.holder is not None or not waiting, "nobody waits for an idle floor"
        assert sum(f.may_speak(floor, peer) for peer in "abcde") <= 1
        assert len(set(waiting)) == len(waiting) <= floor.rules.queue
        assert floor.holder is None or floor.holder.peer not in waiting
        assert waiting == [one.peer for one in sorted(floor.queue, key=lambda one: -one.rank)]
        if floor.rules.preempt and floor.holder:
            assert all(one.rank <= floor.holder.rank for one in floor.queue)
        assert floor.due > play.at or act[0] == "ruled"
    ended = [(turn.since, turn.until) for turn in play.turns]
    assert all(until <= since for (_, until), (since, _) in pairwise(ended)), "turns follow each other"
    assert len({turn.seq for turn in play.turns}) == len(play.turns)
