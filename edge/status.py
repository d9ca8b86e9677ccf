"""What a pocket holds, for a person at the station; reads beside a running agent."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import msgspec

from edge.messages import Notice
from edge.state import Mark
from hub.kernel.errors import NotFound


def describe(data: Path) -> str:
    """Raises NotFound when there is no pocket."""
    pockets = sorted([*data.glob("pocket.sqlite"), *data.glob("*/pocket.sqlite")])
    if not pockets:
        raise NotFound(f"目录 {data} 里没有站点数据。请检查 --data。",
                       f"There is no pocket in {data}. Check --data.")
    parts = [_describe_one(path) for path in pockets]
    return "\n".join(parts)


def _describe_one(path: Path) -> str:
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)
    try:
        rows = db.execute("select notice, mark from notices order by expires_at").fetchall()
        unsent = db.execute("select count(*) from receipts").fetchone()[0]
    finally:
        db.close()
    known = [(msgspec.json.decode(notice, type=Notice), msgspec.json.decode(mark, type=Mark))
             for notice, mark in rows]
    stages = Counter(mark.stage.value for _, mark in known)
    counted = " · ".join(f"{stage} {count}" for stage, count in sorted(stages.items()))
    head = f"{path.parent.name}: {len(known)} notices ({counted or '-'}) · {unsent} receipts unsent"
    return "\n".join([head, *(_line(*pair) for pair in known if pair[1].listed)])


def _line(notice: Notice, mark: Mark) -> str:
    told = mark.told.value if mark.told else "-"
    played = f" {mark.position_ms / 1000:.1f}/{mark.length_ms / 1000:.1f} s" if mark.length_ms else ""
    return (f"  {notice.sent_at:%m-%d %H:%M} {notice.priority.value:<9} {mark.stage.value:<7}"
            f" told {told:<9} audio {mark.audio.value}{played}  {notice.title}")
