"""Voices, groups of a unit, leaving; and what an administrator sees and sets."""

from __future__ import annotations

import re

from playwright.async_api import expect
from python_calamine import CalamineWorkbook

from tests.browser.desks import Desks, told
from tests.browser.stage import City
from tests.browser.talkers import deputy_at_his_phone, enter, gathered, said, say

STATES = """clip => {
  clip.states = []
  new MutationObserver(() => clip.states.push(clip.dataset.state)).observe(clip, { attributeFilter: ['data-state'] })
}"""
"""Remembers in which one it was: two seconds are soon over."""


async def test_a_clip_is_spoken_by_one_and_played_by_another(city: City, desks: Desks):
    talkers = await gathered(city, desks, "语音演练群")
    console, phone = talkers.console, talkers.phone

    await console.get_by_test_id("speak").click()
    await expect(console.get_by_test_id("voice-time")).to_contain_text(re.compile(r"0:0[2-9]|0:[1-5]\d"))
    await console.get_by_test_id("voice-send").click()
    clip = phone.get_by_test_id("message-voice")
    await clip.evaluate(STATES)
    await clip.click()

    await expect(clip).to_have_js_property("states", ["playing", "still"])
    await expect(clip).to_contain_text("″")


async def test_a_unit_has_a_group_of_its_people_and_who_leaves_it_sees_it_no_more(city: City, desks: Desks):
    console = await desks.console(city.url, "operator")
    phone, deputy = await deputy_at_his_phone(city, desks)
    [row] = await city.rows("select path from directory.person where name = $1", deputy)
    await console.get_by_test_id("nav-conversations").click()
    await console.get_by_test_id("start").click()
    await console.get_by_test_id("start-unit").click()
    await console.get_by_test_id("start-name").fill("全区代表群")
    await console.get_by_test_id("start-org").select_option(next(one for one in row["path"] if one.startswith("district:")))
    await console.get_by_role("switch", name="包括所辖人员").click()
    await console.get_by_test_id("start-create").click()
    await expect(console.get_by_test_id("pane-name")).to_have_text("全区代表群")
    await say(console, "请各位代表查收")

    await enter(phone, "全区代表群")
    await expect(said(phone, "请各位代表查收")).to_be_visible()
    await phone.get_by_test_id("pane-members").click()
    await phone.get_by_test_id("group-leave").click()
    await phone.get_by_test_id("sure-yes").click()
    await expect(phone.get_by_test_id("conversation-list")).to_be_visible()
    await say(console, "还有人没有回复")

    await expect(said(console, "还有人没有回复")).to_be_visible()
    await expect(phone.get_by_test_id("conversation").filter(has_text="全区代表群")).to_have_count(0)


async def test_an_administrator_looks_into_a_conversation_which_is_noted_and_says_how_long_it_is_kept(city: City, desks: Desks):
    talkers = await gathered(city, desks, "核查演练群")
    await say(talkers.phone, "三号闸有渗水")
    await expect(said(talkers.console, "三号闸有渗水")).to_be_visible()
    admin = await desks.console(city.url, "admin")

    await admin.goto(f"{city.url}/#/system/talks")
    await admin.get_by_test_id("talks-text").fill("核查演练群")
    await expect(admin.get_by_test_id("talk-row")).to_have_count(1)
    async with admin.expect_download() as kept:
        await admin.get_by_role("row", name=re.compile("核查演练群")).get_by_test_id("talk-export").click()
    assert "三号闸有渗水" in str(CalamineWorkbook.from_path(await (await kept.value).path()).get_sheet_by_index(0).to_python())
    await admin.get_by_role("row", name=re.compile("核查演练群")).get_by_test_id("talk-look").click()
    await expect(said(admin, "三号闸有渗水")).to_be_visible()
    await expect(admin.get_by_test_id("pane-reading")).to_contain_text("记入审计日志")
    await expect(admin.get_by_test_id("compose-text")).to_have_count(0)
    await admin.get_by_test_id("pane-back").click()
    await admin.get_by_test_id("retention-open").click()
    await admin.get_by_test_id("retention-committee").get_by_role("spinbutton").fill("365")
    await admin.get_by_test_id("sheet-save").click()
    await admin.locator(".confirm-yes").click()
    await told(admin, "已保存")

    assert [row["days"] for row in await city.rows("select days from talk.retention where kind = 'committee'")] == [365]
    lines = await city.rows("select distinct left(actor, 8) who from work.audit where act = 'view conversation' and outcome = 'ok'")
    assert [line["who"] for line in lines] == ["account:"]
