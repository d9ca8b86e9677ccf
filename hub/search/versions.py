"""Two versions of a law text side by side: which article became which, and what changed in it, word by word. Pure.

An article is known again by its words, not by its number: it may have moved, been renumbered, split or merged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from hub.kernel.errors import Refused
from hub.search.articles import REFERENCE, Article, LawText
from hub.search.text import fold

LIKE = 0.5
"""From this likeness on two articles are versions of each other."""
PART = 0.6
"""From this part on what an article says stands within another: it was split off, or merged into it."""
LEAST_PART = 12
"""Characters below which a part says too little to be known again."""
ISLAND = 1
"""Characters that are the same between two changes, and too few to be read apart."""


PAGES = 4_000
"""Characters from which on texts are compared by sentences: by characters it would take minutes."""
SENTENCE = re.compile(r"[^。；\n]*[。；\n]|[^。；\n]+$")
MOST_ARTICLES = 1_500
"""Of one text; the longest code of the country has fewer."""


class Change(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    SPLIT = "split"      # several new articles say what one old one said
    MERGED = "merged"    # one new article says what several old ones said


class Edit(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    edit: Edit
    text: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """Old and new articles that belong together, in the order of the new text. `moved`: it stands before or behind others than it
    stood; `renumbered`: only its number is another. `pieces`: old and new text in one."""

    change: Change
    old: tuple[Article, ...] = ()
    new: tuple[Article, ...] = ()
    moved: bool = False
    renumbered: bool = False
    pieces: tuple[Piece, ...] = ()


def compare_versions(old: LawText, new: LawText) -> tuple[Line, ...]:
    """Raises Refused."""
    if max(len(old.articles), len(new.articles)) > MOST_ARTICLES:
        raise Refused(f"文稿超过{MOST_ARTICLES}条，不能对照，请拆成几个文稿。", f"A text has over {MOST_ARTICLES} articles; split it to compare.", code="too-many-articles")
    pairs = dict(_pairs(old.articles, new.articles))
    backwards = {there: here for here, there in pairs.items()}
    splits = _within([at for at in range(len(new.articles)) if at not in backwards], new.articles, old.articles)
    merges = _within([at for at in range(len(old.articles)) if at not in pairs], old.articles, new.articles)
    still = _in_order(pairs)
    lines = list(_of_new(old.articles, new.articles, backwards, splits, merges, still))
    gone = [at for at in range(len(old.articles)) if at not in pairs and at not in merges and at not in splits.values()]
    return tuple(_with_removed(lines, gone, old.articles))


def _of_new(old: Sequence[Article], new: Sequence[Article], backwards: dict[int, int], splits: dict[int, int], merges: dict[int, int],
            still: frozenset[int]) -> Iterator[Line]:
    for at, article in enumerate(new):
        before = backwards.get(at, splits.get(at))
        parts = sorted({at, *(part for part, whole in splits.items() if whole == before), *_kept(backwards, before)}) if before is not None else []
        if before is not None and len(parts) > 1:
            if at == parts[0]:
                yield _line(Change.SPLIT, [old[before]], [new[part] for part in parts])
            continue
        merged = sorted(part for part, whole in merges.items() if whole == at)
        if merged:
            yield _line(Change.MERGED, [old[part] for part in sorted({*merged, *([before] if before is not None else [])})], [article])
        elif before is None:
            yield _line(Change.ADDED, [], [article])
        else:
            yield _line(Change.SAME, [old[before]], [article], moved=before not in still)


def _kept(backwards: dict[int, int], before: int | None) -> list[int]:
    return [there for there, here in backwards.items() if here == before]


def _line(change: Change, old: Sequence[Article], new: Sequence[Article], *, moved: bool = False) -> Line:
    one, two = ("\n".join(article.text for article in side) for side in (old, new))
    pieces = tuple(differences(one, two))
    if change is Change.SAME and any(piece.edit is not Edit.SAME for piece in pieces):
        change = Change.CHANGED
    renumbered = bool(len(old) == len(new) == 1 and (old[0].number, old[0].insert) != (new[0].number, new[0].insert))
    return Line(change=change, old=tuple(old), new=tuple(new), moved=moved, renumbered=renumbered, pieces=pieces)


def _with_removed(lines: list[Line], gone: list[int], old: Sequence[Article]) -> Iterator[Line]:
    """What was removed stands behind what stood before it."""
    places = {id(article): at for at, article in enumerate(old)}
    last = -1
    waiting = list(gone)
    for line in lines:
        if line.old and not line.moved:
            last = places[id(line.old[0])]
            while waiting and waiting[0] < last:
                yield _line(Change.REMOVED, [old[waiting.pop(0)]], [])
        yield line
    for at in waiting:
        yield _line(Change.REMOVED, [old[at]], [])


# --- which article became which -------------------------------------------------------------------


def _bare(article: Article) -> str:
    """Its words alone: where others were renumbered, a reference to them reads otherwise and says the same."""
    return "".join(char for char in fold(REFERENCE.sub("第条", article.text)) if char.isalnum())


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[at:at + 2] for at in range(len(text) - 1)) or frozenset([text])


def _pairs(old: Sequence[Article], new: Sequence[Article]) -> Iterator[tuple[int, int]]:
    """Each with the one most like it, the most alike first; of equals those at the same place or with the same number."""
    olds, news = [_grams(_bare(one)) for one in old], [_grams(_bare(one)) for one in new]
    likeness = sorted(
        ((2 * len(one & two) / (len(one) + len(two)), old[here].number == new[there].number, -abs(here - there), here, there)
         for here, one in enumerate(olds) for there, two in enumerate(news) if one & two), reverse=True)
    here_taken, there_taken = set[int](), set[int]()
    for like, same_number, _, here, there in likeness:
        if like < (LIKE * 0.6 if same_number else LIKE) or here in here_taken or there in there_taken:
            continue
        here_taken.add(here)
        there_taken.add(there)
        yield here, there


def _within(alone: Iterable[int], parts: Sequence[Article], wholes: Sequence[Article]) -> dict[int, int]:
    """Of the articles that found no partner those whose words stand, for the most part, within one on the other side."""
    found: dict[int, int] = {}
    texts = [_bare(whole) for whole in wholes]
    for at in alone:
        part = _bare(parts[at])
        if len(part) < LEAST_PART:
            continue
        share, whole = max(((_share(part, text), -place) for place, text in enumerate(texts)), default=(0.0, 0))
        if share >= PART:
            found[at] = -whole
    return found


def _share(part: str, whole: str) -> float:
    grams = [part[at:at + 4] for at in range(len(part) - 3)]
    return sum(gram in whole for gram in grams) / len(grams) if grams else 0.0


def _in_order(pairs: dict[int, int]) -> frozenset[int]:
    """The greatest number of old articles that still follow each other; the others have moved."""
    runs: list[tuple[int, ...]] = [()]
    for here in sorted(pairs):
        before = _longest(run for run in runs if not run or pairs[run[-1]] < pairs[here])
        runs.append((*before, here))
    return frozenset(_longest(runs))


def _longest(runs: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return max(runs, key=len)


# --- what changed in it ---------------------------------------------------------------------------


def differences(old: str, new: str) -> list[Piece]:
    """Character by character, but so that it reads as words: a lone character that is the same between two changes is changed with
    them. Texts of many pages are compared by sentences."""
    pieces: list[Piece] = []
    for one, two, same in _blocks(old, new):
        if same:
            pieces.append(Piece(Edit.SAME, one))
        else:
            pieces += [Piece(edit, text) for edit, text in ((Edit.REMOVED, one), (Edit.ADDED, two)) if text]
    return pieces


def _blocks(old: str, new: str) -> Iterator[tuple[str, str, bool]]:
    gone = came = ""
    ours, theirs = (old, new) if max(len(old), len(new)) <= PAGES else (SENTENCE.findall(old), SENTENCE.findall(new))
    codes = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    for place, (tag, a, b, c, d) in enumerate(codes):
        one, two, between = "".join(ours[a:b]), "".join(theirs[c:d]), 0 < place < len(codes) - 1
        if tag == "equal" and not (between and len(one) <= ISLAND and one.isalnum()):
            if gone or came:
                yield gone, came, False
            yield one, two, True
            gone = came = ""
        else:
            gone, came = gone + one, came + two
    if gone or came:
        yield gone, came, False
