"""What comes out of packets is what went in; what was never meant to go in does no harm."""

from __future__ import annotations

import random
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.studio import opus, sps
from media.studio.h264 import H264, annex_b, configuration, sets_of
from media.studio.opus import Opus
from media.studio.ordered import WAIT, Ordered, bare
from media.studio.samples import Depacketiser, Sample
from media.studio.vp8 import Vp8

SPS = bytes.fromhex("6742c01ed900a02ff9610000030001000003003c8f162e48")
"""640x360, constrained baseline."""
PPS = bytes.fromhex("68cb83cb20")
FUZZ = st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.binary(min_size=1, max_size=60)), max_size=40)


class Heard:
    """The end of a pipe: notes what it is given."""

    def __init__(self) -> None:
        self.payloads: list[bytes] = []
        self.stamps: list[int] = []
        self.gaps = 0

    def put(self, ts: int, marker: bool, buffer: bytes, start: int, stop: int, arrival: int) -> None:
        self.payloads.append(buffer[start:stop])
        self.stamps.append(ts)

    def lost(self) -> None:
        self.gaps += 1


def put(taken: Depacketiser, ts: int, marker: bool, payload: bytes) -> None:
    """In the middle of a buffer, as payloads are."""
    taken.put(ts, marker, b"before" + payload + b"after", 6, 6 + len(payload), 0)


def rtp(number: int, payload: bytes = b"x", ts: int = 0, first: int = 0x80) -> bytes:
    return pack("!BBHII", first, 96, number & 0xFFFF, ts & 0xFFFFFFFF, 7) + payload


def take(ordered: Ordered, packet: bytes, arrival: int) -> None:
    ordered.put(b"before" + packet + b"after", 6, 6 + len(packet), arrival)


def pieces(unit: bytes, size: int) -> list[bytes]:
    """FU-A (RFC 6184, 5.8)."""
    body = unit[1:]
    cuts = [body[at:at + size] for at in range(0, len(body), size)]
    return [bytes((unit[0] & 0xE0 | 28, (0x80 * (place == 0)) | (0x40 * (place == len(cuts) - 1)) | unit[0] & 31)) + cut
            for place, cut in enumerate(cuts)]


@pytest.mark.parametrize("depacketiser", [H264, Vp8, Opus])
@settings(deadline=None)
@given(sent=FUZZ)
def test_no_payload_whatever_breaks_a_depacketiser(depacketiser, sent):
    heard: list[Sample] = []
    taken = depacketiser(heard.append)
    for ts, marker, payload in sent:
        put(taken, ts, marker, payload)
    taken.lost()
    assert all(sample.body for sample in heard)


@settings(deadline=None)
@given(st.binary(max_size=120), st.integers(0, 0xFFFF))
def test_no_packet_whatever_breaks_the_order(packet, number):
    heard = Heard()
    ordered = Ordered(heard)
    for one in (rtp(number), packet, rtp(number + 1), b"\x80" + packet, b"\xbf" + packet):
        take(ordered, one, 0)
    assert len(heard.payloads) >= 2


@settings(deadline=None)
@given(st.binary(max_size=64))
def test_a_parameter_set_that_is_none_has_no_size(raw):
    found = sps.size(b"\x67" + raw)
    assert found is None or (0 < found[0] <= 16_384 and 0 < found[1] <= 16_384)


@settings(deadline=None)
@given(st.integers(0, 0xFFFF), st.integers(2, 120), st.randoms(use_true_random=False))
def test_packets_that_change_places_come_out_in_order_over_the_wrap(first, count, chance: random.Random):
    order = sorted(range(count), key=lambda place: place + chance.uniform(0, 8))
    order.remove(0)
    heard = Heard()
    ordered = Ordered(heard)
    for place in (0, *order):
        take(ordered, rtp(first + place, bytes((place,)), ts=0xFFFFFF00 + 960 * place), 1_000 * place)
    assert heard.payloads == [bytes((place,)) for place in range(count)]
    assert [later - before for before, later in zip(heard.stamps, heard.stamps[1:], strict=False)] == [960] * (count - 1)
    assert ordered.lost == 0


