"""A meeting goes live from FFmpeg's WHIP muxer, is watched by whom it is open to, replayed, and cut into clips."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import av
import msgspec
import pytest

from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.clock import SystemClock
from hub.kernel.errors import Forbidden, NotFound, Refused
from media.floor_spoke import turn_command
from media.live.messages import commands as c
from media.live.words import Access
from media.meetings.messages import commands as m
from media.wires import FloorTurn
from tests.flows.broadcast.stage import ref
from tests.flows.live_meetings.stage import DISTRICT_3, LiveStage, self_of
from tests.flows.meetings.round_table import DUTY


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def pictures(raw: bytes) -> int:
    with av.open(io.BytesIO(raw), mode="r") as film:
        return sum(1 for _ in film.decode(video=0))


def paths(playlist: bytes) -> list[str]:
    return [line for line in playlist.decode().splitlines() if line and not line.startswith("#")]


async def playlist(stage: LiveStage, live: UUID, word: str) -> bytes:
    """Once there is something to see."""
    async def so() -> bytes:
        page = await stage.told(f"/api/lives/{live}?k={word}")
        status, body, _ = await stage.get(f"{page['play']}?v=one")
        return body if status == 200 and len(paths(body)) > 1 else b""

    found: bytes = await stage.until(so)
    return found


async def test_a_meeting_by_link_is_watched_by_who_has_it_replayed_cut_and_cleared_away(stage: LiveStage, tmp_path: Path) -> None:
    live = await stage.live(access=Access.LINK)
    word = (await stage.ask(c.MakeLiveLink(id=uuid4(), live=live)))["path"].partition("#")[2]
    async with stage.encoder(live):
        body = await playlist(stage, live, word)
        page = await stage.told(f"/api/lives/{live}?k={word}")
        await watched(stage, page["play"], body)
        spoke = SystemClock().now()
        await watched_by_nobody_else(stage, live, word, page["play"])
        await counted(stage, live, page["play"])

        # a speech while it is recorded, to be cut when that is over
        speech = c.MarkSpeech(id=uuid4(), room=f"live:{live}", person=ref("李代表"), since=spoke, until=spoke + timedelta(seconds=3))

        async def has_spoken() -> bool:
            return SystemClock().now() > speech.until

        await stage.until(has_spoken)
        await stage.ask(speech)
        line = await stage.speech(speech.id)
        assert (line["state"], line["url"]) == ("waiting", "")
        await taken_back(stage, live, page["play"])
        await stage.ask(c.StopLive(id=uuid4(), live=live))
    await replayed(stage, live)
    await clipped(stage, speech.id, tmp_path)
    await swept(stage, live, tmp_path)


async def watched(stage: LiveStage, play: str, body: bytes) -> None:
    """By the same addresses for all, which can be kept on the way; the next part is waited for."""
    place, names = play.removesuffix("index.m3u8"), paths(body)
    head, raw = body.decode().partition('URI="')[2].partition('"')[0], b""
    for name in (head, names[0], names[1]):
        status, part, headers = await stage.get(place + name)
        assert (status, headers["Cache-Control"].startswith("public")) == (200, True)
        raw += part
    assert pictures(raw) > 5
    oldest = int(body.decode().partition("#EXT-X-MEDIA-SEQUENCE:")[2].partition("\n")[0])
    status, blocked, _ = await stage.get(f"{play}?v=two&_HLS_msn={oldest + len(names)}&_HLS_part=0")
    assert status == 200
    assert blocked != body

    async def drawn() -> bool:
        return bool((await stage.get(place + "poster.jpg"))[2]["Content-Type"] == "image/jpeg")

    await stage.until(drawn)


async def counted(stage: LiveStage, live: UUID, play: str) -> None:
    """Two ask for the playlist again and again."""
    async def both() -> bool:
        for viewer in ("one", "two"):
            await stage.get(f"{play}?v={viewer}")
        await stage.hub.lives.audience.write()
        [row] = await stage.see("live", live=str(live))
        return bool((row["viewers"], row["peak"], row["ready"], row["state"]) == (2, 2, True, "live"))

    await stage.until(both)


async def watched_by_nobody_else(stage: LiveStage, live: UUID, word: str, play: str) -> None:
    """No word, another's word, a made-up pass, another's pass."""
    other = await stage.live(access=Access.LINK)
    for path, headers, status, code in (
        (f"/api/lives/{live}", None, 403, "link-needed"), (f"/api/lives/{live}", stage.link_of("李代表"), 403, "link-needed"),
        (f"/api/lives/{other}?k={word}", None, 403, "link-needed"), (f"/hls/{live}/{'A' * 27}/index.m3u8", None, 403, "pass-expired"),
        (play.replace(str(live), str(other)), None, 403, "pass-expired"), (f"/api/lives/{uuid4()}", None, 404, "no-live"),
    ):
        refused = await stage.told(path, headers)
        assert (refused["status"], refused["code"]) == (status, code), path
    assert (await stage.told(f"/api/lives/{live}", stage.as_operator))["play"]


async def taken_back(stage: LiveStage, live: UUID, play: str) -> None:
    """Who watches by a link that was voided is cut off."""
    await stage.ask(c.VoidLiveLinks(id=uuid4(), live=live))

    async def cut_off() -> bool:
        return (await stage.get(play))[0] == 403

    await stage.until(cut_off)


async def replayed(stage: LiveStage, live: UUID) -> None:
    async def kept() -> Any:
        return (await stage.see("live", live=str(live)))[0]["replay_ready"]

    await stage.until(kept)
    page = await stage.told(f"/api/lives/{live}", stage.as_operator)
    assert page["replay"]
    assert page["play"].endswith("replay.m3u8")
    _, body, _ = await stage.get(page["play"])
    assert b"#EXT-X-ENDLIST" in body
    assert set(paths(body)) == {"replay-0.mp4"}
    whole = page["play"].replace("replay.m3u8", "replay-0.mp4")
    status, head, headers = await stage.get(whole, {"Range": "bytes=0-99"})
    assert (status, len(head), headers["Accept-Ranges"]) == (206, 100, "bytes")
    assert pictures((await stage.get(whole))[1]) > 5


async def filed(stage: LiveStage, speech: UUID, edition: int) -> Any:
    async def so() -> Any:
        row = await stage.speech(speech)
        return row if (row["state"], row["edition"]) == ("filed", edition) else None

    return await stage.until(so)


async def clipped(stage: LiveStage, speech: UUID, data: Path) -> None:
    """One's own, and nobody else's; corrected it is another's, and the recording stays as it is."""
    row = await filed(stage, speech, 1)
    await his_own(stage, speech, row)
    again = await corrected(stage, speech, row)
    assert again["sha256"] != row["sha256"]
    await files_of(stage, speech, data)


