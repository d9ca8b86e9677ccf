"""What the guards of each step look at beside the case, read from the directory, the sessions and the search."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import date
from typing import Any

from hub.cases import Reads, load_case
from hub.kernel.actor import Actor
from hub.kernel.lifecycle import own_ref
from hub.record import Connection, load_sql
from hub.search.likeness import similar
from hub.search.messages import SimilarParams
from hub.streams.proposals.facts import Proposal, Similar
from hub.streams.proposals.seen import Deputy, Seen, Session

Q = load_sql(__package__)
Part = Callable[[Connection, Any, Actor], Awaitable[dict[str, Any]]]
PATIENCE = 10.0
"""Seconds for the look at what is alike; a deputy is not kept from handing in by it."""


def _named(command: Any, actor: Actor) -> Iterator[str]:
    yield own_ref(actor)
    one, several = getattr(command.form, "deputy", None), getattr(command.form, "deputies", ())
    yield from (f"person:{ref}" for ref in (*((one,) if one else ()), *several))


async def deputies(conn: Connection, command: Any, actor: Actor) -> dict[str, Any]:
    case = await load_case(conn, command.case)
    signed = [ref for relation in ("lead", "cosigner") for ref in case.parties.get(relation, ())] if case else []
    rows = await conn.fetch(Q["deputies"], [*signed, *_named(command, actor)])
    return {"deputies": {row["ref"]: Deputy(**dict(row)) for row in rows}}


async def term(conn: Connection, _command: Any, _actor: Actor) -> dict[str, Any]:
    return {"term": await conn.fetchval(Q["first_term"]) or "", "terms": await begun_terms(conn)}


async def begun_terms(conn: Connection) -> tuple[tuple[str, date], ...]:
    """Also those that were entered beforehand."""
    return tuple((row["name"], row["since"]) for row in await conn.fetch(Q["terms"]))


async def term_ends(conn: Connection) -> dict[str, date]:
    """Terms with the first day of the one that ends them, which may lie ahead."""
    return {row["name"]: row["until"] for row in await conn.fetch(Q["term_ends"])}


async def sessions(conn: Connection, _command: Any, _actor: Actor) -> dict[str, Any]:
    return {"sessions": tuple(Session(**(dict(row) | {"id": str(row["id"])})) for row in await conn.fetch(Q["sessions"]))}


async def units(conn: Connection, _command: Any, _actor: Actor) -> dict[str, Any]:
    return {"units": {row["id"]: row["name"] for row in await conn.fetch(Q["units"])}}


async def in_office(conn: Connection, _command: Any, _actor: Actor) -> dict[str, Any]:
    return {"in_office": await conn.fetchval(Q["in_office"])}


async def other(conn: Connection, command: Any, _actor: Actor) -> dict[str, Any]:
    found = await load_case(conn, command.form.into)
    return {"other": found if found and isinstance(found.facts, Proposal) else None}


async def alike(conn: Connection, command: Any, actor: Actor) -> dict[str, Any]:
    """Of those only that everybody may see: what is kept with the case is read by its co-signers and units, too."""
    case = await load_case(conn, command.case)
    if case is None or not isinstance(case.facts, Proposal):
        return {}
    facts = case.facts
    text = "\n".join(filter(None, (facts.situation, facts.analysis, facts.advice, facts.cause, facts.ground, facts.plan, facts.question, facts.content)))
    async with asyncio.timeout(PATIENCE):
        page = await similar(conn, SimilarParams(title=facts.title, text=text[:50_000], stream="proposals", case=case.id), actor)
    open_ones = {row["id"] for row in await conn.fetch(Q["open_ones"], [row.id for row in page.rows])}
    return {"similar": tuple(Similar(case=row.id, title=row.title, ratio=row.ratio) for row in page.rows if row.id in open_ones)}


async def heads(conn: Connection, command: Any, _actor: Actor) -> dict[str, Any]:
    """Deputies who speak for the delegation: those with the tag 代表团负责人."""
    case = await load_case(conn, command.case)
    delegation = case.facts.delegation if case and isinstance(case.facts, Proposal) else ""
    return {"heads": tuple(row["ref"] for row in await conn.fetch(Q["heads"], delegation))}


def together(*parts: Part) -> Reads:
    async def read(conn: Connection, command: Any, actor: Actor) -> Seen:
        found: dict[str, Any] = {}
        for part in parts:
            found |= await part(conn, command, actor)
        return Seen(**found)

    return read


READS: Mapping[str, Reads] = {
    "DraftProposal": together(deputies, term),
    "ReviseProposal": together(sessions),
    "InviteCosigners": together(deputies, sessions),
    "ConfirmCosign": together(deputies),
    "LeaveCosigners": together(sessions),
    "SubmitProposal": together(deputies, sessions, alike, heads),
    "ResubmitProposal": together(deputies, sessions, alike, heads),
    "SubmitMotion": together(deputies, sessions, alike),
    "SubmitInquiry": together(deputies, sessions, alike, units),
    "RecountClock": together(sessions),
    "PassDelegation": together(sessions),
    "LapseProposal": together(term),
    "PassOnLead": together(deputies),
    "AcceptProposal": together(units, sessions),
    "MergeProposal": together(other),
    "UnmergeProposal": together(sessions),
    "SuggestUnits": together(units),
    "AssignProposal": together(units),
    "ReassignProposal": together(units),
    "LetMotionLapse": together(deputies, sessions),
    "LetMotionFall": together(sessions),
    "TurnMotion": together(sessions),
    "AmendMotion": together(deputies),
    "RecordMotionVote": together(in_office),
}
