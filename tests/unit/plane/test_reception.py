"""Numbers of what came, what is missing, what is reported."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from media.plane.reception import OUTAGE, TRIES, Reception


def heard(numbers) -> tuple[Reception, list[int]]:
    reception = Reception(90_000)
    return reception, [reception.arrive(number & 0xFFFF, 0, 0.0) for number in numbers]


def said(reception) -> tuple[int, int, int, int]:
    report = reception.report()
    assert report is not None
    return report


@given(st.integers(0, 65_535), st.integers(2, 400))
def test_numbers_go_on_rising_over_the_wrap(first, count):
    _, longs = heard(range(first, first + count))
    assert longs == list(range(longs[0], longs[0] + count))


@given(st.integers(0, 65_535), st.permutations(range(1, 12)), st.sets(st.integers(1, 11)))
def test_whatever_the_order_each_is_taken_once_and_what_is_left_out_stays_missing(first, order, lost):
    order = [0, *(n for n in order if n not in lost)]
    reception, longs = heard(first + n for n in order)
    start = longs[0]
    _, again = reception, [reception.arrive(first + n & 0xFFFF, 0, 0.0) for n in order]

    assert sorted(longs) == [start + n for n in sorted(order)]
    assert set(again) == {-1}
    assert set(reception.missing) == {start + n for n in range(max(order)) if n not in order}


@given(st.integers(0, 65_535), st.lists(st.booleans(), min_size=1, max_size=60))
def test_dropped_packets_leave_no_hole_in_the_index(first, padding):
    reception, indexes = Reception(90_000), []
    for step, only_padding in enumerate(padding):
        long = reception.arrive(first + step & 0xFFFF, 0, 0.0)
        if only_padding:
            reception.drop(long)
        else:
            indexes.append(reception.index(long))
    assert all(after == before + 1 for before, after in pairwise(indexes))


def test_a_late_packet_before_a_dropped_one_takes_its_own_place():
    reception, (first, *_) = heard([1, 3])
    reception.drop(reception.arrive(4, 0, 0.0))
    last = reception.arrive(5, 0, 0.0)
    late = reception.arrive(2, 0, 0.0)
    assert [reception.index(long) - first for long in (late, first + 2, last)] == [1, 2, 3]


def test_what_is_missing_is_asked_for_at_once_again_later_and_in_the_end_no_more():
    reception, _ = heard([10, 13])
    assert reception.due(0.0, 0.06) == [11, 12]
    assert reception.due(0.01, 0.06) == []
    asked = sum(bool(reception.due(0.06 * step, 0.06)) for step in range(1, 30))
    assert asked == TRIES - 1
    assert (reception.missing, reception.lost) == ({}, 2)


def test_an_outage_is_told_instead_of_asking_for_thousands():
    reception, _ = heard([10, 10 + OUTAGE + 5])
    assert reception.outage
    assert reception.missing == {}


def test_the_share_lost_is_honest_and_of_the_last_interval():
    reception, _ = heard([*range(10), *range(12, 20)])
    fraction, total, highest, _ = said(reception)
    assert (fraction, total, highest) == (2 * 256 // 20, 2, 19)
    reception.arrive(20, 0, 0.0)
    assert said(reception)[0] == 0


def test_a_steady_sender_has_no_jitter_and_a_shaken_one_has():
    steady, shaken = Reception(48_000), Reception(48_000)
    for step in range(200):
        steady.arrive(step, step * 960, step * 0.02)
        shaken.arrive(step, step * 960, step * 0.02 + 0.01 * (step % 2))
    assert said(steady)[3] <= 1
    assert 400 < said(shaken)[3] < 500
