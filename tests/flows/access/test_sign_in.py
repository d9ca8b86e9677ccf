from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pyotp
import pytest

from hub.access.messages import (
    ChangeOwnPassword,
    ConfirmTotp,
    DisableAccount,
    EnrolTotp,
    RemoveTotp,
    RevokeSession,
    SetPassword,
)
from hub.access.sign_in import FAILURES, SignIn
from hub.access.work import Access
from hub.kernel.actor import Actor, Permission, Role
from hub.kernel.errors import HubError, NotFound, Refused
from tests.flows.access.conftest import AT, PASSWORD, Room


async def refusal_of(room: Room, login: str, password: str = PASSWORD, code: str | None = None) -> HubError:
    with pytest.raises(HubError) as refused:
        await room.come(login, password, code)
    return refused.value


async def test_the_right_password_gives_a_session_that_says_who_one_is(room: Room):
    wang = await room.account("Wang", Role.OPERATOR, "district:3")

    token = await room.come(" WANG ")

    actor, _ = await room.who(token)
    assert (actor.id, actor.roles, actor.scopes) == (wang.id, (Role.OPERATOR,), ("district:3",))
    assert [line.outcome for line in await room.log("sign-in")] == ["ok"]


async def test_an_unknown_login_and_a_wrong_password_cannot_be_told_apart(room: Room):
    await room.account("wang")

    answers = {}
    for login in ("wang", "nobody"):
        answers[login] = [
            (type(error), error.status, error.code, error.zh, error.en)
            for error in [await refusal_of(room, login, "wrong password") for _ in range(7)]
        ]

    assert answers["wang"] == answers["nobody"]


async def test_a_disabled_account_gets_the_same_answer(room: Room):
    wang = await room.account("wang")
    await room.ask(DisableAccount(id=uuid4(), account=UUID(wang.id.removeprefix("account:"))))

    assert (await refusal_of(room, "wang")).zh == (await refusal_of(room, "nobody")).zh


async def test_five_failures_lock_for_a_quarter_of_an_hour_even_the_right_password(room: Room):
    await room.account("wang")

    codes = [(await refusal_of(room, "wang", "wrong password")).code for _ in range(6)]
    assert codes == ["wrong-credentials"] * 5 + ["locked"]
    assert (await refusal_of(room, "wang")).status == 429

    room.later(minutes=14)
    assert (await refusal_of(room, "wang")).code == "locked"
    room.later(minutes=1)
    assert await room.come("wang")


async def test_a_success_forgives_the_failures_before_it(room: Room):
    await room.account("wang")

    for _ in range(3):
        for _ in range(4):
            await refusal_of(room, "wang", "wrong password")
        await room.come("wang")

    assert {line.outcome for line in await room.log("sign-in")} == {"ok", "refused"}


async def test_guesses_at_the_same_moment_cannot_exceed_the_limit(room: Room):
    await room.account("wang")

    found = await asyncio.gather(*(refusal_of(room, "wang", f"wrong password {n}") for n in range(20)))

    assert sorted(error.code for error in found) == ["locked"] * 15 + ["wrong-credentials"] * 5


async def test_one_address_cannot_try_many_logins(room: Room):
    codes = [(await refusal_of(room, f"user{n}", "wrong password")).code for n in range(FAILURES + 1)]

    assert codes == ["wrong-credentials"] * FAILURES + ["too-many"]
    _, token = await other_address(room)
    assert await room.is_in(token, room.clock.at)


async def other_address(room: Room):
    await room.account("wang")
    return await room.sign_in.sign_in("wang", PASSWORD, None, "10.0.0.2", "test", room.clock.at)


async def test_what_was_typed_as_an_unknown_login_is_not_kept(room: Room):
    await refusal_of(room, "my-secret-password")

    assert [line.detail["login"] for line in await room.log("sign-in")] == ["my…"]
    assert not [line for line in await room.log() if "secret" in str(line)]


async def test_a_session_ends_after_twelve_idle_hours(room: Room):
    await room.account("wang")
    token = await room.come("wang")

    for _ in range(3):
        assert await room.is_in(token, room.later(hours=11))
    assert not await room.is_in(token, room.later(hours=12))


