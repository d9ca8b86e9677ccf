"""One connection into the room of a call, by aiortc: one voice out, the three that are heard in; in a round a picture out too,
and some in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.exceptions import InvalidAccessError, InvalidStateError
from aiortc.stats import RTCTransportStats

from edge.calls.cameras import Pictures
from edge.calls.door import Door
from edge.calls.ear import Ear
from edge.calls.eye import Eye
from edge.calls.rules import Call
from edge.calls.voices import Voice
from hub.kernel.errors import HubError, TryAgain

log = structlog.get_logger("edge.calls")

SLOTS = 3
CONNECTS_WITHIN = 8.0
LOOKS_EVERY = 0.25
SILENT_AFTER = 2.3
"""The hub reports every second on what it gets: without two of these it is away, or another one is there."""


@dataclass(frozen=True, kw_only=True)
class Senses:
    """What a line speaks, hears, shows and sees with. `camera` None: no picture goes out. `watch`: how many come in."""

    voice: Callable[[], Voice]
    ear: Ear
    camera: Callable[[], Pictures] | None = None
    watch: int = 0
    eye: Eye = field(default_factory=Eye)


class VoiceLine:
    def __init__(self, door: Door, call: Call, senses: Senses) -> None:
        self._door = door
        self._call = call
        self._with = senses
        self._talks = True
        self._voice: Voice | None = None

    def allow(self, may_talk: bool) -> None:
        self._talks = may_talk
        if self._voice is not None:
            self._voice.muted = not may_talk

    async def talk(self) -> None:
        """Returns when the connection is lost. Raises Refused and TryAgain."""
        config = await self._door.config()
        servers = [RTCIceServer(urls=list(one.urls), username=one.username, credential=one.credential)
                   for one in config.ice_servers]
        # aiortc's other policies leave the second picture on a transport that nobody connects.
        pc = RTCPeerConnection(RTCConfiguration(iceServers=servers, bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        peer, pictures = "", None
        try:
            self._voice = await asyncio.to_thread(self._with.voice)
            self.allow(self._talks)
            pictures = await self._pictures()
            peer = await self._join(pc, self._voice, pictures)
            await self._stay(pc)
        except (InvalidAccessError, InvalidStateError, OSError, ValueError) as error:
            raise TryAgain("通话接不通。", f"The call cannot be connected: {error}.") from error
        finally:
            if peer:
                await self._door.leave(peer)
            await pc.close()
            for track in (self._voice, pictures):
                if track is not None:
                    track.stop()

    async def _pictures(self) -> Pictures | None:
        """A voice is worth more than no connection: without a camera he is only heard."""
        if self._with.camera is None:
            return None
        try:
            return await asyncio.to_thread(self._with.camera)
        except HubError as error:
            log.warning("there is no picture, the voice goes on", why=str(error))
            return None

    async def _join(self, pc: RTCPeerConnection, voice: Voice, pictures: Pictures | None) -> str:
        pc.addTransceiver(voice, direction="sendonly")
        parts = ["mic", *["hear"] * SLOTS]
        for _ in range(SLOTS):
            pc.addTransceiver("audio", direction="recvonly")
        if pictures is not None:
            _house_format(pc.addTransceiver(pictures, direction="sendonly"))
            parts.append("camera")
        for _ in range(self._with.watch):
            _house_format(pc.addTransceiver("video", direction="recvonly"))
            parts.append("watch")
        await pc.setLocalDescription(await pc.createOffer())
        joined = await self._door.join(self._call.room, pc.localDescription.sdp, {str(mid): part for mid, part in enumerate(parts)})
        await pc.setRemoteDescription(RTCSessionDescription(joined.answer, "answer"))
        return joined.peer

    async def _stay(self, pc: RTCPeerConnection) -> None:
        async with asyncio.TaskGroup() as tasks:
            coming = [one for one in pc.getTransceivers() if one.direction == "recvonly"]
            taking = [tasks.create_task(self._take(one)) for one in coming]
            await self._until_silent(pc)
            for task in taking:
                task.cancel()

    async def _take(self, one: Any) -> None:
        track = one.receiver.track
        await (self._with.eye.watch(track) if one.kind == "video" else self._with.ear.listen(track, f"{self._call.id}-{one.mid}"))

    async def _until_silent(self, pc: RTCPeerConnection) -> None:
        loop, came = asyncio.get_running_loop(), 0
        due = loop.time() + CONNECTS_WITHIN
        while pc.connectionState not in ("failed", "closed") and loop.time() < due:
            now = await _packets(pc)
            if now != came:
                came, due = now, loop.time() + (SILENT_AFTER if pc.connectionState == "connected" else CONNECTS_WITHIN)
            await asyncio.sleep(LOOKS_EVERY)


def _house_format(transceiver: Any) -> None:
    """Ready pictures are H.264 and nothing else."""
    known = RTCRtpSender.getCapabilities("video").codecs
    transceiver.setCodecPreferences([one for one in known if one.mimeType == "video/H264"])


async def _packets(pc: RTCPeerConnection) -> int:
    """That came in, RTCP too."""
    found = await pc.getTransceivers()[0].sender.getStats()
    return sum(one.packetsReceived for one in found.values() if isinstance(one, RTCTransportStats))
