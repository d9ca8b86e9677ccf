"""The rules of accounts. Pure: the time is an argument."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

import msgspec
import pyotp
import segno

from hub.access.messages import TotpOffer
from hub.kernel.actor import CITY, GRANTS, Actor, Permission, Role
from hub.kernel.errors import Forbidden, NotSignedIn, Refused, TooMany, TryAgain

IDLE = timedelta(hours=12)
LIFETIME = timedelta(days=7)
TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
SHORTEST = 10
STEP = 30
ISSUER = "Liaison Hub"

CONSOLE_ROLES = frozenset(Role) - {Role.STATION, Role.DEPUTY}
NEEDS_CODE = frozenset({Role.ADMINISTRATOR, Role.OPERATOR, Role.APPROVER})

COMMON = frozenset({
    "1234567890", "0123456789", "0987654321", "9876543210", "1111111111", "0000000000", "8888888888",
    "12345678910", "123456789a", "a123456789", "1q2w3e4r5t", "qwertyuiop", "1qaz2wsx3edc", "qwerty12345",
    "password12", "password123", "password1234", "passw0rd123", "admin12345", "admin123456",
    "administrator", "woaini1314", "woaini520520", "5201314520", "iloveyou123", "letmein1234",
    "abcd123456", "abc1234567", "abcdefghij", "zxcvbnm123", "asdfghjkl1", "asdfghjkl;", "liaison-hub",
    "liaisonhub", "changeme123", "welcome123", "1234qwerasdf", "qazwsxedc123", "aa12345678", "q123456789",
})


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An account as it stands in its table."""

    id: UUID
    login: str
    name: str
    person: UUID | None
    password_hash: str
    password_set_at: datetime | None
    totp_secret: bytes | None
    totp_offered: bytes | None
    totp_step: int
    totp_required: bool
    roles: tuple[Role, ...]
    scopes: tuple[str, ...]
    disabled: bool
    last_command: UUID | None


# --- passwords ------------------------------------------------------------------------------------


def require_good_password(password: str, login: str, field: str = "password") -> None:
    folded = password.strip().lower()
    if len(password) < SHORTEST:
        raise _weak(f"密码至少要 {SHORTEST} 个字符，请换一个长些的。",
                    f"A password has at least {SHORTEST} characters; choose a longer one.", field)
    if login.lower() in folded and len(folded) - len(login) < 4:
        raise _weak("密码不能是登录名或只比它多几个字符，请换一个。",
                    "A password must not be the login, nor the login with a few characters added; choose another.",
                    field)
    if folded in COMMON or len(set(folded)) < 4:
        raise _weak("这个密码太常见，容易被猜到，请换一个。",
                    "This password is too common and easily guessed; choose another.", field)


def _weak(zh: str, en: str, field: str) -> Refused:
    return Refused(zh, en, code="weak-password", field=field)


# --- the second factor ----------------------------------------------------------------------------


def totp_step(secret: str, code: str, at: datetime, last: int) -> int | None:
    """The step the code belongs to, one either side of now; None when it is wrong or a code of
    this step or a later one was taken before."""
    given = code.replace(" ", "")
    now = int(at.timestamp()) // STEP
    totp = pyotp.TOTP(secret, interval=STEP)
    found = [
        step for step in (now - 1, now, now + 1)
        if hmac.compare_digest(totp.generate_otp(step).encode(), given.encode()) and step > last
    ]
    return found[0] if found else None


def totp_offer(secret: str, login: str) -> TotpOffer:
    uri = pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=login, issuer_name=ISSUER)
    drawn = BytesIO()
    segno.make(uri, error="m").save(drawn, kind="svg", xmldecl=False, nl=False, scale=5, border=4, dark="#000", light="#fff")
    return TotpOffer(secret=secret, uri=uri, svg=drawn.getvalue().decode())


def needs_code(account: Account, totp: bool) -> bool:
    return totp and (account.totp_required or bool(NEEDS_CODE & set(account.roles)))


def owes(account: Account, totp: bool) -> tuple[str, ...]:
    """What stands between a signed-in account and its rights."""
    found = ["password"] if account.password_set_at is None else []
    if needs_code(account, totp) and account.totp_secret is None:
        found.append("totp")
    return tuple(found)


