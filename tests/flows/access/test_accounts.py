from __future__ import annotations

import csv
import io
from uuid import UUID, uuid4

import pytest
from python_calamine import CalamineWorkbook

from hub.access.export import export_audit
from hub.access.messages import (
    AuditParams,
    CreateApiKey,
    DisableAccount,
    EnrolDevice,
    RevokeDevice,
    RevokeSession,
    SetPassword,
)
from hub.access.seed import (
    DEMO_PASSWORD,
    demo_device_keys,
    ensure_first_admin,
    seed_demo_accounts,
)
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.errors import Forbidden, NotSignedIn
from tests.flows.access.conftest import AT, LI, Room, code_of, new_account, number_of

# --- granting -------------------------------------------------------------------------------------


async def test_a_saved_account_stands_in_the_list(room: Room):
    wish = new_account("Zhao.Min", roles=(Role.OPERATOR, Role.APPROVER), scopes=("district:3",))

    row = await room.ask(wish)

    assert (row.login, row.roles, row.scopes, row.password_set_at) == ("zhao.min", wish.roles, wish.scopes, None)
    assert await room.see("accounts") == [row]
    assert await room.see("accounts", text="MIN", role=Role.APPROVER) == [row]
    assert await room.see("accounts", role=Role.VIEWER) == []


async def test_saving_twice_is_saving_once(room: Room):
    wish = new_account()

    assert await room.ask(wish) == await room.ask(wish)
    assert len(await room.see("accounts")) == 1


async def test_a_district_administrator_grants_within_his_district_only(room: Room):
    admin = await room.account("admin3", Role.ADMINISTRATOR, "district:3")

    await room.ask(new_account("one", scopes=("district:3", "station:17", f"person:{LI}")), admin)

    for scopes in (("city",), ("district:1",), ("district:3", "station:1")):
        assert await code_of(room, new_account("two", scopes=scopes), admin) == "beyond-own-scope"


async def test_a_district_administrator_neither_sees_nor_takes_over_the_citys_accounts(room: Room):
    admin = await room.account("admin3", Role.ADMINISTRATOR, "district:3")
    boss = await room.account("boss", Role.ADMINISTRATOR)
    _, session = await room.who(await room.come("boss"))

    assert [row.login for row in await room.see("accounts", admin)] == ["admin3"]
    assert await room.see("sessions", admin) == []
    for wish in (
        SetPassword(id=uuid4(), account=number_of(boss), password="taken over now"),
        DisableAccount(id=uuid4(), account=number_of(boss)),
        new_account("boss", account=number_of(boss), scopes=("district:3",)),
        RevokeSession(id=uuid4(), session=session.id),
    ):
        assert await code_of(room, wish, admin) == "beyond-own-scope"


async def test_nobody_widens_his_own_scope(room: Room):
    admin = await room.account("admin3", Role.ADMINISTRATOR, "district:3")
    wish = new_account("admin3", account=number_of(admin), roles=(Role.ADMINISTRATOR,), scopes=("city",))

    assert await code_of(room, wish, admin) == "beyond-own-scope"


async def test_rights_one_has_not_cannot_be_granted_by_an_api_key_either(room: Room):
    narrow = Actor(id="key:1", name="", roles=(Role.ADMINISTRATOR,), scopes=("station:17",))

    wish = CreateApiKey(id=uuid4(), name="x", roles=(Role.VIEWER,), scopes=("district:3",))

    assert await code_of(room, wish, narrow) == "beyond-own-scope"


async def test_who_may_not_keep_accounts_is_refused(room: Room):
    operator = await room.account("op", Role.OPERATOR)

    assert await code_of(room, new_account(), operator) == "forbidden"


@pytest.mark.parametrize(("changes", "code"), [
    ({"roles": (Role.STATION,)}, "not-an-account-role"),
    ({"scopes": ("district:99",)}, "unknown-scope"),
    ({"scopes": (f"person:{UUID(int=1)}",)}, "unknown-scope"),
    ({"person": UUID(int=1)}, "unknown-scope"),
    ({"password": None}, "refused"),
    ({"password": "short"}, "weak-password"),
])
async def test_a_faulty_account_is_refused_and_nothing_is_saved(room: Room, changes, code):
    assert await code_of(room, new_account(**changes)) == code
    assert await room.see("accounts") == []


async def test_a_login_belongs_to_one(room: Room):
    await room.account("wang")

    assert await code_of(room, new_account("WANG")) == "login-taken"


