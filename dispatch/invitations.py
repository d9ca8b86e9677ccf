"""Sends the link with which a deputy comes into a round or a call, and shows what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
import structlog

from dispatch.letters import VIEW, Letter, Letters
from dispatch.messages.params import OfPage
from dispatch.messages.rows import InvitationRow
from hub.access.invitation import Invitation
from hub.kernel.actor import CITY, Actor, Permission
from hub.kernel.clock import Clock
from hub.record import Connection, load_sql
from hub.spoke import Change, Page, View

log = structlog.get_logger()

Q = load_sql("dispatch")
GIVEN_UP_AFTER = timedelta(minutes=30)
"""What began then has begun without him; a late word would only confuse."""


class Invitations:
    """`here`: whether somebody has a page of the hub open."""

    def __init__(self, letters: Letters, here: Callable[[str], bool], clock: Clock) -> None:
        self._letters, self._here, self._clock = letters, here, clock

    async def send(self, told: object) -> None:
        """Errand."""
        wish = msgspec.convert(told, Invitation)
        if self._clock.now() > min(wish.asked + GIVEN_UP_AFTER, wish.until) or (wish.unless_here and self._here(wish.ref)):
            return
        letter = Letter(id=wish.id, person=UUID(wish.ref.removeprefix("person:")), asked=wish.asked, until=wish.until,
                        title=wish.title, text=wish.text, page=wish.page)
        if not await self._letters.send(letter):
            log.info("no road leads to who is invited", invitation=str(wish.id))


async def _rows(conn: Connection, page: str, people: Sequence[UUID] | None, scopes: Sequence[str]) -> list[InvitationRow]:
    return [msgspec.convert(dict(row), InvitationRow) for row in await conn.fetch(Q["invitations"], page, people, scopes)]


async def invitations(conn: Connection, params: OfPage, actor: Actor) -> Page:
    found = await _rows(conn, params.page, None, list(actor.scopes))
    return Page(found, len(found))


async def invitations_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    changes: list[Change] = []
    for page, _, ref in (key.partition(" ") for key in keys):
        changes += [Change(key=row.id, row=row, rooms=(f"{VIEW}/{page}",))
                    for row in await _rows(conn, page, [UUID(ref.removeprefix("person:"))], [CITY])]
    return changes


def _room(params: OfPage, actor: Actor) -> str:
    """Who does not hold the whole city is shown his own people, and not told of the others."""
    return f"{VIEW}/{params.page}" if CITY in actor.scopes else f"{VIEW}/{params.page}/{actor.id}"


INVITATIONS = View(name=VIEW, params=OfPage, row=InvitationRow, permission=Permission.MEET, fetch=invitations, room=_room,
                   reread=invitations_again)
