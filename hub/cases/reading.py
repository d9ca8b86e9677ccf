"""Facts and columns as a person reads them: what they are called, codes as words, nothing as what it means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hub.cases.rows import ListColumn
from hub.cases.shapes import Shapes, drawn
from hub.kernel.lifecycle import OF_ROWS, Lifecycle, Sentence

EMPTY: tuple[Any, ...] = (None, "", [], {})
NOTHING: Sentence = ("", "")
SPOT = ("lon", "lat")
AS_ASKED = ("title", "kind", "topic")
"""Columns of every case that a form asks for under the same name."""
AS_RELATIONS = {"lead": "lead", "unit": "lead_unit"}
"""Columns that show who holds a relation."""


def as_words(life: Lifecycle, name: str, value: Any) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return "是" if value else "否"
        case list() | tuple():
            return ("\n" if value and isinstance(value[0], dict) else "、").join(as_words(life, name, one) for one in value)
        case dict():
            told = ((*said, one) for said, one in ((_within(life).get(key), one) for key, one in value.items()) if said and one not in EMPTY)
            return "；".join(f"{zh}：{as_words(life, words, one)}" for zh, words, one in told)
    return word_of(life, name, str(value))


def _within(life: Lifecycle) -> dict[str, tuple[str, str]]:
    """Fields of the shapes that forms hold several of: what each is called, and whose words its codes are."""
    held = (shape for step in life.steps for shape in drawn(step.form).get("$defs", {}).values())
    return {name: (_said(field["title"])[0], str(field.get("pick", "")).removeprefix("word:") or name)
            for shape in held for name, field in shape.get("properties", {}).items() if "title" in field}


def word_of(life: Lifecycle, field: str, code: str) -> str:
    return life.words.get(field, {}).get(code, (code, code))[0]


def read_out(life: Lifecycle, name: str, value: Any, blanks: Mapping[str, str]) -> str:
    """`blanks`: as `fact_blanks` gives them."""
    return blanks[name] if name in blanks and not value else as_words(life, name, value)


def spot_words(lon: float, lat: float) -> str:
    """A bare point as one reads it; `web/packages/features/src/map/spot.ts` says it so on a screen."""
    return f"{'北纬' if lat >= 0 else '南纬'}{abs(lat):.5f}° {'东经' if lon >= 0 else '西经'}{abs(lon):.5f}°"


def pointed(filled: Iterable[tuple[str, str, Any]]) -> Iterator[tuple[str, str, Any]]:
    """Fields with their names and values: longitude and latitude are one point, read as one."""
    known = list(filled)
    degrees = {name: value for name, _, value in known if name in SPOT and value is not None}
    for name, zh, value in known:
        if name not in SPOT or len(degrees) < len(SPOT):
            yield name, zh, value
        elif name == SPOT[0]:
            yield name, "定位", spot_words(**degrees)


def fact_words(life: Lifecycle) -> dict[str, Sentence]:
    """Facts are called what the first form that asks for them calls them."""
    return {name: _said(field["title"]) for name, field in _asked(life).items() if "title" in field}


def fact_blanks(life: Lifecycle) -> dict[str, str]:
    """How an empty fact, or zero, is read, where that means something."""
    return {name: _said(field["blank"])[0] for name, field in _asked(life).items() if "blank" in field}


def fact_columns(life: Lifecycle) -> tuple[str, ...]:
    return tuple(name for name in life.columns if name not in OF_ROWS)


def case_columns(life: Lifecycle) -> tuple[str, ...]:
    """Facts in a list that name another case."""
    fields = _asked(life)
    return tuple(name for name in fact_columns(life) if str(fields.get(name, {}).get("pick", "")).partition(":")[0] == "case")


def columns_of(shapes: Shapes) -> tuple[ListColumn, ...]:
    """Without words where the screen has its own for what every case has."""
    life, words = shapes.life, fact_words(shapes.life)
    asked = {name: said for name, said in words.items() if name in AS_ASKED or name not in OF_ROWS}
    found = {name: life.called.get(name) or life.relations.get(AS_RELATIONS.get(name, "")) or asked.get(name, NOTHING) for name in life.columns}
    return tuple(ListColumn(name=name, zh=zh, en=en) for name, (zh, en) in found.items())


def _asked(life: Lifecycle) -> dict[str, dict[str, Any]]:
    """Facts → the field of the first form that asks for them."""
    found: dict[str, dict[str, Any]] = {}
    for name, field in _fields(life):
        found.setdefault(name, field)
    return {name: field for name, field in found.items() if name in life.facts.__struct_fields__}


def _fields(life: Lifecycle) -> Iterator[tuple[str, dict[str, Any]]]:
    for step in life.steps:
        yield from drawn(step.form).get("properties", {}).items()


def _said(title: str) -> Sentence:
    zh, _, en = title.partition("|")
    return zh, en or zh
