"""The socket between hub and plane: what is broken costs nobody but who sent it."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.kernel.errors import Malformed, TryAgain
from hub.wire.parcels import Parcels, parcel
from media import tapping
from media.plane.playout import file_of, frames_of
from media.plane.voice import payload_of
from media.tapping import Kind, TapReader
from media.wires import Boot, Figures, PlayEnded, TapLost, Voice
from tests.contract.media.conftest import ROOM, Table
from tests.patience import PATIENCE

JUNK = (b"", b"\xc1", b"\x90", b"\x92\x01\x02", os.urandom(40), parcel((5, {"type": "Join"}))[4:], parcel((6, {"type": "Nonsense"}))[4:],
        parcel(["x", 1, 2])[4:])


async def test_malformed_frames_are_refused_and_the_plane_serves_on(table: Table) -> None:
    reader, writer = await asyncio.open_unix_connection(str(table.folder / "plane.sock"))
    for body in JUNK:
        writer.write(len(body).to_bytes(4) + body)
    writer.write(parcel((9, Figures())))
    found = Parcels()
    seen: list[bytes] = []
    async with asyncio.timeout(PATIENCE):
        while not any(b"Measured" in one for one in seen):
            seen += found.feed(await reader.read(65536))

    assert [one for one in seen if one[1:2] in (b"\x05", b"\x06") and b"Failed" in one]
    writer.write(b"\xff\xff\xff\xff")
    async with asyncio.timeout(PATIENCE):
        assert await reader.read() == b""
    writer.close()
    async with asyncio.timeout(PATIENCE):
        while not (figures := await table.engine.figures()):
            await asyncio.sleep(0.01)
    assert figures["received"] == 7


async def test_an_asker_waits_for_a_plane_that_comes_back_and_is_told_when_none_does(table: Table) -> None:
    cut(table)
    await table.until(lambda: len(table.heard(Boot)) == 2)
    assert len({told.id for told in table.heard(Boot)}) == 1

    table.engine._line._socket = table.folder / "gone.sock"
    cut(table)
    await table.until(lambda: table.engine.away)
    with pytest.raises(TryAgain):
        await table.settled("li")


async def test_a_prepared_file_plays_every_twenty_milliseconds_to_whom_it_is_meant(table: Table) -> None:
    path = table.folder / "a.opus20"
    path.write_bytes(file_of([bytes([number]) * 30 for number in range(12)]))
    await table.settled("li", "wang")
    li, wang = await table.comes("li"), await table.comes("wang")
    began = asyncio.get_running_loop().time()
    playing = await table.engine.play(ROOM, "a", path, to=["li"])
    await table.until(lambda: table.plays(li) == [f"play:{playing}/0", "wang"])
    ended = await table.until(lambda: table.heard(PlayEnded))

    assert table.plays(wang) == ["li"]
    assert [(told.playing, told.why) for told in ended] == [(playing, "ended")]
    local = table.switch.locals[f"play:{playing}/0"]
    assert ([frame[0] for frame in local.sent], local.closed) == (list(range(12)), True)
    assert asyncio.get_running_loop().time() - began >= 11 * 0.02 - 0.001
    await table.until(lambda: table.plays(li) == ["wang"])


async def test_under_one_name_a_file_plays_once_whoever_asks_again_and_another_takes_its_place(table: Table) -> None:
    await table.settled("li", "wang")
    li, wang = await table.comes("li"), await table.comes("wang")
    for name, byte in (("a", b"a"), ("b", b"b")):
        (table.folder / name).write_bytes(file_of([byte * 30] * 500))
    await table.engine.play(ROOM, "a", table.folder / "a", loop=True, to=["li"], name="music")
    await table.until(lambda: "play:music/0" in table.plays(li))
    first = table.switch.locals["play:music/0"]

    await table.engine.play(ROOM, "a", table.folder / "a", loop=True, to=["wang"], name="music")
    await table.until(lambda: "play:music/0" in table.plays(wang) and "play:music/0" not in table.plays(li))
    assert not first.closed
    await table.engine.play(ROOM, "b", table.folder / "b", loop=True, name="music")
    await table.until(lambda: "play:music/0" in table.plays(li))
    second = table.switch.locals["play:music/0"]
    await table.until(lambda: second.sent)

    assert (first.closed, second.sent[0][:1], len(table.requests.playout)) == (True, b"b", 1)
    assert [told.why for told in table.heard(PlayEnded)] == ["replaced"]


async def test_a_broken_or_missing_file_is_refused(table: Table) -> None:
    path = table.folder / "broken"
    for content in (b"", b"RIFF....", b"LHOPUS1\0", b"LHOPUS1\0\x00\x05ab", b"LHOPUS1\0\x00\x00"):
        path.write_bytes(content)
        with pytest.raises(Malformed):
            await table.engine.play(ROOM, str(len(content)), path)


async def test_listeners_get_the_one_voice_as_frames_that_go_on_where_the_speaker_changes(table: Table) -> None:
    await table.settled("li")
    li = await table.comes("li")
    await table.engine.listen(ROOM)
    await table.until(lambda: table.switch.sinks[f"{li}/0"])
    for number in range(3):
        table.switch.sinks[f"{li}/0"][0](rtp(number, 5000 + 960 * number, b"voice%d" % number))
    path = table.folder / "b"
    path.write_bytes(file_of([b"prompt"] * 3))
    await table.engine.play(ROOM, "b", path)
    await table.until(lambda: len(table.heard(Voice)) == 6)

    frames = [(int.from_bytes(told.frame[:4]), int.from_bytes(told.frame[4:8]), told.frame[8:]) for told in table.heard(Voice)]
    assert [seq for seq, _, _ in frames] == [1, 2, 3, 4, 5, 6]
    assert [ts for _, ts, _ in frames] == [960 * number for number in range(1, 7)]
    assert [payload for _, _, payload in frames] == [b"voice0", b"voice1", b"voice2"] + [b"prompt"] * 3


async def test_a_tap_brings_tracks_packets_and_the_floor_to_the_studio_and_says_when_it_is_lost(table: Table) -> None:
    got: list[tuple[Kind, bytes]] = []
    writers: list[asyncio.StreamWriter] = []

    async def studio(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        frames = TapReader()
        while data := await reader.read(65536):
            got.extend(frames.feed(data))
        writer.close()

    socket = table.folder / "taps.sock"
    async with await asyncio.start_unix_server(studio, str(socket)):
        await table.settled("li")
        li = await table.comes("li", "mic", "camera")
        tap = await table.engine.tap(ROOM, socket, tap="t1")
        await table.until(lambda: len(got) == 3)
        table.switch.sinks[f"{li}/0"][0](rtp(1, 960, b"voice"))
        await table.until(lambda: len(got) == 4)
        writers[0].write(tapping.said(Kind.KEY, tapping.TapKeyFrame(number=2)))
        await table.until(lambda: table.switch.key_frames.count(f"{li}/1") == 2)
        assert ([kind for kind, _ in got], tap) == ([Kind.OPENED, Kind.SOURCE, Kind.SOURCE, Kind.PACKET], "t1")
        assert got[3][1].endswith(b"voice")
        writers[0].close()
        await table.until(lambda: [told.tap for told in table.heard(TapLost)] == ["t1"])
    assert table.switch.sinks[f"{li}/0"] == []
    with pytest.raises(TryAgain):
        await table.engine.tap(ROOM, Path("/tmp/no-such-socket"))


async def test_telephones_are_tapped_what_plays_to_all_or_to_one_of_them_and_recordings_are_not(table: Table) -> None:
    got: dict[str, list[str]] = {"legs": [], "film": []}

    async def studio(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames, name = TapReader(), ""
        while data := await reader.read(65536):
            for kind, body in frames.feed(data):
                if kind is Kind.OPENED:
                    name = msgspec.msgpack.decode(body, type=tapping.TapOpened).tap
                if kind is Kind.SOURCE:
                    got[name].append(msgspec.msgpack.decode(body, type=tapping.TapSource).source)
        writer.close()

    socket, path = table.folder / "taps.sock", table.folder / "a"
    path.write_bytes(file_of([b"music" * 6] * 500))
    async with await asyncio.start_unix_server(studio, str(socket)):
        await table.settled("li")
        await table.engine.tap(ROOM, socket, tap="legs", video=False, played=True)
        await table.engine.tap(ROOM, socket, tap="film")
        await table.engine.play(ROOM, "a", path, to=["li"], name="his")
        await table.engine.play(ROOM, "a", path, to=["phone:li"], name="theirs")
        await table.engine.play(ROOM, "a", path, name="all")
        await table.until(lambda: len(got["legs"]) == 2)
        await table.until(lambda: table.switch.sinks["play:all/0"])

        assert got == {"legs": ["play:theirs/0", "play:all/0"], "film": []}
        for tap in got:
            await table.engine.untap(tap)


async def test_a_recorded_voice_that_nobody_hears_is_not_shut_for_a_moment(table: Table) -> None:
    async def takes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    socket = table.folder / "taps.sock"
    async with await asyncio.start_unix_server(takes, str(socket)):
        await table.settled("li")
        await table.engine.tap(ROOM, socket, tap="t1")
        li = await table.comes("li", "mic", "camera")
        await table.until(lambda: len(table.switch.gated) == 2)

        assert set(table.switch.gated) == {(f"{li}/0", True), (f"{li}/1", True)}
        await table.engine.untap("t1")


async def test_a_hub_process_that_does_not_read_is_cut_off_and_the_others_hear_everything(table: Table) -> None:
    _, writer = await asyncio.open_unix_connection(str(table.folder / "plane.sock"))
    said = 0
    await table.until(lambda: len(table.requests._hubs) == 2)
    async with asyncio.timeout(PATIENCE):
        while len(table.requests._hubs) == 2:
            table.requests.tell(Voice(room=ROOM, frame=bytes(200_000)))
            said += 1
            await asyncio.sleep(0)
    await table.until(lambda: len(table.heard(Voice)) == said)

    assert said * 200_000 > 16 * 2**20
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def test_a_studio_that_does_not_read_loses_packets_and_begins_again_with_a_key_frame(table: Table) -> None:
    there: list[asyncio.StreamReader] = []

    async def stands(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there.append(reader)
        await table.until(lambda: table.requests.taps.dropped)
        while await reader.read(2**20):
            """Reads on."""
        writer.close()

    socket = table.folder / "taps.sock"
    async with await asyncio.start_unix_server(stands, str(socket)):
        await table.settled("li")
        li = await table.comes("li", "camera")
        await table.engine.tap(ROOM, socket, tap="t1")
        await table.until(lambda: table.switch.sinks[f"{li}/0"] and there)
        asked, [sink] = len(table.switch.key_frames), table.switch.sinks[f"{li}/0"]
        packet = rtp(1, 960, bytes(1200))
        while not table.requests.taps.dropped:
            sink(packet)
        writer = next(iter(table.requests.taps._lines.values()))._transport
        assert writer is not None
        await table.until(lambda: writer.get_write_buffer_size() == 0)
        sink(packet)

        assert len(table.switch.key_frames) == asked + 1
        await table.engine.untap("t1")


def cut(table: Table) -> None:
    for say in list(table.requests._hubs):
        say.__self__._abort()  # type: ignore[attr-defined]


def rtp(number: int, ts: int, payload: bytes) -> bytes:
    return bytes((0x80, 111)) + number.to_bytes(2) + ts.to_bytes(4) + b"\0\0\0\1" + payload


def test_the_payload_stands_behind_whatever_the_header_holds() -> None:
    extended = bytes((0x90, 111, 0, 1)) + (960).to_bytes(4) + b"\0\0\0\1" + b"\xbe\xde\0\1\x10\x05\0\0" + b"voice"
    padded = bytes((0xA0, 111, 0, 1)) + (960).to_bytes(4) + b"\0\0\0\1" + b"voice" + b"\0\0\3"

    assert payload_of(extended) == payload_of(padded) == (960, b"voice")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_whatever_bytes_come_the_readers_end_in_peace(junk: bytes) -> None:
    payload_of(junk)
    for read in (lambda: list(TapReader().feed(junk)), lambda: list(Parcels(1000).feed(junk)), lambda: frames_of(b"LHOPUS1\0" + junk)):
        with suppress(Malformed):
            read()
