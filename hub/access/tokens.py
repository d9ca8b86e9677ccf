"""What the hub signs and seals. Pure: the key and the time are arguments.

One secret key serves every purpose; each has its own subkey, so that nothing signed for one
purpose is good for another.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.kernel.errors import Broken, NotSignedIn

KEY_BYTES = 32
MAC_BYTES = 16
NONCE_BYTES = 12
LINK_DAYS = 30
STATE_MINUTES = 10
PLAIN, WITH_DELIVERY = 1, 3
LINK_SIZE = {PLAIN: 1 + 16 + 8 + MAC_BYTES, WITH_DELIVERY: 1 + 32 + 8 + MAC_BYTES}
LONGEST = 200


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A way in for one person; `delivery` is the page it opens."""

    person: UUID
    delivery: UUID | None
    issued: datetime
    expires: datetime


def new_token(prefix: str = "") -> str:
    return prefix + secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """Enough for 256 random bits: there is nothing to guess."""
    return sha256(token.encode()).digest()


def subkey(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, b"hub/" + purpose.encode(), sha256)


def key_from(key: bytes, prefix: str, *parts: object) -> str:
    """The same parts give the same key: asking twice shows the key of the first time."""
    drawn = hmac.digest(subkey(key, "made-key"), "/".join(map(str, (prefix, *parts))).encode(), sha256)
    return prefix + _text(drawn)


def totp_secret_from(key: bytes, *parts: object) -> str:
    """160 bits in base32, as authenticator apps want them."""
    drawn = hmac.digest(subkey(key, "totp"), "/".join(map(str, parts)).encode(), sha256)
    return base64.b32encode(drawn[:20]).decode()


# --- links ----------------------------------------------------------------------------------------


def make_link(
    key: bytes, person: UUID, delivery: UUID | None, at: datetime, lifetime: timedelta = timedelta(days=LINK_DAYS)
) -> str:
    """55 characters, 76 with a delivery: short enough for an SMS. Times are whole seconds."""
    kind = WITH_DELIVERY if delivery else PLAIN
    body = bytes([kind]) + person.bytes + (delivery.bytes if delivery else b"")
    body += _seconds(at) + _seconds(at + lifetime)
    return _text(body + _mac(key, "link", body))


def read_link(key: bytes, token: str, at: datetime) -> Link:
    """Raises NotSignedIn, code `bad-link` or `link-expired`. Whether it was taken back since is
    for the database to say."""
    link = read_old_link(key, token)
    if at >= link.expires:
        raise link_expired()
    return link


def read_old_link(key: bytes, token: str) -> Link:
    """One that we signed, expired or not. Raises NotSignedIn, code `bad-link`."""
    raw = _bytes(token)
    if not raw or len(raw) != LINK_SIZE.get(raw[0]):
        raise bad_link()
    body, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, "link", body)):
        raise bad_link()
    return Link(
        person=UUID(bytes=body[1:17]),
        delivery=UUID(bytes=body[17:33]) if body[0] == WITH_DELIVERY else None,
        issued=_moment(body[-8:-4]),
        expires=_moment(body[-4:]),
    )


def bad_link() -> NotSignedIn:
    return NotSignedIn(
        "链接不完整或不是本系统发出的，请从原消息中重新点开，或联系联络站重新发送。",
        "This link is incomplete or was not sent by this system. Open it again from the original message, "
        "or ask your liaison station for a new one.",
        code="bad-link",
    )


def link_expired() -> NotSignedIn:
    return NotSignedIn(
        "链接已过期或已被收回，请打开最近收到的消息，或联系联络站重新发送。",
        "This link has expired or was taken back. Open the latest message, or ask your liaison station for a new one.",
        code="link-expired",
    )


# --- files, CSRF, OAuth state ---------------------------------------------------------------------


def sign_file(key: bytes, file: UUID, expires: datetime) -> str:
    """The value of `?sig=`."""
    body = _seconds(expires)
    return _text(body + _mac(key, "file", file.bytes + body))


def file_signature_holds(key: bytes, file: UUID, sig: str, at: datetime) -> bool:
    raw = _bytes(sig)
    if len(raw) != 4 + MAC_BYTES:
        return False
    right = hmac.compare_digest(raw[4:], _mac(key, "file", file.bytes + raw[:4]))
    return right and at < _moment(raw[:4])


def csrf_token(key: bytes, session: UUID) -> str:
    return _text(_mac(key, "csrf", session.bytes))


def csrf_holds(key: bytes, session: UUID, given: str) -> bool:
    return hmac.compare_digest(csrf_token(key, session).encode(), given.encode("utf-8", "replace"))


def make_state(key: bytes, browser: str, at: datetime) -> str:
    """`browser` is a random value that also stands in a cookie: a sign-in that began elsewhere is refused."""
    body = _seconds(at + timedelta(minutes=STATE_MINUTES))
    return _text(body + _mac(key, "state", browser.encode() + body))


def state_holds(key: bytes, browser: str, state: str, at: datetime) -> bool:
    raw = _bytes(state)
    if not browser or len(raw) != 4 + MAC_BYTES:
        return False
    right = hmac.compare_digest(raw[4:], _mac(key, "state", browser.encode() + raw[:4]))
    return right and at < _moment(raw[:4])


# --- sealing --------------------------------------------------------------------------------------


def seal(key: bytes, plain: str, owner: UUID) -> bytes:
    """AES-256-GCM, bound to its owner: a sealed value moved to another row does not open."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(subkey(key, "seal")).encrypt(nonce, plain.encode(), owner.bytes)


def unseal(key: bytes, sealed: bytes, owner: UUID) -> str:
    try:
        plain = AESGCM(subkey(key, "seal")).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner.bytes)
    except InvalidTag as error:
        raise Broken(
            "第二因素的密钥打不开：数据目录里的密钥文件与数据库不是一套，请恢复原来的密钥文件。",
            "A second factor cannot be unsealed: the key file in the data directory does not belong to this "
            "database. Bring back the original key file.",
            code="wrong-secret-key",
        ) from error
    return plain.decode()


def _mac(key: bytes, purpose: str, body: bytes) -> bytes:
    return hmac.digest(subkey(key, purpose), body, sha256)[:MAC_BYTES]


def _seconds(at: datetime) -> bytes:
    return min(max(int(at.timestamp()), 0), 0xFFFF_FFFF).to_bytes(4)


def _moment(raw: bytes) -> datetime:
    return datetime.fromtimestamp(int.from_bytes(raw), UTC)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """Empty unless `text` is exactly how its bytes are written: spare bits and stray characters
    would be a second spelling of the same token."""
    if len(text) > LONGEST or not text.isascii():
        return b""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
    return raw if _text(raw) == text else b""
