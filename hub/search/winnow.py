"""Fingerprints of a text: of every run of six characters a number, and of these the least in each small window. Texts that share
seventeen letters in a row share a fingerprint. (Schleimer, Wilkerson, Aiken: Winnowing, 2003.)"""

from __future__ import annotations

from collections.abc import Iterable

from hub.search.text import fold

GRAM = 6
WINDOW = 12
BASE = 1_000_003
PRIME = (1 << 61) - 1
SCRAMBLE = 0x9E3779B97F4A7C15


def letters(text: str) -> tuple[str, list[int]]:
    """The folded letters and digits alone, and where each stands in the text: marks and blanks hide no copy."""
    folded = fold(text)
    kept = [place for place, char in enumerate(folded) if char.isalnum()]
    return "".join(folded[place] for place in kept), kept


def hashes(bare: str) -> list[int]:
    """A number below 2^61 for each run of six; the same for the same run, on any machine."""
    top = pow(BASE, GRAM - 1, PRIME)
    codes = list(map(ord, bare))
    if len(codes) < GRAM:
        return []
    value = 0
    for code in codes[:GRAM]:
        value = (value * BASE + code) % PRIME
    found = [value]
    for old, new in zip(codes, codes[GRAM:], strict=False):
        value = ((value - old * top) * BASE + new) % PRIME
        found.append(value)
    return [one * SCRAMBLE % PRIME for one in found]


def fingerprints(text: str) -> frozenset[int]:
    runs = hashes(letters(text)[0])
    if len(runs) <= WINDOW:
        return frozenset([min(runs)] if runs else [])
    return frozenset(min(runs[start:start + WINDOW]) for start in range(len(runs) - WINDOW + 1))


def of_paragraphs(paragraphs: Iterable[str]) -> frozenset[int]:
    """A copy may begin in one paragraph and end in the next: they count as one text."""
    return fingerprints("\n".join(paragraphs))


def containment(ours: frozenset[int], theirs: frozenset[int]) -> float:
    """How much of ours stands in theirs, 0 to 1."""
    return len(ours & theirs) / len(ours) if ours else 0.0

