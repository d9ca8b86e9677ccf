"""python -m tests.browser.pictures: takes the README's pictures anew, of the built apps and a living city."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import imageio_ffmpeg
from playwright.async_api import Page, async_playwright

from hub.kernel.actor import SYSTEM
from hub.record import PostgresServer, run_migrations
from media.calls.messages.commands import SavePlan
from media.calls.messages.shapes import PlanBody
from media.calls.words import EMERGENCY, ORDINARY, CallKind
from scripts import chromium
from tests.browser.composer import Composer, pick
from tests.browser.deputies import DEPUTY
from tests.browser.desks import PHONE, SWITCHES, Desks
from tests.browser.lines import agree, answer, board, line, screen
from tests.browser.lines import pick as tick
from tests.browser.portraits import painted
from tests.browser.rounds import begin, comes_in, console, own_ref, sees, stations_of, walls
from tests.browser.stage import City, standing
from tests.browser.talkers import do, gathered, said, say
from tests.browser.test_station import kiosk_of_main

SHELF = Path("web/pictures")
LARGEST = 250_000
PALETTE = "split[a][b];[a]palettegen=max_colors=200[p];[b][p]paletteuse=dither=none"
UNHURRIED: dict[str, Any] = {
    "delay": [0.1, 1.0], "think": [0.5, 25.0], "calls_per_second": 20,
    "mix": {"phone": {"press_1": 6, "press_2": 1, "busy": 1, "no_answer": 2}, "text": {"confirm": 6, "read": 2, "ignore": 2},
            "wechat": {"confirm": 60, "leave": 8, "read": 12, "ignore": 14, "blocked": 3, "not_following": 3}},
}
TITLE = "防汛四级应急响应启动通知"
TEXT = ("{name}，您好：受台风外围影响，今晚二十时起全市启动防汛四级应急响应。\n"
        "请各代表联络站安排专人值守，发现险情立即报告。\n"
        "今晚的视频会商请按时参加。")
PLANS = (("防汛会商", CallKind.CONFERENCE, ORDINARY, ("district:1", "district:2")), ("全市紧急喊话", CallKind.ANNOUNCE, EMERGENCY, ("city",)),
         ("每日早点名", CallKind.ROLLCALL, ORDINARY, ("city",)))
HALF_HEARD = """() => {
  const number = (name) => Number(document.querySelector(`[data-test=figure-${name}]`)?.dataset.value ?? 0)
  return number('confirmed') > number('total') * 0.5
}"""


async def _shoot(page: Page, name: str) -> None:
    path = SHELF / f"{name}.png"
    await page.mouse.move(0, 0)
    await page.evaluate("() => document.activeElement?.blur()")
    await page.screenshot(path=path, animations="disabled", scale="css")
    if path.stat().st_size > LARGEST:
        await _in_few_colours(path)
    size = path.stat().st_size
    sys.stdout.write(f"{path} {size // 1000} kB\n")
    assert size <= LARGEST, f"{path} is too large for a README"


async def _in_few_colours(path: Path) -> None:
    """Faces compress badly in all their shades, and lose nothing in two hundred."""
    fewer = path.with_suffix(".few.png")
    reducing = await asyncio.create_subprocess_exec(
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(path), "-vf", PALETTE, str(fewer))
    assert await reducing.wait() == 0
    fewer.replace(path)


async def _draw(city: City, desks: Desks) -> None:
    _, kiosk = await kiosk_of_main(city, desks)
    page = await desks.console(city.url, "operator")
    deputy = dict((await city.rows(DEPUTY))[0])
    await city.habit(deputy["openid"], wechat="by_hand")
    await city.habit(deputy["phone"], text="by_hand", phone="by_hand")

    composer = await Composer(page).open()
    await composer.write(TITLE, TEXT)
    await page.get_by_test_id("audio-speech").click()
    await page.get_by_test_id("speak").click()
    await page.get_by_test_id("audio-ready").wait_for()
    await pick(page, "composer-options", "参加 / 请假")
    await composer.next()
    await page.get_by_test_id("audience-tree").get_by_test_id("org-city").click()
    await page.get_by_test_id("priority-emergency").click()
    await composer.total()
    await _shoot(page, "composer")
    await composer.next()
    await composer.send()
    await kiosk.get_by_text("正在播放").wait_for()
    await _shoot(kiosk, "station")
    await page.wait_for_function(HALF_HEARD, timeout=120_000)
    await _shoot(page, "board")
    await page.get_by_test_id("nav-duty").click()
    await page.get_by_test_id("city-map").wait_for()
    await page.get_by_test_id("card-open").first.wait_for()
    await _shoot(page, "map")
    phone = await desks.open(PHONE | {"device_scale_factor": 1})
    await phone.goto((await city.messages(deputy["openid"]))[0]["link"])
    await phone.get_by_test_id("notice-title").wait_for()
    await _shoot(phone, "deputy")


async def _talk(city: City, desks: Desks) -> None:
    talkers = await gathered(city, desks, "防汛值守群")
    console, phone, kiosk = talkers.console, talkers.phone, talkers.kiosk
    await console.get_by_test_id("notice-turn").click()
    await say(console, "请各站点今晚 20:00 前完成值班人员上岗，到岗后在群里回复。\n值班电话保持畅通，发现险情立即报告。")
    await said(kiosk, "请各站点").wait_for()
    await do(console, "请各站点", "pin")
    await kiosk.get_by_test_id("phrase").first.click()
    await said(console, "收到").wait_for()
    await do(phone, "请各站点", "reply")
    await say(phone, "我在三号闸，水位 4.2 米，已安排两人巡查，随时报告。")
    await say(console, "辛苦了，请每小时报一次水位。")
    await console.get_by_text("全部已读").last.wait_for()
    await _shoot(console, "conversation")


async def _dispatch(city: City, desks: Desks) -> None:
    """A conference in which stations talk, another seat's call, plans, and keys that are ticked."""
    for name, kind, priority, orgs in PLANS:
        body = PlanBody(name=name, kind=kind, priority=priority, orgs=orgs)
        await city.inside(lambda body=body: city.hub.desk.ask(SavePlan(id=uuid4(), plan=uuid4(), body=body), SYSTEM))  # type: ignore[misc]
    other, desk = await board(city, desks, "admin"), await board(city, desks)
    kiosks = [await screen(city, desks, f"station:{n}") for n in (17, 18, 21, 30)]
    await line(other, "station:30").click()
    await answer(kiosks[3])
    await tick(desk, *(f"station:{n}" for n in (17, 18, 19, 21)))
    await desk.get_by_test_id("start-conference").click()
    for kiosk in kiosks[:3]:
        await answer(kiosk)
    await desk.get_by_test_id("member-speaking").first.wait_for()
    await tick(desk, *(f"station:{n}" for n in (2, 3, 4)))
    await desk.get_by_test_id("line-wall").evaluate("wall => { wall.parentElement.scrollTop = 0 }")
    await _shoot(desk, "dispatch")


