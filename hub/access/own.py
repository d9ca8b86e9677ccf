"""What everybody does with his own password, second factor and sessions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hub.access import model
from hub.access.accounts import end_sessions
from hub.access.messages import (
    ChangeOwnPassword,
    ConfirmTotp,
    EnrolTotp,
    RevokeSession,
    TotpOffer,
)
from hub.access.tokens import seal, totp_secret_from, unseal
from hub.access.work import (
    Access,
    Work,
    account_by_id,
    found,
    give_back_try,
    own_account,
    prove_password,
    queries,
    require_covered,
    require_own_account,
    take_try,
    working,
)
from hub.kernel.actor import Actor, Permission, Role
from hub.kernel.errors import Conflict, NotFound, Refused


async def change_own_password(access: Access, wish: ChangeOwnPassword, actor: Actor, at: datetime) -> None:
    account = await require_own_account(access, actor)
    if account.last_command == wish.id:
        return
    await prove_password(access, account, wish.old, at, "old")
    model.require_good_password(wish.new, account.login, "new")
    if wish.new == wish.old:
        raise Refused("新密码与旧密码相同，请换一个。", "The new password is the old one; choose another.",
                      code="weak-password", field="new")
    hashed = await access.passwords.hash(wish.new)
    async with working(access, wish, actor, at) as work:
        changed = await work.conn.fetchval(
            queries["change_password"], account.id, account.password_hash, hashed, at, wish.id
        )
        if changed is None:
            raise Conflict("密码刚刚已被改过，请用新密码重新登录。",
                           "The password was changed a moment ago; sign in with the new one.")
        await end_sessions(work, account, at, wish.keep)
        await _prove_again(work, account.id)


async def enrol_totp(access: Access, wish: EnrolTotp, actor: Actor, at: datetime) -> TotpOffer:
    account = await require_own_account(access, actor)
    await prove_password(access, account, wish.password, at, "password")
    secret = totp_secret_from(access.key, wish.id, account.id)
    async with working(access, wish, actor, at) as work:
        await work.conn.execute(queries["offer_totp"], account.id, seal(access.key, secret, account.id))
    return model.totp_offer(secret, account.login)


async def confirm_totp(access: Access, wish: ConfirmTotp, actor: Actor, at: datetime) -> None:
    account = await require_own_account(access, actor)
    if account.last_command == wish.id:
        return
    await take_try(access, account.login, at)
    async with working(access, wish, actor, at) as work:
        account = found(await account_by_id(work.conn, own_account(actor)))
        if account.totp_offered is None:
            raise Refused("请先点“绑定动态验证码”取得二维码，再输入验证码。",
                          "Ask for a QR code first, then enter a code of it.", code="nothing-offered")
        step = model.totp_step(unseal(access.key, account.totp_offered, account.id), wish.given, at, 0)
        if step is None:
            raise model.wrong_code()
        await work.conn.execute(queries["confirm_totp"], account.id, step, wish.id)
        await _prove_again(work, account.id)
    await give_back_try(access, account.login)


async def revoke_session(access: Access, wish: RevokeSession, actor: Actor, at: datetime) -> None:
    async with working(access, wish, actor, at) as work:
        row = await work.conn.fetchrow(queries["session_owner"], wish.session)
        owner = row and (f"account:{row['account']}" if row["account"] else f"person:{row['person']}")
        if row is None or (owner != actor.id and not actor.may(Permission.ACCOUNTS)):
            raise NotFound("没有这个登录，可能已经结束；请刷新列表。",
                           "There is no such session, or it has ended; reload the list.")
        if owner != actor.id:
            model.require_no_more_rights(actor, map(Role, row["roles"]))
            await require_covered(work.conn, actor, row["scopes"])
        await work.conn.execute(queries["end_session"], wish.session, at)
        work.ended.add(f"session:{wish.session}")
        work.detail["who"] = owner


async def _prove_again(work: Work, account: UUID) -> None:
    """What is owed, and with it what one may, has changed: the sessions stand, sockets come in anew."""
    rows = await work.conn.fetch(queries["live_sessions"], account)
    work.ended.update(f"session:{row['id']}" for row in rows)
