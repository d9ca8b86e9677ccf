"""Sends the new link that somebody asked for on the page of an old one: by the road the old one came by, else by the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import structlog

from dispatch.letters import Letter, Letters
from hub.kernel.clock import Clock

log = structlog.get_logger()

GOOD_FOR = timedelta(days=7)
GIVEN_UP_AFTER = timedelta(hours=1)
"""Nobody waits at the page any longer, and he may ask again."""

TITLE = "您要的新链接"
TEXT = "{name}：请用新的链接进入，7 天内有效。如果不是您本人索取，请不要点开，也不要转发。"


class Ask(msgspec.Struct, frozen=True):
    renewal: UUID
    person: UUID
    delivery: UUID | None
    asked: datetime


class Renewals:
    def __init__(self, letters: Letters, clock: Clock) -> None:
        self._letters, self._clock = letters, clock

    async def send(self, told: object) -> None:
        """Errand."""
        ask = msgspec.convert(told, Ask)
        if self._clock.now() > ask.asked + GIVEN_UP_AFTER:
            log.warning("a new link was not sent in time", renewal=str(ask.renewal))
            return
        letter = Letter(id=ask.renewal, person=ask.person, delivery=ask.delivery, asked=ask.asked, until=ask.asked + GOOD_FOR,
                        title=TITLE, text=TEXT)
        if not await self._letters.send(letter):
            log.warning("no road leads to who asked for a new link", renewal=str(ask.renewal))
