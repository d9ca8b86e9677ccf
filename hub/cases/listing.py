"""Lists of cases: who may see what as SQL, the filters as a table, one row as it is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from hub.cases.deciding import plain_facts
from hub.cases.names import Names, names_of, parties, party
from hub.cases.params import CasesParams
from hub.cases.reading import case_columns, fact_columns
from hub.cases.rows import CaseRow
from hub.cases.seats import oversees
from hub.cases.shapes import LIVES
from hub.kernel.actor import SYSTEM, Actor
from hub.kernel.lifecycle import DESK, refs_of
from hub.record import Connection, load_sql
from hub.record.audit import containing

Q = load_sql(__package__)

COLUMNS = """i.id, i.stream, i.version, i.number, i.year, i.title, i.kind, i.topic, i.state, i.confidential, i.opened, i.since, i.lead, i.units,
       i.turn, i.due, i.due_clock"""
"""Of `cases.item i`, but for what a stream's own columns show of the case itself."""

ALL_OPEN, ALL_SENT = "i.open", "not i.private"
SORTS = {
    "opened": "i.opened desc, i.id desc", "due": "i.due nulls last, i.opened desc, i.id desc", "since": "i.since desc, i.id desc",
    "number": "i.year desc, length(i.number) desc, i.number desc, i.id desc", "title": "left(i.title, 100), i.id",
}


@dataclass
class Search:
    """Conditions with their arguments."""

    where: list[str] = field(default_factory=list)
    given: list[Any] = field(default_factory=list)

    def add(self, condition: str, *values: Any) -> None:
        """`{0}`, `{1}` stand for the values."""
        first = len(self.given) + 1
        self.given += values
        self.where.append(condition.format(*(f"${first + place}" for place in range(len(values)))))

    @property
    def condition(self) -> str:
        return " and ".join(f"({one})" for one in self.where) or "true"


def own_refs(actor: Actor) -> list[str]:
    return sorted(ref for ref in refs_of(actor) if not ref.startswith(DESK))


def desks_of(actor: Actor) -> list[str]:
    return sorted(ref for ref in refs_of(actor) if ref.startswith(DESK))


def may_see_too(search: Search, actor: Actor) -> None:
    """The rule `may_see` of the model as a condition on `cases.item i`."""
    condition, values = visible(actor)
    search.add(condition, *values)


def visible(actor: Actor) -> tuple[str, tuple[Any, ...]]:
    if actor.id == SYSTEM.id:
        return "true", ()
    overseen = [name for name, shapes in LIVES.items() if any(actor.may(permission) for permission in shapes.life.oversight)]
    return (ALL_OPEN + " or i.refs && {0}::text[] or (not i.private and i.path && {1}::text[] and (i.turn && {2}::text[] or i.stream = any({3}::text[])))",
            (sorted(refs_of(actor)), list(actor.scopes), desks_of(actor), overseen))


async def notices(conn: Connection, actor: Actor, limit: int) -> list[Any]:
    """Newest first. Of a confidential case only while the asker may see it: he may have been told of it before it left his desk."""
    search = Search(given=[sorted(refs_of(actor)), own_refs(actor), list(actor.scopes), actor.id, limit])
    search.where.append("n.ref = wanted and (wanted = any($2::text[]) or n.path && $3::text[])")
    condition, values = visible(actor)
    search.add(f"not i.confidential or n.bare or {condition}", *values)
    return list(await conn.fetch(
        'select n.id, n.case_id as "case", n.stream, n.at, n.zh, n.en, n.urgent, n.late,'
        " n.at > coalesce((select until from cases.seen where reader = $4), '-infinity') as unread"
        " from unnest($1::text[]) wanted cross join lateral (select n.* from cases.notice n join cases.item i on i.id = n.case_id"
        f" where {search.condition} order by n.pos desc limit $5) n order by n.pos desc, n.ref limit $5", *search.given))


FILTERS: dict[str, Callable[[Search, Any], None]] = {
    "state": lambda search, value: search.add("i.state = {0}", value),
    "kind": lambda search, value: search.add("i.kind = {0}", value),
    "topic": lambda search, value: search.add("i.topic = {0}", value),
    "unit": lambda search, value: search.add("i.refs @> array[{0}::text]", value),
    "deputy": lambda search, value: search.add("i.refs @> array[{0}::text]", value),
    "year": lambda search, value: search.add("i.year = {0}", value),
    "delegation": lambda search, value: search.add(
        "exists(select 1 from directory.person p where i.lead = 'person:' || p.id and p.delegation = {0})", value),
    "q": lambda search, value: search.add(
        "talk.pairs(i.number || ' ' || i.title) @> talk.pairs({0}) and i.number || ' ' || i.title ilike {1}", value, containing(value)),
}


