"""What a text message says, within the vendor's measure."""

from __future__ import annotations

from dispatch.ports import Outgoing

DRILL = "【演练】"
LONGEST = 1600
"""The vendor refuses a longer one (21617)."""


def body_of(out: Outgoing) -> str:
    """Title, text and the person's own link; the text gives way, the link never does.

    The link is unlike any other message's, so the body is also what a lost message is known by.
    """
    mark = DRILL if out.drill else ""
    title = out.title.removeprefix(DRILL)
    head = mark if title in out.text else f"{mark}【{title}】"
    tail = "" if not out.link or out.link in out.text else f" 详情与回复：{out.link}"
    room = LONGEST - len(head) - len(tail)
    text = out.text if len(out.text) <= room else out.text[: room - 1] + "…"
    return head + text + tail
