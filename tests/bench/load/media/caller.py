"""One real peer that costs next to nothing: ICE and DTLS once, then SRTP packets are counted by their clear header.

It offers (the plane, aiortc) or answers (a Janus subscriber). Its media goes out encrypted; of what comes in,
number, size and time are kept, and nothing is decrypted.
"""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from time import perf_counter
from typing import Any

from aioice import ice, stun
from aiortc import RTCCertificate
from OpenSSL import SSL

from media.plane import rtcp
from media.plane.dtls import fresh_transport
from tests.flows.plane import phone
from tests.flows.plane.phone import found

HOST = (ice.get_host_addresses(True, False) or ["127.0.0.1"])[0]
PASSWORD = "testtesttesttesttesttest"
HEAD = struct.Struct("!BBHII")
LEVEL = struct.pack("!HHBBH", 0xBEDE, 1, 0x10, 20, 0)
"""The header extension that says how loud it is."""
CERTIFICATE: RTCCertificate = phone.CERTIFICATE
CONTEXT = CERTIFICATE._create_ssl_context(fresh_transport(CERTIFICATE)._srtp_profiles)
FINGERPRINT = next(f.value for f in CERTIFICATE.getFingerprints() if f.algorithm == "sha-256")
AT_ONCE = 64
AGAIN = 0.05
ROOMY = 1 << 20


