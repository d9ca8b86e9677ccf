"""Who has come in lately, so that not every request asks the database; and who must leave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from hub.kernel.actor import Actor

REMEMBERED_FOR = timedelta(seconds=10)
TRUSTED_FOR = timedelta(hours=12)
"""While the database is away: who proved himself so lately. As long as a session may lie idle."""
REMEMBERED = 20_000
"""The people and machines of one process, at about a kilobyte each."""

OnRevoked = Callable[[str], Awaitable[None]]
"""Told a credential, `session:<id>`, `device:<id>`, `key:<id>` or `links:<person>`: whoever is
connected by it must prove himself again."""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """`expires` is the end that comes in any case; 12 idle hours end it earlier."""

    id: UUID
    account: UUID | None
    person: UUID | None
    created: datetime
    expires: datetime
    owes: tuple[str, ...] = ()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody at the door who has proved who he is, and by what."""

    actor: Actor
    credential: str
    session: Session | None = None
    expires: datetime | None = None
    delivery: UUID | None = None
    """What a link opens."""


class Known(NamedTuple):
    entry: Entry
    at: datetime
    changes: int


class Entries:
    def __init__(self) -> None:
        self.listeners: list[OnRevoked] = []
        self.doubters: list[Callable[[str], None]] = []
        """Told by whom the directory says that he is here no longer: what this node has found out,"""
        self.dismissers: list[Callable[[str], None]] = []
        """and what any node has."""
        self._known: dict[bytes, Known] = {}
        self._doubted: dict[str, int] = {}
        self._changes = 0

    def recall(self, token: bytes, at: datetime) -> Entry | None:
        return self._recall(token, at, REMEMBERED_FOR)

    def trust(self, token: bytes, at: datetime) -> Entry | None:
        """While nobody can be asked: who was known lately, was not revoked since, and of whom nothing new is known."""
        return self._recall(token, at, TRUSTED_FOR)

    def hand_on(self, token: bytes) -> tuple[Entry, datetime] | None:
        """To another node: who proved himself here, and when."""
        known = self._known.get(token)
        if known is None or self._doubted.get(known.entry.actor.id, 0) > known.changes:
            return None
        return known.entry, known.at

    def _recall(self, token: bytes, at: datetime, long: timedelta) -> Entry | None:
        entry, proved = self.hand_on(token) or (None, at)
        if entry is None or not proved <= at < proved + long:
            return None
        return None if entry.expires and at >= entry.expires else entry

    @property
    def changes(self) -> int:
        """Ask before reading the database and hand it to `remember`: what was revoked in between
        is then not remembered."""
        return self._changes

    def remember(self, token: bytes, entry: Entry, at: datetime, changes: int) -> None:
        if changes != self._changes:
            return
        self._known.pop(token, None)
        self._known[token] = Known(entry, at, changes)
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]

    def forget(self, credentials: Collection[str]) -> None:
        """Also for word from another node."""
        self._changes += 1
        self._known = {token: known for token, known in self._known.items() if known.entry.credential not in credentials}

    def doubt(self, actor: str) -> None:
        """The directory says that he is here no longer: he is trusted only after the next proof."""
        self.doubt_here(actor)
        for tell in self.doubters:
            tell(actor)

    def doubt_here(self, actor: str) -> None:
        """For word from another node."""
        self._changes += 1
        self._doubted.pop(actor, None)
        self._doubted[actor] = self._changes
        if len(self._doubted) > REMEMBERED:
            self._known.clear()
            self._doubted.clear()
        for dismiss in self.dismissers:
            dismiss(actor)

    async def end(self, credentials: Collection[str]) -> None:
        """Call after the commit."""
        if not credentials:
            return
        self.forget(credentials)
        for listener in self.listeners:
            for credential in credentials:
                await listener(credential)
