"""Sessions, terms and yearly reports: what is decided beside the single cases. Pure but for the facts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from hub.kernel.actor import SYSTEM, Actor, Permission
from hub.kernel.calendar import day_of
from hub.kernel.errors import Conflict, Refused
from hub.record import Connection, load_sql
from hub.spoke import Decides, Decision, Write
from hub.streams.proposals import messages as m
from hub.streams.proposals.figures import figures
from hub.streams.proposals.reads import begun_terms
from hub.streams.proposals.seen import term_on

Q = load_sql(__package__)
P = Permission
ANY = -1
STAGES = tuple(m.Stage)
LONGEST_SESSION = timedelta(days=60)


class KnownYear(msgspec.Struct, frozen=True):
    stage: str
    figures: m.FigureRow | None


async def _nothing(_conn: Connection, _command: Any, _actor: Actor) -> None:
    return None


class KnownTerms(msgspec.Struct, frozen=True):
    first: str
    begun: tuple[tuple[str, date], ...]


async def _terms(conn: Connection, _command: Any, _actor: Actor) -> KnownTerms:
    return KnownTerms(await conn.fetchval(Q["first_term"]) or "", await begun_terms(conn))


async def _year(conn: Connection, command: m.SaveYearReport, _actor: Actor) -> KnownYear:
    kept = await conn.fetchrow(Q["year_report"], command.year)
    found = await figures(conn, m.FiguresParams(year=command.year), SYSTEM)
    return KnownYear(kept["stage"] if kept else "", found[0] if found else None)


def save_session(_facts: None, command: m.SaveSession, _actor: Actor, _at: datetime) -> Decision:
    if command.last < command.first:
        raise Refused("闭幕不能早于开幕，请改日期。", "A session does not end before it begins; change the days.", field="last")
    if command.last - command.first > LONGEST_SESSION:
        raise Refused(f"会期不能超过{LONGEST_SESSION.days}天，请检查日期：会议期间受理期限不计算。",
                      f"A session lasts {LONGEST_SESSION.days} days at most; while it sits the limits of acceptance do not run.", field="last")
    event = m.SessionSaved(session=command.session, name=command.name, term=command.term, first=command.first, last=command.last,
                           motions_until=command.motions_until)
    return Decision(writes=(Write(f"congress-{command.session}", ANY, (event,)),))


def change_term(known: KnownTerms, command: m.ChangeTerm, _actor: Actor, at: datetime) -> Decision:
    now = term_on(known.first, known.begun, day_of(at))
    if command.term == now:
        raise Conflict(f"现在就是{now}，不需要换届。", f"The term is {now!r} already.", code="same-term", field="term")
    begun = next((since for name, since in known.begun if name == now), None)
    if begun is not None and command.since <= begun:
        raise Refused(f"{now}从{begun}开始，新一届要在它之后，请检查日期。", f"{now!r} began on {begun}; the new term begins after it.", field="since")
    return Decision(writes=(Write("congress-terms", ANY, (m.TermChanged(term=command.term, since=command.since, ends=now),)),))


def save_year_report(known: KnownYear, command: m.SaveYearReport, _actor: Actor, _at: datetime) -> Decision:
    if known.stage and STAGES.index(command.stage) < STAGES.index(m.Stage(known.stage)):
        raise Conflict("年度报告不能退回前一阶段。", "A yearly report does not go back to an earlier stage.", code="stage-back", field="stage")
    if known.stage == m.Stage.PUBLISHED:
        raise Conflict("年度报告已公布，不能再改。", "The yearly report is public and stands as it is.", code="published")
    frozen = known.figures if command.stage is m.Stage.PUBLISHED else None
    event = m.YearReportSaved(year=command.year, text=command.text, stage=command.stage, figures=frozen)
    return Decision(writes=(Write(f"congress-year-{command.year}", ANY, (event,)),))


COMMANDS = (
    Decides(command=m.SaveSession, permission=P.COMMITTEE, decide=save_session, facts=_nothing),
    Decides(command=m.ChangeTerm, permission=P.INTAKE, decide=change_term, facts=_terms),
    Decides(command=m.SaveYearReport, permission=P.INTAKE, decide=save_year_report, facts=_year),
)
EVENTS = (m.SessionSaved, m.TermChanged, m.YearReportSaved)
