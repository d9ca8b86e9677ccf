"""What administrators do with accounts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from hub.access import model
from hub.access.messages import (
    AccountRow,
    DisableAccount,
    RemoveTotp,
    SaveAccount,
    SetPassword,
)
from hub.access.model import Account
from hub.access.work import (
    Access,
    Work,
    account_by_id,
    found,
    queries,
    require_covered,
    working,
)
from hub.kernel.actor import Actor
from hub.kernel.errors import Conflict, Refused


async def save_account(access: Access, wish: SaveAccount, actor: Actor, at: datetime) -> AccountRow:
    model.require_console_roles(wish.roles)
    hashed = await _first_password(access, wish.password, wish.login)
    async with working(access, wish, actor, at) as work:
        await work.conn.execute(queries["lock_accounts"])
        before = await account_by_id(work.conn, wish.account)
        await _require_may_save(work, wish, before, actor)
        if before is None and hashed is None:
            raise Refused("新账号需要一个初始密码。", "A new account needs a first password.", field="password")
        await work.conn.execute(
            queries["save_account"], wish.account, wish.login.lower(), wish.name, wish.person, list(wish.roles),
            list(wish.scopes), wish.totp_required, hashed or (before.password_hash if before else ""), at,
        )
        if before and hashed:
            await _replace_password(work, before, hashed, at)
        await _require_an_administrator(work, before)
        await _end_if_changed(work, wish, before)
        work.detail.update(login=wish.login.lower(), roles=wish.roles, scopes=wish.scopes)
        row = await work.conn.fetchrow(queries["account_row"], wish.account)
        return msgspec.convert(dict(row or {}), AccountRow)


async def set_password(access: Access, wish: SetPassword, actor: Actor, at: datetime) -> None:
    async with access.db.read() as conn:
        account = found(await account_by_id(conn, wish.account))
    hashed = await _first_password(access, wish.password, account.login)
    async with working(access, wish, actor, at) as work:
        account = await _require_over(work, wish.account, actor)
        await _replace_password(work, account, str(hashed), at)
        work.detail["login"] = account.login


async def disable_account(access: Access, wish: DisableAccount, actor: Actor, at: datetime) -> None:
    async with working(access, wish, actor, at) as work:
        await work.conn.execute(queries["lock_accounts"])
        account = await _require_over(work, wish.account, actor)
        await work.conn.execute(queries["set_disabled"], wish.account, wish.disabled)
        await _require_an_administrator(work, account)
        if wish.disabled:
            await end_sessions(work, account, at)
        work.detail.update(login=account.login, disabled=wish.disabled)


async def remove_totp(access: Access, wish: RemoveTotp, actor: Actor, at: datetime) -> None:
    async with working(access, wish, actor, at) as work:
        account = await _require_over(work, wish.account, actor)
        await work.conn.execute(queries["remove_totp"], wish.account)
        await end_sessions(work, account, at)
        work.detail["login"] = account.login


async def end_sessions(work: Work, account: Account, at: datetime, keep: UUID | None = None) -> None:
    rows = await work.conn.fetch(queries["end_account_sessions"], account.id, at, keep)
    work.ended.update(f"session:{row['id']}" for row in rows)


async def _first_password(access: Access, password: str | None, login: str) -> str | None:
    if password is None:
        return None
    model.require_good_password(password, login)
    return await access.passwords.hash(password)


async def _replace_password(work: Work, account: Account, hashed: str, at: datetime) -> None:
    await work.conn.execute(queries["set_first_password"], account.id, hashed)
    await work.conn.execute(queries["clear_failures"], account.login)
    await end_sessions(work, account, at)


async def _require_over(work: Work, account_id: UUID, actor: Actor) -> Account:
    """Whoever may change somebody's way in could come in as him."""
    account = found(await account_by_id(work.conn, account_id))
    model.require_no_more_rights(actor, account.roles)
    await require_covered(work.conn, actor, account.scopes)
    return account


async def _require_may_save(work: Work, wish: SaveAccount, before: Account | None, actor: Actor) -> None:
    if before:
        await _require_over(work, before.id, actor)
    model.require_no_more_rights(actor, wish.roles)
    await require_known(work, wish.scopes)
    await require_covered(work.conn, actor, wish.scopes)
    if wish.person:
        await require_known(work, (f"person:{wish.person}",), "person")
        await require_covered(work.conn, actor, (f"person:{wish.person}",))
    if await work.conn.fetchval(queries["login_taken"], wish.login.lower(), wish.account):
        raise Conflict(
            f"登录名“{wish.login}”已有人使用，请换一个。", f"The login '{wish.login}' is taken; choose another.",
            code="login-taken", field="login",
        )


async def require_known(work: Work, scopes: tuple[str, ...], field: str = "scopes") -> None:
    unknown = [row["s"] for row in await work.conn.fetch(queries["unknown_scopes"], list(scopes))]
    if unknown:
        raise Refused(
            f"没有“{'、'.join(unknown)}”这个组织或人员，请从列表中选择。",
            f"There is no organisation or person {', '.join(unknown)}; choose from the list.",
            code="unknown-scope", field=field,
        )


async def _require_an_administrator(work: Work, before: Account | None) -> None:
    """Only who was one can have been the last."""
    if before and model.runs_the_city(before) and await work.conn.fetchval(queries["city_administrators"]) == 0:
        raise model.last_administrator()


async def _end_if_changed(work: Work, wish: SaveAccount, before: Account | None) -> None:
    """Rights that changed count at once: who is connected proves himself again, his session stands."""
    if before and (before.roles, before.scopes, before.person) != (wish.roles, wish.scopes, wish.person):
        rows = await work.conn.fetch(queries["live_sessions"], wish.account)
        work.ended.update(f"session:{row['id']}" for row in rows)
