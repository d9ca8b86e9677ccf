"""A law text falls into its parts; two versions are laid side by side by what they say, whatever their numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.search.articles import Paragraph, law_text, number_of
from hub.search.versions import Change, Edit, Piece, compare_versions, differences

LAW = """云澜市停车场条例
（2026年3月1日云澜市人民代表大会常务委员会通过）
目录
第一章　总则
第二章　规划
第一章　总则
第一条　为了规范停车场的规划、建设和管理，改善交通状况，根据有关法律、法规，制定本条例。
第二条　本市行政区域内停车场的规划、建设、使用和管理，适用本条例。
第三条所称停车场，包括公共停车场和专用停车场。
第二章　规划
第三条　市人民政府应当将停车场建设纳入国民经济和社会发展规划。
有下列情形之一的，不得改变用途：
（一）公共停车场；
（二）配建停车场：
1.住宅配建的；
2.商业配建的。
前款规定由城市管理部门负责实施。
第四条之一　【收费】停车收费实行政府指导价，收费标准由价格主管部门制定并公布。
"""


@pytest.mark.parametrize(("numeral", "number"), [
    ("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("一百零三", 103), ("一百一十", 110), ("两百", 200), ("一千零二十四", 1024), ("二〇", 20), ("17", 17)])
def test_chinese_numerals_are_read(numeral, number):
    assert number_of(numeral) == number


def test_a_law_falls_into_chapters_articles_paragraphs_and_items():
    law = law_text(LAW)

    assert law.preamble[0] == "云澜市停车场条例"
    assert [(one.name, one.under, len(one.paragraphs)) for one in law.articles] == [
        ("第1条", ("第一章 总则",), 1), ("第2条", ("第一章 总则",), 2), ("第3条", ("第二章 规划",), 3), ("第4条之1", ("第二章 规划",), 1)]
    assert law.articles[2].paragraphs[1] == Paragraph(
        text="有下列情形之一的，不得改变用途：", items=("（一）公共停车场；", "（二）配建停车场：", "1.住宅配建的；", "2.商业配建的。"))
    assert law.articles[3].title == "收费"


def test_a_paragraph_that_names_an_article_opens_none():
    assert law_text(LAW).articles[1].paragraphs[1].text == "第三条所称停车场，包括公共停车场和专用停车场。"


@given(st.lists(st.text(alphabet="条款项（）1.甲乙，。", min_size=1, max_size=20), min_size=1, max_size=9))
def test_whatever_stands_in_an_article_nothing_is_lost(texts):
    articles = law_text("\n".join(f"第{at}条　甲{text}" for at, text in enumerate(texts, 1))).articles
    assert [one.text for one in articles] == [f"甲{text}" for text in texts]


A = "本市行政区域内停车场的规划、建设、使用和管理，适用本条例。"
B = "市人民政府应当将停车场建设纳入国民经济和社会发展规划，统筹安排用地和资金。"
C = "停车收费实行政府指导价，收费标准由价格主管部门制定并公布。"
D = "违反本条例规定，擅自改变停车场用途的，由城市管理部门责令限期改正；逾期不改正的，处一万元以上五万元以下罚款。"
E = "鼓励机关、企业事业单位的专用停车场在非工作时间向社会开放。"


def law(*articles):
    numerals = "一二三四五六七八九"
    return law_text("\n".join(f"第{numerals[at]}条　{text}" for at, text in enumerate(articles)))


def told(old, new):
    return [(line.change, [one.number for one in line.old], [one.number for one in line.new], line.moved, line.renumbered)
            for line in compare_versions(old, new)]


def test_the_same_text_is_the_same_throughout():
    assert told(law(A, B, C), law(A, B, C)) == [(Change.SAME, [n], [n], False, False) for n in (1, 2, 3)]


def test_an_article_that_was_put_in_renumbers_the_others_and_moves_none():
    assert told(law(A, B, C), law(A, E, B, C)) == [
        (Change.SAME, [1], [1], False, False), (Change.ADDED, [], [2], False, False),
        (Change.SAME, [2], [3], False, True), (Change.SAME, [3], [4], False, True)]


def test_a_removed_article_stands_where_it_stood():
    assert told(law(A, B, C), law(A, C)) == [
        (Change.SAME, [1], [1], False, False), (Change.REMOVED, [2], [], False, False), (Change.SAME, [3], [2], False, True)]


def test_a_moved_article_is_known_again_by_its_words():
    assert told(law(A, B, C, D), law(A, D, B, C)) == [
        (Change.SAME, [1], [1], False, False), (Change.SAME, [4], [2], True, True),
        (Change.SAME, [2], [3], False, True), (Change.SAME, [3], [4], False, True)]


def test_an_article_that_was_moved_and_changed_shows_what_changed():
    changed = D.replace("一万元以上五万元以下", "二万元以上十万元以下").replace("城市管理部门", "综合行政执法部门")
    lines = compare_versions(law(A, B, C, D), law(A, changed, B, C))

    assert (lines[1].change, lines[1].moved, lines[1].old[0].number) == (Change.CHANGED, True, 4)
    assert [(piece.edit, piece.text) for piece in lines[1].pieces if piece.edit is not Edit.SAME] == [
        (Edit.REMOVED, "城市管理"), (Edit.ADDED, "综合行政执法"), (Edit.REMOVED, "一"), (Edit.ADDED, "二"), (Edit.REMOVED, "五"), (Edit.ADDED, "十")]


def test_a_split_article_names_its_parts_and_a_merged_one_its_sources():
    assert told(law(A, B + C, D), law(A, B, C, D)) == [
        (Change.SAME, [1], [1], False, False), (Change.SPLIT, [2], [2, 3], False, False), (Change.SAME, [3], [4], False, True)]
    assert told(law(A, B, C, D), law(A, B + C, D)) == [
        (Change.SAME, [1], [1], False, False), (Change.MERGED, [2, 3], [2], False, False), (Change.SAME, [4], [3], False, True)]


def test_differences_read_as_words():
    assert differences("逾期不改正的，处一万元罚款。", "逾期未改正的，处二万元罚款。") == [
        Piece(Edit.SAME, "逾期"), Piece(Edit.REMOVED, "不"), Piece(Edit.ADDED, "未"), Piece(Edit.SAME, "改正的，处"),
        Piece(Edit.REMOVED, "一"), Piece(Edit.ADDED, "二"), Piece(Edit.SAME, "万元罚款。")]
    assert differences("甲乙丙", "丁乙戊") == [Piece(Edit.REMOVED, "甲乙丙"), Piece(Edit.ADDED, "丁乙戊")]


@given(st.text(alphabet="甲乙丙丁，。", max_size=30), st.text(alphabet="甲乙丙丁，。", max_size=30))
def test_differences_hold_both_texts_whole(old, new):
    pieces = differences(old, new)
    assert "".join(piece.text for piece in pieces if piece.edit is not Edit.ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.edit is not Edit.REMOVED) == new


@given(st.permutations([A, B, C, D, E]), st.permutations([A, B, C, D, E]))
def test_every_article_stands_in_one_line(old, new):
    lines = compare_versions(law(*old), law(*new))
    assert sorted(one.number for line in lines for one in line.old) == [1, 2, 3, 4, 5]
    assert [one.number for line in lines for one in line.new] == [1, 2, 3, 4, 5]
    assert {line.change for line in lines} == {Change.SAME}
