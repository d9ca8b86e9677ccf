"""Texts as nobody writes a law: an annex of pages in one article, thousands of articles."""

from random import Random

import pytest

from hub.kernel.errors import Refused
from hub.search.articles import law_text
from hub.search.versions import PAGES, Edit, compare_versions, differences


def sentences(n: int, seed: int) -> str:
    chance = Random(seed)
    return "".join("".join(chance.choice("电梯安全管理条例应当依法检查维护保养单位责任") for _ in range(chance.randint(5, 40))) + "。；\n"[chance.randint(0, 2)] for _ in range(n))


def test_pages_are_compared_by_sentences_and_both_texts_stay_whole():
    old = sentences(400, 1)
    cut = old.index("。", len(old) // 2) + 1
    new = old[:cut] + "这一句是新加的。" + old[cut:].replace("应当", "必须", 3) + "末句没有句号"
    assert len(old) > PAGES
    pieces = differences(old, new)
    assert "".join(one.text for one in pieces if one.edit is not Edit.ADDED) == old
    assert "".join(one.text for one in pieces if one.edit is not Edit.REMOVED) == new
    assert any(one.edit is Edit.ADDED and "这一句是新加的。" in one.text for one in pieces)
    assert sum(len(one.text) for one in pieces if one.edit is Edit.SAME) > len(old) * 0.9


def test_thousands_of_articles_are_refused_in_a_sentence():
    many = law_text("\n".join(f"第{n}条 内容{n}。" for n in range(1, 2001)))
    with pytest.raises(Refused, match="1500 articles"):
        compare_versions(many, law_text("第一条 内容。"))
