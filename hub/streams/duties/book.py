"""一人一册: what one deputy did, in figures and on a line of time. Counted duties are public (DL 58); the score, absences and what is
not public yet are for the deputy and the city's clerks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from hub.kernel.actor import CITY, Actor, Permission
from hub.kernel.calendar import day_of
from hub.kernel.errors import NotFound
from hub.kernel.lifecycle import own_ref
from hub.record import Connection, load_sql
from hub.streams.duties import scoring_messages as s
from hub.streams.duties.figures import known_people, rules_of
from hub.streams.duties.mandates import ENDED, MANDATES, WAYS
from hub.streams.duties.records import KINDS, RecordRules
from hub.streams.duties.scores import score

Q = load_sql(__package__)
P = Permission
PROPOSALS_OVER = frozenset(("closed", "archived"))


def clerk(actor: Actor) -> bool:
    """Of the city: a district's sees nothing beyond the generic lists."""
    return CITY in actor.scopes and (actor.may(P.INTAKE) or actor.may(P.COMMITTEE))


async def book_of(conn: Connection, params: s.BookParams, actor: Actor, at: datetime) -> s.BookRow:
    """Raises NotFound: there is no such deputy, or no such term of his."""
    card = await conn.fetchrow(Q["person_card"], params.person)
    if card is None:
        raise NotFound("名册里没有这位代表。", "There is no such deputy.", field="person")
    person = f"person:{params.person}"
    inside = clerk(actor) or own_ref(actor) == person
    mandates = [dict(row) for row in await conn.fetch(Q["book_mandates"], person)]
    volumes = tuple(map(_volume, mandates))
    begins, ends = _bounds(volumes, params.term)
    within: tuple[Any, ...] = (person, params.year, begins, ends)
    records = await _items(conn, "book_items", *within, inside)
    proposals = await _items(conn, "book_cases", *within, inside)
    year = params.year or day_of(at).year
    frozen = bool(await conn.fetchval(Q["year_frozen"], year))
    rules, version = await rules_of(conn, year)
    known = next(iter(await known_people(conn, year, person=person)), None)
    activities = await conn.fetchrow(Q["book_activities"], *within)
    figures = _figures(records, proposals, await conn.fetchval(Q["book_cosigned"], *within, inside), dict(activities or {}),
                       groups=rules.groups if params.year and isinstance(rules, RecordRules) else None)
    return s.BookRow(
        **dict(card), id=str(params.person), year=params.year, volume=params.term, inside=inside, made=at, volumes=volumes, records=records,
        proposals=proposals, specialities=_specialities(mandates), figures=(*figures, *(_missed(mandates, params, begins, ends) if inside else ())),
        kinds=_kinds(records), timeline=_timeline(records, proposals, mandates, inside, params.year, begins, ends),
        score=score(rules, known, year=year, version=version, frozen=frozen) if known and inside and not params.term else None,
        frozen=frozen)


async def _items(conn: Connection, query: str, *arguments: Any) -> tuple[s.BookItem, ...]:
    return tuple(s.BookItem(**dict(row)) for row in await conn.fetch(Q[query], *arguments))


def _volume(row: Mapping[str, Any]) -> s.BookVolume:
    state, facts = MANDATES.state(row["state"]), row["facts"]
    return s.BookVolume(term=row["term"], begins=facts["announced_on"] or facts["elected_on"] or "", ends=facts["ended_on"] or "", state=state.name,
                        state_zh=state.zh, state_en=state.en)


def _bounds(volumes: Sequence[s.BookVolume], term: str) -> tuple[date | None, date | None]:
    if not term:
        return None, None
    found = next((one for one in volumes if one.term == term), None)
    if found is None:
        raise NotFound(f"这位代表没有“{term}”的任期。", f"This deputy has no term {term!r}.", field="term")
    return _day(found.begins), _day(found.ends)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _specialities(mandates: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for row in mandates for one in row["facts"]["specialities"]))


