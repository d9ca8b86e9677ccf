"""A bill through two readings: one node overdue and explained, a citizen's comment on an article answered, the texts side by side."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.bills import (
    CHAIRS,
    BillHub,
    bill_hub,
    first_text,
    opened,
    second_text,
    take,
    taken,
)
from tests.browser.clerks import begin, fill, send, state
from tests.browser.desks import PHONE, Desks

TITLE = "云澜市养犬管理条例"


async def test_a_bill_goes_through_two_readings_with_one_node_overdue_and_a_citizens_comment(postgres: str, desks: Desks, tmp_path: Path):
    async with bill_hub(postgres, tmp_path) as bills:
        await bills.on_the_plan(TITLE)
        unit = await desks.console(bills.url, "head5")
        await bills.ask("SetPlan", CHAIRS, meeting="第三十次主任会议", held_on=bills.day)
        await _overdue_is_told_and_explained(unit, bills)
        await _handed_in(unit, bills)
        clerk = await opened(await desks.console(bills.url, "legislation"), bills.url, bills.case)
        await _read_once(clerk, bills)
        phone = await _commented(desks, bills)

        bills.past_midnight()
        await asyncio.gather(_without_alarms(clerk), _without_alarms(unit))
        await expect(state(clerk)).to_contain_text("统一审议")
        await _answered(unit)
        await unit.close()
        await _read_twice(clerk, bills)
        chairs = await opened(await desks.console(bills.url, "committee"), bills.url, bills.case)
        await take(chairs, "VoteOnBill", "记录表决", held_on=bills.day, members="45", yes="41")
        await expect(state(clerk)).to_contain_text("通过")
        await _citizen_sees_the_answer(phone)
        await _overdue_page(clerk, bills)


async def _overdue_is_told_and_explained(unit: Page, bills: BillHub) -> None:
    """The unit is alarmed of its own accord; an answer is owed, and a short one is none."""
    alarm = unit.locator(".case-alarm").filter(has_text="请书面说明原因")
    await expect(alarm.first).to_be_visible()
    await opened(unit, bills.url, bills.case)
    await unit.get_by_test_id("owed-text").fill("因开展立法调研，草案起草推迟两周。")
    await unit.get_by_test_id("owed-send").click()
    await taken(unit, "超期说明")


async def _handed_in(unit: Page, bills: BillHub) -> None:
    paper = bills.papers / "草案说明.txt"
    paper.write_text("关于草案的说明", "utf-8")
    await begin(unit, "SubmitBill")
    await unit.get_by_test_id("input-explanation").set_input_files(paper)
    await fill(unit, meeting="常委会第四十次会议", meeting_on=bills.day, text=first_text())
    await expect(unit.get_by_test_id("step-send")).to_be_enabled()
    await send(unit)
    await expect(unit.get_by_test_id("step-problem")).to_contain_text("请填写逾期说明")
    await fill(unit, late_reason="立法调研延长。")
    await send(unit)
    await taken(unit, "提请审议")


async def _read_once(clerk: Page, bills: BillHub) -> None:
    meeting: dict[str, Any] = {"meeting": "常委会第四十次会议", "meeting_on": bills.day}
    await bills.on_the_agenda(meeting)
    await take(clerk, "HoldReading", "记录审议", held_on=bills.day, record="原则同意，公开征求意见。")
    await take(clerk, "PublishDraft", "公开征求意见", comment_until=bills.day)


async def _commented(desks: Desks, bills: BillHub) -> Page:
    """Nobody signs in; what is typed is still there after a reload, and too little is not sent."""
    phone = await desks.open(PHONE)
    await phone.goto(f"{bills.url}/public")
    await phone.get_by_test_id("draft").filter(has_text=TITLE).click()
    await phone.get_by_test_id("say-第2条").click()
    await phone.get_by_test_id("say-text").fill("两年一次间隔太长，建议改为每年免疫一次。")
    await phone.reload()
    await phone.get_by_test_id("say-第2条").click()
    await phone.get_by_test_id("say-send").click()
    await expect(phone.get_by_test_id("said")).to_contain_text("立法意见")
    return phone


async def _without_alarms(page: Page) -> None:
    """They stay for some seconds only, or in the way until they are closed."""
    await expect(page.locator(".case-alarm").filter(has_text="结束征求意见")).to_be_visible()
    await page.evaluate("document.querySelectorAll('.case-alarm .el-notification__closeBtn').forEach((one) => one.click())")


async def _answered(unit: Page) -> None:
    """By the unit whose draft it is, which cannot say that it was noise."""
    await unit.get_by_test_id("law-comments").click()
    said = unit.get_by_role("row").filter(has_text="两年一次间隔太长")
    await said.get_by_test_id("answer-one").click()
    await expect(unit.get_by_test_id("verdict-aside")).to_have_count(0)
    await unit.get_by_test_id("verdict-adopted").click()
    await unit.get_by_test_id("answer-reason").fill("已改为每年免疫一次。")
    await unit.get_by_test_id("sheet-save").click()
    await unit.get_by_test_id("said-adopted").click()
    await expect(said).to_contain_text("市城市管理局")


async def _read_twice(clerk: Page, bills: BillHub) -> None:
    meeting: dict[str, Any] = {"meeting": "常委会第四十二次会议", "meeting_on": bills.day}
    await take(clerk, "ReviseDraft", "提交修改稿", text=second_text(), evaluated="可行。")
    await clerk.reload()
    await clerk.get_by_test_id("compare").click()
    lines = clerk.get_by_test_id("compared")
    await expect(lines.filter(has_text="新增")).to_contain_text("第四条")
    await expect(lines.filter(has_text="移动").first).to_be_visible()
    await take(clerk, "ShowProvince", "修改稿报省", province_seen=bills.day)
    await take(clerk, "DistributeBill", "印发草案", **meeting)
    await take(clerk, "HoldReading", "记录审议", held_on=bills.day)
    await take(clerk, "PrepareVote", "提出表决稿", **meeting)


async def _citizen_sees_the_answer(phone: Page) -> None:
    await phone.reload()
    await phone.get_by_test_id("part-mine").click()
    await expect(phone.get_by_test_id("own-comment")).to_contain_text("已改为每年免疫一次")
    await phone.get_by_test_id("part-answers").click()
    await expect(phone.get_by_test_id("answer")).to_contain_text("采纳")


async def _overdue_page(clerk: Page, bills: BillHub) -> None:
    """Whoever looks later sees who was told, who got a copy, and what the unit said."""
    await clerk.goto(f"{bills.url}/#/cases/legislation/overdue")
    row = clerk.get_by_test_id("overdue").filter(has_text="起草完成并提请")
    await expect(row).to_contain_text("抄送 管理员")
    await expect(row).to_contain_text("草案起草推迟两周")
