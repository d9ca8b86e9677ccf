"""How figures are said in Mandarin."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_PLACES = ("千", "百", "十", "")
_GROUPS = ("", "万", "亿", "万亿")
LARGEST = 10_000 ** len(_GROUPS) - 1
_SAID = str.maketrans("0123456789.", _DIGITS + "点")
_SAID_BY_PHONE = str.maketrans("0123456789", "零幺二三四五六七八九")


def digits(figures: str) -> str:
    """One by one, as in a year or a version: 2026 → 二零二六."""
    return figures.translate(_SAID)


def phone_digits(figures: str) -> str:
    """One by one with 幺 for 1, as a phone or room number is said."""
    return figures.translate(_SAID_BY_PHONE)


def cardinal(number: int) -> str:
    """0 ≤ number ≤ LARGEST: 10005 → 一万零五."""
    if number == 0:
        return "零"
    said, gap = "", False
    for power in reversed(range(len(_GROUPS))):
        group = number // 10_000**power % 10_000
        if group == 0:
            gap = said != ""
            continue
        zero = "零" if said and (gap or group < 1000) else ""
        said += zero + _four(group) + _GROUPS[power]
        gap = False
    return said.removeprefix("一") if said.startswith("一十") else said


def amount(figures: str) -> str:
    """Figures as written, with or without thousands separators and decimals: 1,234.50 → 一千二百三十四点五零."""
    whole, point, decimals = figures.replace(",", "").partition(".")
    too_long = int(whole) > LARGEST
    started_with_zero = len(whole) > 1 and whole[0] == "0"
    said = digits(whole) if too_long or started_with_zero else cardinal(int(whole))
    return said + ("点" + digits(decimals) if point else "")


def _four(group: int) -> str:
    said, gap = "", False
    for figure, place in zip(f"{group:04}", _PLACES, strict=True):
        if figure == "0":
            gap = said != ""
            continue
        said += ("零" if gap else "") + digits(figure) + place
        gap = False
    return said
