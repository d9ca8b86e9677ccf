"""What is counted of suggestions and motions, each with its condition: a figure and the rows behind it are one definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from hub.record import Connection
from hub.streams.proposals.messages import FiguresParams, PartsParams


class Counted(msgspec.Struct, frozen=True):
    """`case`: a case is counted once, however many units answer; otherwise each unit's part is."""

    condition: str
    case: bool = False


COUNTED: Mapping[str, Counted] = {
    "cases": Counted("true", case=True),
    "motions": Counted("i.kind = 'motion'", case=True),
    "inquiries": Counted("i.kind = 'inquiry'", case=True),
    "accepted": Counted("i.accepted is not null", case=True),
    "refused": Counted("i.state = 'refused'", case=True),
    "withdrawn": Counted("i.state = 'withdrawn'", case=True),
    "merged": Counted("i.into_case is not null", case=True),
    "key_items": Counted("i.key", case=True),
    "closed": Counted("i.state in ('closed', 'closed_unrated', 'settled')", case=True),
    "parts": Counted("p.unit is not null"),
    "replied": Counted("p.replied is not null"),
    "on_time": Counted("p.on_time"),
    "overdue": Counted("p.overdue"),
    **{f"class_{one.lower()}": Counted(f"p.class = '{one}'") for one in "ABCD"},
    "first_rated": Counted("p.first_rating <> ''"),
    **{f"first_{one}": Counted(f"p.first_rating = '{one}'") for one in ("satisfied", "basically", "unsatisfied")},
    "rated": Counted("p.rating <> ''"),
    **{one: Counted(f"p.rating = '{one}'") for one in ("satisfied", "basically", "unsatisfied")},
    "promises": Counted("p.promise <> ''"),
    "fulfilment_rated": Counted("p.fulfilment <> ''"),
    **{one: Counted(f"p.fulfilment = '{one}'") for one in ("fulfilled", "partly", "unfulfilled")},
}
"""In the order of `FigureRow`."""

TOPIC = "split_part(i.topic, '.', 1)"
KEYS: Mapping[str, str] = {
    "all": "''", "year": "i.year::text", "kind": "i.kind", "topic": TOPIC, "subtopic": "i.topic", "unit": "coalesce(p.unit, '')",
    "delegation": "i.delegation", "deputy": "i.lead", "class": "coalesce(p.class, '')", "term": "i.term", "topic_year": f"{TOPIC} || '/' || i.year",
}
"""By what figures are grouped."""

FROM = """from proposals.item i join cases.item c on c.id = i.id left join proposals.part p on p.id = i.id and p.role <> 'assisting'
where i.submitted is not null and ($1::int is null or i.year = $1) and ($2 = '' or i.kind = $2) and ($3 or c.open)"""
"""$1 year, $2 kind, $3 the asker oversees: counts the confidential ones and those before their desk too."""

SHOWN = """i.id as case, c.number, c.title, i.year, i.term, i.kind, i.topic, i.delegation, i.lead, i.state, i.key, i.refusal,
    i.into_case is not null as merged, i.submitted, i.accepted, i.assigned, i.ended, coalesce(p.unit, '') as unit, coalesce(p.role, '') as role,
    p.signed, p.due, p.replied, p.on_time, coalesce(p.overdue, false) as overdue, coalesce(p.rounds, 0) as rounds, coalesce(p.class, '') as klass,
    coalesce(p.first_rating, '') as first_rating, coalesce(p.rating, '') as rating, coalesce(p.promise, '') as promise, p.solve_by, p.reported,
    p.solved, coalesce(p.fulfilment, '') as fulfilment"""


def _count(one: Counted) -> str:
    return f"(count({'distinct i.id' if one.case else '*'}) filter (where {one.condition}))::int"


async def figures_of(conn: Connection, params: FiguresParams, oversees: bool) -> list[Any]:
    counts = ", ".join(f"{_count(one)} as {name}" for name, one in COUNTED.items())
    return list(await conn.fetch(f"select {KEYS[params.by]} as key, {counts} {FROM} group by 1 order by 2 desc, 1", params.year, params.kind, oversees))


async def rows_of(conn: Connection, params: PartsParams, oversees: bool) -> list[Any]:
    """The rows that a figure counts, with `total`: all of them. Of a case that is counted once, the part of the first unit."""
    counted = COUNTED[params.counted] if params.counted else None
    narrowed = f"{FROM} and ($4 = '' or p.unit = $4) and ($5::text is null or {KEYS[params.by]} = $5) and ({counted.condition if counted else 'true'})"
    once = "distinct on (i.id) " if counted and counted.case else ""
    return list(await conn.fetch(
        f'select *, count(*) over ()::int as total from (select {once}{SHOWN} {narrowed} order by i.id, p.unit) one'
        ' order by submitted, number, "case", unit limit $6 offset $7',
        params.year, params.kind, oversees, params.unit, params.key, params.size, (params.page - 1) * params.size))
