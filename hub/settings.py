"""What the environment and the command line say. Read once, then passed on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from hub.kernel.errors import Refused

ROOT = Path(__file__).resolve().parent.parent

DEFAULT_PORT = 8070
MOST_WORKERS = 64


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`public_url` is how browsers and vendors reach the hub. `dsn` empty: the embedded PostgreSQL
    in `data`. `carriers`: address of the carrier simulator, for demonstrations and tests. `valkey`
    empty: none for one process, the embedded one in `data` for several. `node`: which of several
    processes on one port this is."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    data: Path = ROOT / "var" / "city"
    public_url: str = ""
    dsn: str = ""
    valkey: str = ""
    workers: int = 1
    node: str = ""
    limits: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Of the door (hub/gateway/live/door.py), by name; HUB_LIMITS=`knocks=500,knocks_burst=5000`."""
    totp: bool = True
    demo: bool = False
    carriers: str = ""
    proxies: frozenset[str] = frozenset()
    web: Path = ROOT / "web" / "apps"
    postgres_bin: Path | None = None
    twilio: Mapping[str, str] = msgspec.field(default_factory=dict)
    wechat: Mapping[str, str] = msgspec.field(default_factory=dict)

    @property
    def url(self) -> str:
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


TEXT = {"HUB_HOST": "host", "HUB_PUBLIC_URL": "public_url", "HUB_DSN": "dsn", "HUB_VALKEY": "valkey",
        "HUB_CARRIERS": "carriers", "HUB_NODE": "node"}
PATHS = {"HUB_DATA": "data", "HUB_POSTGRES_BIN": "postgres_bin"}


def read(environment: Mapping[str, str] = os.environ, **told: object) -> Settings:
    """`told` (the command line) goes before the environment. Raises Refused."""
    found: dict[str, object] = {name: environment[key] for key, name in TEXT.items() if environment.get(key)}
    found |= {name: Path(environment[key]) for key, name in PATHS.items() if environment.get(key)}
    found["port"] = _port(environment.get("HUB_PORT", str(DEFAULT_PORT)))
    found["workers"] = _workers(str(told.pop("workers", None) or environment.get("HUB_WORKERS", "1")))
    found["totp"] = environment.get("HUB_TOTP", "on") != "off"
    found["proxies"] = frozenset(filter(None, environment.get("HUB_PROXIES", "").split(",")))
    found["limits"] = _pairs(environment.get("HUB_LIMITS", ""))
    for vendor in ("twilio", "wechat"):
        found[vendor] = {key.removeprefix(f"{vendor.upper()}_").lower(): value
                         for key, value in environment.items() if key.startswith(f"{vendor.upper()}_")}
    found |= {name: value for name, value in told.items() if value is not None}
    return Settings(**found)  # type: ignore[arg-type]


def environment() -> Mapping[str, str]:
    return os.environ


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Refused(f"端口“{text}”不对，应为 1 到 65535 的数字。", f"Port {text!r} is not a number from 1 to 65535.",
                      field="HUB_PORT")
    return int(text)


def _pairs(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if not all(sign and value.strip() for _, sign, value in pairs):
        raise Refused(f"“{text}”不对，应写成 名称=数值,名称=数值。", f"{text!r} should be name=value,name=value.", field="HUB_LIMITS")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _workers(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= MOST_WORKERS:
        raise Refused(f"进程数“{text}”不对，应为 1 到 {MOST_WORKERS}。", f"{text!r} is not a number of processes from 1 to {MOST_WORKERS}.",
                      field="HUB_WORKERS")
    return int(text)
