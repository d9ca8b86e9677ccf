"""Resumption is whole or it is refused: whatever was told, kept, filled and forgotten."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.gateway.live.history import History

ROOMS = ("a", "b", "c")
tellings = st.lists(st.tuples(st.sampled_from(ROOMS), st.integers(1, 50)), max_size=60)
Told = list[tuple[int, str, bytes]]


def told(history: History, tellings: list[tuple[str, int]]) -> Told:
    found = []
    for number, (room, size) in enumerate(tellings, start=1):
        frame = f"{number:>{size}}".encode()
        history.keep(room, number, frame, float(number))
        found.append((number, room, frame))
    return found


def of_everything(**limits: int) -> History:
    history = History(**limits)
    history.renew("epoch", 0)
    history.everything_from(0)
    return history


def wanted(everything: Told, joined: dict[str, int], since: int) -> list[bytes]:
    return [frame for number, room, frame in everything if room in joined and number > max(since, joined[room])]


@given(tellings, st.dictionaries(st.sampled_from(ROOMS), st.integers(0, 60)), st.integers(0, 60))
def test_what_was_missed_comes_back_in_order_and_nothing_else(tellings, joined, since):
    history = of_everything()
    everything = told(history, tellings)

    assert history.missed(joined, since) == wanted(everything, joined, since)


@given(tellings, st.integers(0, 60), st.integers(50, 400))
def test_when_something_of_its_rooms_is_forgotten_the_answer_is_no(tellings, since, most):
    history = of_everything(most=most)
    everything = told(history, tellings)

    missed = history.missed({"a": 0}, since)

    if missed is None:
        assert history.lacking({"a": 0}, since) == {"a": since}
    else:
        assert missed == wanted(everything, {"a": 0}, since)


def test_a_busy_room_does_not_push_out_a_quiet_one():
    history = of_everything(most=1000)
    history.keep("busy", 1, b"x", 0.0)
    told(history, [("busy", 50)] * 60)

    assert history.missed({"quiet": 0}, 0) == []
    assert history.missed({"busy": 0}, 0) is None


class Model:
    """One node: what was told in all, what it follows, and what the ring may answer."""

    def __init__(self, most: int) -> None:
        self.history = History(most=most)
        self.history.renew("epoch", 0)
        self.everything: Told = []
        self.followed: set[str] = set()

    def tell(self, room: str, size: int) -> None:
        number = len(self.everything) + 1
        frame = f"{number:>{size}}".encode()
        self.everything.append((number, room, frame))
        if room in self.followed:
            self.history.keep(room, number, frame, float(number))

    def follow(self, room: str) -> None:
        if room not in self.followed:
            self.followed.add(room)
            self.history.follow(room, len(self.everything))

    def unfollow(self, room: str) -> None:
        self.followed.discard(room)
        self.history.unfollow(room)

    def fill(self, room: str, since: int) -> None:
        """What a stream gives: everything of the room after `since`, also what is here already."""
        after = [(number, frame) for number, told_in, frame in self.everything if told_in == room and number > since]
        self.history.fill(room, since, after, float(len(self.everything)))

    def resume(self, joined: dict[str, int], since: int) -> None:
        missed = self.history.missed(joined, since)
        assert missed in (None, wanted(self.everything, joined, since))

    def come_back(self, joined: dict[str, int], since: int) -> None:
        """As the hub does: follow, fill what lacks, resume. Only the limit of bytes may refuse."""
        for room in joined:
            self.follow(room)
        for room, start in self.history.lacking(joined, since).items():
            self.fill(room, start)
        self.resume(joined, since)


rooms, numbers = st.sampled_from(ROOMS), st.integers(0, 40)
steps = st.one_of(
    st.tuples(st.just("tell"), rooms, st.integers(1, 50)),
    st.tuples(st.sampled_from(("follow", "unfollow")), rooms),
    st.tuples(st.just("fill"), rooms, numbers),
    st.tuples(st.sampled_from(("resume", "come_back")), st.dictionaries(rooms, numbers), numbers),
)


@settings(max_examples=400)
@given(st.lists(steps, max_size=40), st.sampled_from((100, 400, 10_000)))
def test_any_interleaving_gives_the_whole_sequence_or_a_refusal(steps, most):
    model = Model(most)
    for step, *arguments in steps:
        getattr(model, step)(*arguments)


@given(st.lists(st.tuples(rooms, st.integers(1, 9)), max_size=40), st.dictionaries(rooms, numbers, min_size=1), numbers)
def test_with_memory_enough_who_comes_to_a_new_node_always_resumes(tellings, joined, since):
    model = Model(10_000)
    for room, size in tellings:
        model.tell(room, size)

    model.come_back(joined, since)

    assert model.history.missed(joined, since) == wanted(model.everything, joined, since)


@given(st.text(max_size=30))
def test_an_offset_that_is_not_ours_is_none(offset):
    history = of_everything()

    assert history.claimed(offset) is None
    assert history.claimed("epoch.2") == 2
    assert history.claimed("epoch.~") is None
    assert history.claimed("other.2") is None
    assert history.claimed("epoch.²") is None
