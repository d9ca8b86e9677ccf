"""Notices for tests, and a pocket with its memory but without a disk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from edge import happenings, state
from edge.messages import AudioFile, Notice, Priority, Receipt, Told

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def notice(number: int, *, priority: Priority = Priority.ORDINARY, audio: bool = True,
           minute: int = 0, **more: object) -> Notice:
    id_ = UUID(int=number)
    row = Notice(id=id_, title=f"通知{number}", text="请知悉。", priority=priority,
                 sent_at=AT + timedelta(minutes=minute), expires_at=AT + timedelta(hours=8),
                 audio=AudioFile(id=id_, url=f"/api/files/{id_}") if audio else None)
    return replace(row, **more)


class Desk:
    def __init__(self) -> None:
        self.entries: dict[UUID, state.Entry] = {}
        self.receipts: list[Receipt] = []
        self.at = AT

    def happen(self, happening: happenings.Happening) -> None:
        step = state.step(self.entries, happening, self.at)
        self.entries |= {entry.id: entry for entry in step.entries}
        self.receipts += step.receipts

    def told(self, id_: UUID) -> list[Told]:
        return [r.state for r in self.receipts if r.delivery == id_]
