"""What a player reads: RFC 8216bis, sentence by sentence."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from media.studio.playlist import (
    Part,
    Range,
    Segment,
    Window,
    main_playlist,
    media_playlist,
    replay_beginning,
    replay_segment,
)

SECONDS = st.floats(0.1, 0.5).map(lambda value: round(value, 3))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    first, count = draw(st.integers(0, 1_000)), draw(st.integers(1, 20))
    init, segments = 0, []
    for number in range(first, first + count):
        fresh = draw(st.booleans()) and number > first
        init += fresh
        parts = tuple(Part(seconds, place == 0) for place, seconds in enumerate(draw(st.lists(SECONDS, min_size=1, max_size=3))))
        segments.append(Segment(number, 1_700_000_000_000 + number * 1_000, init, parts, fresh))
    growing = Segment(first + count, 1_700_000_000_000, init, (Part(0.4, True),)) if draw(st.booleans()) else None
    return Window(2, segments, growing, ended=draw(st.booleans()))


@settings(deadline=None, max_examples=40)
@given(windows())
def test_every_segment_is_listed_once_and_none_is_longer_than_was_promised(window):
    told = media_playlist(window)
    assert re.findall(r"^seg-(\d+)\.m4s", told, re.MULTILINE) == [str(segment.number) for segment in window.segments]
    (target,) = map(int, re.findall(r"TARGETDURATION:(\d+)", told))
    assert all(round(float(seconds)) <= target for seconds in re.findall(r"#EXTINF:([\d.]+)", told))
    assert all(float(seconds) <= 0.5 for seconds in re.findall(r"#EXT-X-PART:DURATION=([\d.]+)", told))
    assert f"MEDIA-SEQUENCE:{window.segments[0].number}\n" in told


@settings(deadline=None, max_examples=40)
@given(windows())
def test_a_stream_that_goes_on_hints_at_the_next_part_and_one_that_ended_says_so(window):
    told = media_playlist(window)
    number, part = window.hint
    hint = f'PRELOAD-HINT:TYPE=PART,URI="part-{number}.{part}.m4s"'
    assert (hint in told) is not window.ended
    assert told.endswith("#EXT-X-ENDLIST\n") is window.ended
    assert ("#EXT-X-PART:" not in told) or not window.ended


@settings(deadline=None, max_examples=40)
@given(windows())
def test_each_change_of_look_brings_its_head(window):
    lines = media_playlist(window).splitlines()
    for segment in window.segments[1:]:
        if segment.fresh:
            place = lines.index(f"seg-{segment.number}.m4s")
            before = lines[lines.index(f"seg-{segment.number - 1}.m4s"):place]
            assert before[1:3] == ["#EXT-X-DISCONTINUITY", f'#EXT-X-MAP:URI="init-{segment.init}.mp4"']


@settings(deadline=None, max_examples=40)
@given(windows())
def test_who_has_the_older_ones_is_told_only_how_many_they_are(window):
    whole, short = media_playlist(window), media_playlist(window, skip=True)
    skipped = sum(map(int, re.findall(r"SKIPPED-SEGMENTS=(\d+)", short)))
    numbers = [segment.number for segment in window.segments]
    assert [int(one) for one in re.findall(r"^seg-(\d+)", short, re.MULTILINE)] == numbers[skipped:]
    assert len(short) <= len(whole)
    kept = sum(segment.seconds for segment in window.segments[skipped:]) + (window.growing.seconds if window.growing else 0)
    assert not skipped or kept >= 6 * window.target


def test_the_first_playlist_names_codecs_and_size():
    told = main_playlist("avc1.42e01f,mp4a.40.2", 640, 360, 1_500_000)
    assert 'BANDWIDTH=1500000,CODECS="avc1.42e01f,mp4a.40.2",RESOLUTION=640x360\nindex.m3u8' in told


def test_a_replay_names_ranges_of_one_file():
    told = replay_beginning(1) + replay_segment(Segment(0, 0, 0, (Part(1.0, True),)), "l.mp4", Range(100, 50), Range(0, 100))
    assert '#EXT-X-MAP:URI="l.mp4",BYTERANGE="100@0"' in told
    assert told.endswith("#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:00.000Z\n#EXTINF:1.000,\n#EXT-X-BYTERANGE:50@100\nl.mp4\n")
