"""A package as it crosses the border: what is signed of it, by whom, and the other side's word. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Meta

from hub.streams.exchange.messages import Direction, FieldError
from hub.streams.exchange.ports import LARGEST, Signed

KEY_BYTES = 32

Code = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[\w-]+$")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[datetime, Meta(tz=True)]
Year = Annotated[int, Meta(ge=2000, le=2199)]
Nth = Annotated[int, Meta(ge=1, le=1_000_000_000)]


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`n` counts a year's packages of one direction without a gap. `object`: what it speaks of, `version` its how-manieth state;
    `replaces`: the number of the package that this one corrects. `sha256`, `bytes`: of the body as it goes over."""

    city: Code
    direction: Direction
    year: Year
    n: Nth
    kind: Code
    object: Annotated[str, Meta(max_length=160)]
    version: Annotated[int, Meta(ge=0, le=2**53)]
    rows: Annotated[int, Meta(ge=0, le=100_000)]
    bytes: Annotated[int, Meta(ge=0, le=LARGEST)]
    sha256: Sha256
    created: Moment
    key: Code
    replaces: Annotated[str, Meta(max_length=40)] = ""

    @property
    def number(self) -> str:
        return number_of(self.city, self.direction, self.year, self.n)


class Says(StrEnum):
    RECEIVED = "received"
    APPLIED = "applied"
    REJECTED = "rejected"


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the receiver says of one package; `sha256` of the body that he got."""

    number: Annotated[str, Meta(max_length=40)]
    sha256: Sha256
    says: Says
    at: Moment
    errors: Annotated[tuple[FieldError, ...], Meta(max_length=200)] = ()


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One package that the other side has."""

    number: Annotated[str, Meta(max_length=40)]
    kind: Code
    sha256: Sha256


class DayList(msgspec.Struct, frozen=True, kw_only=True):
    """What the province has of our packages that were made on that day."""

    city: Code
    day: Annotated[str, Meta(max_length=10)]
    packages: Annotated[tuple[Listed, ...], Meta(max_length=200_000)]


class Seal:
    """A private key: what signs."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = self._key.public_key().public_bytes_raw()
        self.name = key_name(self.public)

    def sign(self, text: bytes) -> Signed:
        return Signed(text=text, signature=self._key.sign(text))


def holds(public: bytes, signed: Signed) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signed.signature, signed.text)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_name(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]


def number_of(city: str, direction: str, year: int, n: int) -> str:
    return f"{city if direction == 'out' else '省'}-{year}-{n:06d}"


def canonical(message: Any) -> bytes:
    """The same content gives the same bytes: JSON with sorted names, without blanks."""
    return msgspec.json.encode(message, order="sorted")


def body_of(kind: str, rows: Any) -> bytes:
    return canonical({"kind": kind, "rows": rows})


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def digest(hashes: list[str]) -> str:
    """One hash over many, whatever their order."""
    return sha256("".join(sorted(hashes)).encode())
