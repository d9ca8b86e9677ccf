"""Whatever comes in whatever order, with crashes between: nothing is heard twice, receipts only
rise, and an emergency does not wait."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from uuid import UUID

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from edge import happenings, state
from edge.messages import Notice, Priority, Told
from tests.unit.edge.desk import AT, Desk, notice

LENGTH, SLICE = 1000, 300


class Station(RuleBasedStateMachine):
    """`ear` is what a listener heard: by delivery and pass, the milliseconds of the file."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk()
        self.rows: dict[UUID, Notice] = {}
        self.ear: dict[tuple[UUID, bool], list[tuple[int, int]]] = defaultdict(list)
        self.playing: UUID | None = None
        self.reached = 0

    @rule(priority=st.sampled_from(Priority), audio=st.booleans(), minute=st.integers(0, 9))
    def send(self, priority: Priority, audio: bool, minute: int) -> None:
        row = notice(len(self.rows) + 1, priority=priority, audio=audio, minute=minute)
        self.rows[row.id] = row

    @precondition(lambda self: self.rows)
    @rule(pick=st.data())
    def cancel(self, pick: st.DataObject) -> None:
        id_ = pick.draw(st.sampled_from(sorted(self.rows)))
        self.rows[id_] = replace(self.rows[id_], cancelled=True)

    @precondition(lambda self: self.rows)
    @rule(pick=st.data())
    def tell(self, pick: st.DataObject) -> None:
        """Some rows, perhaps again, perhaps as they were before they were cancelled."""
        ids = pick.draw(st.lists(st.sampled_from(sorted(self.rows)), unique=True))
        stale = pick.draw(st.booleans())
        rows = [replace(self.rows[i], cancelled=False) if stale else self.rows[i] for i in ids]
        self.desk.happen(happenings.Listed(tuple(rows)))

    @rule()
    def snapshot(self) -> None:
        self.desk.happen(happenings.Listed(tuple(self.rows.values()), whole=True))

    @rule(pick=st.data())
    def fetch(self, pick: st.DataObject) -> None:
        wanted = state.to_fetch(self.desk.entries, AT)
        if wanted:
            self.desk.happen(happenings.Fetched(pick.draw(st.sampled_from(wanted)).id))

    @rule()
    def begin(self) -> None:
        entry = state.next_to_play(self.desk.entries, AT)
        if self.playing is not None or entry is None:
            return
        others = [e for e in self.desk.entries.values()
                  if e.mark.audio is state.Audio.READY and state.alive(e, AT)]
        if any(e.notice.priority is Priority.EMERGENCY for e in others):
            assert entry.notice.priority is Priority.EMERGENCY
        self.desk.happen(happenings.Begun(entry.id, LENGTH, SLICE))
        mark = self.desk.entries[entry.id].mark
        self.playing, self.reached = entry.id, mark.heard_ms + mark.lost_ms

    @rule(ms=st.integers(1, 400))
    def play_on(self, ms: int) -> None:
        if self.playing is None:
            return
        mark = self.desk.entries[self.playing].mark
        upto = min(self.reached + ms, mark.position_ms)
        self.ear[self.playing, mark.restarted].append((self.reached, upto))
        self.reached = upto
        if self.reached == LENGTH:
            self.desk.happen(happenings.Ended(self.playing))
            self.playing = None

    @rule()
    def reserve(self) -> None:
        if self.playing is not None:
            upto = min(self.desk.entries[self.playing].mark.position_ms + SLICE, LENGTH)
            self.desk.happen(happenings.Reserved(self.playing, self.reached, upto))

    @rule()
    def halt_where_needed(self) -> None:
        if self.playing and state.must_halt(self.desk.entries, self.playing, AT):
            self.desk.happen(happenings.Halted(self.playing, self.reached, interrupted=True))
            self.playing = None

    @rule()
    def stop_cleanly(self) -> None:
        if self.playing is not None:
            self.desk.happen(happenings.Halted(self.playing, self.reached))
            self.playing = None

    @rule()
    def crash(self) -> None:
        """Memory never holds more than the pocket: only the playing is lost."""
        self.playing = None

    @invariant()
    def nothing_is_heard_twice(self) -> None:
        for stretches in self.ear.values():
            assert all(before[1] <= after[0] for before, after in pairwise(stretches))

    @invariant()
    def each_is_heard_in_full_at_most_once(self) -> None:
        for id_ in self.rows:
            passes = [sum(b - a for a, b in self.ear[id_, again]) for again in (False, True)]
            assert passes.count(LENGTH) <= 1

    @invariant()
    def receipts_only_rise(self) -> None:
        for id_ in self.rows:
            ranks = [state.RANK[told] for told in self.desk.told(id_)]
            assert ranks == sorted(set(ranks))

    @invariant()
    def a_receipt_claims_no_more_than_was_heard(self) -> None:
        for receipt in self.desk.receipts:
            if receipt.state is Told.PLAYED:
                again = self.desk.entries[receipt.delivery].mark.restarted
                heard = sum(b - a for a, b in self.ear[receipt.delivery, again])
                assert receipt.played_ms is not None
                assert receipt.gap_ms is not None
                assert receipt.played_ms <= heard
                assert receipt.played_ms + receipt.gap_ms == LENGTH


