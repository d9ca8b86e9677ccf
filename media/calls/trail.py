"""Who did what in a call, as its history tells it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from hub.kernel.messages import kind_of
from media.calls.messages import events as e
from media.calls.state import Call
from media.calls.words import CallMemberState

SAID = ("why", "note", "state", "on", "present", "up", "role", "kind", "file", "by")
"""Fields whose values are told, in this order."""


class Deed(msgspec.Struct, frozen=True):
    """`own`: it followed by itself; nobody did it."""

    act: str
    ref: str = ""
    detail: str = ""
    own: bool = False


def deeds(old: Call | None, new: Call, event: Any) -> list[Deed]:
    if old is not None and msgspec.structs.replace(old, version=new.version, place=new.place) == new:
        return []
    detail = " ".join(_said(event, field) for field in SAID if _said(event, field))
    done = [Deed(kind_of(event), ref, detail) for ref in _named(event)]
    return [*done, *_followed(old, new, frozenset(one.ref for one in done), event)]


def _named(event: Any) -> Iterable[str]:
    if isinstance(event, e.CallStarted):
        return [event.owner]
    if isinstance(event, e.CallMembersAsked):
        return [one.ref for one in event.members]
    if isinstance(event, e.CallMembersOut | e.CallConsulting):
        return event.refs or [""]
    return [getattr(event, "ref", getattr(event, "owner", ""))]


def _said(event: Any, field: str) -> str:
    value = getattr(event, field, None)
    if value is None or value == "":
        return ""
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def _followed(old: Call | None, new: Call, named: frozenset[str], event: Any) -> list[Deed]:
    before = old.members if old else {}
    rung = [Deed(e.CallMembersAsked.__name__, one.ref, own=True) for one in new.those(CallMemberState.RINGING)
            if one.ref not in named and (one.ref not in before or before[one.ref].state is not CallMemberState.RINGING)]
    ended = new.ended_at and not isinstance(event, e.CallEnded)
    return [*rung, *([Deed(e.CallEnded.__name__, "", str(new.why or ""), own=True)] if ended else [])]
