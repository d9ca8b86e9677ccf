"""Brings a browser, a city to look at, and people who sit down at it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from scripts import chromium
from tests.browser.desks import PATIENCE, SWITCHES, Desks
from tests.browser.stage import City, standing

HERE = Path(__file__).parent
SHOTS = Path("var/browser")
FAILED = pytest.StashKey[bool]()
AT_THE_END = ("test_packets.py", "test_calls.py", "test_rounds.py", "test_live.py")
"""Voice and picture in many windows: beside the flows, which have two processes, they have too little of a small machine."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop for all, because one browser serves all."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
    items.sort(key=lambda item: item.path.parent == HERE and item.path.name in AT_THE_END)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = chromium.find()
    assert path, "no Chromium here; scripts/test fetches one, or name one in HUB_CHROMIUM"
    return path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        browser = await playwright.chromium.launch(
            executable_path=chromium_path,
            args=list(SWITCHES),
            env=dict(chromium.environment(chromium_path)),
            timeout=PATIENCE,
        )
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def whole_city(postgres: str) -> Iterator[City]:
    with standing(postgres, populated=True) as city:
        yield city


@pytest.fixture(scope="session")
def strict_hub(postgres: str) -> Iterator[City]:
    """Asks for a second factor, as a hub in real use does."""
    with standing(postgres, populated=False) as city:
        yield city


@pytest_asyncio.fixture(loop_scope="session")
async def city(whole_city: City) -> AsyncIterator[City]:
    yield whole_city
    await whole_city.end_all()


@pytest_asyncio.fixture(loop_scope="session")
async def desks(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Desks]:
    """Each person has a browser of his own; what they saw when a test failed is kept."""
    desks = Desks(browser)
    yield desks
    if request.node.stash.get(FAILED, False):
        await desks.photograph(SHOTS, request.node.name)
    await desks.close()
