# ruff: noqa: SLF001 - the private names used are listed in PRIVATE and proved by a contract test
"""SRTP without copies: pylibsrtp's own library works on our two buffers in place.

Where a later pylibsrtp hides that library, its public `protect` and `unprotect` do the same, at twice the time.
"""

from __future__ import annotations

from typing import Protocol

import pylibsrtp
from pylibsrtp import Session

from media.plane.rtp import LARGEST

PRIVATE = ("_binding.ffi", "_binding.lib", "Session._srtp")
"""What is used of pylibsrtp beyond its promises; tests/contract names each again."""
TRAILER = 160


class Shield(Protocol):
    """One peer's keys. `open…` and `close` work on `rx` and `tx`; 0 says that the packet is no good."""

    pointer: int
    """Where the sending session stands, for the C fan-out; 0: unknown."""

    def open(self, size: int) -> int: ...

    def open_rtcp(self, size: int) -> int: ...

    def close(self, size: int) -> int: ...

    def close_rtcp(self, packet: bytes) -> bytes:
        """b"" where it cannot be."""


try:
    from pylibsrtp import _binding

    ffi, lib = _binding.ffi, _binding.lib

    rx_memory = ffi.new("char[]", LARGEST + TRAILER)
    tx_memory = ffi.new("char[]", LARGEST + TRAILER)
    rx = memoryview(ffi.buffer(rx_memory)).cast("B")
    """The packet that has just come, of whomever: good until the next is read."""
    tx = memoryview(ffi.buffer(tx_memory)).cast("B")
    length = ffi.new("int *")
    IN_PLACE = hasattr(Session(), "_srtp")
    PROTECT = int(ffi.cast("uintptr_t", ffi.addressof(lib, "srtp_protect"))) if IN_PLACE else 0
except (ImportError, AttributeError):
    rx = memoryview(bytearray(LARGEST + TRAILER))
    tx = memoryview(bytearray(LARGEST + TRAILER))
    IN_PLACE = False
    PROTECT = 0


class InPlaceShield:
    __slots__ = ("_kept", "_rx", "_tx", "pointer")

    def __init__(self, receiving: Session, sending: Session) -> None:
        self._kept = (receiving, sending)  # the sessions own what the pointers show
        self._rx = receiving._srtp[0]
        self._tx = sending._srtp[0]
        self.pointer = int(ffi.cast("uintptr_t", self._tx))

    def open(self, size: int) -> int:
        length[0] = size
        return 0 if lib.srtp_unprotect(self._rx, rx_memory, length) else length[0]

    def open_rtcp(self, size: int) -> int:
        length[0] = size
        return 0 if lib.srtp_unprotect_rtcp(self._rx, rx_memory, length) else length[0]

    def close(self, size: int) -> int:
        length[0] = size
        return 0 if lib.srtp_protect(self._tx, tx_memory, length) else length[0]

    def close_rtcp(self, packet: bytes) -> bytes:
        if len(packet) > LARGEST:
            return b""
        tx[: len(packet)] = packet
        length[0] = len(packet)
        return b"" if lib.srtp_protect_rtcp(self._tx, tx_memory, length) else bytes(tx[: length[0]])


class PublicShield:
    __slots__ = ("_rx", "_tx", "pointer")

    def __init__(self, receiving: Session, sending: Session) -> None:
        self._rx, self._tx = receiving, sending
        self.pointer = 0

    def open(self, size: int) -> int:
        return self._into(rx, self._rx.unprotect, size)

    def open_rtcp(self, size: int) -> int:
        return self._into(rx, self._rx.unprotect_rtcp, size)

    def close(self, size: int) -> int:
        return self._into(tx, self._tx.protect, size)

    def close_rtcp(self, packet: bytes) -> bytes:
        try:
            return self._tx.protect_rtcp(packet)
        except (pylibsrtp.Error, ValueError):
            return b""

    def _into(self, buffer: memoryview, turn: Turn, size: int) -> int:
        try:
            turned = turn(bytes(buffer[:size]))
        except (pylibsrtp.Error, ValueError):
            return 0
        buffer[: len(turned)] = turned
        return len(turned)


class Turn(Protocol):
    def __call__(self, packet: bytes) -> bytes: ...


def shield_of(receiving: Session, sending: Session, in_place: bool = IN_PLACE) -> Shield:
    return InPlaceShield(receiving, sending) if in_place and IN_PLACE else PublicShield(receiving, sending)
