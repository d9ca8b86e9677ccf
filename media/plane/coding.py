"""The codecs of an m-line: rtpmap, fmtp, rtcp-fb. The same lines stand twenty times in a browser's offer,
and in the offers of all browsers of its kind: each set of lines is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NoReturn

from media.plane.codecs import Codec

KEPT = 32
PARAMETERS = 32
FEEDBACK = 16


class BadCoding(Exception):
    """`place`: which of the lines."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en, self.place = zh, en, 0


class Draft:
    """One payload type while its lines are read."""

    def __init__(self, name: str, clock: int, channels: int) -> None:
        self.name, self.clock, self.channels = name, clock, channels
        self.format: dict[str, str] = {}
        self.feedback: list[str] = []


Drafts = dict[int, Draft]


@lru_cache(maxsize=KEPT)
def parsed(lines: tuple[tuple[str, str], ...]) -> Mapping[int, Codec]:
    """Raises BadCoding. `rtpmap` may stand after what speaks of it."""
    drafts: Drafts = {}
    for first in (True, False):
        for place, (name, value) in enumerate(lines):
            if (name == "rtpmap") is not first:
                continue
            try:
                CODING[name](drafts, value)
            except BadCoding as bad:
                bad.place = place
                raise
    return {
        kind: Codec(type=kind, name=draft.name, clock=draft.clock, channels=draft.channels, format=draft.format,
                    feedback=tuple(draft.feedback))
        for kind, draft in drafts.items()
    }


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= most):
        _bad(most)
    return int(text)


def _bad(most: int) -> NoReturn:
    raise BadCoding(f"应为 0 到 {most} 的整数", f"a whole number from 0 to {most} is due")


def _rtpmap(drafts: Drafts, value: str) -> None:
    kind, _, rest = value.partition(" ")
    name, _, numbers = rest.strip().partition("/")
    clock, _, channels = numbers.partition("/")
    drafts[_number(kind, 127)] = Draft(name.lower()[:40], _number(clock, 10_000_000), _number(channels or "1", 255))


def _fmtp(drafts: Drafts, value: str) -> None:
    kind, _, rest = value.partition(" ")
    draft = drafts.get(_number(kind, 127))
    if draft is not None:
        pairs = (item.strip().partition("=") for item in rest.split(";")[:PARAMETERS])
        draft.format = {key: text for key, _, text in pairs if key}


def _feedback(drafts: Drafts, value: str) -> None:
    kind, _, rest = value.partition(" ")
    meant = drafts.values() if kind == "*" else filter(None, [drafts.get(_number(kind, 127))])
    for draft in meant:
        if len(draft.feedback) < FEEDBACK:
            draft.feedback.append(rest.strip())


CODING: Mapping[str, Callable[[Drafts, str], None]] = {"rtpmap": _rtpmap, "fmtp": _fmtp, "rtcp-fb": _feedback}
