from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from media.plane.speakers import Speakers

LOUD, LOUDER, MURMUR, SILENCE = 30, 15, 80, 127
STEP = 0.1


def talking(speakers: Speakers, since: float, seconds: float, **levels: int) -> float:
    """Ten samples a second of each; says the time after."""
    at = since
    for _ in range(round(seconds / STEP)):
        at = round(at + STEP, 3)
        for source, dbov in levels.items():
            speakers.hear(source, dbov, at)
        speakers.weigh(at)
    return at


def room(*sources: str, places: int = 3) -> Speakers:
    speakers = Speakers(places)
    speakers.of(sources, places)
    return speakers


def test_where_there_is_room_for_all_everybody_is_forwarded() -> None:
    assert room("a", "b").forwarded == ("a", "b")


def test_who_begins_to_speak_takes_the_place_of_one_who_is_silent_at_once() -> None:
    speakers = room(*"abcd")
    at = talking(speakers, 0.0, 2.0, a=LOUD, b=LOUD, c=MURMUR, d=SILENCE)
    talking(speakers, at, 0.5, a=LOUD, b=LOUD, c=MURMUR, d=LOUD)

    assert set(speakers.forwarded) == {"a", "b", "d"}


def test_a_cough_takes_nobodys_place() -> None:
    speakers = room(*"abcd")
    at = talking(speakers, 0.0, 2.0, a=LOUD, b=LOUD, c=LOUD, d=SILENCE)
    at = talking(speakers, at, 0.2, a=LOUD, b=LOUD, c=LOUD, d=LOUDER)
    talking(speakers, at, 1.0, a=LOUD, b=LOUD, c=LOUD, d=SILENCE)

    assert speakers.forwarded == ("a", "b", "c")


def test_a_voice_that_stays_much_louder_is_heard() -> None:
    speakers = room(*"abcd")
    at = talking(speakers, 0.0, 2.0, a=LOUD, b=LOUD, c=LOUD + 5, d=SILENCE)
    talking(speakers, at, 1.5, a=LOUD, b=LOUD, c=LOUD + 5, d=LOUDER)

    assert speakers.forwarded == ("a", "b", "d")


def test_a_pause_for_breath_costs_no_place() -> None:
    speakers = room(*"abcd")
    at = talking(speakers, 0.0, 2.0, a=LOUD, b=LOUD, c=LOUD, d=SILENCE)
    talking(speakers, at, 0.4, a=LOUD, b=LOUD, c=SILENCE, d=LOUD)

    assert "c" in speakers.forwarded


def test_the_loudest_is_named_first_and_the_silent_not_at_all() -> None:
    speakers = room(*"abcd")
    at = talking(speakers, 0.0, 2.0, a=LOUD, b=LOUDER, c=MURMUR, d=SILENCE)

    assert speakers.speaking(at) == ("b", "a")


def test_who_goes_makes_place() -> None:
    speakers = room(*"abcd")
    speakers.of("bcd", 3)

    assert speakers.forwarded == ("b", "c", "d")


LEVELS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 127), max_size=6)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(LEVELS, st.sets(st.sampled_from("abcdef"))), max_size=30), st.integers(1, 4))
def test_never_more_than_the_places_never_a_stranger_and_no_place_empty_while_somebody_could_be_heard(
    rounds: list[tuple[dict[str, int], set[str]]], places: int,
) -> None:
    speakers, at = Speakers(places), 0.0
    for levels, present in rounds:
        at += STEP
        speakers.of(sorted(present), places)
        for source, dbov in levels.items():
            speakers.hear(source, dbov, at)
        speakers.weigh(at)

        assert len(set(speakers.forwarded)) == len(speakers.forwarded) == min(places, len(present))
        assert set(speakers.forwarded) <= present
