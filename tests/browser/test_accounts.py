"""Who may come in, and how one is shown out."""

from __future__ import annotations

from datetime import timedelta

import pyotp
from playwright.async_api import Page, expect

from hub.kernel.clock import SystemClock
from tests.browser.composer import confirm
from tests.browser.desks import Desks, sign_in
from tests.browser.stage import City

FIRST, OWN = "First-Password-2026", "Own-Password-2026"


async def test_an_operator_binds_a_second_factor_and_signs_in_with_its_code(strict_hub: City, desks: Desks):
    page, elsewhere = await desks.open(), await desks.open()

    await page.goto(strict_hub.url)
    await sign_in(page, "operator")
    await expect(page.get_by_role("heading", name="您的角色需要动态验证码，请先绑定手机")).to_be_visible()
    await page.get_by_test_id("totp-password").fill("Liaison-Hub-2026")
    await page.get_by_test_id("totp-begin").click()
    app = pyotp.TOTP(await page.locator("code").inner_text())
    await page.get_by_test_id("totp-code").fill(app.now())
    await page.get_by_test_id("totp-confirm").click()
    await expect(page.get_by_test_id("duty-tree")).to_be_visible()
    await expect(page.get_by_test_id("banner-totp-off")).to_have_count(0)

    await elsewhere.goto(strict_hub.url)
    await sign_in(elsewhere, "operator")
    await elsewhere.get_by_test_id("sign-in-code").fill("000000")
    await expect(elsewhere.get_by_test_id("sign-in-error")).to_contain_text("动态验证码不正确")
    # A code serves once; the next one is good already.
    await elsewhere.get_by_test_id("sign-in-code").fill(app.at(SystemClock().now() + timedelta(seconds=30)))
    await expect(elsewhere.get_by_test_id("duty-tree")).to_be_visible()


async def test_five_wrong_passwords_lock_the_account_and_say_so(strict_hub: City, desks: Desks):
    page = await desks.open()
    await page.goto(strict_hub.url)

    for _ in range(5):
        async with page.expect_response("**/api/sign-in"):
            await sign_in(page, "viewer", "wrong-password")
        await expect(page.get_by_test_id("sign-in-error")).to_be_visible()
    await sign_in(page, "viewer")

    await expect(page.get_by_test_id("sign-in-error")).to_contain_text("请 15 分钟后再试")
    await expect(page.get_by_test_id("me")).to_have_count(0)


async def _make_account(admin: Page, url: str, login: str, name: str) -> None:
    await admin.goto(f"{url}/#/system/accounts")
    await admin.get_by_test_id("account-new").click()
    await admin.get_by_test_id("account-login").fill(login)
    await admin.get_by_test_id("account-name").fill(name)
    await admin.get_by_test_id("account-password").fill(FIRST)
    await admin.get_by_test_id("sheet-save").click()
    await expect(admin.get_by_test_id("account-row").filter(has_text=login)).to_be_visible()


async def test_a_newcomer_changes_the_first_password_and_is_shown_out_at_once(city: City, desks: Desks):
    admin, newcomer = await desks.console(city.url, "admin"), await desks.open()
    await _make_account(admin, city.url, "newcomer", "新来的值班员")

    await newcomer.goto(city.url)
    await sign_in(newcomer, "newcomer", FIRST)
    await newcomer.get_by_test_id("password-old").fill(FIRST)
    await newcomer.get_by_test_id("password-new").fill(OWN)
    await newcomer.get_by_test_id("password-again").fill(OWN)
    await newcomer.get_by_test_id("password-set").click()
    await expect(newcomer.get_by_test_id("me")).to_have_text("新来的值班员")
    await admin.goto(f"{city.url}/#/system/sessions")
    await admin.get_by_role("row", name="新来的值班员").get_by_test_id("session-end").click()
    await confirm(admin, "结束“新来的值班员”的这次登录")
    await expect(newcomer.get_by_test_id("sign-in-login")).to_be_visible()

    await admin.goto(f"{city.url}/#/system/accounts")
    await admin.get_by_test_id("account-row").filter(has_text="newcomer").click()
    await admin.get_by_role("button", name="停用").click()
    await confirm(admin, "停用“新来的值班员”")
    await sign_in(newcomer, "newcomer", OWN)
    await expect(newcomer.get_by_test_id("sign-in-error")).to_be_visible()


async def test_wrong_words_are_said_at_the_door_and_blank_ones_too(city: City, desks: Desks):
    page = await desks.open()
    await page.goto(city.url)

    await page.get_by_test_id("sign-in-submit").click()
    await expect(page.get_by_test_id("sign-in-error")).to_have_text("请输入登录名和密码。")
    await sign_in(page, "nobody", "wrong-password")

    await expect(page.get_by_test_id("sign-in-error")).to_contain_text("密码")
