"""Several cameras, one after the other on the screen: seen, replayed and cut on both sides of the change."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import av

from media.studio import cuts
from media.studio.files import Writer
from media.studio.recording import Recording
from media.studio.scan import chapters
from media.wires_studio import Clip, Cut, Fetch, LiveEnded, Piece, Recorded, StartRecording
from tests.flows.studio.rtp import film, packets
from tests.flows.studio.test_live import BEGAN, OTHER, PEER, ROOM, Rehearsal

CHANGE, LENGTH = 2.5, 7.0
"""Seconds: then the other one speaks."""


def widths(path: str) -> list[int]:
    """Of each picture that decodes."""
    with av.open(path) as container:
        return [frame.width for frame in container.decode(video=0)]


async def round_of_two(folder: Path, first: Path, second: Path) -> tuple[str, LiveEnded, list[Recorded]]:
    """(the last playlist, the programme, each speaker's file): one speaks, then the other."""
    async with asyncio.TaskGroup() as group:
        stream = Rehearsal(folder)
        recording = Recording(StartRecording(recording="r", room=ROOM, folder=str(folder / "r")), Writer(), stream.told.append, group)
        sent = []
        for number, (peer, path, since, until) in enumerate(((PEER, first, 0.0, CHANGE), (OTHER, second, CHANGE, LENGTH))):
            camera = stream.source(2 * number + 1, peer, "camera", "h264")
            voice = stream.source(2 * number + 2, peer, "mic", "opus")
            recording.add(camera)
            recording.add(voice)
            sent += [(camera if one.codec == "h264" else voice, one) for one in packets(path)
                     if one.at < LENGTH and (one.codec == "h264" or since <= one.at < until)]
        await stream.play(sent, LENGTH + 0.3)
        told = (await stream.live.shown.fetch(Fetch(live="l1", name="index.m3u8"))).body.decode()
        ended = await stream.end()
        files = list(await recording.stop())
    return told, ended, files


def clip(path: str, since: float, until: float, target: Path) -> tuple[Clip, ...]:
    piece = Piece(path, round((BEGAN + since) * 1_000), round((BEGAN + until) * 1_000))
    return cuts.cut(Cut(cut="c", pieces=(piece,), target=str(target)))


async def test_who_speaks_is_seen_and_both_sides_of_the_change_are_replayed_and_cut(tmp_path, h264):
    told, ended, files = await round_of_two(tmp_path, h264, film(tmp_path / "small.mkv", frames=240, size=(320, 180)))
    assert told.count("#EXT-X-DISCONTINUITY\n") == 1

    # the programme plays whole, as a replay and as a file that was taken away
    assert [len(set(widths(each))) for each in (ended.playlist, ended.file)] == [2, 2]
    played = widths(ended.file)
    assert sorted(played, reverse=True) == played
    first, second = chapters(Path(ended.file))
    assert len(played) == sum(len(chapter.samples[1]) for chapter in (first, second)) >= 30 * (LENGTH - 1)

    # and is cut before the change, across it, and after
    change = second.samples[1][0].time / 90_000
    before = clip(ended.file, 0.5, 1.5, tmp_path / "before")
    across = clip(ended.file, change - 1, change + 1, tmp_path / "across")
    after = clip(ended.file, change + 1, change + 2, tmp_path / "after")
    assert [{*widths(one.path)} for one in (*before, *across, *after)] == [{640}, {640}, {320}, {320}]
    assert abs(across[1].since - (BEGAN + change) * 1_000) < 50
    assert after[0].since <= (BEGAN + change + 1) * 1_000 < after[0].until

    # each speaker's own picture does not change with the programme
    own = [clip(str(tmp_path / "r" / file.file), change - 1, change + 1, tmp_path / file.file) for file in files if file.part == "camera"]
    assert [{*widths(one.path)} for (one,) in own] == [{640}, {320}]
    assert all(len(widths(one.path)) >= 60 for (one,) in own)


async def test_a_torn_programme_is_cut_up_to_where_it_is_whole(tmp_path, h264):
    _, ended, _ = await round_of_two(tmp_path, h264, film(tmp_path / "small.mkv", frames=240, size=(320, 180)))
    whole = chapters(Path(ended.file))
    for torn in (whole[1].starts[2] + 100, whole[0].whole + 60):
        os.truncate(ended.file, torn)
        found = clip(ended.file, 0, LENGTH, tmp_path / f"torn{torn}")
        assert len(found) == len(chapters(Path(ended.file)))
        assert all(widths(one.path) for one in found)
