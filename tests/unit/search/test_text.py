"""Text is folded one character for one, and cut into pairs that lose nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.search.text import (
    LONGEST_PIECE,
    LONGEST_QUERY,
    cleaned,
    fold,
    pairs,
    pieces,
    places,
    query_of,
    words_of,
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("電梯加裝", "电梯加装"), ("關於養老服務", "关于养老服务"), ("１２３号　ＡＢｃ", "123号 abc"), ("５％！", "5%!"),
        ("乾隆年间的著作", "乾隆年间的著作"), ("行\t列\u00a0页", "行 列 页"), ("İstanbul", "İstanbul"), ("𠮷野家🙂", "𠮷野家🙂"),
    ],
)
def test_what_is_written_otherwise_is_found_the_same(written, folded):
    assert fold(written) == folded


@given(st.text())
def test_folding_moves_no_place_and_folds_once_for_all(text):
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    assert len(cleaned(text).encode()) <= len(text.encode(errors="surrogatepass"))


def test_every_character_begins_a_pair():
    assert pairs("加装电梯") == ["加装", "装电", "电梯", "梯"]
    assert pairs("") == [""]


def test_a_query_asks_for_pairs_and_a_single_character_for_what_begins_with_it():
    assert query_of("电") == "'电':*"
    assert query_of("加装电梯") == "'加装' & '装电' & '电梯'"
    assert query_of("\\'a") == "'\\\\''' & '''a'"
    assert query_of("哈哈哈哈") == "'哈哈'"


@given(st.text(alphabet="电梯加装老旧小区", min_size=1, max_size=LONGEST_QUERY))
def test_a_long_query_asks_for_some_of_its_pairs(word):
    asked = re.findall(r"'(.+?)'", query_of(word))
    assert 1 <= len(asked) <= 12
    assert all(one in word for one in asked)


def test_words_are_parted_by_blanks_and_stand_once():
    assert words_of("　電梯  加装 电梯 ") == ("电梯", "加装")


def test_places_are_told_from_left_to_right():
    assert list(places("电梯与电梯", "电梯")) == [(0, 2), (3, 5)]
    assert list(places("a.c abc", "a.c")) == [(0, 3)]


@given(st.integers(1, 3 * LONGEST_PIECE), st.data())
def test_no_query_falls_between_two_pieces_of_a_long_paragraph(size, data):
    text = "".join(chr(0x4E00 + place) for place in range(size))
    rows = list(pieces(text))
    at = data.draw(st.integers(0, max(0, size - LONGEST_QUERY)))
    assert any(text[at:at + LONGEST_QUERY] in piece for _, piece in rows)
    assert all(text[start:start + len(piece)] == piece for start, piece in rows)
    assert rows[0][1] + "".join(piece[LONGEST_QUERY:] for _, piece in rows[1:]) == text
