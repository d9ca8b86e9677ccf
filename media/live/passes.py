"""What opens a live meeting without signing in: links, which are given to people, and passes, which stand in
the addresses of its playlists and segments. Pure: the key and the time are arguments.

Both are bound to one live meeting and to its epoch: whoever closes it to somebody counts the epoch up, and
everything that was handed out before is worth nothing. Passes end on a grid of half hours: all viewers ask
for the same addresses, so that what they are given can be kept on the way.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from hub.access.tokens import subkey
from media.live.words import PASS_GRID

MAC_BYTES = 16
SIZE = 4 + MAC_BYTES
DAY = timedelta(days=1)


def make_link(key: bytes, live: UUID, epoch: int, days: int, at: datetime) -> tuple[str, datetime]:
    """The token, and when it ends: with the end of a day (UTC), so that asking twice gives the same."""
    expires = _ceiling(at, DAY) + DAY * days
    return _signed(key, "live-link", live, epoch, expires), expires


def link_holds(key: bytes, live: UUID, epoch: int, token: str, at: datetime) -> bool:
    return _holds(key, "live-link", live, epoch, token, at)


def make_pass(key: bytes, live: UUID, epoch: int, at: datetime) -> str:
    """Good for 30 to 60 minutes."""
    return _signed(key, "live-pass", live, epoch, _ceiling(at, PASS_GRID) + PASS_GRID)


def pass_holds(key: bytes, live: UUID, epoch: int, token: str, at: datetime) -> bool:
    return _holds(key, "live-pass", live, epoch, token, at)


def _ceiling(at: datetime, step: timedelta) -> datetime:
    seconds = int(step.total_seconds())
    return datetime.fromtimestamp(-(-int(at.timestamp()) // seconds) * seconds, UTC)


def _signed(key: bytes, purpose: str, live: UUID, epoch: int, expires: datetime) -> str:
    body = int(expires.timestamp()).to_bytes(4)
    return urlsafe_b64encode(body + _mac(key, purpose, live, epoch, body)).rstrip(b"=").decode()


def _holds(key: bytes, purpose: str, live: UUID, epoch: int, token: str, at: datetime) -> bool:
    raw = _raw(token)
    if len(raw) != SIZE:
        return False
    right = hmac.compare_digest(raw[4:], _mac(key, purpose, live, epoch, raw[:4]))
    return right and at.timestamp() < int.from_bytes(raw[:4])


def _mac(key: bytes, purpose: str, live: UUID, epoch: int, body: bytes) -> bytes:
    return hmac.digest(subkey(key, purpose), live.bytes + epoch.to_bytes(4) + body, sha256)[:MAC_BYTES]


def _raw(token: str) -> bytes:
    """Empty where it is no token; one token has one spelling."""
    if len(token) != -(-SIZE * 4 // 3) or not token.isascii():
        return b""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return b""
    return raw if urlsafe_b64encode(raw).rstrip(b"=").decode() == token else b""
