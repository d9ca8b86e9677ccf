"""The engine as it is: a line to the packet process on this machine, and a mirror of what it tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from hub.kernel.errors import TryAgain
from media.engine import Hears, plane_away
from media.line import Line
from media.mirror import Mirror
from media.shapes import Allowed, FloorState, Part, PeerState, RoomWish, Tile
from media.wires import (
    Answer,
    Boot,
    CloseRoom,
    Done,
    Figures,
    FloorAct,
    FloorAnswer,
    FloorAsk,
    FloorTurn,
    Join,
    Joined,
    KeyFrame,
    Leave,
    LegSpoke,
    LegUp,
    Listen,
    Measured,
    PeerGone,
    Play,
    Settle,
    Stated,
    StopPlay,
    Tap,
    Tiles,
    Told,
    Turns,
    TurnsTaken,
    Unlisten,
    Untap,
)


class PlaneEngine:
    def __init__(self, socket: Path) -> None:
        self._line = Line(socket, tuple[int, Answer | Told], away=plane_away, told=self._told, lost=self._lost)
        self.mirror = Mirror()
        self._hears: list[Hears] = []
        self._listened: Counter[str] = Counter()
        self._former: set[tuple[str, str]] = set()
        """Who was there when the line broke: some of them the plane, or another one, knows no more."""

    async def run(self) -> None:
        """Keeps the line up until cancelled."""
        await self._line.run()

    @property
    def away(self) -> bool:
        return not self._line.up

    async def settle(self, wish: RoomWish) -> None:
        await self._line.ask(Settle(wish=wish), Done)

    async def close_room(self, room: str, why: str = "") -> None:
        await self._line.ask(CloseRoom(room=room, why=why), Done)

    async def join(
        self, *, peer: str, room: str, offer: str, parts: Mapping[str, Part], name: str, by: str, allowed: Allowed,
    ) -> Joined:
        return await self._line.ask(Join(peer=peer, room=room, offer=offer, parts=parts, name=name, by=by, allowed=allowed), Joined)

    async def leave(self, peer: str, by: str = "", why: str = "") -> None:
        await self._line.ask(Leave(peer=peer, by=by, why=why), Done)

    async def tiles(self, peer: str, by: str, wanted: Sequence[str] | None, large: int = 1) -> None:
        await self._line.ask(Tiles(peer=peer, by=by, wanted=None if wanted is None else tuple(wanted), large=large), Done)

    async def floor(
        self, room: str, act: FloorAct, peer: str = "", *, by: str = "", rank: int | None = None, grant: int = 0,
    ) -> FloorAnswer:
        return await self._line.ask(FloorAsk(room=room, act=act, peer=peer, by=by, rank=rank, grant=grant), FloorAnswer)

    async def play(self, room: str, key: str, path: Path, *, loop: bool = False, to: Sequence[str] = (), name: str = "") -> str:
        playing = name or uuid4().hex
        await self._line.ask(Play(playing=playing, room=room, key=key, path=str(path), loop=loop, to=tuple(to)), Done)
        return playing

    async def stop_play(self, playing: str) -> None:
        await self._line.ask(StopPlay(playing=playing), Done)

    async def tap(
        self, room: str, socket: Path, *, source: str = "", video: bool = True, tap: str = "", played: bool = False,
    ) -> str:
        name = tap or uuid4().hex
        await self._line.ask(Tap(tap=name, room=room, source=source, socket=str(socket), video=video, played=played), Done)
        return name

    async def untap(self, tap: str) -> None:
        await self._line.ask(Untap(tap=tap), Done)

    async def key_frame(self, source: str) -> None:
        await self._line.ask(KeyFrame(source=source), Done)

    async def leg(self, peer: str, room: str, name: str) -> None:
        await self._line.ask(LegUp(peer=peer, room=room, name=name), Done)

    def leg_spoke(self, peer: str, opus: bytes) -> None:
        self._line.say(LegSpoke(peer=peer, opus=opus))

    async def listen(self, room: str) -> None:
        self._listened[room] += 1
        await self._line.ask(Listen(room=room), Done)

    async def unlisten(self, room: str) -> None:
        self._listened[room] -= 1
        if self._listened[room] <= 0:
            del self._listened[room]
            self._line.say(Unlisten(room=room))

    async def turns(self) -> Sequence[FloorTurn]:
        return (await self._line.ask(Turns(), TurnsTaken)).turns

    async def figures(self) -> Mapping[str, float]:
        try:
            return (await self._line.ask(Figures(), Measured, within=1.0)).values if self._line.up else {}
        except TryAgain:
            return {}

    def present(self, room: str) -> Sequence[PeerState]:
        return self.mirror.present(room)

    def floor_of(self, room: str) -> FloorState | None:
        return self.mirror.floor_of(room)

    def tiles_of(self, peer: str) -> Sequence[Tile]:
        return self.mirror.tiles_of(peer)

    def hear(self, hears: Hears) -> None:
        self._hears.append(hears)

    def stop_hearing(self, hears: Hears) -> None:
        self._hears.remove(hears)

    def _told(self, told: Any) -> None:
        if isinstance(told, Boot):
            for room in self._listened:
                self._line.say(Listen(room=room))
        if isinstance(told, Stated):
            gone, self._former = self._former - self.mirror.everyone(), set()
            for room, peer in sorted(gone):
                self._pass_on(PeerGone(room=room, peer=peer, lost=True))
        self._pass_on(told)

    def _pass_on(self, told: Told) -> None:
        self.mirror.take(told)
        for hears in list(self._hears):
            hears(told)

    def _lost(self) -> None:
        self._former |= self.mirror.everyone()
        self.mirror.clear()
