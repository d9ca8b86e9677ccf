"""Frames: whatever the network makes of the bytes, the same messages come out; what breaks the protocol is refused."""

from __future__ import annotations

import contextlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.gateway.live import frames
from hub.gateway.live.frames import BINARY, CLOSE, MORE, PING, TEXT, BadFrame, Reader

LIMIT = 100_000
MASK = b"\x01\x02\x03\x04"


def sent(opcode: int, payload: bytes, *, final: bool = True) -> bytes:
    """As a client sends it: masked."""
    head = bytes((opcode | (0x80 if final else 0),))
    size = len(payload)
    if size < 126:
        head += bytes((0x80 | size,))
    elif size < 65_536:
        head += bytes((0x80 | 126,)) + size.to_bytes(2)
    else:
        head += bytes((0x80 | 127,)) + size.to_bytes(8)
    return head + MASK + frames.unmasked(payload, MASK)


messages = st.lists(st.tuples(st.sampled_from([TEXT, BINARY]), st.binary(max_size=300)), max_size=6)


@given(messages, st.lists(st.integers(0, 2000), max_size=8))
def test_cut_anywhere_the_same_messages_come_out(told, cuts):
    whole = b"".join(sent(opcode, payload) for opcode, payload in told)
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    reader = Reader(LIMIT)

    heard = [one for start, end in pairwise(places) for one in reader.feed(whole[start:end])]

    assert heard == told


@given(st.lists(st.binary(max_size=50), min_size=2, max_size=6))
def test_fragments_become_one_message_and_a_ping_may_stand_between(parts):
    first, *middle, last = parts
    raw = sent(TEXT, first, final=False)
    raw += b"".join(sent(MORE, part, final=False) + sent(PING, b"?") for part in middle)
    raw += sent(MORE, last)

    heard = list(Reader(LIMIT).feed(raw))

    assert [payload for opcode, payload in heard if opcode == TEXT] == [b"".join(parts)]
    assert [payload for opcode, payload in heard if opcode == PING] == [b"?"] * len(middle)


@pytest.mark.parametrize(("raw", "code"), [
    (frames.text("not masked"), frames.PROTOCOL),
    (bytes((0xC1, 0x80)) + MASK, frames.PROTOCOL),
    (sent(0x3, b""), frames.PROTOCOL),
    (sent(MORE, b"of nothing"), frames.PROTOCOL),
    (sent(PING, b"x" * 126), frames.PROTOCOL),
    (sent(CLOSE, b"", final=False), frames.PROTOCOL),
    (sent(TEXT, b"x", final=False) + sent(TEXT, b"y"), frames.PROTOCOL),
    (bytes((0x81, 0xFF)) + (1 << 62).to_bytes(8) + MASK, frames.TOO_BIG),
    (sent(TEXT, b"x" * 60_000, final=False) + sent(MORE, b"x" * 60_000), frames.TOO_BIG),
])
def test_what_breaks_the_protocol_is_refused_before_it_is_read(raw, code):
    with pytest.raises(BadFrame) as refused:
        list(Reader(LIMIT).feed(raw))

    assert refused.value.code == code


@given(st.binary(max_size=200))
def test_rubbish_is_refused_or_awaited_but_never_anything_else(raw):
    reader = Reader(LIMIT)

    with contextlib.suppress(BadFrame):
        assert all(opcode in (TEXT, BINARY, CLOSE, PING, frames.PONG) for opcode, _ in reader.feed(raw))


def test_the_key_is_accepted_as_the_standard_says():
    assert frames.accept_key(b"dGhlIHNhbXBsZSBub25jZQ==") == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455, 1.3


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_servers_frame_says_its_length(size):
    made = frames.frame(TEXT, b"x" * size)

    assert made.endswith(b"x" * size)
    assert len(made) - size == (2 if size < 126 else 4 if size < 65_536 else 10)
