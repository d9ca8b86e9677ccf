"""People talk at once: an operator at his console, a deputy on his phone, a station at its screen."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from pathlib import Path

from playwright.async_api import Locator, Page, Request, Route, expect

from tests.browser.desks import Desks
from tests.browser.stage import City
from tests.browser.talkers import do, enter, gathered, noise, said, say, screen_of_a_station
from tests.patience import PATIENCE

MIB = 1024 * 1024
SAID_EVERY = 3_500
"""Milliseconds, after which who still writes says so again."""
FIRST = "box => Number(box.querySelector('[data-number]').dataset.number)"
UP = f"""async (box) => {{
  const first = ({FIRST})(box)
  const place = () => box.querySelector(`[data-number='${{first}}']`).offsetTop - box.scrollTop
  let before
  while (({FIRST})(box) === first) {{
    box.scrollTop = 0
    before = place()
    await new Promise(requestAnimationFrame)
  }}
  return place() - before
}}"""
"""Scrolls up, and again where the page followed its end in that moment, until older messages stand above. By how much
what was the first one has moved."""


async def test_a_message_is_there_at_once_and_the_author_sees_who_has_read_it(city: City, desks: Desks):
    talkers = await gathered(city, desks, "防汛值守群")

    await say(talkers.console, "今晚八点会商")
    for page in (talkers.phone, talkers.kiosk):
        await expect(said(page, "今晚八点会商")).to_have_attribute("data-mine", "false")
        await expect(said(page, "今晚八点会商").get_by_test_id("message-author")).to_have_text("市中心值班员")
    await expect(said(talkers.console, "今晚八点会商").get_by_test_id("read-mark")).to_have_text("全部已读")

    await talkers.kiosk.get_by_test_id("talk-leave").click()
    await say(talkers.console, "请带上值班表")
    await expect(talkers.kiosk.get_by_test_id("unread-total")).to_have_text("1")
    await expect(said(talkers.console, "请带上值班表").get_by_test_id("read-mark")).to_have_text("1/2 已读")
    await said(talkers.console, "请带上值班表").get_by_test_id("read-mark").click()
    await expect(talkers.console.get_by_test_id("readers-unread")).to_contain_text("未读 1")


async def test_an_answer_quotes_what_was_said_and_a_mention_is_marked(city: City, desks: Desks):
    talkers = await gathered(city, desks, "汛情核实群")
    await say(talkers.console, "三号闸水位是多少")
    await talkers.phone.get_by_test_id("pane-back").click()

    await do(talkers.kiosk, "三号闸水位是多少", "reply")
    await talkers.kiosk.get_by_test_id("mention-begin").click()
    await talkers.kiosk.get_by_test_id("mention").filter(has_not_text="值班员").click()
    field = talkers.kiosk.get_by_test_id("compose-text")
    await _types_until_it_is_seen(field, talkers.console.get_by_test_id("typing"))
    await field.press_sequentially("现在四米二")
    await field.press("Enter")

    await expect(said(talkers.console, "现在四米二").get_by_test_id("message-quote")).to_contain_text("三号闸水位是多少")
    await expect(talkers.phone.get_by_test_id("sign-mentioned")).to_have_text("[有人@我]")


async def _types_until_it_is_seen(field: Locator, sign: Locator) -> None:
    """The sign may be lost, and goes after some seconds; who goes on writing gives it again."""
    async with asyncio.timeout(PATIENCE):
        while True:
            await field.press_sequentially("请复核，")
            with suppress(AssertionError):
                return await expect(sign).to_contain_text("正在输入", timeout=SAID_EVERY)


async def test_what_is_recalled_disappears_on_every_screen(city: City, desks: Desks):
    talkers = await gathered(city, desks, "撤回演练群")
    everywhere = (talkers.console, talkers.phone, talkers.kiosk)
    await say(talkers.phone, "发错了的话")
    for page in everywhere:
        await expect(said(page, "发错了的话")).to_be_visible()

    await do(talkers.phone, "发错了的话", "recall")
    await talkers.phone.get_by_test_id("sure-yes").click()

    for page in everywhere:
        await expect(page.get_by_test_id("message-recalled")).to_contain_text("已撤回")
        await expect(page.get_by_text("发错了的话")).to_have_count(0)


async def test_a_picture_goes_on_where_the_line_broke(city: City, desks: Desks, tmp_path: Path):
    talkers = await gathered(city, desks, "现场照片群")
    picture = tmp_path / "现场.png"
    picture.write_bytes(noise())
    phone = talkers.phone
    pieces = await _cut_at_the_second_piece(phone)

    await phone.get_by_test_id("picture-input").set_input_files(picture)
    await expect(phone.get_by_test_id("enclosure")).to_have_attribute("data-state", "paused")
    await expect(phone.get_by_test_id("enclosure")).to_contain_text("恢复后自动续传")
    await phone.unroute_all()
    await phone.context.set_offline(False)
    await expect(phone.get_by_test_id("enclosure")).to_have_attribute("data-state", "done")
    await phone.get_by_test_id("compose-send").click()

    await expect(talkers.console.get_by_test_id("message-picture").locator("img")).to_be_visible()
    await talkers.console.get_by_test_id("message-picture").click()
    await expect(talkers.console.get_by_test_id("picture-view").locator("img")).to_be_visible()
    assert [method for method, _ in pieces].count("POST") == 1, "the same upload goes on"
    offsets = [int(offset) for method, offset in pieces if method == "PATCH"]
    assert offsets.count(0) == 1, "no piece that had arrived leaves twice"
    assert offsets[-1] >= 2 * MIB


async def _cut_at_the_second_piece(phone: Page) -> list[tuple[str, str]]:
    """The line is gone when the second piece leaves; what is asked of uploads is written down."""
    asked: list[tuple[str, str]] = []

    def note(request: Request) -> None:
        if "/api/uploads" in request.url:
            asked.append((request.method, request.headers.get("upload-offset", "")))

    async def cut(route: Route) -> None:
        if int(route.request.headers.get("upload-offset", "0")) == 0:
            return await route.continue_()
        await phone.context.set_offline(True)
        await route.abort("internetdisconnected")

    phone.on("request", note)
    await phone.route(re.compile(r"/api/uploads/"), lambda route: cut(route) if route.request.method == "PATCH" else route.continue_())
    return asked


async def test_hours_without_a_line_are_caught_up_once_and_in_order(city: City, desks: Desks):
    talkers = await gathered(city, desks, "断线补发群")
    phone, console = talkers.phone, talkers.console
    await say(console, "断线之前")
    await expect(said(phone, "断线之前")).to_be_visible()

    await phone.context.set_offline(True)
    await expect(phone.get_by_test_id("talk-offline")).to_contain_text("连接中断")
    words = [f"第 {number} 条" for number in range(1, 13)]
    for one in words:
        await say(console, one)
    await expect(said(console, words[-1])).to_be_visible()
    await say(phone, "断线时写的")
    await expect(phone.get_by_test_id("outgoing")).to_have_attribute("data-state", "waiting")
    await phone.context.set_offline(False)

    await expect(said(phone, "断线时写的")).to_be_visible()
    for page in (phone, console):
        await expect(said(page, "断线时写的")).to_have_count(1)
        await expect(page.get_by_test_id("message-text")).to_have_text(["断线之前", *words, "断线时写的"])
    await expect(phone.get_by_test_id("outgoing")).to_have_count(0)


async def test_history_scrolls_up_to_the_beginning_and_keeps_the_place(city: City, desks: Desks):
    talkers = await gathered(city, desks, "长记录群")
    await _fill(city, "长记录群", 180)
    await talkers.console.reload()
    thread = talkers.console.get_by_test_id("thread")
    await expect(said(talkers.console, "记录 180 号")).to_be_visible()

    async with asyncio.timeout(PATIENCE):
        while await thread.evaluate(FIRST) > 1:
            assert abs(await thread.evaluate(UP)) <= 2, "what was read stays where it was"
    await thread.evaluate("box => { box.scrollTop = 0 }")
    await expect(said(talkers.console, "记录 001 号")).to_be_in_viewport()
    await expect(talkers.console.get_by_test_id("thread-beginning")).to_be_visible()
    numbers = await thread.locator("[data-number]").evaluate_all("lines => lines.map(line => +line.dataset.number)")
    assert numbers == list(range(1, 181))


async def _fill(city: City, group: str, count: int) -> None:
    """Said long ago: written where the projection would have."""
    [row] = await city.rows("select id from talk.conversation where name = $1", group)

    async def write() -> None:
        async with city.hub.db.transaction() as conn:
            await conn.execute(
                """insert into talk.message(id, conversation, place, at, author, author_name, seat, shape, text, number,
                                            mentions, everyone, notice)
                   select gen_random_uuid(), $1, 1000000 + n, now() - make_interval(mins => $2 - n), 'account:x', '老同志',
                          'account:x', 'text', '记录 ' || lpad(n::text, 3, '0') || ' 号', n,
                          '{}', false, false from generate_series(1, $2) n""",
                row["id"], count)
            await conn.execute("update talk.conversation set last_number = $2 where id = $1", row["id"], count)

    await city.inside(write)


async def test_a_station_asks_the_main_station_and_whoever_is_on_duty_answers(city: City, desks: Desks):
    console = await desks.console(city.url, "operator")
    kiosk, station = await screen_of_a_station(city, desks)
    await kiosk.get_by_test_id("talk-open").click()
    await kiosk.get_by_test_id("start").click()
    await kiosk.get_by_test_id("contact-search").fill("总站")
    await kiosk.get_by_test_id("contact").filter(has_text="总站").first.click()
    await say(kiosk, "大屏黑了，请派人看看")

    await expect(console.get_by_test_id("unread-total")).to_be_visible()
    await console.get_by_test_id("nav-conversations").click()
    await console.get_by_test_id("seat-main").click()
    await expect(console.get_by_test_id("conversation").filter(has_text=station).get_by_test_id("badge")).to_have_text("1")
    await enter(console, station)
    await say(console, "马上到")

    await expect(said(kiosk, "马上到")).to_contain_text("总站")
    await expect(said(kiosk, "大屏黑了").get_by_test_id("read-mark")).to_have_text("已读")
    await expect(said(console, "马上到").get_by_test_id("read-mark")).to_have_text("已读")


async def test_a_pinned_message_a_notice_a_muted_and_a_closed_group_say_so_in_words(city: City, desks: Desks):
    talkers = await gathered(city, desks, "禁言演练群")
    console, phone = talkers.console, talkers.phone
    await say(console, "请看通知")
    await do(console, "请看通知", "pin")
    await expect(phone.get_by_test_id("pinned-bar")).to_contain_text("请看通知")
    await console.get_by_test_id("notice-turn").click()
    await say(console, "今晚 22 时停水")
    await expect(said(phone, "今晚 22 时停水")).to_contain_text("通知")
    await expect(said(talkers.kiosk, "今晚 22 时停水")).to_contain_text("通知")

    await console.get_by_test_id("pane-members").click()
    await console.get_by_test_id("mute-group").click()
    await expect(phone.get_by_test_id("compose-blocked")).to_contain_text("只有群主可以发言")
    await console.get_by_test_id("mute-group").click()
    await expect(phone.get_by_test_id("compose-text")).to_be_visible()
    await console.get_by_test_id("group-close").click()
    await console.get_by_test_id("sure-yes").click()

    await expect(phone.get_by_test_id("compose-blocked")).to_contain_text("已关闭")


async def test_who_is_removed_hears_nothing_more(city: City, desks: Desks):
    talkers = await gathered(city, desks, "成员调整群")
    console, kiosk = talkers.console, talkers.kiosk
    await say(console, "移出之前")
    await expect(said(kiosk, "移出之前")).to_be_visible()

    await console.get_by_test_id("pane-members").click()
    await console.get_by_test_id("member").filter(has_text="站点").get_by_test_id("member-remove").click()
    await console.get_by_test_id("sure-yes").click()
    await expect(kiosk.get_by_test_id("pane-gone")).to_contain_text("您不在这个会话里")
    await console.get_by_test_id("sheet-close").click()
    await say(console, "移出之后")

    await expect(said(talkers.phone, "移出之后")).to_be_visible()
    await expect(kiosk.get_by_text("移出之后")).to_have_count(0)
