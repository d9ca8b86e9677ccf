"""Who sits where: browsers of their own, with the habits of a console, a phone or a kiosk."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, expect

from hub.access.seed import DEMO_PASSWORD
from tests import patience

SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-features=HttpsUpgrades,MediaRouter,OptimizationHints,PaintHolding,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,WebUIOmniboxPopup",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream=fps=10",
    "--autoplay-policy=no-user-gesture-required",
)
CONSOLE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
KIOSK = CONSOLE | {"viewport": {"width": 1280, "height": 800}}
PHONE = CONSOLE | {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True,
                   "device_scale_factor": 2}
PATIENCE = patience.PATIENCE * 1000
"""Milliseconds."""
TOASTS = """
  window.toasts = []
  addEventListener('DOMContentLoaded', () => new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const one of addedNodes)
        if (one.classList?.contains('el-message')) window.toasts.push(one.textContent)
  }).observe(document.body, { childList: true }))
"""
"""What a page says in passing, for three seconds: a slow machine's test might look a moment too late."""
NOT_IN_NAMES = re.compile(r"[^\w-]+")
expect.set_options(timeout=PATIENCE)


@dataclass
class Desks:
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    async def open(self, kind: dict[str, Any] = CONSOLE, **more: Any) -> Page:
        context = await self.browser.new_context(**(kind | more))
        context.set_default_timeout(PATIENCE)
        await context.add_init_script(TOASTS)
        self.contexts.append(context)
        return await context.new_page()

    async def console(self, url: str, login: str, **more: Any) -> Page:
        """Signed in, on the duty page."""
        page = await self.open(**more)
        await page.goto(url)
        await sign_in(page, login)
        await expect(page.get_by_test_id("me")).to_be_visible()
        return page

    async def photograph(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        pages = [page for context in self.contexts for page in context.pages if not page.is_closed()]
        for number, page in enumerate(pages):
            await page.screenshot(path=folder / f"{NOT_IN_NAMES.sub('-', name)}-{number}.png")

    async def close(self) -> None:
        for context in self.contexts:
            await context.close()


async def told(page: Page, words: str) -> None:
    """The page has said so in passing."""
    await page.wait_for_function("words => window.toasts.some((one) => one.includes(words))", arg=words)


async def sign_in(page: Page, login: str, password: str = DEMO_PASSWORD) -> None:
    await page.get_by_test_id("sign-in-login").fill(login)
    await page.get_by_test_id("sign-in-password").fill(password)
    await page.get_by_test_id("sign-in-submit").click()
