"""Which codecs pass through, in which order, and when two of them are the same.

The house format is H.264 constrained baseline with Opus; VP8 passes; anything else is not taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

HOUSE_PROFILE = "42e0"
FEEDBACK = {
    "video": ("ccm fir", "goog-remb", "nack", "nack pli"),
    "audio": ("nack",),
}


class Codec(msgspec.Struct, frozen=True, kw_only=True):
    """A payload type of one m-line. `name` is lower case."""

    type: int
    name: str
    clock: int
    channels: int = 1
    format: Mapping[str, str] = {}
    feedback: tuple[str, ...] = ()
    repair: int = 0
    """Payload type of its retransmissions; 0: none."""

    @property
    def profile(self) -> str:
        return self.format.get("profile-level-id", "42e01f").lower()[:4] if self.name == "h264" else ""


def rank(codec: Codec) -> int:
    """Lower is dearer; 99 is not taken."""
    if codec.name == "opus":
        return 0 if codec.clock == 48_000 else 99
    if codec.clock != 90_000:
        return 99
    if codec.name == "h264":
        if codec.format.get("packetization-mode", "0") != "1":
            return 99
        return 0 if codec.profile == HOUSE_PROFILE else 2
    return 1 if codec.name == "vp8" else 99


def chosen(offered: Iterable[Codec]) -> tuple[Codec, ...]:
    """Ours of the offered, dearest first, each with its retransmission type."""
    offered = tuple(offered)
    repairs = {codec.format.get("apt", ""): codec.type for codec in offered if codec.name == "rtx"}
    taken = sorted((codec for codec in offered if rank(codec) < 99), key=rank)
    return tuple(
        msgspec.structs.replace(codec, repair=repairs.get(str(codec.type), 0) if "nack" in codec.feedback else 0)
        for codec in taken
    )


def matching(codec: Codec, among: Iterable[Codec]) -> Codec | None:
    """By name and profile; where nobody says that profile, by name (decoders take what they get)."""
    same = [other for other in among if other.name == codec.name and other.clock == codec.clock]
    exact = [other for other in same if other.profile == codec.profile]
    return next(iter(exact or same), None)
