"""What has happened in calls, for ever."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from hub.kernel.messages import Event
from media.calls.messages.shapes import CallOptions, NightBody, PlanBody
from media.calls.words import AutoAnswer, CallEnd, CallKind, CallMemberState, CallRole


class Asked(msgspec.Struct, frozen=True):
    """Who was asked in. `number`: his telephone, where that is what rings. `state`: ringing, or waiting for his turn."""

    ref: str
    state: CallMemberState = CallMemberState.RINGING
    role: CallRole = CallRole.CALLED
    listen_only: bool = False
    auto: bool = False
    number: str = ""


class CallStarted(Event, frozen=True, kw_only=True):
    """`path`: the smallest part of the city that holds everybody in it, the caller's scope too."""

    call: UUID
    kind: CallKind
    title: str
    priority: int
    owner: str
    path: tuple[str, ...]
    options: CallOptions
    members: tuple[Asked, ...]
    plan: UUID | None = None
    night: bool = False


class CallMembersAsked(Event, frozen=True, kw_only=True):
    """Added, rung again, or their turn has come."""

    call: UUID
    members: tuple[Asked, ...]


class CallMemberJoined(Event, frozen=True, kw_only=True):
    """Answered, came late, barged in, or was brought over."""

    call: UUID
    ref: str
    role: CallRole = CallRole.CALLED


class CallPickedUp(Event, frozen=True, kw_only=True):
    """`by` answered for `ref`."""

    call: UUID
    ref: str
    by: str


class CallMonitored(Event, frozen=True, kw_only=True):
    call: UUID
    ref: str


class CallMembersOut(Event, frozen=True, kw_only=True):
    """They take part no more: `state` says how, `why` because of what."""

    call: UUID
    refs: tuple[str, ...]
    state: CallMemberState
    why: CallEnd | None = None
    note: str = ""


class CallMemberHeld(Event, frozen=True, kw_only=True):
    call: UUID
    ref: str
    on: bool


class CallHeld(Event, frozen=True, kw_only=True):
    call: UUID
    on: bool


class CallMemberMuted(Event, frozen=True, kw_only=True):
    call: UUID
    ref: str
    on: bool


class CallMemberListens(Event, frozen=True, kw_only=True):
    call: UUID
    ref: str
    on: bool


class CallLocked(Event, frozen=True, kw_only=True):
    call: UUID
    on: bool


class CallConsulting(Event, frozen=True, kw_only=True):
    """These talk apart; nobody: all are back."""

    call: UUID
    refs: tuple[str, ...]


class CallOwned(Event, frozen=True, kw_only=True):
    """`path`: where the new owner's scope lies."""

    call: UUID
    owner: str
    path: tuple[str, ...] = ()


class CallMadeConference(Event, frozen=True, kw_only=True):
    call: UUID


class CallMemberMarked(Event, frozen=True, kw_only=True):
    call: UUID
    ref: str
    present: bool


class CallPeerSeen(Event, frozen=True, kw_only=True):
    call: UUID
    ref: str
    up: bool


class CallPlays(Event, frozen=True, kw_only=True):
    call: UUID
    file: UUID | None
    loop: bool = False


class CallEnded(Event, frozen=True, kw_only=True):
    call: UUID
    why: CallEnd
    note: str = ""


class NightServiceSaved(Event, frozen=True, kw_only=True):
    service: NightBody


class CallPlanSaved(Event, frozen=True, kw_only=True):
    plan: UUID
    body: PlanBody


class CallPlanDeleted(Event, frozen=True, kw_only=True):
    plan: UUID


class CallPlanStarted(Event, frozen=True, kw_only=True):
    plan: UUID
    call: UUID
    at: datetime


class AutoAnswerSet(Event, frozen=True, kw_only=True):
    ref: str
    when: AutoAnswer
