"""What the environment and the command line say. Read once, then passed on."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from hub.kernel.errors import Refused

ROOT = Path(__file__).resolve().parent.parent

DEFAULT_PORT = 8070
MOST_WORKERS = 64
LONGEST_SOCKET_FOLDER = 90
MEDIA_PORT_AFTER = 3


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
    argon2: tuple[int, int, int] = (3, 65_536, 4)
    """What a password's hash costs: passes, KiB, lanes. RFC 9106's second choice; tests take less."""
    demo: bool = False
    year: bool = False
    """A demo city gets a year of cases behind it, while it is at work (hub/year.py)."""
    carriers: str = ""
    proxies: frozenset[str] = frozenset()
    media: bool = False
    """Voice and picture: two processes beside the hub. On unless HUB_MEDIA=off; off where a test asks for nothing."""
    media_port: int = 0
    """UDP and TCP, for packets; 0: the hub's own port + 3."""
    media_public: tuple[str, ...] = ()
    """Addresses under which clients reach it, where they are not the machine's own."""
    turn: tuple[str, ...] = ()
    """HUB_TURN=`turn:host:3478?transport=udp,user,secret`."""
    web: Path = ROOT / "web" / "apps"
    postgres_bin: Path | None = None
    twilio: Mapping[str, str] = msgspec.field(default_factory=dict)
    wechat: Mapping[str, str] = msgspec.field(default_factory=dict)
    province: Mapping[str, str] = msgspec.field(default_factory=dict)
    """`url`, `key`, `code`; empty: nothing is exchanged with the province."""

    @property
    def url(self) -> str:
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def media_folder(self) -> Path:
        """Of the sockets between the processes. Their paths have a limit; a deep data folder borrows a short one."""
        folder = self.data.absolute() / "media"
        if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
            return folder
        return Path("/tmp") / f"hub-media-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"


TEXT = {"HUB_HOST": "host", "HUB_PUBLIC_URL": "public_url", "HUB_DSN": "dsn", "HUB_VALKEY": "valkey",
        "HUB_CARRIERS": "carriers", "HUB_NODE": "node"}
PATHS = {"HUB_DATA": "data", "HUB_POSTGRES_BIN": "postgres_bin"}


def read(environment: Mapping[str, str] = os.environ, **told: object) -> Settings:
    """`told` (the command line) goes before the environment. Raises Refused."""
    found: dict[str, object] = {name: environment[key] for key, name in TEXT.items() if environment.get(key)}
    found |= {name: Path(environment[key]) for key, name in PATHS.items() if environment.get(key)}
    found["port"] = _port(environment.get("HUB_PORT", str(DEFAULT_PORT)))
    found["workers"] = _workers(str(told.pop("workers", None) or environment.get("HUB_WORKERS", "1")))
    found |= _media(environment)
    found["year"] = environment.get("HUB_YEAR", "off") == "on"
    found["totp"] = environment.get("HUB_TOTP", "on") != "off"
    found["proxies"] = frozenset(filter(None, environment.get("HUB_PROXIES", "").split(",")))
    found["limits"] = _pairs(environment.get("HUB_LIMITS", ""))
    for vendor in ("twilio", "wechat"):
        found[vendor] = _named(environment, f"{vendor.upper()}_")
    found["province"] = _province(_named(environment, "HUB_PROVINCE_"))
    found |= {name: value for name, value in told.items() if value is not None}
    return Settings(**found)  # type: ignore[arg-type]


def _media(environment: Mapping[str, str]) -> dict[str, object]:
    turn = tuple(part.strip() for part in environment.get("HUB_TURN", "").split(",") if part.strip())
    if turn and (len(turn) not in (1, 3) or not turn[0].startswith(("turn:", "turns:", "stun:", "stuns:"))):
        raise Refused("HUB_TURN 应写成 turn:主机:端口,用户名,密码。", "HUB_TURN should be turn:host:port,user,secret.", field="HUB_TURN")
    return {
        "media": environment.get("HUB_MEDIA", "on") != "off", "turn": turn,
        "media_port": _port(environment["HUB_MEDIA_PORT"], "HUB_MEDIA_PORT") if environment.get("HUB_MEDIA_PORT") else 0,
        "media_public": tuple(one.strip() for one in environment.get("HUB_MEDIA_PUBLIC", "").split(",") if one.strip()),
    }


def _named(environment: Mapping[str, str], start: str) -> dict[str, str]:
    return {key.removeprefix(start).lower(): value for key, value in environment.items() if key.startswith(start) and value}


def _province(told: dict[str, str]) -> dict[str, str]:
    if "url" not in told:
        return {}
    if not re.fullmatch("[0-9a-f]{64}", told.get("key", "")):
        raise Refused("HUB_PROVINCE_KEY 应为省级平台公钥的 64 位十六进制数字。", "HUB_PROVINCE_KEY should be the province's public key, 64 hexadecimal digits.",
                      field="HUB_PROVINCE_KEY")
    if not re.fullmatch(r"[\w-]{1,20}", told.get("code", "")):
        raise Refused("HUB_PROVINCE_CODE 应为本市在省级平台的代码，如 330100。", "HUB_PROVINCE_CODE should be what the province calls the city, e.g. 330100.",
                      field="HUB_PROVINCE_CODE")
    return told


def environment() -> Mapping[str, str]:
    return os.environ


def _port(text: str, field: str = "HUB_PORT") -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Refused(f"端口“{text}”不对，应为 1 到 65535 的数字。", f"Port {text!r} is not a number from 1 to 65535.", field=field)
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
