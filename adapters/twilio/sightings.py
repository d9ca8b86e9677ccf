"""What was seen of a call. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from adapters.http import Meaning
from adapters.twilio.tables import ANSWERED_BY, CALL, CALL_FAILURE, failure_of_call
from dispatch.ports import ReplyOption, Sighting
from dispatch.words import Channel, State, Why


def call_seen(
    *, sid: str, status: str, answered_by: str, sip: int | None, attempt: UUID | None, key: str
) -> Sighting | None:
    state = CALL.get(status)
    if state is None or not sid:
        return None
    if status in {"in-progress", "completed"}:
        state = ANSWERED_BY.get(answered_by, state)
    meaning = failure_of_call(status, sip) if status in CALL_FAILURE else Meaning(Why.NONE)
    details = (status, answered_by, f"SIP {sip}" if sip else "")
    return Sighting(
        key=key,
        channel=Channel.VOICE,
        state=state,
        attempt=attempt,
        provider_id=sid,
        why=meaning.why,
        detail=" ".join(part for part in details if part),
        spoil=meaning.spoil,
        retry=meaning.retry is not None,
    )


def amd_seen(fields: Mapping[str, str], attempt: UUID | None) -> Sighting | None:
    """The verdict on who answered, which comes by itself while the call goes on."""
    sid, who = fields.get("CallSid", ""), fields.get("AnsweredBy", "")
    state = ANSWERED_BY.get(who)
    if state is None or not sid:
        return None
    return Sighting(
        key=f"twilio:{sid}:amd:{who}",
        channel=Channel.VOICE,
        state=state,
        attempt=attempt,
        provider_id=sid,
        detail=who,
    )


def key_seen(
    sid: str, attempt: UUID, pressed: str, keys: Mapping[str, ReplyOption], turn: int
) -> Sighting | None:
    """Any key proves that somebody is there; a known one is an answer."""
    if not pressed or not sid:
        return None
    option = keys.get(pressed)
    return Sighting(
        key=f"twilio:{sid}:keys:{turn}:{pressed}",
        channel=Channel.VOICE,
        state=State.CONFIRMED if option else State.DELIVERED,
        attempt=attempt,
        provider_id=sid,
        detail=f"按键 {pressed}",
        reply=option.code if option else "",
    )
