"""The views that every stream has. Each is limited by the one rule of the model: who may not see a case does not learn that it is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from hub.access.work import Access
from hub.cases import detail, listing, seats, setting_views
from hub.cases.counting import counts
from hub.cases.listing import desks_of, own_refs
from hub.cases.notices import NOTICES
from hub.cases.params import (
    CalendarParams,
    CasesParams,
    CountedDaysParams,
    CountsParams,
    NoticesParams,
    OfCase,
    RulesParams,
    StepsParams,
    WaitingParams,
)
from hub.cases.projection import CALENDAR, CASES, RULES, VERSIONS, WAITING
from hub.cases.rows import (
    CalendarRow,
    CaseCount,
    CaseDetail,
    CaseRow,
    CaseVersion,
    ClockRow,
    LifecycleRow,
    NoticeRow,
    RuleSetRow,
    StepRow,
    TrailRow,
)
from hub.cases.shapes import LIVES
from hub.cases.subscribing.rows import VIEWS as SUBSCRIPTIONS
from hub.directory.messages.params import NoParams
from hub.kernel.actor import Actor, Permission
from hub.kernel.calendar import day_of
from hub.kernel.clock import Clock
from hub.kernel.errors import NotFound
from hub.kernel.lifecycle import may_see, refs_of
from hub.record import Connection, load_sql
from hub.spoke import Change, Page, View

Q = load_sql(__package__)
SELF = Permission.SELF
ALERT = 0.1
"""Seconds between two tellings of what somebody is waiting for."""


class CaseViews:
    def __init__(self, access: Access, clock: Clock) -> None:
        self._access, self._clock = access, clock

    @property
    def today(self) -> date:
        return day_of(self._clock.now())

    # --- lists ---

    async def cases(self, conn: Connection, params: CasesParams, actor: Actor) -> Page:
        if params.stream not in LIVES:
            raise NotFound(f"没有名为“{params.stream}”的业务。", f"There is no stream {params.stream!r}.", field="stream")
        found, total = await listing.listed(conn, params, actor, self.today)
        return Page(found, total)

    async def cases_again(self, conn: Connection, keys: Sequence[str]) -> list[Change]:
        placed, accounts = await seats.placed(conn, keys), await seats.accounts(conn, self._access.totp)
        shown = {str(row.id): row for row in await listing.rows_by_id(conn, [UUID(key) for key in placed], self.today)}
        return [change for key, one in placed.items() if key in shown
                for change in seats.changes(key, shown[key], seats.rooms_of(f"{CASES}/{one.shapes.life.name}", one, accounts))]

    async def versions(self, conn: Connection, params: OfCase, actor: Actor) -> Page:
        case, _ = await detail.seen_case(conn, params.case, actor)
        return Page([CaseVersion(case.id, case.version, case.state)], 1)

    async def versions_again(self, conn: Connection, keys: Sequence[str]) -> list[Change]:
        placed, accounts = await seats.placed(conn, keys), await seats.accounts(conn, self._access.totp)
        return [change for key, one in placed.items() for change in seats.changes(
            key, CaseVersion(one.case.id, one.case.version, one.case.state), self._version_rooms(key, one, accounts))]

    def _version_rooms(self, key: str, one: seats.Placed, accounts: Sequence[Actor]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """By person only: the name of the room does not say which stream the case is of."""
        watchers = (*accounts, *seats.people_in(one.was))
        seen = [actor.id for actor in watchers if may_see(one.shapes.life, one.case, actor)]
        gone = [actor.id for actor in watchers if actor.id not in seen and not refs_of(actor).isdisjoint(one.was)]
        return tuple(f"{VERSIONS}/{who}/{key}" for who in seen), tuple(f"{VERSIONS}/{who}/{key}" for who in gone)

    # --- one case ---

    async def case(self, conn: Connection, params: OfCase, actor: Actor) -> Page:
        return Page([await detail.detail(conn, params, actor, self._clock.now())], 1)

    async def steps(self, conn: Connection, params: StepsParams, actor: Actor) -> Page:
        found = await detail.steps(conn, params, actor, self._clock.now())
        return Page(found, len(found))

    async def trail(self, conn: Connection, params: OfCase, actor: Actor) -> Page:
        found = await detail.trail(conn, params, actor)
        return Page(found, len(found))

    async def counts(self, conn: Connection, params: CountsParams, actor: Actor) -> Page:
        found = await counts(conn, params, actor, self.today)
        return Page(found, len(found))

    # --- what concerns me ---

    async def waiting(self, conn: Connection, params: WaitingParams, actor: Actor) -> Page:
        found = await conn.fetch(Q["waiting"], own_refs(actor), desks_of(actor), list(actor.scopes), params.limit)
        return Page(await listing.rows_by_id(conn, [row["id"] for row in found], self.today), len(found))

    async def waiting_again(self, conn: Connection, keys: Sequence[str]) -> list[Change]:
        placed, accounts = await seats.placed(conn, keys), await seats.accounts(conn, self._access.totp)
        shown = {str(row.id): row for row in await listing.rows_by_id(conn, [UUID(key) for key in placed], self.today)}
        changes: list[Change] = []
        for key, one in placed.items():
            seen, gone = seats.turns_of(one, accounts)
            changes += seats.changes(key, shown[key], (tuple(f"{WAITING}/{who}" for who in seen), tuple(f"{WAITING}/{who}" for who in gone)))
        return changes

    async def notices(self, conn: Connection, params: NoticesParams, actor: Actor) -> Page:
        found = await listing.notices(conn, actor, params.limit)
        return Page([NoticeRow(**dict(row)) for row in found], len(found))

    async def notices_again(self, conn: Connection, keys: Sequence[str]) -> list[Change]:
        found = await conn.fetch(Q["notices_again"], [UUID(key) for key in keys])
        placed, accounts = await seats.placed(conn, [str(row["case"]) for row in found]), await seats.accounts(conn, self._access.totp)
        changes: list[Change] = []
        for row in found:
            told = dict(row)
            seen, gone = seats.addressees(told.pop("ref"), told.pop("path"), told.pop("bare"), placed[str(row["case"])], accounts)
            changes += seats.changes(str(row["id"]), NoticeRow(**told, unread=True),
                                     (tuple(f"{NOTICES}/{who}" for who in seen), tuple(f"{NOTICES}/{who}" for who in gone)))
        return changes


def build_views(access: Access, clock: Clock) -> tuple[View, ...]:
    shows, settings = CaseViews(access, clock), setting_views.SettingViews(clock)
    return (
        View(name=CASES, params=CasesParams, row=CaseRow, permission=SELF, fetch=shows.cases, room=_list_room, reread=shows.cases_again),
        View(name="case", params=OfCase, row=CaseDetail, permission=SELF, fetch=shows.case),
        View(name=VERSIONS, params=OfCase, row=CaseVersion, permission=SELF, fetch=shows.versions, reread=shows.versions_again, pace=ALERT,
             room=lambda params, actor: f"{VERSIONS}/{actor.id}/{params.case}"),
        View(name="case_steps", params=StepsParams, row=StepRow, permission=SELF, fetch=shows.steps, key="command"),
        View(name="case_trail", params=OfCase, row=TrailRow, permission=SELF, fetch=shows.trail),
        View(name="case_counts", params=CountsParams, row=CaseCount, permission=SELF, fetch=shows.counts, key="key"),
        View(name=WAITING, params=WaitingParams, row=CaseRow, permission=SELF, fetch=shows.waiting, reread=shows.waiting_again, pace=ALERT,
             room=lambda _params, actor: f"{WAITING}/{actor.id}"),
        View(name=NOTICES, params=NoticesParams, row=NoticeRow, permission=SELF, fetch=shows.notices, reread=shows.notices_again, pace=ALERT,
             room=lambda _params, actor: f"{NOTICES}/{actor.id}"),
        View(name="lifecycles", params=NoParams, row=LifecycleRow, permission=SELF, fetch=settings.lifecycles, key="name"),
        View(name=RULES, params=RulesParams, row=RuleSetRow, permission=SELF, fetch=settings.rules),
        View(name=CALENDAR, params=CalendarParams, row=CalendarRow, permission=SELF, fetch=settings.calendar, key="day"),
        *SUBSCRIPTIONS,
        View(name="case_days", params=CountedDaysParams, row=ClockRow, permission=SELF, fetch=settings.counted, key="clock"),
    )


def _list_room(params: CasesParams, actor: Actor) -> str:
    shapes = LIVES.get(params.stream)
    return f"{CASES}/{params.stream}/{seats.seat(shapes.life if shapes else None, actor)}"


