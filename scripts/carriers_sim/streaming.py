"""A phone whose sound goes over a WebSocket (the vendor's Media Streams): it hums, and counts what it hears."""

from __future__ import annotations

import asyncio
from base64 import b64decode, b64encode
from itertools import count
from typing import Any

import aiohttp

from scripts.carriers_sim.handset import Handset

FRAME_SECONDS = 0.02
HUM = bytes([0x80 if place % 20 < 10 else 0x00 for place in range(160)])
"""µ-law, 400 Hz."""
SILENCE = 0xFF
QUIET = 8
"""Frames of which hardly a sample sounds are silence."""


class Streaming:
    def __init__(self, handset: Handset) -> None:
        self._handset = handset
        self._stream = handset.world.sid("MZ")

    async def run(self, url: str) -> None:
        """Until either side hangs up."""
        try:
            async with self._handset.postman.web.ws_connect(url) as socket:
                await self._begin(socket)
        except (TimeoutError, aiohttp.ClientError) as error:
            self._handset.hear(f"31920 {type(error).__name__}")
            return

    async def _begin(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        await socket.send_json({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        await socket.send_json({"event": "start", "sequenceNumber": "1", "streamSid": self._stream, "start": {
            "accountSid": self._handset.world.options.account.account_sid, "callSid": self._handset.call.sid, "streamSid": self._stream,
            "tracks": ["inbound"], "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}}})
        self._handset.hear(f"⇄ {self._stream}")
        async with asyncio.TaskGroup() as group:
            talking = group.create_task(self._hum(socket))
            async for message in socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    break
                self._hear(message.json())
            talking.cancel()

    async def _hum(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        for number in count(2):
            await socket.send_json({"event": "media", "sequenceNumber": str(number), "streamSid": self._stream, "media": {
                "track": "inbound", "chunk": str(number - 1), "timestamp": str(20 * number), "payload": b64encode(HUM).decode()}})
            try:
                async with asyncio.timeout(FRAME_SECONDS):
                    await self._handset.over.wait()
            except TimeoutError:
                continue
            await socket.send_json({"event": "stop", "sequenceNumber": str(number + 1), "streamSid": self._stream, "stop": {}})
            await socket.close()
            return

    def _hear(self, frame: dict[str, Any]) -> None:
        ulaw = b64decode(frame.get("media", {}).get("payload", ""))
        if sum(abs(sample - SILENCE) > 2 and abs(sample - 0x7F) > 2 for sample in ulaw) > QUIET:
            self._handset.call.streamed += 1
