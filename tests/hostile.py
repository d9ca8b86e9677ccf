"""Forms filled in at random from their shapes: sane ones that a case can live on, and here and there what nobody should send."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

import msgspec
from msgspec import inspect

WORDS = "电梯加装老旧小区停车道路学校医院公园绿化河道治理服务群众安全消防文化体育养老托育食品药品"
BAD_TEXTS = (
    "", " ", "\x00", "中\x00文", "\u202e倒着写\u202c", "\ud800", "半个\udfff字", "👩‍👩‍👧‍👦" * 3, "e\u0301" * 9, "{name}{0}%s%n", "'; drop table es.events; --",
    "<script>alert(1)</script>", "%_\\%", "\n\r\t", "\ufeff", "a" * 300, "很" * 60_000, "\x1b[31m", "𠮷野家", "第0条", "null", "person:nobody",
)
BAD_NUMBERS = (-1, 0, 2**31 - 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64, 10**30, -(2**63), -(10**30), 1e308, -0.0, 5e-324, float("nan"), float("inf"), "7", None)
BAD_DAYS = ("0001-01-01", "9999-12-31", "1899-12-31", "2200-01-01", "2026-02-29", "2028-02-29", "2026-13-01", "", "明天", 20260101, "1582-10-10")
BAD_MOMENTS = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-03-02T24:00:00+08:00", "2026-03-02T10:00:00", "1969-12-31T23:59:59Z",
               "2026-06-30T23:59:60Z", "2199-12-31T23:59:59+00:00", "x", 0)
BAD_NUMERALS = ("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "not-a-number", "", 7)


@dataclass(kw_only=True)
class Filler:
    """`picks`: by what a field is chosen from (`unit`, `word:kind` …) what there is to choose. `hostile`: of how many fields of a hundred."""

    chance: Random
    now: Callable[[], datetime]
    picks: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    words: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    hostile: float = 0.0

    def form(self, shape: type[msgspec.Struct]) -> dict[str, Any]:
        found = _outline(shape)
        assert isinstance(found, inspect.StructType)
        return self._struct(found)

    def _struct(self, kind: inspect.StructType) -> dict[str, Any]:
        filled = {one.encode_name: self.value(one.type, one.name) for one in kind.fields if one.required or self.chance.random() < 0.6}
        return filled | ({"nobody_asked": 1} if self.chance.random() * 100 < self.hostile / 4 else {})

    def value(self, kind: inspect.Type, name: str, pick: str = "") -> Any:
        if isinstance(kind, inspect.Metadata):
            return self.value(kind.type, name, str((kind.extra_json_schema or {}).get("pick", "")) or pick)
        if isinstance(kind, inspect.UnionType):
            return self._one_of(kind, name, pick)
        made = next((make for shape, make in SANE.items() if isinstance(kind, shape)), None)
        assert made is not None, f"nothing is known to fill {kind} with"
        bad = next((bad for shape, bad in BAD.items() if isinstance(kind, shape)), ())
        if bad and self.chance.random() * 100 < self.hostile:
            return self.chance.choice(bad)
        return made(self, kind, name, pick)

    def _one_of(self, kind: inspect.UnionType, name: str, pick: str) -> Any:
        some = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
        return None if len(some) < len(kind.types) and self.chance.random() < 0.3 else self.value(self.chance.choice(some), name, pick)

    def _picked(self, pick: str, name: str) -> Sequence[Any]:
        known = self.words.get(pick.removeprefix("word:")) if pick.startswith("word:") else self.picks.get(pick)
        return known or self.words.get(name) or ()

    def text(self, kind: Any, name: str, pick: str) -> str:
        if picked := self._picked(pick, name):
            return str(self.chance.choice(picked))
        least, most = kind.min_length or 0, min(kind.max_length or 40, 60)
        size = self.chance.randint(max(least, min(2, most)), max(least, most))
        return "".join(self.chance.choice(WORDS) for _ in range(size))

    def number(self, kind: Any, _name: str, _pick: str) -> int:
        least = kind.ge if kind.ge is not None else 0
        return self.chance.randint(int(least), int(min(kind.le if kind.le is not None else 50, least + 500)))

    def fraction(self, kind: Any, name: str, pick: str) -> float:
        return float(self.number(kind, name, pick))

    def day(self, _kind: Any, _name: str, _pick: str) -> str:
        return (self.now() + timedelta(days=self.chance.choice((-40, -3, -1, 0, 0, 0, 1, 7, 20, 40, 90, 200)))).date().isoformat()

    def moment(self, _kind: Any, _name: str, _pick: str) -> str:
        return (self.now() + timedelta(hours=self.chance.choice((-30, -1, 1, 3, 24, 48, 200)))).isoformat()

    def uuid(self, _kind: Any, name: str, pick: str) -> str:
        picked = self._picked(pick, name)
        return str(self.chance.choice(picked)) if picked else str(UUID(int=self.chance.getrandbits(128), version=4))

    def some(self, kind: Any, name: str, pick: str) -> list[Any]:
        least = kind.min_length or 0
        if pick == "file" and not least:
            return []
        return [self.value(kind.item_type, name, pick) for _ in range(max(least, self.chance.choice((0, 1, 1, 2))))]

    def mapping(self, kind: Any, name: str, _pick: str) -> dict[str, Any]:
        return {str(self.value(kind.key_type, name)): self.value(kind.value_type, name) for _ in range(self.chance.choice((0, 1, 3)))}


_outline = cache(inspect.type_info)
Make = Callable[[Filler, Any, str, str], Any]
SANE: dict[type[Any], Make] = {
    inspect.StrType: Filler.text, inspect.BoolType: lambda filler, *_: filler.chance.random() < 0.85, inspect.IntType: Filler.number,
    inspect.FloatType: Filler.fraction, inspect.DateTimeType: Filler.moment, inspect.DateType: Filler.day, inspect.UUIDType: Filler.uuid,
    inspect.EnumType: lambda filler, kind, *_: filler.chance.choice([one.value for one in kind.cls]),
    inspect.LiteralType: lambda filler, kind, *_: filler.chance.choice(kind.values), inspect.VarTupleType: Filler.some, inspect.ListType: Filler.some,
    inspect.FrozenSetType: Filler.some, inspect.DictType: Filler.mapping, inspect.StructType: lambda filler, kind, *_: filler._struct(kind),
    inspect.AnyType: lambda filler, *_: filler.chance.choice(BAD_NUMBERS[:5]), inspect.NoneType: lambda *_: None,
}
BAD: dict[type[Any], Sequence[Any]] = {
    inspect.StrType: BAD_TEXTS, inspect.IntType: BAD_NUMBERS, inspect.FloatType: BAD_NUMBERS, inspect.DateTimeType: BAD_MOMENTS,
    inspect.DateType: BAD_DAYS, inspect.UUIDType: BAD_NUMERALS, inspect.BoolType: ("yes", None, 2), inspect.EnumType: ("", "nothing", 3),
    inspect.LiteralType: ("", "nothing"), inspect.VarTupleType: ([[]], {}, "x", [None] * 2000), inspect.DictType: ([], {"\x00": 1}, {"": {}}),
    inspect.StructType: ([], None, "x", {"a": {}}), inspect.AnyType: (*BAD_NUMBERS[2:13], "\x00", {"a": [1]}),
}
