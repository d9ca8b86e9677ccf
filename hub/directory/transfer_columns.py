"""Headings and their synonyms, and how a row of words is found under them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import msgspec

from hub.directory.messages.commands import BadCell
from hub.directory.model import clean
from hub.directory.spreadsheet import MOST_ROWS, Grid, too_many_rows
from hub.kernel.errors import Malformed, Refused

MOST_LISTED = 1_000
HEADING_WITHIN = 10
"""A title or a note may stand above the headings."""
SEPARATORS = re.compile(r"[\s,，、;；|/]+")
GROUP_SEPARATORS = re.compile(r"\s*[,，、;；|]+\s*")


class Column(msgspec.Struct, frozen=True):
    """`longest` counts characters of one cell."""

    field: str
    heading: str
    synonyms: tuple[str, ...]
    longest: int
    width: int = 14
    required: bool = False


class Line(msgspec.Struct, frozen=True):
    """One row: its number in the sheet, the words by field, which fields hold formulas, and
    whether words stand beyond the last heading."""

    number: int
    cells: Mapping[str, str]
    formulas: frozenset[str] = frozenset()
    overlong: bool = False


class Table(msgspec.Struct, frozen=True):
    fields: frozenset[str]
    lines: tuple[Line, ...]
    ignored: tuple[str, ...]


class Complaints:
    """What is wrong with a file: all of it counted, the first thousand kept."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._headings = {column.field: column.heading for column in columns}
        self.listed: list[BadCell] = []
        self.total = 0
        self.rows: set[int] = set()

    def add(self, line: Line, field: str, zh: str, en: str) -> None:
        self.total += 1
        self.rows.add(line.number)
        if len(self.listed) < MOST_LISTED:
            value = line.cells.get(field, "")[:60]
            self.listed.append(BadCell(line.number, self._headings.get(field, ""), value, zh, en))

    def refused(self, line: Line, field: str, refusal: Refused) -> None:
        self.add(line, field, refusal.zh, refusal.en)


def plain(heading: str) -> str:
    """`＊ 所属站点（必填）` → `所属站点`: what a heading says, without its dress."""
    text = unicodedata.normalize("NFKC", heading).lower()
    text = re.sub(r"\((必填|选填|可选|required|optional)[^)]*\)", "", text)
    return re.sub(r"[\s*:_.]+", "", text)


def table(grid: Grid, columns: Sequence[Column]) -> Table:
    """Raises Malformed when the headings are not there, or one of them twice."""
    words = {plain(word): column.field for column in columns
             for word in (column.heading, column.field, *column.synonyms)}
    top = _heading_row(grid, words)
    headings = [words.get(plain(cell), "") for cell in grid.rows[top]]
    _complete(headings, columns)
    return Table(
        fields=frozenset(filter(None, headings)),
        lines=tuple(_lines(grid, top, headings)),
        ignored=tuple(cell for cell, field in zip(grid.rows[top], headings, strict=True) if cell and not field),
    )


def _heading_row(grid: Grid, words: Mapping[str, str]) -> int:
    known = [sum(plain(cell) in words for cell in row) for row in grid.rows[:HEADING_WITHIN]]
    return known.index(max(known))


def _complete(headings: Sequence[str], columns: Sequence[Column]) -> None:
    missing = [column.heading for column in columns if column.required and column.field not in headings]
    if missing:
        raise Malformed(
            f"表头缺少：{'、'.join(missing)}。请在第一行写上这些列名（可先导出一份作样板）。",
            f"These headings are missing: {', '.join(missing)}. Write them in the first row (an export is a good sample).",
            code="missing-heading", field="file",
        )
    twice = [column.heading for column in columns if headings.count(column.field) > 1]
    if twice:
        raise Malformed(
            f"这些列出现了两次：{'、'.join(twice)}。请各保留一列。",
            f"These columns stand there twice: {', '.join(twice)}. Keep one of each.",
            code="heading-twice", field="file",
        )


def _lines(grid: Grid, top: int, headings: Sequence[str]) -> Iterator[Line]:
    formulas: dict[int, set[str]] = {}
    for number, column in grid.formulas:
        if column < len(headings) and headings[column]:
            formulas.setdefault(number, set()).add(headings[column])
    count = 0
    for number, row in enumerate(grid.rows[top + 1:], top + 2):
        cells = {field: cell for field, cell in zip_longest(headings, row[:len(headings)], fillvalue="") if field}
        if any(row):
            count += 1
            if count > MOST_ROWS:
                raise too_many_rows()
            yield Line(number, cells, frozenset(formulas.get(number, ())), any(row[len(headings):]))


def tidy(line: Line, columns: Sequence[Column], complaints: Complaints) -> dict[str, str]:
    """The cells without stray blanks. Complains of formulas, invisible characters and length."""
    words: dict[str, str] = {}
    if line.overlong:
        complaints.add(line, "", "这一行的内容比表头的列数多，请检查是否多了逗号或单元格错位。",
                       "This row has more cells than there are headings; look for a stray comma or shifted cells.")
    for column in columns:
        field = column.field
        if field not in line.cells:
            continue
        try:
            words[field] = clean(line.cells[field], field)
        except Refused as refusal:
            complaints.refused(line, field, refusal)
            continue
        if field in line.formulas:
            complaints.add(line, field, "单元格里是公式，请改成公式的结果（选择性粘贴为数值）。",
                           "This cell holds a formula; paste its value instead.")
        elif len(words[field]) > column.longest:
            complaints.add(line, field, f"内容太长，最多 {column.longest} 个字。",
                           f"Too long: {column.longest} characters at most.")
        elif column.required and not words[field]:
            complaints.add(line, field, f"“{column.heading}”不能为空，请填写。",
                           f"{column.heading} is needed; fill it in.")
    return words


Parser = Callable[[str], Any]


def parsed(
    line: Line, words: Mapping[str, str], parsers: Mapping[str, Parser], complaints: Complaints,
) -> dict[str, Any]:
    """Words turned into values where a field has a parser; a parser raises Refused."""
    values: dict[str, Any] = dict(words)
    for field, parse in parsers.items():
        if field in words:
            try:
                values[field] = parse(words[field])
            except Refused as refusal:
                complaints.refused(line, field, refusal)
    return values


def one_of(words: Mapping[str, Any], zh: str, en: str) -> Parser:
    """Looks a word up, however it is dressed."""
    known = {plain(word): value for word, value in words.items()}

    def parse(text: str) -> Any:
        try:
            return known[plain(text)]
        except KeyError:
            raise Refused(f"“{text[:30]}”不是可选的{zh}，请填：{'、'.join(list(words)[:6])}。",
                          f"{text[:30]!r} is no {en}; use one of: {', '.join(list(words)[:6])}.") from None

    return parse
