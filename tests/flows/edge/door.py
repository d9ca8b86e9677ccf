"""A hub's door as an agent sees it: real sockets, real HTTP, what it was told, and faults at will."""

from __future__ import annotations

import asyncio
import hashlib
import io
import wave
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import socketio
from aiohttp import web

from hub.kernel.clock import SystemClock
from tests.patience import PATIENCE
from tests.ports import free_port


def speech(seconds: float, rate: int = 16_000) -> bytes:
    """A WAV in which every frame is another number, so that it can be told what was heard."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join((n % 65_536).to_bytes(2, "little") for n in range(int(seconds * rate))))
    return out.getvalue()


class Door:
    def __init__(self, keys: dict[str, str]) -> None:
        self.stations = {key: station for station, key in keys.items()}
        self.rows: dict[str, dict[str, dict[str, Any]]] = {station: {} for station in keys}
        self.receipts: list[tuple[str, dict[str, Any]]] = []
        self.arrivals: Counter[str] = Counter()
        self.fetched: list[tuple[str, str, str]] = []
        """(file id, variant, Range)"""
        self.files: dict[str, tuple[bytes, str]] = {}
        self.break_after: int | None = None
        self.heeds_if_range = True
        self.keep_silent = False
        self.refuses = ""
        """A delivery whose receipts are never taken."""
        self.ahead = 0
        """By so much positions of snapshots are above those of what is told: a clock was put back."""
        self.away_for = 0
        """So many questions its database is away, and it knew of no notice before."""
        self.port = free_port()
        self._sids: dict[str, str] = {}
        self._moved = asyncio.Condition()
        self._position = 0

    # --- opening and closing --------------------------------------------------------------------

    async def open(self) -> None:
        self._io = socketio.AsyncServer(async_mode="aiohttp", transports=["websocket"])
        self._io.on("connect", self._connect)
        self._io.on("disconnect", self._disconnect)
        self._io.on("watch", self._watch)
        self._io.on("ask", self._ask)
        app = web.Application()
        self._io.attach(app)
        app.router.add_get("/api/files/{id}", self._file)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()

    async def close(self) -> None:
        for sid in list(self._sids):
            await self._io.disconnect(sid)
        await self._runner.cleanup()
        await self._io.shutdown()
        self._sids.clear()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self._moved:
            await self._moved.wait_for(true)

    async def _move(self) -> None:
        async with self._moved:
            self._moved.notify_all()

    # --- what a test does -----------------------------------------------------------------------

    def audio(self, content: bytes, mime: str = "audio/wav") -> dict[str, Any]:
        id_ = str(uuid4())
        self.files[id_] = (content, mime)
        return {"id": id_, "name": "通知.wav", "mime": mime, "size": len(content), "seconds": 1.0,
                "url": f"/api/files/{id_}?sig=abc"}

    async def send(self, to: Iterable[str], *, audio: dict[str, Any] | None = None,
                   priority: str = "ordinary", **more: Any) -> str:
        """A row for each station, told to those who watch; gives the broadcast's title."""
        now = SystemClock().now()
        self._position += 1
        for station in to:
            row = {"id": str(uuid4()), "broadcast": str(UUID(int=self._position)),
                   "title": f"通知{self._position}", "text": "请知悉。", "priority": priority,
                   "drill": False, "audio": audio, "attachments": [],
                   "options": [{"code": "received", "label": "收到", "key": "1", "needs_reason": False}],
                   "sent_at": now.isoformat(), "expires_at": (now + timedelta(hours=1)).isoformat(),
                   "cancelled": False, "outcome": "sending", "reply": "", "reason": "", "by_name": "值班员",
                   **more}
            self.rows[station][row["id"]] = row
            await self.tell(station, row["id"])
        return f"通知{self._position}"

    async def tell(self, station: str, id_: str) -> None:
        await self._io.emit("tell", {"room": f"inbox/{station}", "view": "inbox", "position": self._position,
                                     "changes": [[id_, self.rows[station].get(id_)]]}, room=station)

    async def revoke(self, station: str) -> None:
        self.stations = {key: name for key, name in self.stations.items() if name != station}
        for sid in [sid for sid, name in self._sids.items() if name == station]:
            await self._io.emit("bye", {"code": "revoked", "why": "设备密钥已停用"}, to=sid)
            await self._io.disconnect(sid)

    def told(self, station: str, title: str) -> list[str]:
        """The states told of a broadcast, in the order told, each once."""
        ids = {id_ for id_, row in self.rows[station].items() if row["title"] == title}
        states = [r["state"] for name, r in self.receipts if name == station and r["delivery"] in ids]
        return list(dict.fromkeys(states))

    def last(self, title: str) -> dict[str, Any]:
        titles = {id_: row["title"] for rows in self.rows.values() for id_, row in rows.items()}
        return [r for _, r in self.receipts if titles[r["delivery"]] == title][-1]

    def online(self) -> int:
        return len(self._sids)

    # --- the protocol ---------------------------------------------------------------------------

    async def _connect(self, sid: str, environ: object, auth: dict[str, str]) -> None:
        station = self.stations.get(auth.get("device", ""))
        self.arrivals[auth.get("device", "")] += 1
        await self._move()
        if station is None:
            raise socketio.exceptions.ConnectionRefusedError(
                {"status": 401, "code": "not-signed-in", "title": "密钥无效", "detail": "请更换设备密钥。"})
        self._sids[sid] = station

    async def _disconnect(self, sid: str, reason: str = "") -> None:
        self._sids.pop(sid, None)
        await self._move()

    async def _watch(self, sid: str, asked: dict[str, Any]) -> dict[str, Any]:
        assert asked == {"view": "inbox", "params": {}}
        station = self._sids[sid]
        await self._io.enter_room(sid, station)
        await self._move()
        away, self.away_for = self.away_for > 0, max(0, self.away_for - 1)
        rows = [] if away else list(self.rows[station].values())
        return {"ok": True, "rows": rows, "total": len(rows), "room": f"inbox/{station}",
                "position": self._position + self.ahead,
                "as_of": SystemClock().now().isoformat() if away else None}

    async def _ask(self, sid: str, asked: dict[str, Any]) -> dict[str, Any] | None:
        assert asked["type"] == "ReportReceipts"
        assert UUID(asked["id"]).version == 7
        assert 1 <= len(asked["items"]) <= 500
        station = self._sids[sid]
        if any(item["delivery"] == self.refuses for item in asked["items"]):
            return {"ok": False, "problem": {"status": 422, "code": "refused", "detail": "不收这条回执。"}}
        unknown = [item["delivery"] for item in asked["items"] if item["delivery"] not in self.rows[station]]
        self.receipts += [(station, item) for item in asked["items"]]
        await self._move()
        if self.keep_silent:
            await self._io.disconnect(sid)
            return None
        return {"ok": True, "result": {"taken": len(asked["items"]) - len(unknown), "unknown": unknown}}

    async def _file(self, request: web.Request) -> web.StreamResponse:
        id_ = request.match_info["id"]
        span = request.headers.get("Range", "")
        self.fetched.append((id_, request.query.get("variant", ""), span))
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Device" or key not in self.stations or request.query.get("sig") != "abc":
            return web.Response(status=401)
        content, mime = self.files[id_]
        tag = f'"{hashlib.sha256(content).hexdigest()}"'
        start = 0
        if span and (not self.heeds_if_range or request.headers.get("If-Range") == tag):
            start = int(span.removeprefix("bytes=").rstrip("-"))
        answer = web.StreamResponse(status=206 if start else 200, headers={"ETag": tag, "Content-Type": mime})
        answer.content_length = len(content) - start
        await answer.prepare(request)
        if self.break_after is not None:
            await answer.write(content[start:start + self.break_after])
            self.break_after = None
            assert request.transport is not None
            request.transport.close()
            await self._move()
            return answer
        await answer.write(content[start:])
        return answer