def _figures(records: Sequence[s.BookItem], proposals: Sequence[s.BookItem], cosigned: int, activities: Mapping[str, int],
             groups: int | None) -> tuple[s.BookFigure, ...]:
    """What they are of is said beside them: rates name their denominator."""
    kinds = Counter(one.kind for one in records)
    return (
        s.BookFigure(id="records", zh="履职记录", en="Duties recorded", n=len(records)),
        s.BookFigure(id="hours", zh="履职时长（小时）", en="Hours", n=round(sum(one.hours for one in records), 2)),
        s.BookFigure(id="attended", zh="参加活动", en="Activities attended", n=activities["attended"], of=activities["invited"], of_zh="已举办的受邀活动",
                     of_en="activities held to which invited"),
        s.BookFigure(id="kept_word", zh="报名后到会", en="Came as registered", n=activities["attended"], of=activities["registered"], of_zh="报名的活动",
                     of_en="activities registered for"),
        s.BookFigure(id="proposals", zh="领衔建议议案", en="Suggestions and motions led", n=len(proposals)),
        s.BookFigure(id="closed", zh="已办结", en="Carried to their end", n=sum(one.state in PROPOSALS_OVER for one in proposals), of=len(proposals),
                     of_zh="领衔的建议议案", of_en="suggestions and motions led"),
        s.BookFigure(id="cosigned", zh="附议", en="Co-signed", n=cosigned),
        s.BookFigure(id="groups", zh="小组活动", en="Group activities", n=kinds["group"], of=groups, of_zh="每年至少" if groups else "",
                     of_en="at least in a year" if groups else ""),
        s.BookFigure(id="learning", zh="学习培训", en="Training", n=kinds["training"]),
        s.BookFigure(id="speeches", zh="审议发言", en="Speeches", n=kinds["speech"]),
    )


def _missed(mandates: Sequence[Mapping[str, Any]], params: s.BookParams, begins: date | None, ends: date | None) -> tuple[s.BookFigure, ...]:
    absences = [one for row in mandates for one in row["facts"]["absences"] if _within(one["on"], params.year, begins, ends)]
    return (s.BookFigure(id="missed", zh="未经批准缺席", en="Missed without approval", n=sum(not one["approved"] for one in absences), of=len(absences),
                         of_zh="登记的缺席", of_en="absences recorded"),)


def _kinds(records: Sequence[s.BookItem]) -> tuple[s.BookKind, ...]:
    found = [(kind, [one.hours for one in records if one.kind == kind]) for kind in KINDS]
    return tuple(s.BookKind(kind=kind, zh=KINDS[kind][0], en=KINDS[kind][1], n=len(hours), hours=round(sum(hours), 2)) for kind, hours in found if hours)


def _within(day: str, year: int | None, begins: date | None, ends: date | None) -> bool:
    return (year is None or day.startswith(f"{year}-")) and (begins is None or day >= begins.isoformat()) and (ends is None or day <= ends.isoformat())


def _timeline(records: Sequence[s.BookItem], proposals: Sequence[s.BookItem], mandates: Sequence[Mapping[str, Any]], inside: bool, year: int | None,
              begins: date | None, ends: date | None) -> tuple[s.BookMoment, ...]:
    """The newest first."""
    told = [*(s.BookMoment(day=one.day, zh=KINDS[one.kind][0], en=KINDS[one.kind][1], title=one.title, case=one.id) for one in records),
            *(s.BookMoment(day=one.day, zh="提出建议议案", en="Suggestion or motion", title=one.title, case=one.id) for one in proposals),
            *(one for row in mandates for one in _of_mandate(row, inside) if _within(one.day, year, begins, ends))]
    return tuple(sorted(told, key=lambda one: one.day, reverse=True))


def _of_mandate(row: Mapping[str, Any], inside: bool) -> Iterator[s.BookMoment]:
    facts, term = row["facts"], row["term"]
    way = WAYS.get(facts["kind"], WAYS["general"])
    for day, zh, en in ((facts["elected_on"], f"{way[0]}当选", f"{way[1]}: elected"), (facts["announced_on"], "公告", "Announced"),
                        (facts["ended_on"], *_ending(row["state"], facts["topic"]))):
        if day:
            yield s.BookMoment(day=day, zh=zh, en=en, title=term, case=None)
    for one in facts["absences"] if inside else ():
        yield s.BookMoment(day=one["on"], zh="请假缺席" if one["approved"] else "未经批准缺席", en="Absent with leave" if one["approved"] else "Absent without leave",
                           title=one["session"], case=None)


def _ending(state: str, topic: str) -> tuple[str, str]:
    if state == "expired":
        return "任期届满", "The term ended"
    zh, en = ENDED.get(topic, ("", ""))
    return (f"代表资格终止（{zh}）", f"Mandate ended: {en}") if zh else ("代表资格终止", "Mandate ended")
