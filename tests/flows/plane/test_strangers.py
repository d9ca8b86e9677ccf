"""What strangers and broken clients send harms nobody else."""

import asyncio
import random
import socket
import struct

from aioice import stun

from media.plane import rtcp
from tests.flows.plane.phone import DELTA, H264, IDR, OPUS, Phone, offer
from tests.patience import PATIENCE


def stranger(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect(("127.0.0.1", port))
    sock.setblocking(False)
    return sock


async def test_noise_of_all_kinds_from_strangers_is_not_answered_and_the_others_talk_on(place):
    talker, viewer = await place.pair("audio")
    chance = random.Random(4)
    check = bytes(stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": "nobody:x"}))
    with stranger(place.port) as sock:
        for first in (0, 1, 22, 64, 128, 200, 255):
            for size in (0, 1, 11, 12, 19, 20, 60, 1400, 9000):
                sock.send(bytes((first,)) * min(size, 1) + chance.randbytes(max(0, size - 1)))
            talker.rtp(1000, OPUS, b"on")
            await talker.is_read()
        sock.send(check)
        for _ in range(300):
            at = chance.randrange(len(check))
            sock.send(check[:at] + chance.randbytes(1) + check[at + 1 :])
        await talker.is_read()
        await viewer.until(lambda: len(viewer.heard) == 7)

        answered = await asyncio.wait_for(asyncio.to_thread(nothing_read, sock), PATIENCE)

    assert answered
    assert place.switch.stats().strangers > 60


def nothing_read(sock: socket.socket) -> bool:
    try:
        sock.recv(2000)
    except BlockingIOError:
        return True
    return False


async def test_noise_from_a_peers_own_address_is_thrown_away(place):
    talker, viewer = await place.pair("video")
    chance = random.Random(5)
    talker.rtp(1000, H264, IDR)
    await viewer.until(lambda: viewer.heard)

    for size in (1, 3, 12, 13, 30, 200, 1500):
        for first in (20, 22, 63, 64, 128, 144, 160, 191):
            for second in (96, 111, 200, 201, 205, 206):
                talker.raw((bytes((first, second)) + chance.randbytes(size))[:size])
        await talker.is_read()
    talker.rtp(1000, H264, DELTA)
    await viewer.until(lambda: len(viewer.heard) == 2)

    assert [p.payload for p in viewer.heard] == [IDR, DELTA]


async def test_well_encrypted_nonsense_of_a_peer_is_thrown_away(place):
    talker, viewer = await place.pair("video", repair=True)
    chance = random.Random(6)
    talker.rtp(1000, H264, IDR, number=1)
    await viewer.until(lambda: viewer.heard)
    protect = talker._dtls._tx_srtp.protect

    for step in range(400):
        body = chance.randbytes(chance.randrange(0, 60))
        kind = chance.choice((200, 201, 202, 205, 206))
        phone = chance.choice((talker, viewer))
        phone.raw(phone._dtls._tx_srtp.protect_rtcp(
            rtcp.HEAD.pack(0x80 | chance.randrange(32), kind, chance.randrange(20)) + struct.pack("!I", 1000) + body))
        talker.raw(protect(struct.pack("!BBHII", 0x80, 97, step, 1, 2000) + body))
        talker.raw(protect(struct.pack("!BBHII", 0xA0, 96, step + 2, 1, 1000) + body + bytes((chance.randrange(256),))))
    await talker.is_read()
    talker.rtp(1000, H264, IDR, number=402, timestamp=5)
    await viewer.until(lambda: viewer.heard[-1].payload == IDR and len(viewer.heard) > 1)


async def test_a_replayed_or_forged_packet_does_not_reach_the_listener(place):
    talker, viewer = await place.pair("audio")
    sealed = talker.rtp(1000, OPUS, b"once")
    await viewer.until(lambda: viewer.heard)

    talker.raw(sealed)
    talker.raw(sealed[:-1] + bytes((sealed[-1] ^ 1,)))
    with stranger(place.port) as sock:
        sock.send(sealed)
    await talker.is_read()
    talker.rtp(1000, OPUS, b"last")
    await viewer.until(lambda: len(viewer.heard) == 2)

    assert [p.payload for p in viewer.heard] == [b"once", b"last"]
    assert place.switch.stats().sources["talker/0"].rejected == 2


async def test_a_certificate_other_than_the_offers_is_refused(place):
    text, phone = offer("audio sendonly"), Phone("impostor")
    place.phones.append(phone)
    at = text.index("a=fingerprint:sha-256 ") + 22
    wrong = text[:at] + ("00" if text[at : at + 2] != "00" else "11") + text[at + 2 :]

    await phone.join(place.switch, wrong)
    await place.ear.until("down", "impostor", "refused")

    assert "impostor" not in place.switch.stats().peers


class Torn(Phone):
    """Says nothing of its handshake as it should be said."""

    def __init__(self, name: str, chance: random.Random) -> None:
        super().__init__(name)
        self.chance, self.hello = chance, b""

    def raw(self, packet: bytes) -> None:
        if not 20 <= packet[0] < 64:
            return super().raw(packet)
        self.hello = self.hello or packet
        for _ in range(20):
            super().raw(self.torn(self.hello))

    def datagram_received(self, data: bytes, address) -> None:
        """What is said to that does not matter to it."""
        if not 20 <= data[0] < 64:
            super().datagram_received(data, address)

    def torn(self, record: bytes) -> bytes:
        at = self.chance.randrange(len(record))
        return self.chance.choice((
            record[: at + 1], record[:at] + self.chance.randbytes(3) + record[at + 3 :], record + record[at:],
            bytes((self.chance.randrange(20, 64), 254, 253)) + self.chance.randbytes(at), record[:13] + self.chance.randbytes(at)))


async def test_handshakes_torn_and_changed_bring_nobody_in_and_the_others_talk_on(place):
    talker, viewer = await place.pair("audio")
    chance = random.Random(9)
    for number in range(12):
        torn = Torn(f"torn-{number}", chance)
        place.phones.append(torn)
        await torn.meet(place.switch, offer("audio sendonly", setup=("actpass", "passive")[number % 2]))
        torn._shake()
        talker.rtp(1000, OPUS, b"on")
        await talker.is_read()
    await viewer.until(lambda: len(viewer.heard) == 12)
    later = await place.phone("later", "audio recvonly")

    assert {told[1] for told in place.ear.told if told[0] == "up"} == {"talker", "viewer", "later"}
    assert later.joined is not None


async def test_a_viewer_over_tcp_that_never_reads_is_dropped_from_and_the_others_see_everything(place):
    talker = await place.phone("talker", "video sendonly")
    stuck = await place.phone("stuck", "video recvonly", over="tcp")
    viewer = await place.phone("viewer", "video recvonly")
    for name in ("stuck", "viewer"):
        place.switch.link("talker/0", f"{name}/0")
    stuck.transport.pause_reading()

    talker.rtp(1000, H264, IDR)
    async with asyncio.timeout(PATIENCE):
        while place.switch.stats().dropped == 0:
            for _ in range(20):
                talker.rtp(1000, H264, DELTA + bytes(1200))
            await talker.is_read()
    talker.rtp(1000, H264, DELTA + b"last")

    await viewer.until(lambda: viewer.heard[-1].payload == DELTA + b"last")


async def test_noise_over_tcp_is_not_answered_and_too_long_a_packet_ends_the_connection(place):
    talker, viewer = await place.pair("audio")
    chance = random.Random(8)
    reader, writer = await asyncio.open_connection("127.0.0.1", place.port)

    for size in (0, 1, 20, 300, 1500):
        noise = chance.randbytes(size)
        writer.write(struct.pack("!H", size) + noise)
        writer.write((struct.pack("!H", size) + noise)[:1])
        writer.write((struct.pack("!H", size) + noise)[1:])
    writer.write(struct.pack("!H", 60_000) + bytes(10))
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    writer.close()
    talker.rtp(1000, OPUS, b"on")
    await viewer.until(lambda: viewer.heard)

    assert answer == b""
    assert not place.switch._door.streams


async def test_the_switch_stops_with_everybody_still_connected(place):
    await place.pair("audio")
    await place.switch.close()
    assert place.switch.stats().peers == {}
    assert place.ear.told[-1] == ("up", "viewer")
