"""The words of dispatch: roads, priorities, states and their ranks. Tables, no behaviour.

Ranks order what is known of an attempt (design: a higher rank wins, ranks never go down, equal
rank keeps the first). Success (>= 70) beats failure (60): a late failure never hides a delivery.
"""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    SCREEN = "screen"    # 站点屏幕与音柱, socket
    PAGE = "page"        # 代表页面, socket
    WECHAT = "wechat"    # 微信模板消息
    SMS = "sms"          # 短信
    VOICE = "voice"      # 电话


class Priority(StrEnum):
    ORDINARY = "ordinary"      # 普通
    IMPORTANT = "important"    # 重要
    EMERGENCY = "emergency"    # 紧急


class State(StrEnum):
    PLANNED = "planned"
    SUPPRESSED = "suppressed"
    QUEUED = "queued"
    SUBMITTING = "submitting"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    UNDELIVERED = "undelivered"
    EXPIRED = "expired"
    REJECTED = "rejected"
    DELIVERED_MACHINE = "delivered_machine"
    DELIVERED = "delivered"
    DISPLAYED = "displayed"
    READ = "read"
    CONFIRMED = "confirmed"


RANK: dict[State, int] = {
    State.PLANNED: 0,
    State.SUPPRESSED: 5,
    State.QUEUED: 10,
    State.SUBMITTING: 15,
    State.ACCEPTED: 20,
    State.UNKNOWN: 25,
    State.SENT: 30,
    State.UNCONFIRMED: 40,
    State.FAILED: 60,
    State.UNDELIVERED: 60,
    State.EXPIRED: 60,
    State.REJECTED: 60,
    State.DELIVERED_MACHINE: 65,
    State.DELIVERED: 70,
    State.DISPLAYED: 75,
    State.READ: 80,
    State.CONFIRMED: 90,
}


class Why(StrEnum):
    """Why an attempt was not made, or ended without success."""

    NONE = ""
    NO_ADDRESS = "no_address"
    OPT_OUT = "opt_out"
    BLOCKED = "blocked"
    QUIET_HOURS = "quiet_hours"
    QUOTA = "quota"
    DUPLICATE = "duplicate"
    ALREADY_CONFIRMED = "already_confirmed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    OFFLINE = "offline"
    NO_CARRIER = "no_carrier"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    WRONG_ADDRESS = "wrong_address"
    UNREACHABLE = "unreachable"
    CONGESTION = "congestion"
    FILTERED = "filtered"
    CONTENT = "content"
    AUTH = "auth"
    RATE = "rate"
    NETWORK = "network"
    VENDOR = "vendor"


class Outcome(StrEnum):
    """What a person's row shows: the roll-up of all attempts."""

    WAITING = "waiting"          # 待发: nothing handed over yet
    SENDING = "sending"          # 发送中: handed over, no word yet
    DELIVERED = "delivered"      # 已送达 (also displayed)
    READ = "read"                # 已读 / 已播放
    CONFIRMED = "confirmed"      # 已确认
    UNREACHABLE = "unreachable"  # 未达: the ladder has ended
    CANCELLED = "cancelled"      # 已撤销


class BroadcastState(StrEnum):
    AWAITING_APPROVAL = "awaiting_approval"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    CLOSED = "closed"
