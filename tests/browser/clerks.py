"""Who works on a case: a deputy at a phone, desks at their consoles, each filling in what a step asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from playwright.async_api import Locator, Page, expect

from hub.access.secret_key import secret_key
from hub.access.tokens import make_link
from hub.kernel.clock import SystemClock
from tests.browser.deputies import DEPUTY
from tests.browser.desks import PHONE, Desks
from tests.browser.stage import City

UNIT = "department:5"


async def deputy_with_cases(city: City, desks: Desks) -> tuple[Page, dict[str, Any]]:
    deputy = dict((await city.rows(DEPUTY))[0])
    token = make_link(secret_key(city.hub.settings.data), deputy["id"], None, SystemClock().now(), timedelta(hours=1))
    phone = await desks.open(PHONE)
    await phone.goto(f"{city.url}/d/{token}")
    await phone.get_by_test_id("tab-cases").click()
    return phone, deputy


async def name_of_unit(city: City) -> str:
    [row] = await city.rows("select name from directory.organisation where id = $1", UNIT)
    return str(row["name"])


async def clerk(city: City, desks: Desks, login: str, title: str, waits: str = "") -> Page:
    """At a desk's console, with the case that waits for it open. `waits`: for whom it says that it waits."""
    page = await desks.console(city.url, login)
    await expect(page.get_by_role("row").filter(has_text=title).first).to_contain_text(waits)
    await page.locator("[data-case]").filter(has_text=title).first.click()
    await expect(page.get_by_test_id("case")).to_contain_text(title)
    return page


async def fill(page: Page, **fields: str | bool) -> None:
    """By the field's name: text is typed, True is ticked."""
    for name, value in fields.items():
        field = page.get_by_test_id(f"input-{name}")
        await (field.check() if value is True else field.fill(str(value)))


async def choose(page: Page, field: str, code: str) -> None:
    await page.get_by_test_id(f"choose-{field}-{code}").click()


async def pick(page: Page, field: str, name: str) -> None:
    await page.get_by_test_id(f"input-{field}").fill(name)
    await page.get_by_test_id(f"pick-{field}").filter(has_text=name).first.click()


async def send(page: Page) -> None:
    await page.get_by_test_id("step-send").click()


async def begin(page: Page, command: str) -> None:
    await page.get_by_test_id(f"step-{command}").click()
    await expect(page.get_by_test_id("step-form")).to_be_visible()


async def did(page: Page, words: str) -> None:
    """It stands on top of what was done with the case."""
    await expect(page.get_by_test_id("trail-row").first).to_contain_text(words)


def state(page: Page) -> Locator:
    return page.get_by_test_id("case-state").first
