"""Ports for servers that are started a moment later."""

from __future__ import annotations

import random
import socket
from contextlib import ExitStack

FROM, TO = 12_000, 32_000
"""Below those that the kernel gives to whoever connects: a test beside this one takes none of them by chance."""


def free_port(row: int = 1) -> int:
    """The first of so many in a row where nobody listens."""
    while True:
        port = random.randrange(FROM, TO - row)
        try:
            with ExitStack() as probes:
                for number in range(port, port + row):
                    probes.enter_context(socket.socket()).bind(("127.0.0.1", number))
        except OSError:
            continue
        return port
