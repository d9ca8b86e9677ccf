"""What is asked of the exchange, and what is shown of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.messages import Command

Reason = Annotated[str, Meta(min_length=2, max_length=300)]
Word = Annotated[str, Meta(max_length=40)]
Direction = Literal["out", "in"]


class ResendPackage(Command, frozen=True, kw_only=True):
    """Once more, as it is, under its own number: what was given up, or what waits for its next try. The province takes it once."""

    package: UUID


class CorrectPackage(Command, frozen=True, kw_only=True):
    """A new package from the present state of its object, which names this one. Answers {package, number}."""

    package: UUID


class SetAsidePackage(Command, frozen=True, kw_only=True):
    """It is not sent any more; what waits behind it for the same object goes on."""

    package: UUID
    reason: Reason


class ReconcileNow(Command, frozen=True, kw_only=True):
    """Compares a day's packages with the province's; the result appears in `exchange_standing`."""

    day: date


class PackagesParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`q`: part of a number or a title."""

    state: Word = ""
    kind: Word = ""
    direction: Literal["", "out", "in"] = ""
    q: Annotated[str, Meta(max_length=100)] = ""
    page: Annotated[int, Meta(ge=1, le=100_000)] = 1
    size: Annotated[int, Meta(ge=1, le=200)] = 50


class PackageParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    package: UUID


class StandingParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class PackageRow(msgspec.Struct, frozen=True, kw_only=True):
    """`number` as in 330100-2026-000012 (省-2026-000003 from the province); `object`: what it speaks of, `version` its how-manieth state;
    `case`: to be opened, where the object is one. `tries`: how often it was handed over. `seconds` from handing over to the
    province's word that it is applied, the last time. `error`: what stands in its way. `replaces`, `replaced_by`: numbers."""

    id: UUID
    number: str
    direction: Direction
    kind: str
    kind_zh: str
    kind_en: str
    object: str
    version: int
    title: str
    case: UUID | None
    state: str
    state_zh: str
    state_en: str
    tone: str
    tries: int
    built: datetime
    sent: datetime | None
    applied: datetime | None
    seconds: float | None
    error: str
    replaces: str
    replaced_by: str


class FieldError(msgspec.Struct, frozen=True, kw_only=True):
    """`field` as `rows.0.title`."""

    field: Annotated[str, Meta(max_length=200)]
    why: Annotated[str, Meta(max_length=500)]


class ReceiptRow(msgspec.Struct, frozen=True, kw_only=True):
    """Of a package of ours the province's, of the province's ours. `says`: received, applied, rejected. `text`: what is signed, as it is."""

    who: str
    at: datetime
    says: str
    key: str
    signature: str
    signature_ok: bool
    text: str


class PackageStep(msgspec.Struct, frozen=True, kw_only=True):
    """`what`: a code (built, queued, sent, …); `note`: why, where somebody said so."""

    at: datetime
    what: str
    zh: str
    en: str
    who: str
    note: str


class ManifestRow(msgspec.Struct, frozen=True, kw_only=True):
    """What is signed of a package; `sha256` of the very bytes of its body; `key`: of whose key it is."""

    number: str
    city: str
    direction: Direction
    kind: str
    object: str
    version: int
    rows: int
    bytes: int
    sha256: str
    created: datetime
    key: str
    replaces: str


class PackageDetail(msgspec.Struct, frozen=True, kw_only=True):
    """`body`: JSON as it goes over. `may`: the commands that can be asked of it now."""

    id: UUID
    row: PackageRow
    manifest: ManifestRow
    body: str
    receipt: ReceiptRow | None
    errors: tuple[FieldError, ...]
    trail: tuple[PackageStep, ...]
    may: tuple[str, ...]


class KindOfDay(msgspec.Struct, frozen=True, kw_only=True):
    """Of one kind on one day, on both sides: how many, and one hash over all of them."""

    kind: str
    kind_zh: str
    kind_en: str
    ours: int
    theirs: int
    our_hash: str
    their_hash: str


class DayRow(msgspec.Struct, frozen=True, kw_only=True):
    """A day's reconciliation. `ours`, `theirs`: packages; `differing`: their numbers; `resent`: those of them that were sent again."""

    day: date
    ours: int
    theirs: int
    differing: tuple[str, ...]
    resent: tuple[str, ...]
    kinds: tuple[KindOfDay, ...]
    at: datetime


class ExchangeKind(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    zh: str
    en: str
    direction: Direction


class ExchangeState(msgspec.Struct, frozen=True, kw_only=True):
    state: str
    zh: str
    en: str
    tone: str


class StandingRow(msgspec.Struct, frozen=True, kw_only=True):
    """`on`: an address is set; `up`: the last call got through (None: there was none). `waiting`: not settled at the province; `dead`:
    given up after their tries. `p50`, `p95`: seconds sent → applied of the last thousand, `within` of them under `target` seconds.
    `public_key`: ours, for the province to verify with. `kinds`, `states`: for the filters."""

    id: str
    partner: str
    city: str
    on: bool
    up: bool | None
    last_contact: datetime | None
    error: str
    waiting: int
    rejected: int
    dead: int
    measured: int
    within: int
    target: float
    p50: float | None
    p95: float | None
    key: str
    public_key: str
    reconciliations: tuple[DayRow, ...]
    kinds: tuple[ExchangeKind, ...]
    states: tuple[ExchangeState, ...]
