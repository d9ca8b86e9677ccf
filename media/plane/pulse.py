"""The plane's pulse: on a socket of its own it gives back what it is given, from the loop on which packets are forwarded."""

from __future__ import annotations

import asyncio
from pathlib import Path

NAME = "plane.pulse"


class Pulse(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # a stream's transport is a Transport

    def data_received(self, data: bytes) -> None:
        self._transport.write(data)


async def pulse(folder: Path) -> asyncio.Server:
    path = folder / NAME
    await asyncio.to_thread(path.unlink, missing_ok=True)
    return await asyncio.get_running_loop().create_unix_server(Pulse, str(path))
