"""Whether a form says anything: words that nobody can see are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args, get_type_hints
from unicodedata import category

import msgspec

from hub.kernel.errors import Malformed

UNSEEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"))
"""Of Unicode's kinds of characters those that leave no mark by themselves."""
HOLLOW = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that are drawn as nothing."""


def blank(text: str) -> bool:
    return all(category(char) in UNSEEN or char in HOLLOW for char in text)


def refuse_blanks(form: msgspec.Struct, called: str = "form") -> None:
    """What must not be empty must not look empty. Raises Malformed."""
    needed = _needed(type(form))
    for name in form.__struct_fields__:
        value = getattr(form, name)
        for one in value if isinstance(value, (tuple, list)) else (value,):
            if isinstance(one, msgspec.Struct):
                refuse_blanks(one, f"{called}.{name}")
            elif name in needed and isinstance(one, str) and blank(one):
                zh, en = needed[name]
                raise Malformed(f"“{zh}”里没有看得见的字，请填写。", f"{en!r} holds nothing that can be seen; fill it in.", code="blank",
                                field=f"{called}.{name}")


@cache
def _needed(shape: type[msgspec.Struct]) -> Mapping[str, tuple[str, str]]:
    """Fields of texts, or of lists of texts, that have a least length, and what they are called."""
    hints = get_type_hints(shape, include_extras=True)
    return {name: _title(name, hint) for name, hint in hints.items() if any(_of_text(one) for one in _annotated(hint))}


def _annotated(hint: Any) -> Iterator[Any]:
    """The type itself and those within it."""
    yield hint
    for one in get_args(hint):
        if not isinstance(one, msgspec.Meta):
            yield from _annotated(one)


def _of_text(hint: Any) -> bool:
    metas = [meta for meta in getattr(hint, "__metadata__", ()) if isinstance(meta, msgspec.Meta)]
    return bool(metas) and hint.__origin__ is str and any(meta.min_length for meta in metas)


def _title(name: str, hint: Any) -> tuple[str, str]:
    said = next((meta.title for meta in getattr(hint, "__metadata__", ()) if isinstance(meta, msgspec.Meta) and meta.title), name)
    zh, _, en = said.partition("|")
    return zh, en or zh