def actor_of_account(account: Account, totp: bool) -> Actor:
    """Who owes something may do what concerns himself and nothing else: the station's role grants
    just that, and without a scope it is over nobody."""
    roles, scopes = account.roles, account.scopes
    if account.person:
        scopes = (*scopes, f"person:{account.person}")
    if owes(account, totp):
        roles, scopes = (Role.STATION,), ()
    return Actor(id=f"account:{account.id}", name=account.name, roles=roles, scopes=scopes)


# --- who may grant what ---------------------------------------------------------------------------


def permissions(roles: Iterable[Role]) -> frozenset[Permission]:
    return frozenset[Permission]().union(*(GRANTS[role] for role in roles))


def require_no_more_rights(actor: Actor, roles: Iterable[Role]) -> None:
    """Nobody grants, and nobody takes over, what he may not do himself."""
    if not permissions(roles) <= permissions(actor.roles):
        raise Forbidden(
            "不能授予或改动比您自己更大的权限，请由权限更高的管理员办理。",
            "You cannot grant, or change the account of somebody with, more rights than your own; "
            "ask an administrator who has them.",
            code="beyond-own-rights", field="roles",
        )


def require_console_roles(roles: Iterable[Role]) -> None:
    if not CONSOLE_ROLES.issuperset(roles):
        raise Refused(
            "站点与代表不用账号登录：站点请登记设备密钥，代表请发送链接。",
            "Stations and deputies do not sign in by account: enrol a device key, or send the deputy a link.",
            code="not-an-account-role", field="roles",
        )


def beyond_scope() -> Forbidden:
    return Forbidden(
        "超出您的管辖范围，请由管辖上级组织的管理员办理。",
        "This lies outside your scope; ask an administrator whose scope holds it.",
        code="beyond-own-scope", field="scopes",
    )


def runs_the_city(account: Account) -> bool:
    return not account.disabled and Role.ADMINISTRATOR in account.roles and CITY in account.scopes


def last_administrator() -> Refused:
    return Refused(
        "这是最后一个可用的全市管理员，改动后将无人能管理系统；请先再设一位管理员。",
        "This is the last working administrator of the city; afterwards nobody could administer the hub. "
        "Appoint another one first.",
        code="last-administrator",
    )


def require_city(actor: Actor) -> None:
    if CITY not in actor.scopes:
        raise Forbidden(
            "审计记录涉及全市，只有管辖全市的管理员可以查看。",
            "The audit log concerns the whole city; only an administrator of the city may read it.",
            code="beyond-own-scope",
        )


# --- sentences of the door ------------------------------------------------------------------------


def wrong_credentials() -> NotSignedIn:
    """One sentence for every reason, so that it tells nobody which logins exist."""
    return NotSignedIn(
        "登录名或密码不正确，或账号已停用；请核对后重试，忘记密码请联系管理员。",
        "The login or the password is wrong, or the account is disabled. Check them and try again; "
        "an administrator can set a new password.",
        code="wrong-credentials",
    )


def code_needed() -> NotSignedIn:
    return NotSignedIn(
        "请输入身份验证器上的 6 位动态验证码。", "Enter the 6-digit code from your authenticator app.",
        code="second-factor-needed", field="code",
    )


def wrong_code() -> NotSignedIn:
    return NotSignedIn(
        "动态验证码不正确或已用过，请等下一个验证码出现后再试，并核对手机时间。",
        "The code is wrong or was used already. Wait for the next one, and check the clock of your phone.",
        code="wrong-code", field="code",
    )


def locked(until: datetime, at: datetime) -> TooMany:
    minutes = max(1, -(-int((until - at).total_seconds()) // 60))
    return TooMany(
        f"连续多次登录失败，为安全起见已暂停登录，请 {minutes} 分钟后再试，或联系管理员。",
        f"Too many failed sign-ins; signing in is paused. Try again in {minutes} minutes, or ask an administrator.",
        code="locked",
    )


def too_many_from_here() -> TooMany:
    return TooMany(
        "这个网络地址的失败次数太多，请 10 分钟后再试。",
        "Too many failures from this network address; try again in 10 minutes.",
        code="too-many",
    )


def nobody_can_tell() -> TryAgain:
    return TryAgain(
        "数据库暂时连不上，现在无法核对您的登录，请过几秒再试；您不需要重新登录。",
        "The database cannot be reached, so nobody can tell who you are; try again in a few seconds. No need to sign in anew.",
        code="database-away",
    )


def not_signed_in() -> NotSignedIn:
    return NotSignedIn(
        "您还没有登录，或登录已失效，请重新登录。", "You are not signed in, or your session has ended. Sign in again.",
    )
