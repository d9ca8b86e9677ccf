"""WeChat's words become ours; only what WeChat signed is believed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from wechatpy.crypto import WeChatCrypto

from adapters.wechat.carrier import WechatTemplate
from adapters.wechat.push import Following, event_of, signature_of
from adapters.wechat.settings import WechatSettings
from adapters.wechat.tables import ERROR, finish_of, meaning_of
from adapters.wechat.wording import LONGEST_FIELD, clip, message_of
from dispatch.ports import HookRequest, Sighting
from dispatch.words import Channel, State, Why
from hub.kernel.clock import SetClock
from scripts.carriers_sim.signing import sealed, wechat_signature
from tests.unit.adapters.notices import notice

SAMPLES = Path("adapters/wechat/samples")
OPENID = "oia2TjuEGTNoeX76QEjQNrcURxG8"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
STAMP = str(int(AT.timestamp()))
PLAIN = WechatSettings(
    app_id="wx1", app_secret="s", token="spamtest", template_id="T", public_url="https://h"
)
SAFE = WechatSettings(
    app_id="wx1", app_secret="s", token="spamtest", template_id="T", public_url="https://h",
    aes_key=AES_KEY,
)  # fmt: skip


def sample(name: str) -> str:
    return (SAMPLES / name).read_text()


def pushed(body: str, method: str = "POST", **query: str) -> HookRequest:
    told = {"timestamp": STAMP, "nonce": "n1", "signature": wechat_signature("spamtest", STAMP, "n1")}
    return HookRequest(
        method=method, url="https://h/hooks/wechat", tail="", query=told | query, headers={},
        body=body.encode(),
    )  # fmt: skip


def locked(xml: str, key: str = AES_KEY, app_id: str = "wx1") -> HookRequest:
    secret = sealed(key, app_id, xml, b"0123456789abcdef")
    proof = wechat_signature("spamtest", STAMP, "n1", secret)
    body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt>{secret}</Encrypt></xml>"
    return pushed(body, encrypt_type="aes", msg_signature=proof)


@pytest.mark.parametrize(
    ("name", "state", "why", "spoil", "retry"),
    [
        ("finish_success.xml", State.DELIVERED, Why.NONE, False, False),
        ("finish_user_block.xml", State.FAILED, Why.BLOCKED, True, False),
        ("finish_system_failed.xml", State.FAILED, Why.VENDOR, False, True),
    ],
)
@pytest.mark.parametrize("settings", [PLAIN, SAFE], ids=["plain", "safe"])
async def test_the_end_of_a_template_message_tells_its_state(
    settings: WechatSettings, name: str, state: State, why: Why, spoil: bool, retry: bool
) -> None:
    request = locked(sample(name)) if settings.aes_key else pushed(sample(name))

    answer = await WechatTemplate(settings, SetClock(AT)).on_push(request)

    (seen,) = answer.sightings
    assert (answer.status, answer.body) == (200, "success")
    assert (seen.channel, seen.attempt) == (Channel.WECHAT, None)
    assert seen.provider_id.startswith("2001638")
    assert (seen.state, seen.why, seen.spoil, seen.retry) == (state, why, spoil, retry)


@pytest.mark.parametrize("told", ["failed:user block", "failed: user block", "Failed:User Block"])
def test_every_spelling_of_a_block_is_a_block(told: str) -> None:
    assert finish_of(told)[1].why is Why.BLOCKED


def test_who_comes_and_who_goes() -> None:
    assert event_of(sample("subscribe.xml")) == Following(
        OPENID, True, datetime.fromtimestamp(1395658920, UTC)
    )
    assert event_of(sample("unsubscribe.xml")) == Following(
        OPENID, False, datetime.fromtimestamp(1395658999, UTC)
    )


async def test_one_who_leaves_is_told_to_the_hub() -> None:
    told: list[Following] = []

    async def note(following: Following) -> None:
        told.append(following)

    await WechatTemplate(PLAIN, SetClock(AT), note).on_push(pushed(sample("unsubscribe.xml")))

    assert [(one.openid, one.follows) for one in told] == [(OPENID, False)]


async def test_a_persons_words_are_taken_and_tell_nothing() -> None:
    answer = await WechatTemplate(PLAIN, SetClock(AT)).on_push(pushed(sample("text_message.xml")))

    assert (answer.status, answer.body, answer.sightings) == (200, "success", ())


def test_the_same_event_twice_has_the_same_key() -> None:
    once, again = (event_of(sample("finish_success.xml")) for _ in range(2))

    assert isinstance(once, Sighting)
    assert once == again


async def test_the_vendors_question_is_answered_with_its_own_word() -> None:
    road = WechatTemplate(SAFE, SetClock(AT))

    answer = await road.on_push(pushed("", "GET", echostr="5837397576500011341"))

    assert (answer.status, answer.body) == (200, "5837397576500011341")


FORGERIES = {
    "a wrong signature": pushed(sample("finish_success.xml"), signature="0" * 40),
    "no signature": pushed(sample("finish_success.xml"), signature=""),
    "a time that is no number": pushed(sample("finish_success.xml"), timestamp="²²"),
    "plain where safe is agreed": pushed(sample("finish_success.xml")),
    "another key": locked(sample("finish_success.xml"), key="z" + AES_KEY[1:]),
    "another account": locked(sample("finish_success.xml"), app_id="wx2"),
    "rubbish inside": pushed("<xml><Encrypt>AAAA</Encrypt></xml>", msg_signature="0"),
    "no xml": pushed("\x00\x01"),
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forgery_is_refused(name: str) -> None:
    answer = await WechatTemplate(SAFE, SetClock(AT)).on_push(FORGERIES[name])

    assert (answer.status, answer.sightings) == (403, ())


async def test_an_old_signature_is_worth_nothing() -> None:
    road = WechatTemplate(PLAIN, SetClock(AT + timedelta(minutes=11)))

    answer = await road.on_push(pushed(sample("finish_success.xml")))

    assert answer.status == 403


@pytest.mark.parametrize("body", ["", "<xml/>", "<a><b/></a>", "<xml><MsgType>event</MsgType></xml>"])
async def test_what_is_no_event_is_refused_or_ignored(body: str) -> None:
    answer = await WechatTemplate(PLAIN, SetClock(AT)).on_push(pushed(body))

    assert (answer.status in {200, 400}, answer.sightings) == (True, ())


def test_the_simulator_seals_what_the_library_opens() -> None:
    secret = sealed(AES_KEY, "wx1", "<xml>通知</xml>", b"0123456789abcdef")
    proof = wechat_signature("spamtest", STAMP, "n1", secret)

    opened = WeChatCrypto("spamtest", AES_KEY, "wx1").decrypt_message(
        {"Encrypt": secret}, proof, STAMP, "n1"
    )

    assert opened == "<xml>通知</xml>"


def test_both_sides_sign_alike() -> None:
    """sha1 of the sorted parts, as the vendor's page describes it."""
    told = "bcb31d5e18a8cc0a8a4c0ae5a3d0a1b2"
    assert signature_of("spamtest", STAMP, "n1", told) == wechat_signature("spamtest", STAMP, "n1", told)


