"""What may be asked of a meeting, and what the asker hears.

Who *runs* a meeting: who opened it, and whoever may run interactions for the whole city. A member acts for
himself; the hub finds him by who asks.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.messages import Command
from media.meetings.messages.shapes import (
    Item,
    Items,
    MeetingLayout,
    MeetingOptions,
    Place,
    Ref,
    SideRoomWishes,
    Targets,
    Title,
)


class OpenMeeting(Command, frozen=True, kw_only=True):
    """The meeting's id is the command's. The asker is a member who runs it. Answers MeetingOpen."""

    title: Title
    targets: Targets = ()
    options: MeetingOptions = MeetingOptions()
    agenda: Items = ()


class InviteToMeeting(Command, frozen=True, kw_only=True):
    """Who left, declined or was removed is invited anew."""

    meeting: UUID
    targets: Annotated[Targets, Meta(min_length=1)]


class EnterMeeting(Command, frozen=True, kw_only=True):
    """Standing only; the voice and picture follow by joining the room that MeetingEntrance names."""

    meeting: UUID


class LeaveMeeting(Command, frozen=True, kw_only=True):
    """Who was only invited declines with it. The meeting goes on."""

    meeting: UUID


class StepAside(Command, frozen=True, kw_only=True):
    """For a conversation beside the round: hears nobody and is heard and seen by nobody until he is back. He keeps his
    place, his word and his connection."""

    meeting: UUID
    on: bool


class EndMeeting(Command, frozen=True, kw_only=True):
    """For everybody."""

    meeting: UUID


class LockMeeting(Command, frozen=True, kw_only=True):
    """While it is on nobody comes in; who is in and loses the line comes back."""

    meeting: UUID
    on: bool


class RemoveMember(Command, frozen=True, kw_only=True):
    """He comes back only when he is invited again."""

    meeting: UUID
    ref: Ref


class RaiseHand(Command, frozen=True, kw_only=True):
    meeting: UUID


class LowerHand(Command, frozen=True, kw_only=True):
    """One's own; who runs the meeting may lower another's."""

    meeting: UUID
    ref: Annotated[str, Meta(max_length=80)] = ""


class GiveWord(Command, frozen=True, kw_only=True):
    """He is heard, his hand goes down, and his speech is filed under the current agenda item."""

    meeting: UUID
    ref: Ref


class TakeWord(Command, frozen=True, kw_only=True):
    """The speech has ended."""

    meeting: UUID


class MuteMember(Command, frozen=True, kw_only=True):
    meeting: UUID
    ref: Ref
    on: bool


class MuteAll(Command, frozen=True, kw_only=True):
    """All but those who run it and who has the word; also those who come later."""

    meeting: UUID
    on: bool


class StopCamera(Command, frozen=True, kw_only=True):
    meeting: UUID
    ref: Ref
    on: bool
    """True: his picture is shown to nobody; False: it may be shown again."""


class SetLayout(Command, frozen=True, kw_only=True):
    meeting: UUID
    layout: MeetingLayout


class ShareScreen(Command, frozen=True, kw_only=True):
    """One at a time in a place. Who runs the meeting takes over, and may end another's (`ref`, `on` False)."""

    meeting: UUID
    on: bool
    ref: Annotated[str, Meta(max_length=80)] = ""


class OpenSideRooms(Command, frozen=True, kw_only=True):
    """Rooms are numbered from 1 in their order; whom no room names stays in the main room."""

    meeting: UUID
    rooms: SideRoomWishes


class MoveToSideRoom(Command, frozen=True, kw_only=True):
    """`place` 0: back to the main room."""

    meeting: UUID
    refs: Annotated[tuple[Ref, ...], Meta(min_length=1, max_length=500)]
    place: Place


class CloseSideRooms(Command, frozen=True, kw_only=True):
    """Everybody is back in the main room."""

    meeting: UUID


class BroadcastToSideRooms(Command, frozen=True, kw_only=True):
    """While it is on everybody sees and hears the main room and is silent; then each is back in his side room."""

    meeting: UUID
    on: bool


class SetAgenda(Command, frozen=True, kw_only=True):
    meeting: UUID
    items: Items


class MoveAgenda(Command, frozen=True, kw_only=True):
    """`item` counts from 1; 0: none is being dealt with."""

    meeting: UUID
    item: Item


class MeetingOpen(msgspec.Struct, frozen=True):
    meeting: UUID
    members: int


class MeetingEntrance(msgspec.Struct, frozen=True):
    """`room`: to be joined for voice and picture; side rooms are reached from there."""

    room: str
