"""Offers read (RFC 8866, 9429): what the switch needs of them, with a clear sentence where they are wrong.

Own and small rather than aiortc's: an offer with 20 slots has 900 lines, and strangers write it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NoReturn

import msgspec

from hub.kernel.errors import Malformed, TooLarge
from media.plane.codecs import Codec
from media.plane.coding import CODING, BadCoding, parsed

LARGEST = 200_000
SECTIONS = 64
LINES = 8_000
LONGEST = 4_000
MID = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,32}")
CREDENTIAL = re.compile(r"[A-Za-z0-9+/=_-]{4,256}")
FINGERPRINT = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){15,63}")
MEDIA = re.compile(r"(audio|video|application|text|message|image) (\d{1,5})(?:/\d+)? (\S{1,40}) ([^\r\n]{1,2000})")
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
DIGESTS = ("sha-256", "sha-384", "sha-512")
SETUPS = ("actpass", "active", "passive")
PROTOCOLS = ("UDP/TLS/RTP/SAVPF", "TCP/TLS/RTP/SAVPF", "RTP/SAVPF", "UDP/TLS/RTP/SAVP")


class Section(msgspec.Struct, kw_only=True):
    """An m-line of an offer, as it stands there."""

    kind: str
    protocol: str
    formats: tuple[str, ...]
    line: int
    port: int = 9
    mid: str = ""
    direction: str = "sendrecv"
    mux: bool = False
    bundle_only: bool = False
    setup: str = ""
    user: str = ""
    password: str = ""
    fingerprints: list[tuple[str, str]] = []
    coding: list[tuple[int, str, str]] = []
    """Line, attribute and value of all that tells of codecs."""
    codecs: Mapping[int, Codec] = {}
    extensions: dict[str, int] = {}
    sources: list[int] = []
    """SSRCs in order of appearance."""
    repairs: dict[int, int] = {}
    """SSRC of retransmissions → SSRC of what is repaired."""

    @property
    def media(self) -> bool:
        return (self.kind in {"audio", "video"} and self.protocol in PROTOCOLS
                and (self.port > 0 or self.bundle_only))


class Offer(msgspec.Struct, kw_only=True):
    sections: list[Section] = []
    bundle: tuple[str, ...] = ()
    setup: str = ""
    user: str = ""
    password: str = ""
    direction: str = "sendrecv"
    fingerprints: list[tuple[str, str]] = []


def wrong(line: int, zh: str, en: str) -> NoReturn:
    raise Malformed(f"会话描述第 {line} 行不对：{zh}。", f"Line {line} of the session description is wrong: {en}.",
                    code="bad-sdp", field="offer")


def read_offer(text: str) -> Offer:
    """Raises Malformed."""
    if len(text) > LARGEST or text.count("\n") > LINES:
        raise TooLarge("会话描述太长（上限 200,000 字符、8,000 行）。",
                       "The session description is too long (200,000 characters, 8,000 lines at most).",
                       code="sdp-too-large", field="offer")
    offer = Offer()
    place: Offer | Section = offer
    for number, line in _lines(text):
        if line.startswith("m="):
            place = _section(offer, number, line[2:])
        elif line.startswith("a="):
            _attribute(place, number, line[2:])
    for section in offer.sections:
        section.codecs = codecs_of(section.coding)
    _whole(offer)
    return offer


def _lines(text: str) -> Iterator[tuple[int, str]]:
    if not text.lstrip().startswith("v=0"):
        wrong(1, "应以 v=0 开头", "it must begin with v=0")
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if len(line) > LONGEST:
            wrong(number, "太长", "it is too long")
        yield number, line.strip()


def _section(offer: Offer, number: int, text: str) -> Section:
    found = MEDIA.fullmatch(text)
    if found is None or int(found[2]) > 65_535:
        wrong(number, "无法识别的媒体行", "this is no media line")
    if len(offer.sections) >= SECTIONS:
        wrong(number, f"媒体行不得超过 {SECTIONS} 行", f"there may be {SECTIONS} media lines at most")
    kind, port, protocol, formats = found.groups()
    section = Section(
        kind=kind, protocol=protocol, formats=tuple(formats.split()[:64]), line=number, port=int(port),
        setup=offer.setup, user=offer.user, password=offer.password, direction=offer.direction,
        fingerprints=list(offer.fingerprints),
    )
    offer.sections.append(section)
    return section


# --- attributes: one reader each ------------------------------------------------------------------


def _attribute(place: Offer | Section, number: int, text: str) -> None:
    name, _, value = text.partition(":")
    if name in CODING and isinstance(place, Section):
        place.coding.append((number, name, value))
        return
    if name in DIRECTIONS:
        place.direction = name
        return
    reader = BOTH.get(name)
    if reader is not None:
        reader(place, number, value)
    elif isinstance(place, Section):
        own = OF_SECTION.get(name)
        if own is not None:
            own(place, number, value)
    elif name == "group" and value.startswith("BUNDLE"):
        place.bundle = tuple(value.split()[1 : SECTIONS + 1])


def _user(place: Offer | Section, number: int, value: str) -> None:
    if not CREDENTIAL.fullmatch(value):
        wrong(number, "ice-ufrag 不合规定", "that is no ice-ufrag")
    place.user = value


def _password(place: Offer | Section, number: int, value: str) -> None:
    if not CREDENTIAL.fullmatch(value):
        wrong(number, "ice-pwd 不合规定", "that is no ice-pwd")
    place.password = value


def _fingerprint(place: Offer | Section, number: int, value: str) -> None:
    name, _, digest = value.strip().partition(" ")
    if not FINGERPRINT.fullmatch(digest):
        wrong(number, "证书指纹不合规定", "that is no fingerprint of a certificate")
    if name.lower() in DIGESTS and len(place.fingerprints) < 8:
        place.fingerprints.append((name.lower(), digest.upper()))


def _setup(place: Offer | Section, number: int, value: str) -> None:
    if value not in SETUPS:
        wrong(number, "setup 应为 actpass、active 或 passive", "setup must be actpass, active or passive")
    place.setup = value


def _mid(section: Section, number: int, value: str) -> None:
    if not MID.fullmatch(value):
        wrong(number, "mid 应为 1 到 32 个字母、数字或符号", "a mid has 1 to 32 letters, digits or signs")
    section.mid = value


def _mux(section: Section, number: int, value: str) -> None:
    section.mux = True


def _bundle_only(section: Section, number: int, value: str) -> None:
    section.bundle_only = True


def _number(text: str, most: int, number: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= most):
        wrong(number, f"应为 0 到 {most} 的整数", f"a whole number from 0 to {most} is due")
    return int(text)


def _extension(section: Section, number: int, value: str) -> None:
    place, _, uri = value.partition(" ")
    identifier = _number(place.partition("/")[0], 255, number)
    if identifier and len(section.extensions) < 32:
        section.extensions.setdefault(uri.split(" ")[0], identifier)


def _ssrc(section: Section, number: int, value: str) -> None:
    ssrc = _number(value.partition(" ")[0], 0xFFFFFFFF, number)
    if ssrc not in section.sources and len(section.sources) < 16:
        section.sources.append(ssrc)


def _ssrc_group(section: Section, number: int, value: str) -> None:
    meaning, *members = value.split()[:9] or [""]
    if meaning == "FID" and len(members) == 2:
        first, second = (_number(member, 0xFFFFFFFF, number) for member in members)
        section.repairs[second] = first


BOTH: Mapping[str, Callable[[Offer | Section, int, str], None]] = {
    "ice-ufrag": _user, "ice-pwd": _password, "fingerprint": _fingerprint, "setup": _setup,
}
OF_SECTION: Mapping[str, Callable[[Section, int, str], None]] = {
    "mid": _mid, "rtcp-mux": _mux, "extmap": _extension,
    "ssrc": _ssrc, "ssrc-group": _ssrc_group, "bundle-only": _bundle_only,
}


def codecs_of(coding: list[tuple[int, str, str]]) -> Mapping[int, Codec]:
    try:
        return parsed(tuple((name, value) for _, name, value in coding))
    except BadCoding as bad:
        wrong(coding[bad.place][0], bad.zh, bad.en)


# --- the whole ------------------------------------------------------------------------------------


def _whole(offer: Offer) -> None:
    if not offer.sections:
        wrong(1, "没有媒体行", "there is no media line")
    mids = [section.mid for section in offer.sections]
    if mids == [""]:
        offer.sections[0].mid = "0"
    elif "" in mids or len(set(mids)) < len(mids):
        wrong(offer.sections[0].line, "每个媒体行须有各自的 mid", "every media line needs a mid of its own")
    media = [section for section in offer.sections if section.media]
    if not media:
        wrong(offer.sections[0].line, "没有音频或视频（UDP/TLS/RTP/SAVPF）",
              "there is neither audio nor video (UDP/TLS/RTP/SAVPF)")
    if len(media) > 1 and not offer.bundle:
        wrong(media[1].line, "各路媒体须合用一个端口（a=group:BUNDLE）",
              "all media must share one port (a=group:BUNDLE)")
    _usable(media[0])


def _usable(section: Section) -> None:
    """The first one carries the transport of all."""
    checks = (
        (section.mux, "须有 a=rtcp-mux", "a=rtcp-mux is due"),
        (section.user and section.password, "缺少 ice-ufrag 或 ice-pwd", "ice-ufrag or ice-pwd is missing"),
        (section.fingerprints, "缺少 SHA-256 证书指纹", "the fingerprint of a certificate (SHA-256) is missing"),
        (section.setup, "缺少 a=setup", "a=setup is missing"),
    )
    for good, zh, en in checks:
        if not good:
            wrong(section.line, zh, en)
