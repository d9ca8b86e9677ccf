"""One connection into the room of a call, by aiortc: one voice out, the three that are heard in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.exceptions import InvalidAccessError, InvalidStateError
from aiortc.stats import RTCTransportStats

from edge.calls.door import Door
from edge.calls.ear import Ear
from edge.calls.rules import Call
from edge.calls.voices import Voice
from hub.kernel.errors import TryAgain

SLOTS = 3
CONNECTS_WITHIN = 8.0
LOOKS_EVERY = 0.25
SILENT_AFTER = 2.3
"""The hub reports every second on what it gets: without two of these it is away, or another one is there."""


class VoiceLine:
    def __init__(self, door: Door, call: Call, voice: Callable[[], Voice], ear: Ear) -> None:
        self._door = door
        self._call = call
        self._make_voice = voice
        self._ear = ear
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
        pc = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        peer = ""
        try:
            self._voice = await asyncio.to_thread(self._make_voice)
            self.allow(self._talks)
            peer = await self._join(pc, self._voice)
            await self._stay(pc)
        except (InvalidAccessError, InvalidStateError, OSError, ValueError) as error:
            raise TryAgain("通话接不通。", f"The call cannot be connected: {error}.") from error
        finally:
            if peer:
                await self._door.leave(peer)
            await pc.close()
            if self._voice is not None:
                self._voice.stop()

    async def _join(self, pc: RTCPeerConnection, voice: Voice) -> str:
        pc.addTransceiver(voice, direction="sendonly")
        for _ in range(SLOTS):
            pc.addTransceiver("audio", direction="recvonly")
        await pc.setLocalDescription(await pc.createOffer())
        roles = {str(mid): "hear" if mid else "mic" for mid in range(SLOTS + 1)}
        joined = await self._door.join(self._call.room, pc.localDescription.sdp, roles)
        await pc.setRemoteDescription(RTCSessionDescription(joined.answer, "answer"))
        return joined.peer

    async def _stay(self, pc: RTCPeerConnection) -> None:
        async with asyncio.TaskGroup() as tasks:
            listening = [
                tasks.create_task(self._ear.listen(one.receiver.track, f"{self._call.id}-{one.mid}"))
                for one in pc.getTransceivers()[1:]]
            await self._until_silent(pc)
            for task in listening:
                task.cancel()

    async def _until_silent(self, pc: RTCPeerConnection) -> None:
        loop, came = asyncio.get_running_loop(), 0
        due = loop.time() + CONNECTS_WITHIN
        while pc.connectionState not in ("failed", "closed") and loop.time() < due:
            now = await _packets(pc)
            if now != came:
                came, due = now, loop.time() + (SILENT_AFTER if pc.connectionState == "connected" else CONNECTS_WITHIN)
            await asyncio.sleep(LOOKS_EVERY)


async def _packets(pc: RTCPeerConnection) -> int:
    """That came in, RTCP too."""
    found = await pc.getTransceivers()[0].sender.getStats()
    return sum(one.packetsReceived for one in found.values() if isinstance(one, RTCTransportStats))
