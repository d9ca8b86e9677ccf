"""A room on its way to the disk: nothing decoded, nothing lost, nothing torn."""

from __future__ import annotations

import asyncio
import hashlib
import json

import msgspec
import pytest

from media.wires_studio import (
    Cut,
    CutDone,
    FileFinished,
    FileOpened,
    Piece,
    RecordingFailed,
    RecordingFinished,
    Recover,
    StartRecording,
    StopRecording,
)
from tests.flows.studio.rtp import film, packets
from tests.flows.studio.stage import decoded, keys_of, now, studio, tap

ROOM = "meeting:1"
PEER = "station:7@meeting:1#a"


@pytest.fixture(params=["h264", "vp8"])
def clip(request):
    return request.param, request.getfixturevalue(request.param)


async def test_a_film_comes_back_with_every_frame(tmp_path, clip):
    codec, path = clip
    frames, width, height = {"h264": (360, 640, 360), "vp8": (60, 320, 180)}[codec]
    async with studio(tmp_path) as run:
        await run.ask(StartRecording(recording="r1", room=ROOM, folder=str(tmp_path / "r1")))
        line = await tap(tmp_path, ROOM)
        line.source(1, PEER, "camera", codec, "东街站")
        line.source(2, PEER, "mic", "opus", "东街站")
        began = now()
        await line.send({codec: 1, "opus": 2}, packets(path), began)
        line.close()
        await run.hear(FileFinished)
        finished = await run.ask(StopRecording(recording="r1"), RecordingFinished)
    (file,) = finished.files
    recorded = tmp_path / "r1" / file.file
    voice = sum(one.codec == "opus" for one in packets(path))
    assert decoded(recorded) == (frames, voice * 960)
    assert (file.frames, file.lost, file.width, file.height, file.part) == (frames, 0, width, height, "camera")
    assert hashlib.sha256(recorded.read_bytes()).hexdigest() == file.sha256
    assert abs(file.since - began * 1_000) < 100
    assert abs(file.until - file.since - frames * 1_000 // 30) < 100
    assert msgspec.convert(json.loads(recorded.with_suffix(".json").read_text()), type(file)) == file


async def test_a_killed_studio_leaves_a_film_that_plays_and_is_closed_afterwards(tmp_path, h264):
    folder = tmp_path / "r1"
    async with studio(tmp_path) as run:
        await run.ask(StartRecording(recording="r1", room=ROOM, folder=str(folder)))
        line = await tap(tmp_path, ROOM)
        line.source(1, PEER, "camera", "h264")
        line.source(2, PEER, "mic", "opus")
        await line.send({"h264": 1, "opus": 2}, packets(h264), now())
        opened = await run.hear(FileOpened)
        path = folder / opened.file.file
        while not path.exists() or path.stat().st_size < 1_000_000:
            await asyncio.sleep(0.02)
        await run.kill()
    pictures, samples = decoded(path)
    assert pictures >= 180
    assert samples >= 180 * 1_600 - 48_000
    with path.open("ab") as torn:
        torn.write(path.read_bytes()[:50_000])
    async with studio(tmp_path) as run:
        finished = await run.ask(Recover(recording="r1", folder=str(folder)), RecordingFinished)
    (file,) = finished.files
    assert hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256
    assert decoded(path)[0] == file.frames == pictures


async def test_a_full_disk_ends_one_file_clearly_and_none_of_the_others(tmp_path, h264):
    """Here a file may grow to 600 kB: as with a full disk, a write is cut short and the next one refused."""
    folder = tmp_path / "r1"
    async with studio(tmp_path, "bash", "-c", 'ulimit -f 600; exec "$@"', "bash") as run:
        await run.ask(StartRecording(recording="r1", room=ROOM, folder=str(folder)))
        line = await tap(tmp_path, ROOM)
        line.source(1, PEER, "camera", "h264", "东街站")
        line.source(2, "station:8@meeting:1#b", "mic", "opus", "西街站")
        await line.send({"h264": 1, "opus": 2}, packets(h264), now())
        failed = await run.hear(RecordingFailed)
        line.close()
        await run.hear(FileFinished)
        finished = await run.ask(StopRecording(recording="r1"), RecordingFinished)
    assert failed.code == "disk-full"
    assert "东街站" in failed.zh
    cut_short, other = sorted(finished.files, key=lambda file: file.part)
    assert cut_short.problem == "disk-full"
    assert decoded(folder / cut_short.file)[0] == cut_short.frames >= 60
    assert hashlib.sha256((folder / cut_short.file).read_bytes()).hexdigest() == cut_short.sha256
    assert (other.problem, other.frames) == ("", 601)
    assert decoded(folder / other.file) == (0, 601 * 960)


async def test_another_size_is_another_file_and_a_shared_screen_its_own(tmp_path, h264):
    small = film(tmp_path / "small.mkv", frames=60, size=(320, 180))
    async with studio(tmp_path) as run:
        await run.ask(StartRecording(recording="r1", room=ROOM, folder=str(tmp_path / "r1"), peers=("station:7",)))
        line = await tap(tmp_path, ROOM)
        for number, peer, part in ((1, PEER, "camera"), (3, PEER, "screen"), (4, "station:9@meeting:1#c", "camera")):
            line.source(number, peer, part, "h264")
        line.source(2, PEER, "mic", "opus")
        began = now()
        first = [one for one in packets(small) if one.at < 1.99]
        await line.send({"h264": 1, "opus": 2}, first, began)
        await line.send({"h264": 3}, first, began)
        await line.send({"h264": 4}, first, began)
        later = [one for one in packets(h264) if one.at < 1.99]
        await line.send({"h264": 1}, [one.moved(2.0, after=first) for one in later], began)
        line.close()
        await run.hear(FileFinished)
        files = (await run.ask(StopRecording(recording="r1"), RecordingFinished)).files
    assert [(file.part, file.width, file.ref) for file in files] == [
        ("camera", 320, "station:7"), ("screen", 320, "station:7"), ("camera", 640, "station:7")]
    assert files[1].audio == ""
    assert decoded(tmp_path / "r1" / files[2].file)[0] == len({one.at for one in later if one.codec == "h264"})


async def test_packets_that_come_late_are_waited_for(tmp_path, h264):
    async with studio(tmp_path) as run:
        await run.ask(StartRecording(recording="r1", room=ROOM, folder=str(tmp_path / "r1")))
        line = await tap(tmp_path, ROOM)
        line.source(1, PEER, "camera", "h264")
        sent = [one for one in packets(h264) if one.codec == "h264"]
        repaired = sorted(enumerate(sent), key=lambda each: each[1].at + (0.12 if each[0] % 20 == 7 else 0.0))
        await line.send({"h264": 1}, [one for _, one in repaired], now())
        line.close()
        await run.hear(FileFinished)
        (file,) = (await run.ask(StopRecording(recording="r1"), RecordingFinished)).files
    assert (file.frames, file.lost) == (360, 0)
    assert decoded(tmp_path / "r1" / file.file)[0] == 360


async def test_a_clip_is_cut_at_key_frames_and_the_list_can_be_corrected(tmp_path, h264):
    folder = tmp_path / "r1"
    async with studio(tmp_path) as run:
        await run.ask(StartRecording(recording="r1", room=ROOM, folder=str(folder)))
        line = await tap(tmp_path, ROOM)
        line.source(1, PEER, "camera", "h264")
        line.source(2, PEER, "mic", "opus")
        await line.send({"h264": 1, "opus": 2}, packets(h264), now())
        line.close()
        await run.hear(FileFinished)
        (file,) = (await run.ask(StopRecording(recording="r1"), RecordingFinished)).files
        whole = str(folder / file.file)
        before = hashlib.sha256((folder / file.file).read_bytes()).hexdigest()

        def spoken(*spans: tuple[int, int]) -> tuple[Piece, ...]:
            return tuple(Piece(whole, file.since + since, file.since + until) for since, until in spans)

        first = await run.ask(Cut(cut="c1", pieces=spoken((3_400, 6_600)), target=str(tmp_path / "li" / "c1"),
                                  about={"item": "3"}), CutDone)
        second = await run.ask(Cut(cut="c2", pieces=spoken((1_200, 3_000), (8_500, 9_900)), target=str(tmp_path / "li" / "c2")), CutDone)
    (clip,) = first.clips
    assert abs(clip.since - file.since - 3_000) < 40
    assert abs(clip.until - file.since - 6_600) < 2
    pictures, samples = decoded(tmp_path / "li" / "c1.mp4")
    assert abs(pictures - 108) <= 1
    assert abs(samples / 48_000 - 3.6) < 0.05
    assert keys_of(tmp_path / "li" / "c1.mp4")[0]
    note = json.loads((tmp_path / "li" / "c1.json").read_text())
    assert note["about"] == {"item": "3"}
    assert note["sha256"] == clip.sha256 == hashlib.sha256((tmp_path / "li" / "c1.mp4").read_bytes()).hexdigest()
    assert abs(decoded(tmp_path / "li" / "c2.mp4")[0] - (60 + 57)) <= 2
    assert second.clips[0].path.endswith("c2.mp4")
    assert hashlib.sha256((folder / file.file).read_bytes()).hexdigest() == before
