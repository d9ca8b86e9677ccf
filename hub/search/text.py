"""Text as it is searched: folded one character for one, so that a place in the folded text is the same place in the text;
and the pairs of characters by which the index finds it. The one room for this: `search.pairs` in SQL makes the same pairs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from hub.search.traditional import SIMPLIFIED, TRADITIONAL

LONGEST_QUERY = 60
LONGEST_PIECE = 4_000
"""Characters of a paragraph that stand in one row; the next row begins a query's length before the end of this one."""
MOST_PAIRS = 12
"""Of a long query. What the pairs find is looked at again, so a few are enough; more cost time."""

BLANKS = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


def _table() -> dict[int, str]:
    folds = {code: chr(code).lower() for code in range(0x2FFFF) if len(chr(code).lower()) == 1 and chr(code).lower() != chr(code)}
    folds |= {ord(one): two for one, two in zip(TRADITIONAL, SIMPLIFIED, strict=True)}
    folds |= {ord(blank): " " for blank in BLANKS}
    folds |= {code: chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
    return folds


FOLDS = _table()


def fold(text: str) -> str:
    """Full-width to half-width, capital to small, traditional to simplified, every blank to a space. Of the same length."""
    return text.translate(FOLDS)


def cleaned(text: str) -> str:
    """What a database's text can hold: neither NUL nor half a character."""
    return text.replace("\x00", "").encode(errors="ignore").decode()


def pairs(folded: str) -> list[str]:
    """Each character with the next one; the last stands alone, so that every character begins one."""
    return [one + two for one, two in pairwise(folded)] + [folded[-1:]]


def query_of(folded: str) -> str:
    """A tsquery that every text with these characters in this order matches, and few others."""
    if len(folded) == 1:
        return f"{_quoted(folded)}:*"
    wanted = list(dict.fromkeys(pairs(folded)[:-1]))
    step = -(-len(wanted) // MOST_PAIRS)
    return " & ".join(map(_quoted, wanted[::step]))


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def places(folded: str, word: str) -> Iterator[tuple[int, int]]:
    """From where to where the word stands, from left to right, without overlap."""
    for found in re.finditer(re.escape(word), folded):
        yield found.span()


def pieces(paragraph: str) -> Iterator[tuple[int, str]]:
    """A paragraph in rows, each with where it begins. No query of the greatest length falls between two."""
    yield 0, paragraph[:LONGEST_PIECE]
    step = LONGEST_PIECE - LONGEST_QUERY
    for start in range(step, len(paragraph) - LONGEST_QUERY + 1, step):
        yield start, paragraph[start:start + LONGEST_PIECE]


def words_of(asked: str) -> tuple[str, ...]:
    """The words of a query that blanks separate, folded, each once."""
    return tuple(dict.fromkeys(fold(asked).split()))
