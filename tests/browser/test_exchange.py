"""省级交换 at the intake desk: what the province sends back is seen where it is wrong, corrected and applied."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import msgspec
from playwright.async_api import Page, expect

from hub.kernel.actor import Actor, Role
from tests.browser.clerks import UNIT
from tests.browser.deputies import DEPUTY
from tests.browser.desks import Desks
from tests.browser.stage import City

WHY = "分类代码不在省级目录中"
TEXT = {"topic": "urban.housing", "situation": "老人上下楼难。", "analysis": "资金难筹。", "advice": "请给予补助。"}


async def test_a_package_that_the_province_sends_back_is_corrected_and_applied(city: City, desks: Desks):
    title = f"关于既有住宅加装电梯的建议 {uuid4().hex[:6]}"
    page = await desks.console(city.url, "intake")
    await page.get_by_test_id("nav-cases").click()
    await page.get_by_test_id("tab-exchange").click()
    await _accepted(city, title)
    row = page.get_by_test_id("packages").get_by_role("row").filter(has_text=title)
    await expect(row).to_contain_text("已入库")
    await expect(page.get_by_test_id("exchange-line")).to_contain_text("已连通")

    number = str(await row.locator("[data-package]").get_attribute("data-package"))
    await city.province("correct", number=number, errors=[{"field": "rows.0.topic", "why": WHY}])
    await expect(row).to_contain_text("被退回")
    await _corrected(page, number)
    await expect(row.first).to_contain_text("已入库")
    await expect(row.last).to_contain_text("已更正")

    await page.get_by_test_id("reconcile").press("Enter")
    await expect(page.get_by_test_id("exchange-days").get_by_role("row").nth(1)).to_contain_text(re.compile("一致"))


async def _corrected(page: Page, number: str) -> None:
    """What is wrong stands at its field; the new package names the old one."""
    await page.get_by_role("link", name=number, exact=True).click()
    sheet = page.get_by_test_id("package")
    await expect(sheet.locator("[data-field='rows.0.topic']")).to_contain_text(WHY)
    await expect(sheet.locator("[data-step=rejected]")).to_be_visible()
    await sheet.get_by_test_id("act-CorrectPackage").click()
    await page.locator(".confirm-yes").click()
    await expect(sheet).to_contain_text(f"更正的是 {number}")
    await expect(sheet.get_by_test_id("package-state")).to_have_text("已入库")
    await expect(sheet).to_contain_text("核对无误")
    await page.keyboard.press("Escape")


async def _accepted(city: City, title: str) -> None:
    person = str((await city.rows(DEPUTY))[0]["id"])
    deputy = Actor(id=f"person:{person}", name="代表", roles=(Role.DEPUTY,), scopes=(f"person:{person}",))
    desk = Actor(id="account:intake-desk", name="代表工委", roles=(Role.INTAKE,), scopes=("city",))
    case = uuid4()
    await _take(city, "DraftProposal", deputy, case, TEXT | {"title": title})
    await _take(city, "SubmitProposal", deputy, case, {"one_matter": True})
    await _take(city, "AcceptProposal", desk, case, {"topic": "urban.housing", "units": [UNIT]})


async def _take(city: City, command: str, actor: Actor, case: UUID, form: dict[str, Any]) -> None:
    shape = city.hub.desk.rule(command).command
    wanted = msgspec.convert({"id": str(uuid4()), "case": str(case), "form": form}, shape)
    await city.inside(lambda: city.hub.desk.ask(wanted, actor))
