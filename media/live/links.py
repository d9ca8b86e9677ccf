"""Handing out links to one live meeting."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hub.kernel.actor import Actor
from hub.kernel.errors import Conflict
from hub.record import Database, load_sql
from media.live.messages.commands import LiveLink, MakeLiveLink
from media.live.model import no_live
from media.live.passes import make_link
from media.live.words import LiveState

Q = load_sql(__package__)


def page_of(live: UUID, token: str) -> str:
    """Where a viewer opens it; what stands behind `#` reaches no server's log on the way."""
    return f"/live/{live}#{token}" if token else f"/live/{live}"


class Links:
    def __init__(self, db: Database, key: bytes) -> None:
        self._db, self._key = db, key

    async def make(self, command: MakeLiveLink, actor: Actor, at: datetime) -> LiveLink:
        async with self._db.read() as conn:
            row = await conn.fetchrow(Q["live_scene"], command.live, list(actor.scopes))
        if row is None or not row["mine"]:
            raise no_live()
        if row["state"] == LiveState.CANCELLED:
            raise Conflict("直播已取消。", "It was cancelled.", code="live-cancelled")
        token, expires = make_link(self._key, command.live, row["epoch"], command.days, at)
        return LiveLink(page_of(command.live, token), expires)
