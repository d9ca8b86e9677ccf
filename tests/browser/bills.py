"""A small hub for bills alone, whose clock is put forward: limits of days pass in a test of seconds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
from playwright.async_api import Page, expect

from hub.access.seed import seed_demo_accounts
from hub.app import Hub, hub_on
from hub.cases.messages import SaveRules
from hub.directory.messages.commands import SaveOrganisation
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.calendar import Span, begin_of, day_of
from hub.kernel.clock import SetClock, SystemClock
from hub.streams.legislation.rules import LegislationRules
from tests.browser.clerks import UNIT, begin, fill, send
from tests.browser.stage import apps_of
from tests.flows.broadcast.stage import settings_for
from tests.places import fresh_database

CLERK = Actor(id="account:clerk", name="法工委", roles=(Role.LEGISLATOR,), scopes=("city",))
CHAIRS = Actor(id="account:chairs", name="主任会议", roles=(Role.COMMITTEE,), scopes=("city",))
AT_ONCE = LegislationRules(submit=Span(0), distribute=Span(0), comment=Span(0), province=Span(0))
"""The weeks between the steps are of other tests; here each may follow the other."""
LATE = timedelta(days=3)


@dataclass(kw_only=True)
class BillHub:
    hub: Hub
    clock: SetClock
    papers: Path
    case: UUID

    @property
    def url(self) -> str:
        return self.hub.url

    @property
    def day(self) -> str:
        return day_of(self.clock.at).isoformat()

    async def ask(self, command: str, actor: Actor = CLERK, **form: Any) -> None:
        """A step of which no screen is tried here."""
        shape = self.hub.desk.rule(command).command
        plain = msgspec.to_builtins({"id": uuid4(), "case": self.case, "form": form})
        await self.hub.desk.ask(msgspec.convert(plain, shape), actor)

    async def paper(self, name: str) -> str:
        """One that lies in the archive already."""
        file = uuid4()
        async with self.hub.db.transaction() as conn:
            await conn.execute("insert into files.file(id, name, mime, size, sha256, purpose, by_id, at) values($1, $2, 'application/pdf', "
                               "3, '\\x00', 'case', $3, $4)", file, name, CLERK.id, self.clock.at)
        return str(file)

    async def on_the_plan(self, title: str) -> None:
        """A project whose first node was to be done three days ago, in the plan that is to be set."""
        today = day_of(self.clock.at)
        await self.ask("EnterProject", title=title, subject="urban_rural", source="suggestion")
        await self.ask("PlanProject", year=today.year, proposer="市人民政府", drafting=UNIT, submit_on=today - LATE, first_on=today,
                       second_on=today + timedelta(days=30), feasibility=[await self.paper("论证报告.pdf")],
                       suggested=[await self.paper("建议稿.pdf")])
        await self.ask("ConsultProvince", province_said="无不同意见。")

    async def on_the_agenda(self, meeting: dict[str, Any]) -> None:
        await self.ask("ReferBill")
        await self.ask("ListBill", CHAIRS, **meeting)
        await self.ask("DistributeBill", **meeting)

    def past_midnight(self) -> None:
        self.clock.at = begin_of(day_of(self.clock.at) + timedelta(days=1), 1).astimezone(UTC)
        self.hub.jobs.wake()


@asynccontextmanager
async def bill_hub(postgres: str, data: Path) -> AsyncIterator[BillHub]:
    """It is ten in the evening of yesterday: who signs in now is still there after midnight, and the browser's day is the hub's then."""
    clock = SetClock(begin_of(day_of(SystemClock().now()) - timedelta(days=1), 22).astimezone(UTC))
    settings, _ = settings_for(data)
    async with fresh_database(postgres) as dsn, hub_on(dsn, msgspec.structs.replace(settings, web=apps_of(data)), clock) as hub:
        for org, parent, name in (("city", None, "云澜市"), (UNIT, "city", "市城市管理局")):
            await hub.desk.ask(SaveOrganisation(id=uuid4(), organisation=org, parent=parent, name=name), SYSTEM)
        await seed_demo_accounts(hub.access, clock.at)
        rules = msgspec.to_builtins(AT_ONCE)
        await hub.desk.ask(SaveRules(id=uuid4(), stream="legislation", valid_from=day_of(clock.at), rules=rules, note="试行"), SYSTEM)
        bills = BillHub(hub=hub, clock=clock, papers=data, case=uuid4())
        yield bills


async def take(page: Page, command: str, said: str, files: dict[str, Path] | None = None, **fields: str | bool) -> None:
    """A step on the console, from its key to its line in the trail."""
    await begin(page, command)
    for name, path in (files or {}).items():
        await page.get_by_test_id(f"input-{name}").set_input_files(path)
    await fill(page, **fields)
    await send(page)
    await taken(page, said)


async def taken(page: Page, said: str) -> None:
    """The form is gone, and it stands in the trail; a clock may have struck since."""
    await expect(page.get_by_test_id("step-form")).to_be_hidden()
    await expect(page.get_by_test_id("trail-row").filter(has_text=said).first).to_be_visible()


async def opened(page: Page, url: str, case: UUID) -> Page:
    await page.goto(f"{url}/#/cases/one/{case}")
    await expect(page.get_by_test_id("case")).to_be_visible()
    return page


def first_text() -> str:
    return "第一条 为了加强养犬管理，制定本条例。\n第二条 养犬人应当每两年为犬只免疫一次。\n第三条 本市行政区域内适用本条例。"


def second_text() -> str:
    return ("第一条 为了加强养犬管理，制定本条例。\n第二条 本市行政区域内适用本条例。\n第三条 养犬人应当每年为犬只免疫一次。\n"
            "第四条 携犬出户应当束犬链，并及时清理粪便。")

