"""A citizen's browser: no cookie, no key."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import aiohttp


class Citizen:
    def __init__(self, web: aiohttp.ClientSession, url: str) -> None:
        self.web, self.url = web, f"{url}/api/public/"

    async def read(self, path: str, status: int = 200) -> Any:
        async with self.web.get(self.url + path) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json(content_type=None)

    async def say(self, path: str, status: int = 200, headers: dict[str, str] | None = None, **body: Any) -> Any:
        async with self.web.post(self.url + path, json={"id": str(uuid4()), **body}, headers=headers) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json(content_type=None)
