"""What comes out of packets: whole frames with their time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

VIDEO_RATE = 90_000
AUDIO_RATE = 48_000


@dataclass(frozen=True, slots=True)
class Look:
    """What a decoder must know before the first picture; another look needs another file."""

    codec: str
    """h264 or vp8."""
    width: int
    height: int
    config: bytes
    """The body of avcC or vpcC."""

    @property
    def words(self) -> str:
        """RFC 6381."""
        return f"avc1.{self.config[1:4].hex()}" if self.codec == "h264" else "vp08.00.41.08"


class Sample(NamedTuple):
    """One picture or 20 ms of sound, in decoding order."""

    ts: int
    """RTP time without its wrapping."""
    key: bool
    body: bytes
    """As MP4 wants it: H.264 with lengths of four bytes before each unit."""
    arrival: int
    """Microseconds since 1970."""
    look: Look | None
    """None: sound."""


Sink: TypeAlias = Callable[[Sample], None]


class Depacketiser(Protocol):
    """Fed in order; anything may stand in a payload, and nothing of it raises."""

    def put(self, ts: int, marker: bool, buffer: bytes, start: int, stop: int, arrival: int) -> None:
        """The payload is buffer[start:stop], and never empty: it is copied once only, by who keeps it."""

    def lost(self) -> None:
        """Packets are missing here."""
