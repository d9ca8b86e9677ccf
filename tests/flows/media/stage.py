"""A hub with voice and picture: the plane runs in the test's own loop, clients are aiortc's."""

from __future__ import annotations

import asyncio
import math
from array import array
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import av
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError

from hub.access.seed import demo_device_keys, seed_demo_accounts
from hub.app import Hub, hub_on
from hub.kernel.actor import Actor
from hub.kernel.clock import SystemClock
from hub.record import Connection
from hub.settings import Settings
from media.plane.main import plane
from media.ports import PUBLIC, Admission, RoomHost
from media.shapes import Allowed, RoomWish
from media.wires import Told
from tests.flows.broadcast.stage import closed_port, settle_city
from tests.patience import PATIENCE
from tests.places import CHEAP_PASSWORDS

KIND = "test"
ROOM = "test:hall"


@dataclass
class Hall:
    """The spoke of the rooms `test:…`: who may enter stands in a table that a test sets."""

    members: dict[str, Allowed] = field(default_factory=dict)
    version: int = 0
    floor: Any = None
    public: bool = False
    told: list[Told] = field(default_factory=list)
    begun: int = 0
    settle: Callable[[], None] = lambda: None

    async def admits(self, _conn: Connection, _room: str, actor: Actor) -> Admission | None:
        if actor is PUBLIC:
            return Admission(ref="public", name="观众", allowed=Allowed(talk=False, show=False)) if self.public else None
        allowed = self.members.get(actor.id)
        return None if allowed is None else Admission(ref=actor.id, name=actor.name, allowed=allowed)

    async def wish(self, _conn: Connection, room: str) -> RoomWish | None:
        others = Allowed() if self.public else None
        return RoomWish(room=room, version=self.version, floor=self.floor, members=dict(self.members), others=others)

    async def rooms(self, _conn: Connection) -> list[str]:
        return [ROOM]

    async def take(self, told: Told) -> None:
        self.told.append(told)

    async def begin(self) -> None:
        self.begun += 1

    def host(self) -> RoomHost:
        return RoomHost(kind=KIND, view="test", admits=self.admits, wish=self.wish, rooms=self.rooms, told=self.take, begun=self.begin)

    def change(self, *stations: str, **allowed: Allowed) -> None:
        """As a commit would: exactly these are members from now on. `s17=…` is station 17 with rights of its own."""
        own = {f"station:{name[1:]}": given for name, given in allowed.items()}
        self.members = {station: Allowed() for station in stations} | own
        self.version += 1
        self.settle()


@dataclass(kw_only=True)
class Studio:
    hub: Hub
    hall: Hall
    keys: dict[str, str]
    web: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return self.hub.settings.url

    def key(self, station: str) -> dict[str, str]:
        return {"Authorization": f"Device {self.keys[station]}"}

    async def ask(self, station: str, command: str, status: int = 200, **body: Any) -> Any:
        sent = {"id": str(uuid4())} | body
        async with self.web.post(f"{self.url}/api/commands/{command}", json=sent, headers=self.key(station)) as answer:
            told = await answer.json()
            assert answer.status == status, told
            return told["result"] if status == 200 else told

    @asynccontextmanager
    async def caller(self, station: str, pitch: int = 440, nonce: str = "n1") -> AsyncIterator[Caller]:
        async with on_line(Caller(self.web, self.url, ROOM, self.key(station), pitch, nonce)) as caller:
            yield caller


@asynccontextmanager
async def on_line(caller: Caller) -> AsyncIterator[Caller]:
    try:
        await caller.join()
        yield caller
    finally:
        await caller.close()