async def his_own(stage: LiveStage, speech: UUID, row: Any) -> None:
    assert moment(row["clip_since"]) <= moment(row["since"])
    assert row["person_name"] == "李代表"
    assert row["meeting"] == "常委会会议"
    assert pictures((await stage.get(row["url"], stage.link_of("李代表")))[1]) > 5
    assert [one["id"] for one in await stage.see("own_speeches", self_of("李代表"))] == [str(speech)]
    assert await stage.see("own_speeches", self_of("王代表")) == []
    assert (await stage.get(row["url"], stage.link_of("王代表")))[0] == 404
    assert (await stage.get(row["url"]))[0] == 401
    looked = await stage.see("media_accesses", kind="speech", which=str(speech))
    assert [(one["act"], one["outcome"]) for one in looked if one["act"] != "FileClip"] == [
        ("view speech", "refused"), ("view speech", "ok")]


async def corrected(stage: LiveStage, speech: UUID, row: Any) -> Any:
    [recording] = [one for one in await stage.see("recordings") if one["room"] == row["room"]]
    before = (await stage.see("recording", recording=recording["id"]))[0]["files"]
    later = moment(row["since"]) + timedelta(seconds=1)
    await stage.ask(c.CorrectSpeech(id=uuid4(), speech=speech, person=ref("王代表"), since=later))
    again = await filed(stage, speech, 2)
    assert again["person_name"] == "王代表"
    assert [one["id"] for one in await stage.see("own_speeches", self_of("王代表"))] == [str(speech)]
    assert await stage.see("own_speeches", self_of("李代表")) == []
    assert (await stage.see("recording", recording=recording["id"]))[0]["files"] == before
    return again


