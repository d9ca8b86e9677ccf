"""The simulated provincial platform: verifies, keeps what it took, answers with signed receipts, brings guidance."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from scripts.carriers_sim import gate
from scripts.carriers_sim.gate import Gate
from scripts.carriers_sim.postman import Postman
from scripts.carriers_sim.province_outbox import Outbox
from scripts.carriers_sim.twilio_json import answer
from scripts.carriers_sim.world import World

MOST_KEPT = 50_000
CITY_ZONE = ZoneInfo("Asia/Shanghai")
FAULTS = {
    "suggestion": ({"field": "rows.0.topic", "why": "分类代码不在省级目录中"},),
    "activity": ({"field": "rows.0.kind", "why": "活动类别不在省级目录中"},),
}
"""What it finds wrong where it rejects, by kind; lists are never rejected."""
ADVICE = ("请结合全省同类建议统筹办理，并于办结后一个月内报送办理情况。", "请注意与省级相关规划衔接，办理中涉及的标准以省级文件为准。")


@dataclass(kw_only=True)
class Held:
    """One package as it was taken; `says`: received, applied, rejected."""

    manifest: dict[str, Any]
    body: str
    says: str
    at: datetime
    errors: tuple[dict[str, str], ...] = ()


@dataclass
class Platform:
    world: World
    gate: Gate
    postman: Postman
    key: Ed25519PrivateKey = field(init=False)
    outbox: Outbox = field(init=False)
    packages: dict[str, Held] = field(default_factory=dict)
    """By number, in the order of arrival."""
    versions: dict[str, int] = field(default_factory=dict)
    """Of each object the highest that was applied: what is older changes nothing."""
    applied: list[str] = field(default_factory=list)
    """Numbers in the order in which they were applied, each once."""
    pinned: dict[str, bytes] = field(default_factory=dict)
    """City → the public key it came with first; another one is not believed."""

    def __post_init__(self) -> None:
        self.key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.world.options.account.province_secret))
        self.outbox = Outbox(self.world, self.postman, self.envelope)

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/exchange/v1/packages", self.on_package), web.post("/exchange/v1/days/{day}", self.on_day)]

    def envelope(self, said: dict[str, Any], body: str | None = None) -> dict[str, str]:
        text = msgspec.json.encode(said)
        told = {"signed": text.decode(), "signature": b64encode(self.key.sign(text)).decode()}
        return told if body is None else told | {"body": body}

    # --- doors ---

    async def on_package(self, request: web.Request) -> web.Response:
        struck = self.gate.outage(self.world.knobs.province)
        early = await _early(request, struck)
        if early is not None:
            return early
        told = await self._verified(request)
        if isinstance(told, web.Response):
            return told
        manifest, body = told
        raw = body.encode()
        if sha256(raw).hexdigest() != manifest["sha256"] or len(raw) != manifest["bytes"]:
            return _problem(422, "the body is not the manifest's")
        number = f"{manifest['city']}-{manifest['year']}-{manifest['n']:06d}"
        known = self.packages.get(number)
        if known is not None and known.manifest["sha256"] != manifest["sha256"]:
            return _problem(409, f"{number} was used for other content")
        held = known or self._take(number, manifest, body)
        forged = self.world.luck(self.world.number("garbled"), "garbled") < self.world.knobs.province.garbled
        said = self.receipt(number, held) | ({"signature": "A" * 86 + "=="} if forged else {})
        return await gate.hang(request) if struck == "swallow" else answer(said)

    async def on_day(self, request: web.Request) -> web.Response:
        early = await _early(request, self.gate.outage(self.world.knobs.province))
        if early is not None:
            return early
        told = await self._verified(request)
        if isinstance(told, web.Response):
            return told
        day, city = request.match_info["day"], told[0]["city"]
        rows = [{"number": number, "kind": held.manifest["kind"], "sha256": held.manifest["sha256"]} for number, held in self.packages.items()
                if held.manifest["city"] == city and _day(held.manifest["created"]) == day]
        return answer(self.envelope({"city": city, "day": day, "packages": rows}))

    async def _verified(self, request: web.Request) -> tuple[dict[str, Any], str] | web.Response:
        city, given = request.headers.get("Exchange-City", ""), request.headers.get("Exchange-Key", "")
        try:
            envelope = msgspec.json.decode(await request.read(), type=dict[str, str])
            public = self.pinned.setdefault(city, bytes.fromhex(given))
            Ed25519PublicKey.from_public_bytes(public).verify(b64decode(envelope["signature"]), envelope["signed"].encode())
            said = msgspec.json.decode(envelope["signed"], type=dict[str, Any])
        except (ValueError, KeyError, InvalidSignature, msgspec.MsgspecError) as error:
            return _problem(403, f"not signed by {city or 'anybody'}: {error}")
        return (said, envelope.get("body", "")) if said.get("city") == city else _problem(403, "another city's")

    # --- what becomes of a package ---

    def _take(self, number: str, manifest: dict[str, Any], body: str) -> Held:
        knobs = self.world.knobs.province
        held = self.packages[number] = Held(manifest=manifest, body=body, says="received", at=self.world.now())
        if len(self.packages) > MOST_KEPT:
            self.lose(next(iter(self.packages)))
        if knobs.slow:
            self.world.agenda.after(knobs.slow / self.world.options.speed, partial(self._finish_and_tell, number))
        else:
            self._finish(number)
        return held

    def _finish(self, number: str) -> None:
        held, knobs = self.packages[number], self.world.knobs.province
        faults = FAULTS.get(held.manifest["kind"], ())
        if faults and not held.manifest["replaces"] and self.world.luck(number, "rejects") < knobs.rejects:
            held.says, held.errors = "rejected", faults
            return
        held.says = "applied"
        thing, version = held.manifest["object"], held.manifest["version"]
        first = thing not in self.versions
        self.versions[thing] = max(self.versions.get(thing, 0), version)
        self.applied.append(number)
        if first and held.manifest["kind"] == "suggestion" and self.world.luck(number, "guides") < knobs.guides:
            self.guide(thing, "关于办理工作的指导意见", ADVICE[len(self.applied) % len(ADVICE)])

    async def _finish_and_tell(self, number: str) -> None:
        if number in self.packages:
            self._finish(number)
            await self.outbox.post("receipts", self.receipt(number, self.packages[number]))

    def receipt(self, number: str, held: Held) -> dict[str, str]:
        said = {"number": number, "sha256": held.manifest["sha256"], "says": held.says, "at": held.at, "errors": held.errors}
        return self.envelope(said)

    # --- by hand ---

    def guide(self, thing: str, title: str, text: str) -> None:
        self.outbox.bring("guidance", thing, {"title": title, "text": text, "issuer": "省人大常委会代表工作委员会"})

    def ask_correction(self, number: str, errors: list[dict[str, str]], text: str) -> None:
        self.outbox.bring("correction", self.packages[number].manifest["object"], {"number": number, "text": text, "errors": errors})

    def lose(self, number: str) -> bool:
        """As after a restore from an older backup."""
        held = self.packages.pop(number, None)
        if held is not None and number in self.applied:
            self.applied.remove(number)
        return held is not None


async def _early(request: web.Request, struck: str) -> web.Response | None:
    match struck:
        case "refuse" | "cut":
            return await gate.cut(request)
        case "hang":
            return await gate.hang(request)
        case "error" | "unavailable":
            return _problem(500 if struck == "error" else 503, "out of order")
    return None


def _problem(status: int, detail: str) -> web.Response:
    return web.json_response({"title": "拒收", "status": status, "detail": detail}, status=status, content_type="application/problem+json")


def _day(created: str) -> str:
    return datetime.fromisoformat(created).astimezone(CITY_ZONE).date().isoformat()
