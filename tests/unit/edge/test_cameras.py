"""What a station shows: a test card, a file, a camera, and sentences where there is none."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from edge.calls.cameras import DEVICE, camera_of
from edge.calls.frames import HEIGHT, RATE, TEST_FRAMES, WIDTH, card, of_file
from hub.kernel.errors import Malformed, Refused


def shown(pictures: tuple[bytes, ...]) -> list[av.VideoFrame]:
    decoder: Any = av.CodecContext.create("h264", "r")
    return [frame for picture in pictures for frame in decoder.decode(av.Packet(picture))] + list(decoder.decode(None))


def film(path: Path, rate: int, seconds: int) -> Path:
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(rate * seconds):
            frame = av.VideoFrame(64, 48, "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def test_the_test_card_moves_and_can_be_looked_at_from_any_second():
    whole_card = card()
    whole, later = shown(whole_card), shown(whole_card[2 * RATE:])

    assert (len(whole), whole[0].width, whole[0].height) == (TEST_FRAMES, WIDTH, HEIGHT)
    assert bytes(whole[0].planes[0]) != bytes(whole[RATE].planes[0])
    assert len(later) == TEST_FRAMES - 2 * RATE


def test_a_film_is_shown_at_the_pace_of_its_pictures(tmp_path: Path):
    assert len(shown(of_file(film(tmp_path / "film.mp4", 25, 2)))) == 2 * RATE


def test_where_there_is_no_picture_a_sentence_says_why(tmp_path: Path):
    (tmp_path / "words.txt").write_text("no film")
    for wish in (f"file:{tmp_path / 'words.txt'}", f"file:{tmp_path / 'gone.mp4'}", f"v4l2:{tmp_path / 'no-camera'}"):
        camera = camera_of(wish)
        assert camera
        with pytest.raises(Refused):
            camera()
    with pytest.raises(Malformed):
        camera_of("webcam")
    assert (camera_of("none"), DEVICE) == (None, "/dev/video0")
