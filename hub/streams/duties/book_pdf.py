"""A deputy's book on paper. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from hub.cases.pdf import Pdf
from hub.kernel.calendar import ZONE
from hub.streams.duties import scoring_messages as s
from hub.streams.duties.mandates import MANDATES
from hub.streams.duties.records import KINDS

COLUMNS = 2


def book_pdf(book: s.BookRow, for_whom: str) -> Pdf:
    made = book.made.astimezone(ZONE)
    page = Pdf(title=f"{book.name}履职档案", at=book.made, foot=f"{for_whom} 于 {made:%Y-%m-%d %H:%M} 生成；以系统内记录为准")
    page.centred("人大代表履职档案", 20)
    page.centred(f"{book.name}　{span_of(book)}{'（已封存）' if book.frozen and book.year else ''}", 12, 0.35)
    page.heading("基本情况")
    page.table(_basics(book), (2, 5, 2, 5))
    page.heading("履职统计")
    page.table(_figures(book), (4, 4, 4, 4))
    if book.kinds:
        page.table([("类别", "次数", "时长（小时）"), *((one.zh, str(one.n), number(one.hours)) for one in book.kinds)], (3, 1, 1), head=True)
    if book.score:
        _scored(page, book.score)
    page.heading("履职历程")
    if book.timeline:
        page.table([("日期", "事项", "内容"), *((one.day, one.zh, one.title) for one in book.timeline)], (2, 3, 8), head=True)
    else:
        page.text("这段时间没有记录。", grey=0.4)
    page.heading("履职记录")
    page.table([("日期", "类别", "内容", "时长"), *((one.day, KINDS[one.kind][0], one.title, number(one.hours)) for one in book.records)], (2, 2, 8, 1), head=True)
    if book.proposals:
        page.heading("领衔的建议议案")
        page.table([("日期", "编号", "标题"), *((one.day, one.origin, one.title) for one in book.proposals)], (2, 3, 8), head=True)
    return page


def span_of(book: s.BookRow) -> str:
    return f"{book.year}年度" if book.year else book.volume or "全部任期"


def number(value: float) -> str:
    return f"{value:g}"


def _basics(book: s.BookRow) -> Iterator[tuple[str, str, str, str]]:
    yield "姓名", book.name, "代表团", book.delegation
    yield "选区", book.district, "单位职务", book.post
    yield "届次", "；".join(f"{one.term}（{one.begins}{'—' + one.ends if one.ends else '起'}，{one.state_zh}）" for one in book.volumes) or book.term, \
        "状态", MANDATES.state(book.state).zh
    if book.specialities:
        yield "专业特长", "、".join(book.specialities), "", ""


def _figures(book: s.BookRow) -> Iterator[tuple[str, ...]]:
    cells = [cell for one in book.figures for cell in (one.zh, _counted(one))]
    step = 2 * COLUMNS
    for start in range(0, len(cells), step):
        row = cells[start:start + step]
        yield *row, *("" for _ in range(step - len(row)))


def _counted(one: s.BookFigure) -> str:
    return number(one.n) if one.of is None else f"{number(one.n)} / {one.of_zh} {one.of}"


def _scored(page: Pdf, score: s.ScoreRow) -> None:
    page.heading(f"{score.year}年度履职得分")
    page.table([("计分项目", "次数", "时长", "得分", "评价"), *(
        (one.zh, str(one.records), number(one.hours), number(one.points), "—" if one.rated is None else number(one.rated)) for one in score.items)],
        (4, 1, 1, 1, 1), head=True)
    parts = [f"记录分 {number(score.counted)}", *([f"评价分 {number(score.rating)}"] if score.rating is not None else []),
             *([f"申诉加减 {number(score.adjusted)}"] if score.adjusted else []), f"未经批准缺席 {score.missed} 次", f"总分 {number(score.total)}",
             f"规则第 {score.version} 版"]
    page.text("；".join(parts) + "。")
