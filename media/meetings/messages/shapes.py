"""What messages and rows of meetings are made of, with their limits."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from media.meetings.words import MOST_ITEMS, MOST_MEMBERS, MOST_PINNED, MOST_SIDE_ROOMS, LayoutMode

Title = Annotated[str, Meta(min_length=1, max_length=60)]
Ref = Annotated[str, Meta(min_length=1, max_length=80)]
"""`station:17`, `person:<uuid>`, `account:<uuid>`."""
Target = Annotated[str, Meta(min_length=1, max_length=80)]
"""A ref; or `district:3` or `city`, which mean every station there."""
Targets = Annotated[tuple[Target, ...], Meta(max_length=MOST_MEMBERS)]
Item = Annotated[int, Meta(ge=0, le=MOST_ITEMS)]
Place = Annotated[int, Meta(ge=0, le=MOST_SIDE_ROOMS)]
Items = Annotated[tuple[Title, ...], Meta(max_length=MOST_ITEMS)]


class MeetingOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`auto_answer`: stations that allow it come in by themselves. `everyone_talks`: otherwise a member is
    heard when he is given the word. `record`: from the beginning. `links`: people are sent a link by WeChat or SMS.
    `empty_minutes`: with nobody connected for so long the round ends by itself."""

    auto_answer: bool = True
    record: bool = False
    everyone_talks: bool = True
    links: bool = True
    empty_minutes: Annotated[int, Meta(ge=1, le=720)] = 10


class MeetingLayout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`pinned`: refs, the largest first. `pushed`: walls show this and nothing else."""

    mode: LayoutMode = LayoutMode.SPEAKER
    pinned: Annotated[tuple[Ref, ...], Meta(max_length=MOST_PINNED)] = ()
    pushed: bool = False


class MeetingItem(msgspec.Struct, frozen=True, kw_only=True):
    """`number` counts from 1. `begun_at`: when it last became the current one."""

    number: int
    name: str
    begun_at: datetime | None = None


class SideRoomWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Title
    members: Annotated[tuple[Ref, ...], Meta(max_length=MOST_MEMBERS)] = ()


class SideRoom(msgspec.Struct, frozen=True):
    number: int
    name: str


SideRoomWishes = Annotated[tuple[SideRoomWish, ...], Meta(min_length=1, max_length=MOST_SIDE_ROOMS)]
