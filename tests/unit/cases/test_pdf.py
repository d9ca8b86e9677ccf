"""A document as PDF, read with another program than the one that wrote it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from structlog.testing import capture_logs

from hub.cases.pdf import Pdf, printed
from hub.cases.press import pressed
from hub.kernel.calendar import ZONE
from hub.kernel.errors import TryAgain

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
CLOSING = "，。、；：？！）》”’】"
WORDS = "代表䶮与𬸦提出2026年的建议：#import *粗* $x$ @a <b> //c \\d [e] _f_ `g`"


def sheet(title: str = "档案", at: datetime = AT) -> Pdf:
    return Pdf(title=title, at=at, foot="王代表 生成")


def pages(pdf: Pdf) -> list[list[str]]:
    """The lines of each page, its foot left out."""
    file, _ = pressed(pdf.sheet())
    read = [page.extract_text().splitlines() for page in PdfReader(io.BytesIO(file)).pages]
    for number, lines in enumerate(read, 1):
        assert f"{number} / {len(read)}" in lines.pop()
    return read


def text(pdf: Pdf) -> str:
    return "".join(line for page in pages(pdf) for line in page)


def fonts(file: bytes) -> Iterator[tuple[str, bool]]:
    """(name, whether its glyphs are in the file)."""
    for page in PdfReader(io.BytesIO(file)).pages:
        held: Any = page["/Resources"]
        for font in held["/Font"].values():
            [glyphs] = font["/DescendantFonts"]
            yield font["/BaseFont"], "/FontFile3" in glyphs.get_object()["/FontDescriptor"]


def test_words_are_found_as_they_were_written_and_their_glyphs_are_in_the_file():
    pdf = sheet("<档案>")
    pdf.heading(WORDS)
    pdf.text(WORDS)
    pdf.table([("甲", WORDS)], (1, 3))

    file, unshown = pressed(pdf.sheet())
    assert unshown == []
    assert text(pdf).replace(" ", "").count(WORDS.replace(" ", "")) == 3
    told = PdfReader(io.BytesIO(file)).metadata
    assert told is not None
    assert told.title == "<档案>"
    assert {(name.partition("+")[2].partition("-Regular")[0], there) for name, there in fonts(file)} == {("NotoSerifSC", True), ("NotoSansSC", True)}
    assert len(file) < 60_000


async def test_the_same_words_of_the_same_time_are_the_same_bytes():
    def one(at: datetime) -> Pdf:
        pdf = sheet(at=at)
        pdf.table([("甲", "乙"), ("一", "二")], (1, 3), head=True)
        return pdf

    first, second, later = [await printed(one(at)) for at in (AT, AT.astimezone(ZONE), AT + timedelta(seconds=1))]
    assert first == second == pressed(one(AT).sheet())[0]
    assert first != later


def test_no_line_begins_with_a_mark_that_ends():
    pdf = sheet()
    for length in range(40, 50):
        for mark in CLOSING:
            pdf.text("字" * length + mark + "后面")
    pdf.table([("字" * length + mark + "后面",) * 3 for length in range(12, 18) for mark in CLOSING], (1, 1, 1))

    lines = [line for page in pages(pdf) for line in page]
    assert len(lines) > 200
    assert [line for line in lines if line.startswith(tuple(CLOSING))] == []


def test_no_heading_and_no_head_of_a_table_stands_at_the_foot_of_a_page():
    pdf = sheet()
    for number in range(60):
        pdf.heading(f"第{number}节标题")
        pdf.text("\n".join("行" for _ in range(number % 5)) + "。")
        pdf.heading(f"第{number}节表格")
        pdf.table([("表头", "表头"), *(("格", "格"),) * (1 + number % 3)], (1, 1), head=True)

    last = [page[-1] for page in pages(pdf)]
    assert len(last) > 5
    assert [line for line in last if "节" in line or "表头" in line] == []


def test_a_row_goes_on_over_pages_under_the_same_head():
    pdf = sheet()
    pdf.table([("日期", "内容"), ("首日", "\n".join(f"第{number}件" for number in range(150))), ("末日", "完")], (1, 4), head=True)

    read = pages(pdf)
    assert len(read) >= 3
    assert [page[0] for page in read] == ["日期 内容"] * len(read)
    assert "".join(line for page in read for line in page[1:]).replace(" ", "") == "首日" + "".join(f"第{number}件" for number in range(150)) + "末日完"


def test_what_has_no_blank_goes_on_in_the_next_line_and_not_over_the_edge():
    pdf = sheet()
    pdf.table([("1234567890" * 8, "2026-05-10 至 2026-05-11")], (1, 3))

    [lines] = pages(pdf)
    assert max(map(len, lines)) < 50
    assert "1234567890" * 8 in "".join(lines).replace(" ", "")
    assert "2026-05-10 至 2026-05-11" in "".join(lines)


async def test_a_sign_that_no_font_has_is_a_box_and_is_logged():
    pdf = sheet()
    pdf.text("姓名：王𤩝，\ue000甲")

    with capture_logs() as logged:
        file = await printed(pdf)
    assert [(one["log_level"], one["signs"]) for one in logged] == [("warning", ["\\u{e000}", "𤩝"])]
    assert "姓名：王" in PdfReader(io.BytesIO(file)).pages[0].extract_text()


async def test_what_takes_too_long_is_ended_and_says_so():
    with pytest.raises(TryAgain) as refused:
        await printed(sheet(), within=0.01)
    assert refused.value.code == "pdf-too-long"


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_whatever_was_typed_becomes_a_document(words):
    pdf = sheet(title=words)
    pdf.heading(words)
    pdf.text(words)
    pdf.table([(words, "乙")], (1, 9), head=True)
    assert pressed(pdf.sheet())[0].startswith(b"%PDF-1.7")
