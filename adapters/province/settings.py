from __future__ import annotations

import msgspec

KEY_DIGITS = 64


class ProvinceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`url` is the platform's own ("https://exchange.example.gov.cn"); `key`: with which it signs, Ed25519, 64 hexadecimal digits;
    `code`: what the city is called there."""

    url: str
    key: str
    code: str
    seconds: float = 10.0
    """How long one call may take."""
