"""What a view of meetings may be asked for."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from media.meetings.words import MeetingState


class MeetingsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Newest first."""

    state: MeetingState | None = None
    text: Annotated[str, Meta(max_length=60)] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    offset: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class OfMeeting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    meeting: UUID