TestStation = Station.TestCase
TestStation.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def ready(*rows: Notice) -> Desk:
    desk = Desk()
    desk.happen(happenings.Listed(rows))
    for row in rows:
        desk.happen(happenings.Fetched(row.id))
    return desk


def test_emergencies_come_first_and_then_the_time_of_sending_decides():
    desk = ready(notice(1, minute=2), notice(2, minute=1), notice(3, minute=3, priority=Priority.EMERGENCY))

    order = []
    while entry := state.next_to_play(desk.entries, AT):
        order.append(entry.id.int)
        desk.happen(happenings.Begun(entry.id, LENGTH, LENGTH))
        desk.happen(happenings.Ended(entry.id))

    assert order == [3, 2, 1]


def test_an_ordinary_notice_broken_off_by_an_emergency_is_played_from_its_start_once():
    first = notice(1)
    desk = ready(first)
    desk.happen(happenings.Begun(first.id, LENGTH, SLICE))

    desk.happen(happenings.Halted(first.id, 200, interrupted=True))
    desk.happen(happenings.Begun(first.id, LENGTH, SLICE))
    desk.happen(happenings.Reserved(first.id, 250, 600))
    desk.happen(happenings.Halted(first.id, 400, interrupted=True))

    mark = desk.entries[first.id].mark
    assert (mark.restarted, mark.heard_ms, mark.position_ms) == (True, 400, 400)


def test_after_a_crash_what_was_reserved_is_a_gap_and_is_not_played_again():
    row = notice(1)
    desk = ready(row)
    desk.happen(happenings.Begun(row.id, LENGTH, SLICE))
    desk.happen(happenings.Reserved(row.id, 150, 600))

    desk.happen(happenings.Begun(row.id, LENGTH, SLICE))
    desk.happen(happenings.Reserved(row.id, 700, LENGTH))
    desk.happen(happenings.Ended(row.id))

    last = desk.receipts[-1]
    assert (last.state, last.played_ms, last.gap_ms, last.gaps) == (Told.PLAYED, 550, 450, 1)


def test_a_new_pocket_does_not_play_what_was_heard_before():
    desk = ready(notice(1, outcome="read"), notice(2, outcome="confirmed"), notice(3, cancelled=True))

    assert state.next_to_play(desk.entries, AT) is None
    assert desk.receipts == []


def test_an_expired_or_withdrawn_notice_is_not_begun():
    desk = ready(notice(1, expires_at=AT), notice(2))
    desk.happen(happenings.Listed((), whole=True))

    assert state.next_to_play(desk.entries, AT) is None


def test_a_text_is_displayed_at_once_and_audio_that_cannot_be_played_says_why():
    text, odd = notice(1, audio=False), notice(2)
    desk = Desk()
    desk.happen(happenings.Listed((text, odd)))
    desk.happen(happenings.Unusable(odd.id, "站点无法播放此音频。"))

    assert [(r.delivery.int, r.state.value, r.reason) for r in desk.receipts] == [
        (1, "delivered", ""), (1, "displayed", ""), (2, "delivered", ""),
        (2, "displayed", "站点无法播放此音频。")]
