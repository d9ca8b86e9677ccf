"""What a client says of its line, by real reports to a real plane: pictures go, small ones first, and the voice stays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from media.plane import rtcp
from media.plane.plane import Plane
from media.plane.switch import Switch
from media.shapes import Allowed
from media.wires import Join, Joined
from tests.flows.plane.phone import DELTA, H264, IDR, OPUS, Phone, offer
from tests.patience import PATIENCE

ROOM = "call:1"
VOICE, LARGE, SMALL = "012"


class Desk:
    """Takes phones in as the hub does."""

    def __init__(self) -> None:
        self.plane = Plane(lambda _told: None, datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
        self.switch = self.plane.patch.switch = Switch(self.plane)

    async def join(self, peer: str, offer: str) -> Joined:
        return await self.plane.join(Join(peer=f"{peer}@{ROOM}#a", room=ROOM, offer=offer, allowed=Allowed()))

    async def phone(self, name: str, *directions: str) -> Phone:
        return await Phone(name).join(self, offer(*directions))


async def talk(one: Phone) -> None:
    stamp = 0
    while True:
        stamp += 1
        one.rtp(1000, OPUS, b"voice" * 10, timestamp=4800 * stamp)
        one.rtp(1001, H264, IDR + bytes(1000), timestamp=9000 * stamp, marker=True)
        await asyncio.sleep(0.1)


@asynccontextmanager
async def meeting() -> AsyncIterator[tuple[Desk, Phone]]:
    """Two who speak and show themselves, and one who watches: one large, one small."""
    desk = Desk()
    await desk.switch.open("127.0.0.1", 0)
    phones = [await desk.phone(name, "audio sendonly", "video sendonly") for name in ("one", "two")]
    viewer = await desk.phone("viewer", "audio recvonly", "video recvonly", "video recvonly")
    async with asyncio.TaskGroup() as group:
        talking = [group.create_task(talk(one)) for one in phones]
        await viewer.until(lambda: all(viewer.of(mid) for mid in (VOICE, LARGE, SMALL)))
        yield desk, viewer
        for task in talking:
            task.cancel()
    for one in (*phones, viewer):
        one.close()
    await desk.switch.close()


async def still_come(viewer: Phone, before: str, *says: bytes) -> str:
    """What still comes while he says so again and again, once it is not what it was before, and stays so."""
    loop, since = asyncio.get_running_loop(), 0.0
    while not since or loop.time() - since < 1:
        viewer.heard.clear()
        for part in says:
            viewer.rtcp(part)
        await asyncio.sleep(0.5)
        come = "".join(mid for mid in (VOICE, LARGE, SMALL) if viewer.of(mid))
        if come != before:
            before, since = come, loop.time()
    return before


async def told(desk: Desk, peer: str) -> None:
    """The plane has taken notice of what he believes he can take."""
    async with asyncio.timeout(PATIENCE):
        while peer not in desk.plane.beats._thrifts:
            await asyncio.sleep(0.05)


async def test_small_pictures_go_first_then_the_large_one_and_the_voice_never() -> None:
    async with meeting() as (desk, viewer):
        ssrc = viewer.ssrcs[LARGE]
        desk.switch.peers[f"viewer@{ROOM}#a"].since -= 10  # his first guesses do not count
        lossy = rtcp.receiver_report(1, [rtcp.block(ssrc, (64, 100, 1000, 0), 0, 0.0)])
        viewer.rtcp(rtcp.remb(1, 900_000, [ssrc]))
        await told(desk, f"viewer@{ROOM}#a")

        full = await still_come(viewer, VOICE + LARGE + SMALL, rtcp.remb(1, 120_000, [ssrc]))
        torn = await still_come(viewer, full, lossy, rtcp.remb(1, 900_000, [ssrc]))

    assert (full, torn) == (VOICE + LARGE, VOICE)


async def test_who_misses_some_is_sent_each_repair_twice_and_who_misses_much_once(place):
    talker, viewer = await place.pair("video", repair=True)
    for step, payload in enumerate((IDR, DELTA, DELTA)):
        talker.rtp(1000, H264, payload + bytes((step,)), timestamp=step)
    await viewer.until(lambda: len(viewer.heard) == 3)
    asked = rtcp.nack(1, viewer.heard[1].ssrc, [viewer.heard[1].number])
    counts = []

    for lost in (0, 13, 64):  # of 256
        before = len(viewer.heard)
        viewer.rtcp(rtcp.receiver_report(1, [rtcp.block(viewer.ssrcs["0"], (lost, 1, 3, 0), 0, 0.0)]))
        viewer.rtcp(asked)
        await viewer.is_read()
        counts.append(len(viewer.heard) - before)

    assert counts == [1, 2, 1]
