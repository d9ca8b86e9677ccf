"""Keys of encoders, and what else opens the room of a live meeting without signing in: a viewer's link."""

from __future__ import annotations

from datetime import datetime, timedelta

from hub.access.allowance import Allowance
from hub.access.tokens import key_from, token_hash
from hub.kernel.actor import Actor
from hub.kernel.errors import Conflict, NotFound, NotSignedIn, Refused
from hub.kernel.ids import derived
from hub.record import Audit, Connection, Database, load_sql
from hub.spoke import Page
from media.engine import Engine
from media.live import rows
from media.live.hosting import PUBLISHES, live_of, watches
from media.live.messages.commands import MakeStreamKey, RevokeStreamKey, StreamKeyMade
from media.live.messages.params import OfLive
from media.live.messages.rows import StreamKeyRow
from media.live.model import no_live
from media.live.watching import Watching
from media.live.words import STREAM_KEY, LiveState, own_room, seat_of_key
from media.ports import Admission

Q = load_sql(__package__)

SHOWN_AGAIN = timedelta(minutes=10)
"""The same wish asked again within this time gets the same key: its answer may have been lost."""
NOTED_EVERY = timedelta(minutes=10)
"""An encoder that is let in or turned away knocks every few seconds."""
MOST_KEYS = 100


class StreamKeys:
    def __init__(self, db: Database, key: bytes, engine: Engine) -> None:
        self._db, self._key, self._engine = db, key, engine

    async def make(self, command: MakeStreamKey, actor: Actor, at: datetime) -> StreamKeyMade:
        made = StreamKeyMade(derived("stream key", command.id), key_from(self._key, STREAM_KEY, command.id, actor.id), own_room(command.live))
        async with self._db.transaction() as conn:
            await _require_own(conn, command, actor)
            row = await conn.fetchrow(Q["stream_key"], made.id)
            if row:
                if row["made_by"] != actor.id or at > row["made_at"] + SHOWN_AGAIN:
                    raise _shown_once()
                return made
            if len(await conn.fetch(Q["stream_keys_of"], command.live)) >= MOST_KEYS:
                raise Conflict("这场直播的推流密钥太多了，请先收回不用的。", "This live meeting has too many stream keys; revoke some.",
                               code="too-many-keys")
            await conn.execute(
                Q["add_stream_key"], made.id, command.live, command.name, token_hash(made.key), actor.id, actor.name, at)
        return made

    async def revoke(self, command: RevokeStreamKey, actor: Actor, at: datetime) -> None:
        async with self._db.transaction() as conn:
            live = await conn.fetchval(Q["live_of_key"], command.key)
            row = await conn.fetchrow(Q["live_scene"], live, list(actor.scopes)) if live else None
            if row is None or not row["mine"]:
                raise NotFound("没有这把推流密钥，请刷新列表。", "There is no such stream key; reload the list.")
            await conn.execute(Q["revoke_stream_key"], command.key, at)
        for peer in self._engine.present(own_room(live)):
            if peer.ref == seat_of_key(command.key):
                await self._engine.leave(peer.peer, why="revoked")

    async def shown(self, conn: Connection, params: OfLive, actor: Actor) -> Page:
        scene = await conn.fetchrow(Q["live_scene"], params.live, list(actor.scopes))
        if scene is None or not scene["mine"]:
            raise no_live()
        here = {peer.ref for peer in self._engine.present(own_room(params.live)) if peer.up}
        found = await conn.fetch(Q["stream_keys_of"], params.live)
        return Page([rows.convert(dict(row) | {"on_air": seat_of_key(row["id"]) in here}, StreamKeyRow) for row in found], len(found))


class StreamDoor:
    """What a bearer may show at the door of a live meeting's own room, beside what opens every door."""

    def __init__(self, db: Database, watching: Watching) -> None:
        self._db, self._watching, self._audit = db, watching, Audit(db)
        self._noted = Allowance(1, NOTED_EVERY)

    async def admitted(self, room: str, secret: str, address: str, at: datetime) -> tuple[Actor, Admission] | None:
        """None: it is another kind of credential. Raises NotSignedIn."""
        if secret.startswith(STREAM_KEY):
            return await self._by_key(room, secret, address, at)
        which = live_of(room)
        live = await self._watching.find(which, at) if which else None
        if live is None or live.state is not LiveState.LIVE or live.room != room or not self._watching.linked(live, secret, at):
            return None
        return Actor(id="viewer", name="观众", roles=(), scopes=(), address=address), watches(live, "观众")

    async def _by_key(self, room: str, secret: str, address: str, at: datetime) -> tuple[Actor, Admission]:
        async with self._db.read() as conn:
            row = await conn.fetchrow(Q["stream_key_shown"], token_hash(secret), room)
            good = row is not None and row["revoked_at"] is None and bool(row["opens"])
            if row is not None and good:
                await conn.execute(Q["stream_key_used"], row["id"], at)
        known, name = (seat_of_key(row["id"]), row["name"]) if row else ("", "")
        actor = Actor(id=known, name=name, roles=(), scopes=(), address=address)
        await self._note(actor, room, "ok" if good else "refused", at)
        if not good:
            raise bad_key()
        return actor, Admission(ref=known, name=name, allowed=PUBLISHES)

    async def _note(self, actor: Actor, room: str, outcome: str, at: datetime) -> None:
        if self._noted.take(f"{actor.id} {room} {outcome}", at):
            await self._audit.note(None, at=at, actor=actor.id, act="publish live", object=room[:120], outcome=outcome,
                                   address=actor.address, detail={"name": actor.name})


async def _require_own(conn: Connection, command: MakeStreamKey, actor: Actor) -> None:
    row = await conn.fetchrow(Q["live_scene"], command.live, list(actor.scopes))
    if row is None or not row["mine"]:
        raise no_live()
    if row["room"] != own_room(command.live):
        raise Refused("这场直播的画面来自会场，不用编码器推流。", "This live meeting shows a room; no encoder publishes into it.", code="not-own-room")
    if row["state"] not in (LiveState.PLANNED, LiveState.LIVE):
        raise Conflict("直播已经结束，不能再推流。", "It is over; nothing can be published any more.", code=f"live-{row['state']}")


def _shown_once() -> Conflict:
    return Conflict("这把密钥早先已经生成，只显示一次；若没有记下，请收回后重新生成。",
                    "This key was made earlier and is shown once only. If nobody wrote it down, revoke it and make a new one.",
                    code="key-shown")


def bad_key() -> NotSignedIn:
    return NotSignedIn("推流密钥无效、已收回，或不属于这场直播；请在直播页面新建一把。",
                       "This stream key is unknown, revoked, or of another live meeting; make one on the meeting's page.",
                       code="bad-stream-key")
