"""What the hub does by itself: a draft that is distributed is brought to those who will deliberate on it (WL 14, 27; S4-W16), one that is
opened for comment to all deputies, units, counties and contact points (WL 34)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from dispatch.messages.commands import SendBroadcast
from dispatch.messages.shapes import Audience, RecipientKind
from dispatch.words import Priority
from hub.cases import load_case
from hub.desk import Desk
from hub.kernel.actor import CITY, SYSTEM
from hub.kernel.clock import Clock
from hub.kernel.errors import Refused
from hub.kernel.ids import derived
from hub.record import Database, Errand, VersionConflict
from hub.streams.legislation.facts import Project, before_the_congress
from hub.streams.legislation.force import said_day
from hub.streams.legislation.projection import DISTRIBUTED, OPENED

log = structlog.get_logger()
STALE = timedelta(days=2)
"""What was told longer ago is no news: it was told then, or was played from the journal."""
TITLE = 60
MEMBERS = "常委会组成人员"
"""The tag, in the directory, of who sits in the standing committee."""
NO_VARIABLES = str.maketrans("{}", "｛｝")


class LawWorks:
    def __init__(self, db: Database, desk: Desk, clock: Clock) -> None:
        self._db, self._desk, self._clock = db, desk, clock

    @property
    def by_kind(self) -> Mapping[str, Errand]:
        return {OPENED: self.tell_opened, DISTRIBUTED: self.tell_distributed}

    async def tell_opened(self, told: list[str]) -> None:
        facts = await self._news(told)
        if facts is None or facts.comment_until is None:
            return
        text = (f"《{facts.title}》草案及说明现公开征求意见，到{said_day(facts.comment_until)}截止。"
                f"请在“事项—立法意见”里逐条提出；群众可在公开页面 /public/drafts/{told[0]} 阅读并提意见，请广为转告。")
        await self._send(derived("draft opened", told[1]), f"征求意见：{facts.title}", text, Audience(orgs=(CITY,)))

    async def tell_distributed(self, told: list[str]) -> None:
        """Before the congress all deputies get it, otherwise the members of the standing committee."""
        facts = await self._news(told)
        if facts is None or facts.meeting_on is None:
            return
        text = (f"《{facts.title}》草案已印发，请于{facts.meeting}（{said_day(facts.meeting_on)}）前审阅。"
                "全文、说明和参阅资料在“事项—立法项目”里，手机上也可阅读。")
        who = Audience(orgs=(CITY,), kinds=(RecipientKind.DEPUTY,)) if before_the_congress(facts) else Audience(tags=(MEMBERS,))
        await self._send(derived("draft distributed", told[1]), f"审议草案：{facts.title}", text, who)

    async def _news(self, told: list[str]) -> Project | None:
        project, at = UUID(told[0]), datetime.fromisoformat(told[2])
        async with self._db.read() as conn:
            case = await load_case(conn, project)
        if case is None or not isinstance(case.facts, Project) or self._clock.now() - at > STALE:
            return None
        return case.facts

    async def _send(self, once: UUID, title: str, text: str, audience: Audience) -> None:
        try:
            await self._desk.ask(SendBroadcast(
                id=once, title=title.translate(NO_VARIABLES)[:TITLE], text=text.translate(NO_VARIABLES), audience=audience,
                priority=Priority.ORDINARY), SYSTEM)
        except VersionConflict:
            raise  # others were faster again and again: the job is tried later
        except Refused as refusal:
            log.info("draft_told_nobody", title=title, why=refusal.en)
