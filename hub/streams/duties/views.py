"""What is shown of duties beside the generic lists: who takes part, the code at the door, answers counted, scores, the book of a deputy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hub.cases import load_case, no_case
from hub.directory.messages.params import NoParams
from hub.kernel.actor import Actor, Permission
from hub.kernel.clock import Clock
from hub.kernel.errors import NotFound
from hub.kernel.lifecycle import may_see, own_ref
from hub.record import Connection, load_sql
from hub.spoke import Change, Page, View
from hub.streams.duties import messages as m
from hub.streams.duties import scoring_messages as s
from hub.streams.duties.activities import ACTIVITIES, Activity
from hub.streams.duties.book import book_of, clerk
from hub.streams.duties.figures import scores
from hub.streams.duties.projection import TAKINGS
from hub.streams.duties.spread import SPREAD_VIEWS
from hub.streams.duties.takings import CODE_SECONDS, code_at, metres
from hub.streams.duties.talks import TALK_VIEW

Q = load_sql(__package__)
P = Permission
Spot = tuple[float | None, float | None]


async def _activity(conn: Connection, activity: UUID, actor: Actor) -> Activity:
    case = await load_case(conn, activity)
    if case is None or not isinstance(case.facts, Activity) or not may_see(ACTIVITIES, case, actor):
        raise no_case()
    return case.facts


async def _of_clerk(conn: Connection, activity: UUID, actor: Actor) -> Activity:
    if not clerk(actor):
        raise no_case()
    return await _activity(conn, activity, actor)


async def takings(conn: Connection, params: m.OfActivity, actor: Actor) -> Page:
    """A clerk sees all; a deputy his own part."""
    activity = await _activity(conn, params.activity, actor)
    rows = [_taking(dict(row), activity.quota, (activity.lon, activity.lat)) for row in await conn.fetch(Q["takings"], params.activity)]
    seen = rows if clerk(actor) else [row for row in rows if row.person == own_ref(actor)]
    return Page(seen, len(seen))


def _taking(row: dict[str, Any], quota: int, there: Spot) -> m.TakingRow:
    row.pop("answers")
    doubts, away = tuple(row.pop("doubts")), _away((row.pop("lon"), row.pop("lat")), there)
    counts = row["signed_in"] is not None and (row["judged"] if row["judged"] is not None else not doubts)
    return m.TakingRow(**row, id=f"{row['activity']}/{row['person']}", doubts=doubts, away=away, waiting=bool(quota and row["place"] > quota), counts=counts)


def _away(here: Spot, there: Spot) -> int | None:
    match (*here, *there):
        case (float(), float(), float(), float()) as known:
            return round(metres(*known))
    return None


async def takings_again(conn: Connection, keys: Sequence[str]) -> Sequence[Change]:
    """One who leaves moves all behind him: the whole activity is told to its clerks, each part to its own deputy."""
    changes: list[Change] = []
    for activity in {UUID(key.partition("/")[0]) for key in keys}:
        case = await load_case(conn, activity)
        facts = case.facts if case else Activity()
        rows = [_taking(dict(row), facts.quota, (facts.lon, facts.lat)) for row in await conn.fetch(Q["takings"], activity)]
        changes += [Change(key=row.id, row=row, rooms=(f"takings/{activity}", f"takings/{activity}/{row.person}")) for row in rows]
    return changes


def takings_room(params: m.OfActivity, actor: Actor) -> str:
    return f"takings/{params.activity}" if clerk(actor) else f"takings/{params.activity}/{own_ref(actor)}"


async def my_parts(conn: Connection, _params: NoParams, actor: Actor) -> Page:
    found = []
    for row in map(dict, await conn.fetch(Q["my_parts"], own_ref(actor))):
        quota, there = row.pop("quota"), (row.pop("at_lon"), row.pop("at_lat"))
        found.append(_taking(row, quota, there))
    return Page(found, len(found))


async def answers(conn: Connection, params: m.OfActivity, actor: Actor) -> Page:
    activity = await _of_clerk(conn, params.activity, actor)
    given = [row["answers"] for row in await conn.fetch(Q["takings"], params.activity) if row["answers"] is not None]
    rows = [
        m.AnswerCount(id=f"{n}/{answer}", question=n, text=question.text, answer=answer, people=people, of=len(given))
        for n, question in enumerate(activity.questions, 1)
        for answer, people in _counted(question.choices, question.kind, [one[n - 1] for one in given])
    ]
    return Page(rows, len(rows))


def _counted(choices: tuple[str, ...], kind: str, said: list[str]) -> list[tuple[str, int]]:
    if kind == "text":
        return [(one, 1) for one in said if one]
    chosen = Counter(choice for one in said for choice in one.split("\n"))
    return [(choice, chosen[choice]) for choice in choices]


async def score_rows(conn: Connection, params: s.ScoresParams, actor: Actor) -> Page:
    """A clerk sees all; a deputy his own, ranked among all."""
    rows = await scores(conn, params.year, params.delegation, params.version)
    seen = rows if clerk(actor) else [row for row in rows if row.person == own_ref(actor)]
    return Page(seen, len(seen))


class DutyViews:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def code(self, conn: Connection, params: m.OfActivity, actor: Actor) -> Page:
        await _of_clerk(conn, params.activity, actor)
        key, at = await conn.fetchval(Q["activity_key"], params.activity), self._clock.now()
        if key is None:
            raise NotFound("活动还没有发布，没有签到码。", "The activity is not published yet; it has no code.")
        until = (int(at.timestamp()) // CODE_SECONDS + 1) * CODE_SECONDS
        return Page([m.SignCodeRow(id=params.activity, code=code_at(key, str(params.activity), at), until=datetime.fromtimestamp(until, tz=UTC))], 1)

    async def book(self, conn: Connection, params: s.BookParams, actor: Actor) -> Page:
        return Page([await book_of(conn, params, actor, self._clock.now())], 1)


ACTIVITY_VIEWS = (
    TALK_VIEW,
    View(name=TAKINGS, params=m.OfActivity, row=m.TakingRow, permission=P.SELF, fetch=takings, room=takings_room, reread=takings_again),
    View(name="my_takings", params=NoParams, row=m.TakingRow, permission=P.PROPOSE, fetch=my_parts),
    View(name="activity_answers", params=m.OfActivity, row=m.AnswerCount, permission=P.INTAKE, fetch=answers),
)
RECORD_VIEWS = (View(name="duty_scores", params=s.ScoresParams, row=s.ScoreRow, permission=P.SELF, fetch=score_rows), *SPREAD_VIEWS)


def views_of_now(clock: Clock) -> tuple[View, ...]:
    views = DutyViews(clock)
    return (View(name="activity_code", params=m.OfActivity, row=m.SignCodeRow, permission=P.INTAKE, fetch=views.code),
            View(name="deputy_book", params=s.BookParams, row=s.BookRow, permission=P.SELF, fetch=views.book))
