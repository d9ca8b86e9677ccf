"""Resumption is whole or it is refused: whatever was told, kept and forgotten."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.gateway.live.history import History

ROOMS = ("a", "b", "c")
tellings = st.lists(st.tuples(st.sampled_from(ROOMS), st.integers(1, 50)), max_size=60)


def told(history: History, tellings: list[tuple[str, int]]) -> list[tuple[int, str, bytes]]:
    found = []
    for place, (room, size) in enumerate(tellings):
        number, _ = history.next()
        frame = f"{number:>{size}}".encode()
        history.keep(room, number, frame, float(place))
        found.append((number, room, frame))
    return found


@given(tellings, st.sets(st.sampled_from(ROOMS)), st.integers(0, 60))
def test_what_was_missed_comes_back_in_order_and_nothing_else(tellings, joined, since):
    history = History("e")
    everything = told(history, tellings)
    since = min(since, history.number)

    missed = history.missed(dict.fromkeys(joined, 0), since)

    assert missed == [frame for number, room, frame in everything if room in joined and number > since]


@given(tellings, st.integers(0, 60), st.integers(50, 400))
def test_when_something_is_forgotten_the_answer_is_no(tellings, since, most):
    history = History("e", most=most)
    everything = told(history, tellings)
    since = min(since, history.number)

    missed = history.missed(dict.fromkeys(ROOMS, 0), since)

    wanted = [frame for number, _, frame in everything if number > since]
    assert missed in (None, wanted)
    assert missed is not None or history.forgotten > since


@given(tellings, st.integers(0, 60))
def test_nothing_from_before_one_joined(tellings, joined_at):
    history = History("e")
    everything = told(history, tellings)

    missed = history.missed({"a": joined_at}, 0)

    assert missed == [frame for number, room, frame in everything if room == "a" and number > joined_at]


@given(st.text(max_size=30))
def test_an_offset_that_is_not_ours_is_none(offset):
    history = History("epoch")
    told(history, [("a", 1)] * 3)

    assert history.position(offset) in (None, *range(4))
    assert history.position("epoch.2") == 2
    assert history.position("epoch.9") is None
    assert history.position("other.2") is None
