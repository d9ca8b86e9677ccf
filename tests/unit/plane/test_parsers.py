"""Every parser takes any bytes: an answer or a clear refusal, never another error."""

import struct

from aioice import stun as aioice_stun
from hypothesis import given
from hypothesis import strategies as st

from hub.kernel.errors import Malformed, Refused
from media.plane import frames, rtcp, rtp, stun
from media.plane.answer import agree
from media.plane.rtp import Ext
from media.plane.sdp import read_offer
from tests.flows.plane.phone import offer

GOOD = offer("audio sendrecv", "video sendonly", "video recvonly", repair=True)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_rtp_packet_or_none(packet):
    start = rtp.payload_start(packet, len(packet))
    if start:
        assert 12 <= start <= len(packet)
        end = rtp.payload_end(packet, start, len(packet))
        assert end == -1 or start <= end <= len(packet)
    if start and packet[0] & rtp.EXTENDED:
        rtp.carried(packet, start, dict.fromkeys(range(256), Ext.LEVEL))


@given(st.sampled_from((0xBEDE, 0x1000, 0x1003, 7)), st.binary(max_size=60))
def test_any_extension_block_is_read_within_its_bounds(form, body):
    body = body.ljust((len(body) + 3) // 4 * 4, b"\0")
    packet = rtp.HEAD.pack(0x90, 111, 1, 2, 3) + struct.pack("!HH", form, len(body) // 4) + body + b"payload"
    start = rtp.payload_start(packet, len(packet))
    for _, value in rtp.carried(packet, start, dict.fromkeys(range(256), Ext.LEVEL)):
        assert 0 < len(value) <= 255
        assert value in body


@given(st.dictionaries(st.sampled_from(list(Ext)), st.integers(1, 14), min_size=1), st.binary(min_size=1, max_size=16),
       st.text(st.characters(codec="ascii", categories=("Lu", "Ll", "Nd")), min_size=1, max_size=32))
def test_what_is_written_as_extensions_is_read_again(ids, value, mid):
    ids = {ext: number for number, (ext, _) in enumerate(ids.items(), 1)}
    block = rtp.Extensions(ids, mid).block(tuple((ext, value) for ext in ids if ext > Ext.SENT), 5)
    packet = rtp.HEAD.pack(0x90, 111, 1, 2, 3) + block + b"payload"

    found = dict(rtp.carried(packet, rtp.payload_start(packet, len(packet)), {n: ext for ext, n in ids.items()}))

    expected = {Ext.MID: mid.encode(), Ext.SENT: b"\0\0\5"}
    assert found == {ext: expected.get(ext, value) for ext in ids}


@given(st.binary(max_size=300), st.integers(0, 31))
def test_any_bytes_are_rtcp_as_far_as_they_go(packet, count):
    for kind, number, body in rtcp.parts(packet):
        list(rtcp.read_blocks(kind, number, body))
    list(rtcp.read_blocks(200, count, packet))
    list(rtcp.read_blocks(201, count, packet))
    rtcp.read_sender(packet)
    rtcp.read_nack(packet)
    rtcp.read_key_frame(1, packet)
    rtcp.read_key_frame(4, packet)
    assert rtcp.read_remb(packet) >= 0


@given(st.sets(st.integers(0, 300), min_size=1, max_size=60), st.integers(0, 65_535))
def test_a_nack_names_what_is_missing_over_the_wrap_too(steps, first):
    numbers = [first + step & 0xFFFF for step in sorted(steps)]
    ((_, _, body),) = rtcp.parts(rtcp.nack(1, 7, numbers))
    assert rtcp.read_nack(body) == (7, numbers)


@given(st.integers(1, 10**12))
def test_a_limit_is_told_with_18_bits_of_care(bps):
    ((_, _, body),) = rtcp.parts(rtcp.remb(1, bps, [2, 3]))
    assert bps * (1 - 2**-17) <= rtcp.read_remb(body) <= bps


@given(st.binary(min_size=1, max_size=40), st.sampled_from(("h264", "vp8", "opus")))
def test_any_payload_has_key_flags(payload, codec):
    assert 0 <= frames.key_flags(codec, payload) <= 3


@given(st.binary(max_size=100))
def test_any_bytes_are_a_check_or_none(datagram):
    stun.read_check(datagram)
    stun.read_check(datagram[:4] + stun.COOKIE + datagram[8:])


def checked(to: str, password: str, nominated: bool) -> bytes:
    """As another library writes it."""
    request = aioice_stun.Message(aioice_stun.Method.BINDING, aioice_stun.Class.REQUEST)
    request.attributes |= {"USERNAME": f"{to}:them", "PRIORITY": 1, "ICE-CONTROLLING": 7}
    if nominated:
        request.attributes["USE-CANDIDATE"] = None
    request.add_message_integrity(password.encode())
    return bytes(request)


@given(st.text("0123456789abcdef", max_size=13), st.text("0123456789abcdef", min_size=1, max_size=32), st.booleans(),
       st.ip_addresses().map(str), st.integers(0, 65_535))
def test_checks_are_read_proved_and_answered_as_another_library_does(to, password, nominated, host, port):
    datagram = checked(to, password, nominated)
    check = stun.read_check(datagram)

    assert check is not None
    assert (check.to, check.nominated) == (to, nominated)
    assert check.proved(password)
    assert not check.proved(password + "x")
    reply = aioice_stun.Message(aioice_stun.Method.BINDING, aioice_stun.Class.RESPONSE, check.transaction)
    reply.attributes["XOR-MAPPED-ADDRESS"] = (host, port)
    reply.add_message_integrity(password.encode())
    assert stun.answer(check, (host, port), password) == bytes(reply)


@given(st.data())
def test_a_check_with_any_byte_changed_is_not_proved(data):
    datagram = bytearray(checked("us", "secret", nominated=True))
    at = data.draw(st.integers(0, len(datagram) - 9))  # the check sum behind it proves nothing
    datagram[at] ^= data.draw(st.integers(1, 255))
    check = stun.read_check(bytes(datagram))
    assert check is None or not check.proved("secret")


def refusal(text: str) -> Refused | None:
    try:
        agree(read_offer(text))
    except Refused as refused:
        return refused
    return None


@given(st.text(max_size=400))
def test_any_text_is_an_offer_or_refused_with_the_line(text):
    assert isinstance(refusal(text), Malformed)
    assert isinstance(refusal("v=0\n" + text), Malformed)


@given(st.data())
def test_an_offer_with_any_line_torn_is_an_offer_or_refused(data):
    lines = GOOD.split("\r\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    cut = data.draw(st.integers(0, len(lines[at])))
    lines[at] = lines[at][:cut] + data.draw(st.text(max_size=5))
    refused = refusal("\r\n".join(lines))
    assert refused is None or refused.code in {"bad-sdp", "no-codec"}
