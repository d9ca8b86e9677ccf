"""Links by message, put together: the errands behind wishes for one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from dispatch.invitations import Invitations
from dispatch.letters import Letters, Touch
from dispatch.outgoing import LinkOf
from dispatch.ports import Carrier
from dispatch.renewals import Renewals
from dispatch.words import Channel
from hub.access.invitation import JOB as INVITE
from hub.access.renewal import JOB as RENEW
from hub.kernel.clock import Clock
from hub.record import Database

Errands = Mapping[str, Callable[[Any], Awaitable[None]]]


def letters_of(
    db: Database, clock: Clock, carriers: Mapping[Channel, Carrier], link_of: LinkOf, touch: Touch, here: Callable[[str], bool],
) -> Errands:
    """By kind of job. `here`: whether somebody has a page open."""
    letters = Letters(db, clock, carriers, link_of, touch)
    return {RENEW: Renewals(letters, clock).send, INVITE: Invitations(letters, here, clock).send}
