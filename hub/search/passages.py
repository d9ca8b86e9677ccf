"""Which passages of a draft stand in another text: exact runs found by their characters, what lies close between them aligned
character by character. Pure; places are counted in characters of the texts as they were given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from hub.search.winnow import GRAM, letters

SEED = GRAM
"""Letters in a row from which a passage may grow."""
GAP = 16
"""Letters that may differ between two runs of one passage."""
EDGE = 24
"""Letters before the first and after the last run of a passage that are looked at for shorter runs."""
SHORTEST = 2
"""Letters in a row that count as the same between longer runs."""
FIRM = 12
"""Letters in longer runs from which a passage is no common phrase."""
MOST_PLACES = 32
"""Places of one run in the other text that are tried; a run that stands more often says little."""


class Run(NamedTuple):
    """The same `length` letters at `ours` and at `theirs`."""

    ours: int
    theirs: int
    length: int


class Passage(NamedTuple):
    """Ours from `start` to `end`, theirs from `their_start` to `their_end`; `runs` are the same in both."""

    start: int
    end: int
    their_start: int
    their_end: int
    runs: tuple[Run, ...]


class Report(NamedTuple):
    """`ratio`: how much of our letters stands in the other text, 0 to 1; `firm`: how much of them in passages that are no mere
    phrases. Whether something was copied is said by `firm`."""

    ratio: float
    firm: float
    passages: tuple[Passage, ...]


def compare(ours: str, theirs: str) -> Report:
    bare, places = letters(ours)
    their_bare, their_places = letters(theirs)
    chains = _chains(_runs(bare, their_bare))
    firm = sum(length for chain in chains if (length := sum(run.length for run in chain)) >= FIRM)
    full = [_filled(bare, their_bare, chain) for chain in chains]
    size = len(bare) or 1
    return Report(_covered(full, len(bare)) / size, firm / size, tuple(_passage(chain, places, their_places) for chain in full))


def _runs(ours: str, theirs: str) -> Iterator[Run]:
    """From left to right through ours, each time the longest run that stands in theirs."""
    index = defaultdict[str, list[int]](list)
    for place in range(len(theirs) - SEED + 1):
        index[theirs[place:place + SEED]].append(place)
    at = expected = 0
    while at + SEED <= len(ours):
        candidates = index.get(ours[at:at + SEED])
        if not candidates:
            at += 1
            continue
        best = _longest(ours, theirs, at, candidates, expected)
        yield best
        at += best.length
        expected = best.theirs + best.length


def _longest(ours: str, theirs: str, at: int, candidates: Sequence[int], expected: int) -> Run:
    """Of runs of one length the one that goes on where the last one ended."""
    runs = [Run(at, place, _same(ours, theirs, at, place)) for place in candidates[:MOST_PLACES]]
    return max(runs, key=lambda run: (run.length, -abs(run.theirs - expected)))


def _same(ours: str, theirs: str, at: int, place: int) -> int:
    length, most = SEED, min(len(ours) - at, len(theirs) - place)
    while length < most and ours[at + length] == theirs[place + length]:
        length += 1
    return length


def _chains(runs: Iterator[Run]) -> list[list[Run]]:
    """Runs that follow each other closely in both texts are one passage."""
    chains: list[list[Run]] = []
    for run in runs:
        last = chains[-1][-1] if chains else None
        if last and _near(last, run):
            chains[-1].append(run)
        else:
            chains.append([run])
    return chains


def _near(one: Run, two: Run) -> bool:
    between = two.ours - one.ours - one.length
    theirs = two.theirs - one.theirs - one.length
    return between <= GAP and 0 <= theirs <= GAP


def _filled(ours: str, theirs: str, chain: list[Run]) -> list[Run]:
    """The chain with the shorter runs before, between and after its own."""
    first, last = chain[0], chain[-1]
    end, their_end = last.ours + last.length, last.theirs + last.length
    found = _before(ours[max(0, first.ours - EDGE):first.ours], theirs[max(0, first.theirs - EDGE):first.theirs], first)
    for one, two in pairwise(chain):
        found.append(one)
        found += _between(ours, theirs, (one.ours + one.length, two.ours), (one.theirs + one.length, two.theirs))
    return [*found, last, *_after(ours, theirs, end, their_end)]


def _between(ours: str, theirs: str, own: tuple[int, int], their: tuple[int, int]) -> list[Run]:
    blocks = SequenceMatcher(None, ours[slice(*own)], theirs[slice(*their)], autojunk=False).get_matching_blocks()
    return [Run(own[0] + block.a, their[0] + block.b, block.size) for block in blocks if block.size >= SHORTEST]


def _after(ours: str, theirs: str, end: int, their_end: int) -> list[Run]:
    """Goes on as long as what follows is the same for the greater part."""
    found = _between(ours, theirs, (end, end + EDGE), (their_end, their_end + EDGE))
    return _while_alike(found, end)


def _while_alike(found: list[Run], end: int) -> list[Run]:
    kept, place = list[Run](), end
    for run in found:
        if run.ours - place > run.length + SHORTEST:
            break
        kept.append(run)
        place = run.ours + run.length
    return kept


def _before(ours: str, theirs: str, first: Run) -> list[Run]:
    """As after, seen in a mirror."""
    mirrored = _while_alike(_between(ours[::-1], theirs[::-1], (0, len(ours)), (0, len(theirs))), 0)
    return [Run(first.ours - run.ours - run.length, first.theirs - run.theirs - run.length, run.length) for run in reversed(mirrored)]


def _covered(chains: list[list[Run]], size: int) -> int:
    same = bytearray(size)
    for chain in chains:
        for run in chain:
            same[run.ours:run.ours + run.length] = b"\x01" * run.length
    return sum(same)


def _passage(chain: list[Run], places: list[int], their_places: list[int]) -> Passage:
    runs = tuple(part for run in chain for part in _in_text(run, places, their_places))
    first, last = runs[0], runs[-1]
    return Passage(first.ours, last.ours + last.length, first.theirs, last.theirs + last.length, runs)


def _in_text(run: Run, places: list[int], their_places: list[int]) -> Iterator[Run]:
    """A run of letters in the places of the texts; a mark that stands in one text alone cuts it in two."""
    start = 0
    for step in range(1, run.length + 1):
        whole = step < run.length and (
            places[run.ours + step] - places[run.ours + start] == their_places[run.theirs + step] - their_places[run.theirs + start])
        if not whole:
            length = places[run.ours + step - 1] - places[run.ours + start] + 1
            yield Run(places[run.ours + start], their_places[run.theirs + start], length)
            start = step
