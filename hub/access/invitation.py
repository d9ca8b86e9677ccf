"""Somebody is asked to come to a page of the hub: a wish for a message with a link, made inside the transaction
that records why. Whoever sends messages does it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from hub.record import Connection, Jobs

JOB = "link.invite"
"""Its payload: an Invitation."""


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """`ref` names a person; `text` may say `{name}`. `page`: what the link opens in the deputies' app. `unless_here`:
    not to who has a page open already. After `until` nobody need come any more."""

    id: UUID
    ref: str
    page: str
    title: str
    text: str
    asked: datetime
    until: datetime
    unless_here: bool = False


def page_of(room: str, which: UUID) -> str:
    return f"{room}/{which}"


async def invite(conn: Connection, invitation: Invitation) -> None:
    await Jobs.put(conn, JOB, str(invitation.id), invitation.asked, msgspec.to_builtins(invitation))
