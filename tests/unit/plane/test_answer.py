"""What is answered to which offer."""

import pytest
from aiortc.sdp import SessionDescription

from hub.kernel.errors import Malformed, Refused
from media.plane import answer
from media.plane.sdp import read_offer
from tests.flows.plane.phone import offer

OURS = answer.Ours(user="abcd", password="p" * 24, fingerprint="AB:CD", candidates=["1 1 udp 1 10.0.0.1 9 typ host"],
                   session=1)


def answered(text: str) -> SessionDescription:
    described = read_offer(text)
    return SessionDescription.parse(answer.write(described, answer.agree(described), OURS))


def test_h264_of_the_house_stands_first_whatever_the_offers_order():
    text = offer("video sendonly").replace("SAVPF 96 98", "SAVPF 98 96 100") \
        + "a=rtpmap:100 H264/90000\r\na=fmtp:100 packetization-mode=1;profile-level-id=640032\r\n" \
        + "a=rtpmap:101 H264/90000\r\na=fmtp:101 packetization-mode=0;profile-level-id=42e01f\r\n"
    assert [codec.payloadType for codec in answered(text).media[0].rtp.codecs] == [96, 98, 100]


def test_each_direction_is_answered_by_its_counterpart():
    said = answered(offer("audio sendrecv", "video sendonly", "video recvonly", "audio inactive"))
    assert [media.direction for media in said.media] == ["sendrecv", "recvonly", "sendonly", "inactive"]


def test_what_is_no_media_is_refused_by_its_port_and_the_rest_is_taken():
    text = offer("audio sendonly").replace("BUNDLE 0", "BUNDLE 0 d") \
        + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:d\r\n"
    said = answered(text)
    assert [media.port for media in said.media] == [9, 0]
    assert said.group[0].items == ["0"]


@pytest.mark.parametrize(("mine", "ours"), [("actpass", "passive"), ("active", "passive"), ("passive", "active")])
def test_the_roles_of_dtls(mine, ours):
    assert answer.setup_of(read_offer(offer("audio sendonly", setup=mine))) == ours


@pytest.mark.parametrize(("old", "new", "said"), [
    ("v=0", "hello", "第 1 行"),
    ("a=rtcp-mux", "a=x", "a=rtcp-mux"),
    ("a=setup:actpass", "a=setup:holdconn", "setup"),
    ("a=fingerprint:sha-256 ", "a=fingerprint:md5 ", "指纹"),
    ("a=ice-pwd:", "a=ice-pwd:\"", "ice-pwd"),
    ("a=group:BUNDLE 0 1", "a=x", "BUNDLE"),
    ("a=mid:1", "a=mid:0", "mid"),
    ("a=rtpmap:111 ", "a=rtpmap:999 ", "127"),
])
def test_a_wrong_offer_is_refused_with_its_line_and_what_is_due(old, new, said):
    with pytest.raises(Malformed, match="of the session description is wrong") as caught:
        read_offer(offer("audio sendonly", "audio recvonly").replace(old, new))
    assert said in caught.value.zh


def test_codecs_that_are_not_ours_are_refused_with_those_that_are():
    with pytest.raises(Refused, match="Opus") as caught:
        answer.agree(read_offer(offer("audio sendonly").replace("opus", "PCMU")))
    assert caught.value.code == "no-codec"
