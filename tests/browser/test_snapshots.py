"""随手拍 where there is no line: what was sent in a page that was closed at once arrives later, once, and the desk sees it."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

from playwright.async_api import FilePayload, Page, expect

from tests.browser.clerks import deputy_with_cases
from tests.browser.desks import Desks
from tests.browser.stage import City
from tests.browser.talkers import noise

ROWS = "select outcome, attempts, online, waited, pieces from snapshots.sending s join cases.item i on i.id = s.id where i.title = $1"

READY = "() => navigator.serviceWorker.getRegistration('/deputy/').then((known) => Boolean(known?.active))"
"""From then on the page opens without a line."""


async def _hand_in(phone: Page, words: str) -> None:
    """What was chosen already, from a place that the phone does not tell."""
    await expect(phone.get_by_test_id("snap-piece")).to_have_count(1)
    await phone.get_by_test_id("snap-locate").click()
    await expect(phone.get_by_test_id("snap-why")).to_contain_text("不影响发送")
    await phone.get_by_test_id("snap-text").fill(words)
    await phone.get_by_test_id("snap-send").click()


async def test_a_snapshot_sent_without_a_line_survives_the_page_and_arrives_once(city: City, desks: Desks, tmp_path: Path):
    words, picture = f"路面塌陷 {uuid4().hex[:6]}", tmp_path / "现场.png"
    picture.write_bytes(noise(300))
    desk = await desks.console(city.url, "intake")
    phone, _ = await deputy_with_cases(city, desks)
    await phone.wait_for_function(READY)
    await phone.get_by_test_id("snap-key").click()
    await desk.goto(f"{city.url}/#/cases/snapshots/sendings")

    await phone.context.set_offline(True)
    await phone.get_by_test_id("snap-album").set_input_files(FilePayload(name="说明.txt", mimeType="text/plain", buffer=b"x"))
    await expect(phone.get_by_test_id("snap-fault")).to_contain_text("不是照片、视频或语音")
    await phone.get_by_test_id("snap-album").set_input_files(picture)
    await _hand_in(phone, words)
    await expect(phone.get_by_test_id("snap-waiting")).to_contain_text("等待网络")
    context = phone.context
    await phone.close()

    again = await context.new_page()
    await again.goto(f"{city.url}/deputy/#/snapshots")
    await expect(again.get_by_test_id("snap-waiting")).to_contain_text(words)
    await context.set_offline(False)

    await expect(again.locator("[data-case]").filter(has_text=words)).to_be_visible()
    await expect(again.get_by_test_id("snap-waiting")).to_have_count(0)
    await expect(desk.get_by_test_id("sending-list")).to_contain_text(words)
    await expect(desk.locator("[data-rate=first]")).to_contain_text("100%")
    await desk.locator(".case-alarm").filter(has_text=words).click()
    await expect(desk.get_by_test_id("snapshot-picture")).to_have_js_property("naturalWidth", 300)
    await expect(desk.get_by_test_id("snapshot-way")).to_have_text(re.compile("第 1 次送达，用时 .*等待网络"))
    assert [dict(row)["outcome"] for row in await city.rows(ROWS, words)] == ["delivered"]
