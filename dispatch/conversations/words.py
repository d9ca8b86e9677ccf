"""The words of conversations: 会话 conversation · 消息 message · 席位 seat · 已读 read mark."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

MAIN = "station:0"
"""The main station (总站). Its seat is held by its own terminal and by every operator of the city."""

EVERYONE = "@all"
"""Among the mentions: everybody."""


class ConversationKind(StrEnum):
    """The first three are between two and have derived ids; the last three are groups."""

    STATIONS = "stations"      # 站点之间
    MAIN = "main"              # 站点或代表与总站
    PERSON = "person"          # 与个人
    DISTRICT = "district"      # 区县群
    COMMITTEE = "committee"    # 部门群
    GROUP = "group"            # 临时群


GROUPS = frozenset({ConversationKind.DISTRICT, ConversationKind.COMMITTEE, ConversationKind.GROUP})
UNITS = {ConversationKind.DISTRICT: "district:", ConversationKind.COMMITTEE: "department:"}
"""Groups of an organisation, and how its id begins."""


class MemberStanding(StrEnum):
    OWNER = "owner"            # 群主
    MEMBER = "member"          # 成员


class MessageShape(StrEnum):
    """How a message is shown in one line."""

    TEXT = "text"
    PICTURE = "picture"
    VOICE = "voice"
    FILE = "file"
    RECALLED = "recalled"


MOST_MEMBERS = 2_000
MARKS_TOLD = 500
"""Up to so many members the marks of each are told; above it they are counted when asked for."""
RECALL_WITHIN = timedelta(minutes=2)
PER_WINDOW, WINDOW = 20, timedelta(seconds=10)
"""Messages of one person."""
GROUPS_PER_DAY = 50
MOST_PINNED = 20
