"""Everything the simulated vendors remember, bounded: the oldest is forgotten first."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from datetime import datetime
from typing import Generic, Protocol, TypeVar

import msgspec

from scripts.carriers_sim.people import Habits

MOST_KEPT = 50_000
MOST_PEOPLE = 50_000
MOST_OF_ONE = 50


class Sms(msgspec.Struct, kw_only=True):
    sid: str
    to: str
    sender: str
    service: str
    body: str
    status: str
    created: datetime
    updated: datetime
    sent: datetime | None = None
    error_code: int | None = None
    callback: str = ""
    opened: str = ""


class Notice(msgspec.Struct, kw_only=True):
    """A WeChat template message."""

    sid: str
    to: str
    template: str
    link: str
    fields: dict[str, str]
    client_msg_id: str
    status: str
    created: datetime
    opened: str = ""


class Call(msgspec.Struct, kw_only=True):
    sid: str
    to: str
    sender: str
    url: str
    method: str
    callback: str
    events: frozenset[str]
    ring_seconds: float
    detect: str
    detect_callback: str
    created: datetime
    updated: datetime
    twiml: str = ""
    status: str = "queued"
    started: datetime | None = None
    ended: datetime | None = None
    seconds: int = 0
    answered_by: str = ""
    sip: int = 0
    sequence: int = 0
    heard: list[str] = msgspec.field(default_factory=list)
    pressed: str = ""
    asking: bool = False
    streamed: int = 0
    """Frames with sound that came over a Media Stream."""


class Addressed(Protocol):
    sid: str
    to: str


Item = TypeVar("Item", bound=Addressed)


class Kept(Generic[Item]):
    """By id in the order of arrival, and by address."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._items: OrderedDict[str, Item] = OrderedDict()
        self._by_address: dict[str, deque[Item]] = {}

    def __len__(self) -> int:
        return len(self._items)

    def add(self, item: Item) -> None:
        self._items[item.sid] = item
        self._by_address.setdefault(item.to, deque(maxlen=MOST_OF_ONE)).append(item)
        if len(self._items) > self._most:
            self.drop(next(iter(self._items)))

    def get(self, sid: str) -> Item | None:
        return self._items.get(sid)

    def drop(self, sid: str) -> None:
        item = self._items.pop(sid, None)
        if item is None:
            return
        mine = self._by_address.get(item.to)
        if mine and item in mine:
            mine.remove(item)
        if not mine:
            self._by_address.pop(item.to, None)

    def newest(self, address: str = "") -> Iterator[Item]:
        return reversed(self._by_address.get(address, ())) if address else reversed(self._items.values())

    def clear(self) -> None:
        self._items.clear()
        self._by_address.clear()


class Store:
    def __init__(self) -> None:
        self.messages: Kept[Sms] = Kept()
        self.notices: Kept[Notice] = Kept()
        self.calls: Kept[Call] = Kept()
        self.habits: dict[str, Habits] = {}
        self.seen: OrderedDict[str, None] = OrderedDict()
        """Addresses, the most lately touched last."""
        self.counts: Counter[str] = Counter()
        self.version = 0

    def touch(self, address: str) -> None:
        self.version += 1
        self.seen[address] = None
        self.seen.move_to_end(address)
        if len(self.seen) > MOST_PEOPLE:
            self.seen.popitem(last=False)

    def clear(self) -> None:
        self.messages.clear()
        self.notices.clear()
        self.calls.clear()
        self.seen.clear()
        self.counts.clear()
        self.version += 1