async def test_a_session_ends_after_seven_days_however_busy(room: Room):
    await room.account("wang")
    token = await room.come("wang")

    alive = [await room.is_in(token, room.later(hours=8)) for _ in range(22)]

    assert alive == [True] * 20 + [False] * 2


async def test_a_revoked_session_dies_at_once(room: Room):
    wang = await room.account("wang")
    token = await room.come("wang")
    _, session = await room.who(token)

    await room.ask(RevokeSession(id=uuid4(), session=session.id), wang)

    assert not await room.is_in(token, AT)
    assert room.gone == [f"session:{session.id}"]
    assert await room.see("own_sessions", wang) == []


async def test_somebody_elses_session_is_not_ones_own_to_end(room: Room):
    await room.account("wang")
    _, session = await room.who(await room.come("wang"))
    zhao = await room.account("zhao")

    with pytest.raises(NotFound):
        await room.ask(RevokeSession(id=uuid4(), session=session.id), zhao)


async def test_signing_out_ends_the_session(room: Room):
    await room.account("wang")
    token = await room.come("wang")
    await room.is_in(token, AT)

    await room.sign_in.sign_out(token, AT)

    assert not await room.is_in(token, AT)
    assert (await room.log())[0].act == "sign-out"


async def test_disabling_an_account_ends_its_sessions(room: Room):
    wang = await room.account("wang")
    tokens = [await room.come("wang") for _ in range(2)]

    await room.ask(DisableAccount(id=uuid4(), account=UUID(wang.id.removeprefix("account:"))))

    assert [await room.is_in(token) for token in tokens] == [False, False]
    assert len(room.gone) == 2


# --- passwords ------------------------------------------------------------------------------------


async def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(room: Room):
    wang = await room.account("wang")
    here, there = await room.come("wang"), await room.come("wang")
    _, session = await room.who(here)
    wish = ChangeOwnPassword(id=uuid4(), old=PASSWORD, new="another long phrase", keep=session.id)

    await room.ask(wish, wang)
    await room.ask(wish, wang)

    assert await room.is_in(here, AT)
    assert not await room.is_in(there, AT)
    assert await room.come("wang", "another long phrase")
    assert (await refusal_of(room, "wang")).code == "wrong-credentials"


async def test_a_stolen_session_is_no_way_to_guess_the_password(room: Room):
    wang = await room.account("wang")
    wish = [ChangeOwnPassword(id=uuid4(), old=f"guess {n}", new="another long phrase") for n in range(6)]

    codes = []
    for guess in wish:
        with pytest.raises(Refused) as refused:
            await room.ask(guess, wang)
        codes.append((refused.value.code, refused.value.field))

    assert codes == [("wrong-credentials", "old")] * 5 + [("locked", "")]


async def test_a_password_set_by_somebody_else_must_be_changed_first(room: Room):
    wang = await room.account("wang", Role.ADMINISTRATOR)
    await room.ask(SetPassword(id=uuid4(), account=UUID(wang.id.removeprefix("account:")), password="first password!"))

    token = await room.come("wang", "first password!")
    actor, session = await room.who(token)
    assert (session.owes, [p for p in Permission if actor.may(p)]) == (("password",), [Permission.SELF])

    await room.ask(
        ChangeOwnPassword(id=uuid4(), old="first password!", new=PASSWORD, keep=session.id), actor
    )
    actor, session = await room.who(token)
    assert (session.owes, actor.may(Permission.ACCOUNTS)) == ((), True)


# --- the second factor ----------------------------------------------------------------------------


async def enrolled(room: Room, login: str = "wang") -> tuple[Actor, pyotp.TOTP]:
    actor = await room.account(login, Role.OPERATOR)
    offer = await room.ask(EnrolTotp(id=uuid4(), password=PASSWORD), actor)
    totp = pyotp.TOTP(offer.secret)
    await room.ask(ConfirmTotp(id=uuid4(), given=totp.at(room.clock.at)), actor)
    room.later(seconds=30)
    return actor, totp


async def test_with_a_second_factor_the_password_alone_is_not_enough(room: Room):
    _, totp = await enrolled(room)

    assert (await refusal_of(room, "wang")).code == "second-factor-needed"
    assert (await refusal_of(room, "wang", PASSWORD, "000000")).code == "wrong-code"
    assert await room.come("wang", PASSWORD, totp.at(room.clock.at))


