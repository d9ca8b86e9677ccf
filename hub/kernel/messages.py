"""Everything that moves is a Command (a wish), an Event (a fact) or a Signal (may be lost).

Messages are msgspec Structs: plain data that a codec can check. A message's wire name is its
class name; `kind_of` gives it. Fields carry their limits as `Annotated[..., msgspec.Meta(...)]`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A wish, imperative. `id` is made by who asks: asking twice is asking once."""

    id: UUID


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fact, past tense, recorded for ever. `schema_version` counts payload shapes (upcasters)."""

    schema_version: ClassVar[int] = 1


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """May be lost without harm."""


class Recorded(msgspec.Struct, frozen=True):
    """An event as the journal holds it. `pos` is dense over all streams and equals commit order."""

    pos: int
    stream: str
    version: int
    at: datetime
    id: UUID
    cmd: UUID
    actor: str
    event: Any


def kind_of(message: type | object) -> str:
    return message.__name__ if isinstance(message, type) else type(message).__name__
