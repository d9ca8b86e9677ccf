"""What the hub does by itself: a draft that is opened for comment is brought to all deputies, units, counties and contact points (WL 34)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from dispatch.messages.commands import SendBroadcast
from dispatch.messages.shapes import Audience
from dispatch.words import Priority
from hub.cases import load_case
from hub.desk import Desk
from hub.kernel.actor import CITY, SYSTEM
from hub.kernel.clock import Clock
from hub.kernel.errors import Refused
from hub.kernel.ids import derived
from hub.record import Database, Errand, VersionConflict
from hub.streams.legislation.facts import Project
from hub.streams.legislation.force import said_day
from hub.streams.legislation.projection import OPENED

log = structlog.get_logger()
STALE = timedelta(days=2)
"""What was opened longer ago is no news: it was told then, or was played from the journal."""
TITLE = 60
NO_VARIABLES = str.maketrans("{}", "｛｝")


class LawWorks:
    def __init__(self, db: Database, desk: Desk, clock: Clock) -> None:
        self._db, self._desk, self._clock = db, desk, clock

    @property
    def by_kind(self) -> Mapping[str, Errand]:
        return {OPENED: self.tell_opened}

    async def tell_opened(self, told: list[str]) -> None:
        project, event, at = UUID(told[0]), told[1], datetime.fromisoformat(told[2])
        async with self._db.read() as conn:
            case = await load_case(conn, project)
        if case is None or not isinstance(case.facts, Project) or case.facts.comment_until is None or self._clock.now() - at > STALE:
            return
        title = case.facts.title.translate(NO_VARIABLES)
        text = (f"《{title}》草案及说明现公开征求意见，到{said_day(case.facts.comment_until)}截止。"
                f"请在“事项—立法意见”里逐条提出；群众可在公开页面 /public/drafts/{project} 阅读并提意见，请广为转告。")
        try:
            await self._desk.ask(SendBroadcast(
                id=derived("draft opened", event), title=f"征求意见：{title}"[:TITLE], text=text, audience=Audience(orgs=(CITY,)),
                priority=Priority.ORDINARY), SYSTEM)
        except VersionConflict:
            raise  # others were faster again and again: the job is tried later
        except Refused as refusal:
            log.info("draft_told_nobody", project=str(project), why=refusal.en)
