"""A city grows: the administrator makes new places on the console, and everybody sees them at once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from functools import partial
from typing import Any
from uuid import uuid4

import pytest_asyncio
from playwright.async_api import Page, expect

from hub.directory.messages.commands import SaveOrganisation
from hub.kernel.actor import SYSTEM
from tests.browser.desks import Desks, told
from tests.browser.stage import City

MADE = """select id, name, parent, lon, lat from directory.organisation
           where active and id <> all($1::text[]) order by id desc"""


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def only_for_this_test(city: City) -> AsyncIterator[None]:
    """The city is shared; what was made in it goes out of use again."""
    known = [row["id"] for row in await city.rows(MADE, [])]
    yield
    for row in await city.rows(MADE, known):
        await city.inside(partial(_close, city, dict(row)))


async def _close(city: City, made: dict[str, Any]) -> None:
    organisation = made.pop("id")
    await city.hub.desk.ask(SaveOrganisation(id=uuid4(), organisation=organisation, active=False, **made), SYSTEM)


async def _begin(page: Page, url: str, kind: str, name: str) -> None:
    await page.goto(f"{url}/#/directory/stations")
    await page.get_by_test_id(f"kind-{kind}").click()
    await page.get_by_test_id("place-new").click()
    await page.get_by_test_id("station-name").fill(name)


async def _point_at_the_middle(page: Page) -> None:
    map = page.get_by_test_id("spot-map")
    await expect(map.get_by_role("img")).to_be_visible()
    await map.click()


async def _save(page: Page) -> None:
    await page.get_by_test_id("sheet-save").click()


async def test_a_new_station_is_pointed_at_on_the_map_and_stands_in_every_list(city: City, desks: Desks):
    page, operator = await desks.console(city.url, "admin"), await desks.console(city.url, "operator")
    await _begin(page, city.url, "station", "西溪街道代表联络站")

    await _point_at_the_middle(page)
    await expect(page.get_by_test_id("spot-note")).to_have_text("位于望江区")
    await expect(page.get_by_test_id("station-parent")).to_contain_text("望江区")
    await expect(page.get_by_test_id("station-lon").locator("input")).to_have_value(re.compile(r"^\d{2,3}\.\d{6}$"))
    await page.get_by_test_id("station-address").fill("望江区西溪路 1 号")
    await page.get_by_test_id("station-hours").fill("周一至周五 9:00-17:00")
    await page.get_by_test_id("station-contact").fill("方站长")
    await _save(page)

    await told(page, "站点“西溪街道代表联络站”已新增")
    await page.get_by_test_id("stations-search").fill("西溪")
    await expect(page.get_by_role("row", name=re.compile("西溪街道代表联络站 望江区 离线.*方站长"))).to_be_visible()
    await expect(operator.get_by_role("img", name=re.compile("75 个站点的地图，73 个在线"))).to_be_visible()


async def test_what_is_missing_and_what_is_taken_is_said_and_nothing_typed_is_lost(city: City, desks: Desks):
    page = await desks.console(city.url, "admin")
    await _begin(page, city.url, "station", "重号站")

    await _save(page)
    await expect(page.get_by_text("请先填写带 * 的各项")).to_be_visible()
    await _point_at_the_middle(page)
    await page.get_by_test_id("station-number").locator("input").fill("17")
    await _save(page)
    await expect(page.get_by_test_id("sheet-problem")).to_contain_text("编号 17 已属于")

    await expect(page.get_by_test_id("station-name")).to_have_value("重号站")
    await expect(page.get_by_test_id("station-parent")).to_contain_text("望江区")


async def test_a_new_district_can_hold_a_new_department(city: City, desks: Desks):
    page = await desks.console(city.url, "admin")
    await _begin(page, city.url, "district", "高新区")
    await _save(page)
    await expect(page.get_by_role("row", name=re.compile("^高新区"))).to_be_visible()

    await _begin(page, city.url, "department", "高新区教育局")
    await page.get_by_test_id("station-parent").click()
    await page.get_by_role("option", name="高新区", exact=True).locator("visible=true").click()
    await _save(page)

    await expect(page.get_by_role("row", name=re.compile("^高新区教育局"))).to_be_visible()


async def test_a_place_goes_out_of_use_after_asking_once_and_may_come_back(city: City, desks: Desks):
    page = await desks.console(city.url, "admin")
    await _begin(page, city.url, "district", "滨海区")
    await _save(page)
    row = page.get_by_role("row", name=re.compile("^滨海区"))
    await expect(row).to_contain_text("启用")

    for shown in ("已停用", "启用"):
        await row.get_by_text("滨海区").click()
        await page.get_by_test_id("place-active").click()
        await _save(page)
        if shown == "已停用":
            await expect(page.get_by_text("停用“滨海区”？")).to_be_visible()
            await page.locator(".confirm-yes").click()
        await expect(row).to_contain_text(shown)


async def test_who_may_not_edit_the_directory_is_offered_no_new_place(city: City, desks: Desks):
    page = await desks.console(city.url, "operator")

    await page.goto(f"{city.url}/#/directory/stations")

    await expect(page.get_by_test_id("station-station:0")).to_be_visible()
    await expect(page.get_by_test_id("place-new")).to_have_count(0)
