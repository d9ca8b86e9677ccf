"""Who may watch, and what the door knows of a live meeting for a moment, so that thousands of segments cost
one look into the database every other second."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from hub.kernel.actor import CITY, Actor, Permission, Role
from hub.kernel.errors import Forbidden, NotSignedIn, TryAgain
from hub.record import Connection, Database, load_sql
from media.live.model import no_live
from media.live.passes import link_holds, pass_holds
from media.live.words import VIEWER_FORGOTTEN, Access, LiveState

Q = load_sql(__package__)

REMEMBERED = 2.0
"""Seconds: so long after it was closed to somebody a segment may still be given."""
MOST_REMEMBERED = 500


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A live meeting as the door knows it. `path`: of who runs it."""

    id: UUID
    room: str
    owner: str
    title: str
    about: str
    poster: UUID | None
    state: LiveState
    access: Access
    roles: tuple[Role, ...]
    org: str
    dvr: int
    epoch: int
    recording: UUID | None
    starts: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    replay_ready: bool
    path: tuple[str, ...]
    viewers: int = 0


def admitted(live: Shown, actor: Actor | None, places: Sequence[str], linked: bool) -> bool:
    """`places`: everything above the actor's scopes, with themselves. Pure."""
    if live.state is LiveState.CANCELLED:
        return False
    if live.access is Access.PUBLIC or linked:
        return True
    if actor is None:
        return False
    if runs_it(live, actor):
        return True
    return live.access is Access.ROLES and bool(set(actor.roles) & set(live.roles)) and live.org in places


def runs_it(live: Shown, actor: Actor) -> bool:
    return actor.may(Permission.LIVE) and actor.covers((CITY, *live.path))


def shut_out(live: Shown, actor: Actor | None) -> Forbidden | NotSignedIn:
    """Says why, and no more than that."""
    if live.access is Access.LINK:
        return Forbidden("这场直播凭链接观看，请打开您收到的完整链接。",
                         "This live meeting is watched by its link; open the whole link that you were sent.", code="link-needed")
    if actor is None:
        return NotSignedIn("请先登录，再观看这场直播。", "Sign in first to watch this.", code="sign-in-to-watch")
    return Forbidden("这场直播不对您的身份开放。", "This live meeting is not open to you.", code="not-for-you")


async def shown_live(conn: Connection, live: UUID, at: datetime) -> Shown | None:
    row = await conn.fetchrow(Q["shown_live"], live, at - VIEWER_FORGOTTEN)
    return msgspec.convert(dict(row), Shown) if row else None


async def places_of(conn: Connection, actor: Actor) -> Sequence[str]:
    """Everything above his scopes, with themselves."""
    places: Sequence[str] = await conn.fetchval(Q["paths_of"], list(actor.scopes))
    return places


class Watching:
    def __init__(self, db: Database, key: bytes) -> None:
        self._db, self._key = db, key
        self._known: OrderedDict[UUID, tuple[float, asyncio.Future[Shown | None]]] = OrderedDict()

    async def find(self, live: UUID, at: datetime) -> Shown:
        """Raises NotFound."""
        now = asyncio.get_running_loop().time()
        known = self._known.get(live)
        if known is None or now - known[0] > REMEMBERED:
            known = (now, asyncio.get_running_loop().create_future())
            self._known[live] = known
            self._known.move_to_end(live)
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
            await self._look(live, known[1], at)
        found = await asyncio.shield(known[1])
        if found is None:
            raise no_live()
        return found

    def forget(self, live: str) -> None:
        """It is another one now; other processes find out within REMEMBERED."""
        self._known.pop(UUID(live), None)

    async def _look(self, live: UUID, into: asyncio.Future[Shown | None], at: datetime) -> None:
        """Whoever asks meanwhile waits for the same answer; where the asker goes away, the next one asks anew."""
        try:
            async with self._db.read() as conn:
                found = await shown_live(conn, live, at)
            into.set_result(found)
        except BaseException:
            self._known.pop(live, None)
            into.set_exception(TryAgain("请再试一次。", "Try once more."))
            into.exception()
            raise

    async def require(self, live: Shown, actor: Actor | None, link: str, at: datetime) -> None:
        """Raises Forbidden or NotSignedIn."""
        places: Sequence[str] = ()
        if actor is not None and live.access is Access.ROLES:
            async with self._db.read() as conn:
                places = await places_of(conn, actor)
        if not admitted(live, actor, places, self.linked(live, link, at)):
            raise shut_out(live, actor)

    def linked(self, live: Shown, link: str, at: datetime) -> bool:
        return bool(link) and link_holds(self._key, live.id, live.epoch, link, at)

    async def passed(self, live: UUID, token: str, at: datetime) -> Shown:
        """By the pass in an address alone. Raises NotFound, Forbidden."""
        found = await self.find(live, at)
        if found.state is LiveState.CANCELLED or not pass_holds(self._key, live, found.epoch, token, at):
            raise Forbidden("观看凭证已过期，请刷新页面。", "This pass has expired; reload the page.", code="pass-expired")
        return found
