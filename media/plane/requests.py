"""What a hub process may ask of the plane, and who answers it. Nothing that is asked ends the plane."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import structlog
from msgspec.structs import replace

from hub.kernel.errors import Broken, HubError, Malformed
from hub.wire.parcels import parcel
from media.names import source_id
from media.plane.floors import known_peer
from media.plane.plane import Plane
from media.plane.playout import Playing, Playout, Shelf
from media.plane.rooms import Room
from media.plane.taps import Taps
from media.plane.voices import Voices
from media.plane.words import LocalSource, Source
from media.wires import (
    Answer,
    Boot,
    CloseRoom,
    Done,
    Failed,
    Figures,
    FloorAct,
    FloorAnswer,
    FloorAsk,
    FloorChanged,
    Join,
    Joined,
    KeyFrame,
    Leave,
    LegSpoke,
    LegUp,
    Listen,
    Measured,
    PeerChanged,
    Play,
    PlayEnded,
    Request,
    Settle,
    Stated,
    StopPlay,
    Tap,
    Tiles,
    TilesChanged,
    Told,
    Turns,
    TurnsTaken,
    Unlisten,
    Untap,
)

log = structlog.get_logger()

Say = Callable[[bytes], None]
"""Writes a parcel to one hub process."""

LEG_TICKS = 960
LEG_LEVEL, LEG_SILENT, LEG_SPEECH_BYTES = 35, 127, 24
"""A telephone's frames say no level; those of silence are small."""


