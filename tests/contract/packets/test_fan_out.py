"""One packet to many: Python's way and C's put the same bytes on the wire."""

import socket
import weakref
from pathlib import Path

import pytest
from pylibsrtp import Policy, Session

from media.plane.fanout import FanOut, PythonFanOut, Row
from media.plane.fanout_c import CFanOut, compiled, fan_out_of
from media.plane.paths import UdpPath
from media.plane.rtp import LARGEST
from media.plane.srtp import Shield, shield_of
from tests.patience import PATIENCE

VIEWERS = 70
"""More than C sends in one go."""
SIZES = (0, *[1000] * 20, 400, 400, 500, LARGEST)
"""Those of one size go together, and one that is shorter; then it begins anew. The last fits into no packet."""
FIT = len(SIZES)
NO_CHECKSUM = 11
"""SO_NO_CHECK of Linux."""


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("fanout")
    if compiled(folder) is None:
        pytest.skip("no C compiler here: Python's fan-out alone is used, and tested elsewhere")
    return folder


def shields(profile: int) -> list[Shield]:
    made = []
    for viewer in range(VIEWERS):
        policy = Policy(key=bytes((viewer,)) * 46, ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile)
        made.append(shield_of(Session(), Session(policy)))
    return made


def on_the_wire(fan: FanOut, keys: list[Shield], viewer: socket.socket, sender: socket.socket) -> list[bytes]:
    path = UdpPath(sender, viewer.getsockname())
    rows = fan.rows([Row(key, path, 7 + n, 96 + n % 20, n * 1000, 2**32 - n) for n, key in enumerate(keys)])
    fan.send(rows, 0x80, 65_530, 2**32 - 5, True, b"\xbe\xde\0\1\x10\x05\0\0" + b"payload" * 100)
    for index, size in enumerate(SIZES, 65_537):
        fan.send(rows, 0, index, 5, False, bytes(size))
    if isinstance(fan, CFanOut):
        fan.flush()
    return sorted(viewer.recv(3000) for _ in range(FIT * VIEWERS))


@pytest.mark.parametrize("profile", [Policy.SRTP_PROFILE_AEAD_AES_256_GCM, Policy.SRTP_PROFILE_AES128_CM_SHA1_80])
@pytest.mark.parametrize("together", [True, False], ids=["together", "apart"])
def test_both_ways_write_the_same_bytes(cache, profile, together):
    """Also where the kernel refuses several packets in one message, as it does without checksums."""
    said = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as viewer:
        viewer.bind(("127.0.0.1", 0))
        viewer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        viewer.settimeout(PATIENCE)
        if not together:
            sender.setsockopt(socket.SOL_SOCKET, NO_CHECKSUM, 1)
        for fan in (PythonFanOut(sender), fan_out_of(sender, cache, lambda flush: None)):
            said.append(on_the_wire(fan, shields(profile), viewer, sender))
            assert (fan.sent, fan.dropped) == (FIT * VIEWERS, VIEWERS)
    assert isinstance(fan, CFanOut)
    assert said[0] == said[1]


def test_keys_of_who_has_left_live_until_what_waits_is_sent(cache):
    policy = Policy(key=bytes(46), ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=Policy.SRTP_PROFILE_AES128_CM_SHA1_80)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as viewer:
        viewer.bind(("127.0.0.1", 0))
        fan, session = fan_out_of(sender, cache, lambda flush: None), Session(policy)
        assert isinstance(fan, CFanOut)
        keys = weakref.ref(session)
        fan.send(fan.rows([Row(shield_of(Session(), session), UdpPath(sender, viewer.getsockname()), 7, 96, 0, 0)]), 0, 1, 5, False, b"word")
        del session
        assert keys() is not None
        fan.flush()
        assert (fan.sent, keys()) == (1, None)


def test_what_waits_when_the_socket_is_closed_is_dropped(cache):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        fan = fan_out_of(sender, cache, lambda flush: None)
        rows = fan.rows([Row(shields(Policy.SRTP_PROFILE_AES128_CM_SHA1_80)[0], UdpPath(sender, ("127.0.0.1", 9)), 7, 96, 0, 0)])
        fan.send(rows, 0, 1, 5, False, b"word")
    assert isinstance(fan, CFanOut)
    fan.flush()
    assert (fan.sent, fan.dropped) == (0, 1)


def test_without_a_folder_python_does_it(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        assert isinstance(fan_out_of(sender, None, lambda flush: None), PythonFanOut)


def test_a_library_that_does_not_load_is_no_reason_to_fail(cache, tmp_path):
    library = compiled(cache)
    assert library is not None
    broken = tmp_path / library.name
    broken.write_bytes(b"no library")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        assert isinstance(fan_out_of(sender, tmp_path, lambda flush: None), PythonFanOut)
