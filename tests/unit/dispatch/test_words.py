"""Ranks, outcomes, words for people, and the trail of evidence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.messages.shapes import Ladder, Rung
from dispatch.ports import ReplyOption, Submitted
from dispatch.roads import AT_ONCE, FAULTS, Breaker
from dispatch.rows import masked
from dispatch.states import Known, higher, outcome_of
from dispatch.trail import trail
from dispatch.wording import render, sms_segments, unknown_variables, with_keys
from dispatch.words import RANK, Channel, Outcome, State, Why

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

knowns = st.builds(Known, state=st.sampled_from([*State]), why=st.sampled_from([*Why]), detail=st.sampled_from(["", "a", "b"]))


@given(knowns, knowns, knowns)
def test_merging_knows_no_order_and_no_repetition(one: Known, two: Known, three: Known) -> None:
    assert higher(one, one) == one
    assert higher(one, two) == higher(two, one)
    assert higher(one, higher(two, three)) == higher(higher(one, two), three)
    assert higher(one, two).rank == max(one.rank, two.rank)


def test_success_outranks_failure_and_every_state_has_a_rank() -> None:
    assert set(RANK) == set(State)
    failed = max(RANK[state] for state in (State.FAILED, State.UNDELIVERED, State.EXPIRED, State.REJECTED))
    assert min(RANK[state] for state in (State.DELIVERED, State.DISPLAYED, State.READ, State.CONFIRMED)) > failed
    assert RANK[State.DELIVERED_MACHINE] < RANK[State.DELIVERED]


@pytest.mark.parametrize(("rank", "ended", "cancelled", "outcome"), [
    (90, True, True, Outcome.CONFIRMED), (80, False, True, Outcome.READ), (70, True, False, Outcome.DELIVERED),
    (65, True, True, Outcome.CANCELLED), (65, True, False, Outcome.UNREACHABLE), (15, False, False, Outcome.SENDING),
    (14, False, False, Outcome.WAITING), (0, True, False, Outcome.UNREACHABLE)])
def test_a_persons_row_shows_the_furthest_that_was_reached(rank: int, ended: bool, cancelled: bool, outcome: Outcome) -> None:
    assert outcome_of(rank, ended=ended, cancelled=cancelled) is outcome


def test_variables_are_filled_in_and_unknown_ones_found() -> None:
    said = {"name": "李", "station": "一站", "district": "三区", "title": "会", "at": AT}

    assert render("{name}于{date} {time}到{station}（{place}）", {"place": "二楼"}, **said) == "李于3月2日 09:00到一站（二楼）"  # type: ignore[arg-type]
    assert render("{ name } {} {x y}", {}, **said) == "{ name } {} {x y}"  # type: ignore[arg-type]
    assert unknown_variables("{name} {nmae} {own} {nmae}", {"own": ""}) == ["nmae"]


@given(st.text(max_size=300))
def test_no_text_upsets_the_filling_in(text: str) -> None:
    render(text, {"name": "{title}"}, name="n", station="s", district="d", title="t", at=AT)
    assert sms_segments(text) >= 1


@pytest.mark.parametrize(("text", "segments"), [("字" * 70, 1), ("字" * 71, 2), ("字" * 134, 2), ("字" * 135, 3), ("😀" * 35, 1),
                                                ("😀" * 36, 2), ("", 1)])
def test_text_messages_are_counted_as_the_vendor_counts(text: str, segments: int) -> None:
    assert sms_segments(text) == segments


def test_every_option_gets_a_key_of_its_own_and_three_repeats() -> None:
    options = with_keys(tuple(ReplyOption(f"c{n}", f"l{n}", key) for n, key in enumerate(["", "5", "", "1", "", ""])))

    keys = [option.key for option in options]
    assert len(set(keys)) == 6
    assert "3" not in keys
    assert keys[1] == "5"
    assert [option.code for option in with_keys(())] == ["received"]


def test_telephone_numbers_are_shown_in_part_only() -> None:
    assert masked("+8619900000001") == "+86199****0001" or masked("+8619900000001").count("*") == 4
    assert "0000000" not in masked("+8619900000001")


def answer(state: State, why: Why = Why.NONE, **more: Any) -> Submitted:
    return Submitted(state=state, why=why, **more)


def test_a_road_in_trouble_goes_slowly_and_opens_at_the_first_success() -> None:
    road = Breaker()
    changed = [road.note(answer(State.FAILED, Why.NETWORK), AT) for _ in range(FAULTS)]
    assert changed == [False] * (FAULTS - 1) + [True]
    assert (road.state, road.width(AT), road.width(AT + timedelta(seconds=1))) == ("slow", 0, 1)

    assert road.note(answer(State.ACCEPTED), AT + timedelta(seconds=1))
    assert (road.state, road.width(AT)) == ("open", AT_ONCE)


def test_a_persons_failure_is_no_trouble_of_the_road_and_a_broken_account_halts_it() -> None:
    road = Breaker()
    for _ in range(3 * FAULTS):
        road.note(answer(State.FAILED, Why.WRONG_ADDRESS), AT)
    assert road.state == "open"

    road.note(answer(State.REJECTED, Why.AUTH, halt=True), AT)
    assert (road.state, road.width(AT + timedelta(seconds=59)), road.width(AT + timedelta(seconds=61))) == ("halted", 0, 1)


LADDER = Ladder(code="t", name="t", rungs=tuple(Rung(channels=(channel,), wait=60) for channel in (Channel.PAGE, Channel.SMS, Channel.VOICE)))


def delivery(**more: Any) -> dict[str, Any]:
    return {"ladder": msgspec.to_builtins(LADDER), "expires_at": AT + timedelta(days=1), "priority": "ordinary", "ref": "person:1",
            "phone": "+8619900000001", "openid": "", "opt_out": [], "bad": [], "online": False, "rank": 20, "rung": 1,
            "state": "sending", **more}


def attempt(channel: str, state: str, why: str = "") -> dict[str, Any]:
    return {"id": UUID(int=9), "channel": channel, "created_at": AT, "try": 1, "state": state, "why": why,
            "address": "+8619900000001", "provider_id": "SM1"}


@pytest.mark.parametrize(("more", "why"), [
    ({}, Why.NONE), ({"rank": 90}, Why.ALREADY_CONFIRMED), ({"state": "cancelled"}, Why.CANCELLED), ({"state": "closed"}, Why.EXPIRED),
    ({"phone": ""}, Why.NO_ADDRESS), ({"bad": ["phone"]}, Why.BLOCKED), ({"opt_out": ["voice"]}, Why.OPT_OUT)])
def test_the_trail_says_of_every_road_why_it_was_not_tried(more: dict[str, Any], why: Why) -> None:
    lines = trail(delivery(**more), [attempt("page", "suppressed", "offline"), attempt("sms", "delivered")], [], AT)

    untried = [line for line in lines if line.attempt is None]
    assert [(line.channel, line.why) for line in untried] == [(Channel.VOICE, why)]
    assert lines[0].why is Why.OFFLINE


def test_the_trail_tells_in_order_what_was_seen_and_shows_no_whole_number() -> None:
    seen = [{"id": n, "attempt": UUID(int=9), "at": AT + timedelta(seconds=second), "channel": "sms", "state": state, "why": "",
             "detail": "", "source": "callback", "late": late} for n, (second, state, late) in enumerate(
                 [(9, "failed", True), (3, "sent", False), (5, "delivered", False)])]

    lines = trail(delivery(), [attempt("sms", "delivered")], seen, AT)

    assert [line.state for line in lines if line.source == "callback"] == [State.SENT, State.DELIVERED, State.FAILED]
    assert [line.late for line in lines if line.source == "callback"] == [False, False, True]
    assert all("19900000001" not in line.address for line in lines)
