"""A line that breaks after any byte of what a client says leaves nothing behind."""

from __future__ import annotations

import asyncio

from tests.flows.cluster.guest import KNOCK, masked
from tests.flows.live.hall import hears, numbers, opened
from tests.patience import PATIENCE

SAID = ('40{"who":"raw"}', '421["join",0]', "3", '42["ack",["x.1"]]', '422["ask",{"type":"SayTyping"}]', '43["?"]', "41")


async def test_cut_at_every_byte_of_what_it_says_a_session_leaves_nothing_behind():
    async with opened() as hall:
        script = KNOCK.format(host="hall", more="").encode() + b"".join(map(masked, SAID))
        for after in range(len(script) + 1):
            _, writer = await asyncio.open_connection("127.0.0.1", hall.port)
            writer.write(script[:after])
            await writer.drain()
            if after % 2:
                writer.transport.abort()
            writer.close()

        async with asyncio.timeout(PATIENCE), hall.guest("after").staying() as guest:
            await guest.call("join", {})
            hall.tell(1)
            await hears(guest, 1)
            while len(hall.live.connections) > 1:
                await asyncio.sleep(0.01)

    assert (numbers(guest), guest.closes) == ([1], [])
