from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.directory.people_phone import masked, national, normalise
from hub.kernel.errors import Refused

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
landlines = st.from_regex(r"0(10|2[0-9]|[3-9][0-9]{2})-[0-9]{7,8}", fullmatch=True)


@pytest.mark.parametrize(("written", "stored"), [
    ("13900001111", "+8613900001111"), (" 139 0000 1111 ", "+8613900001111"), ("139-0000-1111", "+8613900001111"),
    ("+86 13900001111", "+8613900001111"), ("008613900001111", "+8613900001111"), ("１３９００００１１１１", "+8613900001111"),
    ("0571-87654321", "+8657187654321"), ("(010) 62345678", "+861062345678"), ("+86 571 8765 4321", "+8657187654321"),
    ("", ""), ("  ", ""),
])
def test_a_phone_is_stored_in_one_form_however_it_was_written(written, stored):
    assert normalise(written) == stored


@pytest.mark.parametrize("written", [
    "123", "12345678901", "1390000111", "139000011112", "87654321", "1.39E+10", "电话", "13900001111 13900002222", "+1 555 0100",
])
def test_what_is_no_mainland_phone_is_refused_with_what_to_do(written):
    with pytest.raises(Refused) as refusal:
        normalise(written)
    assert refusal.value.field == "phone"
    assert "请" in refusal.value.zh


@given(st.one_of(mobiles, landlines))
def test_what_is_shown_is_read_as_the_same_number(written):
    stored = normalise(written)
    assert normalise(national(stored)) == normalise(stored) == stored


def test_a_masked_number_shows_its_ends_only():
    assert masked("+8613812345678") == "138****5678"
    assert masked("") == ""
