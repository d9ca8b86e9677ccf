"""The uniform letter, read as a PDF by another program."""

import io
from datetime import date

from pypdf import PdfReader

from hub.cases.press import pressed
from hub.streams.proposals.letter_pdf import letter_pdf
from hub.streams.proposals.letters import sheet_of
from tests.unit.proposals.walking import COMMITTEE, HOUSING, LEAD, PROMISE, inquiry, replied


def words(walk, unit="department:22"):
    letter = walk.facts.letters[-1]
    sheet = sheet_of(walk.facts, letter, walk.facts.parts.get(unit), walk.rules, number="建议〔2026〕1号", unit="市住房和城乡建设局", deputies=("代表0", "代表1"))
    file, unshown = pressed(letter_pdf(sheet, walk.at).sheet())
    assert unshown == []
    pages = PdfReader(io.BytesIO(file)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", ""), pages[0]


def test_a_reply_shows_its_class_at_the_top_right_and_whom_to_ask():
    text, page = words(replied(PROMISE))
    for said in ("B 类：部分解决或列入计划逐步解决", PROMISE["number"], "对《关于加快老旧小区加装电梯的建议》的答复", "代表0、代表1", "列入计划", "完成二百台加装",
                 "完成时间：2026年12月31日前", "签发人：单位22", "2026年3月2日", "王工", "0500-6022001", "市人民政府办公室", "公开"):
        assert said in text, said
    placed = []
    page.extract_text(visitor_text=lambda said, cm, _tm, _font, _size: placed.append((said, cm[4], cm[5])) if said.strip() else None)
    [(_, across, up)] = [one for one in placed if "办理结果" in one[0]]
    assert across > 297, "on the right half"
    assert up > max(height for said, _, height in placed if "对《" in said), "above everything"


def test_an_answer_to_an_inquiry_has_no_class_and_goes_to_the_presidium():
    walk = inquiry().take("SubmitInquiry", LEAD).take("OrderInquiryAnswer", COMMITTEE, answer_how="written", answer_by=date(2027, 1, 21))
    walk.take("SignInquiryAnswer", HOUSING, number="云建质〔2027〕1号", text="现就质询的问题书面答复如下。", sealed=True)
    text, _ = words(walk)
    assert "类" not in text.partition("对《")[0].replace("不公开", "")
    assert ("大会主席团" in text, "2027年1月19日" in text, "不公开" in text) == (True, True, True)
