"""A video round: who runs it at a console, and stations at their walls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from playwright.async_api import Locator, Page, expect

from hub.access.seed import demo_device_keys
from hub.kernel.clock import SystemClock
from tests.browser.composer import NAMES
from tests.browser.desks import KIOSK, PATIENCE, Desks, sign_in
from tests.browser.lines import REMEMBER
from tests.browser.stage import City

SMALL = REMEMBER + """
  const asked = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = (wish) => asked(wish.video
    ? { ...wish, video: { width: 320, height: 180, frameRate: 5 } } : wish)
  const shown = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getDisplayMedia = (wish) => shown({ ...wish, video: { frameRate: 2, width: 640, height: 400 } })
"""
"""Cameras and screens so small that two cores can encode a round of them."""
RELIEF = 3 * PATIENCE
"""Whose machine is held up is spared pictures, and gets them back after ten seconds without trouble, or twenty, or forty."""
DISTRICT = "district:3"


async def stations_of(city: City, district: str = DISTRICT) -> list[str]:
    rows = await city.rows("select id from directory.organisation where kind = 'station' and parent = $1 order by sort", district)
    return [row["id"] for row in rows]


async def walls(city: City, desks: Desks, stations: list[str], cameras: Callable[[int], str] = lambda _: SMALL) -> dict[str, Page]:
    """Screens of stations, idle. `cameras`: the script that the page of each meets first."""
    keys = await city.inside(lambda: demo_device_keys(city.hub.access, SystemClock().now()))

    async def wall(number: int, station: str) -> Page:
        page = await desks.open(KIOSK)
        await page.add_init_script(cameras(number))
        await page.goto(f"{city.url}/station/#key={keys[station]}&sound=off")
        await page.get_by_test_id("idle").wait_for()
        return page

    return dict(zip(stations, await asyncio.gather(*(wall(n, one) for n, one in enumerate(stations, 1))), strict=True))


async def console(city: City, desks: Desks, login: str = "operator", camera: str = SMALL) -> Page:
    page = await desks.open()
    await page.add_init_script(camera)
    await page.goto(city.url)
    await sign_in(page, login)
    await expect(page.get_by_test_id("me")).to_be_visible()
    return page


async def begin(page: Page, title: str, *orgs: str, agenda: str = "", people: Sequence[str] = ()) -> None:
    """Opens the round and goes in, after a look at one's own devices."""
    await page.get_by_test_id("nav-meetings").click()
    await page.get_by_test_id("meeting-start").click()
    sheet = page.get_by_test_id("opening")
    await sheet.get_by_test_id("opening-title").fill(title)
    if agenda:
        await sheet.get_by_test_id("opening-agenda").fill(agenda)
    for org in orgs:
        await sheet.get_by_test_id("tree-filter").fill(NAMES[org])
        await sheet.get_by_test_id(f"org-{org}").click()
    for name in people:
        await sheet.get_by_test_id("opening-people").locator("input").fill(name)
        await page.get_by_role("option", name=name).locator("visible=true").first.click()
    await page.get_by_test_id("opening-begin").click()
    await page.get_by_test_id("device-test").wait_for()
    await page.get_by_test_id("enter").click()
    await expect(page.get_by_test_id("session-notes")).to_have_attribute("data-state", "joined")


async def comes_in(page: Page) -> None:
    await expect(page.get_by_test_id("round")).to_be_visible()
    await expect(page.get_by_test_id("session-notes")).to_have_attribute("data-state", "joined")


def tiles(page: Page) -> Locator:
    return page.get_by_test_id("tile")


def tile(page: Page, ref: str, part: str = "camera") -> Locator:
    return page.locator(f"[data-test=tile][data-ref='{ref}'][data-part={part}]")


def member(page: Page, ref: str) -> Locator:
    return page.locator(f"[data-test=member][data-ref='{ref}']")


async def do(page: Page, ref: str, act: str) -> None:
    """One of the acts behind a member of the list."""
    await member(page, ref).click()
    await page.get_by_test_id(f"act-{act}").locator("visible=true").click()


async def sees(page: Page, *refs: str) -> None:
    """Moving pictures of these, and tiles of nobody else."""
    await expect(tiles(page)).to_have_count(len(refs))
    for ref in refs:
        await expect(tile(page, ref)).to_have_attribute("data-moving", "true", timeout=RELIEF)


async def own_ref(page: Page) -> str:
    """As whom this console is in the round."""
    return str(await page.get_by_test_id("member").filter(has_text="我").first.get_attribute("data-ref"))
