"""What a terminal asks of a running hub: status, broadcast, import. Speaks the public HTTP API."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from adapters.hub import HubClient
from hub.kernel.clock import SystemClock
from hub.kernel.errors import Malformed
from hub.kernel.ids import uuid7
from hub.settings import environment

Task = Callable[[argparse.Namespace], Coroutine[Any, Any, int]]

OUTCOMES = (("confirmed", "已确认"), ("read", "已读"), ("delivered", "已送达"), ("sending", "发送中"), ("waiting", "待发"),
            ("unreachable", "未达"), ("cancelled", "已撤销"))
FINAL = ("confirmed", "unreachable", "cancelled")


def add_tasks(tasks: Any) -> None:
    status = tasks.add_parser("status", help="what a running hub is doing")
    send = tasks.add_parser("broadcast", help="send a broadcast and watch its receipts")
    send.add_argument("--to", action="append", required=True, metavar="WHO",
                      help="city, district:3, station:17, department:5, person:<id>, tag:<name>, role:<kind>; repeat for more")
    send.add_argument("--text", required=True)
    send.add_argument("--title", default="")
    send.add_argument("--priority", choices=("ordinary", "important", "emergency"), default="ordinary")
    send.add_argument("--drill", action="store_true")
    send.add_argument("--watch", action="store_true", help="stay until everybody has answered or the ladder has ended")
    load = tasks.add_parser("import", help="people or organisations from a spreadsheet")
    load.add_argument("kind", choices=("people", "organisations"))
    load.add_argument("file", type=Path)
    load.add_argument("--apply", action="store_true", help="without it: a dry run that lists every bad row")
    here = environment()
    for task in (status, send, load):
        task.add_argument("--hub", default=here.get("HUB_URL", "http://127.0.0.1:8070"))
        task.add_argument("--key", default=here.get("HUB_KEY", ""), help="API key ak_…, or HUB_KEY")
        task.add_argument("--login", default=here.get("HUB_LOGIN", ""), help="or an account's login (HUB_LOGIN)")
        task.add_argument("--password", default=here.get("HUB_PASSWORD", ""), help="HUB_PASSWORD")


def audience_of(names: list[str]) -> dict[str, list[str]]:
    """Raises Malformed."""
    found: dict[str, list[str]] = {"orgs": [], "recipients": [], "tags": [], "kinds": []}
    places = {"district": "orgs", "department": "orgs", "station": "orgs", "person": "recipients", "tag": "tags",
              "role": "kinds"}
    for name in names:
        kind, _, rest = name.partition(":")
        if name == "city":
            found["orgs"].append(name)
        elif kind in places and rest:
            found[places[kind]].append(rest if kind in ("tag", "role") else name)
        else:
            raise Malformed(f"不认识的对象“{name}”，例如 city、district:3、station:17、tag:教育。",
                            f"Unknown audience {name!r}; try city, district:3, station:17, tag:NAME.", field="to")
    if found["kinds"] and not found["orgs"]:
        found["orgs"].append("city")
    return found


def heading_of(text: str) -> str:
    """The first clause of the text, without {variables}."""
    return re.split(r"[，。；！？\n,;!?]", re.sub(r"\{[^}]*\}", "", text).strip())[0][:20] or "通知"


async def broadcast(told: argparse.Namespace) -> int:
    async with _hub(told) as hub:
        sent = await hub.ask("SendBroadcast", {
            "id": str(uuid7(SystemClock().now())), "title": told.title or heading_of(told.text), "text": told.text,
            "audience": audience_of(told.to), "priority": told.priority, "drill": told.drill})
        sys.stdout.write(f"✓ 已发出 sent: {sent['broadcast']}，{sent['recipients']} 人 recipients\n")
        return await _watch(hub, sent["broadcast"]) if told.watch else 0


async def _watch(hub: HubClient, which: str) -> int:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bars = {code: progress.add_task(f"{zh:<5}", total=1) for code, zh in OUTCOMES}
        while True:
            row = (await hub.view("broadcast", {"broadcast": which}))["rows"][0]
            for code, bar in bars.items():
                progress.update(bar, total=row["total"], completed=row["outcomes"].get(code, 0))
            ended = sum(row["outcomes"].get(code, 0) for code in FINAL)
            if ended >= row["total"] > 0 or row["state"] in ("closed", "cancelled"):
                return 0 if not row["outcomes"].get("unreachable") else 1
            await asyncio.sleep(0.5)


async def status(told: argparse.Namespace) -> int:
    async with _hub(told) as hub:
        stations = (await hub.view("stations", {}))["rows"]
        open_ones = (await hub.view("broadcasts", {"open_only": True}))["rows"]
        roads = (await hub.view("roads", {}))["rows"]
    sys.stdout.write(f"站点在线 stations online {sum(row['online'] for row in stations)}/{len(stations)}\n")
    for road in roads:
        sys.stdout.write(f"通道 road {road['id']:<7} {road['state']:<7} 待发 waiting {road['waiting']} {road['detail']}\n")
    for row in open_ones:
        counts = " ".join(f"{zh}{row['outcomes'].get(code, 0)}" for code, zh in OUTCOMES if row["outcomes"].get(code))
        sys.stdout.write(f"{row['state']:<18} {row['title']}  {counts} / {row['total']}\n")
    return 0


async def load(told: argparse.Namespace) -> int:
    async with _hub(told) as hub:
        report = await hub.upload(f"/api/import/{told.kind}?dry_run={0 if told.apply else 1}", told.file)
    for bad in report["bad"]:
        sys.stdout.write(f"✗ 第 {bad['row']} 行 row {bad['row']} · {bad['column']} · {bad['zh']}\n")
    sys.stdout.write(f"新增 new {report['new']}，变更 changed {report['changed']}，相同 same {report['same']}，"
                     f"有误 bad {report['bad_total']}；{'已导入 applied' if report['applied'] else '未改动 nothing changed'}\n")
    return 1 if report["bad_total"] else 0


def _hub(told: argparse.Namespace) -> HubClient:
    return HubClient(told.hub, key=told.key, login=told.login, password=told.password)


TASKS: dict[str, Task] = {"status": status, "broadcast": broadcast, "import": load}