def searched(params: CasesParams, actor: Actor, today: date) -> Search:
    search = Search()
    search.add("i.stream = {0}", params.stream)
    if params.stream in LIVES and oversees(LIVES[params.stream].life, actor):
        search.add(ALL_SENT + " or i.refs && {0}::text[]", sorted(refs_of(actor)))
    else:
        may_see_too(search, actor)
    for name, narrow in FILTERS.items():
        value = getattr(params, name)
        if value not in ("", None):
            narrow(search, value)
    if params.overdue:
        search.add("i.due < {0}", today)
    if params.mine:
        search.add("i.refs && {0}::text[]", own_refs(actor))
    return search


async def listed(conn: Connection, params: CasesParams, actor: Actor, today: date) -> tuple[list[CaseRow], int]:
    search = searched(params, actor, today)
    total = await _total(conn, search, params)
    size, skipped = params.size, (params.page - 1) * params.size
    found = await conn.fetch(
        f"select {_with_body(len(search.given) + 1)} from cases.item i where {search.condition} order by {SORTS[params.sort]} limit {size} offset {skipped}",
        *search.given, _streams_with_facts())
    return await shown(conn, found, today), total


async def _total(conn: Connection, search: Search, params: CasesParams) -> int:
    """A whole stream is counted in two parts: what all of its kind see stands in an index of its own, and the rest is little."""
    narrowed = params.overdue or params.mine or any(getattr(params, name) not in ("", None) for name in FILTERS)
    counted = "select count(*) from cases.item i where i.stream = $1 and "
    if narrowed:
        return int(await conn.fetchval(f"select count(*) from cases.item i where {search.condition}", *search.given))
    easy, rest = (ALL_OPEN, "not i.open") if search.where[1].startswith(ALL_OPEN) else (ALL_SENT, "i.private")
    others = search.where[1].removeprefix(f"{easy} or ")
    return int(await conn.fetchval(f"select ({counted}{easy}) + ({counted}{rest} and ({others}))", *search.given))


async def rows_by_id(conn: Connection, ids: Sequence[UUID], today: date) -> list[CaseRow]:
    """In the order given; whoever asks has been found to be allowed."""
    found = await conn.fetch(f"select {_with_body(2)} from cases.item i where i.id = any($1::uuid[])", list(ids), _streams_with_facts())
    by_id = {row["id"]: row for row in found}
    return await shown(conn, [by_id[one] for one in ids if one in by_id], today)


def _with_body(place: int) -> str:
    """A body may be long: it is read where the list of the stream shows something of it."""
    return f"{COLUMNS}, case when i.stream = any(${place}::text[]) then i.body end as body"


def _streams_with_facts() -> list[str]:
    return [name for name, shapes in LIVES.items() if fact_columns(shapes.life)]


async def shown(conn: Connection, found: Sequence[Any], today: date) -> list[CaseRow]:
    known = [row for row in found if row["stream"] in LIVES]
    names = await names_of(conn, {ref for row in known for ref in (row["lead"], *row["units"][:1], *row["turn"]) if ref})
    facts = await _facts(conn, known)
    return [_row(row, names, facts[row["id"]], today) for row in known]


async def _facts(conn: Connection, known: Sequence[Any]) -> dict[UUID, dict[str, Any]]:
    """What the columns of each stream show of the cases themselves; other cases by their titles."""
    facts = {row["id"]: _shown_of(row) for row in known}
    naming = {stream: case_columns(LIVES[stream].life) for stream in {row["stream"] for row in known}}
    others = [(held, name) for row in known for name in naming[row["stream"]] if (held := facts[row["id"]])[name]]
    if others:
        titles = {str(one["id"]): one["title"] for one in await conn.fetch(Q["titles"], [UUID(held[name]) for held, name in others])}
        for held, name in others:
            held[name] = titles.get(held[name], "")
    return facts


def _shown_of(row: Any) -> dict[str, Any]:
    shapes = LIVES[row["stream"]]
    if row["body"] is None:
        return {}
    plain = plain_facts(shapes.loaded(row["body"], row["version"]))
    return {name: plain[name] for name in fact_columns(shapes.life)}


def _row(row: Any, names: Names, facts: dict[str, Any], today: date) -> CaseRow:
    life = LIVES[row["stream"]].life
    state = life.state(row["state"])
    clock = next((one for one in life.deadlines if one.name == row["due_clock"]), None)
    return CaseRow(
        id=row["id"], stream=row["stream"], version=row["version"], number=row["number"], year=row["year"], title=row["title"], kind=row["kind"],
        topic=row["topic"], state=state.name, state_zh=state.zh, state_en=state.en, tone=state.tone, confidential=row["confidential"],
        opened=row["opened"], since=row["since"], lead=party(row["lead"], names), unit=party(next(iter(row["units"]), None), names),
        waits_for=parties(row["turn"], names), due=row["due"], due_clock=row["due_clock"] or "", due_zh=clock.zh if clock else "",
        due_en=clock.en if clock else "", overdue=row["due"] is not None and row["due"] < today, shown=facts)
