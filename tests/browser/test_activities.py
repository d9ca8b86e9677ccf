"""An activity from the notice to the score, and a topic of the year: the desk and the phone, each seeing what the other does."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

from playwright.async_api import Page, expect

from hub.kernel.calendar import ZONE
from hub.kernel.clock import SystemClock
from tests.browser.clerks import begin, choose, deputy_with_cases, did, fill, send, state
from tests.browser.desks import Desks
from tests.browser.stage import City

QUESTION = "您对改造进度是否满意"


async def test_an_activity_goes_from_the_notice_to_the_score(city: City, desks: Desks):
    title = f"老旧小区改造视察 {uuid4().hex[:6]}"
    phone, deputy = await deputy_with_cases(city, desks)
    [row] = await city.rows("select delegation from directory.person where id = $1", deputy["id"])
    desk = await desks.console(city.url, "intake")
    await _published(desk, city.url, title, row["delegation"])

    await phone.get_by_test_id("to-notices").click()
    await phone.get_by_test_id("notice-row").filter(has_text=title).first.click()
    await phone.get_by_test_id("register").click()
    await expect(phone.get_by_test_id("standing")).to_contain_text("已报名，第 1 位")
    mine = desk.get_by_test_id("person").filter(has_text=deputy["name"])
    await expect(mine).to_contain_text("未签到")

    await _signed_in(desk, phone)
    await expect(mine).to_contain_text("签到码")
    await expect(mine).to_contain_text("计入")
    await _answered(phone)
    await expect(desk.get_by_test_id("answers")).to_contain_text("1 / 1 人")
    await begin(desk, "CloseRegistration")
    await send(desk)
    await did(desk, "截止报名")
    await expect(state(phone)).to_contain_text("报名截止")

    await phone.goto(f"{city.url}/deputy/#/cases")
    await phone.get_by_test_id("stream-duty_records").click()
    await expect(phone.locator("[data-case]").filter(has_text=title)).to_contain_text("已计入")
    await phone.get_by_test_id("streams-more").click()
    await phone.get_by_test_id("stream-all-legislation").click()
    await expect(phone.get_by_test_id("streams-more")).to_contain_text("立法项目")
    await desk.goto(f"{city.url}/#/cases/duty_records/scores")
    await expect(desk.get_by_test_id("scores").get_by_role("row").filter(has_text=deputy["name"])).to_contain_text("3 (1)")


async def _published(desk: Page, url: str, title: str, delegation: str) -> None:
    await desk.goto(f"{url}/#/cases/activities/new/DraftActivity")
    await fill(desk, title=title, starts=_in(20), ends=_in(80), deadline=_in(10), place="梧桐街道代表联络站", groups=delegation)
    await desk.get_by_test_id("input-kind").select_option("inspection")
    await desk.get_by_test_id("add-questions").click()
    await fill(desk, **{"questions.0.text": QUESTION, "questions.0.choices": "满意\n不满意"})
    await choose(desk, "questions.0.kind", "one")
    await send(desk)
    await expect(desk.get_by_test_id("case-number")).to_contain_text("活动")
    await expect(desk.get_by_test_id("case-text")).to_contain_text(re.compile(r"名额\s*不限"))
    await begin(desk, "PublishActivity")
    await send(desk)
    await expect(state(desk)).to_contain_text("报名中")
    await _listed(desk, title)


async def _listed(desk: Page, title: str) -> None:
    """The menu leads to the list at the first touch, and the list says where it is and for how many."""
    await desk.get_by_test_id("tab-activities").click()
    row = desk.get_by_role("row").filter(has_text=title)
    await expect(row).to_contain_text("梧桐街道代表联络站")
    await expect(row).to_contain_text("不限")
    await row.get_by_test_id("case-row").click()


def _in(minutes: int) -> str:
    """As one picks it in the form, in the city's time."""
    return (SystemClock().now() + timedelta(minutes=minutes)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


async def _signed_in(desk: Page, phone: Page) -> None:
    """By the code on the big screen, which holds for half a minute and the next one."""
    await desk.get_by_test_id("sign-code").click()
    shown = desk.get_by_test_id("the-code")
    await expect(shown).not_to_contain_text("·")
    await phone.get_by_test_id("code").fill((await shown.inner_text()).replace(" ", ""))
    await phone.get_by_test_id("sign-in-code").click()
    await expect(phone.get_by_test_id("standing")).to_contain_text("已签到")
    await expect(desk.get_by_text("已签到 1 / 1 人")).to_be_visible()
    await shown.click()


async def _answered(phone: Page) -> None:
    await phone.get_by_test_id("questions").get_by_label("满意", exact=True).check()
    await phone.get_by_test_id("questions").get_by_role("button").click()
    await expect(phone.get_by_text("问卷已提交")).to_be_visible()


async def test_a_deputy_hears_of_a_topic_books_it_and_reads_his_book(city: City, desks: Desks):
    title = f"古树名木保护立法调研 {uuid4().hex[:6]}"
    phone, deputy = await deputy_with_cases(city, desks)
    desk = await desks.console(city.url, "legislation")
    await _subscribed(phone, city.url)
    await _offered(desk, city.url, title)

    await phone.goto(f"{city.url}/deputy/#/case-notices")
    await phone.get_by_test_id("notice-row").filter(has_text="您订阅的“立法”有新内容").filter(has_text=title).click()
    await expect(desk.get_by_test_id("topic-bookings")).not_to_contain_text(deputy["name"])
    await phone.get_by_test_id("book-topic").click()
    await expect(phone.get_by_test_id("unbook-topic")).to_be_visible()
    await expect(phone.get_by_test_id("topics-left")).to_contain_text("2")
    booked = desk.get_by_test_id("topic-bookings").get_by_role("row").filter(has_text=deputy["name"])
    await expect(booked).to_contain_text("均衡入选")

    await phone.goto(f"{city.url}/deputy/#/mine")
    await phone.get_by_test_id("my-book").click()
    await expect(phone.get_by_test_id("book-name")).to_have_text(deputy["name"])
    await expect(phone.get_by_test_id("book-records")).to_be_visible()
    await _rated_by_himself(phone)
    await phone.get_by_test_id("book-pdf").click()
    await expect(phone.get_by_test_id("paper")).to_have_attribute("data-state", "ready")
    await expect(phone.get_by_test_id("paper-page")).to_contain_text("1 /")


async def _rated_by_himself(phone: Page) -> None:
    mine = phone.get_by_test_id("rater-self")
    await mine.get_by_role("button").click()
    for field in await phone.get_by_test_id("rating").get_by_role("spinbutton").all():
        await field.fill("9.5")
    await phone.get_by_test_id("rate-save").click()
    await expect(mine).to_contain_text("已评")
    await expect(phone.get_by_test_id("rater-group")).to_contain_text("未评")


async def _subscribed(phone: Page, url: str) -> None:
    await phone.goto(f"{url}/deputy/#/cases/my/subscriptions")
    await phone.get_by_test_id("subscribe").click()
    await phone.get_by_test_id("subscription-topic").select_option("duty_topics/legislation")
    await phone.get_by_test_id("subscription-save").click()
    await expect(phone.get_by_test_id("subscription")).to_contain_text("年度选题：立法")


async def _offered(desk: Page, url: str, title: str) -> None:
    today = SystemClock().now().astimezone(ZONE)
    await desk.goto(f"{url}/#/cases/duty_topics/new/DraftTopic")
    await choose(desk, "kind", "legislation")
    await fill(desk, title=title, year=str(today.year), quota="2", until=f"{today:%Y-%m-%d}")
    await send(desk)
    await begin(desk, "OpenTopic")
    await send(desk)
    await expect(state(desk)).to_contain_text("预约中")
