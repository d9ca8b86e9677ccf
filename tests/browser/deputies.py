"""A deputy who answers by hand, for who wants to see what happens until then."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.composer import Composer, pick
from tests.browser.stage import City

DEPUTY = """select id, name, phone, openid from directory.person
             where kind = 'deputy' and phone <> '' and openid <> ''
               and name not in (select name from directory.person group by name having count(*) > 1)
             order by code desc limit 1"""


async def invited(city: City, page: Page, attach: Path | None = None) -> tuple[dict[str, Any], str]:
    """A deputy who answers by hand, and the link that came to his WeChat."""
    deputy = dict((await city.rows(DEPUTY))[0])
    await city.habit(deputy["openid"], wechat="by_hand")
    await city.habit(deputy["phone"], text="by_hand", phone="by_hand")
    composer = await Composer(page).open()
    await composer.write("常委会会议通知", "请{name}周五上午九点到会。")
    if attach:
        await composer.attach(attach)
    await pick(page, "composer-options", "参加 / 请假")
    await composer.next()
    await composer.to_person(deputy["name"])
    await page.get_by_test_id("priority-emergency").click()
    assert await composer.total() == 1
    await composer.next()
    await composer.send()
    await page.get_by_role("tab", name="名单").click()
    await expect(page.get_by_role("row", name=re.compile(f"{deputy['name']}.*已送达 微信"))).to_be_visible()
    return deputy, (await city.messages(deputy["openid"]))[0]["link"]
