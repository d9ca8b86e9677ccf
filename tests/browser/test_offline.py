"""A lost line is shown, work goes on, and nothing typed is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page, expect

from tests.browser.composer import Composer, confirm, figure, menu, send
from tests.browser.desks import Desks
from tests.browser.stage import City
from tests.patience import PATIENCE


async def test_typing_goes_on_without_a_line_and_what_was_missed_is_shown_when_it_is_back(city: City, desks: Desks):
    page, colleague = await desks.console(city.url, "operator"), await desks.console(city.url, "admin")
    composer = await Composer(page).open()

    await page.context.set_offline(True)
    await expect(page.get_by_test_id("offline-bar")).to_contain_text("连接中断")
    await composer.write("断线时写的通知", "线断了也照样写。")
    await expect(page.get_by_test_id("draft-kept")).to_be_visible()
    missed = await send(colleague, "断线期间发出的广播", "station:60")
    await page.context.set_offline(False)

    await expect(page.get_by_test_id("offline-bar")).to_have_count(0)
    await expect(page.get_by_test_id("composer-title")).to_have_value("断线时写的通知")
    await composer.sheet.get_by_role("button", name="关闭").click()
    await expect(page.get_by_test_id(f"card-{missed}")).to_contain_text("断线期间发出的广播")


async def test_a_reload_keeps_the_draft(city: City, desks: Desks):
    page = await desks.console(city.url, "operator")
    composer = await Composer(page).open()
    await composer.write("写了一半的通知", "还没有写完")
    await composer.next()
    await composer.to_organisations("district:7")
    total = await composer.total()
    await page.wait_for_function("() => JSON.stringify(localStorage).includes('district:7')")

    await page.reload()
    await Composer(page).page.get_by_test_id("compose").click()

    assert await composer.total() == total
    await page.get_by_test_id("step-content").click()
    await expect(page.get_by_test_id("composer-title")).to_have_value("写了一半的通知")
    await expect(page.get_by_test_id("composer-text")).to_have_value("还没有写完")


async def test_a_board_left_without_a_line_catches_up(city: City, desks: Desks):
    page, colleague = await desks.console(city.url, "operator"), await desks.console(city.url, "operator")
    await send(page, "断线也要数清", "station:61", "station:62")
    await colleague.goto(page.url)
    await expect(colleague.get_by_test_id("board-title")).to_have_text("断线也要数清")

    await colleague.context.set_offline(True)
    await expect(colleague.get_by_test_id("offline-bar")).to_be_visible()
    await menu(page, "act-more", "act-cancel")
    await confirm(page, "撤销这条广播", reason="已当面通知")
    await expect(page.get_by_test_id("board-state")).to_have_text("已撤销")
    await expect(colleague.get_by_test_id("board-state")).to_have_text("进行中")
    await colleague.context.set_offline(False)

    await expect(colleague.get_by_test_id("board-state")).to_have_text("已撤销")
    async with asyncio.timeout(PATIENCE):
        while await _figures(colleague) != await _figures(page):
            await asyncio.sleep(0.1)


async def _figures(page: Page) -> list[int]:
    return [await figure(page, name) for name in ("total", "delivered", "confirmed")]


@asynccontextmanager
async def database_away(city: City) -> AsyncIterator[None]:
    """As far as this hub knows; the server is another's too, and stays."""
    async def turn(away: bool) -> None:
        city.hub.db.reach.away = away

    await city.inside(lambda: turn(True))
    try:
        yield
    finally:
        await city.inside(lambda: turn(False))


async def test_while_the_database_is_away_a_page_opens_as_it_was_and_says_of_when(city: City, desks: Desks):
    page = await desks.console(city.url, "operator")
    district = page.get_by_test_id("org-district:7").first
    await expect(district).to_be_visible()

    async with database_away(city):
        await page.reload()
        await expect(page.get_by_test_id("stale-line")).to_contain_text("数据库暂不可用，以下为")
        await expect(district).to_be_visible()

    await expect(page.get_by_test_id("stale-line")).to_have_count(0)