def test_a_gap_is_waited_for_and_then_told():
    heard = Heard()
    ordered = Ordered(heard)
    for number, arrival in ((1, 0), (3, 10), (4, 20)):
        take(ordered, rtp(number, bytes((number,))), arrival)
    assert heard.payloads == [b"\x01"]
    take(ordered, rtp(5, b"\x05"), WAIT + 20)
    assert heard.payloads == [b"\x01", b"\x03", b"\x04", b"\x05"]
    assert (heard.gaps, ordered.lost) == (1, 1)


def test_a_sender_that_counts_anew_is_followed():
    heard = Heard()
    ordered = Ordered(heard)
    take(ordered, rtp(30_000), 0)
    for number in range(100, 300):
        take(ordered, rtp(number), 0)
    assert len(heard.payloads) > 100


def test_extensions_sources_and_padding_are_not_media():
    extended = pack("!BBHII", 0x80 | 0x10 | 0x20 | 1, 96, 1, 0, 7) + b"CSRC" + pack("!HH", 0xBEDE, 1) + b"EXT1" + b"media" + b"\x00\x00\x03"
    assert bare(extended) == b"media"
    heard = Heard()
    ordered = Ordered(heard)
    for number in (1, 2):
        take(ordered, rtp(number, pack("!HH", 0xBEDE, 1) + b"EXT1" + b"media", first=0x90), 0)
    take(ordered, rtp(3, b"\xbe\xde\x00\x00", first=0x90), 0)
    assert heard.payloads == [b"media", b"media"]
    assert bare(pack("!BBHII", 0xA0, 96, 1, 0, 7) + b"\x00\x02") == b""
    assert bare(pack("!BBHII", 0x90, 96, 1, 0, 7) + b"\xbe\xde\xff\xff") == b""


def test_a_key_frame_in_pieces_is_one_sample_with_the_look_of_its_sets():
    heard: list[Sample] = []
    taken = H264(heard.append)
    picture = b"\x65" + bytes(range(256)) * 10
    stap = b"\x78" + len(SPS).to_bytes(2, "big") + SPS + len(PPS).to_bytes(2, "big") + PPS
    sent = [stap, *pieces(picture, 1_000)]
    for place, payload in enumerate(sent, 1):
        put(taken, 90, place == len(sent), payload)
    (sample,) = heard
    assert sample.key
    assert annex_b(sample.body) == b"\x00\x00\x00\x01" + picture
    assert sample.look is not None
    assert (sample.look.width, sample.look.height, sample.look.words) == (640, 360, "avc1.42c01e")
    assert sets_of(sample.look.config) == b"\x00\x00\x00\x01" + SPS + b"\x00\x00\x00\x01" + PPS
    assert sample.look.config == configuration(SPS, PPS)


def test_a_picture_with_a_hole_is_left_out_and_the_next_one_is_not():
    heard: list[Sample] = []
    broken: list[int] = []
    taken = H264(heard.append, lambda: broken.append(1))
    for payload in (SPS, PPS):
        put(taken, 1, False, payload)
    put(taken, 1, True, b"\x65key")
    first, _, last = pieces(b"\x41" + bytes(2_500), 1_000)
    put(taken, 2, False, first)
    taken.lost()
    put(taken, 2, True, last)
    put(taken, 3, True, b"\x41whole")
    assert [sample.ts for sample in heard] == [1, 3]
    assert len(broken) == 1


def test_vp8_pictures_carry_their_size_and_forget_their_descriptors():
    heard: list[Sample] = []
    taken = Vp8(heard.append)
    key = b"\x10\x02\x00\x9d\x01\x2a" + (640).to_bytes(2, "little") + (360).to_bytes(2, "little") + b"rest"
    put(taken, 1, False, b"\x90\x80\x81\x02" + key[:6])
    put(taken, 1, True, b"\x80\x80\x81\x02" + key[6:])
    put(taken, 2, True, b"\x10\x11later")
    assert [(sample.key, sample.body) for sample in heard] == [(True, key), (False, b"\x11later")]
    assert heard[0].look is heard[1].look
    assert heard[0].look is not None
    assert (heard[0].look.width, heard[0].look.height) == (640, 360)


@pytest.mark.parametrize(("first", "samples"), [(b"\xfc", 960), (b"\x08\x00", 960), (b"\x7f\x03", 2_880), (b"\x80", 120), (b"\xff\x3f", 0), (b"", 0)])
def test_an_opus_packet_says_how_long_it_sounds(first, samples):
    assert opus.ticks(first) == samples
