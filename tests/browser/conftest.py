"""Brings a browser; what is opened in it is each test's own business."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

from scripts import chromium

SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = chromium.find()
    assert path, "no Chromium here; scripts/test fetches one, or name one in HUB_CHROMIUM"
    return path


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path,
            args=list(SWITCHES),
            env=dict(chromium.environment(chromium_path)),
            timeout=30_000,
        )
        yield browser
        await browser.close()