class Caller:
    def __init__(self, *directions: str, first: int = 65_400) -> None:
        """`first`: number before that of the first packet it sends."""
        self.packets = self.sent = self.frames = 0
        """Heard; said; pictures said."""
        self.sizes: list[tuple[int, float]] | None = None
        """Size and time of each, once somebody wants them."""
        self.lost = 0
        self.connected = asyncio.Event()
        self.ssrcs = [1000 + number for number in range(len(directions))]
        self.directions = directions
        self._numbers: dict[int, int] = dict.fromkeys(self.ssrcs, first)
        self._last: dict[int, int] = {}
        self._loop = asyncio.get_running_loop()
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.setblocking(False)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOMY)
        self._sock.bind(("0.0.0.0", 0))
        self._open = False
        self._buffer = bytearray(2048)
        self._dtls: Any = None

    # --- coming and going -----------------------------------------------------------------------

    def offer(self) -> str:
        candidate = f"a=candidate:1 1 udp 2130706431 {HOST} {self._sock.getsockname()[1]} typ host\r\na=end-of-candidates\r\n"
        return phone.offer(*self.directions).replace("a=ice-pwd:", candidate + "a=ice-pwd:")

    def answer(self, offered: str) -> str:
        """To one who offers to send."""
        first, *sections = offered.split("\r\nm=")
        bundle = found(r"a=group:(BUNDLE[^\r\n]*)", first)[0]
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:{bundle}"]
        for section in sections:
            kind, _, _, payload = section.split("\r\n", 1)[0].split(" ")[:4]
            kept = re.findall(rf"a=(?:rtpmap|fmtp|rtcp-fb):{payload} [^\r\n]*|a=extmap:[^\r\n]*", section)
            lines += [
                f"m={kind} 9 UDP/TLS/RTP/SAVPF {payload}", "c=IN IP4 0.0.0.0", "a=mid:" + found(r"a=mid:(\S+)", section)[0],
                "a=recvonly", "a=rtcp-mux",
                "a=ice-ufrag:test", f"a=ice-pwd:{PASSWORD}", f"a=fingerprint:sha-256 {FINGERPRINT}", "a=setup:active",
                f"a=candidate:1 1 udp 2130706431 {HOST} {self._sock.getsockname()[1]} typ host", *kept]
        return "\r\n".join(lines) + "\r\n"

    async def connect(self, remote: str, *, client: bool | None = None, limit: float = 15.0) -> None:
        """`remote`: what the other side said."""
        self._user, self._secret = (found(rf"a=ice-{key}:(\S+)", remote)[0] for key in ("ufrag", "pwd"))
        host, port = found(r"(?i)a=candidate:\S+ 1 udp \d+ (\d\S+) (\d+)", remote)
        self._sock.connect((host, int(port)))
        await self._handshake("a=setup:passive" in remote if client is None else client, limit)

    async def _handshake(self, client: bool, limit: float) -> None:
        self._client = client
        self._fresh()
        self._open, self._checks_out, self._spoken_to = True, False, False
        self._first: list[bytes] = []
        self._loop.add_reader(self._sock, self._drain)
        async with asyncio.timeout(limit):
            while not self.connected.is_set():
                self._again()
                try:
                    async with asyncio.timeout(AGAIN):
                        await self.connected.wait()
                except TimeoutError:
                    continue

    def _fresh(self) -> None:
        self._dtls = fresh_transport(CERTIFICATE)
        self._dtls._set_role("client" if self._client else "server")
        self._ssl = self._dtls._ssl = SSL.Connection(CONTEXT)
        (self._ssl.set_connect_state if self._client else self._ssl.set_accept_state)()

    def _again(self) -> None:
        """Until something comes back: Janus drops what comes before it is ready, and OpenSSL would repeat
        its first word after a whole second."""
        if not self._spoken_to:
            self.check()
            for datagram in self._first:
                self._send(datagram)

    def close(self) -> None:
        if self._open:
            self._open = False
            self._loop.remove_reader(self._sock)
            self._ssl.shutdown()
            self._flush()
        self._sock.close()

    # --- speaking -------------------------------------------------------------------------------

    def rtp(self, ssrc: int, kind: int, stamp: int, payload: bytes, *, marker: bool = False, level: bool = False) -> None:
        number = self._numbers[ssrc] = self._numbers[ssrc] + 1 & 0xFFFF
        head = HEAD.pack(0x90 if level else 0x80, kind | marker << 7, number, stamp & 0xFFFFFFFF, ssrc)
        self.sent += 1
        self.frames += marker
        self._send(self._dtls._tx_srtp.protect(head + (LEVEL if level else b"") + payload))

    def report(self) -> None:
        """As a viewer does each second; and a check, so that nobody takes it for gone."""
        if self.connected.is_set():
            self.check()
            self._send(self._dtls._tx_srtp.protect_rtcp(rtcp.receiver_report(1, ())))

    def check(self) -> None:
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes |= {"USERNAME": f"{self._user}:test", "PRIORITY": 1, "ICE-CONTROLLING": 1 << 60, "USE-CANDIDATE": None}
        request.add_message_integrity(self._secret.encode())
        self._send(bytes(request))

    def _send(self, datagram: bytes) -> None:
        try:
            self._sock.send(datagram)
        except (BlockingIOError, ConnectionRefusedError):
            self.lost += 1

    # --- hearing --------------------------------------------------------------------------------

    def _drain(self) -> None:
        buffer, at = self._buffer, perf_counter()
        for _ in range(AT_ONCE):
            try:
                size = self._sock.recv_into(buffer)
            except (BlockingIOError, ConnectionRefusedError):
                return
            if 127 < buffer[0] < 192:
                if not 191 < buffer[1] < 224:
                    self._count(buffer, size, at)
            elif size:
                self._control(bytes(buffer[:size]))
            if not self._open:
                return

    def _count(self, buffer: bytearray, size: int, at: float) -> None:
        self.packets += 1
        if self.sizes is not None:
            self.sizes.append((size, at))

    def _control(self, datagram: bytes) -> None:
        if datagram[0] < 4:
            self._checked(datagram)
        elif datagram[0] < 64 and not self.connected.is_set():
            self._checks_out = self._spoken_to = True
            self._ssl.bio_write(datagram)
            self._shake()

    def _checked(self, datagram: bytes) -> None:
        said = stun.parse_message(datagram)
        if said.message_class == stun.Class.REQUEST:
            answer = stun.Message(said.message_method, stun.Class.RESPONSE, said.transaction_id)
            answer.attributes["XOR-MAPPED-ADDRESS"] = self._sock.getpeername()
            answer.add_message_integrity(PASSWORD.encode())
            self._send(bytes(answer))
        elif not self._checks_out:
            self._checks_out = True
            self._shake()

    def _shake(self) -> None:
        try:
            self._ssl.do_handshake()
        except SSL.WantReadError:
            self._flush()
            return
        self._flush()
        self._dtls._setup_srtp()
        self.connected.set()

    def _flush(self) -> None:
        while True:
            try:
                datagram = self._ssl.bio_read(1500)
            except SSL.Error:
                return
            self._send(datagram)
            if not self._spoken_to:
                self._first.append(datagram)

