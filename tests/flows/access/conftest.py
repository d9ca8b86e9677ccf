from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from hub.access.entries import Session
from hub.access.messages import SaveAccount
from hub.access.passwords import Passwords
from hub.access.sign_in import SignIn
from hub.access.spoke import access_spoke
from hub.access.views import access_views
from hub.access.work import Access
from hub.gateway.problems import problem_middleware
from hub.gateway.session import DOOR, SIGN_IN, DoorSettings, WechatDoor, actor_of, banners
from hub.gateway.sign_in_routes import sign_in_routes
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.clock import SetClock
from hub.kernel.errors import Forbidden, HubError, NotSignedIn
from hub.kernel.messages import Command
from hub.record import Audit, AuditLine, Database
from hub.spoke import Does

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "a rather long phrase"
LI = UUID("00000000-0000-7000-8000-00000000000a")
ORGS = (
    ("city", "city", None, ["city"]),
    ("district:1", "district", "city", ["city", "district:1"]),
    ("district:3", "district", "city", ["city", "district:3"]),
    ("station:17", "station", "district:3", ["city", "district:3", "station:17"]),
    ("station:1", "station", "district:1", ["city", "district:1", "station:1"]),
)


@dataclass
class Room:
    """The accounts of one hub, and a clock that stands where a test puts it."""

    access: Access
    sign_in: SignIn
    clock: SetClock
    gone: list[str] = field(default_factory=list)

    def later(self, **by: float) -> datetime:
        self.clock.at += timedelta(**by)
        return self.clock.at

    async def ask(self, command: Command, actor: Actor = SYSTEM) -> Any:
        """As the desk does: the permission first, then the command's own rules."""
        spoke = access_spoke(self.access, self.clock)
        does = next(one for one in spoke.commands if isinstance(one, Does) and one.command is type(command))
        if not actor.may(does.permission):
            raise Forbidden("没有权限。", "No permission.")
        return await does.handle(command, actor, self.clock.at)

    async def see(self, name: str, actor: Actor = SYSTEM, **params: Any) -> list[Any]:
        view = next(found for found in access_views(self.clock) if found.name == name)
        async with self.access.db.read() as conn:
            return list((await view.fetch(conn, view.params(**params), actor)).rows)

    async def account(self, login: str, role: Role = Role.VIEWER, scope: str = "city") -> Actor:
        """An account that owes nothing, and the actor it gives."""
        wish = SaveAccount(
            id=uuid4(), account=uuid4(), login=login, name=login, roles=(role,), scopes=(scope,), password=PASSWORD
        )
        await self.ask(wish)
        async with self.access.db.read() as conn:
            await conn.execute("update access.account set password_set_at = $2 where id = $1", wish.account, AT)
        return Actor(id=f"account:{wish.account}", name=login, roles=(role,), scopes=(scope,))

    async def come(self, login: str, password: str = PASSWORD, code: str | None = None) -> str:
        _, token = await self.sign_in.sign_in(login, password, code, "10.0.0.1", "test", self.clock.at)
        return token

    async def who(self, token: str) -> tuple[Actor, Session]:
        """Whoever this session is; fails where it is nobody's."""
        entry = await self.sign_in.enter("cookie", token, self.clock.at)
        assert entry.session is not None
        return entry.actor, entry.session

    async def is_in(self, token: str, at: datetime = AT) -> bool:
        try:
            return bool(await self.sign_in.enter("cookie", token, at))
        except NotSignedIn:
            return False

    async def actor_by(self, door: str, secret: str, at: datetime = AT) -> Actor:
        return (await self.sign_in.enter(door, secret, at)).actor

    async def log(self, act: str = "") -> list[AuditLine]:
        async with self.access.db.read() as conn:
            return list(await Audit.page(conn, act=act))


@pytest.fixture
async def room(db: Database) -> AsyncIterator[Room]:
    async with db.transaction() as conn:
        for id, kind, parent, path in ORGS:
            await conn.execute(
                "insert into directory.organisation (id, kind, parent, path, name, version) values ($1, $2, $3, $4, $1, 1)",
                id, kind, parent, path,
            )
        await conn.execute(
            "insert into directory.person (id, code, kind, name, org, path, openid, version) "
            "values ($1, 'D1', 'deputy', '李代表', 'district:3', array['city', 'district:3'], 'openid-li', 1)", LI,
        )
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    access = Access(db=db, audit=Audit(db), key=bytes(range(32)), passwords=passwords, totp=False)
    found = Room(access, SignIn(access), SetClock(AT))

    async def note(credential: str) -> None:
        found.gone.append(credential)

    found.sign_in.on_revoked(note)
    yield found
    passwords.close()


async def whoami(request: web.Request) -> web.Response:
    actor = await actor_of(request)
    return web.json_response({"id": actor.id, "address": actor.address})


@pytest.fixture
async def browser(room: Room) -> AsyncIterator[TestClient[Any, Any]]:
    """A client with a cookie jar, talking to the routes over a real socket."""

    async def openid_of(code: str) -> str:
        return code.removeprefix("code-of-")

    async def bind(person: UUID, openid: str, actor: Actor) -> None:
        async with room.access.db.read() as conn:
            await conn.execute("update directory.person set openid = $2 where id = $1", person, openid)

    wechat = WechatDoor(authorize_url=lambda state: f"/wechat?state={state}", openid_of=openid_of, bind=bind)
    settings = DoorSettings(clock=room.clock, banners=banners(totp=False), wechat=wechat)
    app = web.Application(middlewares=[problem_middleware])
    app[SIGN_IN] = room.sign_in
    app[DOOR] = settings
    app.add_routes(sign_in_routes(room.sign_in, settings))
    app.add_routes([web.post("/act", whoami), web.get("/act", whoami), web.get("/fail", fail)])
    async with TestClient(TestServer(app)) as client:
        yield client


async def fail(request: web.Request) -> web.Response:
    raise ValueError("a mistake of ours")


def number_of(actor: Actor) -> UUID:
    return UUID(actor.id.partition(":")[2])


def new_account(login: str = "new", **changes) -> SaveAccount:
    plain: dict[str, Any] = {
        "id": uuid4(), "account": uuid4(), "login": login, "name": login, "roles": (Role.VIEWER,),
        "scopes": ("city",), "password": PASSWORD,
    }
    return SaveAccount(**(plain | changes))


async def code_of(room: Room, wish, actor: Actor = SYSTEM) -> str:
    with pytest.raises(HubError) as refused:
        await room.ask(wish, actor)
    return refused.value.code
