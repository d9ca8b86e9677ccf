"""Listeners of the one voice of a room (media.plane.voice): whose frames go to which hub process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from hub.wire.parcels import parcel
from media.plane.patch import Packets
from media.plane.rooms import Room
from media.plane.voice import Programme, payload_of, voice_of
from media.plane.words import Source
from media.wires import Voice

Say = Callable[[bytes], None]
"""Writes a parcel to one hub process."""


class Voices:
    def __init__(self, switch: Callable[[], Packets]) -> None:
        self._switch = switch
        self._programmes: dict[str, Programme] = {}
        self._says: dict[str, dict[Say, None]] = {}

    def __len__(self) -> int:
        return len(self._programmes)

    def listen(self, room: str, say: Say) -> None:
        self._says.setdefault(room, {})[say] = None
        self._programmes.setdefault(room, Programme())

    def unlisten(self, room: str, say: Say) -> None:
        says = self._says.get(room, {})
        says.pop(say, None)
        if not says and room in self._programmes:
            self._programmes.pop(room).change("")
            del self._says[room]

    def gone(self, say: Say) -> None:
        for room in list(self._says):
            self.unlisten(room, say)

    def sources(self) -> set[str]:
        return {one.source for one in self._programmes.values() if one.source}

    def follow(self, room: Room) -> None:
        """Another may be the one that is heard."""
        programme = self._programmes.get(room.id)
        if programme is None:
            return
        source = voice_of(room, asyncio.get_running_loop().time())
        if source == programme.source:
            return
        programme.change(source)
        if source and source not in room.playing:
            programme.untap = self._switch().tap(Source(source), lambda packet: self._packet(room.id, programme, packet))

    def played(self, room: str, source: str, frame: bytes) -> None:
        programme = self._programmes.get(room)
        if programme is not None and programme.source == source:
            self._say(room, programme.frame(frame))

    def _packet(self, room: str, programme: Programme, packet: bytes) -> None:
        ts, payload = payload_of(packet)
        if payload:
            self._say(room, programme.frame(payload, ts))

    def _say(self, room: str, frame: bytes) -> None:
        voice = parcel((0, Voice(room=room, frame=frame)))
        for say in list(self._says.get(room, ())):
            say(voice)
