"""Stations that answer by themselves, for demonstrations: the same delivery always gets
the same answer after the same delay. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from edge.happenings import Answered
from edge.messages import ReplyOption, Told
from edge.state import Entry
from hub.kernel.ids import derived


@dataclass(frozen=True)
class AnswerPolicy:
    """Each station confirms within `seconds` of having shown or played a notice, but for a share
    of 1 - `rate` that never do."""

    seconds: float
    rate: float = 1.0


def answer_due(entry: Entry, policy: AnswerPolicy) -> datetime | None:
    """None: not to be answered, or not yet shown."""
    settled = entry.mark.settled_at
    done = entry.mark.told is Told.CONFIRMED or entry.notice.outcome == "confirmed"
    if settled is None or done or entry.notice.cancelled or not entry.mark.listed:
        return None
    will, delay = _chances(entry)
    if will >= policy.rate:
        return None
    due = settled + timedelta(seconds=policy.seconds * delay)
    return due if due < entry.notice.expires_at else None


def answer(entry: Entry) -> Answered:
    option = next(iter(entry.notice.options), ReplyOption(code=""))
    return Answered(entry.id, option.code, "站点自动答复" if option.needs_reason else "")


def _chances(entry: Entry) -> tuple[float, float]:
    digits = derived("edge-answer", entry.id).int
    return (digits & 0xFFFFFFFF) / 2**32, (digits >> 96) / 2**32
