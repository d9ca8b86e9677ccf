"""Scores and books as they are read: rows of the year, the version of the rules that counts them."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from hub.cases import shapes_of
from hub.cases.rules import rules_from, valid_on, versions_of
from hub.kernel.errors import NotFound
from hub.record import Connection, load_sql
from hub.streams.duties.records import RECORDS, RecordRules
from hub.streams.duties.scores import Done, Known, ranked, score
from hub.streams.duties.scoring_messages import ScoreRow, ScoreRules

Q = load_sql(__package__)


async def rules_of(conn: Connection, year: int, version: int | None = None) -> tuple[ScoreRules, int]:
    """That version, or the one valid at the end of the year (of a frozen year: when it was frozen); the first ones (version 0) stand
    in the code. Raises NotFound."""
    versions, last = await versions_of(conn, RECORDS.name), date(year, 12, 31)
    asked = version if version is not None else await conn.fetchval(Q["version_when_frozen"], year, last)
    chosen = next((one for one in versions if one.version == asked), None) if asked is not None else valid_on(versions, last)
    if chosen is None:
        if asked:
            raise NotFound(f"没有第{asked}版规则。", f"There is no version {asked} of the rules.", field="version")
        return RecordRules(), 0
    rules: Any = rules_from(shapes_of(RECORDS.name), chosen.body)
    return rules, chosen.version


async def scores(conn: Connection, year: int, delegation: str = "", version: int | None = None) -> list[ScoreRow]:
    """Of every deputy, ranked among those asked for."""
    rules, number = await rules_of(conn, year, version)
    people = await known_people(conn, year, delegation)
    frozen = bool(await conn.fetchval(Q["year_frozen"], year))
    return ranked([score(rules, one, year=year, version=number, frozen=frozen) for one in people])


async def known_people(conn: Connection, year: int, delegation: str = "", person: str | None = None) -> list[Known]:
    done: dict[str, list[Done]] = {}
    for row in await conn.fetch(Q["counted_items"], year, person):
        done.setdefault(row["person"], []).append(Done(kind=row["kind"], hours=row["hours"]))
    ratings: dict[str, dict[str, dict[str, float]]] = {}
    for row in await conn.fetch(Q["ratings_of"], year, person):
        ratings.setdefault(row["person"], {})[row["rater"]] = msgspec.convert(row["points"], dict[str, float])
    adjusted = {row["person"]: row["points"] for row in await conn.fetch(Q["adjusted"], year, person)}
    rows = await conn.fetch(Q["scored_people"], year, delegation, person)
    return [Known(person=row["person"], name=row["name"], delegation=row["delegation"], missed=row["missed"],
                  done=tuple(done.get(row["person"], ())), adjusted=adjusted.get(row["person"], 0.0), ratings=ratings.get(row["person"], {})) for row in rows]
