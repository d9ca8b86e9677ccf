"""A meeting goes live from an encoder, is watched in hls.js on a phone, on a wall and in a stock WHEP player, and replayed; a
speech is filed under its deputy, and corrected. A round goes live with several cameras."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from scripts import chromium
from tests.browser.desks import PHONE, Desks, told
from tests.browser.lines import REMEMBER
from tests.browser.players import MOVES, stock_player
from tests.browser.rounds import begin, comes_in, console, stations_of, walls
from tests.browser.stage import City
from tests.browser.talkers import deputy_at_his_phone, screen_of_a_station
from tests.flows.live_meetings.encoder import publishing

TITLE = "市人大常委会第三十二次会议"
RUNS = """() => {
  const video = document.querySelector('[data-test=live-player] video')
  return video && !video.paused && video.currentTime > 0.5 && video.videoWidth
}"""
FAR = """() => {
  const { seekable } = document.querySelector('video')
  return seekable.length && seekable.end(seekable.length - 1) - seekable.start(0) > 16
}"""
FOUR_SECONDS = re.compile(r"已讲 (0:0[4-9]|0:[1-5]\d|[1-9]\d*:\d\d)")
"""Or more: a page that is held up shows not every second."""
OTHERS = """select name from directory.person where kind = 'deputy'
             and name not in (select name from directory.person group by name having count(*) > 1) order by code limit 2"""


@pytest.fixture(autouse=True)
def whole_browser(chromium_path: str) -> None:
    if Path(chromium_path).is_relative_to(chromium.HOME.resolve()):
        pytest.skip("live pictures need a whole Chromium; the one fetched from npm has no H.264. Install chromium, or name one in HUB_CHROMIUM")


async def runs(page: Page) -> None:
    """Pictures move."""
    await page.wait_for_function(RUNS)


async def goes_live(page: Page, title: str = TITLE, room: str = "") -> None:
    """From the console; `room`: the round that it shows."""
    await page.get_by_test_id("nav-live").click()
    await page.get_by_test_id("live-new").click()
    await page.get_by_test_id("live-title-field").fill(title)
    if room:
        await page.get_by_test_id("live-source").click()
        await page.get_by_role("option", name=room).locator("visible=true").click()
    await page.get_by_test_id("live-now").click()
    await page.get_by_test_id("sheet-save").click()
    await expect(page.get_by_test_id("live-state")).to_contain_text("直播中")


async def makes_key(page: Page, encoder: str) -> str:
    """Shown once."""
    await page.get_by_test_id("stream-key-new").click()
    await page.get_by_test_id("stream-key-name").fill(encoder)
    await page.get_by_test_id("sheet-save").click()
    key = await page.get_by_test_id("key-made").inner_text()
    await page.get_by_role("dialog").get_by_role("button", name="关闭", exact=True).locator("visible=true").last.click()
    await expect(page.get_by_test_id("stream-key")).to_contain_text(encoder)
    return key


async def watches_on_the_wall(kiosk: Page, title: str) -> None:
    """By WHEP, with one touch."""
    await kiosk.get_by_test_id("live-open").filter(has_text=title).click()
    wall = kiosk.get_by_test_id("live-wall")
    await expect(wall).to_have_attribute("data-way", "whep")
    await expect(wall).to_have_attribute("data-showing", "playing")
    await kiosk.wait_for_function(MOVES)


async def goes_back(viewer: Page) -> None:
    """To what was said before, and to the newest again. What is not far behind counts as live."""
    await viewer.wait_for_function(FAR)
    await viewer.evaluate("() => { document.querySelector('video').currentTime = document.querySelector('video').seekable.start(0) + 0.5 }")
    await viewer.get_by_test_id("to-live").click()
    await expect(viewer.get_by_test_id("to-live")).to_have_count(0)
    await expect(viewer.get_by_test_id("live-delay")).to_be_visible()


async def stop(page: Page) -> None:
    await page.get_by_test_id("live-stop").click()
    await page.locator(".confirm-yes").click()
    await expect(page.get_by_test_id("live-state")).to_contain_text("已结束")


async def writes_agenda(page: Page) -> None:
    await page.get_by_test_id("agenda-edit").click()
    await page.get_by_test_id("agenda-lines").fill("听取专项工作报告\n审议物业管理条例草案")
    await page.get_by_test_id("sheet-save").click()
    await page.get_by_test_id("agenda-turn").nth(1).click()
    await expect(page.get_by_test_id("agenda-item").nth(1)).to_contain_text("正在审议")


async def begins(page: Page, name: str) -> None:
    """To speak."""
    box = page.get_by_test_id("mark-person").locator("input")
    await box.click()
    await box.press_sequentially(name, delay=20)
    await page.get_by_role("option", name=name).first.click()
    await page.get_by_test_id("mark-begin").click()


async def marks(page: Page, name: str) -> None:
    """He begins to speak, and ends some seconds later."""
    await begins(page, name)
    await expect(page.get_by_text(FOUR_SECONDS)).to_be_visible()
    await page.get_by_test_id("mark-end").click()
    await expect(page.get_by_test_id("speech-line")).to_contain_text("审议物业管理条例草案")


async def corrects(page: Page, wrong: str, right: str) -> None:
    """It was somebody else, and he began a second later: the list is rewritten, the clip cut anew."""
    line = page.get_by_test_id("speech-line").filter(has_text=wrong)
    await line.get_by_role("link", name=wrong).click()
    sheet = page.get_by_role("dialog", name="更正发言片段")
    since = sheet.get_by_test_id("speech-since").locator("input")
    await expect(since).to_have_value(re.compile(r"^\d{4}-\d\d-\d\d "))
    began = datetime.fromisoformat(await since.input_value()) + timedelta(seconds=1)
    await since.fill(f"{began:%Y-%m-%d %H:%M:%S}")
    await since.press("Enter")
    person = sheet.get_by_test_id("speech-person").locator("input")
    await person.click()
    await person.press_sequentially(right, delay=20)
    await page.get_by_role("option", name=right).locator("visible=true").first.click()
    await sheet.get_by_test_id("sheet-save").click()
    corrected = page.get_by_test_id("speech-line").filter(has_text=right)
    await expect(corrected).to_contain_text("已归档")
    await expect(corrected).to_contain_text(f"{began:%H:%M:%S}")
    await corrected.get_by_role("link", name=right).click()
    await expect(sheet).to_contain_text("第 2 版")
    await expect(sheet).to_contain_text("播放片段")
    await sheet.get_by_role("button", name="取消").click()


async def test_a_meeting_is_watched_live_and_again_and_a_speech_is_filed_under_its_deputy(city: City, desks: Desks, tmp_path: Path):
    page = await desks.console(city.url, "operator")
    phone, deputy = await deputy_at_his_phone(city, desks)
    await goes_live(page)
    address, key, viewer = await page.get_by_test_id("live-whip").inner_text(), await makes_key(page, "主席台摄像机"), await desks.open(PHONE)
    kiosk, _ = await screen_of_a_station(city, desks)
    async with publishing(address, key, tmp_path):
        await watched_by_all(city, desks, page, viewer, kiosk)
        await writes_agenda(page)
        await marks(page, deputy)
        await goes_back(viewer)
    await stop(page)

    await expect(viewer.get_by_test_id("live-player")).to_contain_text("回放")
    await runs(viewer)
    await expect(kiosk.get_by_test_id("idle")).to_be_visible()
    await filed_under(page, phone, deputy)

    await page.get_by_test_id("tab-lives").click()
    await page.get_by_test_id("live-row").filter(has_text=TITLE).click()
    await corrects(page, deputy, (await city.rows(OTHERS))[0]["name"])
    await page.get_by_test_id("live-log").click()
    await expect(page.get_by_role("row", name="编码器推流")).to_contain_text("主席台摄像机")


async def watched_by_all(city: City, desks: Desks, page: Page, viewer: Page, kiosk: Page) -> None:
    """A phone by hls.js, a wall and a stock player by WHEP, and the console."""
    await viewer.goto(f"{city.url}/live/")
    await viewer.get_by_test_id("live-card").filter(has_text=TITLE).click()
    await runs(viewer)
    await expect(viewer.get_by_test_id("live-delay")).to_be_visible()
    await watches_on_the_wall(kiosk, TITLE)
    async with stock_player(await desks.open()) as player:
        await player.evaluate("url => watch(url, '')", await page.get_by_test_id("live-whep").inner_text())
        await player.wait_for_function(MOVES)
        await runs(page)
        await expect(page.get_by_test_id("live-viewers")).to_have_text("4")
    await expect(page.get_by_test_id("stream-key")).to_contain_text("正在推流")


async def filed_under(page: Page, phone: Page, deputy: str) -> None:
    """In the console's archive, and on his own phone, where it plays."""
    await expect(page.get_by_test_id("speech-line")).to_contain_text("已归档")
    await page.get_by_test_id("tab-speakers").click()
    await page.get_by_test_id("speaker-row").filter(has_text=deputy).click()
    await expect(page.get_by_test_id("clip")).to_contain_text("审议物业管理条例草案")
    await phone.get_by_test_id("tab-live").click()
    await phone.get_by_test_id("to-clips").click()
    clip = phone.get_by_test_id("clip").locator("video")
    await clip.evaluate("video => video.play()")
    await phone.wait_for_function("() => document.querySelector('[data-test=clip] video').currentTime > 1")