async def test_an_offer_asked_again_is_the_same_and_changes_nothing_until_confirmed(room: Room):
    actor = await room.account("wang", Role.OPERATOR)
    wish = EnrolTotp(id=uuid4(), password=PASSWORD)

    assert await room.ask(wish, actor) == await room.ask(wish, actor)
    assert await room.come("wang")


async def test_asking_for_the_code_is_no_failure(room: Room):
    _, totp = await enrolled(room)

    codes = [(await refusal_of(room, "wang")).code for _ in range(8)]

    assert codes == ["second-factor-needed"] * 8
    assert await room.come("wang", PASSWORD, totp.at(room.clock.at))


async def test_a_code_is_taken_once(room: Room):
    _, totp = await enrolled(room)
    code = totp.at(room.clock.at)
    await room.come("wang", PASSWORD, code)

    assert (await refusal_of(room, "wang", PASSWORD, code)).code == "wrong-code"
    assert await room.come("wang", PASSWORD, totp.at(room.later(seconds=30)))


async def test_a_code_sent_twice_at_the_same_moment_is_taken_once(room: Room):
    _, totp = await enrolled(room)
    code = totp.at(room.clock.at)

    found = await asyncio.gather(*(room.come("wang", PASSWORD, code) for _ in range(4)), return_exceptions=True)

    assert sorted(type(one).__name__ for one in found) == ["NotSignedIn"] * 3 + ["str"]


async def test_guessing_codes_locks(room: Room):
    await enrolled(room)

    codes = [(await refusal_of(room, "wang", PASSWORD, f"00000{n}")).code for n in range(6)]

    assert codes == ["wrong-code"] * 5 + ["locked"]


async def test_who_needs_a_second_factor_may_enrol_it_and_nothing_else(room: Room):
    await room.account("wang", Role.OPERATOR)
    access = room.access
    strict = Room(
        Access(db=access.db, audit=access.audit, key=access.key, passwords=access.passwords), room.sign_in, room.clock
    )
    strict.sign_in = SignIn(strict.access)

    token = await strict.come("wang")
    actor, session = await strict.who(token)
    assert (session.owes, actor.may(Permission.BROADCAST)) == (("totp",), False)

    offer = await strict.ask(EnrolTotp(id=uuid4(), password=PASSWORD), actor)
    await strict.ask(ConfirmTotp(id=uuid4(), given=pyotp.TOTP(offer.secret).at(AT)), actor)
    actor, session = await strict.who(token)
    assert (session.owes, actor.may(Permission.BROADCAST)) == ((), True)


async def test_a_lost_phone_is_taken_off_by_an_administrator(room: Room):
    actor, _ = await enrolled(room)

    await room.ask(RemoveTotp(id=uuid4(), account=UUID(actor.id.removeprefix("account:"))))

    assert await room.come("wang")


async def test_no_secret_stands_in_the_database_or_the_log_in_the_clear(room: Room):
    actor, totp = await enrolled(room)
    token = await room.come("wang", PASSWORD, totp.at(room.clock.at))

    async with room.access.db.read() as conn:
        rows = [
            str(dict(row))
            for table in ("access.account", "access.session", "work.audit")
            for row in await conn.fetch(f"select * from {table}")
        ]

    assert not [row for row in rows if totp.secret in row or token in row or PASSWORD in row]
    assert actor.id in str(rows)


async def test_a_flood_of_sign_ins_is_told_to_come_back(room: Room):
    room.access.passwords._waiting = 0

    refusal = await refusal_of(room, "wang")

    assert (refusal.status, refusal.code) == (503, "sign-in-busy")


async def test_both_paths_do_the_same_work(room: Room):
    """The structure that makes them take the same time: one hash each, against one of the same cost."""
    passwords = room.access.passwords
    await room.account("wang")
    async with room.access.db.read() as conn:
        hashed = await conn.fetchval("select password_hash from access.account")

    assert passwords._nobodys.split("$")[:4] == hashed.split("$")[:4]
    assert not await passwords.holds("anything", None)


