"""What is handed to a carrier for one try: rendered words, a personal link, the public audio address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dispatch.ports import Outgoing, ReplyOption, Script
from dispatch.wording import headed, render
from dispatch.words import Channel, Priority
from hub.record import Database, load_sql

Q = load_sql("dispatch")

Options = tuple[ReplyOption, ...]

LinkOf = Callable[[str, UUID | None, Channel, datetime, datetime], str]
"""(ref, delivery, road, issued, until) → the address of the details, without sign-in; of the inbox,
where no delivery is named. The same each time: a message whose fate is not known is found again at the vendor by its words."""

AudioOf = Callable[[UUID], str]
"""File id → an address a vendor can fetch it from."""


class Writer:
    def __init__(self, db: Database, link_of: LinkOf, audio_of: AudioOf) -> None:
        self._db, self._link_of, self._audio_of = db, link_of, audio_of

    def outgoing(self, row: Any, channel: Channel) -> Outgoing:
        """`row` holds only what stood when the try was claimed: handed over or looked up, it is the same message."""
        words = self._words(row)
        return Outgoing(
            attempt=row["id"], broadcast=row["broadcast"], channel=channel, address=row["address"], name=row["name"],
            title=words.title, text=words.text, audio=words.audio, options=words.options,
            link=self._link_of(row["ref"], row["delivery"], channel, row["sent_at"], row["link_until"]),
            priority=Priority(row["priority"]), drill=row["drill"], sent_at=row["send_at"],
        )

    async def script(self, attempt: UUID) -> Script | None:
        async with self._db.read() as conn:
            row = await conn.fetchrow(Q["script"], attempt)
        return None if row is None else self._words(row)

    def _words(self, row: Any) -> Script:
        station, district = row["station_name"], row["district_name"]
        title = render(row["title"], row["variables"], name=row["name"], station=station, district=district,
                       title=row["title"], at=row["send_at"])
        text = render(row["text"], row["variables"], name=row["name"], station=station, district=district, title=title,
                      at=row["send_at"])
        return Script(title=headed(title, row["drill"]), text=text,
                      audio=self._audio_of(row["audio"]) if row["audio"] else "",
                      options=msgspec.convert(row["options"], Options))
