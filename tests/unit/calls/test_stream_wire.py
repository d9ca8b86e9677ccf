"""What a carrier writes on a Media Stream."""

from __future__ import annotations

import json
from base64 import b64encode
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.twilio.legs import StreamWire
from hub.kernel.errors import Malformed


def test_sound_comes_out_and_goes_in_once_the_stream_has_a_name():
    wire = StreamWire()
    assert wire.give(b"\x01") == ""
    began = [wire.take(json.dumps(frame)) for frame in (
        {"event": "connected", "protocol": "Call"}, {"event": "start", "streamSid": "MZ1", "start": {"callSid": "CA1"}},
        {"event": "media", "streamSid": "MZ1", "media": {"track": "inbound", "payload": b64encode(b"abc").decode()}},
        {"event": "dtmf", "streamSid": "MZ1", "dtmf": {"digit": "1"}}, {"event": "stop", "streamSid": "MZ1"})]

    assert began == [b"", b"", b"abc", b"", None]
    assert json.loads(wire.give(b"xyz")) == {"event": "media", "streamSid": "MZ1", "media": {"payload": b64encode(b"xyz").decode()}}


@given(st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(
    st.sampled_from(["event", "media", "payload", "streamSid"]), inner)).map(json.dumps)))
def test_nonsense_is_refused_or_passed_over(text: str):
    with suppress(Malformed):
        assert isinstance(StreamWire().take(text), bytes | None)


def test_a_frame_that_is_no_base64_is_refused():
    with pytest.raises(Malformed):
        StreamWire().take('{"event":"media","media":{"payload":"***"}}')
