"""Published documents of the same matter, by the rarer words of their titles."""

from __future__ import annotations

from hub.search.akin import nearest

TITLES = ("城市电梯安全管理条例", "养犬管理条例", "物业管理条例", "关于修改城市绿化条例的决定", "关于加强代表建议办理工作的决定")


def near(title: str, text: str = "") -> list[tuple[str, tuple[str, ...]]]:
    return [(TITLES[one.place], one.words) for one in nearest(title, text, TITLES)]


def test_a_title_that_shares_the_drafts_own_words_comes_before_one_that_shares_words_of_its_text():
    assert near("关于加快老旧小区加裝電梯的建议", "物业管理薄弱。") == [("城市电梯安全管理条例", ("电梯",)), ("物业管理条例", ("物业",))]


def test_words_of_the_trade_relate_nothing():
    assert near("关于进一步加强城市管理工作的建议", "有关条例的规定") == []


def test_a_draft_without_words_has_no_kin():
    assert near("，。") == near("") == []
