"""What comes over a tap's socket, whatever it is, costs nobody but its sender."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from media import tapping
from media.studio.sources import Source
from media.studio.taps import TapConnection
from media.tapping import Kind, TapEnded, TapOpened, TapSource

OPENED = tapping.said(Kind.OPENED, TapOpened(tap="t", room="meeting:1"))
SOURCE = tapping.said(Kind.SOURCE, TapSource(number=1, source="p@meeting:1#a/0", ref="p", name="", part="mic", kind="audio", codec="opus", clock_rate=48_000))


class Room:
    def __init__(self) -> None:
        self.here: list[Source] = []

    def came(self, source: Source) -> None:
        self.here.append(source)

    def went(self, source: Source) -> None:
        self.here.remove(source)

    def floor(self, room: str, ref: str) -> None: ...

    def hurry(self) -> bool:
        return False


@settings(deadline=None)
@given(st.lists(st.one_of(st.just(SOURCE), st.binary(max_size=80).map(lambda rtp: tapping.packet(1, 5, rtp)), st.binary(max_size=80)), max_size=20),
       st.integers(1, 50))
def test_bytes_of_any_kind_in_any_slices_are_survived(sent, slice_size):
    room = Room()
    line = TapConnection(room)
    stream = b"".join((OPENED, *sent))
    for at in range(0, len(stream), slice_size):
        line.data_received(stream[at:at + slice_size])
    line.connection_lost(None)
    assert room.here == []


def test_packets_reach_their_source_however_the_stream_is_sliced():
    room = Room()
    line = TapConnection(room)
    packets = [b"\x80\x6f" + number.to_bytes(2, "big") + bytes(8) + b"\xfc" for number in range(20)]
    stream = OPENED + SOURCE + b"".join(tapping.packet(1, number, one) for number, one in enumerate(packets))
    for at in range(0, len(stream), 7):
        line.data_received(stream[at:at + 7])
    (source,) = room.here
    assert (source.packets, source.room, source.peer, source.ref) == (20, "meeting:1", "p@meeting:1#a", "p")
    line.data_received(tapping.said(Kind.ENDED, TapEnded(number=1)))
    assert room.here == []
