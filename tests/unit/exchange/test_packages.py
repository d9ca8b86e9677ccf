"""Whatever is lost, comes twice or late: each package is applied once, and those of one object in their order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.kernel.messages import Event, kind_of
from hub.streams.exchange import events as e
from hub.streams.exchange.manifest import Receipt, Says
from hub.streams.exchange.messages import FieldError
from hub.streams.exchange.model import (
    AT_FAULT,
    COMMANDS,
    MOST_FAULTS,
    MOVES,
    SAID,
    SETTLED,
    STATES,
    Package,
    answered,
    failed,
    heads,
    moved,
    overtaken,
    pause,
)
from hub.streams.exchange.ports import Signed

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
SIGNED = Signed(text=b"{}", signature=b"")
WRONG = (FieldError(field="rows.0.topic", why="?"),)


def package(n: int, thing: str = "a", state: str = "queued") -> Package:
    return Package(id=UUID(int=n), number=f"330100-2026-{n:06d}", year=2026, n=n, object=thing, sha256=f"{n:064x}", state=state, events=3)


def receipt(one: Package, says: Says) -> Receipt:
    return Receipt(number=one.number, sha256=one.sha256, says=says, at=AT, errors=WRONG if says is Says.REJECTED else ())


@dataclass
class Province:
    """Takes a number once, and rejects what stands in `rejects`."""

    rejects: frozenset[int]
    says: dict[int, Says] = field(default_factory=dict)
    applied: list[int] = field(default_factory=list)

    def take(self, n: int) -> Says:
        if n not in self.says:
            self.says[n] = Says.REJECTED if n in self.rejects else Says.APPLIED
            if self.says[n] is Says.APPLIED:
                self.applied.append(n)
        return self.says[n]


@dataclass
class City:
    province: Province
    packages: dict[int, Package] = field(default_factory=dict)
    late: list[Receipt] = field(default_factory=list)
    applied: list[int] = field(default_factory=list)

    def move(self, n: int, *events: Event) -> None:
        for event in events:
            self.applied += [n] if isinstance(event, e.PackageApplied) else []
            self.packages[n] = moved(self.packages[n], event)

    def in_states(self, states: frozenset[str]) -> list[int]:
        return [n for n, one in self.packages.items() if one.state in states]

    def build(self, thing: str) -> int:
        n = len(self.packages) + 1
        self.packages[n] = package(n, thing)
        return n

    def send(self, fates: st.DataObject) -> None:
        for head in list(heads(self.packages.values())):
            before = [one for one in self.packages.values() if one.object == head.object and one.n < head.n]
            assert all(one.state in SETTLED for one in before)
            self.move(head.n, *(() if head.state == "received" else (e.PackageSent(),)))
            self.goes_over(head.n, fates.draw(st.sampled_from(("answered", "lost", "answer lost", "only received", "garbled"))))

    def goes_over(self, n: int, fate: str) -> None:
        one = self.packages[n]
        if fate in ("lost", "garbled"):
            self.move(n, *failed(one, fate, AT, away=fate == "lost", again=None, failures=0))
            return
        word = receipt(one, self.province.take(n))
        self.late += [word] if fate != "answered" else []
        if fate == "answer lost":
            self.move(n, *failed(one, fate, AT, away=True, again=None, failures=3))
        else:
            self.hear(receipt(one, Says.RECEIVED) if fate == "only received" else word)

    def hear(self, word: Receipt) -> None:
        n = int(word.number[-6:])
        self.move(n, *answered(self.packages[n], word, SIGNED))

    def correct(self, n: int) -> None:
        old = self.packages[n]
        new = self.build(old.object)
        self.move(n, e.PackageCorrected(by=self.packages[new].number))
        others = [one for one in self.packages.values() if one.object == old.object and one.n not in (n, new)]
        for which, event in overtaken(others, self.packages[new].number).items():
            self.move(which.int, event)


def _built(city: City, data: st.DataObject) -> None:
    city.build(data.draw(st.sampled_from("ab")))


def _late(city: City, data: st.DataObject) -> None:
    if city.late:
        city.hear(city.late.pop(data.draw(st.integers(0, len(city.late) - 1))))


def _twice(city: City, _data: st.DataObject) -> None:
    for word in city.late[:1]:
        city.hear(word)


def _corrected(city: City, _data: st.DataObject) -> None:
    for n in city.in_states(AT_FAULT)[:1]:
        city.correct(n)


def _by_hand(city: City, _data: st.DataObject) -> None:
    for n in city.in_states(COMMANDS["ResendPackage"])[:1]:
        city.move(n, e.PackageQueued(why="by hand"))


HAPPENS = {"build": _built, "send": City.send, "late": _late, "twice": _twice, "correct": _corrected, "by hand": _by_hand}


@given(st.data(), st.frozensets(st.integers(1, 12)))
def test_each_is_applied_once_and_in_order_whatever_becomes_of_letters(data: st.DataObject, rejects: frozenset[int]):
    city = City(Province(rejects))
    for what in data.draw(st.lists(st.sampled_from(sorted(HAPPENS)), max_size=30)):
        HAPPENS[what](city, data)
    _settled(city)


def _settled(city: City) -> None:
    """The weather clears: all that is left goes over, what is wrong is corrected."""
    city.province.rejects = frozenset()
    while not all(one.state in SETTLED for one in city.packages.values()):
        for head in list(heads(city.packages.values())):
            city.move(head.n, *(() if head.state == "received" else (e.PackageSent(),)))
            city.goes_over(head.n, "answered")
        for n in city.in_states(AT_FAULT):
            city.correct(n)
    assert len(set(city.applied)) == len(city.applied)
    assert set(city.applied) <= set(city.province.applied)
    for thing in "ab":
        taken = [n for n in city.province.applied if city.packages[n].object == thing]
        assert taken == sorted(taken)


def test_what_was_answered_is_answered_alike_the_second_time():
    sent = moved(package(1), e.PackageSent())
    first = answered(sent, receipt(sent, Says.APPLIED), SIGNED)
    done = moved(moved(sent, first[0]), first[1])

    assert [kind_of(one) for one in first] == ["PackageReceived", "PackageApplied"]
    assert answered(done, receipt(done, Says.APPLIED), SIGNED) == ()
    assert answered(done, receipt(done, Says.RECEIVED), SIGNED) == ()


def test_a_late_word_counts_for_what_was_given_up_and_not_for_what_was_set_aside():
    dead, aside = package(1, state="dead"), package(2, state="set_aside")

    assert answered(dead, receipt(dead, Says.APPLIED), SIGNED)
    assert answered(aside, receipt(aside, Says.APPLIED), SIGNED) == ()


def test_a_province_that_is_away_is_nobodys_fault_and_a_strange_answer_is_the_packages():
    one = moved(package(1), e.PackageSent())
    for _ in range(3 * MOST_FAULTS):
        one = moved(moved(one, *failed(one, "away", AT, away=True, again=None, failures=5)), e.PackageSent())
    assert one.state == "sent"

    for _ in range(MOST_FAULTS):
        for event in failed(one, "no receipt", AT, away=False, again=None, failures=0):
            one = moved(one, event)
    assert one.state == "dead"


def test_the_pause_grows_and_ends_growing():
    assert [pause(n).total_seconds() for n in (0, 1, 4, 8, 50)] == [1, 2, 30, 600, 600]


def test_the_tables_know_each_other():
    assert {to for _, to in MOVES.values() if to} | {"built", "validated", "invalid"} == set(STATES)
    assert {state for states in COMMANDS.values() for state in states} <= set(STATES)
    assert {type_ for type_ in e.EVENTS if type_ not in SAID} == {e.PackageNumbered, e.DayReconciled}
    with pytest.raises(ValueError, match="no PackageSent there"):
        moved(package(1, state="applied"), e.PackageSent())


def test_what_is_wrong_stops_an_object_and_no_other():
    waits = [package(1, "a", "rejected"), package(2, "a"), package(3, "b"), package(4, "b")]

    assert [one.n for one in heads(waits)] == [3]
    assert [one.n for one in heads([msgspec.structs.replace(waits[0], state="set_aside"), *waits[1:]])] == [2, 3]
