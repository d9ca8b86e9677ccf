"""The words of this room: 直播 live · 录制 recording · 发言片段 speech · 剪辑表 edit list · 议程 agenda. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class LiveState(StrEnum):
    PLANNED = "planned"        # 未开始
    LIVE = "live"              # 直播中
    ENDED = "ended"            # 已结束
    CANCELLED = "cancelled"    # 已取消


class Access(StrEnum):
    """Who may watch."""

    PUBLIC = "public"          # 公开
    ROLES = "roles"            # 按身份
    LINK = "link"              # 凭链接


class RecordingState(StrEnum):
    RECORDING = "recording"    # 录制中
    CLOSING = "closing"        # 收尾
    KEPT = "kept"              # 已存档
    EMPTY = "empty"            # 没有录到内容
    DROPPED = "dropped"        # 已清除


class SpeechState(StrEnum):
    WAITING = "waiting"        # 等录制结束
    CUTTING = "cutting"        # 剪辑中
    FILED = "filed"            # 已归档
    FAILED = "failed"          # 剪不出来
    DROPPED = "dropped"        # 已删除


class Origin(StrEnum):
    FLOOR = "floor"            # 按话权自动
    HAND = "hand"              # 人工标记


CUT = "speech.cut"
FILE = "recording.file"
CLEAR = "recording.clear"
SWEEP = "recordings.sweep"
"""Kinds of durable jobs."""

ROOM_KIND = "live"
OPEN_SPEECH = (SpeechState.WAITING, SpeechState.CUTTING, SpeechState.FILED, SpeechState.FAILED)

KEEP_DAYS = 365
LINK_LIFE = timedelta(days=7)
PASS_GRID = timedelta(minutes=30)
"""Passes end on this grid, so that all who watch in the same half hour ask for the same addresses."""
SHORTEST_SPEECH, LONGEST_SPEECH = timedelta(seconds=1), timedelta(hours=6)
PLAN_FORGOTTEN = timedelta(days=2)
"""So long after its hour an encoder may still publish into a planned meeting's room."""
STREAM_KEY = "sk_"
"""With which a stream key begins."""
VIEWER_FORGOTTEN = timedelta(seconds=20)
"""A viewer who asked for no playlist so long is gone."""


def own_room(live: object) -> str:
    """The room that an encoder publishes into (WHIP)."""
    return f"{ROOM_KIND}:{live}"


def seat_of_key(key: object) -> str:
    """As which an encoder stands in its room."""
    return f"encoder:{key}"


def seat_of_viewers(epoch: int) -> str:
    """As which those stand who take pictures by WHEP. Who was let in before the meeting was closed to somebody has an older seat."""
    return f"viewer:{epoch}"
