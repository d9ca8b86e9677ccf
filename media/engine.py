"""What the hub asks of the packet plane, whichever stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from hub.kernel.errors import TryAgain
from media.shapes import Allowed, FloorState, Part, PeerState, RoomWish, Tile
from media.wires import FloorAct, FloorAnswer, FloorTurn, Joined, Told

Hears = Callable[[Told], None]
"""Called on the loop, in order; must neither block nor raise."""


class Engine(Protocol):
    """Every call may raise TryAgain while the plane is away, and Refused with the sentence for who asked.
    What is asked of a plane that dies is gone: whoever states rooms does it again on `Boot`
    (`media.settling` does)."""

    async def run(self) -> None:
        """Keeps the line to the plane up until cancelled."""

    async def settle(self, wish: RoomWish) -> None:
        """Makes the room so: opens it, lets in and out, gates, moves, sets the floor. Idempotent."""

    async def close_room(self, room: str, why: str = "") -> None:
        """Everybody in it is let go; also from its side rooms. A room that is not open is closed."""

    async def join(
        self, *, peer: str, room: str, offer: str, parts: Mapping[str, Part], name: str, by: str, allowed: Allowed,
    ) -> Joined:
        """A connection for a peer. The same peer again replaces it and keeps place and floor."""

    async def leave(self, peer: str, by: str = "", why: str = "") -> None:
        """`by`: who wishes it, where it is not the hub itself; he must own the peer."""

    async def tiles(self, peer: str, by: str, wanted: Sequence[str] | None, large: int = 1) -> None: ...

    async def floor(
        self, room: str, act: FloorAct, peer: str = "", *, by: str = "", rank: int | None = None, grant: int = 0,
    ) -> FloorAnswer:
        """`peer`: a peer or a ref. `by` "": the hub itself, for whomever it names."""

    async def play(self, room: str, key: str, path: Path, *, loop: bool = False, to: Sequence[str] = (), name: str = "") -> str:
        """A prepared Opus file (media/README.md). Returns the playing's id; `PlayEnded` follows. Under a `name` that plays
        already nothing begins twice: the same file goes on, now to these; another one takes its place."""

    async def stop_play(self, playing: str) -> None: ...

    async def tap(
        self, room: str, socket: Path, *, source: str = "", video: bool = True, tap: str = "", played: bool = False,
    ) -> str:
        """Sends what comes in (and what is `played`) to the studio's socket (media.tapping) until untapped or TapLost.
        Returns its id."""

    async def untap(self, tap: str) -> None: ...

    async def key_frame(self, source: str) -> None: ...

    async def leg(self, peer: str, room: str, name: str) -> None:
        """A telephone stands in the room; `leave` ends it."""

    def leg_spoke(self, peer: str, opus: bytes) -> None:
        """20 ms of what it says; now or never."""

    async def listen(self, room: str) -> None:
        """From now on `Voice` is told to this process; counted, each needs its `unlisten`."""

    async def unlisten(self, room: str) -> None: ...

    async def turns(self) -> Sequence[FloorTurn]:
        """Turns on the floor that have ended lately."""

    async def figures(self) -> Mapping[str, float]:
        """What the plane measures; empty while it is away."""

    def present(self, room: str) -> Sequence[PeerState]:
        """Who is connected and belongs to this room, as far as this process was told."""

    def floor_of(self, room: str) -> FloorState | None: ...

    def tiles_of(self, peer: str) -> Sequence[Tile]: ...

    def hear(self, hears: Hears) -> None: ...

    def stop_hearing(self, hears: Hears) -> None: ...

    @property
    def away(self) -> bool:
        """Just now there is no plane."""


def plane_away() -> TryAgain:
    return TryAgain("音视频服务正在重新启动，请稍等几秒再试。", "Voice and picture are starting again; try once more in a few seconds.",
                    code="media-away")


def media_off() -> TryAgain:
    return TryAgain("本中枢没有开启音视频（HUB_MEDIA=off），请联系管理员。",
                    "Voice and picture are switched off on this hub (HUB_MEDIA=off); ask an administrator.", code="media-off")
