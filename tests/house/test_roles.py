"""Every command and every view, tried as every role and from one district: who may, may; who may not,
is told so in a sentence, and it stands in the audit log."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from dispatch.messages.commands import SaveLadder, SaveQuietHours
from dispatch.messages.shapes import Ladder, Rung
from dispatch.words import Channel
from hub.access.messages import (
    CreateApiKey,
    EnrolDevice,
    RevokeLinks,
    SaveAccount,
)
from hub.cases.messages import CalendarDay, SaveCalendarDays, SaveRules
from hub.directory.messages.commands import (
    ClearAddress,
    CreateOrganisation,
    RemovePerson,
    SaveGroup,
    SaveOrganisation,
    SavePerson,
    SaveRoster,
    SpoilAddress,
)
from hub.directory.messages.shapes import PersonKind
from hub.kernel.actor import Actor, Permission, Role
from hub.kernel.errors import Forbidden, Refused
from hub.kernel.ids import derived
from hub.kernel.messages import Command
from hub.streams.exchange.messages import ReconcileNow, SetAsidePackage
from tests.flows.broadcast.stage import MORNING, Stage, city, person, ref

P = Permission
MAY: dict[Role, set[Permission]] = {
    Role.ADMINISTRATOR: set(Permission),
    Role.OPERATOR: {P.BROADCAST, P.BROADCAST_VIEW, P.DIRECTORY_VIEW, P.SELF, P.FILES, P.CALL, P.MEET, P.LIVE},
    Role.APPROVER: {P.BROADCAST_APPROVE, P.BROADCAST_VIEW, P.DIRECTORY_VIEW, P.SELF},
    Role.VIEWER: {P.BROADCAST_VIEW, P.DIRECTORY_VIEW, P.SELF},
    Role.STATION: {P.SELF},
    Role.DEPUTY: {P.SELF, P.PROPOSE},
    Role.HANDLER: {P.SELF, P.HANDLE},
    Role.HEAD: {P.SELF, P.HANDLE, P.SIGN},
    Role.INTAKE: {P.SELF, P.INTAKE, P.DIRECTORY_VIEW},
    Role.ASSIGNER: {P.SELF, P.ASSIGN, P.DIRECTORY_VIEW},
    Role.COMMITTEE: {P.SELF, P.COMMITTEE, P.DIRECTORY_VIEW},
    Role.LEGISLATOR: {P.SELF, P.LEGISLATE, P.DIRECTORY_VIEW},
}
NEEDS_OF_VIEWS: dict[str, Permission] = {
    "broadcasts": P.BROADCAST_VIEW, "broadcast": P.BROADCAST_VIEW, "board": P.BROADCAST_VIEW, "curve": P.BROADCAST_VIEW,
    "recipients": P.BROADCAST_VIEW, "evidence": P.BROADCAST_VIEW, "dead": P.BROADCAST_VIEW, "roads": P.BROADCAST_VIEW,
    "ladders": P.BROADCAST_VIEW, "quiet_hours": P.BROADCAST_VIEW, "audience": P.BROADCAST, "templates": P.BROADCAST,
    "cases": P.SELF, "case": P.SELF, "case_steps": P.SELF, "case_trail": P.SELF, "case_counts": P.SELF, "case_notices": P.SELF,
    "stations": P.DIRECTORY_VIEW, "inbox": P.SELF, "accounts": P.ACCOUNTS, "audit": P.AUDIT_VIEW,
}


@pytest.fixture
async def stage(dsn: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with city(dsn, tmp_path) as one:
        yield one


def actor_of(role: Role, scope: str = "city") -> Actor:
    kind = {Role.STATION: "station:17", Role.DEPUTY: ref("李代表")}.get(role, f"account:{derived(role, scope)}")
    return Actor(id=kind, name=role.value, roles=(role,), scopes=(scope,), address="10.0.0.9")


def forms(command: type[Command]) -> dict[str, Any]:
    """Any values: whether somebody may is asked before they are looked at."""
    return {name: UUID(int=1) for name in command.__struct_fields__}


async def test_every_command_refuses_every_role_that_may_not_and_writes_it_down(stage: Stage) -> None:
    refused: set[tuple[str, str]] = set()
    for name, rule in stage.hub.desk.rules.items():
        for role, rights in MAY.items():
            assert actor_of(role).may(rule.permission) is (rule.permission in rights)
            if rule.permission not in rights:
                with pytest.raises(Forbidden) as refusal:
                    await stage.ask(rule.command(**forms(rule.command)), actor_of(role))
                assert refusal.value.status == 403
                refused.add((name, actor_of(role).id))

    lines = await stage.rows("select act, actor, detail from work.audit where outcome = 'refused'")
    assert refused <= {(row["act"], row["actor"]) for row in lines}
    assert len(refused) > 150
    assert all(row["detail"]["code"] and row["detail"]["why"] for row in lines)


def test_every_command_and_view_asks_for_a_right_and_only_ones_own_for_self() -> None:
    assert set(MAY) == set(Role)
    assert {permission for rights in MAY.values() for permission in rights} == set(Permission)


async def test_every_view_refuses_every_role_that_may_not_and_writes_it_down(stage: Stage) -> None:
    views = stage.hub.views
    for name, view in views.by_name.items():
        assert NEEDS_OF_VIEWS.get(name, view.permission) is view.permission
        for role, rights in MAY.items():
            if view.permission not in rights:
                with pytest.raises(Forbidden) as refusal:
                    views.find(name, actor_of(role))
                await views.note_refusal(name, actor_of(role), refusal.value, stage.clock.at)
            else:
                assert views.find(name, actor_of(role)) is view

    assert await stage.value("select count(*) from work.audit where outcome = 'refused' and act like 'view %'") > 50





def beyond_district_3() -> Iterator[Command]:
    """Wishes of a district's administrator that reach into another district, or are the city's."""
    yield SaveOrganisation(id=uuid4(), organisation="station:1", name="x", parent="district:1")
    yield SaveOrganisation(id=uuid4(), organisation="station:90", name="x", parent="district:1", lon=120.0, lat=30.0)
    yield CreateOrganisation(id=uuid4(), kind="station", name="x", parent="district:1", lon=120.0, lat=30.0)
    yield CreateOrganisation(id=uuid4(), kind="district", name="x", parent="city")
    yield SaveOrganisation(id=uuid4(), organisation="station:17", name="x", parent="district:1")
    yield SaveOrganisation(id=uuid4(), organisation="city", name="x")
    yield SavePerson(id=uuid4(), person=uuid4(), kind=PersonKind.STAFF, name="x", org="station:1")
    yield SavePerson(id=uuid4(), person=person("赵代表"), kind=PersonKind.STAFF, name="x", org="station:17")
    yield SavePerson(id=uuid4(), person=person("李代表"), kind=PersonKind.STAFF, name="x", org="station:1")
    yield RemovePerson(id=uuid4(), person=person("赵代表"))
    yield SpoilAddress(id=uuid4(), person=person("赵代表"), channel="wechat", why="x")
    yield ClearAddress(id=uuid4(), person=person("赵代表"), channel="wechat")
    yield SaveGroup(id=uuid4(), group=uuid4(), name="x", scope="city")
    yield SaveGroup(id=uuid4(), group=uuid4(), name="x", scope="district:3", members=(ref("赵代表"),))
    yield SaveRoster(id=uuid4(), roster=uuid4(), org="station:1", day=date(2026, 3, 2), starts=MORNING,
                     ends=MORNING + timedelta(hours=8), person=person("赵代表"))
    yield SaveAccount(id=uuid4(), account=uuid4(), login="xx", name="x", roles=(Role.VIEWER,), scopes=("city",), password="long enough phrase")
    yield SaveAccount(id=uuid4(), account=uuid4(), login="xy", name="x", roles=(Role.VIEWER,), scopes=("district:1",),
                      password="long enough phrase")
    yield CreateApiKey(id=uuid4(), name="x", roles=(Role.VIEWER,), scopes=("city",))
    yield EnrolDevice(id=uuid4(), station="station:1", name="x")
    yield RevokeLinks(id=uuid4(), person=person("赵代表"))
    yield SaveLadder(id=uuid4(), ladder=Ladder(code="x", name="x", rungs=(Rung(channels=(Channel.SMS,), wait=1),)))
    yield SaveQuietHours(id=uuid4(), start="22:00", end="06:00")
    yield SaveRules(id=uuid4(), stream="proposals", valid_from=date(2026, 3, 2), rules={})
    yield ReconcileNow(id=uuid4(), day=date(2026, 3, 2))
    yield SetAsidePackage(id=uuid4(), package=uuid4(), reason="xx")
    yield SaveCalendarDays(id=uuid4(), days=(CalendarDay(day=date(2026, 3, 4)),))


async def test_from_one_district_nobody_reaches_into_another(stage: Stage) -> None:
    admin = actor_of(Role.ADMINISTRATOR, "district:3")
    for command in beyond_district_3():
        with pytest.raises(Refused) as refusal:
            await stage.ask(command, admin)
        assert refusal.value.zh.endswith("。"), command

    refused = await stage.value("select count(*) from work.audit where actor = $1 and outcome = 'refused'", admin.id)
    assert refused == len(list(beyond_district_3()))


PUBLIC = ("deputy_book",)
"""A deputy's counted duties are for everybody to see."""


def required(shape: type[msgspec.Struct]) -> list[str]:
    return [field.name for field in msgspec.structs.fields(shape) if field.required]


async def test_from_one_district_nobody_sees_into_another(stage: Stage) -> None:
    await stage.send("赵代表", "钱列席")
    admin = actor_of(Role.ADMINISTRATOR, "district:3")
    for name, view in stage.hub.views.by_name.items():
        if name in PUBLIC:
            continue
        wanted = {"person": str(person("赵代表")), "audience": {"orgs": ["city"]}}
        try:
            params = {field: wanted[field] for field in required(view.params)}
            shown = str(await stage.see(name, admin, **params))
        except (KeyError, Refused):
            continue
        assert "赵代表" not in shown, name
        assert "'station:1'" not in shown, name


async def test_the_count_of_an_audience_stays_within_ones_district(stage: Stage) -> None:
    rows = await stage.see("audience", actor_of(Role.OPERATOR, "district:3"), audience={"orgs": ["city"]})

    assert rows[0]["total"] == 4