async def test_who_has_the_link_watches_until_links_are_voided(city: City, desks: Desks):
    page, viewer = await desks.console(city.url, "operator"), await desks.open(PHONE)
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.get_by_test_id("nav-live").click()
    await page.get_by_test_id("live-new").click()
    await page.get_by_test_id("live-title-field").fill("主任会议")
    await page.get_by_test_id("live-access").get_by_text("凭链接").click()
    await page.get_by_test_id("sheet-save").click()
    await expect(page.get_by_test_id("live-state")).to_contain_text("未开始")
    await page.get_by_test_id("live-links").click()
    await page.get_by_test_id("live-signed").click()
    await told(page, "链接已复制")
    link = await page.evaluate("navigator.clipboard.readText()")

    await viewer.goto(link.partition("#")[0])
    await expect(viewer.get_by_test_id("live-refused")).to_contain_text("凭链接观看")
    await viewer.goto(link)
    await expect(viewer.get_by_test_id("live-said")).to_contain_text("直播还没有开始")
    await page.get_by_test_id("live-links").click()
    await page.get_by_text("作废全部链接").locator("visible=true").click()
    await page.locator(".confirm-yes").click()
    await told(page, "全部链接已作废")
    await viewer.reload()
    await expect(viewer.get_by_test_id("live-refused")).to_contain_text("凭链接观看")


