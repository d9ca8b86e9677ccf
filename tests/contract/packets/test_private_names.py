"""The packet switch uses names that aiortc and pylibsrtp do not promise. Each stands here: a new version
that has not all of them is seen before anybody's call is."""

import pylibsrtp
import pytest
from aiortc import RTCCertificate
from aiortc.rtcdtlstransport import RTCDtlsTransport
from pylibsrtp import Policy, Session

from media.plane import dtls, srtp
from media.plane.srtp import InPlaceShield, PublicShield, rx, shield_of, tx

PACKET = bytes((0x80, 111, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3)) + b"payload"
PROFILES = (Policy.SRTP_PROFILE_AEAD_AES_256_GCM, Policy.SRTP_PROFILE_AES128_CM_SHA1_80)


def test_aiortc_has_every_private_name_that_is_used():
    owners = {
        "RTCCertificate": RTCCertificate,
        "RTCDtlsTransport": RTCDtlsTransport,
        "RTCDtlsTransport(…)": dtls.fresh_transport(RTCCertificate.generateCertificate()),
    }
    assert dtls.PRIVATE == (
        "RTCCertificate._create_ssl_context",
        "RTCDtlsTransport._set_role",
        "RTCDtlsTransport._setup_srtp",
        "RTCDtlsTransport._validate_peer_identity",
        "RTCDtlsTransport(…)._rx_srtp",
        "RTCDtlsTransport(…)._srtp_profiles",
        "RTCDtlsTransport(…)._ssl",
        "RTCDtlsTransport(…)._tx_srtp",
    )
    for name in dtls.PRIVATE:
        owner, _, attribute = name.rpartition(".")
        assert hasattr(owners[owner], attribute), name


def test_galois_counter_mode_is_offered_first():
    names = [profile.openssl_profile for profile in dtls.fresh_transport(RTCCertificate.generateCertificate())._srtp_profiles]
    assert names[0] == b"SRTP_AEAD_AES_256_GCM"


def test_pylibsrtp_has_every_private_name_that_is_used():
    assert srtp.PRIVATE == ("_binding.ffi", "_binding.lib", "Session._srtp")
    assert srtp.IN_PLACE
    assert hasattr(Session(), "_srtp")
    for name in ("srtp_protect", "srtp_unprotect", "srtp_protect_rtcp", "srtp_unprotect_rtcp"):
        assert hasattr(pylibsrtp._binding.lib, name)


def sessions(profile: int, key: bytes) -> tuple[Session, Session]:
    inbound = Policy(key=key, ssrc_type=Policy.SSRC_ANY_INBOUND, srtp_profile=profile)
    outbound = Policy(key=key, ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile)
    return Session(inbound), Session(outbound)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_public_way_writes_and_reads_the_same_bytes(profile):
    sealed = []
    for in_place in (True, False):
        shield = shield_of(*sessions(profile, bytes(range(46))), in_place=in_place)
        assert isinstance(shield, InPlaceShield if in_place else PublicShield)
        tx[: len(PACKET)] = PACKET
        size = shield.close(len(PACKET))
        sealed.append(bytes(tx[:size]))
        rx[:size] = tx[:size]
        assert bytes(rx[: shield.open(size)]) == PACKET
        assert shield.open(size) == 0, "a replay"
        assert shield.open_rtcp(5) == 0
        report = shield.close_rtcp(bytes((0x80, 201, 0, 1, 0, 0, 0, 9)))
        rx[: len(report)] = report
        assert shield.open_rtcp(len(report)) == 8
    assert sealed[0] == sealed[1]
    assert sealed[0] != PACKET
