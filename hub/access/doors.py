"""What each credential proves. Nothing is remembered here: every call asks the database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from hub.access import model
from hub.access.entries import Entry, Session
from hub.access.model import Account
from hub.access.tokens import link_expired, read_link, token_hash
from hub.access.work import Access, account_by_id, queries
from hub.kernel.actor import Actor, Role
from hub.kernel.errors import NotSignedIn
from hub.record import Connection

SEEN_EVERY = timedelta(seconds=60)


class BadKey(NotSignedIn):
    """`about` is what the audit log may know of it."""

    default_code = "bad-key"

    def __init__(self, kind: str, known: UUID | None) -> None:
        super().__init__(
            "设备或接口密钥无效、已过期或已收回，请让管理员重新登记并换用新密钥。",
            "This device or API key is unknown, expired or revoked. Have an administrator make a new one and use that.",
        )
        self.about = f"{kind}:{known or '?'}"


async def enter_by_cookie(access: Access, token: str, at: datetime) -> Entry:
    async with access.db.read() as conn:
        row = await conn.fetchrow(queries["session"], token_hash(token))
        if row is None or row["revoked_at"] or not _is_alive(row["last_seen"], row["expires"], at):
            raise model.not_signed_in()
        account = await account_by_id(conn, row["account"]) if row["account"] else None
        actor = _actor(access, account, row["person"] if row["person_active"] else None, row["person_name"])
        if at - row["last_seen"] >= SEEN_EVERY:
            await conn.execute(queries["session_seen"], row["id"], at)
            await conn.execute(queries["account_seen"], row["account"], at)
    session = Session(
        id=row["id"], account=row["account"], person=row["person"], created=row["created"], expires=row["expires"],
        owes=model.owes(account, access.totp) if account else (),
    )
    return Entry(actor=actor, credential=f"session:{row['id']}", session=session, expires=row["expires"])


async def enter_by_link(access: Access, token: str, at: datetime) -> Entry:
    link = read_link(access.key, token, at)
    async with access.db.read() as conn:
        row = await conn.fetchrow(queries["person_for_link"], link.person)
    if row is None or (row["before"] and link.issued <= row["before"]):
        raise link_expired()
    return Entry(
        actor=deputy(link.person, row["name"]), credential=f"links:{link.person}",
        expires=link.expires, delivery=link.delivery,
    )


async def enter_by_device(access: Access, key: str, at: datetime) -> Entry:
    async with access.db.read() as conn:
        row = await conn.fetchrow(queries["device_by_key"], token_hash(key))
        if row is None or row["revoked_at"] or row["out_of_use"]:
            raise BadKey("device", row["id"] if row else None)
        await _seen(conn, "device_seen", row["id"], row["last_seen"], at)
    station = row["station"]
    actor = Actor(id=station, name=row["station_name"] or row["name"], roles=(Role.STATION,), scopes=(station,))
    return Entry(actor=actor, credential=f"device:{row['id']}")


async def enter_by_api_key(access: Access, key: str, at: datetime) -> Entry:
    async with access.db.read() as conn:
        row = await conn.fetchrow(queries["api_key_by_key"], token_hash(key))
        if row is None or row["revoked_at"] or (row["expires"] and at >= row["expires"]):
            raise BadKey("key", row["id"] if row else None)
        await _seen(conn, "api_key_seen", row["id"], row["last_seen"], at)
    actor = Actor(
        id=f"key:{row['id']}", name=row["name"], roles=tuple(map(Role, row["roles"])), scopes=tuple(row["scopes"])
    )
    return Entry(actor=actor, credential=f"key:{row['id']}", expires=row["expires"])


DOORS: dict[str, Callable[[Access, str, datetime], Awaitable[Entry]]] = {
    "cookie": enter_by_cookie,
    "device": enter_by_device,
    "link": enter_by_link,
    "key": enter_by_api_key,
}


def deputy(person: UUID, name: str) -> Actor:
    return Actor(id=f"person:{person}", name=name, roles=(Role.DEPUTY,), scopes=(f"person:{person}",))


def _actor(access: Access, account: Account | None, person: UUID | None, name: str | None) -> Actor:
    if account and not account.disabled:
        return model.actor_of_account(account, access.totp)
    if person:
        return deputy(person, name or "")
    raise model.not_signed_in()


def _is_alive(last_seen: datetime, expires: datetime, at: datetime) -> bool:
    return at < expires and at < last_seen + model.IDLE


async def _seen(conn: Connection, query: str, key: UUID, before: datetime | None, at: datetime) -> None:
    if before is None or at - before >= SEEN_EVERY:
        await conn.execute(queries[query], key, at)
