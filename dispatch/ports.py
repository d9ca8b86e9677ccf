"""What dispatch needs of the outside: one small port, a folder of `adapters/` for each vendor.

A Carrier hands a message over and translates whatever comes back into Sightings. It never
decides what a sighting means for the person; `dispatch.receipts` does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated, Protocol
from uuid import UUID

import msgspec
from msgspec import Meta

from dispatch.words import Channel, Priority, State, Why


class ReplyOption(msgspec.Struct, frozen=True):
    """`key` is the phone key; `code` is what is stored."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]
    label: Annotated[str, Meta(min_length=1, max_length=40)]
    key: Annotated[str, Meta(pattern=r"^[0-9]?$")] = ""
    needs_reason: bool = False


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt, ready to be handed over. `address` is a phone number (E.164) or an openid.

    `link` opens the details without sign-in and stands for this one recipient; `audio` is the
    public address of the spoken notice, or "" (then a phone speaks the text itself).
    """

    attempt: UUID
    broadcast: UUID
    channel: Channel
    address: str
    name: str
    title: str
    text: str
    link: str
    audio: str
    options: tuple[ReplyOption, ...]
    priority: Priority
    drill: bool
    sent_at: datetime


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """What the vendor answered at once. `retry_after` (seconds) is set where trying again makes sense.

    `spoil` says the address itself is bad and must not be used again (user blocked, wrong number).
    """

    state: State
    provider_id: str = ""
    why: Why = Why.NONE
    detail: str = ""
    retry_after: float | None = None
    spoil: bool = False
    halt: bool = False
    """The whole road is broken (credentials, account): stop trying it for everybody and alarm."""


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence. `key` is unique per fact, so a repeated callback is the same sighting.

    Either `attempt` (from the callback address) or `provider_id` names the attempt.
    """

    key: str
    channel: Channel
    state: State
    attempt: UUID | None = None
    provider_id: str = ""
    why: Why = Why.NONE
    detail: str = ""
    reply: str = ""
    reason: str = ""
    spoil: bool = False
    retry: bool = False
    """A failure worth another try on the same road (busy, no answer, congestion)."""
    at: datetime | None = None


class HookRequest(msgspec.Struct, frozen=True, kw_only=True):
    """An inbound call from a vendor. `url` is the public address the vendor signed.

    `tail` is the part of the path behind the hook's own path ("" or "<attempt>").
    """

    method: str
    url: str
    tail: str
    query: dict[str, str]
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes


class HookAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The sightings are stored before the vendor gets the answer."""

    status: int = 200
    content_type: str = "text/plain; charset=utf-8"
    body: str = ""
    sightings: tuple[Sighting, ...] = ()


Hook = Callable[[HookRequest], Awaitable[HookAnswer]]


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """What a phone call says: the audio if there is one, else the text; then the keys."""

    title: str
    text: str
    audio: str
    options: tuple[ReplyOption, ...]


ScriptOf = Callable[[UUID], Awaitable[Script | None]]
"""Given an attempt's id; None when there is no such attempt."""


class Unsure(Exception):
    """The call broke after it was begun: the vendor may or may not have the message."""


class Carrier(Protocol):
    """One road of one vendor. Every call has its own timeout; none raises but Unsure."""

    channel: Channel

    async def submit(self, out: Outgoing) -> Submitted:
        """Hand the message over. Raises Unsure when the outcome is unknown."""

    async def cancel(self, provider_id: str) -> bool:
        """Try to take back what has not gone out yet; True when it was taken back."""

    async def look_up(self, out: Outgoing, provider_id: str, since: datetime) -> Sighting | None:
        """Ask the vendor what became of an attempt: by `provider_id`, or, when that is "",
        by address and time. None when the vendor knows nothing of it."""

    @property
    def hooks(self) -> Mapping[str, Hook]:
        """Path under `/hooks/` → handler, e.g. "twilio/message"."""

    async def close(self) -> None: ...
