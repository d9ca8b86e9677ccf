"""A table of words out of an XLSX or CSV file, and back. Nothing is believed of what is read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import msgspec
import xlsxwriter

from hub.directory.spreadsheet_xlsx import read_xlsx
from hub.kernel.errors import Malformed, TooLarge

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 100

GUARDED = re.compile(r"^'*[=+\-@\t\r]")
"""What a spreadsheet program would take for a formula, or what we have guarded already."""
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class Grid(msgspec.Struct, frozen=True):
    """`rows[0]` is row 1 of the sheet. `formulas` are (row, column) from 1 and 0."""

    rows: Sequence[Sequence[str]]
    formulas: frozenset[tuple[int, int]] = frozenset()


def read(content: bytes, name: str) -> Grid:
    """The first sheet. Raises Malformed or TooLarge for whatever is not a table of reasonable size."""
    if not content.strip():
        raise Malformed("文件是空的，请选择有内容的表格。", "The file is empty; choose one with content.",
                        code="empty-file", field="file")
    if len(content) > MOST_BYTES:
        raise TooLarge("文件超过 20 MB，请拆成几个文件再导入。", "The file is over 20 MB; split it.",
                       code="file-too-large", field="file")
    if content.startswith(b"PK"):
        values, formulas = read_xlsx(content, MOST_ROWS, MOST_COLUMNS)
        grid = Grid([[as_text(value) for value in row] for row in values], formulas)
    else:
        grid = _read_csv(content, name)
    if not any(any(row) for row in grid.rows):
        raise Malformed("表格里没有内容，请检查第一个工作表。", "The table is empty; look at its first sheet.",
                        code="empty-file", field="file")
    return grid


def as_text(value: Any) -> str:
    """Numbers as people wrote them: a phone kept as the number 13900001111.0 is 13900001111."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return "" if value is None else str(value)


def _read_csv(content: bytes, name: str) -> Grid:
    text = _decode(content, name)
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) > MOST_ROWS + 10:
                raise too_many_rows()
    except csv.Error as error:
        raise _no_spreadsheet(name) from error
    if max(map(len, rows), default=0) > MOST_COLUMNS:
        raise too_many_columns()
    formulas = frozenset(
        (number, column) for number, row in enumerate(rows, 1) for column, cell in enumerate(row)
        if len(bare := cell.strip()) > 1 and bare[0] in "=@"
    )
    return Grid([[unguarded(cell.strip(" \r\n\u3000")).strip() for cell in row] for row in rows], formulas)


def _decode(content: bytes, name: str) -> str:
    if content.startswith(OLD_EXCEL):
        raise Malformed("这是旧版 Excel（.xls）文件，请另存为 .xlsx 或 CSV 再导入。",
                        "This is an old Excel file (.xls); save it as .xlsx or CSV.",
                        code="old-excel", field="file")
    marked = next((code for mark, code in BYTE_ORDER_MARKS if content.startswith(mark)), "")
    if not marked and b"\x00" in content:
        raise _no_spreadsheet(name)
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _no_spreadsheet(name)


def _no_spreadsheet(name: str) -> Malformed:
    return Malformed(f"“{name[:80]}”不是可以读取的表格，请上传 .xlsx 或 CSV 文件。",
                     f"{name[:80]!r} is no table we can read; upload an .xlsx or CSV file.",
                     code="not-a-spreadsheet", field="file")


def too_many_rows() -> TooLarge:
    return TooLarge(f"表格超过 {MOST_ROWS} 行，请拆成几个文件再导入。",
                    f"The table has over {MOST_ROWS} rows; split it.", code="too-many-rows", field="file")


def too_many_columns() -> TooLarge:
    return TooLarge(f"表格超过 {MOST_COLUMNS} 列，请只保留需要导入的列。",
                    f"The table has over {MOST_COLUMNS} columns; keep those to be imported.",
                    code="too-many-columns", field="file")


def guarded(cell: str) -> str:
    """With an apostrophe before what a spreadsheet program would run."""
    return f"'{cell}" if GUARDED.match(cell) else cell


def unguarded(cell: str) -> str:
    """The inverse of `guarded`."""
    return cell[1:] if cell.startswith("'") and GUARDED.match(cell) else cell


def write_csv(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """With a byte order mark, so that Excel reads Chinese."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(
    headings: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], sheet: str,
) -> bytes:
    """Every cell is text, so that nothing is run and no leading zero is lost."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bottom": 1})
        page.freeze_panes(1, 0)
        for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            page.set_column(column, column, width, text)
            page.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if cell:
                    page.write_string(number, column, cell, text)
    return out.getvalue()
