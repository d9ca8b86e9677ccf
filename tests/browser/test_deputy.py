"""A deputy's phone: from the link in the message to the answer on the console."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

from playwright.async_api import expect

from hub.access.secret_key import secret_key
from hub.access.tokens import make_link
from hub.kernel.clock import SystemClock
from tests.browser.deputies import DEPUTY, invited
from tests.browser.desks import PHONE, Desks
from tests.browser.stage import City
from tests.patience import PATIENCE


async def test_a_deputy_asks_for_leave_and_the_console_knows_at_once(city: City, desks: Desks):
    page, phone = await desks.console(city.url, "operator"), await desks.open(PHONE)
    deputy, link = await invited(city, page)

    await phone.goto(link)
    await expect(phone.get_by_test_id("notice-title")).to_have_text("常委会会议通知")
    await expect(phone.get_by_test_id("notice")).to_contain_text(f"请{deputy['name']}周五上午九点到会。")
    await phone.get_by_test_id("reply-leave").click()
    await phone.get_by_test_id("send-reason").click()
    await expect(phone.get_by_role("alert")).to_contain_text("请写明原因")
    await phone.get_by_test_id("reason").fill("在外地调研")
    await phone.get_by_test_id("send-reason").click()
    await expect(phone.get_by_test_id("answered")).to_contain_text("请假")
    await expect(phone.get_by_test_id("answered")).to_contain_text("在外地调研")

    await expect(page.get_by_role("row", name=re.compile(rf"{deputy['name']}.*已确认.*请假 · 在外地调研"))).to_be_visible()
    await page.get_by_role("tab", name="回复").click()
    await expect(page.get_by_test_id("answer-leave")).to_contain_text("1")


async def test_large_type_and_english_are_kept_on_the_phone(city: City, desks: Desks):
    page, phone = await desks.console(city.url, "operator"), await desks.open(PHONE)
    _, link = await invited(city, page)
    size = "() => parseFloat(getComputedStyle(document.documentElement).fontSize)"

    await phone.goto(link)
    await phone.get_by_test_id("back").get_by_role("button").click()
    await expect(phone.get_by_test_id("open-count")).to_contain_text("1")
    usual = await phone.evaluate(size)
    await phone.get_by_test_id("tab-mine").click()
    await phone.get_by_test_id("size-2").click()
    await phone.wait_for_function(f"usual => ({size})() === usual * 2", arg=usual)
    await phone.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")  # nothing scrolls sideways
    await phone.get_by_test_id("language-en").click()
    await expect(phone.get_by_test_id("tab-todo")).to_contain_text("To do")

    await phone.reload()
    await expect(phone.get_by_test_id("tab-todo")).to_contain_text("To do")
    await phone.wait_for_function(f"usual => ({size})() === usual * 2", arg=usual)


async def test_an_answer_given_without_a_line_goes_out_when_it_is_back(city: City, desks: Desks):
    page, phone = await desks.console(city.url, "operator"), await desks.open(PHONE)
    deputy, link = await invited(city, page)
    await phone.goto(link)
    await expect(phone.get_by_test_id("notice-title")).to_be_visible()

    await phone.context.set_offline(True)
    await expect(phone.get_by_test_id("link-state")).to_be_visible()
    await phone.get_by_test_id("reply-attend").click()
    await expect(phone.get_by_test_id("answered")).to_contain_text("联网后自动送出")
    await phone.context.set_offline(False)

    await expect(phone.get_by_test_id("answered")).not_to_contain_text("联网后自动送出")
    await expect(page.get_by_role("row", name=re.compile(rf"{deputy['name']}.*已确认.*参加"))).to_be_visible()


async def _expired(city: City) -> tuple[dict[str, Any], str]:
    """A deputy, and the link he was given some days ago."""
    deputy = dict((await city.rows(DEPUTY))[0])
    old = SystemClock().now() - timedelta(days=3)
    token = make_link(secret_key(city.hub.settings.data), deputy["id"], None, old, timedelta(days=1))
    return deputy, f"{city.url}/d/{token}"


async def test_an_expired_link_says_so_and_a_new_one_comes_when_asked_for(city: City, desks: Desks):
    deputy, link = await _expired(city)
    await city.habit(deputy["openid"], wechat="by_hand")
    before = {message["link"] for message in await city.messages(deputy["openid"])}
    phone = await desks.open(PHONE)

    await phone.goto(link)
    await expect(phone.get_by_test_id("link-expired")).to_contain_text("链接已失效")
    await phone.get_by_test_id("link-renew").click()
    await expect(phone.get_by_test_id("link-renewed")).to_contain_text("新的链接很快会发到您登记的手机或微信")
    await phone.goto(await _new_link(city, deputy["openid"], before))

    await expect(phone.get_by_test_id("tab-mine")).to_be_visible()


async def _new_link(city: City, address: str, before: set[str]) -> str:
    async with asyncio.timeout(PATIENCE):
        while True:
            links = [message["link"] for message in await city.messages(address)]
            if fresh := [link for link in links if link and link not in before]:
                return fresh[0]
            await asyncio.sleep(0.1)


async def test_an_expired_link_stays_at_its_door_when_the_page_is_loaded_again(city: City, desks: Desks):
    _, link = await _expired(city)
    phone = await desks.open(PHONE)
    await phone.goto(link)
    await expect(phone.get_by_test_id("link-renew")).to_be_visible()

    await phone.reload()

    await expect(phone.get_by_test_id("link-expired")).to_contain_text("请联系您所在的联络站")
    await expect(phone.get_by_test_id("link-renew")).to_be_visible()
