from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from dispatch.ports import Outgoing
from dispatch.words import Channel, Priority

USUAL = Outgoing(
    attempt=UUID(int=1),
    broadcast=UUID(int=2),
    channel=Channel.SMS,
    address="+8613800000001",
    name="王代表",
    title="防汛通知",
    text="请到岗。",
    link="https://hub.example.cn/d/abc",
    audio="",
    options=(),
    priority=Priority.EMERGENCY,
    drill=False,
    sent_at=datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
)


def notice(**own: Any) -> Outgoing:
    return msgspec.structs.replace(USUAL, **own)
