"""Keys of machines, and taking back what was given to a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from hub.access import model
from hub.access.accounts import require_known
from hub.access.messages import (
    CreateApiKey,
    EnrolDevice,
    KeyMade,
    RevokeApiKey,
    RevokeDevice,
    RevokeLinks,
)
from hub.access.tokens import key_from, token_hash
from hub.access.work import Access, queries, require_covered, working
from hub.kernel.actor import Actor, Role
from hub.kernel.errors import Conflict, NotFound, Refused
from hub.kernel.ids import derived

SHOWN_AGAIN = timedelta(minutes=10)
"""The same wish asked again within this time gets the same key: its answer may have been lost."""


async def enrol_device(access: Access, wish: EnrolDevice, actor: Actor, at: datetime) -> KeyMade:
    made = KeyMade(id=derived("device", wish.id), key=key_from(access.key, "dk_", wish.id, actor.id))
    async with working(access, wish, actor, at) as work:
        await require_known(work, (wish.station,), "station")
        await require_covered(work.conn, actor, (wish.station,))
        row = await work.conn.fetchrow(queries["device"], made.id)
        if row:
            return _again(made, row["created_by"], row["created"], actor, at)
        await work.conn.execute(
            queries["add_device"], made.id, wish.station, wish.name, token_hash(made.key), at, actor.id
        )
        work.detail.update(device=made.id, name=wish.name)
    return made


async def revoke_device(access: Access, wish: RevokeDevice, actor: Actor, at: datetime) -> None:
    async with working(access, wish, actor, at) as work:
        row = await work.conn.fetchrow(queries["device"], wish.device)
        if row is None:
            raise _no_such_key()
        await require_covered(work.conn, actor, (row["station"],))
        await work.conn.execute(queries["end_device"], wish.device, at)
        work.ended.add(f"device:{wish.device}")
        work.detail["station"] = row["station"]


async def create_api_key(access: Access, wish: CreateApiKey, actor: Actor, at: datetime) -> KeyMade:
    model.require_console_roles(wish.roles)
    model.require_no_more_rights(actor, wish.roles)
    if wish.expires and wish.expires <= at:
        raise Refused("到期时间已经过去，请选一个将来的时间。", "The expiry lies in the past; choose a later one.",
                      code="past-time", field="expires")
    made = KeyMade(id=derived("api-key", wish.id), key=key_from(access.key, "ak_", wish.id, actor.id))
    async with working(access, wish, actor, at) as work:
        await require_known(work, wish.scopes)
        await require_covered(work.conn, actor, wish.scopes)
        row = await work.conn.fetchrow(queries["api_key"], made.id)
        if row:
            return _again(made, row["created_by"], row["created"], actor, at)
        await work.conn.execute(
            queries["add_api_key"], made.id, wish.name, token_hash(made.key), list(wish.roles), list(wish.scopes),
            at, actor.id, wish.expires,
        )
        work.detail.update(key=made.id, name=wish.name, roles=wish.roles, scopes=wish.scopes)
    return made


async def revoke_api_key(access: Access, wish: RevokeApiKey, actor: Actor, at: datetime) -> None:
    async with working(access, wish, actor, at) as work:
        row = await work.conn.fetchrow(queries["api_key"], wish.key)
        if row is None:
            raise _no_such_key()
        model.require_no_more_rights(actor, map(Role, row["roles"]))
        await require_covered(work.conn, actor, row["scopes"])
        await work.conn.execute(queries["end_api_key"], wish.key, at)
        work.ended.add(f"key:{wish.key}")


async def revoke_links(access: Access, wish: RevokeLinks, actor: Actor, at: datetime) -> None:
    async with working(access, wish, actor, at) as work:
        await require_covered(work.conn, actor, (f"person:{wish.person}",))
        await work.conn.execute(queries["void_links"], wish.person, at)
        rows = await work.conn.fetch(queries["end_person_sessions"], wish.person, at)
        work.ended.update(f"session:{row['id']}" for row in rows)
        work.ended.add(f"links:{wish.person}")


def _again(made: KeyMade, created_by: str, created: datetime, actor: Actor, at: datetime) -> KeyMade:
    if created_by != actor.id or at > created + SHOWN_AGAIN:
        raise Conflict(
            "这把密钥早先已经生成，只显示一次；若没有记下，请收回后重新生成。",
            "This key was made earlier and is shown once only. If nobody wrote it down, revoke it and make a new one.",
            code="key-shown",
        )
    return made


def _no_such_key() -> NotFound:
    return NotFound("没有这把密钥，请刷新列表。", "There is no such key; reload the list.")
