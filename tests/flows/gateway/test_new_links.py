"""A deputy whose link has expired asks for a new one, on the page of the old one and without signing in."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from dispatch.words import Channel
from hub.access.messages import RevokeLinks
from hub.access.secret_key import secret_key
from hub.access.tokens import make_link
from hub.directory.messages.commands import RemovePerson, SpoilAddress
from hub.gateway.sign_in_routes import LINK_ASKED
from hub.kernel.actor import SYSTEM
from scripts.carriers_sim.reader import link_of
from tests.flows.broadcast.stage import MORNING, Stage, person
from tests.flows.gateway.visitor import Visitor

C = Channel
SAID = {"zh": LINK_ASKED.zh, "en": LINK_ASKED.en}


def token_of(item: Any) -> str:
    return urlsplit(link_of(item)).path.rpartition("/")[2]


async def old_link(stage: Stage, name: str = "王代表", road: Channel = C.SMS) -> str:
    """Of a broadcast that came by this road and is over by now."""
    which = await stage.send(name, ladder=await stage.climbs((road, 60)), expires_at=MORNING + timedelta(hours=1))

    async def there() -> Any:
        return stage.messages(name) if road is C.SMS else stage.notices(name)

    item = (await stage.until(there))[0]
    await stage.until_outcome(which, name, "delivered")
    stage.later(days=9)

    async def closed() -> bool:
        return (await stage.card(which))["state"] == "closed"

    await stage.until(closed)
    return token_of(item)


async def ask(stage: Stage, token: str) -> None:
    """Every answer is the same, whatever comes of it."""
    async with stage.web.post(f"{stage.hub.url}/api/links/renew", json={"token": token}) as answer:
        assert (answer.status, await answer.json()) == (200, SAID)


async def come_in(stage: Stage, token: str) -> tuple[int, dict[str, Any]]:
    async with Visitor.of(stage.hub.url) as phone, phone.web.post(
            f"{stage.hub.url}/api/sign-in/link", json={"token": token}) as answer:
        return answer.status, await answer.json()


async def nothing_waits(stage: Stage) -> bool:
    return not await stage.value("select count(*) from work.jobs where kind = 'link.renew'")


async def outcomes(stage: Stage) -> list[str]:
    rows = await stage.rows("select outcome, detail ->> 'code' as code from work.audit where act = 'renew-link' order by id")
    return [row["code"] or row["outcome"] for row in rows]


async def test_the_new_link_comes_by_sms_and_opens_the_same_notice(stage: Stage) -> None:
    old = await old_link(stage)
    assert (await come_in(stage, old))[1]["code"] == "link-expired"

    await ask(stage, old)

    async def two() -> bool:
        return len(stage.messages("王代表")) == 2

    await stage.until(two)
    message = stage.messages("王代表")[0]
    status, told = await come_in(stage, token_of(message))
    assert status == 200
    assert told["delivery"] == str(await stage.value("select id from dispatch.delivery"))
    assert "7 天内有效" in message.body

    async def noted() -> bool:
        return await stage.value("select state from dispatch.renewal") == "delivered"

    async def nothing_waits() -> bool:
        return await stage.value("select count(*) from dispatch.inbox") == 0

    await stage.until(noted)
    await stage.until(nothing_waits)
    assert len(await stage.rows("select from dispatch.attempt")) == 1, "nothing of it is counted"


async def test_it_comes_by_wechat_where_the_old_one_did_and_by_sms_where_wechat_leads_nowhere(stage: Stage) -> None:
    old = await old_link(stage, "李代表", C.WECHAT)

    await ask(stage, old)

    async def noticed() -> bool:
        return len(stage.notices("李代表")) == 2 and await nothing_waits(stage)

    await stage.until(noticed)
    assert (await come_in(stage, token_of(stage.notices("李代表")[0])))[0] == 200
    assert stage.messages("李代表") == []

    await stage.ask(SpoilAddress(id=uuid4(), person=person("李代表"), channel="wechat", why="已取消关注"), SYSTEM)
    stage.later(minutes=2)
    await ask(stage, old)

    async def written() -> bool:
        return len(stage.messages("李代表")) == 1

    await stage.until(written)
    assert len(stage.notices("李代表")) == 2


async def test_three_a_day_and_none_twice_in_a_minute(stage: Stage) -> None:
    old = await old_link(stage)

    async def settled() -> bool:
        return await nothing_waits(stage)

    await asyncio.gather(*(ask(stage, old) for _ in range(3)))
    for _ in range(4):
        await stage.until(settled)
        stage.later(minutes=5)
        await ask(stage, old)

    await stage.until(settled)
    assert len(stage.messages("王代表")) == 1 + 3
    assert await outcomes(stage) == ["ok", "too-soon", "too-soon", "ok", "ok", "too-many", "too-many"]

    stage.later(days=1)
    await ask(stage, old)

    async def again() -> bool:
        return len(stage.messages("王代表")) == 1 + 4

    await stage.until(again)


async def test_who_may_have_none_hears_the_same_and_gets_nothing(stage: Stage) -> None:
    key, at = secret_key(stage.hub.settings.data), stage.clock.at
    zhao, li = person("赵代表"), person("李代表")
    lost, gone = make_link(key, li, None, at), make_link(key, zhao, None, at)
    ancient = make_link(key, person("王代表"), None, at - timedelta(days=400))
    stage.later(days=40)
    await stage.ask(RevokeLinks(id=uuid4(), person=li), SYSTEM)
    await stage.ask(RemovePerson(id=uuid4(), person=zhao), SYSTEM)

    for token in ("x", lost[:-2] + ("AA" if lost[-2:] != "AA" else "BB"), lost, gone, ancient, make_link(key, uuid4(), None, at)):
        await ask(stage, token)

    assert await outcomes(stage) == ["bad-link", "bad-link", "link-taken-back", "no-such-person", "link-too-old", "no-such-person"]
    assert await nothing_waits(stage)
    assert stage.messages("李代表") == []


@pytest.mark.parametrize("stage", [1.5], indirect=True)
async def test_a_lost_answer_of_the_vendor_is_no_second_message(stage: Stage) -> None:
    old = await old_link(stage)
    await stage.strike(C.SMS, outage="swallow")
    await ask(stage, old)

    async def taken() -> bool:
        return len(stage.messages("王代表")) == 2

    await stage.until(taken)
    await stage.strike(C.SMS, outage="")

    async def settled() -> bool:
        return await nothing_waits(stage)

    await stage.passing(settled)
    assert len(stage.messages("王代表")) == 2
    assert (await come_in(stage, token_of(stage.messages("王代表")[0])))[0] == 200


async def test_one_network_may_not_ask_for_everybody(stage: Stage) -> None:
    key = secret_key(stage.hub.settings.data)
    for _ in range(70):
        await ask(stage, make_link(key, uuid4(), None, stage.clock.at))

    noted = await outcomes(stage)
    assert (noted.count("no-such-person"), noted.count("too-many")) == (60, 1)


async def test_a_body_that_is_no_wish_is_refused_as_everywhere(stage: Stage) -> None:
    async with stage.web.post(f"{stage.hub.url}/api/links/renew", json={"token": ""}) as answer:
        assert answer.status == 400
    async with stage.web.post(f"{stage.hub.url}/api/links/renew", json={"token": "x"}, headers={"Origin": "https://elsewhere.example"}) as answer:
        assert answer.status == 403
