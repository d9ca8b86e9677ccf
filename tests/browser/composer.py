"""The hands of an operator on the composer and the board."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from hub.directory.city import demo_city

NAMES = {org.id: org.short_name for org in demo_city().organisations}
LOOKS = """([]) => {
  const number = (name) => Number(document.querySelector(`[data-test=figure-${name}]`)?.dataset.value ?? -1)
  const bar = () => document.querySelector('.el-tab-pane:not([style*=none]) tbody [role=img]')?.ariaLabel ?? ''
  window.looks = []
  const look = () => {
    const parts = [...bar().matchAll(/ (\\d+)/g)].map((found) => Number(found[1]))
    window.looks.push({
      total: number('total'), delivered: number('delivered'), read: number('read'),
      confirmed: number('confirmed'), unreachable: number('unreachable'),
      sum: parts.reduce((all, part) => all + part, 0),
    })
  }
  look()
  new MutationObserver(look).observe(document.querySelector('main'), { subtree: true, childList: true, attributes: true })
}"""


async def pick(page: Page, field: str, option: str) -> None:
    """One of a drop-down's words."""
    await page.get_by_test_id(field).click()
    await page.get_by_role("option", name=option, exact=True).locator("visible=true").click()


async def menu(page: Page, button: str, item: str) -> None:
    await page.get_by_test_id(button).click()
    await page.get_by_test_id(item).locator("visible=true").click()


async def confirm(page: Page, says: str | re.Pattern[str], reason: str | None = None) -> None:
    """The question is asked once; it says whom it concerns."""
    box = page.locator(".el-message-box")
    await expect(box).to_contain_text(says)
    if reason is not None:
        await box.get_by_role("textbox").fill(reason)
    await box.locator(".confirm-yes").click()
    await expect(box).to_be_hidden()


@dataclass
class Composer:
    page: Page

    @property
    def sheet(self) -> Locator:
        return self.page.get_by_role("dialog", name="发起广播")

    @property
    def gap(self) -> Locator:
        """The sentence that says what is missing."""
        return self.page.get_by_test_id("composer-gap")

    async def open(self) -> Composer:
        await self.page.get_by_test_id("compose").click()
        await expect(self.page.get_by_test_id("composer-title")).to_be_visible()
        return self

    async def write(self, title: str, text: str) -> None:
        await self.page.get_by_test_id("composer-title").fill(title)
        await self.page.get_by_test_id("composer-text").fill(text)

    async def attach(self, file: Path) -> None:
        await self.page.get_by_test_id("attachment-file").set_input_files(file)
        await expect(self.page.get_by_test_id("attachment")).to_contain_text(file.name)

    async def next(self) -> None:
        await self.page.get_by_test_id("composer-next").click()

    async def to_organisations(self, *ids: str) -> None:
        """Ticks them in the tree; a filter unfolds what lies below."""
        tree = self.page.get_by_test_id("audience-tree")
        for org in ids:
            await tree.get_by_test_id("tree-filter").fill(NAMES[org])
            await tree.get_by_test_id(f"org-{org}").click()

    async def to_person(self, name: str) -> None:
        await self.page.get_by_test_id("audience-by-hand").click()
        await self.page.keyboard.type(name)
        await self.page.get_by_role("option", name=re.compile(name)).locator("visible=true").first.click()
        await self.page.keyboard.press("Escape")

    async def total(self) -> int:
        """How many it will reach, when the counter has settled."""
        counter = self.page.get_by_test_id("audience-counter")
        await expect(counter).not_to_have_class(re.compile(r"\bcounting\b"))
        return int(await counter.get_attribute("data-total") or 0)

    async def send(self) -> str:
        """From the confirm step to the board; the broadcast's id."""
        await self.page.get_by_test_id("composer-send").click()
        await self.page.wait_for_url(re.compile(r"#/broadcasts/[0-9a-f-]{36}$"))
        return self.page.url.rpartition("/")[2]


async def send(page: Page, title: str, *orgs: str, text: str = "请各站点按通知办理。", priority: str = "emergency",
               person: str = "", attach: Path | None = None, **ticks: bool) -> str:
    """A notice from the first word to the board; `ticks`: drill, needs_approval."""
    composer = await Composer(page).open()
    await composer.write(title, text)
    if attach:
        await composer.attach(attach)
    await composer.next()
    await composer.to_organisations(*orgs)
    if person:
        await composer.to_person(person)
    await page.get_by_test_id(f"priority-{priority}").click()
    for tick in ticks:
        await page.get_by_test_id(tick.replace("_", "-")).click()
    assert await composer.total() > 0
    await composer.next()
    return await composer.send()


async def figure(page: Page, name: str) -> int:
    return int(await page.get_by_test_id(f"figure-{name}").get_attribute("data-value") or 0)


async def looks(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await page.evaluate("() => window.looks")
    return found
