"""The first accounts of a new hub."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from hub.access.tokens import key_from, token_hash
from hub.access.work import Access, queries
from hub.kernel.actor import SYSTEM, Role
from hub.kernel.ids import derived
from hub.record import Connection

DEMO_PASSWORD = "Liaison-Hub-2026"

DEMO_ACCOUNTS: tuple[tuple[str, str, Role, str], ...] = (
    ("admin", "系统管理员", Role.ADMINISTRATOR, "city"),
    ("operator", "市中心值班员", Role.OPERATOR, "city"),
    ("approver", "审批负责人", Role.APPROVER, "city"),
    ("viewer", "只读观察员", Role.VIEWER, "city"),
    ("district3", "第三区值班员", Role.OPERATOR, "district:3"),
    ("intake", "代表工委", Role.INTAKE, "city"),
    ("govoffice", "市政府办公室", Role.ASSIGNER, "city"),
    ("handler5", "五号单位经办人", Role.HANDLER, "department:5"),
    ("head5", "五号单位负责人", Role.HEAD, "department:5"),
    ("handler22", "市住建局经办人", Role.HANDLER, "department:22"),
    ("head22", "市住建局负责人", Role.HEAD, "department:22"),
    ("committee", "主任会议", Role.COMMITTEE, "city"),
    ("legislation", "法工委", Role.LEGISLATOR, "city"),
)


async def seed_demo_accounts(access: Access, at: datetime) -> tuple[str, ...]:
    """The logins, all with DEMO_PASSWORD; none are made where there are accounts already."""
    hashed = await access.passwords.hash(DEMO_PASSWORD)
    async with access.db.transaction() as conn:
        if not await _is_empty(conn):
            return ()
        for login, name, role, scope in DEMO_ACCOUNTS:
            await _add(conn, derived("account", login), login, name, role, scope, hashed, at)
            await conn.execute(queries["change_password"], derived("account", login), hashed, hashed, at, None)
        await _note(access, conn, "demo accounts", at)
    return tuple(login for login, *_ in DEMO_ACCOUNTS)


async def ensure_first_admin(access: Access, at: datetime) -> tuple[str, str] | None:
    """Login and a password that must be changed at the first sign-in; None where there are accounts."""
    password = secrets.token_urlsafe(12)
    hashed = await access.passwords.hash(password)
    async with access.db.transaction() as conn:
        if not await _is_empty(conn):
            return None
        await _add(conn, derived("account", "admin"), "admin", "系统管理员", Role.ADMINISTRATOR, "city", hashed, at)
        await _note(access, conn, "first administrator", at)
    return "admin", password


async def demo_device_keys(access: Access, at: datetime) -> dict[str, str]:
    """Station → its agent's key, the same at every start. A revoked one stays revoked."""
    async with access.db.transaction() as conn:
        stations = [row["id"] for row in await conn.fetch(queries["stations"])]
        made = {station: key_from(access.key, "dk_", "demo", station) for station in stations}
        await conn.executemany(
            queries["seed_device"],
            [
                (derived("demo-device", station), station, "站点代理", token_hash(key), at, SYSTEM.id)
                for station, key in made.items()
            ],
        )
    return made


async def _is_empty(conn: Connection) -> bool:
    await conn.execute(queries["lock_accounts"])
    return not await conn.fetchval(queries["any_account"])


async def _add(
    conn: Connection, account: UUID, login: str, name: str, role: Role, scope: str, hashed: str, at: datetime
) -> None:
    await conn.execute(queries["save_account"], account, login, name, None, [role], [scope], False, hashed, at)


async def _note(access: Access, conn: Connection, what: str, at: datetime) -> None:
    await access.audit.note(conn, at=at, actor=SYSTEM.id, act="SeedAccounts", object="", detail={"what": what})
