"""States only rise, and the order, the repetition and the batches of what is told change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.fold import Fold
from dispatch.told import Told
from dispatch.words import RANK, Channel, Outcome, State, Why
from tests.unit.dispatch.folding import AT, DELIVERY, TRIES, Desk, try_id

HEARD = [state for state in State if RANK[state] >= RANK[State.ACCEPTED]]
FAILED = (State.FAILED, State.UNDELIVERED, State.EXPIRED, State.REJECTED)


@st.composite
def told(draw: Any, states: Sequence[State] = tuple(HEARD), retries: bool = False) -> Told:
    """A sighting of a try, or a receipt of the person that came by some road."""
    state = draw(st.sampled_from(states))
    channel, rung = draw(st.sampled_from(TRIES))
    second, why = draw(st.integers(0, 50)), draw(st.sampled_from([Why.NONE, Why.BUSY, Why.WRONG_ADDRESS]))
    receipt = draw(st.booleans()) and state not in FAILED
    reply = draw(st.sampled_from(["", "received", "leave"])) if state is State.CONFIRMED else ""
    via = draw(st.sampled_from([*Channel])) if receipt else channel
    failing = retries and state in FAILED
    return Told(
        key=f"{state}/{via}/{second}/{receipt}/{reply}/{why}", source="receipt" if receipt else "callback", state=state,
        channel=via, attempt=None if receipt else try_id(channel, rung), delivery=DELIVERY if receipt else None,
        why=why if state in FAILED else Why.NONE, reply=reply, at=AT + timedelta(seconds=second),
        retry_after=0.0 if failing else None)


def batches_of(items: Sequence[Told], cuts: Sequence[int]) -> list[Sequence[Told]]:
    found, rest = [], list(items)
    for cut in cuts:
        found.append(rest[:cut])
        rest = rest[cut:]
    return [batch for batch in (*found, rest) if batch]


cuts = st.lists(st.integers(1, 4), max_size=8)


@given(st.lists(told(), max_size=12), st.data())
@settings(max_examples=300, deadline=None)
def test_any_order_and_repetition_in_any_batches_gives_the_same(tolds: list[Told], data: Any) -> None:
    other = data.draw(st.permutations(tolds)) + (data.draw(st.lists(st.sampled_from(tolds), max_size=6)) if tolds else [])

    one = Desk().fold_in([tolds] if tolds else [])
    two = Desk().fold_in(batches_of(other, data.draw(cuts)))

    assert one.seen() == two.seen()


@given(st.lists(told(retries=True), max_size=10), st.data())
@settings(max_examples=300, deadline=None)
def test_with_retries_too_the_handed_over_tries_and_the_person_are_the_same(tolds: list[Told], data: Any) -> None:
    one = Desk().fold_in([tolds] if tolds else [])
    two = Desk().fold_in(batches_of(data.draw(st.permutations(tolds)), data.draw(cuts)))

    assert one.seen() == two.seen()


@given(st.lists(told(retries=True), max_size=12), cuts)
@settings(max_examples=200, deadline=None)
def test_no_state_ever_sinks(tolds: list[Told], where: list[int]) -> None:
    desk = Desk()
    for batch in batches_of(tolds, where):
        before = {one.id: one.known.rank for one in desk.case.tries.values() if one.number == 1}
        rank = desk.case.standing.rank
        desk.fold(batch)
        assert all(desk.case.tries[key].known.rank >= known for key, known in before.items())
        assert desk.case.standing.rank >= rank


@given(st.lists(told(retries=True), max_size=12), cuts)
@settings(max_examples=200, deadline=None)
def test_counters_equal_a_recount_after_every_batch(tolds: list[Told], where: list[int]) -> None:
    desk = Desk()
    for batch in batches_of(tolds, where):
        desk.fold(batch)
        assert {cell: n for cell, n in desk.counted.items() if n} == dict(desk.truth())


def sighting(channel: Channel, state: State, **more: Any) -> Told:
    rung = dict(TRIES)[channel]
    given: dict[str, Any] = {"key": f"{channel}/{state}", "source": "callback", "state": state, "channel": channel,
                             "attempt": try_id(channel, rung), "at": AT}
    return Told(**(given | more))


def tried(desk: Desk, channel: Channel, number: int = 1) -> State:
    return desk.case.tries[try_id(channel, dict(TRIES)[channel], number)].known.state


def test_a_late_failure_does_not_hide_a_delivery_but_is_written_down_as_late() -> None:
    desk = Desk()
    desk.fold([sighting(Channel.SMS, State.DELIVERED)])

    fold = desk.fold([sighting(Channel.SMS, State.FAILED)])

    assert tried(desk, Channel.SMS) is State.DELIVERED
    assert [seen.late for seen in fold.evidence] == [True]


def test_a_late_delivery_repairs_a_failure_and_calls_off_the_retry() -> None:
    desk = Desk()
    desk.fold([sighting(Channel.SMS, State.FAILED, why=Why.CONGESTION, retry_after=0.0)])
    assert tried(desk, Channel.SMS, 2) is State.QUEUED

    desk.fold([sighting(Channel.SMS, State.DELIVERED)])

    assert (tried(desk, Channel.SMS), tried(desk, Channel.SMS, 2)) == (State.DELIVERED, State.SUPPRESSED)
    assert desk.case.outcome is Outcome.DELIVERED


def test_a_confirmation_calls_off_what_waits_and_recalls_what_was_only_accepted() -> None:
    desk = Desk()
    desk.fold([sighting(Channel.VOICE, State.FAILED, why=Why.BUSY, retry_after=0.0)])

    desk.fold([sighting(Channel.WECHAT, State.CONFIRMED)])

    assert tried(desk, Channel.VOICE, 2) is State.SUPPRESSED
    assert desk.recalled == [try_id(Channel.SMS, 1)]
    assert (desk.case.ended, desk.case.next_at) == (True, None)


def test_a_try_under_way_while_the_broadcast_was_cancelled_is_recalled_when_its_id_is_known() -> None:
    desk = Desk(state="cancelled")

    desk.fold([sighting(Channel.SMS, State.ACCEPTED)])

    assert try_id(Channel.SMS, 1) in desk.recalled


def test_a_failure_of_the_vendor_is_retried_as_often_as_it_lasts_one_of_the_person_is_not() -> None:
    def failures(why: Why) -> int:
        desk = Desk()
        for number in range(1, 6):
            attempt = try_id(Channel.SMS, 1, number)
            if attempt in desk.case.tries:
                desk.fold([sighting(Channel.SMS, State.FAILED, why=why, attempt=attempt, key=f"{number}", retry_after=0.0)])
        return sum(one.channel is Channel.SMS for one in desk.case.tries.values())

    assert (failures(Why.NETWORK), failures(Why.BUSY)) == (6, 2)


def test_a_receipt_never_speaks_of_a_try_that_still_waits() -> None:
    desk = Desk()
    desk.fold([sighting(Channel.SMS, State.FAILED, why=Why.NETWORK, retry_after=0.0)])

    desk.fold([Told(key="click", source="receipt", state=State.READ, channel=Channel.SMS, delivery=DELIVERY, at=AT)])

    assert (tried(desk, Channel.SMS), tried(desk, Channel.SMS, 2)) == (State.READ, State.SUPPRESSED)


def test_a_word_by_hand_counts_for_the_person_and_for_no_road() -> None:
    desk = Desk()
    before = {key: one.known for key, one in desk.case.tries.items()}

    desk.fold([Told(key="hand", source="operator", state=State.CONFIRMED, delivery=DELIVERY, at=AT)])

    assert desk.case.outcome is Outcome.CONFIRMED
    assert {key: one.known for key, one in desk.case.tries.items()} == before


def test_the_newest_reply_stands_and_the_board_counts_one() -> None:
    desk = Desk()
    for second, reply in ((5, "leave"), (9, "received"), (7, "other")):
        desk.fold([Told(key=reply, source="receipt", state=State.CONFIRMED, channel=Channel.PAGE, delivery=DELIVERY,
                        reply=reply, at=AT + timedelta(seconds=second))])
        desk.at = AT + timedelta(seconds=60)

    assert desk.case.standing.reply == "received"
    assert sum(n for cell, n in desk.counted.items() if cell[1] == "reply") == 1


def test_a_clock_that_runs_wrong_cannot_date_a_receipt_before_the_sending_or_after_its_coming() -> None:
    desk = Desk()
    fold = Fold({DELIVERY: desk.case}, AT)
    for key, hours in (("early", -5), ("late", 5)):
        fold.take(Told(key=key, source="receipt", state=State.READ, channel=Channel.PAGE, delivery=DELIVERY,
                       at=AT + timedelta(hours=hours)), DELIVERY, AT + timedelta(seconds=9))

    assert [seen.at for seen in fold.evidence] == [AT, AT + timedelta(seconds=9)]
