"""A client of the packet switch that says exactly what a test wants: STUN, DTLS and SRTP are real, RTP is by hand."""

import asyncio
import random
import re
import struct
from collections import defaultdict
from typing import Any, NamedTuple, Protocol

from aioice import stun
from aiortc import RTCCertificate
from aiortc.rtcdtlstransport import RTCDtlsFingerprint, RTCDtlsParameters
from OpenSSL import SSL

from media.plane import rtcp
from media.plane.dtls import fresh_transport
from media.plane.rtp import HEAD, payload_start
from tests.patience import PATIENCE

OPUS, H264, VP8 = 111, 96, 98
CERTIFICATE = RTCCertificate.generateCertificate()
VIDEO_CODECS = """a=rtpmap:96 H264/90000
a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtcp-fb:96 goog-remb
a=rtpmap:98 VP8/90000
a=rtcp-fb:98 nack
a=rtcp-fb:98 nack pli
"""
REPAIR = "a=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\n"
AUDIO_CODECS = "a=rtpmap:111 opus/48000/2\na=fmtp:111 minptime=10;useinbandfec=1\n"
LEVEL_ID, MID_ID = 1, 4
IDR = bytes((24, 0, 2, 0x67, 0x42, 0, 2, 0x68, 0xCE, 0, 4, 0x65, 1, 2, 3))
"""H.264: both parameter sets and a key picture in one packet."""
DELTA = bytes((0x41, 9, 9, 9))
VP8_KEY, VP8_DELTA = bytes((0x10, 0x00, 1, 2)), bytes((0x10, 0x01, 1, 2))


class Answered(Protocol):
    @property
    def answer(self) -> str: ...


class Joins(Protocol):
    """A switch, or whoever stands before one."""

    async def join(self, peer: str, offer: str) -> Answered: ...


class Heard(NamedTuple):
    ssrc: int
    type: int
    marker: bool
    number: int
    timestamp: int
    payload: bytes
    raw: bytes


def offer(*directions: str, setup: str = "actpass", repair: bool = False) -> str:
    """`audio sendonly`, `video recvonly`, …: an m-line each, mids 0, 1, 2, …; SSRCs 1000, 1001, …"""
    fingerprint = next(f.value for f in CERTIFICATE.getFingerprints() if f.algorithm == "sha-256")
    lines = [
        "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0",
        f"a=group:BUNDLE {' '.join(str(n) for n in range(len(directions)))}",
    ]
    for number, direction in enumerate(directions):
        kind, way = direction.split()
        types = f"{H264} {VP8}{' 97' if repair else ''}" if kind == "video" else str(OPUS)
        lines += [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF {types}", "c=IN IP4 0.0.0.0", f"a=mid:{number}", f"a={way}", "a=rtcp-mux",
            "a=ice-ufrag:test", "a=ice-pwd:testtesttesttesttesttest", f"a=fingerprint:sha-256 {fingerprint}",
            f"a=setup:{setup}", "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
        ]
        if kind == "audio":
            lines.append("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level")
        lines += (AUDIO_CODECS if kind == "audio" else VIDEO_CODECS + (REPAIR if repair else "")).splitlines()
        if way != "recvonly":
            lines.append(f"a=ssrc:{1000 + number} cname:x")
            if repair and kind == "video":
                lines += [f"a=ssrc:{2000 + number} cname:x", f"a=ssrc-group:FID {1000 + number} {2000 + number}"]
    return "\r\n".join(lines) + "\r\n"


def found(pattern: str, text: str) -> tuple[str, ...]:
    match = re.search(pattern, text)
    assert match is not None, pattern
    return match.groups()


class Line(asyncio.Protocol):
    """The same over TCP (RFC 4571)."""

    def __init__(self, phone: "Phone") -> None:
        self.phone, self.pending = phone, b""

    def connection_made(self, transport) -> None:
        self.phone.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self.pending += data
        while len(self.pending) > 2 and len(self.pending) >= 2 + (size := int.from_bytes(self.pending[:2], "big")):
            self.phone.datagram_received(self.pending[2 : 2 + size], None)
            self.pending = self.pending[2 + size :]