async def files_of(stage: LiveStage, speech: UUID, data: Path) -> None:
    async def alone() -> Any:
        return [one.suffix for one in sorted((data / "speeches").rglob("*.*"))] == [".json", ".mp4"]

    await stage.until(alone)
    [paper] = (data / "speeches").rglob("*.json")
    assert msgspec.json.decode(paper.read_bytes())["about"]["name"] == "王代表"

    await stage.ask(c.DropSpeech(id=uuid4(), speech=speech, reason="试录"))

    async def gone() -> Any:
        return not any(one.is_file() for one in (data / "speeches").rglob("*"))

    await stage.until(gone)


async def swept(stage: LiveStage, live: UUID, data: Path) -> None:
    """What has been kept long enough goes in the night."""
    [row] = [one for one in await stage.see("recordings") if one["live"] == str(live)]
    assert any((data / "recordings" / row["id"]).iterdir())
    async with stage.hub.db.transaction() as conn:
        await conn.execute("update media.recording set stopped_at = stopped_at - interval '366 days' where id = $1", UUID(row["id"]))
    await stage.hub.lives.errands.sweep(None)

    async def gone() -> Any:
        return not (data / "recordings" / row["id"]).exists()

    await stage.until(gone)
    [row] = await stage.see("recordings", state=["dropped"])
    assert (row["files_count"], row["why"]) == (0, "保存期满 kept long enough")

    async def nothing_to_play() -> Any:
        return (await stage.told(f"/api/lives/{live}", stage.as_operator))["play"] == ""

    await stage.until(nothing_to_play)


async def test_a_meeting_by_role_is_open_to_that_role_at_that_place(stage: LiveStage) -> None:
    live = await stage.live(access=Access.ROLES, roles=(Role.DEPUTY,), org="district:3")
    path = f"/api/lives/{live}"

    got = [(await stage.get(path, headers))[0] for headers in (
        None, stage.link_of("李代表"), stage.link_of("赵代表"), stage.as_operator, {"Authorization": "Link nonsense"})]

    assert got == [401, 200, 403, 200, 401]
    assert [one["id"] for one in (await stage.told("/api/lives", stage.link_of("李代表")))["rows"]] == [str(live)]
    assert (await stage.told("/api/lives"))["rows"] == []
    await stage.ask(c.ChangeLive(id=uuid4(), live=live, terms=c.Terms(title="常委会会议")))
    assert [one["id"] for one in (await stage.told("/api/lives"))["rows"]] == [str(live)]


async def test_what_the_city_runs_is_not_a_districts_and_what_the_hub_does_is_nobodys(stage: LiveStage) -> None:
    live = await stage.live()
    [recording] = await stage.see("recordings")
    at = SystemClock().now()
    for command in (
        c.StopLive(id=uuid4(), live=live), c.MakeLiveLink(id=uuid4(), live=live),
        c.DropRecording(id=uuid4(), recording=UUID(recording["id"]), reason="x"),
        c.MarkSpeech(id=uuid4(), room=f"live:{live}", person=ref("李代表"), since=at - timedelta(seconds=5), until=at),
        c.RecordRoom(id=uuid4(), room=f"meeting:{uuid4()}", title="x"),
    ):
        with pytest.raises(NotFound):
            await stage.ask(command, DISTRICT_3)
    assert await stage.see("lives", DISTRICT_3) == await stage.see("recordings", DISTRICT_3) == []
    for of_the_hub in (c.SweepRecordings(id=uuid4()), c.FileRecording(id=uuid4(), recording=UUID(recording["id"]), files=())):
        with pytest.raises(Forbidden):
            await stage.ask(of_the_hub)
    with pytest.raises(Refused):
        await stage.ask(c.StopRecording(id=uuid4(), recording=UUID(recording["id"])))