PAINTED = REMEMBER + """
  const asked = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async (wish) => {
    if (!wish.video) return asked(wish)
    const stream = wish.audio ? await asked({ audio: wish.audio }) : new MediaStream()
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: HEIGHT })
    const pen = canvas.getContext('2d')
    let turn = 0
    setInterval(() => {
      pen.fillStyle = 'COLOUR'
      pen.fillRect(0, 0, 320, HEIGHT)
      pen.fillStyle = 'white'
      pen.fillRect(turn++ * 8 % 320, 0, 8, HEIGHT)
    }, 200)
    stream.addTrack(canvas.captureStream(5).getVideoTracks()[0])
    return stream
  }
"""
"""A camera that sees one colour."""
SEES = """([selector, colour]) => [...document.querySelectorAll(selector)].some((video) => {
  if (!video.videoWidth) return false
  const pen = Object.assign(document.createElement('canvas'), { width: 8, height: 8 }).getContext('2d')
  pen.drawImage(video, 0, 0, 8, 8)
  const [red, , blue] = pen.getImageData(1, 1, 1, 1).data
  return colour === 'red' ? red > blue + 60 : blue > red + 60
})"""
"""On a machine that is overloaded a camera may pause, and its clip have a dark part between."""


def camera(number: int) -> str:
    colour, height = (("red", 180), ("blue", 240))[number - 1]
    return PAINTED.replace("COLOUR", colour).replace("HEIGHT", str(height))


async def shows(page: Page, colour: str, selector: str = "[data-test=live-player] video") -> None:
    await page.wait_for_function(SEES, arg=[selector, colour])


async def announces(desk: Page, words: str) -> None:
    """The hub reads them out to all in the round, until it is stopped: they are long enough for a slow machine to see it."""
    await desk.get_by_test_id("sound-play").click()
    await desk.get_by_test_id("play-text").locator("textarea").or_(desk.locator("textarea[data-test=play-text]")).first.fill(words)
    await desk.get_by_test_id("play-yes").click()
    await desk.get_by_test_id("sound-stop").click()
    await expect(desk.get_by_test_id("sound-play")).to_be_visible()


async def test_several_cameras_of_a_round_are_watched_replayed_and_cut(city: City, desks: Desks):
    near, far = (await stations_of(city))[:2]
    screens = await walls(city, desks, [near, far], camera)
    desk, viewer = await console(city, desks), await desks.open(PHONE)
    await begin(desk, "防汛会商", near, far)
    for screen in screens.values():
        await comes_in(screen)
    await announces(desk, "会议马上开始，请各位代表就座。" * 20)
    await goes_live(desk, "防汛会商直播", "防汛会商")
    speaker = (await city.rows(OTHERS))[1]["name"]
    await viewer.goto(f"{city.url}/live/")
    await viewer.get_by_test_id("live-card").filter(has_text="防汛会商直播").click()

    await desk.locator(f"[data-test=picture][data-ref='{near}']").click()
    await shows(viewer, "red")
    await begins(desk, speaker)
    await desk.locator(f"[data-test=picture][data-ref='{far}']").click()
    await shows(viewer, "blue")
    await desk.get_by_test_id("mark-end").click()
    await stop(desk)

    await expect(viewer.get_by_test_id("live-player")).to_contain_text("回放")
    await viewer.wait_for_function("() => document.querySelector('video').duration > 4")
    await viewer.evaluate("() => { const video = document.querySelector('video'); video.currentTime = video.duration - 2; video.play() }")
    await shows(viewer, "blue")
    await viewer.evaluate("() => { const video = document.querySelector('video'); video.currentTime = 0.5; video.play() }")
    await shows(viewer, "red")
    await expect(desk.get_by_test_id("speech-line").filter(has_text=speaker)).to_contain_text("已归档")
    await desk.get_by_test_id("tab-speakers").click()
    await desk.get_by_test_id("speaker-row").filter(has_text=speaker).click()
    await shows(desk, "red", "[data-test=clip] video")
    await shows(desk, "blue", "[data-test=clip] video")
