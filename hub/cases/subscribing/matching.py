"""Whether a case speaks of what somebody subscribed to. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from hub.cases.deciding import plain_facts
from hub.cases.found import document_of, texts
from hub.cases.shapes import Shapes
from hub.kernel.lifecycle import Case, Facts
from hub.search import Document
from hub.search.text import fold

EVERYBODY = "*"
CODED = ("kind", "topic")
STANDARD = frozenset(Facts.__struct_fields__)


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    holder: str
    words: tuple[str, ...]
    topics: tuple[str, ...]
    streams: tuple[str, ...]


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it is matched. `folded`: what everybody who may see it reads; `inside`: what those inside it read besides. `codes`:
    `<stream>/<code>` of its kind and topic, with what they are called."""

    stream: str
    folded: str
    inside: str
    codes: dict[str, str]


def audience(document: Document) -> frozenset[str]:
    """Refs and desks that may see it; `*` where everybody may."""
    open_to_all = (EVERYBODY,) if document.public and not document.confidential else ()
    return frozenset((*open_to_all, *document.refs, *document.desks))


def spoken(shapes: Shapes, case: Case) -> Spoken:
    life, document = shapes.life, document_of(shapes, case)
    named = {code: life.words.get(field, {}).get(code, (code, code))[0] for field in CODED if (code := getattr(case.facts, field, ""))}
    return Spoken(stream=life.name, codes={f"{life.name}/{code}": zh for code, zh in named.items()},
                  folded=fold("\n".join((document.title, *document.paragraphs, *named.values()))),
                  inside=fold("\n".join(text for name, value in plain_facts(case).items() if name not in STANDARD for text in texts(value))))


def matched(one: Subscription, case: Spoken, *, inside: bool) -> str | None:
    """The word or topic that stands in it, as far as its holder sees it; None where none does."""
    if one.streams and case.stream not in one.streams:
        return None
    topic = next((case.codes[code] for code in one.topics if code in case.codes), None)
    return topic or next((word for word in one.words if fold(word) in case.folded or (inside and fold(word) in case.inside)), None)


def first_of_each(found: Iterable[tuple[Subscription, str]]) -> list[tuple[Subscription, str]]:
    """Who has two subscriptions that match hears once."""
    kept: dict[str, tuple[Subscription, str]] = {}
    for one, word in found:
        kept.setdefault(one.holder, (one, word))
    return list(kept.values())


def was_seen(before: Iterable[str], refs: Any) -> bool:
    """What could be seen before is no news."""
    known = set(before)
    return EVERYBODY in known or not known.isdisjoint(refs)
