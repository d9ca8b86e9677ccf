"""What a recipient reads and hears: variables, drill marks, lengths. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from dispatch.ladders import FREE_KEYS, RECEIVED, REPEAT_KEY
from dispatch.ports import ReplyOption
from hub.kernel.clock import CITY_ZONE

KNOWN = ("name", "station", "district", "title", "date", "time")
"""Variables every recipient has: 姓名, 站点, 区县, 标题, 日期, 时间 of sending."""

DRILL = "【演练】"

_VARIABLE = re.compile(r"\{([A-Za-z0-9_-]{1,40})\}")


def unknown_variables(text: str, own: Mapping[str, str]) -> list[str]:
    return sorted({name for name in _VARIABLE.findall(text) if name not in own and name not in KNOWN})


def render(text: str, own: Mapping[str, str], *, name: str, station: str, district: str, title: str, at: datetime) -> str:
    if "{" not in text:
        return text
    local = at.astimezone(CITY_ZONE)
    values = {"name": name, "station": station, "district": district, "title": title,
              "date": f"{local.month}月{local.day}日", "time": f"{local:%H:%M}", **own}
    return _VARIABLE.sub(lambda found: values.get(found.group(1), found.group(0)), text)


def headed(title: str, drill: bool) -> str:
    return f"{DRILL}{title}" if drill else title


def sms_segments(text: str) -> int:
    """Chinese text goes as UCS-2: 70 characters in one message, 67 in each of several."""
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= 70 else -(-units // 67)


def with_keys(options: tuple[ReplyOption, ...]) -> tuple[ReplyOption, ...]:
    """Every option gets a phone key; 3 stays free for hearing the message again."""
    taken = {option.key for option in options if option.key}
    free = iter([key for key in FREE_KEYS if key not in taken and key != REPEAT_KEY])
    keyed = (
        option if option.key else ReplyOption(option.code, option.label, next(free), option.needs_reason)
        for option in options
    )
    return tuple(keyed) or (RECEIVED,)
