"""A hub with the small life on it that can be killed: `python -m tests.flows.faults.case_hub PORT DATA DSN AT`. Its clock stands at AT."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from hub.access.seed import seed_demo_accounts
from hub.app import hub_on
from hub.kernel.clock import SetClock
from hub.settings import Settings
from tests.flows.cases.stage import settle
from tests.flows.cases.wishes import WISH_SPOKE
from tests.places import CHEAP_PASSWORDS


async def serve(port: int, data: Path, dsn: str, at: datetime) -> None:
    async with hub_on(dsn, Settings(port=port, data=data, dsn=dsn, totp=False, argon2=CHEAP_PASSWORDS), SetClock(at), (WISH_SPOKE,)) as hub:
        if await seed_demo_accounts(hub.access, at):
            await settle(hub)
        sys.stdout.write("running\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], datetime.fromisoformat(sys.argv[4])))
