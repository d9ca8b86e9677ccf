"""The agent as a process: killed, stopped, and looked at from outside."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

from tests.flows.edge.conftest import heard, heard_more_than
from tests.flows.edge.door import Door, speech
from tests.patience import PATIENCE

ONE = ("station:1",)


async def start(door: Door, tmp_path: Path, *more: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "edge", "--hub", door.url, "--key", "dk_1", "--data", str(tmp_path / "data"),
        "--sink", f"wav:{tmp_path / 'heard'}", "--slack", str(PATIENCE), *more, stderr=asyncio.subprocess.DEVNULL)


async def run(*words: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "edge", *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, out.decode(), err.decode()


async def end(process: asyncio.subprocess.Process, number: signal.Signals) -> int:
    process.send_signal(number)
    return await asyncio.wait_for(process.wait(), PATIENCE)


async def test_killed_in_the_middle_of_playing_no_frame_is_heard_twice_and_the_gap_is_told(
        door: Door, tmp_path: Path):
    title = await door.send(ONE, audio=door.audio(speech(4)))
    for _ in range(2):
        before = sum(len(frames) for stretches in heard(tmp_path, "").values() for frames in stretches)
        process = await start(door, tmp_path, "--speed", "0.25")
        await heard_more_than(tmp_path, before + 4_000, "")
        assert await end(process, signal.SIGKILL) == -signal.SIGKILL
    arrivals = door.arrivals["dk_1"]
    process = await start(door, tmp_path, "--speed", "4")
    await door.until(lambda: door.arrivals["dk_1"] > arrivals and "played" in door.told("station:1", title))
    assert await end(process, signal.SIGTERM) == 0

    (stretches,) = heard(tmp_path, "").values()
    frames = [frame for stretch in stretches for frame in stretch]
    last = door.last(title)
    assert frames == sorted(set(frames))
    assert last["played_ms"] + last["gap_ms"] == 4000
    assert last["played_ms"] * 16 <= len(frames)
    assert 0 < last["gaps"] <= 2
    assert last["gap_ms"] <= 2 * 750


async def test_stopped_cleanly_it_goes_on_at_the_next_start_without_a_gap(door: Door, tmp_path: Path):
    title = await door.send(ONE, audio=door.audio(speech(3)))
    process = await start(door, tmp_path)
    await heard_more_than(tmp_path, 8_000, "")
    assert await end(process, signal.SIGTERM) == 0
    arrivals = door.arrivals["dk_1"]
    process = await start(door, tmp_path)
    await door.until(lambda: door.arrivals["dk_1"] > arrivals and "played" in door.told("station:1", title))
    assert await end(process, signal.SIGINT) == 0

    (stretches,) = heard(tmp_path, "").values()
    assert [frame for stretch in stretches for frame in stretch] == list(range(48_000))
    assert (door.last(title)["played_ms"], door.last(title)["gap_ms"]) == (3000, 0)


async def test_a_fleet_starts_from_a_file_of_keys_and_status_shows_its_pockets(door: Door, tmp_path: Path):
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"station:1": "dk_1", "station:2": "dk_2", "station:3": "dk_3"}))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "edge", "--hub", door.url, "--fleet", "2", "--keys", str(keys),
        "--data", str(tmp_path / "data"), "--speed", "inf", stderr=asyncio.subprocess.DEVNULL)
    title = await door.send(("station:1", "station:2"), audio=door.audio(speech(0.2)))
    await door.until(lambda: all("played" in door.told(f"station:{n}", title) for n in (1, 2)))
    await end(process, signal.SIGTERM)

    code, out, _ = await run("status", "--data", str(tmp_path / "data"))

    assert code == 0
    assert "station-1: 1 notices (done 1)" in out
    assert "station-2: 1 notices (done 1)" in out


async def test_wrong_words_on_the_command_line_get_a_sentence(tmp_path: Path):
    wrong = {
        "--hub": ("--key", "dk_1"),
        "--key": ("--hub", "http://h"),
        "读不到文件": ("--hub", "http://h", "--key", str(tmp_path / "none")),
        "--keys": ("--hub", "http://h", "--fleet", "3"),
        "--sink": ("--hub", "http://h", "--key", "dk_1", "--data", str(tmp_path), "--sink", "tape"),
        "没有站点数据": ("status", "--data", str(tmp_path / "none"))}

    ends = await asyncio.gather(*(run(*words) for words in wrong.values()))

    for part, (code, _, err) in zip(wrong, ends, strict=True):
        assert (code, part in err, "Traceback" in err) == (2, True, False)


async def test_a_second_agent_on_the_same_directory_says_so_and_ends(door: Door, tmp_path: Path):
    process = await start(door, tmp_path)
    await door.until(lambda: door.online() == 1)

    code, _, err = await run("--hub", door.url, "--key", "dk_1", "--data", str(tmp_path / "data"))

    await end(process, signal.SIGTERM)
    assert (code, "正被另一个站点程序使用" in err) == (2, True)
