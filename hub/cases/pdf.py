"""A document of plain pages: headings, lines, tables, page numbers. `printed` makes a PDF of it (press.py, pdf.typ) with the glyphs of Song
and Hei in the file, so that it reads the same on a phone, in print and in an archive."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec
import structlog

from hub.kernel.errors import TryAgain
from media.children import run

log = structlog.get_logger()

ROOM = 483.28
"""Points between the margins of A4."""
INSET = 4
PRESS = (sys.executable, "-I", str(Path(__file__).with_name("press.py")))
SECONDS = 30
MAY_BREAK = "\u200b"


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    words: str


class Lines(msgspec.Struct, frozen=True, tag="lines"):
    words: str
    size: float
    grey: float
    centred: bool


class Table(msgspec.Struct, frozen=True, tag="table"):
    rows: tuple[tuple[str, ...], ...]
    wide: tuple[float, ...]
    size: float
    head: bool


class Corner(msgspec.Struct, frozen=True, tag="corner"):
    """A small table at the right edge."""

    rows: tuple[tuple[str, ...], ...]


class Letterhead(msgspec.Struct, frozen=True, tag="letterhead"):
    """Who writes, and the letter's number, above the red line."""

    words: str
    number: str


class Prose(msgspec.Struct, frozen=True, tag="prose"):
    """Paragraphs, each begun two characters in."""

    paragraphs: tuple[str, ...]
    size: float


class Flush(msgspec.Struct, frozen=True, tag="flush"):
    """Lines that end at the right edge and stay on one page."""

    lines: tuple[str, ...]
    size: float


@dataclass
class Pdf:
    """Written from top to bottom; what does not fit goes on the next page. `at`: when it was made."""

    title: str
    at: datetime
    foot: str = ""
    blocks: list[Heading | Lines | Table | Corner | Letterhead | Prose | Flush] = field(default_factory=list)

    def heading(self, text: str) -> None:
        self.blocks.append(Heading(text))

    def centred(self, text: str, size: float, grey: float = 0) -> None:
        self.blocks.append(Lines(loose(text, size, ROOM), size, grey, centred=True))

    def text(self, text: str, size: float = 10.5, grey: float = 0) -> None:
        self.blocks.append(Lines(loose(text, size, ROOM), size, grey, centred=False))

    def corner(self, rows: Iterable[Sequence[str]]) -> None:
        self.blocks.append(Corner(tuple(tuple(row) for row in rows)))

    def letterhead(self, words: str, number: str) -> None:
        self.blocks.append(Letterhead(words, number))

    def prose(self, text: str, size: float) -> None:
        said = tuple(loose(line.strip(), size, ROOM) for line in text.split("\n") if line.strip())
        self.blocks.append(Prose(said, size))

    def flush(self, lines: Iterable[str], size: float) -> None:
        self.blocks.append(Flush(tuple(filter(None, lines)), size))

    def table(self, rows: Iterable[Sequence[str]], shares: Sequence[float], size: float = 9.5, head: bool = False) -> None:
        """`shares`: parts of the width, one for each column. `head`: the first row is set apart, and stands again on each page."""
        whole = sum(shares)
        wide = tuple(ROOM * share / whole for share in shares)
        cells = tuple(tuple(loose(cell, size, room - 2 * INSET) for cell, room in zip(row, wide, strict=True)) for row in rows)
        self.blocks.append(Table(cells, wide, size, head))

    def sheet(self) -> bytes:
        return msgspec.json.encode({"title": self.title, "at": int(self.at.timestamp()), "foot": self.foot, "room": ROOM, "inset": INSET,
                                    "blocks": self.blocks})


async def printed(pdf: Pdf, within: float = SECONDS) -> bytes:
    """The whole file: the same bytes for the same words made at the same time. Raises TryAgain."""
    try:
        ended = await run(PRESS, stdin=pdf.sheet(), within=within)
    except TimeoutError:
        raise TryAgain(f"排版超过 {within:g} 秒仍未完成，请缩小年份或届次的范围后再试。", f"It took over {within:g} seconds to set; choose a shorter span and try again.",
                       code="pdf-too-long") from None
    if ended.code:
        raise RuntimeError(ended.err)
    if ended.err:
        log.warning("pdf has signs that no font can show", signs=ended.err.split("\n"))
    return ended.out


def loose(words: str, size: float, room: float) -> str:
    """A number or an address without a blank that is wider than its place may go on in the next line instead of over the edge."""
    return _runs(max(1, int(room / size / 0.6))).sub(lambda run: MAY_BREAK.join(run[0]), words)


@cache
def _runs(least: int) -> re.Pattern[str]:
    """Chinese, and what stands with it, breaks by its own rules."""
    return re.compile(rf"[^\s\u2013-\u2026\u2e80-\u9fff\uff00-\uffef\U00020000-\U0003ffff]{{{least},}}")
