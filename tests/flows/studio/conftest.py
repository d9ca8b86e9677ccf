from pathlib import Path

import pytest

from tests.flows.studio.rtp import film


@pytest.fixture(scope="session")
def h264(tmp_path_factory) -> Path:
    return film(tmp_path_factory.mktemp("film") / "h264.mkv")


@pytest.fixture(scope="session")
def vp8(tmp_path_factory) -> Path:
    return film(tmp_path_factory.mktemp("film") / "vp8.mkv", video="vp8", frames=60, size=(320, 180))
