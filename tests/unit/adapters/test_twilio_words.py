"""The vendor's words become ours, sample by sample."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from multidict import MultiDict
from twilio.base.version import Version
from twilio.http.response import Response
from twilio.request_validator import RequestValidator

from adapters.twilio.line import Line
from adapters.twilio.settings import TwilioSettings
from adapters.twilio.sms import TwilioSms
from adapters.twilio.tables import ANSWERED_BY, CALL, ERROR, MESSAGE, meaning_of
from adapters.twilio.voice import TwilioVoice
from dispatch.ports import HookAnswer, HookRequest, ReplyOption, Script
from dispatch.words import RANK, State, Why
from scripts.carriers_sim.signing import twilio_signature

SAMPLES = Path("adapters/twilio/samples")
ATTEMPT = UUID("00000000-0000-7000-8000-000000000001")
TOKEN = "12345"
OPTIONS = (ReplyOption(code="received", label="收到", key="1"),)
SETTINGS = TwilioSettings(
    account_sid="AC" + "5" * 32, auth_token=TOKEN, public_url="https://hub.example.cn",
    from_number="+867551000000",
)  # fmt: skip

MESSAGES = [
    ("message_sent", State.SENT, Why.NONE, False, False),
    ("message_delivered", State.DELIVERED, Why.NONE, False, False),
    ("message_undelivered_30005", State.UNDELIVERED, Why.WRONG_ADDRESS, True, False),
    ("message_failed_30036", State.EXPIRED, Why.EXPIRED, False, False),
]
CALLS = [
    ("call_ringing", State.SENT, Why.NONE, False, False),
    ("call_answered", State.SENT, Why.NONE, False, False),
    ("call_completed_human", State.DELIVERED, Why.NONE, False, False),
    ("call_completed", State.DELIVERED_MACHINE, Why.NONE, False, False),
    ("call_busy", State.FAILED, Why.BUSY, False, True),
    ("call_no_answer", State.FAILED, Why.NO_ANSWER, False, True),
    ("call_failed_404", State.FAILED, Why.WRONG_ADDRESS, True, False),
    ("amd_machine", State.DELIVERED_MACHINE, Why.NONE, False, False),
]


async def script_of(_attempt: UUID) -> Script:
    return Script(title="防汛通知", text="请到岗", audio="", options=OPTIONS)


def signed(path: str, body: bytes, token: str = TOKEN) -> HookRequest:
    url = f"https://hub.example.cn/hooks/twilio/{path}/{ATTEMPT}"
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return HookRequest(
        method="POST",
        url=url,
        tail=str(ATTEMPT),
        query={},
        headers={"x-twilio-signature": twilio_signature(token, url, fields)},
        body=body,
    )


@pytest.mark.parametrize(("name", "state", "why", "spoil", "retry"), MESSAGES)
async def test_each_message_callback_tells_one_state(
    name: str, state: State, why: Why, spoil: bool, retry: bool
) -> None:
    body = (SAMPLES / f"{name}.form").read_bytes()

    answer = await TwilioSms(SETTINGS).on_message(signed("message", body))

    (seen,) = answer.sightings
    assert (seen.attempt, seen.provider_id) == (ATTEMPT, "SM" + "1" * 32)
    assert (seen.state, seen.why, seen.spoil, seen.retry) == (state, why, spoil, retry)


@pytest.mark.parametrize(("name", "state", "why", "spoil", "retry"), CALLS)
async def test_each_call_callback_tells_one_state(
    name: str, state: State, why: Why, spoil: bool, retry: bool
) -> None:
    body = (SAMPLES / f"{name}.form").read_bytes()

    answer = await TwilioVoice(SETTINGS, script_of).on_call(signed("call", body))

    (seen,) = answer.sightings
    assert (seen.attempt, seen.provider_id) == (ATTEMPT, "CA" + "2" * 32)
    assert (seen.state, seen.why, seen.spoil, seen.retry) == (state, why, spoil, retry)


async def test_a_pressed_key_is_the_answer() -> None:
    body = (SAMPLES / "keys_1.form").read_bytes()

    answer = await TwilioVoice(SETTINGS, script_of).on_keys(signed("keys", body))

    (seen,) = answer.sightings
    assert (seen.state, seen.reply, seen.attempt) == (State.CONFIRMED, "received", ATTEMPT)
    assert "<Hangup" in answer.body
    assert answer.content_type.startswith("text/xml")


async def test_the_same_callback_twice_has_the_same_key() -> None:
    body = (SAMPLES / "message_delivered.form").read_bytes()
    road = TwilioSms(SETTINGS)

    once, again = [await road.on_message(signed("message", body)) for _ in range(2)]

    assert once == again


async def test_a_status_nobody_knows_is_taken_and_tells_nothing() -> None:
    body = b"MessageSid=SM1&MessageStatus=teleported&SomethingNew=1"

    assert await TwilioSms(SETTINGS).on_message(signed("message", body)) == HookAnswer()


@pytest.mark.parametrize("body", [b"MessageSid=SM1&" + b"a=1&" * 300, b"x" * 70_000, b"\xff\xfe="])
async def test_a_form_out_of_measure_is_refused(body: bytes) -> None:
    request = HookRequest(
        method="POST", url="https://hub.example.cn/x", tail="", query={}, headers={}, body=body
    )

    answer = await TwilioSms(SETTINGS).on_message(request)

    assert (answer.status, answer.sightings) == (400, ())


async def test_a_call_signed_with_another_token_is_refused() -> None:
    body = (SAMPLES / "message_delivered.form").read_bytes()

    answer = await TwilioSms(SETTINGS).on_message(signed("message", body, token="54321"))

    assert (answer.status, answer.sightings) == (403, ())


VECTOR_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
VECTOR = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}


def test_the_simulator_signs_as_the_published_vector_says() -> None:
    assert twilio_signature(TOKEN, VECTOR_URL, VECTOR) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert RequestValidator(TOKEN).validate(VECTOR_URL, VECTOR, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")


def vector_request(signature: str, settings: str = "") -> HookRequest:
    body = b"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
    headers = {"x-twilio-signature": signature, "x-twilio-webhooks-signature-settings": settings}
    return HookRequest(method="POST", url=VECTOR_URL, tail="", query={}, headers=headers, body=body)


def test_both_published_signatures_are_believed() -> None:
    shared = TwilioSettings(account_sid="AC1", auth_token=TOKEN, public_url="https://h", shared_key=TOKEN)
    line = Line(shared)
    with_sha256 = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"

    assert line.read(vector_request("RSOYDt4T1cUTdK1PDd93/VVr8B8=")) == MultiDict(VECTOR)
    assert line.read(
        vector_request("033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s=", with_sha256)
    ) == MultiDict(VECTOR)


def test_a_shared_key_signature_without_a_shared_key_is_refused() -> None:
    told = Line(SETTINGS).read(
        vector_request("033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s=", "key=k,algorithm=HMAC_SHA256")
    )

    assert isinstance(told, HookAnswer)
    assert told.status == 403


@pytest.mark.parametrize(
    ("sample", "why", "spoil"),
    [("error_21211", Why.WRONG_ADDRESS, True), ("error_20429", Why.RATE, False), ("error_rfc9457", Why.RATE, False)],
)
def test_both_shapes_of_an_error_are_understood(sample: str, why: Why, spoil: bool) -> None:
    text = (SAMPLES / f"{sample}.json").read_text()
    status = json.loads(text)["status"]

    error = Version.exception("POST", "/Messages.json", Response(status, text), "refused")

    meaning = meaning_of(error.code, error.status)
    assert (meaning.why, meaning.spoil) == (why, spoil)


def test_an_unknown_code_is_judged_by_its_status() -> None:
    assert meaning_of(99999, 429).retry is not None
    assert meaning_of(99999, 401).halt
    assert meaning_of(99999, 400).retry is None


def test_no_entry_contradicts_itself() -> None:
    """A bad address is not worth another try, a broken road is; every word has a rank."""
    assert all(entry.retry is None for entry in ERROR.values() if entry.spoil)
    assert all(entry.retry is not None for entry in ERROR.values() if entry.halt)
    assert all(entry.why is not Why.NONE for entry in ERROR.values())
    assert {*MESSAGE.values(), *CALL.values(), *ANSWERED_BY.values()} <= set(RANK)
