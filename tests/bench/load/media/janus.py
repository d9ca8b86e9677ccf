"""Janus' VideoRoom over its WebSocket API, as much as the bench needs."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path
from typing import Any

import aiohttp

from tests.bench.load.cost import cpu_seconds
from tests.bench.load.media.caller import Caller

LIBRARY = Path("/usr/lib/x86_64-linux-gnu/janus")
VIDEO_ROOM = "janus.plugin.videoroom"
ROOM = 1
PATIENCE = 20.0
KEEP = 20.0


def configured(home: Path, port: int, loops: int) -> None:
    """One plugin, one transport, ICE-lite; the rest as it comes."""
    home.mkdir(parents=True, exist_ok=True)
    others = {kind: ",".join(sorted(path.name for path in (LIBRARY / kind).glob("*.so") if keep not in path.name))
              for kind, keep in (("plugins", "videoroom"), ("transports", "websockets"))}
    event_loops = f"event_loops = {loops}" if loops else ""
    (home / "janus.jcfg").write_text(
        f'general: {{ configs_folder = "{home}"; plugins_folder = "{LIBRARY}/plugins"; transports_folder = "{LIBRARY}/transports"\n'
        f'events_folder = "{home}"; loggers_folder = "{home}"; debug_level = 2; session_timeout = 0; {event_loops} }}\n'
        "nat: { ice_lite = true }\nmedia: { }\n"
        f'plugins: {{ disable = "{others["plugins"]}" }}\ntransports: {{ disable = "{others["transports"]}" }}\n')
    (home / "janus.transport.websockets.jcfg").write_text(
        f'general: {{ json = "compact"; ws = true; ws_port = {port}; ws_ip = "127.0.0.1"; wss = false }}\n'
        "admin: { admin_ws = false; admin_wss = false }\n")
    (home / "janus.plugin.videoroom.jcfg").write_text("general: { }\n")


class Janus:
    def __init__(self, name: str, pid: int) -> None:
        self.name, self.pid = name, pid
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._session = 0
        self._feeds: dict[str, int] = {}
        self._rooms = 0
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    @property
    def cpu(self) -> float:
        return cpu_seconds([self.pid])

    async def dial(self, web: aiohttp.ClientSession, url: str) -> bool:
        try:
            self._socket = await web.ws_connect(url, protocols=("janus-protocol",), max_msg_size=0)
        except aiohttp.ClientError:
            return False
        return True

    async def hear(self) -> None:
        assert self._socket is not None
        async for message in self._socket:
            said = message.json()
            waits = self._waiting.get(said.get("transaction", ""))
            # an "ack" only says that the true answer comes later
            if waits is not None and not waits.done() and said.get("janus") != "ack":
                waits.set_result(said)

    async def stay(self) -> None:
        while True:
            await asyncio.sleep(KEEP)
            if self._session:
                await self._ask("keepalive")

    async def begin(self) -> None:
        self._session = (await self._ask("create"))["data"]["id"]
        handle = await self._attach()
        await self._message(handle, {
            "request": "create", "room": ROOM, "publishers": 200, "bitrate": 0, "audiocodec": "opus", "videocodec": "h264",
            "h264_profile": "42e01f", "notify_joining": False})

    async def publish(self, caller: Caller, name: str) -> None:
        handle = await self._attach()
        joined = await self._message(handle, {"request": "join", "ptype": "publisher", "room": ROOM, "display": name})
        self._feeds[name] = joined["plugindata"]["data"]["id"]
        said = await self._message(handle, {"request": "publish"}, {"type": "offer", "sdp": caller.offer(), "trickle": False})
        await caller.connect(said["jsep"]["sdp"])

    async def watch(self, caller: Caller, name: str, of: str) -> None:
        handle = await self._attach()
        wish = {"request": "join", "ptype": "subscriber", "room": ROOM, "streams": [{"feed": self._feeds[of]}]}
        offered = (await self._message(handle, wish))["jsep"]["sdp"]
        answer = {"type": "answer", "sdp": caller.answer(offered), "trickle": False}
        await self._message(handle, {"request": "start"}, answer)
        await caller.connect(offered, client=True)

    async def _attach(self) -> int:
        handle: int = (await self._ask("attach", plugin=VIDEO_ROOM))["data"]["id"]
        return handle

    async def _message(self, handle: int, body: dict[str, Any], jsep: dict[str, Any] | None = None) -> dict[str, Any]:
        more = {} if jsep is None else {"jsep": jsep}
        said = await self._ask("message", handle_id=handle, body=body, **more)
        inside = said.get("plugindata", {}).get("data", {})
        if "error" in inside:
            raise RuntimeError(f"Janus: {inside['error']}")
        return said

    async def _ask(self, what: str, **more: Any) -> dict[str, Any]:
        assert self._socket is not None
        number = str(next(self._numbers))
        waits = self._waiting[number] = asyncio.get_running_loop().create_future()
        session = {"session_id": self._session} if self._session else {}
        await self._socket.send_json({"janus": what, "transaction": number, **session, **more})
        if what == "keepalive":
            return {}
        async with asyncio.timeout(PATIENCE):
            said = await waits
        if said["janus"] == "error":
            raise RuntimeError(f"Janus: {said['error']}")
        return said
