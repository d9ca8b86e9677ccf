"""Which of the offered answers a person gives, by habit. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

REASON = "临时有会，请假"
NO = re.compile(
    r"请假|缺席|不能|不来|不参加|无法|拒|\b(leave|absent|declin\w*|refus\w*|unable|cannot|no)\b",
    re.IGNORECASE,
)


def reply_of(options: Iterable[Any], habit: str) -> dict[str, str] | None:
    """The fields of the receipt; None: reads and gives no answer.

    Who wants leave takes the first answer that asks for a reason, else the first that sounds like a
    no. Where nobody can say no he gives no answer: a "yes" would be a lie, and silence is what the
    operator has to chase. A notice without any options is confirmed by who confirms.
    """
    offered = [option for option in options if isinstance(option, dict)]
    match habit:
        case "confirm":
            chosen = next((one for one in offered if not is_no(one)), None)
            return _said(chosen or offered[0]) if offered else {}
        case "leave":
            chosen = next((one for one in offered if one.get("needs_reason")), None)
            chosen = chosen or next((one for one in offered if is_no(one)), None)
            return _said(chosen) if chosen else None
        case _:
            return None


def is_no(option: dict[str, Any]) -> bool:
    words = f"{option.get('code', '')} {option.get('label', '')}".replace("_", " ")
    return bool(option.get("needs_reason")) or NO.search(words) is not None


def _said(option: dict[str, Any]) -> dict[str, str]:
    return {"reply": option["code"], **({"reason": REASON} if option.get("needs_reason") else {})}
