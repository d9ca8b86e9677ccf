"""What opens the room of a live meeting and nothing else: an encoder's own key, a viewer's link at a WHEP player."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription

from hub.kernel.errors import NotFound, Refused
from media.live.messages import commands as c
from media.live.words import Access
from tests.flows.live_meetings.stage import DISTRICT_3, LiveStage
from tests.flows.media.stage import Tone, until

SDP = {"Content-Type": "application/sdp"}


def other_word(word: str) -> str:
    """Not the same by chance: of the last letter some bits may mean nothing."""
    middle = len(word) // 2
    return word[:middle] + ("B" if word[middle] == "A" else "A") + word[middle + 1 :]


async def post(stage: LiveStage, path: str, secret: str, offer: str) -> tuple[int, str, str]:
    """(status, body, where the session is)."""
    headers = SDP | ({"Authorization": f"Bearer {secret}"} if secret else {})
    async with stage.web.post(stage.hub.url + path, data=offer, headers=headers) as answer:
        return answer.status, await answer.text(), answer.headers.get("Location", "")


@asynccontextmanager
async def peer(stage: LiveStage, path: str, secret: str) -> AsyncIterator[str]:
    """Publishes a tone (WHIP) or takes what is shown (WHEP); says where the session is."""
    pc = RTCPeerConnection()
    if path.startswith("/whip"):
        pc.addTrack(Tone(440))
    else:
        pc.addTransceiver("audio", direction="recvonly")
    await pc.setLocalDescription(await pc.createOffer())
    status, body, session = await post(stage, path, secret, pc.localDescription.sdp)
    assert status == 201, body
    await pc.setRemoteDescription(RTCSessionDescription(body, "answer"))
    try:
        yield session
    finally:
        await pc.close()


async def offered() -> str:
    pc = RTCPeerConnection()
    pc.addTransceiver("audio", direction="sendrecv")
    await pc.setLocalDescription(await pc.createOffer())
    offer: str = pc.localDescription.sdp
    await pc.close()
    return offer


async def test_an_encoders_key_publishes_into_its_meeting_and_opens_nothing_else_until_it_is_revoked(stage: LiveStage) -> None:
    live, other = await stage.live(), await stage.live()
    wish = c.MakeStreamKey(id=uuid4(), live=live, name="主席台编码器")
    made = await stage.ask(wish)
    room, key, offer = made["room"], made["key"], await offered()
    assert room == f"live:{live}"
    assert (await stage.ask(wish))["key"] == key
    here = stage.hub.media.engine.present

    async with peer(stage, f"/whip/{room}", key):
        await until(lambda: any(one.up for one in here(room)))
        refused = [(await post(stage, path, secret, offer))[0] for path, secret in (
            (f"/whip/live:{other}", key), (f"/whep/{room}", key), (f"/whip/{room}", other_word(key)), (f"/whip/{room}", "sk_"))]
        assert refused == [401, 403, 401, 401]
        assert (await stage.get("/api/views/lives", {"Authorization": f"Bearer {key}"}))[0] == 401
        [row] = await stage.see("stream_keys", live=str(live))
        assert (row["name"], row["on_air"], row["revoked_at"], bool(row["used_at"])) == ("主席台编码器", True, None, True)
        assert key not in str(row)
        for by_another in (c.RevokeStreamKey(id=uuid4(), key=UUID(made["id"])), c.MakeStreamKey(id=uuid4(), live=live, name="x")):
            with pytest.raises(NotFound):
                await stage.ask(by_another, DISTRICT_3)

        await stage.ask(c.RevokeStreamKey(id=uuid4(), key=UUID(made["id"])))
        await until(lambda: not here(room))
    assert (await post(stage, f"/whip/{room}", key, offer))[0] == 401
    noted = await stage.see("media_accesses", kind="live", which=str(live))
    assert [(one["act"], one["outcome"], one["name"]) for one in noted if one["act"] == "publish live"] == [
        ("publish live", "refused", "主席台编码器"), ("publish live", "refused", ""), ("publish live", "ok", "主席台编码器")]


async def test_a_key_is_of_a_meeting_that_an_encoder_shows_and_that_is_not_over(stage: LiveStage) -> None:
    live = await stage.live()
    made = await stage.stream_key(live)
    await stage.ask(c.StopLive(id=uuid4(), live=live))
    with pytest.raises(Refused):
        await stage.stream_key(live)
    assert (await post(stage, f"/whip/{made['room']}", made["key"], await offered()))[0] == 401


async def test_a_wall_watches_by_whep_is_counted_and_cut_off_when_links_are_voided(stage: LiveStage) -> None:
    live = await stage.live(access=Access.LINK)
    room, made, offer = f"live:{live}", await stage.stream_key(live), await offered()
    word = (await stage.ask(c.MakeLiveLink(id=uuid4(), live=live)))["path"].partition("#")[2]
    page = await stage.told(f"/api/lives/{live}?k={word}")
    assert page["whep"] == f"/whep/{room}"
    refused = [(await post(stage, f"/{way}/{room}", secret, offer))[0] for way, secret in (
        ("whep", ""), ("whep", other_word(word)), ("whip", word))]
    assert refused == [401, 401, 403]

    def watching() -> list[Any]:
        return [one for one in stage.hub.media.engine.present(room) if one.hidden and one.up]

    async with peer(stage, f"/whip/{room}", made["key"]), peer(stage, page["whep"], word), peer(stage, page["whep"], stage.key):
        await until(lambda: len(watching()) == 2)

        async def counted() -> bool:
            await stage.hub.lives.audience.write()
            return bool((await stage.see("live", live=str(live)))[0]["viewers"] == 1)

        await stage.until(counted)
        await stage.ask(c.VoidLiveLinks(id=uuid4(), live=live))
        await until(lambda: len(watching()) == 1)
        assert [one.ref.partition(":")[0] for one in watching()] == ["key"]
    assert (await post(stage, page["whep"], word, offer))[0] == 401


async def test_a_public_meeting_is_open_to_any_whep_player(stage: LiveStage) -> None:
    live = await stage.live()
    async with peer(stage, f"/whep/live:{live}", "") as session, stage.web.delete(stage.hub.url + session) as answer:
        assert answer.status == 200
    await stage.ask(c.StopLive(id=uuid4(), live=live))
    assert (await post(stage, f"/whep/live:{live}", "", await offered()))[0] == 401
