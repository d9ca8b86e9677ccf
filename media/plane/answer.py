"""Answers written: which m-lines are taken, which codecs, and everything a browser needs to send and hear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from hub.kernel.errors import Refused
from media.plane.codecs import FEEDBACK, Codec, chosen
from media.plane.rtp import Ext
from media.plane.sdp import Offer, Section

URIS = {
    "urn:ietf:params:rtp-hdrext:sdes:mid": Ext.MID,
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time": Ext.SENT,
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level": Ext.LEVEL,
    "urn:3gpp:video-orientation": Ext.ORIENTATION,
    "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay": Ext.DELAY,
}
ONLY_FOR = {Ext.LEVEL: "audio", Ext.ORIENTATION: "video", Ext.DELAY: "video"}
ANSWERED = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}
OPUS = {"minptime": "10", "useinbandfec": "1"}


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """An m-line as both sides will use it; without codecs it is refused."""

    section: Section
    codecs: tuple[Codec, ...]
    ids: Mapping[Ext, int]
    ssrc: int = 0
    """Ours, where the client hears; 0 else."""
    repair: int = 0
    """Ours for retransmissions; 0: none."""

    @property
    def sends(self) -> bool:
        return bool(self.codecs) and self.section.direction in {"sendrecv", "sendonly"}

    @property
    def hears(self) -> bool:
        return bool(self.codecs) and self.section.direction in {"sendrecv", "recvonly"}


class Ours(msgspec.Struct, frozen=True, kw_only=True):
    """Our side of the transport."""

    user: str
    password: str
    fingerprint: str
    candidates: Sequence[str]
    session: int


def agree(offer: Offer) -> list[Agreed]:
    """In the order of the offer. Raises Refused where nothing fits."""
    agreed = [_agreed(section, section.mid in offer.bundle or len(offer.sections) == 1) for section in offer.sections]
    if not any(line.codecs for line in agreed):
        raise Refused("对方没有提供可用的编码：语音须为 Opus，画面须为 H.264（packetization-mode=1）或 VP8。",
                      "No codec fits: voice must be Opus, pictures H.264 (packetization-mode=1) or VP8.",
                      code="no-codec", field="offer")
    return agreed


def _agreed(section: Section, bundled: bool) -> Agreed:
    codecs = chosen(section.codecs.values()) if section.media and bundled else ()
    mine = ("opus",) if section.kind == "audio" else ("h264", "vp8")
    ids = {
        ext: section.extensions[uri] for uri, ext in URIS.items()
        if uri in section.extensions and ONLY_FOR.get(ext, section.kind) == section.kind
    }
    return Agreed(section=section, codecs=tuple(c for c in codecs if c.name in mine), ids=ids)


def setup_of(offer: Offer) -> str:
    """We wait for the first word, but where the client does too (FFmpeg's WHIP)."""
    first = next(section for section in offer.sections if section.media)
    return "active" if first.setup == "passive" else "passive"


def write(offer: Offer, agreed: Sequence[Agreed], ours: Ours) -> str:
    taken = [line.section.mid for line in agreed if line.codecs]
    lines = [
        "v=0", f"o=- {ours.session} 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=ice-lite",
        f"a=group:BUNDLE {' '.join(taken)}", "a=msid-semantic: WMS *",
    ]
    together = [sum(line.hears and line.section.kind == kind for line in agreed) for kind in ("audio", "video")]
    for line in agreed:
        if not line.codecs:
            lines += _refused(line.section)
            continue
        stream = "hub" if max(together) == 1 else f"hub-{line.section.mid}"
        lines += _transport(line, ours, setup_of(offer))
        lines += _codecs(line)
        lines += _sources(line, stream)
    return "\r\n".join(lines) + "\r\n"


def _refused(section: Section) -> list[str]:
    head = f"m={section.kind} 0 {section.protocol} {' '.join(section.formats)}"
    return [head, "c=IN IP4 0.0.0.0", "a=inactive", *([f"a=mid:{section.mid}"] if section.mid else [])]


def _transport(line: Agreed, ours: Ours, setup: str) -> list[str]:
    """Candidates stand in every section, though all are bundled: aiortc reads those of the last one."""
    types = [str(kind) for codec in line.codecs for kind in (codec.type, codec.repair) if kind]
    return [
        f"m={line.section.kind} 9 {line.section.protocol} {' '.join(types)}", "c=IN IP4 0.0.0.0",
        f"a=mid:{line.section.mid}", f"a={ANSWERED[line.section.direction]}", "a=rtcp-mux",
        f"a=ice-ufrag:{ours.user}", f"a=ice-pwd:{ours.password}",
        f"a=fingerprint:sha-256 {ours.fingerprint}", f"a=setup:{setup}",
        *(f"a=candidate:{text}" for text in ours.candidates), "a=end-of-candidates",
        *(f"a=extmap:{line.ids[ext]} {uri}" for uri, ext in URIS.items() if ext in line.ids),
    ]


def _codecs(line: Agreed) -> list[str]:
    lines = []
    for codec in line.codecs:
        name = codec.name if codec.name == "opus" else codec.name.upper()
        channels = f"/{codec.channels}" if line.section.kind == "audio" and codec.channels > 1 else ""
        lines.append(f"a=rtpmap:{codec.type} {name}/{codec.clock}{channels}")
        wanted = FEEDBACK[line.section.kind]
        lines += [f"a=rtcp-fb:{codec.type} {text}" for text in wanted if text in codec.feedback]
        form = OPUS if codec.name == "opus" else codec.format
        if form:
            lines.append(f"a=fmtp:{codec.type} {';'.join(f'{k}={v}' if v else k for k, v in form.items())}")
        if codec.repair:
            lines += [f"a=rtpmap:{codec.repair} rtx/{codec.clock}", f"a=fmtp:{codec.repair} apt={codec.type}"]
    return lines


def _sources(line: Agreed, stream: str) -> list[str]:
    if not line.hears:
        return []
    track = f"{line.section.kind}-{line.section.mid}"
    lines = [f"a=msid:{stream} {track}"]
    if line.repair:
        lines.append(f"a=ssrc-group:FID {line.ssrc} {line.repair}")
    for ssrc in filter(None, (line.ssrc, line.repair)):
        lines += [f"a=ssrc:{ssrc} cname:hub", f"a=ssrc:{ssrc} msid:{stream} {track}"]
    return lines
