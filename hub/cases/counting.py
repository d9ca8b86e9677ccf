"""How many, by what; each share names what it is a share of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hub.cases.listing import Search, may_see_too
from hub.cases.names import names_of
from hub.cases.params import CountsParams
from hub.cases.rows import CaseCount
from hub.cases.shapes import LIVES
from hub.kernel.actor import Actor
from hub.kernel.errors import NotFound
from hub.kernel.lifecycle import Lifecycle
from hub.record import Connection

KEYS: Mapping[str, str] = {
    "state": "i.state", "kind": "i.kind", "topic": "i.topic", "year": "i.year::text", "deputy": "coalesce(i.lead, '')",
    "unit": "unnest(case when i.units = '{}' then array[''] else i.units end)",
    "delegation": "coalesce((select p.delegation from directory.person p where i.lead = 'person:' || p.id), '')",
}
COLUMN = {by: f"i.{by}" for by in ("state", "kind", "topic", "year")} | {"deputy": "i.lead", "delegation": "i.lead", "unit": "i.units"}
NOBODY = ("未填写", "none")


async def counts(conn: Connection, params: CountsParams, actor: Actor, today: date) -> list[CaseCount]:
    """Of the cases the asker may see. A case of two units counts for each, and once in what it is a share of."""
    if params.stream not in LIVES:
        raise NotFound(f"没有名为“{params.stream}”的业务。", f"There is no stream {params.stream!r}.", field="stream")
    search = Search()
    search.add("i.stream = {0}", params.stream)
    may_see_too(search, actor)
    if params.year is not None:
        search.add("i.year = {0}", params.year)
    search.given.append(today)
    day = f"${len(search.given)}"
    found = await conn.fetch(
        f"with seen as (select {COLUMN[params.by]}, i.terminal, i.due from cases.item i where {search.condition}),"
        f" keyed as (select {KEYS[params.by]} as key, i.terminal, i.due from seen i)"
        f" select key, count(*)::int as n, count(*) filter (where due < {day}::date)::int as overdue,"
        " count(*) filter (where terminal)::int as closed, (select count(*)::int from seen) as of from keyed group by key order by n desc, key",
        *search.given)
    words = await _words(conn, params.by, LIVES[params.stream].life, [row["key"] for row in found])
    of = _of(params, LIVES[params.stream].life)
    return [CaseCount(key=row["key"], zh=words[row["key"]][0], en=words[row["key"]][1], n=row["n"], overdue=row["overdue"], closed=row["closed"],
                      of=row["of"], of_zh=of[0], of_en=of[1]) for row in found]


def _of(params: CountsParams, life: Lifecycle) -> tuple[str, str]:
    if params.year is None:
        return f"您能看到的全部{life.zh}", f"all {life.en} that you may see"
    return f"您能看到的{params.year}年{life.zh}", f"{life.en} of {params.year} that you may see"


async def _words(conn: Connection, by: str, life: Lifecycle, keys: list[str]) -> dict[str, tuple[str, str]]:
    known: dict[str, tuple[str, str]] = {"": NOBODY}
    if by in ("unit", "deputy"):
        known |= {ref: (name, name) for ref, name in (await names_of(conn, filter(None, keys))).items()}
    elif by == "state":
        known |= {state.name: (state.zh, state.en) for state in life.states}
    else:
        known |= dict[str, Any](life.words.get(by, {}))
    return {key: known.get(key, (key, key)) for key in keys}
