"""Where a peer's packets go: an address of the one UDP socket, or a TCP connection."""

from __future__ import annotations

import socket
import struct
from typing import Protocol

from media.plane.rtp import Packet


class Path(Protocol):
    over: str
    address: tuple[str, int]
    wire: bytes
    """As sockaddr for the C fan-out; b"" for TCP."""

    def send(self, packet: Packet) -> bool:
        """False: it could not be sent; nobody waits."""


class UdpPath:
    __slots__ = ("_socket", "address", "wire")
    over = "udp"

    def __init__(self, sock: socket.socket, address: tuple[str, int]) -> None:
        self._socket = sock
        self.address = address
        self.wire = sockaddr(sock.family, address)

    def send(self, packet: Packet) -> bool:
        try:
            self._socket.sendto(packet, self.address)
        except OSError:
            return False
        return True


def sockaddr(family: int, address: tuple[str, int]) -> bytes:
    packed = socket.inet_pton(family, address[0].partition("%")[0])
    if family == socket.AF_INET6:
        return struct.pack("=H", family) + struct.pack("!HI", address[1], 0) + packed + struct.pack("=I", 0)
    return struct.pack("=H", family) + struct.pack("!H", address[1]) + packed + bytes(8)
