"""Carries callbacks to the hub, with the vendors' own patience and with the knobs' faults."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qs, urlencode

import aiohttp
import structlog

from scripts.carriers_sim.signing import twilio_signature
from scripts.carriers_sim.world import World

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 5.0
TWILIO_PATIENCE = aiohttp.ClientTimeout(total=15.0, sock_connect=CONNECT_SECONDS)
WECHAT_PATIENCE = aiohttp.ClientTimeout(total=5.0)
WECHAT_RETRIES = 3
LARGEST_ANSWER = 256 * 1024

Try = Callable[[], Awaitable[str]]
"""Answers "" for success, or what went wrong: ct, rt, 4xx, 5xx."""


class Postman:
    def __init__(self, world: World) -> None:
        self._world = world
        self._web = aiohttp.ClientSession(
            # No limit here: the agenda's hands are one, and the pool's own queue is not fair.
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=TWILIO_PATIENCE,
        )

    @property
    def web(self) -> aiohttp.ClientSession:
        return self._web

    def later(self, seconds: float, fact: str, send: Callable[[], Awaitable[None]]) -> None:
        """`fact` names the callback, so that one seed always loses the same ones."""
        world, counts = self._world, self._world.store.counts
        knobs = world.knobs
        if world.luck(fact, "loss") < knobs.loss:
            counts["lost"] += 1
            return
        if world.luck(fact, "disorder") < knobs.disorder:
            counts["disordered"] += 1
            seconds += world.delay(fact, "late") * 2 + knobs.delay[1] * 2 / world.options.speed
        world.agenda.after(seconds, send)
        if world.luck(fact, "duplication") < knobs.duplication:
            counts["duplicated"] += 1
            world.agenda.after(seconds + world.delay(fact, "again"), send)

    async def twilio(self, url: str, fields: Mapping[str, str]) -> str | None:
        """The answer's text, or None. Wishes for repeats stand in the address's fragment."""
        address, _, wishes = url.partition("#")
        wished = parse_qs(wishes)
        tries = 1 + min(int(wished.get("rc", ["1"])[0]), 5)
        causes = set(wished.get("rp", ["ct"])[0].split(","))
        token = self._world.sid("")
        for _ in range(tries):
            self._world.store.counts["callbacks"] += 1
            cause, text = await self._post_form(address, fields, token)
            if not cause:
                return text
            self._world.store.counts[f"callbacks_{cause}"] += 1
            if "all" not in causes and cause not in causes:
                break
        self._world.store.counts["callbacks_failed"] += 1
        return None

    async def _post_form(
        self, address: str, fields: Mapping[str, str], token: str
    ) -> tuple[str, str]:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": twilio_signature(
                self._world.options.account.auth_token, address, fields
            ),
            "I-Twilio-Idempotency-Token": token,
            "User-Agent": "TwilioProxy/1.1",
        }
        return await self._post(address, urlencode(fields).encode(), headers, TWILIO_PATIENCE)

    async def wechat(self, address: str, xml: str) -> None:
        """Five seconds for an answer, then three repeats."""
        headers = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"}
        for _ in range(1 + WECHAT_RETRIES):
            self._world.store.counts["callbacks"] += 1
            cause, text = await self._post(address, xml.encode(), headers, WECHAT_PATIENCE)
            if not cause and text in {"success", ""}:
                return
            self._world.store.counts[f"callbacks_{cause or 'odd'}"] += 1
            if cause == "4xx":
                break
        self._world.store.counts["callbacks_failed"] += 1

    async def json(self, address: str, body: bytes) -> tuple[int, str]:
        """(status, text); once. Status 0: nobody was reached."""
        self._world.store.counts["callbacks"] += 1
        try:
            async with self._web.post(address, data=body, headers={"Content-Type": "application/json"}) as answer:
                text = await answer.content.read(LARGEST_ANSWER)
                return answer.status, text.decode("utf-8", "replace")
        except (TimeoutError, aiohttp.ClientError, ValueError):
            return 0, ""

    async def _post(
        self,
        address: str,
        body: bytes,
        headers: Mapping[str, str],
        wait: aiohttp.ClientTimeout,
    ) -> tuple[str, str]:
        try:
            async with self._web.post(
                address, data=body, headers=headers, timeout=wait
            ) as answer:
                text = await answer.content.read(LARGEST_ANSWER)
                cause = {4: "4xx", 5: "5xx"}.get(answer.status // 100, "")
                return cause, text.decode("utf-8", "replace")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return "ct", ""
        except (TimeoutError, aiohttp.ClientError, ValueError):
            return "rt", ""

    async def close(self) -> None:
        await self._web.close()
