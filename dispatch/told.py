"""One thing that was told about a delivery, in the form in which it waits to be folded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from dispatch.messages.commands import Receipt, ReceiptState
from dispatch.ports import Sighting, Submitted
from dispatch.words import Channel, State, Why

RECEIPT_STATE: dict[ReceiptState, State] = {
    ReceiptState.DELIVERED: State.DELIVERED,
    ReceiptState.DISPLAYED: State.DISPLAYED,
    ReceiptState.PLAYED: State.READ,
    ReceiptState.READ: State.READ,
    ReceiptState.CONFIRMED: State.CONFIRMED,
}


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Names its delivery by `attempt`, `provider_id` or `delivery`. `retry_after` (seconds) is set
    where the same road should be tried again; `spoil` where the address must not be used again."""

    key: str
    source: str
    state: State
    channel: Channel | None = None
    attempt: UUID | None = None
    delivery: UUID | None = None
    provider_id: str = ""
    why: Why = Why.NONE
    detail: str = ""
    reply: str = ""
    reason: str = ""
    spoil: bool = False
    retry_after: float | None = None
    at: datetime | None = None


def from_sighting(seen: Sighting, source: str = "callback") -> Told:
    return Told(
        key=seen.key, source=source, state=seen.state, channel=seen.channel, attempt=seen.attempt,
        provider_id=seen.provider_id, why=seen.why, detail=seen.detail, reply=seen.reply, reason=seen.reason,
        spoil=seen.spoil, retry_after=0.0 if seen.retry else None, at=seen.at,
    )


def from_submit(attempt: UUID, channel: Channel, answer: Submitted, at: datetime) -> Told:
    return Told(
        key=f"submit:{attempt}", source="submit", state=answer.state, channel=channel, attempt=attempt,
        provider_id=answer.provider_id, why=answer.why, detail=answer.detail, spoil=answer.spoil,
        retry_after=answer.retry_after, at=at,
    )


def from_receipt(receipt: Receipt, channel: Channel) -> Told:
    return Told(
        key=f"receipt:{receipt.delivery}:{receipt.state}:{receipt.at.isoformat()}:{receipt.reply}",
        source="receipt", state=RECEIPT_STATE[receipt.state], channel=receipt.via or channel,
        delivery=receipt.delivery, detail=heard(receipt), reply=receipt.reply, reason=receipt.reason, at=receipt.at,
    )


def heard(receipt: Receipt) -> str:
    """`played_ms=12300 gap_ms=0 gaps=0`, as far as it was counted; `played` alone else."""
    counted = {"played_ms": receipt.played_ms, "gap_ms": receipt.gap_ms, "gaps": receipt.gaps}
    parts = [f"{name}={value}" for name, value in counted.items() if value is not None]
    return " ".join(parts) or (receipt.state.value if receipt.state is ReceiptState.PLAYED else "")
