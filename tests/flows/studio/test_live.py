"""A room goes live: parts come soon, everything decodes, and nothing is there that cannot be watched again."""

from __future__ import annotations

import asyncio
import hashlib
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from media.studio.files import Writer
from media.studio.live import Live
from media.studio.sources import Source
from media.tapping import TapSource
from media.wires_studio import Fetch, Fetched, LiveEnded, LiveStarted, StartLive, StopLive
from tests.flows.studio.rtp import Timed, film, packets
from tests.flows.studio.stage import Studio, decoded, now, studio, tap

ROOM = "live:1"
PEER = "station:7@live:1#a"
OTHER = "station:8@live:1#b"
BEGAN = 1_700_000_000.0


class Watch:
    """A player's requests."""

    def __init__(self, run: Studio) -> None:
        self._run = run

    async def file(self, name: str, msn: int = -1, part: int = -1) -> bytes:
        told = await self._run.ask(Fetch(live="l1", name=name, msn=msn, part=part), Fetched)
        assert told.status == 200, name
        return told.body

    async def playlist(self, msn: int = -1, part: int = -1) -> str:
        return (await self.file("index.m3u8", msn, part)).decode()


def behind(playlist: str, at: float) -> float:
    """Seconds from what the newest part ends with until then."""
    last = playlist.rpartition("#EXT-X-PROGRAM-DATE-TIME:")[2]
    parts = sum(map(float, re.findall(r"PART:DURATION=([\d.]+)", last)))
    return at - datetime.fromisoformat(last.split("\n", 1)[0]).timestamp() - parts


async def test_parts_are_asked_for_before_they_are_there_and_all_of_them_decode(tmp_path, h264):
    async with on_air(tmp_path, h264) as (run, sending):
        watch = Watch(run)
        assert b"avc1.42c01e,mp4a.40.2" in await watch.file("main.m3u8")
        await run.hear(LiveStarted)
        for number, part in ((1, 0), (1, 1), (2, 0), (2, 1)):
            assert newest(await watch.playlist(msn=number, part=part)) >= (number, part)
        hinted = re.search(r'HINT:TYPE=PART,URI="([^"]+)"', await watch.playlist())
        assert hinted
        assert b"moof" in await watch.file(hinted[1])
        await sending
        segments = segments_of(await watch.playlist(), 0)
        body = b"".join([await watch.file(name) for name in ("init-0.mp4", *segments)])
        assert (await watch.file("poster.jpg"))[:3] == b"\xff\xd8\xff"
    pictures, samples = decoded(io.BytesIO(body))
    assert segments
    assert abs(pictures / 30 - sum(segments.values())) < 0.1
    assert abs(samples / 48_000 - pictures / 30) < 0.2


async def test_what_was_live_can_be_watched_again(tmp_path, h264):
    async with on_air(tmp_path, h264, 2.5) as (run, sending):
        await sending
        ended = await run.ask(StopLive(live="l1"), LiveEnded)
        assert (await Watch(run).playlist()).endswith("#EXT-X-ENDLIST\n")
    assert decoded(Path(ended.file))[0] >= 70
    assert hashlib.sha256(Path(ended.file).read_bytes()).hexdigest() == ended.sha256
    replay = Path(ended.playlist).read_text()
    assert replay.endswith("#EXT-X-ENDLIST\n")
    last = re.findall(r"BYTERANGE:(\d+)@(\d+)", replay)[-1]
    assert sum(map(int, last)) == ended.size == Path(ended.file).stat().st_size


def newest(playlist: str) -> tuple[int, int]:
    """(segment, part)"""
    number, part = re.findall(r'PART:DURATION=[^\n]*URI="part-(\d+)\.(\d+)', playlist)[-1]
    return int(number), int(part)


def segments_of(playlist: str, head: int) -> dict[str, float]:
    """Of the pictures that began with that head, each with its seconds."""
    found, init, seconds = dict[str, float](), -1, 0.0
    for line in playlist.splitlines():
        if begins := re.match(r'#EXT-X-MAP:URI="init-(\d+)', line):
            init = int(begins[1])
        elif lasts := re.match(r"#EXTINF:([\d.]+)", line):
            seconds = float(lasts[1])
        elif init == head and line.startswith("seg-"):
            found[line] = seconds
    return found


@asynccontextmanager
async def on_air(folder: Path, clip: Path, seconds: float = 4.0) -> AsyncIterator[tuple[Studio, asyncio.Task[None]]]:
    """A film that is sent as time passes."""
    async with studio(folder) as run, asyncio.TaskGroup() as group:
        await run.ask(StartLive(live="l1", room=ROOM, folder=str(folder / "l1")))
        line = await tap(folder, ROOM)
        line.source(1, PEER, "camera", "h264")
        line.source(2, PEER, "mic", "opus")
        sent = [one for one in packets(clip) if one.at < seconds]
        yield run, group.create_task(line.send({"h264": 1, "opus": 2}, sent, now(), live=True))
        line.close()


