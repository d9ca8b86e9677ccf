"""A case as search knows it: found by whom may see it, from the commit on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hub.cases.deciding import plain_facts
from hub.cases.shapes import Shapes
from hub.kernel.lifecycle import DESK, HEAD, Case, is_open, path_of, waits_for
from hub.search import Document

KIND = "case"


def document_of(shapes: Shapes, case: Case) -> Document:
    life, facts = shapes.life, plain_facts(case)
    turn = waits_for(life, case)
    desks = () if life.state(case.state).private else (*(f"{DESK}{permission}" for permission in life.oversight), *(ref for ref in turn if ref.startswith(DESK)))
    return Document(
        kind=KIND, id=case.id, stream=life.name, title=case.facts.title, url=f"/cases/{case.id}", at=case.opened,
        paragraphs=(*(text for name in life.prose if name != "title" for text in texts(facts.get(name))), *life.texts(case.facts)),
        refs=tuple(sorted({ref.removeprefix(HEAD) for held in case.parties.values() for ref in held})), desks=tuple(sorted(set(desks))),
        path=path_of(case.facts.scope), public=is_open(life, case), confidential=case.facts.confidential)


def is_document(shapes: Shapes, case: Case) -> bool:
    """Not where it says only what another case says: that one is found, by whom may see it."""
    return shapes.life.repeats is None or not shapes.life.repeats(case.facts)


def texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield from [value] if value else []
        case list() | tuple():
            for one in value:
                yield from texts(one)
        case dict():
            for one in value.values():
                yield from texts(one)
