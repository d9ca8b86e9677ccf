"""What may be asked of calls, and what the asker hears.

Who asks acts for his own seat (an account that belongs to a person is that person); every operator of the city
also answers for the main station, `station:0`. `ref` names a member.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.messages import Command
from media.calls.messages.shapes import (
    CallOptions,
    NightBody,
    Nonce,
    PlanBody,
    Priority,
    Ref,
    Refs,
    SomeRef,
    Title,
    Why,
)
from media.calls.words import MOST_MEMBERS, ORDINARY, AutoAnswer, CallKind


class StartCall(Command, frozen=True, kw_only=True):
    """Answers CallTaken; the call's id is the command's. Who may not dispatch calls the main station only."""

    kind: CallKind
    targets: Annotated[tuple[Ref, ...], Meta(min_length=1, max_length=MOST_MEMBERS)]
    title: Title = ""
    priority: Priority = ORDINARY
    options: CallOptions = CallOptions()


class AnswerCall(Command, frozen=True, kw_only=True):
    """Also late entry. Then join the room `call:<id>`. Other calls in which the asker talks are held."""

    call: UUID
    nonce: Nonce = ""


class DeclineCall(Command, frozen=True, kw_only=True):
    call: UUID
    reason: Why = ""


class LeaveCall(Command, frozen=True, kw_only=True):
    call: UUID


class EndCall(Command, frozen=True, kw_only=True):
    call: UUID


class AddToCall(Command, frozen=True, kw_only=True):
    call: UUID
    targets: Annotated[Refs, Meta(min_length=1)]


class RemoveFromCall(Command, frozen=True, kw_only=True):
    call: UUID
    ref: Ref


class MuteInCall(Command, frozen=True, kw_only=True):
    call: UUID
    ref: Ref
    on: bool


class ListenOnly(Command, frozen=True, kw_only=True):
    call: UUID
    ref: Ref
    on: bool


class LockCall(Command, frozen=True, kw_only=True):
    """Nobody comes in while it is on; whoever still rings stops ringing."""

    call: UUID
    on: bool


class HoldCall(Command, frozen=True, kw_only=True):
    """By the owner: the whole call. By a member: he alone. Taking a call back holds the others he talks in."""

    call: UUID
    on: bool


class TransferCall(Command, frozen=True, kw_only=True):
    """`ref` is handed over to `to`, and who asks leaves. Where the asker talks with `to` in another call of his
    (a consultation), that one ends and `to` comes over at once; else `to` rings, and `ref` waits on hold."""

    call: UUID
    ref: Ref
    to: Ref


class ConsultInCall(Command, frozen=True, kw_only=True):
    """The owner talks with one member apart (`ref`); with an empty `ref` both come back."""

    call: UUID
    ref: SomeRef = ""


class PickUpCall(Command, frozen=True, kw_only=True):
    """代答: answers in the place of `ref`, which rings."""

    call: UUID
    ref: Ref


class BargeIn(Command, frozen=True, kw_only=True):
    """强插: joins with the right to talk."""

    call: UUID


class TakeDown(Command, frozen=True, kw_only=True):
    """强拆: takes `ref` out; with an empty `ref` ends the call."""

    call: UUID
    ref: SomeRef = ""
    reason: Why = ""


class Monitor(Command, frozen=True, kw_only=True):
    """监听: hears the call; no member is shown it."""

    call: UUID


class MakeConference(Command, frozen=True, kw_only=True):
    """Of a roll-call: rings everybody who was present."""

    call: UUID


class MarkPresent(Command, frozen=True, kw_only=True):
    """In a roll-call; marking the one on the line goes on to the next."""

    call: UUID
    ref: Ref
    present: bool


class TakeOverCall(Command, frozen=True, kw_only=True):
    """Two seats: the asker owns the call from now on."""

    call: UUID


class PlayInCall(Command, frozen=True, kw_only=True):
    call: UUID
    file: UUID
    loop: bool = False


class StopPlayInCall(Command, frozen=True, kw_only=True):
    call: UUID


class SaveNightService(Command, frozen=True, kw_only=True):
    service: NightBody


class SavePlan(Command, frozen=True, kw_only=True):
    plan: UUID
    body: PlanBody


class DeletePlan(Command, frozen=True, kw_only=True):
    plan: UUID


class StartPlan(Command, frozen=True, kw_only=True):
    """One button. Answers CallTaken."""

    plan: UUID


class SetAutoAnswer(Command, frozen=True, kw_only=True):
    """For the asker's own line."""

    when: AutoAnswer


class SeePeer(Command, frozen=True, kw_only=True):
    """The hub says this to itself: media of a member came, or went."""

    call: UUID
    ref: Annotated[str, Meta(max_length=80)]
    up: bool


class SeePlayEnded(Command, frozen=True, kw_only=True):
    """The hub says this to itself: the file has come to its end."""

    call: UUID
    file: UUID


class PassTime(Command, frozen=True, kw_only=True):
    """The hub says this to itself when something of a call is due."""

    call: UUID


class CallTaken(msgspec.Struct, frozen=True):
    call: UUID
