"""Live meetings and recordings over HTTP: who may watch gets a pass; a pass opens playlists and segments, from memory."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import msgspec
from aiohttp import hdrs, web

from hub.access.allowance import Allowance
from hub.gateway.http import json
from hub.gateway.session import DOOR, actor_of
from hub.kernel.actor import Actor
from hub.kernel.errors import Forbidden, Malformed, NotFound, NotSignedIn, TryAgain
from hub.record import Audit, Database, load_sql
from media.live import rows
from media.live.audience import Audience
from media.live.messages.rows import ShownLive
from media.live.passes import make_pass
from media.live.places import recording_folder
from media.live.playlists import Take, joined
from media.live.ports import Shelf
from media.live.views import own_ref, watchable
from media.live.watching import Shown, Watching
from media.live.words import LiveState, own_room
from media.ports import PUBLIC
from media.shapes import Part, PeerState
from media.wires_studio import Fetch, Fetched

Q = load_sql("media.live")

LIVE_LIST, REPLAY_LIST = "index.m3u8", "replay.m3u8"
PLAYLIST = "application/vnd.apple.mpegurl"
KEPT_PLAYLISTS = 50
VIDEO = {"Content-Type": "video/mp4", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
FOREVER = "public, max-age=3600, immutable"
"""An address with a pass in it is worth nothing after an hour at most."""
FETCH_SECONDS = 30.0
NOTED_EVERY = timedelta(minutes=10)
PICTURES = (Part.CAMERA, Part.SCREEN)


class LivePage(msgspec.Struct, frozen=True, kw_only=True):
    """What a viewer's page needs. `play`: the playlist, to which he adds `?v=` and a word of his own, by which he is
    counted; empty while nothing is there. `whep`: where walls and WebRTC players take the same at once; empty where the
    pictures are those of a meeting. `dark`: nobody shows anything just now. `dvr`: seconds one may go back."""

    live: ShownLive
    play: str
    whep: str
    dark: bool
    replay: bool
    dvr: int
    now: datetime


class Lives:
    """`folder`: of uploaded files (posters); `data`: under which recordings stand; `present`: who is in a room."""

    def __init__(
        self, db: Database, watching: Watching, key: bytes, shelf: Shelf, audience: Audience, *, folder: Path, data: Path,
        present: Callable[[str], Sequence[PeerState]],
    ) -> None:
        self._db, self._watching, self._key, self._shelf, self._audience = db, watching, key, shelf, audience
        self._present = present
        self._folder, self._data = folder, data
        self._noted = Allowance(1, NOTED_EVERY)
        self._replays: OrderedDict[UUID, tuple[str, tuple[Path, ...]]] = OrderedDict()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/lives", self.list),
            web.get("/api/lives/{live}", self.page),
            web.get("/hls/{live}/{pass}/{name}", self.give),
            web.get("/api/recordings/{recording}/{place:[0-9]{1,4}}.mp4", self.recorded),
            web.get("/api/speeches/{speech}.mp4", self.clip),
        ]

    def forget(self, live: str) -> None:
        self._watching.forget(live)

    # --- pages ---

    async def list(self, request: web.Request) -> web.Response:
        actor = await _viewer(request)
        async with self._db.read() as conn:
            found = await watchable(conn, actor or PUBLIC, _now(request))
        poster = rows.posters(self._key, _now(request))
        return json({"rows": [rows.shown(row, poster) for row in found]})

    async def page(self, request: web.Request) -> web.Response:
        at = _now(request)
        live, actor = await self._watching.find(_id(request, "live"), at), await _viewer(request)
        await self._watching.require(live, actor, request.query.get("k", "")[:200], at)
        await self._note_viewer(live, actor, at)
        place = rows.place_of(live.id, make_pass(self._key, live.id, live.epoch, at))
        play = {LiveState.LIVE: LIVE_LIST, LiveState.ENDED: REPLAY_LIST if live.replay_ready else ""}.get(live.state, "")
        poster = rows.posters(self._key, at)
        shown = rows.shown(msgspec.structs.asdict(live) | {"seconds": None}, poster)
        whep = f"/whep/{live.room}" if live.state is LiveState.LIVE and live.room == own_room(live.id) else ""
        return json(LivePage(live=shown, play=f"{place}/{play}" if play else "", whep=whep, dark=self._dark(live),
                             replay=play == REPLAY_LIST, dvr=live.dvr * 60, now=at))

    def _dark(self, live: Shown) -> bool:
        here = [peer for peer in self._present(live.room) if peer.at_room == live.room]
        return live.state is LiveState.LIVE and not any(one.part in PICTURES for peer in here for one in peer.sources)

    async def _note_viewer(self, live: Shown, actor: Actor | None, at: datetime) -> None:
        """Who has a name is named, once in ten minutes; of the others only their number is known."""
        act = {LiveState.LIVE: "watch live", LiveState.ENDED: "watch replay"}.get(live.state)
        if actor is not None and act and self._noted.take(f"{live.id} {actor.id} {act}", at):
            await Audit(self._db).note(None, at=at, actor=actor.id, act=act, object=f"live:{live.id}", address=actor.address,
                                       detail={"name": actor.name})

    # --- playlists and segments ---

    async def give(self, request: web.Request) -> web.StreamResponse:
        live = await self._watching.passed(_id(request, "live"), request.match_info["pass"][:64], _now(request))
        name = request.match_info["name"]
        if name == "poster.jpg":
            return await self._poster(live)
        if name.startswith("replay"):
            return await self._replay(live, name)
        if live.state is not LiveState.LIVE:
            raise NotFound("直播已经结束。", "The meeting is over.", code="live-ended")
        if name == LIVE_LIST:
            self._audience.saw(live.id, _word(request))
        return await self._fetched(live, name, request)

    async def _fetched(self, live: Shown, name: str, request: web.Request) -> web.Response:
        what = Fetch(live=str(live.id), name=name[:60], msn=_number(request, "_HLS_msn"), part=_number(request, "_HLS_part"),
                     skip="_HLS_skip" in request.query)
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                found: Fetched = await self._shelf.fetch(what)
        except TimeoutError:
            raise TryAgain("直播画面暂时没有跟上，请稍候。", "The live picture does not keep up just now.") from None
        cache = f"public, max-age={found.keep}, immutable" if found.keep else "no-cache"
        return web.Response(status=found.status, body=found.body, headers={
            "Content-Type": found.mime or "text/plain", "Cache-Control": cache, "X-Content-Type-Options": "nosniff"})

    async def _poster(self, live: Shown) -> web.StreamResponse:
        if live.poster is not None:
            async with self._db.read() as conn:
                row = await conn.fetchrow("select mime, variants from files.file where id = $1", live.poster)
            if row is not None and row["mime"].startswith("image/"):
                return web.FileResponse(self._folder / row["variants"]["original"], headers={
                    "Content-Type": row["mime"], "Cache-Control": "public, max-age=300", "X-Content-Type-Options": "nosniff",
                    "Content-Security-Policy": "sandbox"})
        if live.state is LiveState.LIVE:
            found = await self._shelf.fetch(Fetch(live=str(live.id), name="poster.jpg"))
            if found.status == 200:
                return web.Response(body=found.body, content_type=found.mime, headers={"Cache-Control": "public, max-age=10"})
        if live.replay_ready and live.recording:
            pictures = await asyncio.to_thread(_pictures, self._data / recording_folder(live.recording))
            if pictures:
                return web.FileResponse(pictures[0], headers={"Content-Type": "image/jpeg", "Cache-Control": "public, max-age=300"})
        raise NotFound("这场直播没有封面。", "This live meeting has no poster.")

    # --- the replay ---

    async def _replay(self, live: Shown, name: str) -> web.StreamResponse:
        if not live.replay_ready or live.recording is None:
            raise NotFound("没有回放。", "There is no replay.", code="no-replay")
        text, files = await self._programme(live.recording)
        if name == REPLAY_LIST:
            return web.Response(text=text, content_type=PLAYLIST, headers={"Cache-Control": "public, max-age=60"})
        number = name.removeprefix("replay-").removesuffix(".mp4")
        if not number.isdecimal() or int(number) >= len(files):
            raise NotFound("没有这一段。", "There is no such segment.")
        return web.FileResponse(files[int(number)], headers=VIDEO | {"Cache-Control": FOREVER})

    async def _programme(self, recording: UUID) -> tuple[str, tuple[Path, ...]]:
        """The joined playlist, and the files it names. Both stand for good."""
        if recording not in self._replays:
            async with self._db.read() as conn:
                found = await conn.fetch(Q["programme"], recording)
            files = tuple(self._data / row["path"] for row in found)
            self._replays[recording] = (await asyncio.to_thread(_joined, files), files)
            while len(self._replays) > KEPT_PLAYLISTS:
                self._replays.popitem(last=False)
        self._replays.move_to_end(recording)
        return self._replays[recording]

    # --- what is taken away ---

    async def recorded(self, request: web.Request) -> web.StreamResponse:
        actor, which, at = await actor_of(request), _id(request, "recording"), _now(request)
        async with self._db.read() as conn:
            row = await conn.fetchrow(Q["file_for"], which, int(request.match_info["place"]), list(actor.scopes))
        allowed = row is not None and row["mine"] and rows.runs(actor)
        await self._note(request, actor, f"recording:{which}", allowed, at)
        if row is None or not allowed:
            raise NotFound("没有这个录像，或它不归您管理。", "There is no such recording, or it is not yours to see.")
        name = f"{row['title']}-{row['name'] or '节目'}-{_stamp(row['since'])}.mp4"
        return await self._file(request, row["path"], name)

    async def clip(self, request: web.Request) -> web.StreamResponse:
        actor, which, at = await actor_of(request), _id(request, "speech"), _now(request)
        async with self._db.read() as conn:
            row = await conn.fetchrow(Q["clip_for"], which, list(actor.scopes))
        allowed = row is not None and (row["person"] == own_ref(actor) or (row["mine"] and rows.runs(actor)))
        await self._note(request, actor, f"speech:{which}", allowed, at)
        if row is None or not allowed:
            raise NotFound("没有这段发言，或它不是您的。", "There is no such clip, or it is not yours.")
        path = Path(row["path"])
        part = request.query.get("part", "1")
        if part.isdecimal() and 1 < int(part) <= row["parts"]:
            path = path.with_name(f"{path.stem}-{int(part)}{path.suffix}")
        return await self._file(request, str(path), f"{row['person_name']}-{row['meeting']}-{_stamp(row['since'])}.mp4")

    async def _file(self, request: web.Request, path: str, name: str) -> web.StreamResponse:
        whole = self._data / path
        if not await asyncio.to_thread(whole.is_file):
            raise NotFound("文件已被清理。", "The file was cleared away.")
        place = "attachment" if "download" in request.query else "inline"
        return web.FileResponse(whole, headers=VIDEO | {
            "Cache-Control": "private, max-age=3600", "Content-Disposition": f"{place}; filename*=UTF-8''{quote(name)}"})

    async def _note(self, request: web.Request, actor: Actor, about: str, allowed: bool, at: datetime) -> None:
        """One line for each time that somebody begins to look, and not for each range his player asks for."""
        ranged = request.headers.get(hdrs.RANGE, "")
        if allowed and ranged and not ranged.startswith("bytes=0-"):
            return
        kind, taken = about.partition(":")[0], "download" in request.query
        await Audit(self._db).note(None, at=at, actor=actor.id, act=f"{'download' if taken else 'view'} {kind}", object=about,
                                   outcome="ok" if allowed else "refused", address=actor.address, detail={"name": actor.name})


async def _viewer(request: web.Request) -> Actor | None:
    """Nobody in particular, too."""
    try:
        return await actor_of(request)
    except (NotSignedIn, Forbidden):
        return None


def _now(request: web.Request) -> datetime:
    return request.config_dict[DOOR].clock.now()


def _id(request: web.Request, part: str) -> UUID:
    try:
        return UUID(request.match_info[part])
    except ValueError:
        raise NotFound("没有这个地址。", "There is no such address.") from None


def _word(request: web.Request) -> str:
    """By which a viewer is counted: his own, or what his device looks like."""
    told = request.query.get("v", "")[:32]
    return told or hashlib.sha256(f"{request.remote} {request.headers.get(hdrs.USER_AGENT, '')}".encode()).hexdigest()[:32]


def _number(request: web.Request, name: str) -> int:
    text = request.query.get(name, "")
    if not text:
        return -1
    if not text.isdecimal() or len(text) > 9:
        raise Malformed(f"{name} 应为数字。", f"{name} must be a number.", field=name)
    return int(text)


def _stamp(at: datetime) -> str:
    return at.strftime("%Y%m%d-%H%M%S")


def _pictures(folder: Path) -> list[Path]:
    return sorted(folder.glob("live-*/*.jpg"))


def _joined(files: tuple[Path, ...]) -> str:
    takes = [Take(f"replay-{number}.mp4", file.with_suffix(".m3u8").read_text("utf-8")) for number, file in enumerate(files)]
    return joined(takes)