async def test_who_had_the_floor_in_a_recorded_room_stands_in_the_edit_list_once(stage: LiveStage) -> None:
    live = await stage.live()
    room, at = f"live:{live}", SystemClock().now()
    await stage.ask(c.SaveAgenda(id=uuid4(), room=room, title="常委会会议", items=(c.AgendaItem(key="1", title="审议"),)))
    await stage.ask(c.TurnAgenda(id=uuid4(), room=room, item="1"))
    since = SystemClock().now()
    turns = [FloorTurn(room=room, seq=seq, peer=f"{who}@{room}#n", ref=who, name="", since=since + timedelta(seconds=seq),
                       until=since + timedelta(seconds=seq + 2), why="") for seq, who in enumerate(("station:17", ref("李代表")))]
    for turn in (*turns, turns[0]):
        await stage.ask(turn_command(turn), SYSTEM)

    async def both() -> Any:
        rows = await stage.see("speeches", room=room)
        return rows if len(rows) == 2 else None

    rows = await stage.until(both)
    await stage.hub.lives.following.once()
    await asyncio.gather(*(stage.hub.lives.following.once() for _ in range(3)))
    assert len(await stage.see("speeches", room=room)) == 2
    assert {(row["person_name"], row["agenda_title"], row["origin"], row["state"]) for row in rows} == {
        ("名station:17", "审议", "floor", "waiting"), ("李代表", "审议", "floor", "waiting")}
    assert all(moment(row["since"]) > at for row in rows)


async def test_who_had_the_word_in_a_recorded_meeting_stands_under_its_item_and_the_recording_ends_with_it(stage: LiveStage) -> None:
    at_17 = Actor(id="station:17", name="十七站", roles=(Role.STATION,), scopes=("station:17",))
    opened = m.OpenMeeting(id=uuid4(), title="防汛会商", targets=("station:17",), agenda=("汛情", "部署"))
    await stage.ask(opened, DUTY)
    await stage.ask(m.EnterMeeting(id=uuid4(), meeting=opened.id), at_17)
    room = f"meeting:{opened.id}"
    with pytest.raises(NotFound):
        await stage.ask(c.RecordRoom(id=uuid4(), room=room, title="防汛会商"), DISTRICT_3)
    await stage.ask(c.RecordRoom(id=uuid4(), room=room, title="防汛会商"), DUTY)
    await stage.hub.lives.attending.once()

    await stage.ask(m.MoveAgenda(id=uuid4(), meeting=opened.id, item=2), DUTY)
    await stage.ask(m.GiveWord(id=uuid4(), meeting=opened.id, ref="station:17"), DUTY)
    began = SystemClock().now()

    async def has_spoken() -> bool:
        return SystemClock().now() > began + timedelta(seconds=1.2)

    await stage.until(has_spoken)
    await stage.ask(m.TakeWord(id=uuid4(), meeting=opened.id), DUTY)

    async def lines() -> Any:
        return await stage.see("speeches", room=room)

    [line] = await stage.until(lines)
    assert (line["person"], line["agenda"], line["agenda_title"], line["meeting"]) == ("station:17", "2", "部署", "防汛会商")
    [agenda] = await stage.see("agenda", room=room)
    assert [item["title"] for item in agenda["items"]] == ["汛情", "部署"]
    with pytest.raises(Refused):
        await stage.ask(c.SaveAgenda(id=uuid4(), room=room, title="x", items=()), DUTY)

    await stage.ask(m.EndMeeting(id=uuid4(), meeting=opened.id), DUTY)

    async def empty() -> Any:
        return [row for row in await stage.see("recordings", room=room) if row["state"] == "empty"]

    await stage.until(empty)
    assert (await stage.speech(UUID(line["id"])))["state"] == "failed"
