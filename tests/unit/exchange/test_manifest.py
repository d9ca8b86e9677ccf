"""What is signed is what was meant: the same content, the same bytes; one changed letter, and nothing holds."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from hub.streams.exchange.bodies import BareRow, DutyRow, SuggestionRow, errors_in
from hub.streams.exchange.manifest import (
    Manifest,
    Receipt,
    Says,
    Seal,
    body_of,
    canonical,
    digest,
    holds,
    key_name,
    sha256,
)
from hub.streams.exchange.messages import FieldError
from hub.streams.exchange.ports import Signed
from hub.streams.exchange.reactions import FROM_PROVINCE, KINDS, OF_CASES, OF_LISTS, months, years

SEAL, OTHER = Seal(b"1" * 32), Seal(b"2" * 32)
PLAIN = st.recursive(st.none() | st.booleans() | st.integers(-2**53, 2**53) | st.text(max_size=8),
                     lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=8)


def manifest(body: bytes) -> Manifest:
    return Manifest(city="330100", direction="out", year=2026, n=12, kind="suggestion", object="proposal-1", version=7, rows=1, bytes=len(body),
                    sha256=sha256(body), created=datetime(2026, 3, 2, 2, tzinfo=UTC), key=SEAL.name)


@given(st.dictionaries(st.text(max_size=5), PLAIN, max_size=5))
def test_the_order_in_which_something_was_written_does_not_show(row: dict[str, object]):
    turned = dict(reversed(list(row.items())))

    assert body_of("k", [row]) == body_of("k", [turned])
    assert json.loads(body_of("k", [row])) == {"kind": "k", "rows": [row]}


@given(st.binary(max_size=60), st.integers(0, 59), st.integers(1, 255))
def test_a_signature_holds_for_the_very_words_and_key(body: bytes, place: int, flip: int):
    signed = SEAL.sign(canonical(manifest(body)))
    spoilt = bytearray(signed.text)
    spoilt[place] ^= flip

    assert holds(SEAL.public, signed)
    assert not holds(SEAL.public, Signed(text=bytes(spoilt), signature=signed.signature))
    assert not holds(OTHER.public, signed)
    assert not holds(SEAL.public, Signed(text=signed.text, signature=signed.signature[:-1]))
    assert not holds(b"", signed)
    assert msgspec.json.decode(signed.text, type=Manifest) == manifest(body)


def test_a_seal_is_the_same_whenever_it_is_made():
    assert Seal(b"1" * 32).sign(b"x") == SEAL.sign(b"x")
    assert key_name(SEAL.public) == SEAL.name != OTHER.name
    assert manifest(b"").number == "330100-2026-000012"


def test_a_day_has_one_hash_whatever_the_order():
    assert digest(["b", "a"]) == digest(["a", "b"]) != digest(["a"])


def test_everything_that_is_wrong_is_said_at_once():
    row = dict.fromkeys(SuggestionRow.__struct_fields__, "") | {"number": "12号", "cosigners": -1, "accepted_on": "gestern"}
    fields = {error.field for error in errors_in(SuggestionRow, [row])}

    assert {"rows.0.number", "rows.0.title", "rows.0.cosigners", "rows.0.accepted_on", "rows.0.replies"} <= fields
    assert errors_in(BareRow, [{"number": "建议〔2026〕1号", "status": "withheld", "status_zh": "不再公开"}]) == ()
    assert errors_in(DutyRow, [{"period": "2026-11"}])[0] == FieldError(field="rows.0.code", why="missing")


def test_months_and_years_are_told_with_their_first_and_last_day():
    assert months(date(2026, 1, 31)) == (("2025-12", date(2025, 12, 1), date(2025, 12, 31)), ("2026-01", date(2026, 1, 1), date(2026, 1, 31)))
    assert months(date(2028, 3, 1))[0] == ("2028-02", date(2028, 2, 1), date(2028, 2, 29))
    assert years(date(2026, 6, 1)) == (("2026", date(2026, 1, 1), date(2026, 12, 31)),)


def test_a_kind_stands_once_in_the_table_and_no_event_is_heeded_twice():
    heeded = [event for kind in (*OF_CASES, *OF_LISTS) for event in kind.events]

    assert len(KINDS) == len(OF_CASES) + len(OF_LISTS)
    assert not KINDS.keys() & FROM_PROVINCE.keys()
    assert len(set(heeded)) == len(heeded)


def test_a_receipt_is_read_as_it_was_written():
    said = Receipt(number="330100-2026-000012", sha256="0" * 64, says=Says.REJECTED, at=datetime(2026, 3, 2, tzinfo=UTC),
                   errors=(FieldError(field="rows.0.topic", why="?"),))

    assert msgspec.json.decode(canonical(said), type=Receipt) == said
