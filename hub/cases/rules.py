"""Numbers of a stream in versions: a case keeps the set it was opened under."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from hub.cases.shapes import Shapes
from hub.kernel.errors import Broken
from hub.kernel.lifecycle import Case, RuleSet
from hub.record import Connection, load_sql
from hub.wire.codec import convert

Q = load_sql(__package__)
FIRST = "0"


class RuleVersion(msgspec.Struct, frozen=True):
    version: int
    valid_from: date
    body: dict[str, Any]


async def versions_of(conn: Connection, stream: str) -> tuple[RuleVersion, ...]:
    return tuple(RuleVersion(row["version"], row["valid_from"], row["body"]) for row in await conn.fetch(Q["rule_versions"], stream))


def valid_on(versions: Sequence[RuleVersion], day: date) -> RuleVersion | None:
    """The one that began last; of two that began on one day, the newer."""
    begun = [one for one in versions if one.valid_from <= day]
    return max(begun, key=lambda one: (one.valid_from, one.version), default=None)


def rules_for(shapes: Shapes, versions: Sequence[RuleVersion], case: Case | None, day: date) -> tuple[str, RuleSet]:
    """Its name, and the numbers. Raises Broken where a case names a version that was never saved."""
    if case is None:
        found = valid_on(versions, day)
        return (str(found.version), rules_from(shapes, found.body)) if found else (FIRST, shapes.life.rules())
    if case.rules in ("", FIRST):
        return FIRST, shapes.life.rules()
    kept = next((one for one in versions if str(one.version) == case.rules), None)
    if kept is None:
        raise Broken(f"事项所用的规则版本 {case.rules} 不存在。", f"The case names rule set {case.rules}, which does not exist.")
    return case.rules, rules_from(shapes, kept.body)


def rules_from(shapes: Shapes, body: dict[str, Any]) -> RuleSet:
    """Numbers that a body does not name are those the stream starts with. Raises Malformed."""
    known = set(shapes.life.rules.__struct_fields__)
    strange = [name for name in body if name not in known]
    return convert({name: value for name, value in body.items() if name not in strange}, shapes.life.rules)


def strangers(shapes: Shapes, body: dict[str, Any]) -> list[str]:
    """Names that are no number of the stream. An older version may hold some that a newer program has dropped."""
    return [name for name in body if name not in shapes.life.rules.__struct_fields__]