class Requests:
    def __init__(self, plane: Plane) -> None:
        self.plane = plane
        self.boot = secrets.token_hex(8)
        self._hubs: dict[Say, None] = {}
        self._shelf = Shelf()
        self.playout = Playout(self._play_ended, self._played)
        self._playing: dict[str, tuple[Play, LocalSource]] = {}
        self._legs: dict[str, LocalSource] = {}
        self.taps = Taps(lambda: plane.patch.switch, self.tell)
        self.voices = Voices(lambda: plane.patch.switch)
        plane.tapped = lambda: self.taps.sources() | self.voices.sources()
        plane.rerouted.append(self._follow)
        self._handlers: dict[type, Callable[[Any], Answer | None]] = {
            Settle: self._settle, CloseRoom: self._close_room, Leave: self._leave, Tiles: self._tiles, FloorAsk: self._floor,
            StopPlay: self._stop_play, Untap: self._untap, KeyFrame: self._key_frame, Turns: self._turns, Figures: self._figures,
            LegUp: self._leg_up, LegSpoke: self._leg_spoke,
        }
        self._slow: dict[type, Callable[[Any], Awaitable[Answer]]] = {Join: self._join, Play: self._play, Tap: self._tap}

    def came(self, say: Say) -> None:
        self._hubs[say] = None
        for told in self._state():
            say(parcel((0, told)))

    def went(self, say: Say) -> None:
        self._hubs.pop(say, None)
        self.voices.gone(say)

    def tell(self, told: Told) -> None:
        """Packed once for all."""
        packed = parcel((0, told))
        for say in list(self._hubs):
            say(packed)

    def _state(self) -> Iterator[Told]:
        yield Boot(id=self.boot)
        for room in self.plane.rooms.values():
            if room.floor is not None:
                yield FloorChanged(room=room.id, state=self.plane.floors.state(room))
        for peer in self.plane.peers.values():
            yield PeerChanged(state=peer.state())
            yield TilesChanged(room=peer.room, peer=peer.id, tiles=peer.tiles)
        yield Stated()

    def at_once(self, request: Request) -> bool:
        return type(request) not in self._slow

    def now(self, say: Say, request: Request) -> Answer | None:
        """None: nothing is expected."""
        try:
            if isinstance(request, Listen | Unlisten):
                return self._listen(say, request)
            return self._handlers[type(request)](request)
        except HubError as error:
            return failed(error)
        except Exception:  # the plane goes on, whatever one request does to it
            log.exception("unforeseen", request=type(request).__name__)
            return failed(unforeseen())

    async def later(self, request: Request) -> Answer:
        try:
            return await self._slow[type(request)](request)
        except HubError as error:
            return failed(error)
        except Exception:  # as above
            log.exception("unforeseen", request=type(request).__name__)
            return failed(unforeseen())

    # --- requests ---------------------------------------------------------------------------------

    def _settle(self, wish: Settle) -> Answer:
        self.plane.settle(wish.wish)
        return Done()

    def _close_room(self, wish: CloseRoom) -> Answer:
        for playing in [one for one, (known, _) in self._playing.items() if known.room == wish.room]:
            self._end_play(playing, "closed")
        self.plane.close_room(wish.room, wish.why)
        return Done()

    async def _join(self, wish: Join) -> Joined:
        return await self.plane.join(wish)

    def _leave(self, wish: Leave) -> Answer:
        if wish.peer in self.plane.peers:
            self.plane.leave(self.plane.owned(wish.peer, wish.by), wish.why or "left")
        leg = self._legs.pop(wish.peer, None)
        if leg is not None:
            leg.close()
        return Done()

    def _tiles(self, wish: Tiles) -> Answer:
        self.plane.tile(wish)
        return Done()

    def _floor(self, wish: FloorAsk) -> FloorAnswer:
        room = self.plane.rooms.get(wish.room)
        if room is None:
            raise Malformed("没有这个房间，可能已经结束。", "There is no such room; it may have ended.", code="no-room")
        at = asyncio.get_running_loop().time()
        peer = self.plane.find(wish.room, wish.peer, wish.by)
        if wish.act is FloorAct.REVOKE:
            return self.plane.floors.revoke(room, peer.id if peer else wish.peer, at)
        return self.plane.floors.ask(room, wish.act, known_peer(peer), wish.rank, wish.grant, at)

    async def _play(self, wish: Play) -> Answer:
        frames = await self._shelf.frames(wish.key, Path(wish.path))
        known, into = self._playing.get(wish.playing, (None, None))
        if known is not None and into is not None and replace(known, to=wish.to) == wish:
            self.plane.plays_to(wish.room, _played_as(wish.playing), wish.to)
        else:
            self._end_play(wish.playing, "replaced")
            into = self.plane.plays(wish.room, _played_as(wish.playing), wish.to)
            self.playout.start(Playing(wish.playing, frames, wish.loop, into))
        self._playing[wish.playing] = (wish, into)
        return Done()

    def _stop_play(self, wish: StopPlay) -> Answer:
        if self.playout.stop(wish.playing):
            self._end_play(wish.playing, "stopped")
        return Done()

    async def _tap(self, wish: Tap) -> Answer:
        await self.taps.open(wish)
        room = self.plane.rooms.get(wish.room)
        if room is not None:
            self._follow(room)
            self.plane.touch(room.id)
        return Done()

    def _untap(self, wish: Untap) -> Answer:
        self.taps.close(wish.tap)
        return Done()

    def _key_frame(self, wish: KeyFrame) -> Answer:
        self.plane.patch.switch.key_frame(Source(wish.source))
        return Done()

    def _leg_up(self, wish: LegUp) -> Answer:
        if wish.peer not in self._legs:
            self._legs[wish.peer] = self.plane.leg_up(wish.peer, wish.room, wish.name)
        return Done()

    def _leg_spoke(self, wish: LegSpoke) -> None:
        into = self._legs.get(wish.peer)
        if into is not None:
            self.plane.level(Source(source_id(wish.peer, "0")), LEG_LEVEL if len(wish.opus) > LEG_SPEECH_BYTES else LEG_SILENT)
            into.send(wish.opus, LEG_TICKS)

    def _listen(self, say: Say, wish: Listen | Unlisten) -> Answer:
        if isinstance(wish, Unlisten):
            self.voices.unlisten(wish.room, say)
            return Done()
        self.voices.listen(wish.room, say)
        if wish.room in self.plane.rooms:
            self._follow(self.plane.rooms[wish.room])
            self.plane.touch(wish.room)
        return Done()

    def _turns(self, _wish: Turns) -> Answer:
        return TurnsTaken(turns=tuple(self.plane.floors.turns))

    def _figures(self, _wish: Figures) -> Answer:
        seen = self.plane.patch.switch.stats()
        return Measured(values={
            "peers": len(self.plane.peers), "rooms": len(self.plane.rooms), "playing": len(self.playout), "taps": len(self.taps),
            "tap_dropped": self.taps.dropped, "floor_grants": self.plane.floors.grants, "received": seen.received, "sent": seen.sent,
            "dropped": seen.dropped, "strangers": seen.strangers, "nacks": seen.nacks, "resent": seen.resent,
            "key_frames": seen.key_frames, "c_fan_out": float(seen.fan_out == "c"),
        })

    # --- inside -----------------------------------------------------------------------------------

    def _follow(self, room: Room) -> None:
        self.taps.follow(room, self.plane.here(room.id))
        self.voices.follow(room)

    def _played(self, playing: str, frame: bytes) -> None:
        self.voices.played(self._playing[playing][0].room, _played_as(playing), frame)

    def _play_ended(self, playing: str) -> None:
        self._end_play(playing, "ended")

    def _end_play(self, playing: str, why: str) -> None:
        self.playout.stop(playing)
        known = self._playing.pop(playing, None)
        if known is not None:
            wish, into = known
            into.close()
            self.plane.plays_no_more(wish.room, _played_as(playing))
            self.tell(PlayEnded(room=wish.room, playing=playing, why=why))


def failed(error: HubError) -> Failed:
    return Failed(status=error.status, zh=error.zh, en=error.en, code=error.code, field=error.field)


def unforeseen() -> Broken:
    return Broken("音视频服务内部出错，请稍后再试。", "Something went wrong in the media plane; try again.", code="unforeseen")


def _played_as(playing: str) -> str:
    return f"play:{playing}/0"