async def _meet(city: City, desks: Desks) -> None:
    """A round of a district: six seen, one with the word, one hand up."""
    screens = await walls(city, desks, (await stations_of(city))[:5], painted)
    desk = await console(city, desks, camera=painted(0))
    await begin(desk, "防汛视频会商", "district:3", agenda="汛情通报\n调度安排\n各站点发言")
    for one in screens.values():
        await comes_in(one)
    first, second, *_ = screens.values()
    await desk.get_by_test_id("layout-gallery").click()
    await desk.get_by_test_id("layout-push").click()
    await desk.get_by_test_id("panel-agenda").click()
    await desk.get_by_test_id("agenda-go-1").click()
    await desk.get_by_test_id("panel-members").click()
    await first.get_by_test_id("own-hand").click()
    await desk.get_by_test_id("hand-give").click()
    await second.get_by_test_id("own-hand").click()
    await sees(desk, await own_ref(desk), *screens)
    await desk.get_by_test_id("hand-give").wait_for()
    await _shoot(desk, "video")
    await desk.get_by_test_id("end").click()
    await agree(desk)


async def main() -> None:
    SHELF.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hub-pictures-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        async with PostgresServer(Path(folder) / "db", settings={"fsync": "off", "max_connections": "120"}) as server:
            await run_migrations(server.dsn)
            await _of_a_city(server.dsn)


async def _of_a_city(dsn: str) -> None:
    living = standing(dsn, populated=True, knobs=UNHURRIED)
    city = await asyncio.to_thread(living.__enter__)
    try:
        async with async_playwright() as playwright:
            playwright.selectors.set_test_id_attribute("data-test")
            path = chromium.find() or ""
            browser = await playwright.chromium.launch(executable_path=path, args=list(SWITCHES),
                                                       env=dict(chromium.environment(path)))
            desks = Desks(browser)
            await _draw(city, desks)
            await _talk(city, desks)
            await _dispatch(city, desks)
            await _meet(city, desks)
            await browser.close()
    finally:
        await asyncio.to_thread(living.__exit__, None, None, None)


if __name__ == "__main__":
    asyncio.run(main())