@given(some.text(max_size=100))
def test_a_field_is_one_line_of_twenty_at_most(words: str) -> None:
    clipped = clip(words)

    assert len(clipped) <= LONGEST_FIELD
    assert len(clipped.splitlines()) <= 1
    assert clipped == clip(clipped)


def test_a_notice_in_the_fields_of_the_template() -> None:
    out = notice(title="防汛通知", text="请各联络站立即到岗，检查排涝设备并回报情况。", link="https://h/d/1")

    assert message_of(out, "T", PLAIN.fields) == {
        "touser": "+8613800000001",
        "template_id": "T",
        "url": "https://h/d/1",
        "client_msg_id": "00000000000000000000000000000001",
        "data": {
            "thing1": {"value": "防汛通知"},
            "thing2": {"value": "请各联络站立即到岗，检查排涝设备并回报…"},
            "time3": {"value": "2026年11月21日 20:00"},
        },
    }


def test_a_refusal_for_a_stranger_spoils_the_address() -> None:
    told = json.loads(sample("error_43004.json"))

    assert meaning_of(told["errcode"]).spoil


def test_no_entry_contradicts_itself() -> None:
    assert all(entry.retry is None for entry in ERROR.values() if entry.spoil)
    assert all(entry.retry is not None for entry in ERROR.values() if entry.halt)
    assert meaning_of(-1).retry is not None
    assert meaning_of(123456).retry is None
