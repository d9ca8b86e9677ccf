"""Where a picture can begin."""

import pytest

from media.plane.frames import PARAMETERS, PICTURE, key_flags

BOTH = PARAMETERS | PICTURE


@pytest.mark.parametrize(("codec", "payload", "flags"), [
    ("h264", b"\x67\x42\xe0", PARAMETERS),
    ("h264", b"\x68\xce", 0),
    ("h264", b"\x65\x88", PICTURE),
    ("h264", b"\x41\x9a", 0),
    ("h264", b"\x7c\x85", PICTURE),
    ("h264", b"\x7c\x05", 0),
    ("h264", b"\x7c\x81", 0),
    ("h264", b"\x18\x00\x02\x67\x42\x00\x02\x68\xce\x00\x02\x65\x88", BOTH),
    ("h264", b"\x18\xff\xff\x67", PARAMETERS),
    ("vp8", b"\x10\x00", BOTH),
    ("vp8", b"\x10\x01", 0),
    ("vp8", b"\x00\x00", 0),
    ("vp8", b"\x11\x00", 0),
    ("vp8", b"\x90\x80\x05\x00", BOTH),
    ("vp8", b"\x90\x80\x85\x05\x00", BOTH),
    ("vp8", b"\x90\xe0\x85\x05\x01\x20\x00", BOTH),
    ("vp8", b"\x90\xf0\x85\x05\x01\x20\x01", 0),
    ("vp8", b"\x90\x80", 0),
])
def test_the_beginning_of_a_picture_is_told_by_its_first_bytes(codec, payload, flags):
    assert key_flags(codec, payload) == flags
