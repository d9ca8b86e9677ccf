"""What is shown beside the generic lists: figures, the ledger of promises, the public's view, whom to call, the year."""

from __future__ import annotations

from typing import Any

import msgspec

from hub.cases import load_case, no_case
from hub.cases.names import names_of
from hub.cases.shapes import LIVES
from hub.directory.messages.params import NoParams
from hub.kernel.actor import Actor, Permission
from hub.kernel.calendar import day_of
from hub.kernel.lifecycle import Case, refs_of, sees_inside
from hub.record import Connection, load_sql
from hub.spoke import Page, View
from hub.streams.proposals import figures as f
from hub.streams.proposals import messages as m
from hub.streams.proposals.facts import Proposal, of
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.seen import term_on

Q = load_sql(__package__)
SELF = Permission.SELF


async def figures(conn: Connection, params: m.FiguresParams, actor: Actor) -> Page:
    found = await f.figures(conn, params, actor)
    return Page(found, len(found))


async def parts(conn: Connection, params: m.PartsParams, actor: Actor) -> Page:
    return Page(*await f.parts(conn, params, actor))


async def commitments(conn: Connection, params: m.CommitmentsParams, actor: Actor) -> Page:
    rows = await conn.fetch(Q["commitments"], params.unit, params.year, params.open, f.oversees(actor), sorted(refs_of(actor)), params.size,
                            (params.page - 1) * params.size)
    names = await names_of(conn, {ref for row in rows for ref in (row["unit"], row["lead"]) if ref})
    return Page([_commitment(dict(row), names) for row in rows], rows[0]["total"] if rows else 0)


def _commitment(row: dict[str, Any], names: Any) -> m.CommitmentRow:
    row.pop("total")
    return m.CommitmentRow(**row, id=f"{row['case']}/{row['unit']}", unit_name=names.get(row["unit"], row["unit"]),
                           lead_name=names.get(row["lead"], ""))


async def key_items(conn: Connection, params: m.KeyItemsParams, actor: Actor) -> Page:
    rows = await conn.fetch(Q["key_items"], params.year, f.oversees(actor), sorted(refs_of(actor)), params.size, (params.page - 1) * params.size)
    names = await names_of(conn, {ref for row in rows for ref in (row["lead"], *row["units"]) if ref})
    found = [_key_item(dict(row), names) for row in rows]
    return Page([one for one in found if one], rows[0]["total"] if rows else 0)


def _key_item(row: dict[str, Any], names: Any) -> m.KeyItemRow | None:
    key = of(LIVES[PROPOSALS.name].loaded(row["body"], row["version"])).key
    state = PROPOSALS.state(row["state"])
    return None if key is None else m.KeyItemRow(
        id=row["id"], number=row["number"], title=row["title"], year=row["year"], lead_name=names.get(row["lead"], ""),
        unit_names=tuple(names[unit] for unit in row["units"]), state=state.name, state_zh=state.zh, state_en=state.en, tone=state.tone,
        decided=key.on, leader=key.leader, committee=key.committee, report=key.report, urgings=row["urgings"], contacts=row["contacts"],
        due=row["due"])


async def public(conn: Connection, params: m.PublicParams, _actor: Actor) -> Page:
    rows = await conn.fetch(Q["public"], params.year, params.topic, params.q, params.size, (params.page - 1) * params.size)
    letters = await conn.fetch(Q["letters"], [row["id"] for row in rows])
    names = await names_of(conn, {ref for row in rows for ref in (row["lead"], *row["units"]) if ref} | {one["unit"] for one in letters})
    return Page([_public(dict(row), [one for one in letters if one["id"] == row["id"]], names) for row in rows], rows[0]["total"] if rows else 0)


def _public(row: dict[str, Any], letters: list[Any], names: Any) -> m.PublicRow:
    state = PROPOSALS.state(row.pop("state"))
    row.pop("total")
    shown = tuple(m.PublicLetter(unit_name=names[one["unit"]], number=one["number"], klass=one["klass"], text=one["text"])
                  for one in letters if one["public"])
    return m.PublicRow(
        **{name: value for name, value in row.items() if name not in {"lead", "units", "ratings"}}, lead_name=names.get(row["lead"], ""),
        unit_names=tuple(names[unit] for unit in row["units"]), ratings=tuple(row["ratings"]), letters=shown, state_zh=state.zh, state_en=state.en)


