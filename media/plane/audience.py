"""Who plays a track: slots in groups that share all bytes after the fixed header, and slots that wait."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from media.plane.board import Board
from media.plane.ring import Kept
from media.plane.rtp import Extensions, sent_time
from media.plane.slot import Slot


class Group:
    __slots__ = ("extensions", "newest", "rows", "slots", "streams")

    def __init__(self, extensions: Extensions) -> None:
        self.extensions = extensions
        self.slots: list[Slot] = []
        self.streams: list[Slot] = []
        """Those over TCP."""
        self.rows: Any = None
        self.newest = 0
        """The largest first index of them all: an older packet is not for everybody."""

    def prepare(self, board: Board) -> None:
        direct = [slot.row for slot in self.slots if slot.row is not None and slot.row.path.wire]
        self.rows = board.fan.rows(direct) if direct else None
        self.streams = [slot for slot in self.slots if slot.row is not None and not slot.row.path.wire]
        self.newest = max((slot.start for slot in self.slots), default=0)


class Audience:
    __slots__ = ("_board", "_groups", "waiting")

    def __init__(self, board: Board) -> None:
        self._board = board
        self._groups: dict[object, Group] = {}
        self.waiting: list[Slot] = []

    def __len__(self) -> int:
        return len(self.waiting) + sum(len(group.slots) for group in self._groups.values())

    def playing(self) -> list[Slot]:
        return [slot for group in self._groups.values() for slot in group.slots]

    def everybody(self) -> list[Slot]:
        return [*self.waiting, *self.playing()]

    def enter(self, slots: Iterable[Slot]) -> None:
        """They have begun."""
        touched = set()
        for slot in slots:
            group = self._groups.setdefault(slot.extensions.key, Group(slot.extensions))
            group.slots.append(slot)
            touched.add(slot.extensions.key)
        for key in touched:
            self._groups[key].prepare(self._board)

    def exit(self, slot: Slot) -> None:
        if slot in self.waiting:
            self.waiting.remove(slot)
        group = self._groups.get(slot.extensions.key)
        if group is None or slot not in group.slots:
            return
        group.slots.remove(slot)
        if group.slots:
            group.prepare(self._board)
        else:
            del self._groups[slot.extensions.key]

    def clear(self) -> list[Slot]:
        """All that were playing."""
        slots = self.playing()
        self._groups.clear()
        return slots

    def refresh(self, slot: Slot) -> None:
        group = self._groups.get(slot.extensions.key)
        if group is not None and slot in group.slots:
            group.prepare(self._board)

    def pass_on(self, kept: Kept) -> None:
        index, marker, timestamp, carried, payload = kept
        board = self._board
        for group in self._groups.values():
            if index < group.newest:
                self._one_by_one(group, kept)
                continue
            block = group.extensions.block(carried, sent_time(board.now))
            if group.rows is not None:
                board.fan.send(group.rows, marker, index, timestamp, bool(block), block + payload)
            for slot in group.streams:
                slot.send(board.fan, kept, board.now)

    def _one_by_one(self, group: Group, kept: Kept) -> None:
        for slot in group.slots:
            slot.send(self._board.fan, kept, self._board.now)
