"""The doors: password, cookie, device key, API key, signed link. Every one gives an Actor or says
in a sentence why not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from hub.access import model
from hub.access.allowance import Allowance, network_of
from hub.access.doors import DOORS, BadKey, enter_by_link
from hub.access.entries import REMEMBERED, Entry, OnRevoked, Session
from hub.access.model import Account
from hub.access.renewal import renew
from hub.access.tokens import new_token, token_hash, unseal
from hub.access.work import (
    Access,
    account_by_login,
    give_back_try,
    queries,
    take_try,
)
from hub.kernel.actor import Actor
from hub.kernel.errors import NotSignedIn, Refused, TryAgain
from hub.kernel.ids import uuid7
from hub.record import AWAY, Connection

FAILURES = 60
"""Of passwords, from one network within WINDOW, attempts under way included: a whole office may share one."""
BAD_LINKS = 1000
"""Nobody guesses 128 bits, and a city's phones come from a handful of addresses at once."""
RENEWALS = 60
"""Wishes for a new link, from one network within WINDOW; of one person see renewal.py."""
WINDOW = timedelta(minutes=10)
AGENT_SIZE = 200
KEPT = timedelta(days=1)


async def nowhere(_hashed: bytes) -> None:
    """There is no other process."""


class SignIn:
    def __init__(self, access: Access) -> None:
        self.access = access
        self.elsewhere: Callable[[bytes], Awaitable[tuple[Entry, datetime] | None]] = nowhere
        """Who proved himself to another process, and when."""
        self._by_address = Allowance(FAILURES, WINDOW)
        self._links = Allowance(BAD_LINKS, WINDOW)
        self._renewals = Allowance(RENEWALS, WINDOW)
        self._knocked = Allowance(1, WINDOW)
        self._orgs: dict[str, str | None] = {}

    def on_revoked(self, listener: OnRevoked) -> None:
        self.access.entries.listeners.append(listener)

    # --- coming in with a credential --------------------------------------------------------------

    async def enter(self, door: str, secret: str, at: datetime) -> Entry:
        """`door` is `cookie`, `device`, `link` or `key`. What was found is remembered for 10 s, and
        dropped at once when it is revoked on this node. While the database is away, who is known goes on
        coming in; TryAgain for who is not."""
        hashed = token_hash(f"{door}:{secret}")
        entries = self.access.entries
        known = entries.recall(hashed, at)
        if known:
            return known
        changes = entries.changes
        try:
            entry = await DOORS[door](self.access, secret, at)
        except BadKey as refusal:
            await self._note_bad_key(refusal, at)
            raise
        except TryAgain as away:
            if away.code != AWAY:
                raise
            trusted = await self._trusted(hashed, at)
            if trusted is None:
                raise model.nobody_can_tell() from away
            return trusted
        entries.remember(hashed, entry, at, changes)
        return entry

    async def _trusted(self, hashed: bytes, at: datetime) -> Entry | None:
        entries = self.access.entries
        trusted, changes = entries.trust(hashed, at), entries.changes
        if trusted is None and (known := await self.elsewhere(hashed)) is not None:
            entries.remember(hashed, *known, changes)
            trusted = entries.trust(hashed, at)
        return trusted

    # --- sessions ---------------------------------------------------------------------------------

    async def sign_in(
        self, login: str, password: str, code: str | None, address: str, agent: str, at: datetime
    ) -> tuple[Session, str]:
        """A session and its cookie. Raises NotSignedIn (`wrong-credentials`, `second-factor-needed`,
        `wrong-code`) or TooMany (`locked`, `too-many`)."""
        login = login.strip().lower()
        await self._take_from(self._by_address, address, at)
        async with self.access.db.read() as conn:
            account = await account_by_login(conn, login)
        try:
            proved = await self._prove(account, login, password, code, at)
        except Refused as refusal:
            await self._note_refusal(account, login, refusal, address, agent, at)
            raise
        self._by_address.give_back(network_of(address))
        return await self._open_for_account(proved, address, agent, at)

    async def open_by_link(self, token: str, address: str, agent: str, at: datetime) -> tuple[Entry, Session, str]:
        """A session for the person a link was sent to; it does not outlive the link."""
        await self._take_from(self._links, address, at)
        try:
            entry = await enter_by_link(self.access, token, at)
        except NotSignedIn as refusal:
            await self._note("sign-in", "link", "refused", at, address=address, detail={"code": refusal.code})
            raise
        self._links.give_back(network_of(address))
        person = UUID(entry.actor.id.partition(":")[2])
        session, cookie = await self._open_for_person(person, "link", address, agent, at, entry.expires)
        return entry, session, cookie

    async def open_by_openid(self, openid: str, address: str, agent: str, at: datetime) -> tuple[Session, str] | None:
        """None when nobody is bound to this WeChat user."""
        async with self.access.db.read() as conn:
            person = await conn.fetchval(queries["person_by_openid"], openid) if openid else None
        return await self._open_for_person(person, "wechat", address, agent, at) if person else None

    async def renew_link(self, token: str, address: str, at: datetime) -> None:
        """Whatever came of it, whoever asked learns nothing."""
        if self._renewals.take(network_of(address), at):
            await renew(self.access, token, address, at)
        elif self._knocked.take(f"renew {network_of(address)}", at):
            await self._note("renew-link", "", "refused", at, address=address, detail={"code": "too-many"})

    async def sign_out(self, token: str, at: datetime) -> None:
        async with self.access.db.transaction() as conn:
            row = await conn.fetchrow(queries["end_session_by_token"], token_hash(token), at)
            if row:
                who = f"account:{row['account']}" if row["account"] else f"person:{row['person']}"
                await self._note("sign-out", f"session:{row['id']}", "ok", at, conn=conn, actor=who)
        if row:
            await self.access.entries.end({f"session:{row['id']}"})

    async def org_of(self, actor: Actor) -> str | None:
        """The organisation somebody acts for: his first scope, or the one a person belongs to (while the database
        is away: belonged to when it was asked last)."""
        orgs = [scope for scope in actor.scopes if not scope.startswith("person:")]
        people = [scope.removeprefix("person:") for scope in actor.scopes if scope.startswith("person:")]
        if orgs or not people:
            return next(iter(orgs), None)
        try:
            async with self.access.db.read() as conn:
                org = cast("str | None", await conn.fetchval(queries["person_org"], people[0]))
        except TryAgain:
            return self._orgs.get(people[0])
        self._orgs[people[0]] = org
        if len(self._orgs) > REMEMBERED:
            del self._orgs[next(iter(self._orgs))]
        return org

    # --- proof ------------------------------------------------------------------------------------

    async def _take_from(self, allowance: Allowance, address: str, at: datetime) -> None:
        if not allowance.take(network_of(address), at):
            await self._note("sign-in", "", "refused", at, address=address, detail={"code": "too-many"})
            raise model.too_many_from_here()

    async def _prove(
        self, account: Account | None, login: str, password: str, code: str | None, at: datetime
    ) -> Account:
        """An unknown login goes the same way as a known one: counted, locked, and one hash computed."""
        await take_try(self.access, login, at)
        right = await self.access.passwords.holds(password, account.password_hash if account else None)
        if account is None or not right or account.disabled:
            raise model.wrong_credentials()
        if account.totp_secret is not None:
            await self._prove_code(account, code, at)
        if self.access.passwords.is_outdated(account.password_hash):
            await self._rehash(account, password)
        return account

    async def _prove_code(self, account: Account, code: str | None, at: datetime) -> None:
        if not code:
            await give_back_try(self.access, account.login)
            raise model.code_needed()
        secret = unseal(self.access.key, account.totp_secret or b"", account.id)
        step = model.totp_step(secret, code, at, account.totp_step)
        if step is None:
            raise model.wrong_code()
        async with self.access.db.read() as conn:
            if await conn.fetchval(queries["take_step"], account.id, step) is None:
                raise model.wrong_code()

    async def _rehash(self, account: Account, password: str) -> None:
        hashed = await self.access.passwords.hash(password)
        async with self.access.db.read() as conn:
            await conn.execute(queries["rehash"], account.id, account.password_hash, hashed)

    # --- opening sessions -------------------------------------------------------------------------

    async def _open_for_account(
        self, account: Account, address: str, agent: str, at: datetime
    ) -> tuple[Session, str]:
        session = Session(
            id=uuid7(at), account=account.id, person=None, created=at, expires=at + model.LIFETIME,
            owes=model.owes(account, self.access.totp),
        )
        async with self.access.db.transaction() as conn:
            await conn.execute(queries["clear_failures"], account.login)
            await conn.execute(queries["account_seen"], account.id, at)
            token = await self._open(conn, session, "password", address, agent, at)
        return session, token

    async def _open_for_person(
        self, person: UUID, how: str, address: str, agent: str, at: datetime, until: datetime | None = None
    ) -> tuple[Session, str]:
        expires = min(at + model.LIFETIME, until or at + model.LIFETIME)
        session = Session(id=uuid7(at), account=None, person=person, created=at, expires=expires)
        async with self.access.db.transaction() as conn:
            token = await self._open(conn, session, how, address, agent, at)
        return session, token

    async def _open(
        self, conn: Connection, session: Session, how: str, address: str, agent: str, at: datetime
    ) -> str:
        token = new_token()
        await conn.execute(queries["forget_old_failures"], at - KEPT)
        await conn.execute(queries["forget_old_sessions"], at - KEPT)
        await conn.execute(
            queries["open_session"], token_hash(token), session.id, session.account, session.person,
            at, session.expires, address, agent[:AGENT_SIZE],
        )
        await self._note(
            "sign-in", f"session:{session.id}", "ok", at, conn=conn, address=address,
            actor=f"account:{session.account}" if session.account else f"person:{session.person}",
            detail={"how": how, "agent": agent[:AGENT_SIZE]},
        )
        return token

    # --- the audit log ----------------------------------------------------------------------------

    async def _note(
        self, act: str, about: str, outcome: str, at: datetime, *, conn: Connection | None = None,
        actor: str = "", address: str = "", detail: dict[str, str] | None = None,
    ) -> None:
        await self.access.audit.note(
            conn, at=at, actor=actor, act=act, object=about, outcome=outcome, address=address, detail=detail or {},
        )

    async def _note_refusal(
        self, account: Account | None, login: str, refusal: Refused, address: str, agent: str, at: datetime
    ) -> None:
        """What somebody typed as an unknown login may be his password: two characters are enough."""
        shown = login if account else f"{login[:2]}…"
        await self._note(
            "sign-in", f"account:{account.id}" if account else "", "refused", at, address=address,
            detail={"code": refusal.code, "login": shown, "agent": agent[:AGENT_SIZE]},
        )

    async def _note_bad_key(self, refusal: BadKey, at: datetime) -> None:
        """Once in ten minutes for each: a machine with an old key knocks every few seconds."""
        if self._knocked.take(refusal.about, at):
            await self._note("enter", refusal.about, "refused", at, detail={"code": refusal.code})
