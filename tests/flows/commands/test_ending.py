"""A command that is told to end is gone, whatever holds it."""

from __future__ import annotations

import asyncio
import signal
import sys

from tests.patience import PATIENCE

STUCK = """
import asyncio
from hub.commands.ending import until_told

async def stuck():
    print("runs", flush=True)
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            pass

asyncio.run(until_told(stuck(), 0.2))
"""


async def test_who_does_not_end_says_where_it_stands_and_is_gone():
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", STUCK, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        await process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        _, said = await process.communicate()

    assert (process.returncode, b"Timeout" in said, b"most recent call first" in said) == (1, True, True)
