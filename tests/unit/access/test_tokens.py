"""Whatever was changed, however little, is refused."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.access.secret_key import secret_key
from hub.access.tokens import (
    Link,
    csrf_holds,
    csrf_token,
    file_signature_holds,
    key_from,
    make_link,
    make_state,
    read_link,
    seal,
    sign_file,
    state_holds,
    unseal,
)
from hub.kernel.errors import Broken, NotSignedIn

KEY = bytes(range(32))
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
DELIVERIES = st.none() | st.uuids()


def raw(token: str) -> bytes:
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))


def spelled(body: bytes) -> str:
    return base64.urlsafe_b64encode(body).rstrip(b"=").decode()


@given(st.uuids(), DELIVERIES)
def test_a_link_says_whom_and_what_it_was_made_for(person: UUID, delivery: UUID | None):
    token = make_link(KEY, person, delivery, AT, DAY)

    link = read_link(KEY, token, AT)

    assert link == Link(person=person, delivery=delivery, issued=AT, expires=AT + DAY)


@given(DELIVERIES, st.data())
def test_a_link_with_any_bit_flipped_is_refused(delivery: UUID | None, data: st.DataObject):
    body = bytearray(raw(make_link(KEY, uuid4(), delivery, AT, DAY)))
    bit = data.draw(st.integers(0, len(body) * 8 - 1))
    body[bit // 8] ^= 1 << bit % 8

    with pytest.raises(NotSignedIn) as refused:
        read_link(KEY, spelled(bytes(body)), AT)

    assert refused.value.code == "bad-link"


@given(DELIVERIES, st.data())
def test_a_link_has_one_spelling(delivery: UUID | None, data: st.DataObject):
    token = make_link(KEY, uuid4(), delivery, AT, DAY)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(ALPHABET.replace(token[place], "")))

    with pytest.raises(NotSignedIn):
        read_link(KEY, token[:place] + other + token[place + 1:], AT)


@given(st.text(max_size=300))
def test_what_is_no_link_is_refused(rubbish: str):
    with pytest.raises(NotSignedIn):
        read_link(KEY, rubbish, AT)


def test_a_link_ends_with_its_time_and_says_so():
    token = make_link(KEY, uuid4(), None, AT, DAY)

    with pytest.raises(NotSignedIn) as refused:
        read_link(KEY, token, AT + DAY)

    assert refused.value.code == "link-expired"


def test_a_link_is_short_enough_for_a_message():
    assert len(make_link(KEY, uuid4(), uuid4(), AT)) == 76
    assert len(make_link(KEY, uuid4(), None, AT)) == 55


def test_another_hubs_link_is_refused():
    token = make_link(bytes(32), uuid4(), None, AT)

    with pytest.raises(NotSignedIn):
        read_link(KEY, token, AT)


@given(st.uuids(), st.data())
def test_a_file_signature_opens_one_file_until_its_time(file: UUID, data: st.DataObject):
    sig = sign_file(KEY, file, AT + DAY)
    place = data.draw(st.integers(0, len(sig) - 1))
    other = data.draw(st.sampled_from(ALPHABET.replace(sig[place], "")))

    assert file_signature_holds(KEY, file, sig, AT)
    assert not file_signature_holds(KEY, uuid4(), sig, AT)
    assert not file_signature_holds(KEY, file, sig, AT + DAY)
    assert not file_signature_holds(KEY, file, sig[:place] + other + sig[place + 1:], AT)


def test_a_csrf_token_belongs_to_one_session():
    session = uuid4()

    assert csrf_holds(KEY, session, csrf_token(KEY, session))
    assert not csrf_holds(KEY, uuid4(), csrf_token(KEY, session))
    assert not csrf_holds(KEY, session, "令牌")


def test_a_wechat_sign_in_that_began_in_another_browser_is_refused():
    state = make_state(KEY, "mine", AT)

    assert state_holds(KEY, "mine", state, AT)
    assert not state_holds(KEY, "another", state, AT)
    assert not state_holds(KEY, "mine", state, AT + timedelta(minutes=11))
    assert not state_holds(KEY, "", make_state(KEY, "", AT), AT)


@given(st.text(min_size=1, max_size=64), st.data())
def test_a_sealed_secret_opens_for_its_owner_alone(secret: str, data: st.DataObject):
    owner = uuid4()
    sealed = bytearray(seal(KEY, secret, owner))

    assert unseal(KEY, bytes(sealed), owner) == secret

    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    flipped = bytes(sealed[: bit // 8]) + bytes([sealed[bit // 8] ^ 1 << bit % 8]) + bytes(sealed[bit // 8 + 1:])
    for key, body, who in ((KEY, flipped, owner), (bytes(32), bytes(sealed), owner), (KEY, bytes(sealed), uuid4())):
        with pytest.raises(Broken):
            unseal(key, body, who)


def test_the_same_wish_draws_the_same_key_and_another_wish_another():
    assert key_from(KEY, "dk_", "a") == key_from(KEY, "dk_", "a")
    assert len({key_from(KEY, "dk_", "a"), key_from(KEY, "ak_", "a"), key_from(KEY, "dk_", "b")}) == 3


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path):
    key = secret_key(tmp_path / "data")

    assert secret_key(tmp_path / "data") == key
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_damaged_key_file_stops_the_hub_with_a_sentence(tmp_path):
    (tmp_path / "secret.key").write_bytes(b"short")

    with pytest.raises(Broken) as refused:
        secret_key(tmp_path)

    assert refused.value.code == "wrong-secret-key"
