"""A citizen scans a deputy's code: the desk sorts what he says, the department answers, the deputy checks, the citizen rates."""

from __future__ import annotations

from uuid import uuid4

from playwright.async_api import Page, expect

from tests.browser.clerks import (
    begin,
    clerk,
    deputy_with_cases,
    did,
    fill,
    name_of_unit,
    pick,
    send,
    state,
)
from tests.browser.desks import PHONE, Desks
from tests.browser.stage import City

PHONE_NUMBER = "13800138000"
ANSWER = "已派员更换灯具，当晚恢复照明。"


async def test_what_a_citizen_says_by_a_deputys_code_is_sorted_answered_checked_and_rated(city: City, desks: Desks):
    words = f"路灯坏了一周 {uuid4().hex[:6]}"
    phone, deputy = await deputy_with_cases(city, desks)
    desk = await desks.console(city.url, "intake")

    citizen = await _scans(phone, desks, deputy["name"])
    await _says(citizen, words)
    await _sorts(desk, words, await name_of_unit(city))
    handler = await clerk(city, desks, "handler5", words)
    await _answers(handler)
    await expect(citizen.get_by_test_id("opinion-answer")).to_have_count(0)
    await _checks(phone, city, words)
    await _rates(citizen)

    await expect(state(desk)).to_contain_text("办结")
    await expect(desk.get_by_test_id("opinion-part")).to_contain_text(ANSWER)
    await desk.get_by_test_id("tab-opinions").click()
    await desk.get_by_test_id("tab-opinion-figures").click()
    await expect(desk.locator("[data-rate=resolved_rated]")).to_contain_text("%")
    row = desk.get_by_test_id("opinion-list").get_by_role("row").filter(has_text=words)
    await expect(row).to_contain_text("满意")
    await expect(desk.locator("body")).not_to_contain_text(PHONE_NUMBER)


async def _scans(phone: Page, desks: Desks, name: str) -> Page:
    """The code on the deputy's phone leads the citizen's to a page that says whose it is."""
    await phone.get_by_test_id("tab-mine").click()
    await phone.get_by_test_id("my-code").click()
    address = await phone.get_by_test_id("say-code").get_attribute("data-address")
    citizen = await desks.open(PHONE)
    await citizen.goto(str(address))
    await expect(citizen.get_by_test_id("place")).to_contain_text(name)
    return citizen


async def _says(citizen: Page, words: str) -> None:
    """What is typed survives a reload; a number that is none is not sent."""
    await citizen.get_by_test_id("opinion-text").fill(words)
    await citizen.get_by_test_id("opinion-phone").fill("不清楚")
    await citizen.get_by_test_id("opinion-send").click()
    await expect(citizen.get_by_role("alert")).to_contain_text("请核对电话号码")
    await citizen.reload()
    await expect(citizen.get_by_test_id("opinion-text")).to_have_value(words)
    await citizen.get_by_test_id("opinion-phone").fill("138 0013 8000")
    await citizen.get_by_test_id("opinion-kind-building").click()
    await citizen.get_by_test_id("opinion-send").click()
    await expect(citizen.get_by_test_id("taken")).to_contain_text("民意")
    await citizen.get_by_test_id("to-mine").click()
    await expect(citizen.get_by_test_id("opinion-state")).to_have_text("待分拣")


async def _sorts(desk: Page, words: str, unit: str) -> None:
    await desk.locator(".case-alarm").filter(has_text=words).click()
    await expect(desk.get_by_test_id("case-text")).to_contain_text(PHONE_NUMBER)
    await begin(desk, "AssignOpinion")
    await pick(desk, "unit", unit)
    await desk.get_by_test_id("input-kind").select_option("building")
    await send(desk)
    await did(desk, "转办部门")


async def _answers(handler: Page) -> None:
    await begin(handler, "AcceptOpinion")
    await send(handler)
    await expect(state(handler)).to_contain_text("办理中")
    await begin(handler, "AnswerOpinion")
    await fill(handler, answer=ANSWER)
    await send(handler)
    await expect(state(handler)).to_contain_text("待核查")


async def _checks(phone: Page, city: City, words: str) -> None:
    await phone.goto(f"{city.url}/deputy/#/cases")
    await phone.get_by_test_id("waiting").locator("[data-case]").filter(has_text=words).click()
    await expect(phone.get_by_test_id("opinion-part")).to_contain_text(ANSWER)
    await phone.get_by_test_id("step-ConfirmOpinion").click()
    await fill(phone, finding="到现场看过，已亮。")
    await send(phone)
    await expect(state(phone)).to_contain_text("已告知群众")


async def _rates(citizen: Page) -> None:
    await citizen.reload()
    await expect(citizen.get_by_test_id("opinion-answer")).to_contain_text(ANSWER)
    await citizen.get_by_test_id("rate-satisfied").click()
    await citizen.get_by_test_id("rate-send").click()
    await expect(citizen.get_by_test_id("opinion-state")).to_have_text("办结")
    await expect(citizen.get_by_test_id("rate")).to_have_count(0)
