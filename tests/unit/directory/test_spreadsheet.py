from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.directory.spreadsheet import guarded, read, unguarded, write_csv, write_xlsx
from hub.kernel.errors import Malformed, TooLarge

words = st.text(st.characters(exclude_categories=("C", "Z")), max_size=30)
HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def workbook(**parts: bytes) -> bytes:
    """A good workbook with some of its parts put in another's place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(write_xlsx(["a"], [["b"]], [10], "s"))) as good, \
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in good.namelist():
            made.writestr(name, parts.pop(name.rpartition("/")[2].partition(".")[0], good.read(name)))
        for name, body in parts.items():
            made.writestr(name, body)
    return out.getvalue()


@given(words)
def test_a_guarded_cell_is_no_formula_and_comes_back_as_it_was(word):
    assert guarded(word)[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert unguarded(guarded(word)) == word


@given(st.lists(st.lists(words, min_size=3, max_size=3), min_size=1, max_size=8))
def test_a_table_written_is_read_as_the_same_table(rows):
    headings = ["甲", "乙", "丙"]
    for content in (write_csv(headings, rows), write_xlsx(headings, rows, [10] * 3, "s")):
        grid = read(content, "a")
        seen = [[*row, "", "", ""][:3] for row in grid.rows]
        while seen and not any(seen[-1]):
            seen.pop()
        wanted = [headings, *rows]
        while wanted and not any(wanted[-1]):
            wanted.pop()
        assert seen == wanted


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_spreadsheets_write(encoding):
    grid = read("姓名;类别\n龚喆;代表\n".encode(encoding), "a.csv")
    assert list(map(list, grid.rows)) == [["姓名", "类别"], ["龚喆", "代表"]]


@pytest.mark.parametrize("cell", [
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    b'<row r="1048576"><c><v>1</v></c></row>',
    b'<row r="2"><c t="n"\n r = "XFD2"><v>1</v></c></row>',
])
def test_one_cell_in_the_far_corner_does_not_fill_the_memory(cell):
    with pytest.raises(TooLarge):
        read(workbook(sheet1=HEAD + b'<row r="1"><c r="A1"><v>1</v></c></row>' + cell + TAIL), "a.xlsx")


def test_a_small_file_that_unpacks_to_gigabytes_is_refused():
    with pytest.raises(TooLarge):
        read(workbook(**{"xl/media/a.png": b"\0" * (257 << 20)}), "a.xlsx")


def test_a_part_that_claims_billions_of_strings_is_refused():
    with pytest.raises(TooLarge):
        read(workbook(sharedStrings=b'<sst uniqueCount="99999999999"><si><t>x</t></si></sst>'), "a.xlsx")


def test_entities_are_not_expanded():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + HEAD.partition(b"?>")[2] + b"<row><c><v>&a;</v></c></row>" + TAIL
    with pytest.raises(Malformed):
        read(workbook(sheet1=bomb), "a.xlsx")


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_clear_refusal(content):
    for raw in (content, b"PK\x03\x04" + content):
        with contextlib.suppress(Malformed):
            assert read(raw, "a").rows