class Rehearsal:
    """A live stream whose time is given, not waited for."""

    def __init__(self, folder: Path, show: str = "") -> None:
        self.told: list[object] = []
        self.live = Live(StartLive(live="l1", room=ROOM, folder=str(folder), show=show), Writer(), self.told.append, BEGAN * 1_000)
        self.keys: list[str] = []
        self._at = 0.0

    def source(self, number: int, peer: str, part: str, codec: str) -> Source:
        made = Source(TapSource(
            number=number, source=f"{peer}/{number}", ref=peer.partition("@")[0], name="", part=part, codec=codec,
            kind="audio" if codec == "opus" else "video", clock_rate=48_000 if codec == "opus" else 90_000,
        ), ROOM, lambda: self.keys.append(peer))
        self.live.add(made)
        return made

    async def play(self, sent: list[tuple[Source, Timed]], until: float) -> None:
        for source, one in sorted(sent, key=lambda each: each[1].at):
            await self._tick(one.at)
            source.put(one.packet, 0, len(one.packet), round((BEGAN + one.at) * 1_000_000))
        await self._tick(until)

    async def playlist(self) -> str:
        return (await self.live.shown.fetch(Fetch(live="l1", name="index.m3u8"))).body.decode()

    async def decode(self, head: int) -> tuple[int, int]:
        """What decodes of the segments that belong to that head."""
        names = [f"init-{head}.mp4", *segments_of(await self.playlist(), head)]
        bodies = [(await self.live.shown.fetch(Fetch(live="l1", name=name))).body for name in names]
        return decoded(io.BytesIO(b"".join(bodies)))

    async def end(self) -> LiveEnded:
        return await self.live.end((BEGAN + self._at) * 1_000)

    async def _tick(self, until: float) -> None:
        while self._at < until:
            self.live.tick((BEGAN + self._at) * 1_000)
            await asyncio.sleep(0)
            while any(feed._waiting for feed in self.live._stage.feeds):
                await asyncio.sleep(0.001)
            self._at += 0.04


async def test_parts_are_there_within_a_second(tmp_path, h264):
    stream = Rehearsal(tmp_path)
    camera, voice = stream.source(1, PEER, "camera", "h264"), stream.source(2, PEER, "mic", "opus")
    sent = [(camera if one.codec == "h264" else voice, one) for one in packets(h264) if one.at < 4]
    lags, before = [], 0.0
    for until in (2.0, 2.3, 2.6, 2.9, 3.2):
        await stream.play([each for each in sent if before <= each[1].at < until], until)
        lags.append(behind(await stream.playlist(), BEGAN + until))
        before = until
    await stream.end()
    assert max(lags) < 1.2


async def test_the_picture_follows_the_wish_and_a_new_size_begins_with_its_head(tmp_path, h264):
    small = film(tmp_path / "small.mkv", frames=120, size=(320, 180))
    stream = Rehearsal(tmp_path, show=PEER)
    first, second = stream.source(1, PEER, "camera", "h264"), stream.source(2, OTHER, "camera", "h264")
    both = [(first, one) for one in packets(h264) if one.codec == "h264" and one.at < 4]
    both += [(second, one) for one in packets(small) if one.codec == "h264"]
    await stream.play([each for each in both if each[1].at < 2], 2)
    stream.live.show("station:8")
    await stream.play([each for each in both if each[1].at >= 2], 4.5)
    told = await stream.playlist()
    ended = await stream.end()
    assert told.count("#EXT-X-DISCONTINUITY\n") == 1
    assert 'init-1.mp4"' in told.partition("#EXT-X-DISCONTINUITY\n")[2]
    assert OTHER in stream.keys
    assert (await stream.decode(0))[0] >= 60
    assert (await stream.decode(1))[0] >= 30
    assert ended.playlist


async def test_a_screen_that_is_no_longer_shared_gives_way_to_who_is_there(tmp_path, h264):
    small = film(tmp_path / "small.mkv", frames=60, size=(320, 180))
    stream = Rehearsal(tmp_path)
    camera, screen = stream.source(1, PEER, "camera", "h264"), stream.source(2, OTHER, "screen", "h264")
    both = [(camera, one) for one in packets(h264) if one.codec == "h264"]
    both += [(screen, one.moved(4, ())) for one in packets(small) if one.codec == "h264"]
    await stream.play(sorted(both, key=lambda each: each[1].at), 9)
    told = await stream.playlist()
    sizes = re.findall(r'#EXT-X-MAP:URI="init-(\d+)', told)
    pictures = (await stream.decode(int(sizes[-1])))[0]
    await stream.end()
    assert (len(sizes), pictures >= 10) == (5, True), "a plate, the camera, the screen, a plate, the camera again"


async def test_where_no_picture_comes_a_plate_stands_and_the_sound_goes_on(tmp_path, h264):
    stream = Rehearsal(tmp_path)
    voice = stream.source(1, PEER, "mic", "opus")
    await stream.play([(voice, one) for one in packets(h264) if one.codec == "opus" and one.at < 4], 4.5)
    pictures, samples = await stream.decode(0)
    await stream.end()
    assert pictures >= 8
    assert samples >= 48_000 * 2


async def test_vp8_is_made_h264_for_phones(tmp_path, vp8):
    stream = Rehearsal(tmp_path)
    camera = stream.source(1, PEER, "camera", "vp8")
    await stream.play([(camera, one) for one in packets(vp8) if one.codec == "vp8"], 2.4)
    told = await stream.playlist()
    pictures, _ = await stream.decode(0)
    ended = await stream.end()
    assert pictures >= 29
    assert "#EXT-X-ENDLIST" not in told
    assert (await stream.live.shown.fetch(Fetch(live="l1", name="main.m3u8"))).body.count(b"avc1.42c0") == 1
    assert ended.poster


async def test_what_is_not_there_is_not_waited_for(tmp_path, h264):
    stream = Rehearsal(tmp_path)
    camera = stream.source(1, PEER, "camera", "h264")
    await stream.play([(camera, one) for one in packets(h264) if one.codec == "h264" and one.at < 2.5], 2.5)
    wishes = {"seg-99.m4s": 404, "part-0.9.m4s": 404, "part-88.0.m4s": 404, "init-7.mp4": 404, "../../x": 404, "": 404}
    for name, status in wishes.items():
        assert (await stream.live.shown.fetch(Fetch(live="l1", name=name))).status == status, name
    assert (await stream.live.shown.fetch(Fetch(live="l1", name="index.m3u8", msn=40))).status == 400
    await stream.end()
