"""Ports for servers that are started a moment later."""

from __future__ import annotations

import random
import socket
from collections import deque
from contextlib import ExitStack, suppress
from functools import cache

FROM, TO, PART = 12_000, 32_000, 500
"""Below those that the kernel gives to whoever connects: a test beside this one takes none of them by chance."""
KINDS = (socket.SOCK_STREAM, socket.SOCK_DGRAM)


@cache
def _own() -> tuple[deque[int], socket.socket]:
    """The part of the range that is this process' alone as long as it lives, and by what it holds it: two that run
    beside each other never take the same port in the moment before a server stands on it."""
    parts = range(FROM, TO, PART)
    for first in random.sample(parts, len(parts)):
        claim = socket.socket(socket.AF_UNIX)
        with suppress(OSError):
            claim.bind(f"\0liaison-hub-tests-{first}")
            return deque(range(first, first + PART)), claim
        claim.close()
    raise OSError("every part of the ports for tests is taken")


def free_port(row: int = 1) -> int:
    """The first of so many in a row where nobody listens; none is given twice soon."""
    ports, _ = _own()
    while True:
        wanted = [ports[number] for number in range(row)]
        ports.rotate(-row)
        if wanted[-1] - wanted[0] == row - 1 and all(map(_is_free, wanted)):
            return wanted[0]


def _is_free(port: int) -> bool:
    with ExitStack() as probes, suppress(OSError):
        for kind in KINDS:
            probes.enter_context(socket.socket(type=kind)).bind(("127.0.0.1", port))
        return True
    return False
