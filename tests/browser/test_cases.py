"""A suggestion over all desks: from the deputy's phone to its closing, with a first reply that did not satisfy."""

from __future__ import annotations

from uuid import uuid4

from playwright.async_api import Page, expect

from hub.kernel.calendar import day_of
from hub.kernel.clock import SystemClock
from tests.browser.clerks import (
    begin,
    choose,
    clerk,
    deputy_with_cases,
    did,
    fill,
    name_of_unit,
    pick,
    send,
    state,
)
from tests.browser.desks import Desks
from tests.browser.stage import City


async def test_a_suggestion_goes_from_the_phone_over_all_desks_and_back_until_the_deputy_is_satisfied(city: City, desks: Desks):
    title, unit = f"关于给老旧小区加装充电桩的建议 {uuid4().hex[:6]}", await name_of_unit(city)
    phone, deputy = await deputy_with_cases(city, desks)
    intake = await desks.console(city.url, "intake")

    await _written(phone, title)
    await _accepted(intake, title, unit)
    office = await clerk(city, desks, "govoffice", title)
    await _assigned(office, unit)
    handler = await clerk(city, desks, "handler5", title)
    await _signed_for(handler)
    await _answered(handler, deputy["name"], "一号文")
    head = await clerk(city, desks, "head5", title, waits=f"负责人（{unit}）")
    await _signed(head)
    await _sent_back(phone)
    await expect(state(handler)).to_contain_text("重新办理")

    await _answered(handler, deputy["name"], "二号文")
    await _signed(head)
    await choose(phone, "rating", "satisfied")
    await send(phone)

    for page in (phone, intake, office, handler, head):
        await expect(state(page)).to_contain_text("办结")
    await _counted(intake, title)
    await _searched(intake, phone, title)
    await _hinted(intake, title)


async def _counted(intake: Page, title: str) -> None:
    """A figure leads to as many rows as it says, and the case is one of them."""
    await intake.get_by_test_id("tab-proposals").click()
    await intake.get_by_test_id("tab-proposal-figures").click()
    closed = intake.locator("tfoot").get_by_test_id("figure-closed")
    n = int(await closed.inner_text())
    await closed.click()
    await expect(intake.get_by_role("heading", level=1)).to_contain_text(f"这 {n} 件")
    await expect(intake.get_by_test_id("proposal-rows")).to_contain_text(title)


async def _searched(intake: Page, phone: Page, title: str) -> None:
    """By keyboard alone on the console; on the phone too. What is looked for is marked."""
    words = title[-6:]
    await intake.keyboard.press("Control+k")
    await intake.get_by_test_id("search-text").fill(words)
    await intake.get_by_test_id("search-result").last.click()
    await expect(intake.get_by_test_id("search-words")).to_be_focused()
    await expect(intake.get_by_test_id("found").first.locator("mark").first).to_have_text(words)
    await intake.keyboard.press("ArrowDown")
    await intake.keyboard.press("Enter")
    await expect(intake.get_by_test_id("case")).to_contain_text(title)

    await phone.goto(f"{phone.url.split('#')[0]}#/cases")
    await phone.get_by_test_id("to-search").click()
    await phone.get_by_test_id("search-words").fill(words)
    await expect(phone.get_by_test_id("found").first.locator("mark").first).to_have_text(words)


async def _hinted(intake: Page, title: str) -> None:
    """Who drafts the same again is shown the passages side by side."""
    await intake.get_by_test_id("tab-proposals").click()
    await intake.get_by_test_id("new-DraftProposal").click()
    await fill(intake, title=title, situation="城东片区老旧小区多，居民把电动自行车推进楼道充电。")
    row = intake.get_by_test_id("similar-row").filter(has_text=title)
    await expect(row).to_contain_text("100%")
    await row.get_by_role("button").click()
    await expect(row.get_by_test_id("passages").locator("mark").last).to_contain_text("推进楼道充电")


async def _accepted(intake: Page, title: str, unit: str) -> None:
    """The desk is alarmed by itself, and opens the case by the alarm."""
    alarm = intake.locator(".case-alarm").filter(has_text=title[:20])
    await alarm.click()
    await expect(intake.get_by_test_id("case-number")).to_contain_text("建议")
    await begin(intake, "AcceptProposal")
    await intake.get_by_test_id("input-topic").select_option("urban.services")
    await pick(intake, "units", unit)
    await send(intake)
    await did(intake, "受理")


async def _assigned(office: Page, unit: str) -> None:
    await begin(office, "AssignProposal")
    await pick(office, "units", unit)
    await send(office)
    await expect(state(office)).to_contain_text("已交办")


async def _signed_for(handler: Page) -> None:
    await begin(handler, "SignForProposal")
    await fill(handler, handler="李经办")
    await send(handler)
    await did(handler, "李经办")


async def _sent_back(phone: Page) -> None:
    """Two taps; but who is not satisfied says why."""
    await choose(phone, "rating", "unsatisfied")
    await send(phone)
    await expect(phone.get_by_role("alert")).to_contain_text("请写明意见")
    await fill(phone, reason="没有写明完成的时间。")
    await send(phone)


async def _written(phone: Page, title: str) -> None:
    """What is typed is there after a reload, and after a look at another form by its address; then it is handed in."""
    await phone.get_by_test_id("new-DraftProposal").click()
    await fill(phone, title=title, situation="城东片区老旧小区多，居民把电动自行车推进楼道充电。")
    await phone.reload()
    await expect(phone.get_by_test_id("input-title")).to_have_value(title)
    await phone.goto(f"{phone.url.split('#')[0]}#/cases/new/duty_records/RecordDuty")
    await expect(phone.get_by_test_id("input-on")).to_be_visible()
    await phone.go_back()
    await expect(phone.get_by_test_id("input-title")).to_have_value(title)
    await fill(phone, analysis="小区建成早，没有预留充电位。", advice="由住建部门牵头，两年内建成集中充电棚。")
    await send(phone)
    await expect(phone.get_by_test_id("case-title")).to_have_text(title)
    await begin(phone, "SubmitProposal")
    await fill(phone, one_matter=True)
    await send(phone)
    await expect(state(phone)).to_contain_text("已提交")


async def _answered(handler: Page, name: str, number: str) -> None:
    """The deputy is called first; then the reply is drafted, and what is lacking is said beside its field."""
    await begin(handler, "LogContact")
    await choose(handler, "way", "phone")
    await fill(handler, on=day_of(SystemClock().now()).isoformat(), with_whom=name, text="电话沟通，听取意见。")
    await send(handler)
    await did(handler, "登记联系代表")
    await begin(handler, "DraftReply")
    await send(handler)
    await expect(handler.get_by_test_id("wrong-number")).to_contain_text("请填写")
    await fill(handler, number=number, text="已会同各区制定计划，年底前全部建成集中充电棚。")
    await choose(handler, "klass", "A")
    await send(handler)
    await did(handler, number)


async def _signed(head: Page) -> None:
    await begin(head, "SignReply")
    await fill(head, sealed=True)
    await send(head)
    await did(head, "签发答复")
