"""What an operator does about those who have not answered."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browser.composer import confirm, menu
from tests.browser.deputies import invited
from tests.browser.desks import Desks, told
from tests.browser.stage import City


async def test_the_unanswered_are_reminded_reached_by_another_road_and_noted_by_hand(city: City, desks: Desks):
    page = await desks.console(city.url, "operator")
    deputy, _ = await invited(city, page)
    person = page.get_by_role("row", name=re.compile(deputy["name"]))
    before = {message["id"] for message in await city.messages(deputy["phone"])}

    await page.get_by_test_id("act-remind").click()
    await confirm(page, "再次提醒 1 名未回复者")
    await told(page, "已开始提醒 1 人。")
    await menu(page, "act-resend", "resend-sms")
    await confirm(page, "用短信立即重发给 1 名未回复者")
    await menu(page, "act-more", "act-extend")
    await expect(page.get_by_role("dialog", name="延长时限")).to_contain_text("涉及 1 名未回复者")
    await page.get_by_test_id("extend-yes").click()
    await told(page, "时限已延长。")

    await person.get_by_test_id("person-row").click()
    evidence = page.get_by_role("dialog", name=re.compile("送达证据"))
    await expect(evidence.get_by_test_id("evidence-lines")).to_contain_text("短信已送达")
    await page.get_by_test_id("note-text").fill("已电话告知本人")
    await page.get_by_test_id("note-save").click()
    await expect(evidence.get_by_test_id("evidence-lines")).to_contain_text("已电话告知本人")
    await expect(person.get_by_test_id("person-outcome")).to_have_text("已确认")
    assert [message["channel"] for message in await city.messages(deputy["phone"]) if message["id"] not in before] == ["sms"]


async def test_the_console_speaks_english(city: City, desks: Desks):
    page = await desks.console(city.url, "operator")

    await page.get_by_test_id("language").click()
    await expect(page.get_by_test_id("nav-duty")).to_have_text("Duty")
    await expect(page.get_by_test_id("compose")).to_have_text(re.compile("^New broadcast|Broadcast"))

    await page.reload()
    await expect(page.get_by_test_id("link-state")).to_have_text("Connected")
    assert not await page.get_by_text(re.compile(r"^\w+\.\w+(\.\w+)+$")).count(), "a word is missing"
