"""A law text in its parts: 编, 章, 节, 条, 款, 项, 目. Pure; what is not understood stays where it stands as a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

NUMERAL = r"[〇零一二两三四五六七八九十百千]+|\d+"
HEADING = re.compile(rf"\s*第(?P<number>{NUMERAL})(?P<level>[编章节])(?:之(?P<insert>{NUMERAL}))?\s*(?P<title>.*)")
ARTICLE = re.compile(rf"\s*第(?P<number>{NUMERAL})条(?:之(?P<insert>{NUMERAL}))?(?:\s*【(?P<title>[^】]*)】)?\s*(?P<text>.*)")
ITEM = re.compile(rf"\s*[（(](?P<number>{NUMERAL})[）)]\s*(?P<text>.*)")
POINT = re.compile(r"\s*(?P<number>\d+)[．.、]\s*(?P<text>.*)")
REFERENCE = re.compile(rf"第(?:{NUMERAL})条(?:之(?:{NUMERAL}))?")

DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
LEVELS = "编章节"


def number_of(numeral: str) -> int:
    """十二 → 12, 一百零三 → 103, 12 → 12."""
    if numeral.isdecimal():
        return int(numeral)
    total = digit = 0
    for char in numeral:
        if char in TENS:
            total += (digit or 1) * TENS[char]
            digit = 0
        else:
            digit = DIGITS[char] if digit == 0 else digit * 10 + DIGITS[char]
    return total + digit


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A 款 with its 项 (and their 目, each with its own sign)."""

    text: str
    items: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        return "\n".join((self.text, *self.items))


@dataclass(frozen=True, kw_only=True)
class Article:
    """A 条. `number` is 12 for 第十二条, `insert` 1 for 第十二条之一. `under`: the titles of the parts it stands in."""

    number: int
    insert: int = 0
    title: str = ""
    under: tuple[str, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()

    @property
    def name(self) -> str:
        return f"第{self.number}条" + (f"之{self.insert}" if self.insert else "")

    @property
    def text(self) -> str:
        return "\n".join(paragraph.whole for paragraph in self.paragraphs)


@dataclass(frozen=True, kw_only=True)
class LawText:
    """`preamble`: what stands before the first article (name, adoption, contents)."""

    preamble: tuple[str, ...]
    articles: tuple[Article, ...]


@dataclass
class _Reading:
    """What has been read so far."""

    preamble: list[str] = field(default_factory=list)
    under: dict[str, str] = field(default_factory=dict)
    articles: list[tuple[Article, list[str]]] = field(default_factory=list)

    def heading(self, level: str, title: str) -> None:
        self.under = {one: held for one, held in self.under.items() if LEVELS.index(one) < LEVELS.index(level)} | {level: title}

    def article(self, found: re.Match[str]) -> None:
        head = Article(number=number_of(found["number"]), insert=number_of(found["insert"]) if found["insert"] else 0,
                       title=found["title"] or "", under=tuple(self.under.values()))
        self.articles.append((head, [found["text"]] if found["text"] else []))

    def line(self, text: str) -> None:
        (self.articles[-1][1] if self.articles else self.preamble).append(text)


def law_text(text: str) -> LawText:
    """Each article knows the headings above it; those of a table of contents are preamble."""
    reading = _Reading()
    for line in filter(None, map(str.strip, text.splitlines())):
        if found := HEADING.fullmatch(line):
            if not reading.articles:
                reading.preamble.append(line)
            reading.heading(found["level"], " ".join(line.split()))
        elif (found := ARTICLE.fullmatch(line)) and not _is_reference(line, reading):
            reading.article(found)
        else:
            reading.line(line)
    articles = tuple(Article(number=head.number, insert=head.insert, title=head.title, under=head.under, paragraphs=tuple(_paragraphs(lines)))
                     for head, lines in reading.articles)
    return LawText(preamble=tuple(reading.preamble), articles=articles)


def _is_reference(line: str, reading: _Reading) -> bool:
    """A paragraph that begins by naming an article (第五条规定的…, 第五条第二款) opens none: no blank and no title follows the number."""
    named = REFERENCE.match(line)
    rest = line[named.end():] if named else ""
    return bool(reading.articles) and rest[:1] not in ("", " ", "\u3000", "【", "\t")


def _paragraphs(lines: list[str]) -> Iterator[Paragraph]:
    text, items = "", list[str]()
    for line in lines:
        if (text or items) and (ITEM.fullmatch(line) or (items and POINT.fullmatch(line))):
            items.append(line)
            continue
        if text or items:
            yield Paragraph(text=text, items=tuple(items))
        text, items = line, []
    if text or items:
        yield Paragraph(text=text, items=tuple(items))
