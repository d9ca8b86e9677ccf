"""The words of calls: 呼叫 call · 成员 member · 席位 seat · 线路 line · 预案 plan · 夜服 night service."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

MAIN = "station:0"
"""The main station (总站): its terminal, and every operator of the city answers for it."""
EMERGENCY = 9
"""The priority that clears lower calls."""
ORDINARY = 3

MOST_MEMBERS = 500
MOST_PLANS = 200
CONNECT_WITHIN = timedelta(seconds=30)
"""Who has answered and sends no media by then has failed."""
GRACE = timedelta(seconds=8)
"""So long may a connection be away before its member has left."""
MISSED_FOR = timedelta(hours=12)
LAWFUL = timedelta(hours=12)
"""No call lasts longer."""


class CallKind(StrEnum):
    SINGLE = "single"            # 单呼
    GROUP = "group"              # 组呼
    CONFERENCE = "conference"    # 会议
    ANNOUNCE = "announce"        # 语音广播（人声）
    PTT = "ptt"                  # 对讲
    POLL = "poll"                # 轮询
    ROLLCALL = "rollcall"        # 点名


class CallState(StrEnum):
    RINGING = "ringing"          # 呼叫中
    OPEN = "open"                # 通话中
    HELD = "held"                # 保持
    ENDED = "ended"              # 已结束


class CallMemberState(StrEnum):
    """`waiting`: its turn has not come (poll, roll-call). `picked`: somebody else answered for it.
    `present`, `absent`: what a roll-call found; the line is free again."""

    WAITING = "waiting"          # 待呼
    RINGING = "ringing"          # 振铃
    JOINED = "joined"            # 通话
    HELD = "held"                # 保持
    LEFT = "left"                # 已离开
    DECLINED = "declined"        # 已拒接
    UNANSWERED = "unanswered"    # 无应答
    FAILED = "failed"            # 故障
    PICKED = "picked"            # 已代答
    PRESENT = "present"          # 到
    ABSENT = "absent"            # 缺席


class CallRole(StrEnum):
    CALLER = "caller"            # 主叫
    CALLED = "called"            # 被叫
    BARGED = "barged"            # 强插
    LISTENER = "listener"        # 监听: hears, is shown to no member


class LineState(StrEnum):
    IDLE = "idle"                # 空闲
    RINGING = "ringing"          # 振铃
    TALKING = "talking"          # 通话
    HELD = "held"                # 保持
    OFFLINE = "offline"          # 离线
    FAULT = "fault"              # 故障


class LineKind(StrEnum):
    STATION = "station"          # 站点
    ACCOUNT = "account"          # 值班席
    STAFF = "staff"              # 工作人员
    DEPUTY = "deputy"            # 代表
    ATTENDEE = "attendee"        # 列席人员
    HANDLER = "handler"          # 部门经办人


class AutoAnswer(StrEnum):
    """When a line answers by itself, with a notice on its screen."""

    NEVER = "never"              # 从不
    ANNOUNCE = "announce"        # 仅语音广播和紧急呼叫
    ALWAYS = "always"            # 总是


class CallEnd(StrEnum):
    """Why a call ended, or a member left."""

    HUNG_UP = "hung-up"          # 挂断
    UNANSWERED = "unanswered"    # 无人应答
    DECLINED = "declined"        # 拒接
    TAKEN_DOWN = "taken-down"    # 强拆
    PREEMPTED = "preempted"      # 被紧急呼叫清除
    REMOVED = "removed"          # 移出
    TRANSFERRED = "transferred"  # 转接
    LOST = "lost"                # 断线
    NO_MEDIA = "no-media"        # 接不通音频
    IDLE = "idle"                # 无人通话
    DONE = "done"                # 完成


LIVE = frozenset({CallMemberState.WAITING, CallMemberState.RINGING, CallMemberState.JOINED, CallMemberState.HELD})
"""Who still takes part, or may."""
ON_LINE = frozenset({CallMemberState.JOINED, CallMemberState.HELD})
IN_TURN = frozenset({CallKind.POLL, CallKind.ROLLCALL})
"""Kinds that ring one after another."""
MANY = frozenset({CallKind.GROUP, CallKind.CONFERENCE, CallKind.ANNOUNCE, CallKind.PTT})
"""Kinds that more can be added to, and that one may come into later."""
BARRED = frozenset({CallEnd.REMOVED, CallEnd.TAKEN_DOWN, CallEnd.PREEMPTED})
"""Who was taken out comes back only when he is asked again, or breaks in."""
