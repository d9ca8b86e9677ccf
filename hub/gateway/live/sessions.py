"""What is kept of a connection so that it can be resumed: here, on another node, after a restart."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

if TYPE_CHECKING:
    from hub.gateway.live.connection import Connection

KEPT_SECONDS = 600.0


class Kept(msgspec.Struct, kw_only=True):
    """`who` must be the same for a session to be resumed. `rooms`: each with the number at which it
    was joined. `since`: the number when it came. `card` is what the door wants to see again. `turn`:
    how often it was resumed. `node` had it last."""

    who: str
    card: str
    rooms: dict[str, int]
    since: int
    turn: int = 0
    node: str = ""


class Session:
    __slots__ = ("cut_at", "holder", "kept")

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.holder: Connection | None = None
        self.cut_at: float | None = None


class Keep(Protocol):
    """Where sessions stand outside of this process."""

    shared: bool
    """By several nodes: what stands there may be newer than what is known here."""

    def put(self, pid: str, kept: Kept) -> None: ...

    def drop(self, pid: str) -> None: ...

    async def find(self, pid: str) -> Kept | None: ...

    async def sure(self, pid: str) -> None:
        """What was put stands there, or the store is away."""

    def tick(self, sessions: Sessions, now: float) -> None:
        """Once a second."""


class NoKeep:
    """Sessions end with the process."""

    shared = False

    def put(self, pid: str, kept: Kept) -> None: ...

    def drop(self, pid: str) -> None: ...

    async def find(self, pid: str) -> Kept | None:
        return None

    async def sure(self, pid: str) -> None: ...

    def tick(self, sessions: Sessions, now: float) -> None: ...


Held = Callable[[Any], bool]
Bar = tuple[float, Held]


class Sessions:
    def __init__(self, keep: Keep, node: str) -> None:
        self._keep, self._node = keep, node
        self._sessions: dict[str, Session] = {}
        self._cut: deque[tuple[float, str]] = deque()
        self._barred: dict[str, list[Bar]] = {}

    async def find(self, pid: str) -> Session | None:
        ours = self._sessions.get(pid)
        if not pid or (ours is not None and not self._keep.shared):
            return ours
        kept = await self._keep.find(pid)
        ours = self._sessions.get(pid)
        if kept is None or (ours is not None and ours.kept.turn >= kept.turn):
            return ours
        return Session(kept)

    def hold(self, pid: str, session: Session, holder: Connection) -> Connection | None:
        """Returns who held it here before."""
        before = self._sessions.get(pid)
        other = before.holder if before is not None else None
        session.holder, session.cut_at = holder, None
        session.kept.turn += 1
        session.kept.node = self._node
        self._sessions[pid] = session
        self._keep.put(pid, session.kept)
        return other if other is not holder else None

    def restore(self, found: Iterable[tuple[str, Kept]], now: float) -> None:
        """After a restart: all were cut just now."""
        for pid, kept in found:
            session = self._sessions[pid] = Session(kept)
            session.cut_at = now
            self._cut.append((now, pid))

    def changed(self, pid: str) -> None:
        session = self._sessions.get(pid)
        if session is not None:
            self._keep.put(pid, session.kept)

    async def sure(self, pid: str) -> None:
        await self._keep.sure(pid)

    def cut(self, pid: str, holder: Connection, now: float) -> None:
        session = self._sessions.get(pid)
        if session is not None and session.holder is holder:
            session.holder, session.cut_at = None, now
            self._cut.append((now, pid))

    def taken(self, pid: str) -> Connection | None:
        """Another node has it now; returns who held it here."""
        session = self._sessions.pop(pid, None)
        return session.holder if session is not None else None

    def forget(self, pid: str) -> None:
        self._sessions.pop(pid, None)
        self._keep.drop(pid)

    def kept(self, pid: str) -> Kept | None:
        session = self._sessions.get(pid)
        return session.kept if session is not None else None

    def tick(self, now: float) -> None:
        self._keep.tick(self, now)
        while self._cut and self._cut[0][0] < now - KEPT_SECONDS:
            cut_at, pid = self._cut.popleft()
            session = self._sessions.get(pid)
            if session is not None and session.cut_at == cut_at:
                del self._sessions[pid]
                if not self._keep.shared:
                    self._keep.drop(pid)

    def bar(self, room: str, held: Held, now: float) -> None:
        """Whoever was cut off in this room and is one of these does not resume, wherever he was."""
        for known in list(self._barred):
            left = [bar for bar in self._barred[known] if bar[0] > now - 2 * KEPT_SECONDS]
            if left:
                self._barred[known] = left
            else:
                del self._barred[known]
        self._barred.setdefault(room, []).append((now, held))

    def barred(self, kept: Kept, guest: Any) -> bool:
        return any(held(guest) for room in kept.rooms if room in self._barred for _, held in self._barred[room])

    def begin_anew(self, number: int) -> None:
        """A new epoch: who was cut in the old one is refused; who is here is not told again what was before."""
        for pid, session in list(self._sessions.items()):
            if session.holder is None:
                self.forget(pid)
                continue
            session.kept.since = number
            for room in session.kept.rooms:
                session.kept.rooms[room] = number
            self._keep.put(pid, session.kept)

    def __iter__(self) -> Iterator[tuple[str, Session]]:
        return iter(self._sessions.items())

    def __len__(self) -> int:
        return len(self._sessions)
