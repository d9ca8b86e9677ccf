"""An operator and stations talk: what one says is heard at the others."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from scripts import chromium
from tests.browser.conftest import FAILED, SHOTS
from tests.browser.desks import Desks
from tests.browser.lines import (
    WALLED,
    Seats,
    agree,
    answer,
    hears,
    line,
    pick,
    screen,
    seated,
)
from tests.browser.roads import BACK, DETOUR, roads
from tests.browser.silence import listen_for_silence, silence
from tests.browser.stage import City
from tests.flows.media.stage import planes_ready, serving
from tests.patience import PATIENCE

NEAR, FAR = "station:17", "station:18"
SOON = 8_000
"""Milliseconds, after which one tries again."""
Act = Callable[[], Awaitable[None]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def everybody(chromium_path: str, browser: Browser, whole_city: City) -> AsyncIterator[Seats]:
    """They stay seated from test to test: to sit down takes longer than to call."""
    if Path(chromium_path).is_relative_to(chromium.HOME.resolve()):
        pytest.skip("calls need a whole Chromium, and the one fetched from npm has no sound; install chromium, or name one in HUB_CHROMIUM")
    desks = Desks(browser)
    yield await seated(whole_city, desks, NEAR, FAR)
    await desks.close()


@pytest_asyncio.fixture(loop_scope="session")
async def seats(everybody: Seats, city: City, request: pytest.FixtureRequest) -> AsyncIterator[Seats]:
    yield everybody
    failed = request.node.stash.get(FAILED, False)
    if failed:
        await everybody.desks.photograph(SHOTS, request.node.name)
    await city.end_all()
    if failed:
        await asyncio.gather(*(page.reload() for page in everybody.pages))
    for kiosk in (everybody.near, everybody.far):
        await kiosk.get_by_test_id("idle").wait_for()
    for console in (everybody.desk, everybody.other):
        for station in (NEAR, FAR):
            await expect(line(console, station)).to_have_attribute("data-state", "idle")


async def test_one_touch_calls_a_station_and_both_hear_each_other(seats: Seats):
    await line(seats.desk, NEAR).click()
    await expect(seats.near.get_by_test_id("incoming-name")).to_have_text("市中心值班员")
    await expect(line(seats.desk, NEAR)).to_have_attribute("data-state", "ringing")
    await answer(seats.near)

    await expect(line(seats.desk, NEAR)).to_have_attribute("data-state", "talking")
    await hears(seats.near)
    await hears(seats.desk)
    await seats.desk.get_by_test_id("call-hang-up").click()
    await expect(seats.near.get_by_test_id("idle")).to_be_visible()
    await expect(line(seats.desk, NEAR)).to_have_attribute("data-state", "idle")


async def test_who_answers_a_group_call_later_comes_into_it(seats: Seats):
    await pick(seats.desk, NEAR, FAR)
    await seats.desk.get_by_test_id("start-group").click()
    await answer(seats.near)
    await hears(seats.near)
    await answer(seats.far)

    await hears(seats.far)
    member = seats.desk.get_by_test_id(f"member-{FAR}")
    await expect(member).to_have_attribute("data-state", "joined")
    await member.get_by_test_id("member-act-mute").click()
    await expect(seats.far.get_by_test_id("voice-state")).to_contain_text("被禁言")
    await seats.desk.get_by_test_id("record").click()
    await expect(seats.desk.get_by_test_id("record")).to_have_attribute("data-on", "true")
    await seats.desk.get_by_test_id("act-end").click()
    await agree(seats.desk)
    await expect(seats.far.get_by_test_id("idle")).to_be_visible()


async def test_a_roll_call_finds_who_is_there_and_who_is_not(seats: Seats):
    await pick(seats.desk, NEAR, FAR)
    await seats.desk.get_by_test_id("start-rollcall").click()
    await answer(seats.near)
    await seats.desk.get_by_test_id(f"member-{NEAR}").get_by_test_id("member-act-next").click()
    await seats.far.get_by_test_id("call-decline").click()

    await expect(seats.desk.get_by_test_id(f"member-{NEAR}")).to_have_attribute("data-state", "present")
    await expect(seats.desk.get_by_test_id(f"member-{FAR}")).to_have_attribute("data-state", "absent")
    await expect(seats.desk.get_by_test_id("rollcall-count")).to_have_text("到 1 · 未到 1 · 还剩 0")
    await seats.desk.get_by_test_id("act-conference").click()
    await answer(seats.near)
    await expect(seats.desk.get_by_test_id(f"member-{NEAR}")).to_have_attribute("data-state", "joined")


async def test_another_seat_listens_in_breaks_in_and_takes_a_call_down(seats: Seats):
    await line(seats.desk, NEAR).click()
    await answer(seats.near)

    call = seats.other.get_by_test_id("open-call")
    await expect(call.get_by_test_id("open-call-owner")).to_have_text("由市中心值班员负责")
    await call.get_by_test_id("act-monitor").click()
    await agree(seats.other)
    await hears(seats.other)
    await expect(seats.desk.get_by_test_id("hand-members").locator("li")).to_have_count(2)
    await seats.other.get_by_test_id("hand").get_by_test_id("act-barge").click()
    await agree(seats.other)
    await expect(seats.desk.get_by_test_id("hand-members").locator("li")).to_have_count(3)
    await seats.other.get_by_test_id("hand").get_by_test_id("act-takeDown").click()
    await agree(seats.other)

    await expect(seats.near.get_by_test_id("idle")).to_be_visible()
    await expect(seats.desk.get_by_test_id("hand")).to_have_count(0)


async def _presses(key: Act, until: Act, release: Act) -> None:
    """Again, where it was pressed in vain: before one's own voice had come into the call, or on a machine so slow that
    the floor was lost to silence."""
    async with asyncio.timeout(2 * PATIENCE):
        while True:
            await key()
            with suppress(AssertionError, TimeoutError):
                return await until()
            await release()


async def test_the_key_to_talk_says_to_the_others_who_speaks(seats: Seats):
    await pick(seats.desk, NEAR)
    await seats.desk.get_by_test_id("start-ptt").click()
    await answer(seats.near)

    async def the_desk_is_heard() -> None:
        await expect(seats.desk.get_by_test_id("ptt")).to_have_attribute("data-mode", "mine", timeout=SOON)
        await expect(seats.near.get_by_test_id("ptt")).to_contain_text("市中心值班员正在讲话", timeout=SOON)
        await hears(seats.near, SOON / 1000)

    async def grips() -> None:
        await seats.desk.get_by_test_id("ptt").hover()
        await seats.desk.mouse.down()

    await _presses(grips, the_desk_is_heard, seats.desk.mouse.up)
    await seats.desk.mouse.up()

    await expect(seats.near.get_by_test_id("ptt")).to_have_attribute("data-mode", "idle")
    taken = expect(seats.desk.get_by_test_id("ptt"))
    await _presses(lambda: seats.near.keyboard.down("Space"), lambda: taken.to_have_attribute("data-mode", "taken", timeout=SOON),
                   lambda: seats.near.keyboard.up("Space"))
    await seats.near.keyboard.up("Space")


async def test_who_talks_when_the_media_plane_is_killed_talks_on(seats: Seats, city: City):
    await line(seats.desk, NEAR).click()
    await answer(seats.near)
    await hears(seats.near)
    await planes_ready(city.hub.settings.data)
    for page in (seats.desk, seats.near):
        await listen_for_silence(page)

    os.kill(serving(city.hub.settings.media_folder), signal.SIGKILL)
    for page in (seats.desk, seats.near):
        await silence(page)
        await hears(page)

    await expect(seats.near.get_by_test_id("call-screen")).to_have_attribute("data-voice", "joined")


async def test_on_another_network_sound_is_back_by_the_one_connection_that_is_made_at_once(seats: Seats, city: City, desks: Desks):
    async with roads(city.hub.settings.media_port, 2) as (old, new):
        moving = await screen(city, desks, "station:20", DETOUR + f"window.road = {old.port}")
        await line(seats.desk, "station:20").click()
        await answer(moving)
        await hears(moving)

        await moving.evaluate(f"window.road = {new.port}")
        await old.break_off()
        made = await asyncio.wait_for(moving.evaluate(BACK), PATIENCE)

        assert made == 1
        await expect(moving.get_by_test_id("call-screen")).to_have_attribute("data-voice", "joined")
        await hears(seats.desk)
        await seats.desk.get_by_test_id("call-hang-up").click()
        await moving.close()


async def test_who_is_kept_on_hold_sees_so_and_hears_music_until_the_other_is_back(seats: Seats):
    await line(seats.desk, NEAR).click()
    await answer(seats.near)
    await seats.desk.get_by_test_id("call-hold").click()

    await expect(seats.near.get_by_test_id("on-hold")).to_contain_text("通话保持中")
    await expect(seats.desk.get_by_test_id("on-hold")).to_contain_text("您已保持这个通话")
    await hears(seats.near)
    await seats.desk.get_by_test_id("call-hold").click()
    await expect(seats.near.get_by_test_id("on-hold")).to_have_count(0)
    await hears(seats.near)


async def test_who_left_a_group_call_comes_back_by_one_touch(seats: Seats):
    await pick(seats.desk, NEAR, FAR)
    await seats.desk.get_by_test_id("start-group").click()
    for screen_ in (seats.near, seats.far):
        await answer(screen_)
    await seats.near.get_by_test_id("call-hang-up").click()

    await seats.near.get_by_test_id("late-entry").click()
    await expect(seats.near.get_by_test_id("call-screen")).to_have_attribute("data-voice", "joined")
    await expect(seats.desk.get_by_test_id(f"member-{NEAR}")).to_have_attribute("data-state", "joined")


async def test_live_voice_reaches_a_screen_that_has_no_way_to_the_media_port(seats: Seats, city: City, desks: Desks):
    walled = await screen(city, desks, "station:19", WALLED)
    await pick(seats.desk, "station:19")
    await seats.desk.get_by_test_id("start-announce").click()

    await expect(walled.get_by_test_id("auto-answered")).to_contain_text("已自动接听")
    await expect(walled.get_by_test_id("call-screen")).to_have_attribute("data-voice", "listening")
    await walled.wait_for_function("() => window.sounds > 20")
