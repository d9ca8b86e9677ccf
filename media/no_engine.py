"""The engine of a hub without voice and picture (HUB_MEDIA=off): rooms may be stated, nobody can join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from media.engine import Hears, media_off
from media.shapes import Allowed, FloorState, Part, PeerState, RoomWish, Tile
from media.wires import FloorAct, FloorAnswer, FloorTurn, Joined


class NoEngine:
    away = True

    async def run(self) -> None:
        """There is nothing to keep."""

    async def settle(self, wish: RoomWish) -> None: ...

    async def close_room(self, room: str, why: str = "") -> None: ...

    async def join(
        self, *, peer: str, room: str, offer: str, parts: Mapping[str, Part], name: str, by: str, allowed: Allowed,
    ) -> Joined:
        raise media_off()

    async def leave(self, peer: str, by: str = "", why: str = "") -> None: ...

    async def tiles(self, peer: str, by: str, wanted: Sequence[str] | None, large: int = 1) -> None:
        raise media_off()

    async def floor(
        self, room: str, act: FloorAct, peer: str = "", *, by: str = "", rank: int | None = None, grant: int = 0,
    ) -> FloorAnswer:
        raise media_off()

    async def play(self, room: str, key: str, path: Path, *, loop: bool = False, to: Sequence[str] = (), name: str = "") -> str:
        raise media_off()

    async def stop_play(self, playing: str) -> None: ...

    async def tap(
        self, room: str, socket: Path, *, source: str = "", video: bool = True, tap: str = "", played: bool = False,
    ) -> str:
        raise media_off()

    async def untap(self, tap: str) -> None: ...

    async def key_frame(self, source: str) -> None: ...

    async def leg(self, peer: str, room: str, name: str) -> None:
        raise media_off()

    def leg_spoke(self, peer: str, opus: bytes) -> None: ...

    async def listen(self, room: str) -> None:
        raise media_off()

    async def unlisten(self, room: str) -> None: ...

    async def turns(self) -> Sequence[FloorTurn]:
        return ()

    async def figures(self) -> Mapping[str, float]:
        return {}

    def present(self, room: str) -> Sequence[PeerState]:
        return ()

    def floor_of(self, room: str) -> FloorState | None:
        return None

    def tiles_of(self, peer: str) -> Sequence[Tile]:
        return ()

    def hear(self, hears: Hears) -> None: ...

    def stop_hearing(self, hears: Hears) -> None: ...
