"""What a name can be found by: full pinyin and initials, `zhangweiming zwm`. Also the sort key."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import lazy_pinyin

SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "任": "ren",
    "华": "hua", "盖": "ge", "朴": "piao", "覃": "qin", "乐": "yue", "翟": "zhai", "缪": "miao",
    "尉迟": "yuchi", "万俟": "moqi", "单于": "chanyu", "长孙": "zhangsun", "洗": "xian", "折": "she",
}
"""Surnames that are read unlike the same character elsewhere."""


@lru_cache(maxsize=50_000)
def search_key(name: str) -> str:
    """Everything a searcher may type, in lower case, separated by blanks."""
    spoken = _syllables(name)
    plain = [part.lower() for part in lazy_pinyin(name)]
    keys = [_forms(spoken)] + ([_forms(plain)] if plain != spoken else [])
    return " ".join(keys)[:400]


def _forms(syllables: list[str]) -> str:
    full = "".join(syllables)
    initials = "".join(part[:1] for part in syllables)
    return f"{full} {initials}"


def _syllables(name: str) -> list[str]:
    for length in (2, 1):
        reading = SURNAMES.get(name[:length])
        if reading and len(name) > length:
            rest = [part.lower() for part in lazy_pinyin(name[length:])]
            return [reading, *rest]
    return [part.lower() for part in lazy_pinyin(name)]
