"""Simulated people open their link and answer through the hub's page, always in the same way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from adapters.twilio.sms import TwilioSms
from dispatch.messages.commands import ReceiptState
from dispatch.words import Channel
from scripts.carriers_sim.app import running
from scripts.carriers_sim.settings import Options
from tests.contract.carriers.stage import CALM, carrier_of
from tests.flows.carriers.page import DELIVERY, Page, open_page
from tests.unit.adapters.notices import notice


@asynccontextmanager
async def city(page: Page, **mix: Any) -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    options = Options(hub=page.url, port=0, speed=50.0)
    async with aiohttp.ClientSession() as web, running(options) as (_world, port):
        address = f"http://127.0.0.1:{port}"
        async with web.put(f"{address}/control/knobs", json={**CALM, "mix": mix}) as answer:
            assert answer.status == 200
        yield address, web


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with open_page() as one:
        yield one


@pytest.mark.parametrize(
    ("habit", "told"),
    [
        ("read", [(ReceiptState.READ, "", "")]),
        ("confirm", [(ReceiptState.READ, "", ""), (ReceiptState.CONFIRMED, "received", "")]),
        ("leave", [(ReceiptState.READ, "", ""), (ReceiptState.CONFIRMED, "leave", "临时有会，请假")]),
    ],
)
async def test_a_person_answers_a_text_message(page: Page, habit: str, told: list[Any]) -> None:
    async with city(page, text={habit: 1}) as (simulator, _web):
        road = carrier_of(Channel.SMS, simulator, page.url)
        await road.submit(notice(link=f"{page.url}/d/secret-of-one?via=sms"))
        await page.until(lambda: len(page.receipts) >= len(told))
        await road.close()

    assert page.asked == ["secret-of-one"]
    assert [(one.state, one.reply, one.reason) for one in page.receipts] == told
    assert {(str(one.delivery), one.via) for one in page.receipts} == {(DELIVERY, Channel.SMS)}


async def test_a_wechat_message_is_opened_from_the_control_as_well(page: Page) -> None:
    async with city(page, wechat={"ignore": 1}) as (simulator, web):
        road = carrier_of(Channel.WECHAT, simulator, page.url)
        taken = await road.submit(
            notice(channel=Channel.WECHAT, address="oDeputy000001", link=f"{page.url}/d/t1")
        )
        told = {"message": taken.provider_id, "answer": "confirm"}
        async with web.post(f"{simulator}/control/click", json=told) as answer:
            row = await answer.json()
        await road.close()

    assert row["opened"] == "已答复 received"
    assert page.receipts[-1].state is ReceiptState.CONFIRMED


async def test_an_expired_link_is_seen_on_the_page_of_phones(page: Page) -> None:
    async with city(page, text={"confirm": 1}) as (simulator, web):
        road = carrier_of(Channel.SMS, simulator, page.url)
        await road.submit(notice(link=f"{page.url}/d/expired"))
        await page.until(lambda: page.asked == ["expired"])
        async with web.get(f"{simulator}/control/phones?q=%2B86") as answer:
            phones = await answer.json()
        await road.close()

    (person,) = phones["people"]
    assert person["address"] == "+8613800000001"
    assert page.receipts == []


async def test_the_same_seed_gives_the_same_people_and_the_same_ids(page: Page) -> None:
    async def once() -> list[tuple[str, dict[str, str]]]:
        async with city(page) as (simulator, web):
            road = carrier_of(Channel.SMS, simulator, page.url)
            for number in range(10):
                await road.submit(notice(address=f"+861380000{number:04}", link=""))
            async with web.get(f"{simulator}/control/phones") as answer:
                phones = await answer.json()
            await road.close()
        people = [(one["items"][0]["id"], one["habits"]) for one in phones["people"] if one["items"]]
        return sorted(people, key=lambda pair: pair[0])

    assert await once() == await once()


@pytest.mark.parametrize(
    "wish",
    ['{"loss": 2}', '{"los": 0.1}', '{"sms": {"outage": "meteor"}}', '{"delay": [1]}', "[]", "x"],
)
async def test_a_wrong_knob_is_refused_and_changes_nothing(page: Page, wish: str) -> None:
    async with city(page) as (simulator, web):
        async with web.get(f"{simulator}/control/knobs") as answer:
            before = await answer.json()
        async with web.put(f"{simulator}/control/knobs", data=wish) as answer:
            status, told = answer.status, await answer.json()
        async with web.get(f"{simulator}/control/knobs") as answer:
            after = await answer.json()

    assert status == 422
    assert told["title"] == "旋钮的名称或数值不对，没有改动。"
    assert before == after


async def test_the_page_of_phones_is_served_and_messages_can_be_cleared(page: Page) -> None:
    async with city(page, text={"ignore": 1}) as (simulator, web):
        road = carrier_of(Channel.SMS, simulator, page.url)
        assert isinstance(road, TwilioSms)
        await road.submit(notice())
        async with web.get(f"{simulator}/") as answer:
            text = await answer.text()
        async with web.delete(f"{simulator}/control/messages") as answer:
            status = answer.status
        async with web.get(f"{simulator}/control/messages") as answer:
            left = await answer.json()
        await road.close()

    assert '<html lang="zh-CN">' in text
    assert (status, left) == (204, {"messages": [], "total": 0})
