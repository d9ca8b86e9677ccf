"""What is wrong is said in a sentence beside it, and nothing that was right is lost."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.browser.composer import Composer
from tests.browser.desks import Desks
from tests.browser.stage import City

TITLE, TEXT = "停水通知", "今晚十点起停水两小时。"


async def _kept(page: Page) -> None:
    """The words are still there."""
    await page.get_by_test_id("step-content").click()
    await expect(page.get_by_test_id("composer-title")).to_have_value(TITLE)
    await expect(page.get_by_test_id("composer-text")).to_have_value(TEXT)


def _note_of(page: Page, field: str) -> Locator:
    """The sentence in the same field as this control."""
    return page.get_by_role("alert").filter(has=page.locator("xpath=..")).or_(
        page.locator(f"div:has(> input[data-test={field}]) [role=alert], div:has([data-test={field}]) > [role=alert]")).last


async def test_empty_text_and_an_unfilled_variable_are_named(city: City, desks: Desks):
    page = await desks.console(city.url, "operator")
    composer = await Composer(page).open()

    await expect(composer.gap).to_have_text("请填写标题")
    await page.get_by_test_id("composer-title").fill(TITLE)
    await expect(composer.gap).to_have_text("请填写正文")
    await expect(page.get_by_test_id("composer-next")).to_be_disabled()
    await page.get_by_test_id("composer-text").fill("请到{room}开会。")
    await expect(composer.gap).to_have_text("请填写全部变量")
    await page.get_by_test_id("variable-room").fill("三楼会议室")
    await expect(composer.gap).to_have_count(0)
    await page.get_by_test_id("composer-text").fill(TEXT)

    await _kept(page)


async def test_nobody_and_a_past_time_are_named(city: City, desks: Desks):
    page = await desks.console(city.url, "operator")
    composer = await Composer(page).open()
    await composer.write(TITLE, TEXT)
    await composer.next()

    await expect(composer.gap).to_have_text("请选择发给谁")
    await composer.to_organisations("station:72")
    await expect(composer.gap).to_have_count(0)
    await page.get_by_test_id("when-later").click()
    await expect(composer.gap).to_have_text("请选择发送时间")
    await page.get_by_placeholder("发送时间").fill("2020-01-01 09:00")
    await page.keyboard.press("Enter")
    await expect(composer.gap).to_have_text("发送时间已过，请重新选择")
    await expect(page.get_by_test_id("composer-next")).to_be_disabled()

    await _kept(page)


async def test_a_file_that_is_no_sound_is_refused_beside_the_field(city: City, desks: Desks, tmp_path: Path):
    page = await desks.console(city.url, "operator")
    composer = await Composer(page).open()
    await composer.write(TITLE, TEXT)
    letter = tmp_path / "letter.mp3"
    letter.write_text("这不是声音。" * 50)

    await page.get_by_test_id("audio-upload").click()
    await page.get_by_test_id("audio-file").set_input_files(letter)

    await expect(_note_of(page, "audio-upload")).to_contain_text("音频")
    await expect(page.get_by_test_id("audio-ready")).to_have_count(0)
    await _kept(page)


async def test_an_attachment_over_the_limit_is_refused_beside_the_field(city: City, desks: Desks, tmp_path: Path):
    page = await desks.console(city.url, "operator")
    composer = await Composer(page).open()
    await composer.write(TITLE, TEXT)
    big = tmp_path / "big.pdf"
    with big.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(60 * 1024 * 1024)

    await page.get_by_test_id("attachment-file").set_input_files(big)

    await expect(_note_of(page, "attachment-file")).to_contain_text("50 MB")
    await expect(page.get_by_test_id("attachment")).to_have_count(0)
    await _kept(page)


async def test_a_draft_can_be_cleared_after_asking_once(city: City, desks: Desks):
    page = await desks.console(city.url, "operator")
    composer = await Composer(page).open()
    await composer.write(TITLE, TEXT)

    await page.get_by_test_id("composer-discard").click()
    await page.locator(".el-message-box .confirm-yes").click()

    await expect(page.get_by_test_id("composer-title")).to_have_value("")
