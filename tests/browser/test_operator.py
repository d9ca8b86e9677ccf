"""An operator's whole task: from signing in to the report on the table."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Page, expect
from python_calamine import CalamineWorkbook

from tests.browser.composer import LOOKS, Composer, figure, looks, pick
from tests.browser.desks import Desks
from tests.browser.stage import City

DISTRICT, DISTRICT_NAME = "district:7", "东川县"


async def test_the_duty_page_shows_the_city_as_it_is(city: City, desks: Desks):
    page = await desks.console(city.url, "operator")

    await expect(page.get_by_test_id("banner-totp-off")).to_contain_text("未要求动态验证码")
    await expect(page.get_by_test_id("duty-tree")).to_contain_text("73/74")
    await expect(page.get_by_role("img", name=re.compile("74 个站点的地图，73 个在线"))).to_be_visible()


async def test_a_recorded_notice_to_a_district_is_followed_to_the_last_receipt(city: City, desks: Desks, tmp_path: Path):
    page = await desks.console(city.url, "operator", accept_downloads=True)

    total = await _compose_with_a_recording(page)
    await _every_receipt_comes_and_every_look_adds_up(page, total)
    await _one_person_proves_it(page)
    await _unanswered_can_be_sifted(page, total)
    await _the_export_holds_everybody(page, total, tmp_path)
    await _the_report_can_be_printed(page, total)


async def _compose_with_a_recording(page: Page) -> int:
    composer = await Composer(page).open()
    await composer.write("防汛会商紧急通知", "请{name}今晚八点到{station}参加防汛会商。")
    await page.get_by_test_id("record-start").click()
    await expect(composer.sheet).to_contain_text("0:01 /")
    await page.get_by_test_id("record-stop").click()
    await expect(page.get_by_test_id("audio-ready")).to_contain_text("语音已就绪")
    await pick(page, "composer-options", "参加 / 请假")
    await composer.next()
    await composer.to_organisations(DISTRICT)
    total = await composer.total()
    for road in ("screen", "wechat", "sms", "voice"):
        await expect(page.get_by_test_id(f"roads-{road}").locator("dd")).not_to_have_text("0")
    await page.get_by_test_id("priority-emergency").click()
    await composer.next()
    await expect(page.get_by_test_id("confirm-sentence")).to_have_text(re.compile(
        rf"^现在，向 {total} 人（.+）发出紧急通知《防汛会商紧急通知》，请对方回复“参加 / 请假”。$"))
    await expect(page.get_by_test_id("confirm-cost")).to_contain_text("短信每人")
    await composer.send()
    return total


async def _every_receipt_comes_and_every_look_adds_up(page: Page, total: int) -> None:
    await expect(page.get_by_test_id("figure-total")).to_have_attribute("data-value", str(total))
    await page.evaluate(LOOKS, [])
    await page.wait_for_function("""() => {
      const number = (name) => Number(document.querySelector(`[data-test=figure-${name}]`).dataset.value)
      return number('confirmed') + number('unreachable') === number('total')
    }""")
    seen = await looks(page)
    assert {look["total"] for look in seen} == {total}
    assert {look["sum"] for look in seen if look["sum"]} == {total}
    assert all(look["delivered"] >= look["read"] >= look["confirmed"] for look in seen)
    assert [look["confirmed"] for look in seen] == sorted(look["confirmed"] for look in seen)


async def _one_person_proves_it(page: Page) -> None:
    await page.get_by_role("tab", name="名单").click()
    await page.get_by_role("row", name=re.compile("代表.*已确认.*微信")).first.get_by_test_id("person-row").click()
    evidence = page.get_by_role("dialog", name=re.compile("送达证据"))
    await expect(evidence.get_by_test_id("evidence-lines")).to_contain_text("微信已确认")
    await expect(evidence.get_by_test_id("evidence-not-tried")).to_contain_text("已在其他通道确认")
    await evidence.get_by_role("button", name="关闭").click()
    await expect(evidence).to_be_hidden()


async def _unanswered_can_be_sifted(page: Page, total: int) -> None:
    await expect(page.get_by_test_id("people-total")).to_have_text(f"共 {total} 条")
    await pick(page, "people-outcome", "未达")
    left = await figure(page, "unreachable")
    await expect(page.get_by_test_id("people-total")).to_have_text(f"共 {left} 条")
    await page.keyboard.press("Escape")


async def _the_export_holds_everybody(page: Page, total: int, folder: Path) -> None:
    async with page.expect_download() as started:
        await page.get_by_test_id("export").click()
    file = folder / "receipts.xlsx"
    await (await started.value).save_as(file)
    sheets = [sheet.to_python() for sheet in map(CalamineWorkbook.from_path(file).get_sheet_by_index,
                                                 range(len(CalamineWorkbook.from_path(file).sheet_names)))]
    assert any(len(rows) == total + 1 for rows in sheets), [len(rows) for rows in sheets]


async def _the_report_can_be_printed(page: Page, total: int) -> None:
    async with page.context.expect_page() as opened:
        await page.get_by_test_id("report").click()
    report = await opened.value
    await expect(report.get_by_test_id("report-summary")).to_contain_text(f"应达 {total} 人")
    await report.emulate_media(media="print")
    await expect(report.get_by_test_id("print")).to_be_hidden()
    await expect(report.get_by_role("heading", name="各区县")).to_be_visible()
