"""A paper sent with a notice is read where the notice is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.composer import send
from tests.browser.deputies import invited
from tests.browser.desks import PHONE, Desks
from tests.browser.papers import paper
from tests.browser.stage import MAIN, City
from tests.browser.test_station import kiosk_of_main, revoke_all

PAGES = ("防汛工作方案", "值班安排", "联系电话")
INK = """() => {
  const canvas = document.querySelector('[data-test=paper] canvas')
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
  let dark = 0
  for (let at = 0; at < pixels.length; at += 4) if (pixels[at] < 100) dark += 1
  return dark
}"""
ON_SCREEN = """([box]) => {
  const { left, top, right, bottom } = box.getBoundingClientRect()
  return left === 0 && top === 0 && right === innerWidth && bottom === innerHeight
}"""


@pytest.fixture
def scheme(tmp_path: Path) -> Path:
    path = tmp_path / "防汛方案.pdf"
    path.write_bytes(paper(PAGES))
    return path


async def _leafs_through(page: Page, sheet: str) -> None:
    """From the first page to the last and back, every page with words on it."""
    await expect(page.get_by_test_id("paper")).to_have_attribute("data-state", "ready")
    await page.wait_for_function(f"() => ({ON_SCREEN})([document.querySelector('{sheet}')])")
    for number in range(1, len(PAGES) + 1):
        await expect(page.get_by_test_id("paper-page")).to_have_text(f"{number} / {len(PAGES)} 页")
        await page.wait_for_function(f"() => document.querySelector('[data-test=paper] canvas') && ({INK})() > 500")
        if number < len(PAGES):
            await page.get_by_test_id("paper-next").click()
    await expect(page.get_by_test_id("paper-next")).to_be_disabled()
    await page.get_by_test_id("paper-back").click()
    await expect(page.get_by_test_id("paper-page")).to_have_text(f"2 / {len(PAGES)} 页")


async def test_a_pdf_is_read_on_the_screen_of_the_station(city: City, desks: Desks, scheme: Path):
    admin, kiosk = await kiosk_of_main(city, desks)
    await send(admin, "请学习方案", MAIN, attach=scheme)
    await expect(kiosk.get_by_test_id("notice-title")).to_have_text("请学习方案")

    await kiosk.get_by_test_id("attachment").click()
    await _leafs_through(kiosk, ".sheet")
    await kiosk.get_by_test_id("close-file").click()

    await kiosk.get_by_test_id("ack").click()
    await expect(kiosk.get_by_test_id("idle")).to_be_visible()
    await revoke_all(city, admin)


async def test_a_damaged_pdf_says_so_and_the_notice_can_still_be_answered(city: City, desks: Desks, tmp_path: Path):
    admin, kiosk = await kiosk_of_main(city, desks)
    damaged = tmp_path / "坏文件.pdf"
    damaged.write_bytes(b"%PDF-1.7\n" + b"\x00" * 400)
    await send(admin, "附件有误", MAIN, attach=damaged)

    await kiosk.get_by_test_id("attachment").click()
    await expect(kiosk.get_by_test_id("paper")).to_contain_text("已损坏或不是 PDF")
    await kiosk.get_by_test_id("close-file").click()

    await kiosk.get_by_test_id("ack").click()
    await expect(kiosk.get_by_test_id("idle")).to_be_visible()
    await revoke_all(city, admin)


async def test_a_pdf_is_read_on_the_deputys_phone_and_its_way_back_leads_to_the_notice(
    city: City, desks: Desks, scheme: Path,
):
    page, phone = await desks.console(city.url, "operator"), await desks.open(PHONE)
    _, link = await invited(city, page, attach=scheme)
    await phone.goto(link)
    await expect(phone.get_by_test_id("notice-title")).to_be_visible()

    await phone.get_by_test_id("attachment").click()
    await _leafs_through(phone, ".sheet")
    await phone.go_back()

    await expect(phone.get_by_test_id("paper")).to_have_count(0)
    await expect(phone.get_by_test_id("notice-title")).to_have_text("常委会会议通知")
