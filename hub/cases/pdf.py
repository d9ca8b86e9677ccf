"""A document of plain pages as PDF: headings, lines, tables, page numbers. Chinese is set in the Song that every reader of PDF
brings along (STSong-Light, as offices send it), Latin in Helvetica; both can be selected and searched. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

WIDTH, HEIGHT = 595.28, 841.89
LEFT, TOP, BOTTOM = 56.0, 790.0, 56.0
ROOM = WIDTH - 2 * LEFT
LATIN = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584,
    584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278,
    278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,
    500, 334, 260, 334, 584)
"""Widths of Helvetica from the blank on, in thousandths."""
KEPT = 7
"""Lines of its own size that a heading wants below it: none stands at the foot of a page alone."""
NEVER_FIRST = frozenset("，。、；：？！）》”’】％")
FONTS = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] /ToUnicode 7 0 R >>",
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 5 0 R"
    " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> >>",
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
    " /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
)
FIRST_FREE = 8
"""Objects 1 to 7: catalog, pages, the Song in three, Helvetica, what codes mean."""


def is_latin(sign: str) -> bool:
    return " " <= sign <= "~"


def width_of(text: str, size: float) -> float:
    return sum(LATIN[ord(sign) - 32] if is_latin(sign) else 1000 for sign in text) * size / 1000


def wrapped(text: str, size: float, room: float) -> Iterator[str]:
    """Lines that fit; a mark that ends a sentence does not begin one."""
    for part in text.split("\n"):
        line, used = "", 0.0
        for sign in part:
            wide = width_of(sign, size)
            if used + wide > room and line and sign not in NEVER_FIRST:
                yield line
                line, used = "", 0.0
            line, used = line + sign, used + wide
        yield line


@dataclass
class Pdf:
    """Written from top to bottom; what does not fit goes on the next page."""

    title: str
    foot: str = ""
    pages: list[list[str]] = field(default_factory=lambda: [[]])
    y: float = TOP

    def heading(self, text: str, size: float = 13) -> None:
        self._need(size * KEPT)
        self.y -= size * 0.8
        self._line(LEFT, text, size)
        self._rule()
        self.y -= 5

    def centred(self, text: str, size: float, grey: float = 0) -> None:
        for line in wrapped(text, size, ROOM):
            self._need(size * 1.6)
            self._line(LEFT + (ROOM - width_of(line, size)) / 2, line, size, grey)

    def text(self, text: str, size: float = 10.5, grey: float = 0) -> None:
        for line in wrapped(text, size, ROOM):
            self._need(size * 1.6)
            self._line(LEFT, line, size, grey)

    def table(self, rows: Iterable[Sequence[str]], shares: Sequence[float], size: float = 9.5, head: bool = False) -> None:
        """`shares`: parts of the width, one for each column. `head`: the first row is set apart."""
        whole = sum(shares)
        wide = [ROOM * share / whole for share in shares]
        for number, row in enumerate(rows):
            cells = [list(wrapped(cell, size, room - 8)) for cell, room in zip(row, wide, strict=True)]
            self._row(cells, wide, size, shaded=head and number == 0)
        self.y -= 6

    def _row(self, cells: Sequence[Sequence[str]], wide: Sequence[float], size: float, shaded: bool) -> None:
        step = size * 1.5
        while any(cells):
            self._need(step + 6)
            fitting = max(int((self.y - BOTTOM - 6) / step), 1)
            now, cells = [cell[:fitting] for cell in cells], [cell[fitting:] for cell in cells]
            high, left = max(map(len, now)) * step + 6, LEFT
            if shaded:
                self._draw(f"0.93 g {LEFT:.2f} {self.y - high:.2f} {ROOM:.2f} {high:.2f} re f 0 g")
            for cell, room in zip(now, wide, strict=True):
                self._draw(f"0.7 G 0.5 w {left:.2f} {self.y - high:.2f} {room:.2f} {high:.2f} re S 0 G")
                for place, line in enumerate(cell):
                    self._show(left + 4, self.y - (place + 1) * step + 1, line, size)
                left += room
            self.y -= high

    def _line(self, x: float, text: str, size: float, grey: float = 0) -> None:
        self.y -= size * 1.6
        self._show(x, self.y + size * 0.3, text, size, grey)

    def _rule(self) -> None:
        self._draw(f"0.6 G 0.7 w {LEFT:.2f} {self.y - 2:.2f} m {LEFT + ROOM:.2f} {self.y - 2:.2f} l S 0 G")

    def _need(self, high: float) -> None:
        if self.y - high < BOTTOM:
            self.pages.append([])
            self.y = TOP

    def _draw(self, operators: str) -> None:
        self.pages[-1].append(operators)

    def _show(self, x: float, y: float, text: str, size: float, grey: float = 0) -> None:
        if text:
            self._draw(f"{grey:.2f} g BT 1 0 0 1 {x:.2f} {y:.2f} Tm {_shown(text, size)} ET 0 g")

    def bytes(self) -> bytes:
        """The whole file."""
        count = len(self.pages)
        kids = " ".join(f"{FIRST_FREE + 2 * number} 0 R" for number in range(count))
        bodies: list[bytes] = [
            b"<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {count} /MediaBox [0 0 {WIDTH} {HEIGHT}]"
            " /Resources << /Font << /S 3 0 R /H 6 0 R >> >> >>".encode(),
            *(font.encode() for font in FONTS), _packed(_meanings()),
        ]
        for number, drawn in enumerate(self.pages):
            bodies.append(f"<< /Type /Page /Parent 2 0 R /Contents {FIRST_FREE + 2 * number + 1} 0 R >>".encode())
            bodies.append(_packed("\n".join((*drawn, self._foot(number + 1, count)))))
        bodies.append(f"<< /Title <{_hex(chr(0xFEFF) + self.title)}> >>".encode())
        return _bound(bodies)

    def _foot(self, number: int, count: int) -> str:
        where = f"{number} / {count}"
        return (f"0.45 g BT 1 0 0 1 {LEFT:.2f} 34 Tm {_shown(self.foot, 8.5)} ET"
                f" BT 1 0 0 1 {WIDTH - LEFT - width_of(where, 8.5):.2f} 34 Tm {_shown(where, 8.5)} ET 0 g")


def _shown(text: str, size: float) -> str:
    runs = ((latin, "".join(signs)) for latin, signs in groupby(text, is_latin))
    return " ".join(f"/{'H' if latin else 'S'} {size} Tf <{run.encode('ascii').hex() if latin else _hex(run)}> Tj" for latin, run in runs)


def _hex(text: str) -> str:
    return text.encode("utf-16-be", "replace").hex()


def _meanings() -> str:
    """Codes are UTF-16 already: each means itself."""
    ranges = [f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(256) if not 0xD8 <= high <= 0xDF]
    blocks = [ranges[start:start + 100] for start in range(0, len(ranges), 100)]
    listed = "\n".join(f"{len(block)} beginbfrange\n" + "\n".join(block) + "\nendbfrange" for block in blocks)
    return ("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Hub-UTF16 def /CMapType 2 def\n"
            f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{listed}\nendcmap CMapName currentdict /CMap defineresource pop end end")


def _packed(drawn: str) -> bytes:
    packed = zlib.compress(drawn.encode())
    return f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"


def _bound(bodies: Sequence[bytes]) -> bytes:
    """The objects, and the table that says where each begins; the last one tells the title."""
    whole, starts = bytearray(b"%PDF-1.7\n%\xe4\xb8\xad\xe6\x96\x87\n"), list[int]()
    for number, body in enumerate(bodies, start=1):
        starts.append(len(whole))
        whole += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    end = (f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}"
           f"trailer << /Size {len(bodies) + 1} /Root 1 0 R /Info {len(bodies)} 0 R >>\nstartxref\n{len(whole)}\n%%EOF\n")
    return bytes(whole) + end.encode()
