"""XLSX: looked through as a plain archive before a parser may open it.

A small file may unpack to gigabytes, and one cell at XFD1048576 makes a parser lay out the whole
sheet in memory. Both are found here by reading the archive piece by piece.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any
from xml.parsers import expat

import python_calamine

from hub.kernel.errors import Malformed, TooLarge

MOST_UNPACKED = 256 * 1024 * 1024
MOST_MEMBERS = 2_000
PIECE = 1 << 20

_SHEET = re.compile(rb'<(?:\w+:)?sheet\b[^>]*?\br:id="([^"]+)"')
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_REFERENCE = re.compile(r"^([A-Z]{1,3})([1-9]\d{0,6})$")
_HUGE_COUNT = re.compile(rb"""[cC]ount\s*=\s*["'](?:[^"'&]*&|\s*\+?0*[1-9]\d{6})""")
"""The parser makes room for as many strings as a part claims to hold, before it looks."""
HOLDS_CELLS = b"sheetData"
FILLED = frozenset({"v", "is"})
"""Elements that give a cell a value. A cell that is only coloured does not count."""


def read_xlsx(
    content: bytes, most_rows: int, most_columns: int,
) -> tuple[Sequence[Sequence[Any]], frozenset[tuple[int, int]]]:
    """The values of the first sheet and its formula cells, (row from 1, column from 0)."""
    parts = _unpack(content)
    first = _first_sheet(parts)
    formulas: frozenset[tuple[int, int]] = frozenset()
    for name, part in parts.items():
        if _HUGE_COUNT.search(part):
            raise _bomb()
        if HOLDS_CELLS in part:
            walked = _Walk(most_rows, most_columns).over(part)
            formulas = frozenset(walked.formulas) if name == first else formulas
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        values = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise _broken() from error
    return values, formulas


def _unpack(content: bytes) -> dict[str, bytes]:
    """All parts, unpacked under a limit that does not trust the sizes the archive claims."""
    parts: dict[str, bytes] = {}
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise _bomb()
            for member in members:
                body = _inflate(archive, member, left)
                left -= len(body)
                parts[member.filename.lstrip("/")] = body
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise _broken() from error
    if "xl/workbook.xml" not in parts:
        raise _broken()
    return parts


def _inflate(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    with archive.open(member) as packed:
        while piece := packed.read(PIECE):
            size += len(piece)
            if size > most:
                raise _bomb()
            pieces.append(piece)
    return b"".join(pieces)


def _first_sheet(parts: dict[str, bytes]) -> str:
    wanted = _SHEET.search(parts["xl/workbook.xml"])
    for relation in _RELATION.findall(parts.get("xl/_rels/workbook.xml.rels", b"")):
        id, target = _attribute(relation, b"Id"), _attribute(relation, b"Target")
        if wanted and id == wanted[1]:
            path = target.decode("utf-8", "replace")
            return path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    return "xl/worksheets/sheet1.xml"


def _attribute(tag: bytes, name: bytes) -> bytes:
    found = re.search(rb"\b" + name + rb'="([^"]*)"', tag)
    return found[1] if found else b""


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


class _Walk:
    """Goes over the cells of one sheet without keeping them: how far they reach, which are formulas."""

    def __init__(self, most_rows: int, most_columns: int) -> None:
        self.formulas: list[tuple[int, int]] = []
        self._most_rows = most_rows
        self._most_columns = most_columns
        self._row = 0
        self._column = -1

    def over(self, sheet: bytes) -> _Walk:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._element
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(sheet, True)
        except expat.ExpatError as error:
            raise _broken() from error
        return self

    def _doctype(self, *_: object) -> None:
        raise _broken()

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "c":
            self._row, self._column = self._place(attributes.get("r"))
        elif kind == "row":
            self._row, self._column = self._number(attributes.get("r")), -1
        elif kind == "f":
            self.formulas.append((self._row, self._column))
        elif kind in FILLED:
            self._reach()

    def _place(self, reference: str | None) -> tuple[int, int]:
        if reference is None:
            return self._row, self._column + 1
        found = _REFERENCE.match(reference.upper())
        if not found:
            raise _broken()
        return int(found[2]), _column(found[1])

    def _number(self, row: str | None) -> int:
        if row is None:
            return self._row + 1
        if not re.fullmatch(r"\d{1,7}", row):
            raise _broken()
        return int(row)

    def _reach(self) -> None:
        if self._row > self._most_rows + 10:
            raise TooLarge(f"表格超过 {self._most_rows} 行，请拆成几个文件再导入。",
                           f"The table has over {self._most_rows} rows; split it.", code="too-many-rows", field="file")
        if self._column >= self._most_columns:
            raise TooLarge(f"表格超过 {self._most_columns} 列，请只保留需要导入的列。",
                           f"The table has over {self._most_columns} columns; keep those to be imported.",
                           code="too-many-columns", field="file")


def _broken() -> Malformed:
    return Malformed("文件不是完整的 Excel 表格（.xlsx），可能已损坏，请用表格软件打开并另存一份。",
                     "The file is no complete Excel workbook (.xlsx); open it in a spreadsheet program and save it anew.",
                     code="not-a-spreadsheet", field="file")


def _bomb() -> TooLarge:
    return TooLarge("文件解压后过大，拒绝读取，请只保留需要导入的工作表。",
                    "The file unpacks to far too much; keep only the sheet to be imported.",
                    code="unpacks-too-large", field="file")