async def until(so: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    async with asyncio.timeout(seconds):
        while not (found := so()):
            await asyncio.sleep(0.02)
    return found


async def planes_ready(data: Path) -> None:
    """One serves, and one stands ready behind it."""

    def so() -> bool:
        said = "".join(path.read_text() for name in ("plane", "reserve") if (path := data / f"{name}.log").exists())
        return 0 < said.count("plane runs") < said.count("plane is ready")

    await until(so)


def serving(folder: Path) -> int:
    """The plane that holds the turn, by what the kernel says about the file."""
    inode = (folder / "plane.turn").stat().st_ino
    locks = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    return next(int(words[4]) for words in locks if words[1] == "FLOCK" and words[5].endswith(f":{inode}"))


class Tone(AudioStreamTrack):
    """A voice that can be told from others by its pitch."""

    def __init__(self, pitch: int) -> None:
        super().__init__()
        self.pitch, self._at, self._began = pitch, 0, 0.0
        self.speaks = True

    async def recv(self) -> av.AudioFrame:
        loop = asyncio.get_running_loop()
        self._began = self._began or loop.time()
        while (early := self._began + self._at / 48_000 - loop.time()) > 0:
            await asyncio.sleep(early)
        turn = 2 * math.pi * self.pitch / 48_000
        wave = array("h", (int(math.sin(turn * (self._at + at)) * 12_000 * self.speaks) for at in range(960)))
        frame = av.AudioFrame(format="s16", layout="mono", samples=960)
        frame.planes[0].update(wave.tobytes())
        frame.pts, frame.sample_rate, frame.time_base = self._at, 48_000, Fraction(1, 48_000)
        self._at += 960
        return frame


def pitch_of(wave: array[int]) -> set[int]:
    """By how often it crosses zero, rounded to 100 Hz; none of silence."""
    if max(wave) < 4000:
        return set()
    crossings = sum((before < 0) != (after < 0) for before, after in pairwise(wave))
    return {round(crossings * 48_000 / len(wave) / 2 / 100) * 100}


@dataclass
class Caller:
    """A station on the line: sends a tone, hears in two places."""

    web: aiohttp.ClientSession
    url: str
    room: str
    headers: dict[str, str]
    pitch: int
    nonce: str = "n1"
    heard: set[int] = field(default_factory=set)
    """Pitches that came in, rounded to 100 Hz."""
    peer: str = ""
    floor: Any = None

    async def join(self, status: int = 201) -> Any:
        self.pc = RTCPeerConnection()
        self.tone = Tone(self.pitch)
        self.pc.addTrack(self.tone)
        self.pc.addTransceiver("audio", direction="recvonly")
        self.listening: list[asyncio.Task[None]] = []
        self.pc.on("track", lambda track: self.listening.append(asyncio.get_running_loop().create_task(self._listen(track))))
        await self.pc.setLocalDescription(await self.pc.createOffer())
        wish = {"offer": self.pc.localDescription.sdp, "nonce": self.nonce, "roles": {"0": "mic", "1": "hear"}}
        async with self.web.post(f"{self.url}/api/media/rooms/{self.room}/join", json=wish, headers=self.headers) as answer:
            told = await answer.json()
            assert answer.status == status, told
        if status != 201:
            return told
        self.peer, self.floor = told["peer"], told["floor"]
        await self.pc.setRemoteDescription(RTCSessionDescription(told["answer"], "answer"))
        return told

    async def _listen(self, track: Any) -> None:
        with suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                self.heard |= pitch_of(array("h", bytes(frame.planes[0]))[:2 * frame.samples:2])

    async def hears(self, *pitches: int) -> None:
        self.heard.clear()
        wanted = set(pitches)
        await until(lambda: wanted <= self.heard)

    async def close(self) -> None:
        await self.pc.close()
        for task in self.listening:
            task.cancel()


def media_settings(data: Path) -> Settings:
    return Settings(port=closed_port(), data=data, totp=False, argon2=CHEAP_PASSWORDS, media=True, media_port=closed_port())


@asynccontextmanager
async def studio_on(dsn: str, settings: Settings) -> AsyncIterator[Studio]:
    """The hub alone: whoever runs the plane runs it beside this."""
    hall = Hall()
    async with hub_on(dsn, settings) as hub, aiohttp.ClientSession() as web:
        host = hall.host()
        hall.settle = lambda: hub.media.settling.touch(host, ROOM)
        hub.media.hosts.add(host)
        at = SystemClock().now()
        await settle_city(hub)
        await seed_demo_accounts(hub.access, at)
        keys = await demo_device_keys(hub.access, at)
        yield Studio(hub=hub, hall=hall, keys=keys, web=web)


@asynccontextmanager
async def studio(dsn: str, data: Path) -> AsyncIterator[Studio]:
    settings = media_settings(data)
    settings.media_folder.mkdir(parents=True, exist_ok=True)
    async with plane(settings.media_folder / "plane.sock", "127.0.0.1", settings.media_port), studio_on(dsn, settings) as one:
        await until(lambda: not one.hub.media.engine.away)
        yield one
