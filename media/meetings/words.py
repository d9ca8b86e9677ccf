"""The words of video interaction; 中文 stands beside each and on the screens."""

from __future__ import annotations

from enum import StrEnum


class MeetingState(StrEnum):
    OPEN = "open"              # 进行中
    ENDED = "ended"            # 已结束


class MemberState(StrEnum):
    INVITED = "invited"        # 已邀请
    IN = "in"                  # 在会
    LEFT = "left"              # 已离开
    DECLINED = "declined"      # 未接受
    REMOVED = "removed"        # 已移出


class LayoutMode(StrEnum):
    SPEAKER = "speaker"        # 主讲
    GALLERY = "gallery"        # 平铺
    PINNED = "pinned"          # 固定
    SCREEN = "screen"          # 屏幕


MAIN_ROOM = 0
"""The number of the place where all meet; side rooms count from 1."""
MOST_MEMBERS = 500
MOST_SIDE_ROOMS = 40
MOST_PINNED = 16
MOST_ITEMS = 60


def room_of(meeting: object, place: int = MAIN_ROOM) -> str:
    """What the media plane calls it."""
    return f"meeting:{meeting}/{place}" if place else f"meeting:{meeting}"
