"""Tokens, sign-in and the comings and goings of followers, against the simulator."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from adapters.wechat.carrier import WechatTemplate
from adapters.wechat.oauth import WechatSignIn
from adapters.wechat.push import Following
from dispatch.words import Channel, State
from hub.kernel.clock import SystemClock
from hub.kernel.errors import Refused
from tests.contract.carriers.stage import Stage, staged


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged(Channel.WECHAT) as one:
        yield one


def carrier_in(stage: Stage) -> WechatTemplate:
    assert isinstance(stage.carrier, WechatTemplate)
    return stage.carrier


async def tokens(stage: Stage) -> int:
    async with stage.web.get(f"{stage.simulator}/control/stats") as answer:
        told: dict[str, int] = await answer.json()
    return told.get("tokens", 0)


async def test_one_token_serves_everybody(stage: Stage) -> None:
    taken = await asyncio.gather(*(stage.carrier.submit(stage.notice()) for _ in range(20)))

    assert {said.state for said in taken} == {State.ACCEPTED}
    assert await tokens(stage) == 1


async def test_a_token_that_stopped_being_good_is_renewed_once(stage: Stage) -> None:
    await stage.carrier.submit(stage.notice())
    await stage.post("expire-tokens", {})

    taken = await asyncio.gather(*(stage.carrier.submit(stage.notice()) for _ in range(20)))

    assert {said.state for said in taken} == {State.ACCEPTED}
    assert await tokens(stage) == 2


async def test_a_deputy_signs_in_with_wechat_and_the_code_is_good_once(stage: Stage) -> None:
    signer = WechatSignIn(carrier_in(stage)._settings, SystemClock())
    address = signer.authorise_url("https://hub.example.cn/bind?x=1", "state-1")
    chosen = address.replace("#", "&openid=oDeputyOpenId000009#")

    async with stage.web.get(chosen, allow_redirects=False) as answer:
        back = urlsplit(answer.headers["Location"])
    query = parse_qs(back.query)

    assert (back.netloc, query["state"], query["x"]) == ("hub.example.cn", ["state-1"], ["1"])
    assert await signer.openid(query["code"][0]) == "oDeputyOpenId000009"
    with pytest.raises(Refused, match="expired"):
        await signer.openid(query["code"][0])
    with pytest.raises(Refused):
        await signer.openid("")
    await signer.close()


async def test_a_follower_who_leaves_is_told(stage: Stage) -> None:
    told: list[Following] = []

    async def note(following: Following) -> None:
        told.append(following)

    other = WechatTemplate(carrier_in(stage)._settings, SystemClock(), note)
    stage.door.open(other.hooks)

    await stage.post("follow", {"openid": "oDeputyOpenId000001", "follows": False})
    await stage.door.until(lambda: bool(told))

    assert (told[0].openid, told[0].follows) == ("oDeputyOpenId000001", False)


async def test_plain_mode_works_as_well() -> None:
    async with staged(Channel.WECHAT) as safe:
        plain = msgspec.structs.replace(carrier_in(safe)._settings, aes_key="")
        reader = WechatTemplate(plain, SystemClock())
        safe.door.open(reader.hooks)
        notice = safe.notice()
        await safe.carrier.submit(notice)
        await safe.door.until(lambda: bool(safe.door.answers))

        assert safe.door.seen == {}
