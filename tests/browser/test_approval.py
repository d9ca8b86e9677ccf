"""What must not go out at once: a second person's word, an hour, a change of mind, a drill."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.async_api import expect

from hub.kernel.clock import CITY_ZONE, SystemClock
from tests.browser.composer import Composer, confirm, menu, send
from tests.browser.desks import Desks
from tests.browser.stage import City

TWO_WEEKS = timedelta(days=14)


async def test_a_notice_waits_for_the_second_person_and_then_goes_out(city: City, desks: Desks):
    operator, approver = await desks.console(city.url, "operator"), await desks.console(city.url, "approver")

    await send(operator, "需要审批的通知", "station:70", needs_approval=True)
    await expect(operator.get_by_test_id("board-state")).to_have_text("待审批")
    await expect(operator.get_by_test_id("act-approve")).to_have_count(0)
    waiting = approver.get_by_test_id("live-approvals")
    await expect(waiting).to_contain_text("需要审批的通知")
    await waiting.get_by_test_id("approve").click()
    await confirm(approver, re.compile(r"批准《需要审批的通知》？批准后将发送给 [1-9]\d* 人"))

    await expect(operator.get_by_test_id("board-state")).to_have_text("进行中")
    await expect(operator.get_by_test_id("figure-confirmed")).not_to_have_attribute("data-value", "0")


async def test_a_rejected_notice_shows_why(city: City, desks: Desks):
    operator, approver = await desks.console(city.url, "operator"), await desks.console(city.url, "approver")

    await send(operator, "措辞不当的通知", "station:70", needs_approval=True)
    await approver.get_by_test_id("live-approvals").get_by_test_id("reject").click()
    await confirm(approver, "驳回《措辞不当的通知》", reason="请写明会议地点")

    await expect(operator.get_by_test_id("board-state")).to_have_text("已驳回")
    await expect(operator.get_by_role("main")).to_contain_text("请写明会议地点")


async def test_a_scheduled_notice_waits_and_cancelling_asks_once_with_the_count(city: City, desks: Desks):
    page = await desks.console(city.url, "operator")
    composer = await Composer(page).open()

    later = f"{SystemClock().now().astimezone(CITY_ZONE) + TWO_WEEKS:%Y-%m-%d} 09:00"
    await composer.write("两周后的通知", "请提前安排。")
    await composer.next()
    await composer.to_organisations("district:7")
    total = await composer.total()
    await page.get_by_test_id("when-later").click()
    await page.get_by_placeholder("发送时间").fill(later)
    await page.keyboard.press("Enter")
    await composer.next()
    await expect(page.get_by_test_id("confirm-sentence")).to_contain_text(f"{later} 准时，向 {total} 人")
    await composer.send()
    await expect(page.get_by_test_id("board-state")).to_have_text("定时")
    await expect(page.get_by_test_id("figure-delivered")).to_have_attribute("data-value", "0")
    await menu(page, "act-more", "act-cancel")
    await confirm(page, f"涉及 {total} 人", reason="改为当面通知")

    await expect(page.get_by_test_id("board-state")).to_have_text("已撤销")
    await expect(page.get_by_test_id("act-more")).to_have_count(0)


async def test_a_drill_is_marked_wherever_it_is_seen(city: City, desks: Desks):
    page = await desks.console(city.url, "operator")

    which = await send(page, "疏散演习", "station:71", drill=True)

    await expect(page.get_by_text("演练", exact=True).first).to_be_visible()
    await page.get_by_test_id("nav-broadcasts").click()
    row = page.get_by_test_id("broadcast-row").and_(page.locator(f"[data-id='{which}']"))
    await expect(row).to_contain_text("演练")
    await page.get_by_test_id("nav-duty").click()
    await expect(page.get_by_test_id(f"card-{which}")).to_contain_text("演练")
