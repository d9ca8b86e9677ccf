"""The spokes that own rooms, by the kind of room."""

from __future__ import annotations

from collections.abc import Iterable

from hub.kernel.actor import Actor
from hub.kernel.errors import Forbidden, NotFound, NotSignedIn
from hub.record import Connection
from media.names import kind_of_room
from media.ports import PUBLIC, Admission, RoomHost


class Hosts:
    """Filled while the hub is being built: some hosts ask the desk, whose commands ask the hosts."""

    def __init__(self, hosts: Iterable[RoomHost] = ()) -> None:
        self._by_kind = {host.kind: host for host in hosts}

    def add(self, *hosts: RoomHost) -> None:
        self._by_kind |= {host.kind: host for host in hosts}

    @property
    def all(self) -> tuple[RoomHost, ...]:
        return tuple(self._by_kind.values())

    def of(self, room: str) -> RoomHost | None:
        return self._by_kind.get(kind_of_room(room))

    async def admit(self, conn: Connection, room: str, actor: Actor) -> Admission:
        """Raises NotFound where there is no such kind of room; Forbidden (NotSignedIn for PUBLIC) where he may not enter."""
        host = self.of(room)
        if host is None:
            raise NotFound("没有这个音视频房间。", "There is no such room.", code="no-room", field="room")
        admission = await host.admits(conn, room, actor)
        if admission is not None:
            return admission
        if actor is PUBLIC:
            raise NotSignedIn("进入这个房间要先登录，或使用带签名的链接。", "Sign in to enter this room, or use a signed link.")
        raise Forbidden("您不在这个房间里，或房间已经结束。", "You are not a member of this room, or it has ended.", code="not-admitted")
