"""Files in pieces: whole after any cut, refused in words, gone after a day."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import math
import struct
import wave
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from dispatch.conversations.messages.commands import OpenDirect, RecallMessage, SendMessage
from dispatch.conversations.words import MAIN
from hub.access.tokens import make_link
from hub.app import hub_on
from hub.kernel.clock import SetClock
from hub.kernel.errors import NotFound
from tests.flows.broadcast.stage import Stage, closed_port, person
from tests.flows.conversations.talk import DUTY, LI, VIEWER
from tests.flows.gateway.visitor import Visitor
from tests.flows.uploads.raw import Tusker, metadata

CONTENT = bytes(range(256)) * 20


async def look(tusker: Tusker, place: str) -> dict[str, Any]:
    found: dict[str, Any] = await tusker.visitor.get(place)
    return found


async def test_what_came_in_pieces_is_one_file_with_its_sum(operator: Visitor) -> None:
    tusker = Tusker(operator)
    place = await tusker.begin(len(CONTENT))
    for begin in range(0, len(CONTENT), 2000):
        status, headers, _ = await tusker.piece(place, begin, CONTENT[begin : begin + 2000])
        assert (status, int(headers["Upload-Offset"])) == (204, min(begin + 2000, len(CONTENT)))
    file = (await look(tusker, place))["file"]
    assert (file["name"], file["size"], file["sha256"]) == ("影像.bin", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert file["id"] == place.rpartition("/")[2]
    assert await operator.get(file["url"]) == CONTENT
    assert (await look(tusker, place))["file"] == file


@pytest.mark.parametrize("after", [-1, 0, 1, 777, 4096, len(CONTENT) - 1])
async def test_a_line_that_breaks_anywhere_leaves_a_file_that_goes_on(operator: Visitor, after: int) -> None:
    tusker = Tusker(operator)
    place = await tusker.begin(len(CONTENT))
    await tusker.cut(place, 0, CONTENT, after)
    assert 0 <= await tusker.go_on(place, CONTENT) <= max(after, 0)
    assert (await look(tusker, place))["file"]["sha256"] == hashlib.sha256(CONTENT).hexdigest()


async def test_a_small_upload_may_be_cut_at_every_byte_of_the_request_and_of_the_body(operator: Visitor) -> None:
    tusker, small = Tusker(operator), b"0123456789abcdefghij"
    wanted = hashlib.sha256(small).hexdigest()
    for after in (*range(-300, 0, 25), *range(len(small) + 1)):
        place = await tusker.begin(len(small))
        await tusker.cut(place, 0, small, after)
        assert 0 <= await tusker.go_on(place, small) <= max(after, 0)
        assert (await look(tusker, place))["file"]["sha256"] == wanted


async def test_an_upload_outlives_a_restart_of_the_hub(stage: Stage, operator: Visitor, city_dsn: str) -> None:
    tusker = Tusker(operator)
    place = await tusker.begin(len(CONTENT))
    await tusker.piece(place, 0, CONTENT[:3000])
    settings = replace(stage.hub.settings, port=closed_port())
    async with hub_on(city_dsn, settings, SetClock(stage.clock.at)) as other:
        operator.url = other.settings.url
        assert await tusker.offset(place) == 3000
        await tusker.piece(place, 3000, CONTENT[3000:])
        assert (await look(tusker, place))["file"]["size"] == len(CONTENT)


async def test_bytes_that_were_never_answered_for_are_cut_off_again(stage: Stage, operator: Visitor) -> None:
    tusker = Tusker(operator)
    place = await tusker.begin(len(CONTENT))
    await tusker.piece(place, 0, CONTENT[:100])
    part = stage.hub.settings.data / "files" / f".upload-{place.rpartition('/')[2]}"
    with part.open("ab") as file:
        file.write(b"x" * 50)
    await tusker.piece(place, 100, CONTENT[100:])
    assert (await look(tusker, place))["file"]["sha256"] == hashlib.sha256(CONTENT).hexdigest()


async def test_refusals_have_their_own_codes(operator: Visitor) -> None:
    tusker = Tusker(operator)
    place = await tusker.begin(100)
    await tusker.piece(place, 0, b"x" * 10)
    wrong = {
        409: tusker.piece(place, 11, b"x"),
        413: tusker.piece(place, 10, b"x" * 91),
        415: tusker.send("PATCH", place, b"x", Upload_Offset=10, Content_Type="text/plain"),
        412: tusker.piece(place, 10, b"x", Tus_Resumable="0.2.2"),
        404: tusker.piece(f"/api/uploads/{uuid4()}", 0, b"x"),
        400: tusker.piece(place, -1, b"x"),
    }
    for status, asked in wrong.items():
        found, headers, body = await asked
        assert (found, headers["Tus-Resumable"]) == (status, "1.0.0"), body
        assert json.loads(body)["detail"]
    assert await tusker.offset(place) == 10


@pytest.mark.parametrize(("length", "purpose", "status"), [
    (2 * 2**30 + 1, "message", 413), (51 * 2**20, "voice", 413), (0, "message", 422), (10, "wallpaper", 400), ("ten", "message", 400),
])
async def test_what_may_not_be_uploaded_is_refused_before_it_begins(
    operator: Visitor, length: Any, purpose: str, status: int,
) -> None:
    found, _, body = await Tusker(operator).send("POST", "/api/uploads", Upload_Length=length, Upload_Metadata=metadata(purpose=purpose))
    assert found == status, body


async def test_a_viewer_sends_files_in_messages_but_attaches_none_to_broadcasts(viewer: Visitor) -> None:
    tusker = Tusker(viewer)
    assert (await tusker.send("POST", "/api/uploads", Upload_Length=5, Upload_Metadata=metadata(purpose="attachment")))[0] == 403
    assert await tusker.begin(5)


async def test_anothers_upload_is_no_upload(operator: Visitor, viewer: Visitor) -> None:
    place, stranger = await Tusker(operator).begin(5), Tusker(viewer)
    assert [(await stranger.send("HEAD", place))[0], (await stranger.piece(place, 0, b"12345"))[0],
            (await stranger.send("DELETE", place))[0]] == [404, 404, 404]


async def test_a_piece_that_was_damaged_is_thrown_away(operator: Visitor) -> None:
    tusker, place = Tusker(operator), await Tusker(operator).begin(5)
    right = "sha1 " + base64.b64encode(hashlib.sha1(b"12345", usedforsecurity=False).digest()).decode()
    assert (await tusker.piece(place, 0, b"12x45", Upload_Checksum=right))[0] == 460
    assert await tusker.offset(place) == 0
    assert (await tusker.piece(place, 0, b"12345", Upload_Checksum="md5 xx"))[0] == 400
    assert (await tusker.piece(place, 0, b"12345", Upload_Checksum=right))[0] == 204


async def test_an_upload_is_ended_by_its_owner_or_by_its_day(stage: Stage, operator: Visitor) -> None:
    tusker = Tusker(operator)
    ended, late = await tusker.begin(5), await tusker.begin(5)
    await tusker.piece(late, 0, b"12")
    assert (await tusker.send("DELETE", ended))[0] == 204
    assert (await tusker.send("HEAD", ended))[0] == 404
    stage.later(hours=11)
    assert await tusker.offset(late) == 2
    stage.later(hours=14)

    async def gone() -> bool:
        return not await stage.value("select count(*) from files.upload")

    await stage.until(gone)
    assert list((stage.hub.settings.data / "files").glob(".upload-*")) == []


async def test_nobody_holds_more_than_twenty_unfinished_uploads(operator: Visitor) -> None:
    tusker = Tusker(operator)
    for _ in range(20):
        await tusker.begin(5)
    assert (await tusker.send("POST", "/api/uploads", Upload_Length=5, Upload_Metadata=metadata(purpose="message")))[0] == 429


async def test_the_protocol_says_what_it_can(operator: Visitor) -> None:
    status, headers, _ = await Tusker(operator).send("OPTIONS", "/api/uploads")
    assert (status, headers["Tus-Version"], headers["Tus-Extension"]) == (204, "1.0.0", "creation,expiration,checksum,termination")


async def test_a_file_in_a_message_is_read_by_members_only_until_it_is_recalled(
    stage: Stage, operator: Visitor, viewer: Visitor,
) -> None:
    tusker = Tusker(operator)
    place = await tusker.begin(5, "值班表.txt")
    await tusker.piece(place, 0, b"12345")
    file = (await look(tusker, place))["file"]
    await viewer.get(file["url"], status=404)
    which = UUID((await stage.ask(OpenDirect(id=uuid4(), other=VIEWER.id), DUTY))["conversation"])
    sent = SendMessage(id=uuid4(), conversation=which, files=(UUID(file["id"]),))
    await stage.ask(sent, DUTY)
    assert await viewer.get(file["url"]) == b"12345"
    row = (await stage.see("messages", VIEWER, conversation=str(which)))[0]
    assert (row["shape"], row["files"][0]["name"]) == ("file", "值班表.txt")
    await stage.ask(RecallMessage(id=uuid4(), message=sent.id), DUTY)
    await viewer.get(file["url"], status=404)
    other = UUID((await stage.ask(OpenDirect(id=uuid4(), other=MAIN), LI))["conversation"])
    with pytest.raises(NotFound):
        await stage.ask(SendMessage(id=uuid4(), conversation=other, files=(UUID(file["id"]),)), LI)


async def test_in_a_browser_with_two_sessions_a_file_is_opened_by_the_one_its_address_names(
    stage: Stage, operator: Visitor, viewer: Visitor,
) -> None:
    """A link that the browser opens by itself carries both cookies; `app` says who is meant."""
    tusker = Tusker(operator)
    place = await tusker.begin(5, "值班表.txt")
    await tusker.piece(place, 0, b"12345")
    url = (await look(tusker, place))["file"]["url"]
    which = UUID((await stage.ask(OpenDirect(id=uuid4(), other=LI.id), DUTY))["conversation"])
    await stage.ask(SendMessage(id=uuid4(), conversation=which, files=(UUID(place.rpartition("/")[2]),)), DUTY)
    link = make_link(stage.hub.access.key, person("李代表"), None, stage.clock.at)
    async with viewer.web.post(f"{viewer.url}/api/sign-in/link", json={"token": link}) as answer:
        assert answer.status == 200

    assert await viewer.get(f"{url}?app=deputy") == b"12345"
    assert await viewer.get(f"{url}?variant=small&app=deputy") == b"12345"
    await viewer.get(f"{url}?app=console", status=404)
    await viewer.get(url, status=404)
    assert await viewer.get(url, Referer=f"{viewer.url}/deputy/") == b"12345"


async def test_what_stands_in_no_message_is_swept_away_with_its_bytes_unless_another_is_made_of_the_same(
    stage: Stage, operator: Visitor,
) -> None:
    tusker, folder = Tusker(operator), stage.hub.settings.data / "files"
    files = []
    for content in (b"sent", b"never sent", b"recalled", b"sent"):
        place = await tusker.begin(len(content), "a.txt")
        await tusker.piece(place, 0, content)
        files.append((await look(tusker, place))["file"])
    which = UUID((await stage.ask(OpenDirect(id=uuid4(), other=VIEWER.id), DUTY))["conversation"])
    sent = [SendMessage(id=uuid4(), conversation=which, files=(UUID(files[n]["id"]),)) for n in (0, 2)]
    for one in sent:
        await stage.ask(one, DUTY)
    await stage.ask(RecallMessage(id=uuid4(), message=sent[1].id), DUTY)
    assert len(list(folder.iterdir())) == 3
    stage.later(days=3)

    async def swept() -> bool:
        return [row["id"] for row in await stage.rows("select id from files.file")] == [UUID(files[0]["id"])]

    await stage.until(swept)
    assert [path.name for path in folder.iterdir()] == [files[0]["sha256"]]


def bitmap(width: int, height: int) -> bytes:
    body = Random(17).randbytes(width * height * 3)
    about = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(body), 0, 0, 0, 0)
    return struct.pack("<2sIHHI", b"BM", 54 + len(body), 0, 0, 54) + about + body


@pytest.mark.parametrize(("name", "content", "begins"), [
    ("现场.bmp", bitmap(800, 200), b"RIFF"),
    ("不是图.png", bytes(70_000), bytes(4)),
    ("小图.bmp", bitmap(80, 20), b"BM"),
])
async def test_a_large_picture_has_a_small_one_and_whatever_has_none_is_given_whole(
    operator: Visitor, name: str, content: bytes, begins: bytes,
) -> None:
    tusker = Tusker(operator)
    place = await tusker.begin(len(content), name)
    await tusker.piece(place, 0, content)
    file = (await look(tusker, place))["file"]

    small, whole = await operator.get(f"{file['url']}?variant=small"), await operator.get(file["url"])

    assert small.startswith(begins)
    assert len(small) <= len(whole) == file["size"]


def spoken() -> bytes:
    """Two seconds of a tone, as WAV."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(n / 6))) for n in range(32_000)))
    return out.getvalue()


async def test_a_voice_clip_comes_out_as_one_format_with_its_seconds_and_junk_ends_the_upload(
    stage: Stage, viewer: Visitor,
) -> None:
    tusker, clip = Tusker(viewer), spoken()
    place = await tusker.begin(len(clip), "clip.webm", "voice")
    await tusker.piece(place, 0, clip)
    file = (await look(tusker, place))["file"]
    assert (file["mime"], file["name"], round(file["seconds"])) == ("audio/mpeg", "clip.mp3", 2)
    which = UUID((await stage.ask(OpenDirect(id=uuid4(), other=DUTY.id), VIEWER))["conversation"])
    await stage.ask(SendMessage(id=uuid4(), conversation=which, files=(UUID(file["id"]),)), VIEWER)
    assert (await stage.see("conversations", DUTY))[0]["last"]["shape"] == "voice"
    junk = await tusker.begin(5, "clip.webm", "voice")
    assert (await tusker.piece(junk, 0, b"12345"))[0] == 422
    assert (await tusker.send("HEAD", junk))[0] == 404
