"""aiortc's own peers (the station agent is one) publish and watch."""

import asyncio
from typing import Any

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack

from tests.patience import PATIENCE


async def joined(place, name: str, client: RTCPeerConnection) -> None:
    await client.setLocalDescription(await client.createOffer())
    answer = (await place.switch.join(name, client.localDescription.sdp)).answer
    await client.setRemoteDescription(RTCSessionDescription(answer, "answer"))


async def test_aiortc_publishes_and_aiortc_sees_and_hears_it(place):
    publisher, viewer = RTCPeerConnection(), RTCPeerConnection()
    publisher.addTrack(AudioStreamTrack())
    publisher.addTrack(VideoStreamTrack())
    lines = [viewer.addTransceiver(kind, "recvonly") for kind in ("audio", "video")]
    try:
        await joined(place, "publisher", publisher)
        await joined(place, "viewer", viewer)
        for mid in ("0", "1"):
            place.link(f"publisher/{mid}", f"viewer/{mid}")
        async with asyncio.timeout(PATIENCE):
            sounds: list[Any] = [await lines[0].receiver.track.recv() for _ in range(5)]
            pictures: list[Any] = [await lines[1].receiver.track.recv() for _ in range(5)]
    finally:
        await publisher.close()
        await viewer.close()

    assert {sound.sample_rate for sound in sounds} == {48_000}
    assert {(picture.width, picture.height) for picture in pictures} == {(640, 480)}
    await place.ear.until("down", "viewer", "left")
