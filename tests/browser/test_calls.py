"""An operator and stations talk: what one says is heard at the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from scripts import chromium
from tests.browser.desks import Desks
from tests.browser.lines import WALLED, agree, answer, board, hears, line, pick, screen
from tests.browser.stage import City

NEAR, FAR = "station:17", "station:18"


@pytest.fixture(autouse=True)
def whole_browser(chromium_path: str) -> None:
    if Path(chromium_path).is_relative_to(chromium.HOME.resolve()):
        pytest.skip("calls need a whole Chromium; the one fetched from npm has no sound. Install chromium, or name one in HUB_CHROMIUM")


async def test_one_touch_calls_a_station_and_both_hear_each_other(city: City, desks: Desks):
    desk, kiosk = await board(city, desks), await screen(city, desks, NEAR)

    await line(desk, NEAR).click()
    await expect(kiosk.get_by_test_id("incoming-name")).to_have_text("市中心值班员")
    await expect(line(desk, NEAR)).to_have_attribute("data-state", "ringing")
    await answer(kiosk)

    await expect(line(desk, NEAR)).to_have_attribute("data-state", "talking")
    await hears(kiosk)
    await hears(desk)
    await desk.get_by_test_id("hand-hang-up").click()
    await expect(kiosk.get_by_test_id("idle")).to_be_visible()
    await expect(line(desk, NEAR)).to_have_attribute("data-state", "idle")


async def test_who_answers_a_group_call_later_comes_into_it(city: City, desks: Desks):
    desk, near, far = await board(city, desks), await screen(city, desks, NEAR), await screen(city, desks, FAR)

    await pick(desk, NEAR, FAR)
    await desk.get_by_test_id("start-group").click()
    await answer(near)
    await hears(near)
    await answer(far)

    await hears(far)
    await expect(desk.get_by_test_id(f"member-{FAR}")).to_have_attribute("data-state", "joined")
    await desk.get_by_test_id(f"member-{FAR}").get_by_test_id("member-act-mute").click()
    await expect(far.get_by_test_id("voice-state")).to_contain_text("被禁言")
    await desk.get_by_test_id("act-end").click()
    await agree(desk)
    await expect(far.get_by_test_id("idle")).to_be_visible()


async def test_a_roll_call_finds_who_is_there_and_who_is_not(city: City, desks: Desks):
    desk, near, far = await board(city, desks), await screen(city, desks, NEAR), await screen(city, desks, FAR)

    await pick(desk, NEAR, FAR)
    await desk.get_by_test_id("start-rollcall").click()
    await answer(near)
    await desk.get_by_test_id(f"member-{NEAR}").get_by_test_id("member-act-present").click()
    await far.get_by_test_id("call-decline").click()

    await expect(desk.get_by_test_id(f"member-{NEAR}")).to_have_attribute("data-state", "present")
    await expect(desk.get_by_test_id(f"member-{FAR}")).to_have_attribute("data-state", "absent")
    await expect(desk.get_by_test_id("rollcall-count")).to_have_text("到 1 · 未到 1 · 还剩 0")


async def test_another_seat_breaks_into_a_call_and_takes_it_down(city: City, desks: Desks):
    desk, kiosk = await board(city, desks), await screen(city, desks, NEAR)
    other = await board(city, desks, "admin")
    await line(desk, NEAR).click()
    await answer(kiosk)

    call = other.get_by_test_id("open-call")
    await expect(call.get_by_test_id("open-call-owner")).to_have_text("由市中心值班员负责")
    await call.get_by_test_id("act-barge").click()
    await agree(other)
    await hears(other)
    await other.get_by_test_id("hand").get_by_test_id("act-takeDown").click()
    await agree(other)

    await expect(kiosk.get_by_test_id("idle")).to_be_visible()
    await expect(desk.get_by_test_id("hand")).to_have_count(0)


async def test_the_key_to_talk_says_to_the_others_who_speaks(city: City, desks: Desks):
    desk, kiosk = await board(city, desks), await screen(city, desks, NEAR)
    await pick(desk, NEAR)
    await desk.get_by_test_id("start-ptt").click()
    await answer(kiosk)

    await desk.get_by_test_id("ptt").hover()
    await desk.mouse.down()
    await expect(desk.get_by_test_id("ptt")).to_have_attribute("data-mode", "mine")
    await expect(kiosk.get_by_test_id("ptt")).to_contain_text("市中心值班员正在讲话")
    await hears(kiosk)
    await desk.mouse.up()

    await expect(kiosk.get_by_test_id("ptt")).to_have_attribute("data-mode", "idle")
    await kiosk.keyboard.down("Space")
    await expect(desk.get_by_test_id("ptt")).to_have_attribute("data-mode", "taken")
    await kiosk.keyboard.up("Space")


async def test_sound_comes_back_by_itself_on_another_network(city: City, desks: Desks):
    desk, kiosk = await board(city, desks), await screen(city, desks, NEAR)
    await line(desk, NEAR).click()
    await answer(kiosk)
    await hears(kiosk)

    await kiosk.evaluate("dispatchEvent(new Event('online'))")

    await kiosk.wait_for_function("window.peers.length === 2 && window.peers[0].connectionState === 'closed'")
    await expect(kiosk.get_by_test_id("call-screen")).to_have_attribute("data-voice", "joined")
    await hears(kiosk)
    await hears(desk)


async def test_live_voice_reaches_a_screen_that_has_no_way_to_the_media_port(city: City, desks: Desks):
    desk, kiosk = await board(city, desks), await screen(city, desks, NEAR, WALLED)
    await pick(desk, NEAR)
    await desk.get_by_test_id("start-announce").click()

    await expect(kiosk.get_by_test_id("auto-answered")).to_contain_text("已自动接听")
    await expect(kiosk.get_by_test_id("call-screen")).to_have_attribute("data-voice", "listening")
    await kiosk.wait_for_function("window.sounds > 20")
    await desk.get_by_test_id("act-end").click()
    await agree(desk)
    await expect(kiosk.get_by_test_id("idle")).to_be_visible()
