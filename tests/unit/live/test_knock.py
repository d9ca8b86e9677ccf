"""The request that asks for a live connection."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.gateway.live.knock import BadKnock, http_refusal, is_for_us, read_knock

GOOD = {"Host": "hub:8070", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Cookie": "hub_session=abc; other=1"}


def request(path: str = "/socket.io/?EIO=4&transport=websocket", **changes: str | None) -> bytes:
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    headers = {name: value for name, value in (GOOD | named).items() if value is not None}
    return "\r\n".join([f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]).encode()


def test_a_good_knock_is_answered_with_its_key():
    knock, answer = read_knock(request())

    assert knock.host == "hub:8070"
    assert knock.cookies == {"hub_session": "abc", "other": "1"}
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in answer


@pytest.mark.parametrize(("changes", "status"), [
    ({"path": "/socket.io/?EIO=3&transport=websocket"}, 400),
    ({"path": "/socket.io/?EIO=4&transport=polling"}, 400),
    ({"Upgrade": None}, 400),
    ({"Sec_WebSocket_Version": "8"}, 426),
    ({"Sec_WebSocket_Key": None}, 400),
])
def test_another_protocol_is_turned_away_in_words(changes, status):
    with pytest.raises(BadKnock) as refused:
        read_knock(request(**changes))

    assert refused.value.status == status
    assert http_refusal(refused.value).startswith(f"HTTP/1.1 {status} ".encode())


@given(st.binary(max_size=400))
def test_rubbish_is_turned_away(head):
    with pytest.raises(BadKnock):
        read_knock(head)


@pytest.mark.parametrize(("received", "ours"), [
    (b"GET /socket.io/?", True), (b"GET /sock", None), (b"G", None), (b"GET /api/me", False), (b"POST /socket.io/", False),
])
def test_the_first_bytes_tell_whom_it_is_for(received, ours):
    assert is_for_us(received) is ours