class Phone(asyncio.DatagramProtocol):
    def __init__(self, name: str) -> None:
        self.name = name
        self.heard: list[Heard] = []
        self.control: list[tuple[int, int, bytes]] = []
        self.changed = asyncio.Event()
        self.lost: list[bytes] = []
        self.loses = 0
        """So many of the next media packets do not arrive."""
        self.joined: Answered | None = None
        self.ssrcs: dict[str, int] = {}
        self._client = True
        self._answered = asyncio.Event()
        self._numbers: dict[int, int] = defaultdict(lambda: 100)
        self.over = "udp"
        self.transport: Any = None

    # --- coming and going -------------------------------------------------------------------------

    async def join(self, switch: Joins, text: str, over: str = "udp") -> "Phone":
        fingerprint = await self.meet(switch, text, over)
        async with asyncio.timeout(PATIENCE):
            self._shake()
            await self.until(lambda: self._dtls._tx_srtp is not None)
        self._dtls._validate_peer_identity(RTCDtlsParameters([RTCDtlsFingerprint("sha-256", fingerprint)]))
        assert self._dtls.state != "failed"
        return self

    async def meet(self, switch: Joins, text: str, over: str = "udp") -> str:
        """Proves its address and says nothing more. The fingerprint of the other side."""
        self.joined = await switch.join(self.name, text)
        answer = self.joined.answer
        self.user, self.password = (found(rf"a=ice-{key}:(\S+)", answer)[0] for key in ("ufrag", "pwd"))
        fingerprint = found(r"a=fingerprint:sha-256 (\S+)", answer)[0]
        self._client = "a=setup:passive" in answer
        for section in answer.split("\r\nm=")[1:]:
            if "a=ssrc:" in section:
                self.ssrcs[found(r"a=mid:(\S+)", section)[0]] = int(found(r"a=ssrc:(\d+) cname", section)[0])
        host, port = found(rf"a=candidate:\d+ 1 {over} \d+ (\S+) (\d+)", answer)
        self._dtls = fresh_transport(CERTIFICATE)
        self._dtls._set_role("client" if self._client else "server")
        self._ssl = self._dtls._ssl = SSL.Connection(CERTIFICATE._create_ssl_context(self._dtls._srtp_profiles))
        (self._ssl.set_connect_state if self._client else self._ssl.set_accept_state)()
        async with asyncio.timeout(PATIENCE):
            await self._reach(host, int(port), over)
            self._check()
            await self._answered.wait()
        return fingerprint

    async def _reach(self, host: str, port: int, over: str) -> None:
        loop, self.over = asyncio.get_running_loop(), over
        if over == "udp":
            await loop.create_datagram_endpoint(lambda: self, remote_addr=(host, port))
            return
        await loop.create_connection(lambda: Line(self), host, port)

    def close(self, politely: bool = False) -> None:
        if politely:
            self._ssl.shutdown()
            self._flush()
        if self.transport is not None:
            self.transport.close()

    # --- speaking ---------------------------------------------------------------------------------

    def raw(self, packet: bytes) -> None:
        if self.over == "tcp":
            self.transport.write(struct.pack("!H", len(packet)) + packet)
        elif not self.transport.is_closing():
            self.transport.sendto(packet)

    def rtp(self, ssrc: int, kind: int, payload: bytes, *, number: int | None = None, timestamp: int = 0,
            marker: bool = False, level: int | None = None, mid: str = "", padding: int = 0) -> bytes:
        """Sends it; the datagram, for whoever wants to send it once more."""
        if number is None:
            number = self._numbers[ssrc]
        self._numbers[ssrc] = number + 1 & 0xFFFF
        extra = b""
        if level is not None:
            extra += bytes((LEVEL_ID << 4, level))
        if mid:
            extra += bytes((MID_ID << 4 | len(mid) - 1,)) + mid.encode()
        if extra:
            words = (len(extra) + 3) // 4
            extra = struct.pack("!HH", 0xBEDE, words) + extra.ljust(words * 4, b"\0")
        first = 0x80 | (0x10 if extra else 0) | (0x20 if padding else 0)
        tail = bytes(padding - 1) + bytes((padding,)) if padding else b""
        packet = HEAD.pack(first, (0x80 if marker else 0) | kind, number, timestamp & 0xFFFFFFFF, ssrc)
        sealed = self._dtls._tx_srtp.protect(packet + extra + payload + tail)
        self.raw(sealed)
        return sealed

    def rtcp(self, part: bytes) -> None:
        self.raw(self._dtls._tx_srtp.protect_rtcp(rtcp.receiver_report(1, ()) + part))

    def _check(self) -> None:
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes |= {
            "USERNAME": f"{self.user}:test", "PRIORITY": 1, "ICE-CONTROLLING": random.randrange(2**63),
            "USE-CANDIDATE": None,
        }
        request.add_message_integrity(self.password.encode())
        self.raw(bytes(request))

    async def is_read(self) -> None:
        """All that was sent before has been dealt with: a check is answered in its turn."""
        self._answered.clear()
        self._check()
        async with asyncio.timeout(PATIENCE):
            await self._answered.wait()

    # --- hearing ----------------------------------------------------------------------------------

    async def until(self, condition):
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self.changed.clear()
                await self.changed.wait()

    def of(self, mid: str) -> list[Heard]:
        return [packet for packet in self.heard if packet.ssrc == self.ssrcs[mid]]

    def key_frames_asked(self) -> int:
        return sum(kind == rtcp.Kind.PICTURE_FEEDBACK and form == rtcp.PICTURE_LOST for kind, form, _ in self.control)

    def nacked(self) -> list[int]:
        return [
            number for kind, form, body in self.control
            if kind == rtcp.Kind.TRANSPORT_FEEDBACK and form == rtcp.NACK for number in rtcp.read_nack(body)[1]
        ]

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, address) -> None:
        if data[0] < 4:
            self._answered.set()
        elif data[0] < 64:
            self._ssl.bio_write(data)
            self._shake()
        elif self.loses and not 192 <= data[1] <= 223:
            self.loses -= 1
            self.lost.append(data)
        else:
            self._media(data)
        self.changed.set()

    def _media(self, data: bytes) -> None:
        if 192 <= data[1] <= 223:
            self.control += rtcp.parts(self._dtls._rx_srtp.unprotect_rtcp(data))
            return
        plain = self._dtls._rx_srtp.unprotect(data)
        _, second, number, timestamp, ssrc = HEAD.unpack_from(plain)
        self.heard.append(Heard(ssrc, second & 0x7F, bool(second & 0x80), number, timestamp,
                                plain[payload_start(plain, len(plain)):], plain))

    def _shake(self) -> None:
        if self._dtls._tx_srtp is not None:
            return
        try:
            self._ssl.do_handshake()
        except SSL.WantReadError:
            self._flush()
        else:
            self._flush()
            self._dtls._setup_srtp()

    def _flush(self) -> None:
        while True:
            try:
                self.raw(self._ssl.bio_read(1500))
            except SSL.Error:
                return
