"""The plane of a whole hub is killed, or stopped, in the middle of a call between an operator and a station in Chromium: how
long do both hear nothing?"""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from playwright.async_api import async_playwright

from hub.record import PostgresServer, run_migrations
from scripts import chromium
from tests.bench.figure import Figure, at_most
from tests.browser.desks import SWITCHES, Desks
from tests.browser.lines import answer, board, hears, line, screen
from tests.browser.silence import listen_for_silence, silence
from tests.browser.stage import City, standing
from tests.flows.media.stage import planes_ready, serving

STATION = "station:17"
TURNS = 3
NONE = "Chromium is not here, or the pages are not built: the silence after a killed plane is not measured"


async def silences(folder: Path) -> list[Figure]:
    path = chromium.find()
    if path is None or not all(Path(f"web/apps/{app}/dist").is_dir() for app in ("console", "station")):
        return [Figure(name=NONE, value=0, unit="")]
    home = folder / "postgres"
    async with PostgresServer(home) as server:
        await run_migrations(server.dsn)
        stands = standing(server.dsn, populated=True)
        city = await asyncio.to_thread(stands.__enter__)
        try:
            killed, stopped = await _silences(path, city)
        finally:
            await asyncio.to_thread(stands.__exit__, None, None, None)
    return [at_most(f"plane killed in a call: silence in Chromium, worst of {2 * TURNS}", killed, "s", 2),
            Figure(name="plane stopped (SIGSTOP) in a call: silence, the same", value=round(stopped, 2), unit="s")]


async def _silences(path: str, city: City) -> tuple[float, float]:
    async with async_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        browser = await playwright.chromium.launch(
            executable_path=path, args=list(SWITCHES), env=dict(chromium.environment(path)), timeout=30_000)
        desks = Desks(browser)
        desk, station = await board(city, desks), await screen(city, desks, STATION)
        await line(desk, STATION).click()
        await answer(station)
        found = []
        for ends in (signal.SIGKILL, signal.SIGSTOP):
            took: list[float] = []
            for _ in range(TURNS):
                for page in (desk, station):
                    await hears(page)
                await planes_ready(city.hub.settings.data)
                for page in (desk, station):
                    await listen_for_silence(page)
                os.kill(serving(city.hub.settings.media_folder), ends)
                took += [await silence(page) for page in (desk, station)]
            found.append(max(took))
        await desks.close()
        await browser.close()
    return found[0], found[1]
