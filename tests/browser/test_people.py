"""People and stations: found, brought in from a file, corrected; and the log of who did it."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import expect
from python_calamine import CalamineWorkbook

from tests.browser.composer import confirm, pick
from tests.browser.desks import Desks
from tests.browser.stage import City

HEADINGS = "编号,姓名,类别,所属单位,手机"
GOOD = "Z9001,欧阳试用,工作人员,总站,13900009001"


async def test_a_person_is_found_by_the_initials_of_the_name(city: City, desks: Desks):
    wanted = (await city.rows("select name, pinyin from directory.person where kind = 'deputy' order by code limit 1"))[0]
    initials = wanted["pinyin"].split()[1]
    page = await desks.console(city.url, "operator")

    await page.get_by_test_id("nav-people").click()
    # As fast as a person types: no letter may be lost.
    await page.get_by_test_id("directory-search").press_sequentially(initials, delay=30)
    await expect(page.get_by_test_id("directory-search")).to_have_value(initials)

    await expect(page.get_by_test_id("directory-row").filter(has_text=wanted["name"]).first).to_be_visible()
    await page.get_by_test_id("search-open").click()
    await page.get_by_test_id("search-text").fill(initials)
    await expect(page.get_by_test_id("search-result").filter(has_text=wanted["name"]).first).to_be_visible()


async def test_a_file_with_bad_rows_changes_nothing_and_a_good_one_comes_in(city: City, desks: Desks, tmp_path: Path):
    page = await desks.console(city.url, "admin")
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("\n".join((HEADINGS, GOOD, "Z9002,,工作人员,总站,13900009002", "Z9003,李四,外星人,无此站,12")), "utf-8")
    good.write_text("\n".join((HEADINGS, GOOD)), "utf-8")

    await page.goto(f"{city.url}/#/directory/import")
    await page.get_by_test_id("import-file").set_input_files(bad)
    report = page.get_by_test_id("import-report")
    await expect(report.get_by_role("row", name=re.compile("^3 姓名"))).to_be_visible()
    for column in ("类别", "所属单位", "手机"):
        await expect(report.get_by_role("row", name=re.compile(f"^4 {column}"))).to_be_visible()
    await expect(page.get_by_test_id("import-apply")).to_have_count(0)
    await page.get_by_test_id("import-file").set_input_files(good)
    await expect(report).to_contain_text("共 1 行：新增 1")
    await page.get_by_test_id("import-apply").click()
    await expect(report).to_contain_text("导入完成：新增 1")

    await page.get_by_role("link", name="人员", exact=True).click()
    await page.get_by_test_id("directory-search").fill("oysy")
    await page.get_by_test_id("directory-row").filter(has_text="欧阳试用").click()
    await page.get_by_role("button", name="删除").click()
    await confirm(page, "移除“欧阳试用”？")
    await expect(page.get_by_test_id("directory-row")).to_have_count(0)


async def test_a_station_is_corrected_and_the_log_tells_who_did_it(city: City, desks: Desks, tmp_path: Path):
    page = await desks.console(city.url, "admin", accept_downloads=True)
    await page.goto(f"{city.url}/#/directory/stations")

    await page.get_by_test_id("stations-search").fill("总站")
    await page.get_by_test_id("station-station:0").click()
    before = await page.get_by_test_id("station-contact").input_value()
    await page.get_by_test_id("station-contact").fill("周联系人")
    await page.get_by_test_id("sheet-save").click()
    await expect(page.get_by_role("row", name=re.compile("总站.*周联系人"))).to_be_visible()
    await page.get_by_test_id("station-station:0").click()
    await page.get_by_test_id("station-contact").fill(before)
    await page.get_by_test_id("sheet-save").click()
    await expect(page.get_by_role("row", name=re.compile(f"总站.*{before}"))).to_be_visible()

    await page.goto(f"{city.url}/#/system/audit")
    await pick(page, "audit-act", "保存组织")
    rows = page.get_by_role("row", name=re.compile("系统管理员 保存组织 成功"))
    await expect(rows).to_have_count(2)
    async with page.expect_download() as started:
        await page.get_by_test_id("export-audit").click()
    file = tmp_path / "audit.xlsx"
    await (await started.value).save_as(file)
    assert len(CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()) == 3
