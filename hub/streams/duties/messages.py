"""What is said of deputies' parts in activities, and what is shown of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.messages import Command, Event

Moment = Annotated[datetime, Meta(tz=True)]
Reason = Annotated[str, Meta(max_length=200)]
Degrees = Annotated[float, Meta(ge=-180, le=180)]
Answer = Annotated[str, Meta(max_length=2000)]


class Way(StrEnum):
    PLACE = "place"    # 定位签到
    CODE = "code"      # 扫码签到
    HAND = "hand"      # 工作人员代签


class RegisterForActivity(Command, frozen=True, kw_only=True):
    activity: UUID


class CancelRegistration(Command, frozen=True, kw_only=True):
    activity: UUID
    reason: Reason = ""


class AskActivityLeave(Command, frozen=True, kw_only=True):
    """For who was registered and cannot come (ZD 46)."""

    activity: UUID
    reason: Annotated[str, Meta(min_length=2, max_length=200)]


class RefuseRegistration(Command, frozen=True, kw_only=True):
    """A clerk's: who is registered does not get a place."""

    activity: UUID
    person: UUID
    reason: Annotated[str, Meta(min_length=2, max_length=200)]


class SignInToActivity(Command, frozen=True, kw_only=True):
    """`accuracy` in metres; `device`: a random number the phone keeps; `mocked`: the phone says its place is set by a program;
    `read_at`: when the code was read, where there was no network."""

    activity: UUID
    way: Way
    lon: Degrees | None = None
    lat: Annotated[float, Meta(ge=-90, le=90)] | None = None
    accuracy: Annotated[float, Meta(ge=0, le=100_000)] = 0.0
    mocked: bool = False
    device: Annotated[str, Meta(max_length=64)] = ""
    code: Annotated[str, Meta(max_length=8)] = ""
    read_at: Moment | None = None


class SignOutOfActivity(Command, frozen=True, kw_only=True):
    activity: UUID


class AnswerActivity(Command, frozen=True, kw_only=True):
    """One answer for each question in order; several choices are parted by line feeds."""

    activity: UUID
    answers: Annotated[tuple[Answer, ...], Meta(max_length=20)]


class SignInByHand(Command, frozen=True, kw_only=True):
    activity: UUID
    person: UUID
    note: Annotated[str, Meta(min_length=2, max_length=200)]


class JudgeSignIn(Command, frozen=True, kw_only=True):
    """A clerk's word on a doubtful one."""

    activity: UUID
    person: UUID
    valid: bool
    note: Annotated[str, Meta(min_length=2, max_length=200)]


class ActivityJoined(Event, frozen=True, kw_only=True):
    activity: UUID
    person: str


class ActivityLeft(Event, frozen=True, kw_only=True):
    activity: UUID
    person: str
    reason: str = ""


class ActivityLeaveAsked(Event, frozen=True, kw_only=True):
    activity: UUID
    person: str
    reason: str


class RegistrationRefused(Event, frozen=True, kw_only=True):
    activity: UUID
    person: str
    reason: str


class ActivitySignedIn(Event, frozen=True, kw_only=True):
    """`at`: when the code was read; `doubts`: mocked, coarse, too_fast, shared_phone, offline."""

    activity: UUID
    person: str
    way: Way
    at: datetime
    lon: float | None = None
    lat: float | None = None
    accuracy: float = 0.0
    device: str = ""
    doubts: tuple[str, ...] = ()
    note: str = ""


class ActivitySignedOut(Event, frozen=True, kw_only=True):
    activity: UUID
    person: str


class ActivityAnswered(Event, frozen=True, kw_only=True):
    activity: UUID
    person: str
    answers: tuple[str, ...]


class SignInJudged(Event, frozen=True, kw_only=True):
    activity: UUID
    person: str
    valid: bool
    note: str


TAKING_EVENTS: tuple[type[Event], ...] = (
    ActivityJoined, ActivityLeft, ActivityLeaveAsked, RegistrationRefused, ActivitySignedIn, ActivitySignedOut, ActivityAnswered, SignInJudged)


class OfActivity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    activity: UUID


class TakingRow(msgspec.Struct, frozen=True, kw_only=True):
    """`place`: in the order of registration; beyond the quota it is the waiting list. `refused`: why a clerk did not take the
    registration. `away`: metres from the activity's place, where the phone told its own. `counts`: signed in and believed."""

    id: str
    activity: UUID
    person: str
    name: str
    delegation: str
    registered: bool
    place: int
    waiting: bool
    leave: str
    refused: str
    signed_in: datetime | None
    way: str
    away: int | None
    doubts: tuple[str, ...]
    judged: bool | None
    counts: bool
    signed_out: datetime | None
    answered: bool


class TalkRow(msgspec.Struct, frozen=True, kw_only=True):
    """The group of who takes part. `id` is the activity's; `closed`: it can only be read."""

    id: UUID
    conversation: UUID
    members: int
    closed: bool


class SignCodeRow(msgspec.Struct, frozen=True, kw_only=True):
    """The code of now, for the big screen at the place. `until`: it changes then."""

    id: UUID
    code: str
    until: datetime


class AnswerCount(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    question: int
    text: str
    answer: str
    people: int
    of: int
