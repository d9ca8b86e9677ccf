"""Boxes of MP4 (ISO 14496-12): the head of a file. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from struct import pack, unpack_from

from media.studio.opus import DESCRIPTION
from media.studio.samples import AUDIO_RATE, VIDEO_RATE, Look

_MATRIX = pack("!9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_1904 = 2_082_844_800
MOVIE_RATE = 1_000


@dataclass(frozen=True, slots=True)
class TrackHead:
    number: int
    rate: int
    entry: bytes
    """Its sample entry, whole."""
    width: int = 0
    height: int = 0

    @property
    def video(self) -> bool:
        return self.width > 0


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return pack("!I", len(body) + 8) + kind + body


def full(kind: bytes, flags: int, *parts: bytes, version: int = 0) -> bytes:
    return box(kind, pack("!I", version << 24 | flags), *parts)


def picture(number: int, look: Look) -> TrackHead:
    kind, config = (b"avc1", b"avcC") if look.codec == "h264" else (b"vp08", b"vpcC")
    entry = box(
        kind, bytes(6), b"\x00\x01", bytes(16), pack("!HHII", look.width, look.height, 0x480000, 0x480000),
        bytes(4), b"\x00\x01", bytes(32), b"\x00\x18\xff\xff", box(config, look.config),
    )
    return TrackHead(number, VIDEO_RATE, entry, look.width, look.height)


def opus_sound(number: int) -> TrackHead:
    return TrackHead(number, AUDIO_RATE, _sound(b"Opus", box(b"dOps", DESCRIPTION)))


def aac_sound(number: int, config: bytes) -> TrackHead:
    """One channel. `config`: AudioSpecificConfig (ISO 14496-3)."""
    specific = b"\x05" + _length(len(config)) + config
    decoder = b"\x04" + _length(13 + len(specific)) + b"\x40\x15" + bytes(3) + pack("!II", 128_000, 128_000) + specific
    elementary = b"\x00\x00\x00" + decoder + b"\x06" + _length(1) + b"\x02"
    return TrackHead(number, AUDIO_RATE, _sound(b"mp4a", full(b"esds", 0, b"\x03" + _length(len(elementary)) + elementary), 1))


def _length(size: int) -> bytes:
    return b"\x80\x80\x80" + bytes((size,))


def _sound(kind: bytes, config: bytes, channels: int = 2) -> bytes:
    return box(kind, bytes(6), b"\x00\x01", bytes(8), pack("!HHI", channels, 16, 0), pack("!I", AUDIO_RATE << 16), config)


def head(tracks: Sequence[TrackHead], since: int) -> bytes:
    """ftyp and moov of a fragmented file that begins at `since` (ms since 1970). Room is kept for its
    length, which `finished` fills in."""
    created = pack("!II", *(2 * [since // 1_000 + _1904 & 0xFFFFFFFF]))
    movie = full(b"mvhd", 0, created, pack("!IIIH", MOVIE_RATE, 0, 0x10000, 0x100), bytes(10), _MATRIX, bytes(24),
                 pack("!I", len(tracks) + 1))
    extends = b"".join(full(b"trex", 0, pack("!IIIII", track.number, 1, 0, 0, 0)) for track in tracks)
    room = box(b"free", bytes(8))
    return (box(b"ftyp", b"iso6\x00\x00\x00\x00iso6mp41dash") +
            box(b"moov", movie, *(_track(track, created) for track in tracks), box(b"mvex", room, extends)))


def finished(first: bytes, milliseconds: int) -> bytes:
    """The same head, of a file whose length is known."""
    room = first.rindex(b"mvex") + 4
    if first[room + 4:room + 8] not in (b"free", b"mehd"):
        return first
    return first[:room] + full(b"mehd", 0, pack("!I", min(milliseconds, 0xFFFFFFFF))) + first[room + 16:]


def _track(track: TrackHead, created: bytes) -> bytes:
    media, kind, name = ((full(b"vmhd", 1, bytes(8)), b"vide", b"picture\x00") if track.video
                         else (full(b"smhd", 0, bytes(4)), b"soun", b"sound\x00"))
    volume = b"\x00\x00" if track.video else b"\x01\x00"
    header = full(b"tkhd", 3, created, pack("!III", track.number, 0, 0), bytes(12), volume, bytes(2), _MATRIX,
                  pack("!II", track.width << 16, track.height << 16))
    tables = box(
        b"stbl", full(b"stsd", 0, pack("!I", 1), track.entry), full(b"stts", 0, bytes(4)), full(b"stsc", 0, bytes(4)),
        full(b"stsz", 0, bytes(8)), full(b"stco", 0, bytes(4)),
    )
    reference = box(b"dinf", full(b"dref", 0, pack("!I", 1), full(b"url ", 1)))
    return box(b"trak", header, box(
        b"mdia", full(b"mdhd", 0, created, pack("!IIHH", track.rate, 0, 0x55C4, 0)),
        full(b"hdlr", 0, bytes(4), kind, bytes(12), name), box(b"minf", media, reference, tables),
    ))


def inside(raw: bytes, start: int, end: int) -> list[tuple[bytes, int, int]]:
    """(kind, start, end) of the bodies of the boxes between; what is no box ends the list."""
    found = []
    while start + 8 <= end:
        size, kind = unpack_from("!I4s", raw, start)
        if size < 8 or start + size > end:
            break
        found.append((kind, start + 8, start + size))
        start += size
    return found
