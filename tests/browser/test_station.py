"""A station's screen: unlocked once, then it works by itself."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.composer import confirm, send
from tests.browser.desks import KIOSK, Desks
from tests.browser.stage import MAIN, City


async def kiosk_of_main(city: City, desks: Desks) -> tuple[Page, Page]:
    """The administrator, and the main station's screen unlocked with a key enrolled just now."""
    admin, kiosk = await desks.console(city.url, "admin"), await desks.open(KIOSK)
    await admin.goto(f"{city.url}/#/system/devices")
    await admin.get_by_test_id("device-new").click()
    form = admin.get_by_role("dialog", name="登记设备")
    await form.get_by_role("combobox", name="站点").fill("总站")
    await admin.get_by_role("option", name=re.compile("总站")).locator("visible=true").click()
    await form.get_by_role("textbox", name="设备名称").fill("大厅屏")
    await form.get_by_test_id("sheet-save").click()
    key = await admin.get_by_test_id("key-made").inner_text()
    await admin.get_by_role("dialog", name=re.compile("密钥只显示这一次")).get_by_role("button", name="关闭", exact=True).last.click()
    await kiosk.goto(f"{city.url}/station/")
    await kiosk.get_by_test_id("device-key").fill(key)
    await kiosk.get_by_test_id("unlock").click()
    await expect(kiosk.get_by_test_id("station-name")).to_contain_text("总站")
    await admin.get_by_test_id("nav-duty").click()
    return admin, kiosk


async def revoke_all(city: City, admin: Page) -> None:
    await admin.goto(f"{city.url}/#/system/devices")
    await admin.get_by_role("row", name=re.compile("大厅屏")).get_by_role("button", name="吊销").click()
    await confirm(admin, "吊销“大厅屏”？")


async def test_a_broadcast_takes_the_screen_and_its_receipt_is_on_the_board(city: City, desks: Desks):
    admin, kiosk = await kiosk_of_main(city, desks)

    await send(admin, "大厅请播放", MAIN, text="请值班员到大厅。")
    await expect(kiosk.get_by_test_id("notice-title")).to_have_text("大厅请播放")
    await expect(kiosk.get_by_test_id("notice-text")).to_contain_text("请值班员到大厅。")
    await kiosk.get_by_test_id("ack").click()
    await expect(kiosk.get_by_test_id("idle")).to_be_visible()

    await admin.get_by_role("tab", name="名单").click()
    await expect(admin.get_by_role("row", name=re.compile("总站 站点.*已确认 站点屏幕 收到"))).to_be_visible()
    await revoke_all(city, admin)
    await expect(kiosk.get_by_test_id("locked")).to_be_visible()


async def test_what_is_urgent_comes_first(city: City, desks: Desks):
    admin, kiosk = await kiosk_of_main(city, desks)

    await send(admin, "普通的通知", MAIN, priority="important")
    await expect(kiosk.get_by_test_id("notice-title")).to_have_text("普通的通知")
    await send(admin, "紧急的通知", MAIN)
    await expect(kiosk.get_by_test_id("notice-title")).to_have_text("紧急的通知")
    await expect(kiosk.get_by_test_id("waiting")).to_contain_text("1")
    await kiosk.get_by_test_id("ack").click()
    await expect(kiosk.get_by_test_id("notice-title")).to_have_text("普通的通知")
    await kiosk.get_by_test_id("ack").click()

    await expect(kiosk.get_by_test_id("idle")).to_be_visible()
    await revoke_all(city, admin)


async def test_an_answer_given_without_a_line_goes_out_when_it_is_back(city: City, desks: Desks):
    admin, kiosk = await kiosk_of_main(city, desks)
    await send(admin, "断线也要答复", MAIN)
    await expect(kiosk.get_by_test_id("notice-title")).to_have_text("断线也要答复")

    await kiosk.context.set_offline(True)
    await expect(kiosk.get_by_test_id("link-state").first).not_to_have_attribute("data-state", "online")
    await kiosk.get_by_test_id("ack").click()
    await expect(kiosk.get_by_test_id("unsent")).to_have_text(re.compile(r"\d 条回执待送出"))
    await kiosk.context.set_offline(False)

    await expect(kiosk.get_by_test_id("link-state").first).to_have_attribute("data-state", "online")
    await admin.get_by_role("tab", name="名单").click()
    await expect(admin.get_by_role("row", name=re.compile("总站 站点.*已确认 站点屏幕 收到"))).to_be_visible()
    await revoke_all(city, admin)


async def test_a_wrong_key_is_answered_in_a_sentence(city: City, desks: Desks):
    kiosk = await desks.open(KIOSK)
    await kiosk.goto(f"{city.url}/station/")

    await kiosk.get_by_test_id("device-key").fill("dk")
    await kiosk.get_by_test_id("unlock").click()
    await expect(kiosk.get_by_role("alert")).to_contain_text("密钥不完整")
    await kiosk.get_by_test_id("device-key").fill("dk_0000000000000000000000000000000000000000000")
    await kiosk.get_by_test_id("unlock").click()

    await expect(kiosk.get_by_test_id("key-refused")).to_contain_text("未被接受")
