from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pyotp
import pytest

from hub.access.allowance import Allowance, network_of
from hub.access.entries import Entries, Entry
from hub.access.messages import ConfirmTotp
from hub.access.model import (
    Account,
    actor_of_account,
    locked,
    owes,
    require_good_password,
    require_no_more_rights,
    totp_offer,
    totp_step,
)
from hub.desk import subject_of
from hub.kernel.actor import Actor, Permission, Role
from hub.kernel.errors import Forbidden, Refused

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def account(**changes) -> Account:
    plain: dict[str, Any] = {
        "id": uuid4(), "login": "wang", "name": "王", "person": None, "password_hash": "", "password_set_at": AT,
        "totp_secret": None, "totp_offered": None, "totp_step": 0, "totp_required": False,
        "roles": (Role.VIEWER,), "scopes": ("city",), "disabled": False, "last_command": None,
    }
    return Account(**(plain | changes))


@pytest.mark.parametrize("password", ["short", "wangwei", "wangwei12", "WangWei123", "1234567890", "Password123", "aaaaaaaaaabb"])
def test_a_weak_password_is_refused_with_a_sentence(password: str):
    with pytest.raises(Refused) as refused:
        require_good_password(password, "wangwei")

    assert (refused.value.code, refused.value.field) == ("weak-password", "password")


@pytest.mark.parametrize("password", ["Liaison-Hub-2026", "春眠不觉晓处处闻啼鸟", "wangwei likes long walks"])
def test_a_good_password_passes(password: str):
    require_good_password(password, "wangwei")


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_a_code_counts_one_step_either_side(seconds: int):
    code = pyotp.TOTP(SECRET).at(AT + timedelta(seconds=seconds))

    assert totp_step(SECRET, code, AT, 0) == int(AT.timestamp()) // 30 + seconds // 30


@pytest.mark.parametrize("seconds", [-60, 60])
def test_a_code_two_steps_away_is_refused(seconds: int):
    assert totp_step(SECRET, pyotp.TOTP(SECRET).at(AT + timedelta(seconds=seconds)), AT, 0) is None


def test_a_code_counts_once_and_no_earlier_one_after_it():
    step = int(AT.timestamp()) // 30
    now, before = pyotp.TOTP(SECRET).at(AT), pyotp.TOTP(SECRET).at(AT - timedelta(seconds=30))

    assert totp_step(SECRET, now, AT, step) is None
    assert totp_step(SECRET, before, AT, step) is None


def test_the_offer_holds_what_an_authenticator_reads():
    offer = totp_offer(SECRET, "wang")

    assert pyotp.parse_uri(offer.uri).secret == SECRET
    assert offer.svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"'), "an image by itself"


def test_a_typed_code_does_not_get_into_the_name_of_an_audit_line():
    wish = msgspec.json.decode(f'{{"id": "{uuid4()}", "code": "135790"}}', type=ConfirmTotp)

    assert wish.given == "135790"
    assert "135790" not in subject_of(wish)


def test_an_operator_without_second_factor_may_only_see_to_himself():
    operator = account(roles=(Role.OPERATOR,))

    actor = actor_of_account(operator, totp=True)

    assert owes(operator, totp=True) == ("totp",)
    assert [permission for permission in Permission if actor.may(permission)] == [Permission.SELF]
    assert not actor.covers(("city",))


def test_a_first_password_must_be_changed_before_anything_else():
    assert owes(account(password_set_at=None), totp=True) == ("password",)


def test_the_demo_asks_for_no_second_factor():
    assert owes(account(roles=(Role.OPERATOR,)), totp=False) == ()


def test_an_account_bound_to_a_person_acts_for_that_person_too():
    person = uuid4()

    assert actor_of_account(account(person=person), totp=True).scopes == ("city", f"person:{person}")


def test_nobody_grants_what_he_may_not_do():
    operator = Actor(id="account:1", name="", roles=(Role.OPERATOR,), scopes=("city",))

    require_no_more_rights(operator, (Role.VIEWER, Role.OPERATOR))
    with pytest.raises(Forbidden) as refused:
        require_no_more_rights(operator, (Role.APPROVER,))

    assert refused.value.code == "beyond-own-rights"


def test_a_lock_says_how_long():
    assert "15" in locked(AT + timedelta(minutes=15), AT).zh
    assert "1 " in locked(AT + timedelta(seconds=3), AT).en


def test_an_address_has_so_many_tries_in_a_while():
    allowance = Allowance(2, timedelta(minutes=10))

    assert [allowance.take("a", AT) for _ in range(3)] == [True, True, False]
    assert allowance.take("b", AT)
    assert allowance.take("a", AT + timedelta(minutes=10))


def test_a_try_given_back_was_none():
    allowance = Allowance(1, timedelta(minutes=10))
    allowance.take("a", AT)

    allowance.give_back("a")

    assert allowance.take("a", AT)


def entry(credential: str, expires: datetime | None = None) -> Entry:
    return Entry(actor=Actor(id="", name="", roles=(), scopes=()), credential=credential, expires=expires)


def test_who_came_in_is_remembered_for_ten_seconds_but_not_beyond_his_time():
    entries = Entries()
    entries.remember(b"a", entry("session:1"), AT, entries.changes)
    entries.remember(b"b", entry("session:2", AT + timedelta(seconds=5)), AT, entries.changes)

    assert entries.recall(b"a", AT + timedelta(seconds=9)) == entry("session:1")
    assert entries.recall(b"a", AT + timedelta(seconds=10)) is None
    assert entries.recall(b"b", AT + timedelta(seconds=5)) is None


async def test_who_was_revoked_while_he_came_in_is_not_remembered():
    entries = Entries()
    before = entries.changes

    await entries.end({"session:1"})
    entries.remember(b"a", entry("session:1"), AT, before)

    assert entries.recall(b"a", AT) is None


@pytest.mark.parametrize(("address", "network"), [
    ("10.0.0.1", "10.0.0.1"),
    ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002::/64"),
    ("::ffff:10.0.0.1", "10.0.0.1"),
    ("fe80::1%eth0", "fe80:0000:0000:0000::/64"),
    ("", ""),
])
def test_one_ipv6_neighbour_does_not_get_more_tries_than_another(address: str, network: str):
    assert network_of(address) == network
