"""The uniform letter on paper (ZS 25): class at the top right, letterhead and number, text, who signed and when, whom to ask, copies. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from hub.cases.pdf import Pdf
from hub.streams.proposals.letters import Sheet

SIZE = 12
COPIES = "市人大常委会代表工作委员会，市人民政府办公室"
COPIES_OF_INQUIRY = "大会主席团（常委会主任会议），市人大常委会代表工作委员会"


def letter_pdf(letter: Sheet, at: datetime) -> Pdf:
    page = Pdf(title=letter_title(letter), at=at, foot=f"{letter.case_number}　{letter.number or '口头答复登记'}")
    page.corner(_corner(letter))
    page.letterhead(letter.unit, letter.number)
    page.centred(f"对《{letter.title}》的答复", 16)
    page.centred(letter.case_number, 11, 0.35)
    page.text(f"{'、'.join(letter.deputies)} 代表：", SIZE)
    page.prose(letter.text, SIZE)
    if letter.promise:
        page.prose(f"承诺事项：{letter.promise}。{f'完成时间：{said(letter.solve_by)}前。' if letter.solve_by else ''}", SIZE)
    page.flush((f"签发人：{letter.signer}" if letter.signer else "", f"{letter.unit}（盖章）", said(letter.on)), SIZE)
    page.table(_below(letter), (1, 4), size=10.5)
    return page


def letter_title(letter: Sheet) -> str:
    return f"{letter.unit}对《{letter.title}》的答复"


def said(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _corner(letter: Sheet) -> Iterator[tuple[str, str]]:
    if letter.klass:
        yield "办理结果", f"{letter.klass} 类{f'：{letter.klass_zh}' if letter.klass_zh else ''}"
    yield "是否公开", "公开" if letter.public else "不公开"


def _below(letter: Sheet) -> Iterator[tuple[str, str]]:
    if letter.handler:
        yield "联系人", letter.handler
        yield "联系电话", letter.phone or "—"
    yield "抄送", COPIES_OF_INQUIRY if letter.inquiry else COPIES
