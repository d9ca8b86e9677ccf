"""Who is in charge of one district sees that district, and may reach nobody else."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browser.composer import Composer, send
from tests.browser.desks import Desks
from tests.browser.stage import City

BELOW_3 = "select count(*) n from directory.person where active and 'district:3' = any(path)"


async def test_a_district_s_operator_sees_only_the_district(city: City, desks: Desks):
    operator = await desks.console(city.url, "operator")
    elsewhere = await send(operator, "别区的通知", "station:70")
    page = await desks.console(city.url, "district3")

    await expect(page.get_by_test_id("duty-tree")).to_contain_text("白鹭区")
    await expect(page.get_by_test_id("duty-tree")).not_to_contain_text("望江区")
    await expect(page.get_by_role("img", name=re.compile("^11 个站点的地图"))).to_be_visible()
    composer = await Composer(page).open()
    await composer.write("本区通知", "请本区各站点知悉。")
    await composer.next()
    await composer.to_organisations("district:3")
    people = (await city.rows(BELOW_3))[0]["n"]
    assert await composer.total() == people + 11
    await composer.next()
    own = await composer.send()
    await page.get_by_test_id("nav-broadcasts").click()
    await expect(page.locator(f"[data-id='{own}']")).to_be_visible()
    await expect(page.locator(f"[data-id='{elsewhere}']")).to_have_count(0)
    await page.get_by_test_id("nav-people").click()
    await expect(page.get_by_role("main")).to_contain_text(f"共 {people} 条")

    await page.goto(f"{city.url}/#/broadcasts/{elsewhere}")
    await expect(page.get_by_test_id("board-title")).to_have_count(0)
    await page.goto(f"{city.url}/#/system/accounts")
    await expect(page.get_by_test_id("no-permission")).to_contain_text("账号管理")