async def contacts(conn: Connection, params: m.ContactsParams, actor: Actor) -> Page:
    """Raises NotFound for who is not inside the case."""
    case = await load_case(conn, params.case)
    if case is None or not isinstance(case.facts, Proposal) or not sees_inside(PROPOSALS, case, actor):
        raise no_case()
    people = [ref for relation in ("lead", "cosigner", "merged_lead") for ref in case.parties.get(relation, ())]
    units = [unit for relation in ("lead_unit", "assisting", "respondent") for unit in case.parties.get(relation, ())]
    found = [_contact(case, dict(row)) for row in await conn.fetch(Q["contacts"], people, units)]
    names = await names_of(conn, units)
    signed = [_signer(unit, part.handler, part.phone, names[unit]) for unit, part in case.facts.parts.items() if part.handler]
    return Page([*signed, *found], len(signed) + len(found))


def _contact(case: Case, row: dict[str, Any]) -> m.ContactRow:
    """Who attends for a unit leads it."""
    staff = "leader" if row["kind"] == "attendee" else "handler"
    relation = next((name for name in ("lead", "cosigner", "merged_lead") if row["id"] in case.parties.get(name, ())), staff)
    return m.ContactRow(id=row["id"], relation=relation, relation_zh=PROPOSALS.relations[relation][0], name=row["name"], post=row["post"],
                        unit_name=row["unit_name"], phone=row["phone"])


def _signer(unit: str, name: str, phone: str, unit_name: str) -> m.ContactRow:
    return m.ContactRow(id=f"handler:{unit}", relation="handler", relation_zh=PROPOSALS.relations["handler"][0], name=name, post="本件经办人",
                        unit_name=unit_name, phone=phone)


async def sessions(conn: Connection, _params: NoParams, _actor: Actor) -> Page:
    found = [m.SessionRow(**dict(row)) for row in await conn.fetch(Q["sessions"])]
    return Page(found, len(found))


async def terms(conn: Connection, _params: NoParams, _actor: Actor) -> Page:
    rows, first = await conn.fetch(Q["terms"]), await conn.fetchval(Q["first_term"]) or ""
    now = term_on(first, tuple((row["name"], row["since"]) for row in rows), day_of(await conn.fetchval("select now()")))
    found = [m.TermRow(id=row["name"], since=row["since"], until=row["until"], now=row["name"] == now) for row in rows]
    if now and now not in {row["name"] for row in rows}:
        found.append(m.TermRow(id=now, since=None, until=min((row["since"] for row in rows), default=None), now=True))
    return Page(found, len(found))


async def year(conn: Connection, params: m.YearParams, actor: Actor) -> Page:
    """Who does not oversee the stream reads what was published."""
    kept = await conn.fetchrow(Q["year_report"], params.year)
    stage = kept["stage"] if kept else ""
    shown = f.oversees(actor) or stage == m.Stage.PUBLISHED
    total = await f.figures(conn, m.FiguresParams(year=params.year), actor)
    if not total:
        return Page([], 0)
    row = m.YearRow(
        year=params.year, stage=stage, text=kept["text"] if kept and shown else "", figures=total[0],
        published=msgspec.convert(kept["figures"], m.FigureRow) if kept and kept["figures"] else None,
        units=tuple(await f.figures(conn, m.FiguresParams(year=params.year, by="unit"), actor)),
        topics=tuple(await f.figures(conn, m.FiguresParams(year=params.year, by="topic"), actor)))
    return Page([row], 1)


VIEWS = (
    View(name="proposal_figures", params=m.FiguresParams, row=m.FigureRow, permission=SELF, fetch=figures, key="key"),
    View(name="proposal_parts", params=m.PartsParams, row=m.PartRow, permission=SELF, fetch=parts),
    View(name="proposal_commitments", params=m.CommitmentsParams, row=m.CommitmentRow, permission=SELF, fetch=commitments),
    View(name="proposal_key_items", params=m.KeyItemsParams, row=m.KeyItemRow, permission=SELF, fetch=key_items),
    View(name="proposals_public", params=m.PublicParams, row=m.PublicRow, permission=SELF, fetch=public),
    View(name="proposal_contacts", params=m.ContactsParams, row=m.ContactRow, permission=SELF, fetch=contacts),
    View(name="proposal_sessions", params=NoParams, row=m.SessionRow, permission=SELF, fetch=sessions),
    View(name="proposal_terms", params=NoParams, row=m.TermRow, permission=SELF, fetch=terms),
    View(name="proposal_year", params=m.YearParams, row=m.YearRow, permission=SELF, fetch=year, key="year"),
)
