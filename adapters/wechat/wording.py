"""A notice in the fields of a template. Pure."""

from __future__ import annotations

from datetime import datetime

from adapters.wechat.settings import Part
from dispatch.ports import Outgoing
from dispatch.words import Priority
from hub.kernel.clock import CITY_ZONE

LONGEST_FIELD = 20
"""The vendor cuts a longer one silently, and its cut may fall anywhere."""

PRIORITY: dict[Priority, str] = {
    Priority.ORDINARY: "普通",
    Priority.IMPORTANT: "重要",
    Priority.EMERGENCY: "紧急",
}


def clip(words: str) -> str:
    """One line of at most twenty characters; the ellipsis is one of them."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_FIELD else line[: LONGEST_FIELD - 1] + "…"


def moment(at: datetime) -> str:
    local = at.astimezone(CITY_ZONE)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def part_of(out: Outgoing, part: Part) -> str:
    match part:
        case "title":
            drill = out.drill and "演练" not in out.title
            return clip(f"【演练】{out.title}" if drill else out.title)
        case "text":
            return clip(out.text)
        case "name":
            return clip(out.name)
        case "sent_at":
            return moment(out.sent_at)
        case "priority":
            return PRIORITY[out.priority]


def message_of(out: Outgoing, template_id: str, fields: dict[str, Part]) -> dict[str, object]:
    return {
        "touser": out.address,
        "template_id": template_id,
        "url": out.link,
        # Makes a repeat within ten minutes harmless.
        "client_msg_id": out.attempt.hex,
        "data": {key: {"value": part_of(out, part) or "无"} for key, part in fields.items()},
    }
