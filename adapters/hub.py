"""A client of a hub's own public API: for the command line."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Self

import aiohttp

from hub.kernel.errors import HubError, NotSignedIn, Refused, TryAgain
from hub.wire.codec import encode

SECONDS = aiohttp.ClientTimeout(total=60, connect=5)


DEVICE_KEY = "dk_"


def _scheme(key: str) -> str:
    return "Device" if key.startswith(DEVICE_KEY) else "Bearer"


class HubClient:
    """`async with HubClient(url, key=…)`, the key of an API or of a device, or with a login and its password.
    Raises the hub's own sentences."""

    def __init__(self, url: str, *, key: str = "", login: str = "", password: str = "") -> None:
        self._url, self._login, self._password = url.rstrip("/"), login, password
        self._headers = {"Authorization": f"{_scheme(key)} {key}"} if key else {}

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            timeout=SECONDS, headers=self._headers, cookie_jar=aiohttp.CookieJar(unsafe=True))
        try:
            if not self._headers:
                await self._sign_in()
        except HubError:
            await self._session.close()
            raise
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._session.close()

    async def _sign_in(self) -> None:
        if not self._login:
            raise NotSignedIn("请给出 API 密钥（--key 或 HUB_KEY），或账号与密码（HUB_LOGIN、HUB_PASSWORD）。",
                              "Give an API key (--key or HUB_KEY), or HUB_LOGIN and HUB_PASSWORD.")
        signed = await self._call("POST", "/api/sign-in", json={"login": self._login, "password": self._password})
        self._session.headers["X-Hub-CSRF"] = signed["me"]["csrf"]

    async def ask(self, name: str, fields: dict[str, Any]) -> Any:
        return (await self._call("POST", f"/api/commands/{name}", json=fields))["result"]

    async def view(self, name: str, params: dict[str, Any]) -> Any:
        return await self._call("GET", f"/api/views/{name}", params={"p": encode(params).decode()})

    async def upload(self, path: str, file: Path) -> Any:
        try:
            content = await asyncio.to_thread(file.read_bytes)
        except OSError as error:
            raise Refused(f"读不到文件 {file}，请检查路径。", f"{file} cannot be read: {error.strerror}.") from error
        form = aiohttp.FormData()
        form.add_field("file", content, filename=file.name)
        return await self._call("POST", path, data=form)

    async def _call(self, method: str, path: str, **told: Any) -> Any:
        try:
            async with self._session.request(method, self._url + path, **told) as answer:
                body = await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TryAgain(f"连不上中枢 {self._url}，请检查它是否在运行。",
                           f"The hub at {self._url} cannot be reached ({error}); is it running?") from error
        if answer.status >= 400:
            raise Refused(body["detail"], body["detail"], code=body["code"], field=body.get("field", ""))
        return body