async def test_the_last_administrator_stays(room: Room):
    boss = await room.account("boss", Role.ADMINISTRATOR)

    assert await code_of(room, DisableAccount(id=uuid4(), account=number_of(boss)), boss) == "last-administrator"
    demoted = new_account("boss", account=number_of(boss), password=None)
    assert await code_of(room, demoted, boss) == "last-administrator"

    await room.account("second", Role.ADMINISTRATOR)
    await room.ask(DisableAccount(id=uuid4(), account=number_of(boss)), boss)
    assert [row.disabled for row in await room.see("accounts")] == [True, False]


async def test_changed_rights_count_at_once(room: Room):
    wang = await room.account("wang", Role.OPERATOR)
    token = await room.come("wang")
    _, session = await room.who(token)

    await room.ask(new_account("wang", account=number_of(wang), password=None))

    actor, _ = await room.who(token)
    assert (actor.roles, room.gone) == ((Role.VIEWER,), [f"session:{session.id}"])


# --- the first accounts ---------------------------------------------------------------------------


async def test_the_demo_has_its_accounts_once(room: Room):
    logins = await seed_demo_accounts(room.access, AT)

    assert logins[:5] == ("admin", "operator", "approver", "viewer", "district3")
    assert await seed_demo_accounts(room.access, AT) == ()
    _, session = await room.who(await room.come("district3", DEMO_PASSWORD))
    assert session.owes == ()


async def test_the_demo_stations_have_the_same_keys_at_every_start_and_revoked_ones_stay_revoked(room: Room):
    keys = await demo_device_keys(room.access, AT)
    device = next(row for row in await room.see("devices") if row.station == "station:17")

    await room.ask(RevokeDevice(id=uuid4(), device=device.id))

    assert await demo_device_keys(room.access, AT) == keys
    assert (await room.actor_by("device", keys["station:1"], AT)).id == "station:1"
    with pytest.raises(NotSignedIn):
        await room.actor_by("device", keys["station:17"], AT)


async def test_a_new_hub_has_an_administrator_who_must_change_his_password(room: Room):
    first = await ensure_first_admin(room.access, AT)

    assert first is not None
    assert await ensure_first_admin(room.access, AT) is None
    _, session = await room.who(await room.come(*first))
    assert session.owes == ("password",)


# --- the audit log --------------------------------------------------------------------------------


async def test_the_log_says_who_did_what_and_how_it_ended(room: Room):
    boss = await room.account("boss", Role.ADMINISTRATOR)
    room.later(seconds=1)
    made = await room.ask(EnrolDevice(id=uuid4(), station="station:17", name="大厅终端"), boss)

    newest = (await room.see("audit", limit=1))[0]

    assert (newest.actor, newest.actor_name, newest.act, newest.about, newest.outcome) == (
        boss.id, "boss", "EnrolDevice", "station:17", "ok",
    )
    assert newest.detail == {"device": str(made.id), "name": "大厅终端"}
    assert made.key not in str(await room.see("audit"))


async def test_the_log_turns_its_pages_without_gap_or_repetition(room: Room):
    for n in range(7):
        await room.access.audit.note(None, at=AT, actor="system", act="Tested", detail={"n": n})

    seen, before = [], None
    while rows := await room.see("audit", act="Tested", before=before, limit=3):
        seen += [row.detail["n"] for row in rows]
        before = rows[-1].id

    assert seen == [6, 5, 4, 3, 2, 1, 0]


async def test_the_log_is_for_who_has_the_whole_city(room: Room):
    admin = await room.account("admin3", Role.ADMINISTRATOR, "district:3")

    with pytest.raises(Forbidden):
        await room.see("audit", admin)


async def test_the_log_as_a_file_holds_the_same_lines(room: Room):
    for n in range(600):
        await room.access.audit.note(None, at=AT, actor=f"person:{LI}", act="Tested", object="=1+1", detail={"n": n})

    async with room.access.db.read() as conn:
        table = await export_audit(conn, SYSTEM, AuditParams(act="Tested"), "csv")
        book = await export_audit(conn, SYSTEM, AuditParams(act="Tested"), "xlsx")

    lines = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert len(lines) == len(sheet) == 601
    assert lines[1][1:6] == ["2026-03-02 17:00:00", f"person:{LI}", "李代表", "Tested", "'=1+1"]
    assert sheet[1][5] == "=1+1"
