"""A tus client by hand: requests as bytes, so that a line can break after any one of them."""

from __future__ import annotations

import asyncio
import base64
from typing import Any
from urllib.parse import urlsplit

from tests.flows.gateway.visitor import Visitor
from tests.patience import PATIENCE

Answer = tuple[int, dict[str, str], bytes]


def metadata(**words: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in words.items())


class Tusker:
    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.headers = {"Tus-Resumable": "1.0.0", "X-Hub-CSRF": visitor.csrf}

    async def send(self, method: str, path: str, body: bytes = b"", **headers: Any) -> Answer:
        given = self.headers | {name.replace("_", "-"): str(value) for name, value in headers.items()}
        async with self.visitor.web.request(method, f"{self.visitor.url}{path}", data=body or None, headers=given) as answer:
            return answer.status, dict(answer.headers), await answer.read()

    async def begin(self, length: int, name: str = "影像.bin", purpose: str = "message") -> str:
        status, headers, body = await self.send("POST", "/api/uploads", Upload_Length=length,
                                                Upload_Metadata=metadata(filename=name, purpose=purpose))
        assert status == 201, body
        return headers["Location"]

    async def piece(self, place: str, offset: int, data: bytes, **headers: Any) -> Answer:
        return await self.send("PATCH", place, data, Upload_Offset=offset, Content_Type="application/offset+octet-stream", **headers)

    async def offset(self, place: str) -> int:
        status, headers, _ = await self.send("HEAD", place)
        assert status == 200
        return int(headers["Upload-Offset"])

    async def go_on(self, place: str, data: bytes) -> int:
        """As who was cut off does; again where the hub has just read more of what he sent before. Says what it had taken at first."""
        first = offset = await self.offset(place)
        async with asyncio.timeout(PATIENCE):
            while offset < len(data):
                status, _, body = await self.piece(place, offset, data[offset:])
                if status == 204:
                    break
                assert status in {409, 423}, body
                offset = await self.offset(place)
        return first

    async def cut(self, place: str, offset: int, data: bytes, after: int) -> None:
        """Sends a PATCH of all of `data` and breaks the line after so many bytes of the request."""
        address = urlsplit(self.visitor.url)
        _, writer = await asyncio.open_connection(address.hostname, address.port)
        lines = self.headers | {"Host": address.netloc, "Cookie": self.visitor.cookie, "Upload-Offset": str(offset),
                                "Content-Type": "application/offset+octet-stream", "Content-Length": str(len(data))}
        head = f"PATCH {place} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
        writer.write((head.encode() + data)[: len(head) + after if after >= 0 else after])
        await writer.drain()
        writer.close()
        await writer.wait_closed()
