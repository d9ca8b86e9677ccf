from hypothesis import given
from hypothesis import strategies as st

from media.numerals import LARGEST, amount, cardinal

PLACE = {"十": 10, "百": 100, "千": 1000}
GROUP = {"万": 10**4, "亿": 10**8}


def understood(said: str) -> int:
    """The number a listener writes down."""
    total, section, figure = 0, 0, 0
    for sign in said:
        if sign in PLACE:
            section += (figure or 1) * PLACE[sign]
            figure = 0
        elif sign in GROUP:
            total, section, figure = _grouped(total, section + figure, GROUP[sign])
        else:
            figure = "零一二三四五六七八九".index(sign)
    return total + section + figure


def _grouped(total: int, section: int, size: int) -> tuple[int, int, int]:
    if section == 0:
        return total // 10**4 * 10**4 * size, 0, 0
    return total + section * size, 0, 0


@given(st.integers(0, 10**12 - 1))
def test_a_listener_writes_down_the_number_that_was_said(number):
    assert understood(cardinal(number)) == number


@given(st.integers(0, LARGEST))
def test_no_number_has_two_zeros_in_a_row_or_a_zero_at_its_end(number):
    said = cardinal(number)

    assert "零零" not in said
    assert said == "零" or not said.endswith("零")


def test_numbers_are_said_as_people_say_them():
    said = {n: cardinal(n) for n in (0, 10, 15, 20, 105, 110, 1010, 10005, 100000, 100000000)}

    assert said == {
        0: "零",
        10: "十",
        15: "十五",
        20: "二十",
        105: "一百零五",
        110: "一百一十",
        1010: "一千零一十",
        10005: "一万零五",
        100000: "十万",
        100000000: "一亿",
    }


def test_amounts_keep_every_decimal():
    assert amount("1,234.50") == "一千二百三十四点五零"
    assert amount("007") == "零零七"
    assert amount("9" * 17) == "九" * 17
