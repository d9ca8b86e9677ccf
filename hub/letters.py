"""Links by message, put together: the errands behind wishes for one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dispatch.invitations import Invitations
from dispatch.letters import Letters, Put, Touch
from dispatch.outgoing import LinkOf
from dispatch.ports import Carrier
from dispatch.renewals import Renewals
from dispatch.words import Channel
from hub.access.invitation import JOB as INVITE
from hub.access.renewal import JOB as RENEW
from hub.access.tokens import make_link
from hub.kernel.clock import Clock
from hub.record import Database
from hub.settings import Settings

LINK_LIFE_AFTER = timedelta(days=1)

Errands = Mapping[str, Callable[[Any], Awaitable[None]]]


def letters_of(
    db: Database, clock: Clock, carriers: Mapping[Channel, Carrier], link_of: LinkOf, touch: Touch, put: Put,
    here: Callable[[str], bool],
) -> Errands:
    """By kind of job. `here`: whether somebody has a page open."""
    letters = Letters(db, clock, carriers, link_of, touch, put)
    return {RENEW: Renewals(letters, clock).send, INVITE: Invitations(letters, here, clock).send}


def link_of(
    settings: Settings, key: bytes, ref: str, delivery: UUID | None, channel: Channel, issued: datetime, until: datetime,
) -> str:
    kind, _, person = ref.partition(":")
    if kind != "person":
        return f"{settings.url}/station/"
    link = make_link(key, UUID(person), delivery, issued, until - issued + LINK_LIFE_AFTER)
    return f"{settings.url}/d/{link}?via={channel}"
