"""What everything about accounts works with: the database, the audit log, the key, and proof of a password."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from hub.access import model
from hub.access.entries import Entries
from hub.access.model import Account
from hub.access.passwords import Passwords
from hub.kernel.actor import Actor
from hub.kernel.errors import NotFound
from hub.kernel.messages import Command, kind_of
from hub.record import Audit, Connection, Database, load_sql

queries = load_sql(__package__)

ABOUT = ("account", "session", "device", "key", "person", "station")


@dataclass(frozen=True, kw_only=True)
class Access:
    """`totp` false (demo only): nobody is obliged to have a second factor."""

    db: Database
    audit: Audit
    key: bytes
    passwords: Passwords = field(default_factory=Passwords)
    entries: Entries = field(default_factory=Entries)
    totp: bool = True


@dataclass(frozen=True)
class Work:
    """One command being done: what it ends, and what the audit log shall say about it."""

    conn: Connection
    ended: set[str] = field(default_factory=set)
    detail: dict[str, Any] = field(default_factory=dict)


@asynccontextmanager
async def working(access: Access, command: Command, actor: Actor, at: datetime) -> AsyncIterator[Work]:
    """One transaction, its audit line in it; who must leave is told after the commit."""
    async with access.db.transaction() as conn:
        work = Work(conn)
        yield work
        await access.audit.note(
            conn, at=at, actor=actor.id, act=kind_of(command), object=about(command),
            address=actor.address, detail=work.detail,
        )
    await access.entries.end(work.ended)


def about(command: Command) -> str:
    named = ((name, getattr(command, name, None)) for name in ABOUT)
    return next((str(value) if ":" in str(value) else f"{name}:{value}" for name, value in named if value), "")


# --- accounts -------------------------------------------------------------------------------------


async def account_by_id(conn: Connection, account: UUID) -> Account | None:
    row = await conn.fetchrow(queries["account"], account)
    return msgspec.convert(dict(row), Account) if row else None


async def account_by_login(conn: Connection, login: str) -> Account | None:
    row = await conn.fetchrow(queries["account_by_login"], login)
    return msgspec.convert(dict(row), Account) if row else None


def found(account: Account | None) -> Account:
    if account is None:
        raise NotFound("没有这个账号，可能已被删除；请刷新列表。", "There is no such account; reload the list.")
    return account


def own_account(actor: Actor) -> UUID:
    kind, _, number = actor.id.partition(":")
    if kind != "account":
        raise NotFound(
            "只有用账号登录的人才有密码和动态验证码。", "Only who signs in by account has a password and a second factor.",
        )
    return UUID(number)


async def require_own_account(access: Access, actor: Actor) -> Account:
    async with access.db.read() as conn:
        return found(await account_by_id(conn, own_account(actor)))


async def require_covered(conn: Connection, actor: Actor, scopes: Iterable[str]) -> None:
    if not await conn.fetchval(queries["covers"], list(actor.scopes), list(scopes)):
        raise model.beyond_scope()


# --- proof ----------------------------------------------------------------------------------------


async def take_try(access: Access, login: str, at: datetime) -> None:
    """Raises TooMany, code `locked`. Committed at once: whatever follows, the try is counted."""
    async with access.db.read() as conn:
        row = await conn.fetchrow(queries["take_try"], login, at, model.TRIES, model.LOCKED_FOR)
    if row and row["refused"]:
        raise model.locked(row["locked_until"], at)


async def give_back_try(access: Access, login: str) -> None:
    async with access.db.read() as conn:
        await conn.execute(queries["give_back_try"], login, model.TRIES)


async def prove_password(access: Access, account: Account, password: str, at: datetime, field: str) -> None:
    """For somebody already signed in. Counts like a sign-in: a stolen session is no way to guess."""
    await take_try(access, account.login, at)
    if not await access.passwords.holds(password, account.password_hash):
        refusal = model.wrong_credentials()
        refusal.field = field
        raise refusal
    await give_back_try(access, account.login)
