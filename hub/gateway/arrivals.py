"""What guests say has reached them becomes evidence, where it was a delivery: of all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import structlog

from dispatch.receipts import Receipts
from dispatch.told import Told
from dispatch.words import Channel, State
from hub.gateway.live.acks import Reached
from hub.gateway.sockets import Guest
from hub.kernel.actor import Role
from hub.kernel.clock import Clock
from hub.kernel.errors import HubError

log = structlog.get_logger()

INBOX = "inbox/"
RECIPIENTS = ("station:", "person:")
GONE = b"null"


class Changes(msgspec.Struct, frozen=True):
    """As much of a telling as matters here."""

    changes: list[tuple[str, msgspec.Raw]]


READ = msgspec.json.Decoder(tuple[str, Changes, str])


class Arrivals:
    def __init__(self, receipts: Receipts, clock: Clock) -> None:
        self._receipts, self._clock = receipts, clock

    async def take(self, reached: Sequence[Reached]) -> bool:
        """One insert for all. False: nothing of it is durable; who said it will say it again."""
        at = self._clock.now()
        told = {one.key: one for each in reached if each.room.startswith(INBOX) for one in _evidence(each, at)}
        try:
            await self._receipts.put(list(told.values()))
        except HubError as error:
            log.warning("acknowledgements wait", error=str(error), count=len(told))
            return False
        return True


def _evidence(reached: Reached, at: datetime) -> Iterator[Told]:
    guest: Guest = reached.guest
    actor = guest.entry.actor
    if not actor.id.startswith(RECIPIENTS):
        return
    channel = Channel.SCREEN if Role.STATION in actor.roles else Channel.PAGE
    for frame in reached.frames:
        _, told, _ = READ.decode(frame[frame.index(b"["):])
        for key, row in told.changes:
            if bytes(row) != GONE:
                yield Told(key=f"reached:{key}:{channel}", source="receipt", state=State.DELIVERED, channel=channel,
                           delivery=UUID(key), at=at)
