"""A round of five stations: seen by all, divided into side rooms and back, with a screen that is shared."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from scripts import chromium
from tests.browser.deputies import DEPUTY
from tests.browser.desks import PHONE, Desks
from tests.browser.lines import agree, answer, hears
from tests.browser.rounds import (
    RELIEF,
    SMALL,
    begin,
    comes_in,
    console,
    do,
    own_ref,
    sees,
    stations_of,
    tile,
    tiles,
    walls,
)
from tests.browser.stage import City
from tests.patience import PATIENCE


@pytest.fixture(autouse=True)
def whole_browser(chromium_path: str) -> None:
    if Path(chromium_path).is_relative_to(chromium.HOME.resolve()):
        pytest.skip("rounds need a whole Chromium; the one fetched from npm has no sound. Install chromium, or name one in HUB_CHROMIUM")


ENTERS = """() => new Promise((done) => {
  const look = () => {
    const key = document.querySelector('[data-test=round-enter]')
    if (!key) return
    watcher.disconnect()
    const said = document.querySelector('[data-test=round-auto]').textContent
    key.click()
    done(said)
  }
  const watcher = new MutationObserver(look)
  watcher.observe(document.body, { childList: true, subtree: true })
  look()
})"""
"""Touches the key as soon as it is there, and tells what was said beside it: four seconds are soon over."""


async def _enters_before_it_would_by_itself(screen: Page) -> None:
    said = await asyncio.wait_for(screen.evaluate(ENTERS), PATIENCE)
    assert "秒后自动接入" in said
    await comes_in(screen)


async def _show_a_screen_to_all(desk: Page, own: str, screens: dict[str, Page]) -> None:
    await desk.get_by_test_id("own-screen").click()
    await expect(desk.get_by_test_id("layout-screen")).to_be_enabled()
    await desk.get_by_test_id("layout-screen").click()
    for screen in screens.values():
        await expect(tile(screen, own, "screen")).to_have_attribute("data-moving", "true", timeout=RELIEF)
    await desk.get_by_test_id("own-screen").click()
    for screen in screens.values():
        await expect(tile(screen, own, "screen")).to_have_count(0)


async def _go_apart_and_come_back(desk: Page, screens: dict[str, Page]) -> None:
    first, second, third, fourth, fifth = screens
    await desk.get_by_test_id("panel-side").click()
    await desk.get_by_test_id("side-open").click()
    await expect(screens[first].get_by_test_id("own-place")).to_contain_text("第 1 组")
    await sees(screens[first], first, second, third)
    await sees(screens[fifth], fourth, fifth)
    await hears(screens[fifth])
    there = desk.locator("[data-test=group][data-number='2']")
    await desk.locator(f"[data-test=group-member][data-ref='{third}']").drag_to(there)
    await sees(screens[fifth], third, fourth, fifth)
    await desk.get_by_test_id("side-close").click()
    await agree(desk)


async def test_five_stations_meet_watch_a_screen_go_apart_and_come_back(city: City, desks: Desks):
    five = (await stations_of(city))[:5]
    screens = await walls(city, desks, five)
    desk = await console(city, desks)
    await begin(desk, "防汛视频会商", "district:3", agenda="汛情通报\n调度安排")
    for screen in screens.values():
        await comes_in(screen)

    own = await own_ref(desk)
    await desk.get_by_test_id("layout-gallery").click()
    await desk.get_by_test_id("layout-push").click()
    await sees(desk, own, *five)
    await sees(screens[five[1]], own, *five)
    await hears(screens[five[2]])

    await _show_a_screen_to_all(desk, own, screens)
    await desk.get_by_test_id("layout-gallery").click()
    await _go_apart_and_come_back(desk, screens)
    await sees(screens[five[4]], own, *five)
    await desk.get_by_test_id("end").click()
    await agree(desk)
    for screen in screens.values():
        await expect(screen.get_by_test_id("idle")).to_be_visible()


async def test_a_hand_is_given_the_word_a_lost_line_comes_back_and_who_is_removed_is_out(city: City, desks: Desks):
    near = (await stations_of(city))[0]
    screen = (await walls(city, desks, [near]))[near]
    desk = await console(city, desks)
    await asyncio.gather(begin(desk, "听取发言", near, agenda="汛情通报"), _enters_before_it_would_by_itself(screen))
    own = await own_ref(desk)

    await desk.get_by_test_id("mute-all").click()
    await expect(screen.get_by_test_id("own-mic")).to_have_attribute("data-on", "false")
    await screen.get_by_test_id("own-hand").click()
    await desk.get_by_test_id("hand-give").click()
    await expect(screen.get_by_test_id("own-mic")).to_have_attribute("data-on", "true")
    await hears(desk)
    await desk.get_by_test_id("panel-agenda").click()
    await expect(desk.get_by_test_id("speech")).to_have_count(1)

    await screen.evaluate("dispatchEvent(new Event('online'))")
    await screen.wait_for_function("() => window.peers.length >= 2 && window.peers[0].connectionState === 'closed'")
    await comes_in(screen)
    await screen.reload()
    await comes_in(screen)
    await sees(desk, near, own)
    await desk.get_by_test_id("panel-members").click()
    await do(desk, near, "remove")
    await agree(desk)
    await expect(screen.get_by_test_id("idle")).to_be_visible()
    await expect(tiles(desk)).to_have_count(1)


async def test_a_conversation_beside_the_round_is_heard_by_nobody_in_it_and_leads_back_to_it(city: City, desks: Desks):
    near, far = (await stations_of(city))[:2]
    screens = await walls(city, desks, [near, far])
    desk = await console(city, desks)
    await begin(desk, "调度会商", near, far)
    for screen in screens.values():
        await comes_in(screen)
    own = await own_ref(desk)

    await do(desk, near, "talk_aside")
    await answer(screens[near])
    await expect(tile(screens[far], near).get_by_test_id("tile-note")).to_have_text("通话中")
    await expect(tile(screens[far], own).get_by_test_id("tile-note")).to_have_text("通话中")
    await expect(screens[near].get_by_test_id("round-waits")).to_contain_text("自动回到会场")
    await expect(desk.get_by_test_id("own-place")).to_contain_text("挂断后自动回来")
    await hears(screens[near])
    await desk.get_by_test_id("talk-bar").get_by_test_id("call-hang-up").click()

    await comes_in(screens[near])
    await sees(desk, own, near, far)
    await desk.get_by_test_id("layout-gallery").click()
    await desk.get_by_test_id("layout-push").click()
    await sees(screens[near], own, near, far)
    await desk.get_by_test_id("end").click()
    await agree(desk)


async def test_a_deputy_joins_by_the_link_that_came_to_his_wechat(city: City, desks: Desks):
    deputy = (await city.rows(DEPUTY))[0]
    await city.habit(deputy["openid"], wechat="by_hand")
    desk = await console(city, desks)
    await begin(desk, "代表座谈", people=[deputy["name"]])
    await expect(desk.get_by_test_id("invitation")).to_have_text("链接已送达")

    phone = await desks.open(PHONE)
    await phone.add_init_script(SMALL)
    await phone.goto((await city.messages(deputy["openid"]))[0]["link"])
    await expect(phone.get_by_test_id("round-page")).to_contain_text("代表座谈")
    await phone.get_by_test_id("enter").click()
    await expect(phone.get_by_test_id("session-notes")).to_have_attribute("data-state", "joined")
    await hears(desk)
    await expect(desk.get_by_test_id("tile-name").filter(has_text=deputy["name"])).to_be_visible()
    await phone.get_by_test_id("own-leave").click()
    await expect(desk.get_by_test_id("meeting-present")).to_contain_text("1/2")
    await desk.get_by_test_id("end").click()
    await agree(desk)
    await expect(phone.get_by_test_id("round-strip")).to_have_count(0)
