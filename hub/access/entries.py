"""Who has come in lately, so that not every request asks the database; and who must leave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from hub.kernel.actor import Actor

REMEMBERED_FOR = timedelta(seconds=10)
REMEMBERED = 10_000

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


class Entries:
    def __init__(self) -> None:
        self.listeners: list[OnRevoked] = []
        self._known: dict[bytes, tuple[datetime, Entry]] = {}
        self._changes = 0

    def recall(self, token: bytes, at: datetime) -> Entry | None:
        read_at, entry = self._known.get(token, (None, None))
        if read_at is None or entry is None or not read_at <= at < read_at + REMEMBERED_FOR:
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
        self._known[token] = (at, entry)
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]

    def forget(self, credentials: Collection[str]) -> None:
        """Also for word from another node."""
        self._changes += 1
        self._known = {token: known for token, known in self._known.items() if known[1].credential not in credentials}

    async def end(self, credentials: Collection[str]) -> None:
        """Call after the commit."""
        if not credentials:
            return
        self.forget(credentials)
        for listener in self.listeners:
            for credential in credentials:
                await listener(credential)
