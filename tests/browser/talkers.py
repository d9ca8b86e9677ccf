"""Who talks: a group of an operator, a deputy who came by a link, and a station's screen."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from playwright.async_api import Locator, Page, expect

from hub.access.secret_key import secret_key
from hub.access.seed import demo_device_keys
from hub.access.tokens import make_link
from hub.kernel.clock import SystemClock
from tests.browser.deputies import DEPUTY
from tests.browser.desks import KIOSK, PHONE, Desks
from tests.browser.stage import City

STATION = "station:17"


@dataclass(frozen=True)
class Talkers:
    console: Page
    phone: Page
    kiosk: Page


async def deputy_at_his_phone(city: City, desks: Desks) -> tuple[Page, str]:
    deputy = (await city.rows(DEPUTY))[0]
    token = make_link(secret_key(city.hub.settings.data), deputy["id"], None, SystemClock().now(), timedelta(hours=1))
    phone = await desks.open(PHONE | {"viewport": {"width": 375, "height": 812}})
    await phone.goto(f"{city.url}/d/{token}")
    await phone.get_by_test_id("tab-talk").click()
    return phone, deputy["name"]


async def screen_of_a_station(city: City, desks: Desks) -> tuple[Page, str]:
    keys = await city.inside(lambda: demo_device_keys(city.hub.access, SystemClock().now()))
    kiosk = await desks.open(KIOSK)
    await kiosk.goto(f"{city.url}/station/#key={keys[STATION]}&sound=off")
    await kiosk.get_by_test_id("idle").wait_for()
    [row] = await city.rows("select name from directory.organisation where id = $1", STATION)
    return kiosk, row["name"]


async def new_group(console: Page, name: str, *members: str) -> None:
    await console.get_by_test_id("nav-conversations").click()
    await console.get_by_test_id("start").click()
    await console.get_by_test_id("start-many").click()
    await console.get_by_test_id("start-name").fill(name)
    for member in members:
        await console.get_by_test_id("contact-search").fill(member)
        await console.get_by_test_id("contact").filter(has_text=member).first.click()
    await console.get_by_test_id("start-create").click()
    await expect(console.get_by_test_id("pane-name")).to_have_text(name)


async def gathered(city: City, desks: Desks, name: str) -> Talkers:
    """All three have the group open."""
    console = await desks.console(city.url, "operator")
    phone, deputy = await deputy_at_his_phone(city, desks)
    kiosk, station = await screen_of_a_station(city, desks)
    await new_group(console, name, deputy, station)
    await enter(phone, name)
    await kiosk.get_by_test_id("talk-open").click()
    await enter(kiosk, name)
    return Talkers(console, phone, kiosk)


async def enter(page: Page, name: str) -> None:
    await page.get_by_test_id("conversation").filter(has_text=name).click()
    await expect(page.get_by_test_id("pane-name")).to_have_text(name)
    await expect(page.get_by_test_id("compose-text")).to_be_visible()


async def say(page: Page, words: str) -> None:
    await page.get_by_test_id("compose-text").fill(words)
    await page.get_by_test_id("compose-send").click()


def said(page: Page, words: str) -> Locator:
    """Messages with these words that came from the hub."""
    return page.get_by_test_id("message").filter(has=page.get_by_test_id("message-text").filter(has_text=words))


async def do(page: Page, words: str, act: str) -> None:
    message = said(page, words)
    await message.hover()
    await message.get_by_test_id("message-more").click()
    await page.get_by_test_id(f"menu-{act}").click()


def noise(side: int = 1000) -> bytes:
    """A PNG that cannot be compressed: three bytes for each of its points."""
    random = Random(17)
    lines = b"".join(b"\0" + random.randbytes(side * 3) for _ in range(side))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines, 0)) + chunk(b"IEND", b"")
