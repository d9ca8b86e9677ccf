"""Rows of the database as the rows people see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from dispatch.messages.rows import (
    BroadcastRow,
    CountRow,
    FileRow,
    NoticeRow,
    RecipientRow,
    StationRow,
)
from dispatch.messages.shapes import Ladder, RecipientKind
from dispatch.outgoing import Options
from dispatch.wording import headed, render
from dispatch.words import BroadcastState, Channel, Outcome, Priority
from hub.record import Connection, load_sql

Q = load_sql("dispatch")

HEARD = (Outcome.CONFIRMED, Outcome.READ)
REACHED = (Outcome.CONFIRMED, Outcome.READ, Outcome.DELIVERED)

T = TypeVar("T")

Files = Mapping[UUID, FileRow]


async def files_of(conn: Connection, rows: Iterable[Any]) -> Files:
    wanted = {one for row in rows for one in (*row["attachments"], row["audio"]) if one}
    if not wanted:
        return {}
    found = await conn.fetch(Q["files_of"], list(wanted))
    return {row["id"]: FileRow(**row, url=f"/api/files/{row['id']}") for row in found}


def named(files: Files, ids: Sequence[UUID]) -> tuple[FileRow, ...]:
    return tuple(files[one] for one in ids if one in files)


def card(row: Any, files: Files, expected: int) -> BroadcastRow:
    return BroadcastRow(
        id=row["id"], title=row["title"], text=row["text"], priority=Priority(row["priority"]),
        state=BroadcastState(row["state"]), drill=row["drill"], by_name=row["by_name"], created_at=row["created_at"],
        send_at=row["send_at"], expires_at=row["expires_at"], closed_at=row["closed_at"], total=row["total"],
        expected=expected,
        outcomes={Outcome(key): n for key, n in row["outcomes"].items()},
        stations=_heard(row["kinds"], "station"), people=_heard(row["kinds"], "person"),
        audio=files.get(row["audio"]), attachments=named(files, row["attachments"]),
        options=msgspec.convert(row["options"], Options), ladder=msgspec.convert(row["ladder"], Ladder),
        reason=row["reason"], version=row["version"],
    )


def _heard(kinds: Mapping[str, int], whose: str) -> tuple[int, int]:
    own = {key.partition("/")[2]: n for key, n in kinds.items() if key.startswith(f"{whose}/")}
    return sum(own.get(outcome, 0) for outcome in HEARD), sum(own.values())


def cell(broadcast: str, row: Any) -> CountRow:
    return CountRow(
        id=f"{broadcast}/{row['kind']}/{row['key']}", kind=row["kind"], key=row["key"], label=row["label"],
        parent=row["parent"] if row["kind"] == "station" else "", total=row["total"], states=row["states"] or {},
    )


def masked(phone: str) -> str:
    return f"{phone[:-8]}****{phone[-4:]}" if len(phone) > 8 else phone


def recipient(row: Any) -> RecipientRow:
    labels = {option["code"]: option["label"] for option in row["options"]}
    return RecipientRow(
        id=row["id"], broadcast=row["broadcast"], ref=row["ref"], kind=RecipientKind(row["kind"]), name=row["name"],
        district=row["district"], station=row["station"], outcome=Outcome(row["outcome"]),
        road=Channel(row["road"]) if row["road"] else None, reply=row["reply"],
        reply_label=labels.get(row["reply"], row["reply"]), reason=row["reason"], delivered_at=row["delivered_at"],
        read_at=row["read_at"], confirmed_at=row["confirmed_at"], phone=masked(row["phone"]), rung=row["rung"],
        next_at=row["next_at"],
    )


def station(row: Any) -> StationRow:
    heard = row["heard"]
    at_least = [sum(heard.get(outcome, 0) for outcome in some)
                for some in (REACHED, HEARD, (Outcome.CONFIRMED,))]
    return StationRow(
        id=row["id"], name=row["name"], district=row["district"], district_name=row["district_name"], lon=row["lon"],
        lat=row["lat"], online=row["online"], since=row["since"], seen_at=row["seen_at"], broadcast=row["broadcast"],
        heard=(at_least[0], at_least[1], at_least[2], sum(heard.values())),
        terminal=Outcome(row["terminal"]) if row["terminal"] else None,
    )


def notice(row: Any, files: Files) -> NoticeRow:
    said = {"name": row["name"], "station": row["station_name"] or "", "district": row["district_name"] or "",
            "at": row["send_at"]}
    title = render(row["title"], row["variables"], title=row["title"], **said)
    return NoticeRow(
        id=row["id"], broadcast=row["broadcast"], title=headed(title, row["drill"]),
        text=render(row["text"], row["variables"], title=title, **said), priority=Priority(row["priority"]),
        drill=row["drill"], audio=files.get(row["audio"]), attachments=named(files, row["attachments"]),
        options=msgspec.convert(row["options"], Options), sent_at=row["send_at"], expires_at=row["expires_at"],
        cancelled=row["state"] == BroadcastState.CANCELLED, outcome=Outcome(row["outcome"]), reply=row["reply"],
        reason=row["reason"], by_name=row["by_name"],
    )


def convert(row: Any, shape: type[T]) -> T:
    return msgspec.convert(dict(row), shape)
