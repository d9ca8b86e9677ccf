"""A meeting goes live from an encoder, is watched in hls.js on a phone and replayed; a speech is filed under its deputy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from hub.access.messages import CreateApiKey
from hub.kernel.actor import SYSTEM, Role
from scripts import chromium
from tests.browser.desks import PHONE, Desks
from tests.browser.stage import City
from tests.browser.talkers import deputy_at_his_phone
from tests.flows.live_meetings.encoder import publishing

TITLE = "市人大常委会第三十二次会议"
RUNS = """() => {
  const video = document.querySelector('[data-test=live-player] video')
  return video && !video.paused && video.currentTime > 0.5 && video.videoWidth
}"""
PATIENCE = 45_000


@pytest.fixture(autouse=True)
def whole_browser(chromium_path: str) -> None:
    if Path(chromium_path).is_relative_to(chromium.HOME.resolve()):
        pytest.skip("live pictures need a whole Chromium; the one fetched from npm has no H.264. Install chromium, or name one in HUB_CHROMIUM")


@asynccontextmanager
async def encoder(city: City, address: str, folder: Path) -> AsyncIterator[None]:
    made = await city.inside(lambda: city.hub.desk.ask(
        CreateApiKey(id=uuid4(), name="会场编码器", roles=(Role.OPERATOR,), scopes=("city",)), SYSTEM))
    async with publishing(address, made["key"], folder):
        yield


async def runs(page: Page) -> None:
    """Pictures move."""
    await page.wait_for_function(RUNS, timeout=PATIENCE)


async def goes_live(page: Page) -> str:
    """From the console; says where an encoder publishes to."""
    await page.get_by_test_id("nav-live").click()
    await page.get_by_test_id("live-new").click()
    await page.get_by_test_id("live-title-field").fill(TITLE)
    await page.get_by_test_id("live-now").click()
    await page.get_by_test_id("sheet-save").click()
    await expect(page.get_by_test_id("live-state")).to_contain_text("直播中")
    return await page.get_by_test_id("live-whip").inner_text()


async def writes_agenda(page: Page) -> None:
    await page.get_by_test_id("agenda-edit").click()
    await page.get_by_test_id("agenda-lines").fill("听取专项工作报告\n审议物业管理条例草案")
    await page.get_by_test_id("sheet-save").click()
    await page.get_by_test_id("agenda-turn").nth(1).click()
    await expect(page.get_by_test_id("agenda-item").nth(1)).to_contain_text("正在审议")


async def marks(page: Page, name: str) -> None:
    """He begins to speak, and ends some seconds later."""
    box = page.get_by_test_id("mark-person").locator("input")
    await box.click()
    await box.press_sequentially(name, delay=20)
    await page.get_by_role("option", name=name).first.click()
    await page.get_by_test_id("mark-begin").click()
    await expect(page.get_by_text("已讲 0:04")).to_be_visible()
    await page.get_by_test_id("mark-end").click()
    await expect(page.get_by_test_id("speech-line")).to_contain_text("审议物业管理条例草案")


async def test_a_meeting_is_watched_live_and_again_and_a_speech_is_filed_under_its_deputy(city: City, desks: Desks, tmp_path: Path):
    page = await desks.console(city.url, "operator")
    phone, deputy = await deputy_at_his_phone(city, desks)
    address, viewer = await goes_live(page), await desks.open(PHONE)
    async with encoder(city, address, tmp_path):
        await viewer.goto(f"{city.url}/live/")
        await viewer.get_by_test_id("live-card").filter(has_text=TITLE).click()
        await runs(viewer)
        await expect(viewer.get_by_test_id("live-delay")).to_be_visible()
        await runs(page)
        await expect(page.get_by_test_id("live-viewers")).to_have_text("2", timeout=PATIENCE)
        await writes_agenda(page)
        await marks(page, deputy)
        await page.get_by_test_id("live-stop").click()
        await page.locator(".confirm-yes").click()
    await expect(page.get_by_test_id("live-state")).to_contain_text("已结束")

    await expect(viewer.get_by_test_id("live-player")).to_contain_text("回放", timeout=PATIENCE)
    await runs(viewer)

    await expect(page.get_by_test_id("speech-line")).to_contain_text("已归档", timeout=PATIENCE)
    await page.get_by_test_id("tab-speakers").click()
    await page.get_by_test_id("speaker-row").filter(has_text=deputy).click()
    await expect(page.get_by_test_id("clip")).to_contain_text("审议物业管理条例草案")
    await phone.get_by_test_id("tab-live").click()
    await phone.get_by_test_id("to-clips").click()
    clip = phone.get_by_test_id("clip").locator("video")
    await clip.evaluate("video => video.play()")
    await asyncio.wait_for(clip.evaluate("video => new Promise((done) => { video.ontimeupdate = () => video.currentTime > 1 && done() })"), 30)
