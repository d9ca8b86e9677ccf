"""The last ten minutes before a deadline, in one: 5,000 screens are connected while a thousand deputies hand in their suggestions over
HTTP, more and more of them towards the end. Each on paper once, numbered in the order of the journal, told to the intake desk."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import aiohttp
import asyncpg
import msgspec

from hub.access.secret_key import secret_key
from hub.access.tokens import make_link
from hub.kernel.clock import SystemClock
from hub.streams.proposals.words import TOPICS
from tests.bench.city import WATCH, City, city
from tests.bench.figure import Figure, at_least, at_most, median, percentile, scratch
from tests.bench.load.crowd import crowd
from tests.bench.stage import console, operator
from tests.bench.talk import fresh_id


class Size(msgspec.Struct, frozen=True):
    clients: int
    deputies: int
    seconds: float
    swarms: int = 2
    workers: int = 2


FULL, QUICK = Size(5000, 1000, 60.0), Size(1000, 100, 6.0, 1)
ANSWER_S, TOLD_S = 3.0, 2.0
PARALLEL = 16
"""Drafts written at a time, before anything is measured."""
LAST_WAIT = 10.0
STATIONS = 73
SENTENCES = ("{n}号社区的老旧住宅没有电梯，老人上下楼很不方便。", "第{n}小学门前上下学时道路拥堵，家长停车难。", "{n}号公交线末班车过早，夜班工人回不了家。",
             "沿河{n}公里绿道没有照明，晚间散步不安全。", "{n}街道的卫生服务站缺少儿科，看病要跨区。", "建议市财政安排{n}万元，分三年逐步解决。")


class Handed(msgspec.Struct, frozen=True):
    """Seconds of the bench's own clock."""

    case: str
    sent: float
    answered: float


async def run(quick: bool) -> list[Figure]:
    size = QUICK if quick else FULL
    told: dict[str, float] = {}

    def hear(_view: str, changes: Mapping[str, Any], _at: float) -> None:
        for row in changes.values():
            if row:
                told.setdefault(row["case"], time.monotonic())

    with scratch() as folder:
        async with city(folder, size.workers) as hub, crowd(size.swarms) as load:
            people = await deputies(hub, size.deputies)
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as web:
                cases = await drafted(web, hub, people)
                await load.open(size.clients, hub.port, auths=hub.auths, watch=WATCH)
                async with console(hub.url, hear, "intake") as desk:
                    await desk.watch("case_notices")
                    handed = await handed_in(web, hub, people, cases, size.seconds)
                    await until_told(told, len(handed))
            return [*figures(handed, told, size), *await on_paper(hub, handed), at_least("still connected", (await load.report()).live, "", size.clients)]


# --- before ---------------------------------------------------------------------------------------


async def deputies(hub: City, count: int) -> dict[str, str]:
    """New ones, brought in by spreadsheet: id → what their link says."""
    lines = ["编号,姓名,类别,所属单位,手机,届次", *(f"T{n:05d},代表{n:05d},代表,station:{n % STATIONS + 1},1990{n + 2_000_000:07d},第十六届" for n in range(count))]
    form = aiohttp.FormData()
    form.add_field("file", "\n".join(lines).encode(), filename="deputies.csv")
    async with operator(hub.url, "admin") as admin:
        report = await admin._call("POST", "/api/import/people?dry_run=0", data=form)
    if report["new"] != count or not report["applied"]:
        raise RuntimeError(str(report)[:2000])
    key, at = await asyncio.to_thread(secret_key, hub.data), SystemClock().now()
    conn = await asyncpg.connect(hub.dsn)
    try:
        rows = await conn.fetch("select id from directory.person where code ~ '^T[0-9]{5}$' order by code")
    finally:
        await conn.close()
    return {str(row["id"]): make_link(key, row["id"], None, at, timedelta(hours=1)) for row in rows}


async def drafted(web: aiohttp.ClientSession, hub: City, people: Mapping[str, str]) -> list[str]:
    chance, doors = random.Random(7), asyncio.Semaphore(PARALLEL)

    async def draft(n: int, link: str) -> str:
        case = fresh_id()
        parts = ["".join(chance.choice(SENTENCES).format(n=chance.randrange(10_000)) for _ in range(8)) for _ in range(3)]
        form = {"title": f"关于第{n}件民生实事的建议", "topic": chance.choice(list(TOPICS)), **dict(zip(("situation", "analysis", "advice"), parts, strict=True))}
        async with doors:
            await ask(web, hub, link, "DraftProposal", case, form)
        return case

    return list(await asyncio.gather(*(draft(n, link) for n, link in enumerate(people.values()))))


async def ask(web: aiohttp.ClientSession, hub: City, link: str, command: str, case: str, form: Mapping[str, Any]) -> None:
    told = {"id": fresh_id(), "case": case, "form": form}
    async with web.post(f"{hub.url}/api/commands/{command}", json=told, headers={"Authorization": f"Link {link}"}) as answer:
        if answer.status != 200:
            raise RuntimeError(f"{command}: {answer.status} {(await answer.text())[:400]}")


# --- the last minutes -----------------------------------------------------------------------------


async def handed_in(
    web: aiohttp.ClientSession, hub: City, people: Mapping[str, str], cases: Sequence[str], seconds: float,
) -> list[Handed]:
    """More and more of them: in the last quarter twice as many as on the average. Each at his moment, whoever still waits."""
    chance, begun = random.Random(8), time.monotonic()

    async def hand_in(link: str, case: str) -> Handed:
        await asyncio.sleep(seconds * math.sqrt(chance.random()))
        sent = time.monotonic()
        await ask(web, hub, link, "SubmitProposal", case, {"one_matter": True})
        return Handed(case, sent - begun, time.monotonic() - begun)

    found = await asyncio.gather(*(hand_in(link, case) for link, case in zip(people.values(), cases, strict=True)))
    return [msgspec.structs.replace(one, sent=one.sent + begun, answered=one.answered + begun) for one in found]


async def until_told(told: Mapping[str, float], count: int) -> None:
    deadline = time.monotonic() + LAST_WAIT
    while len(told) < count and time.monotonic() < deadline:
        await asyncio.sleep(0.05)


def figures(handed: Sequence[Handed], told: Mapping[str, float], size: Size) -> list[Figure]:
    waits = sorted(one.answered - one.sent for one in handed)
    late = sorted(max(0.0, told.get(one.case, math.inf) - one.answered) for one in handed)
    last = sum(1 for one in handed if one.sent > max(other.sent for other in handed) - size.seconds / 10)
    return [
        at_most(f"{len(handed)} handed in within {size.seconds:g} s (p95)", percentile(waits, 0.95), "s", ANSWER_S),
        Figure(name="median; longest", value=round(median(waits), 3), unit="s", peer=f"{waits[-1]:.2f}"),
        Figure(name="of them in the last tenth of the time", value=last, unit=""),
        at_most("told to the intake desk after the answer, latest", late[-1], "s", TOLD_S),
        at_most("told to the intake desk after it was sent (p95)", percentile(
            sorted(told.get(one.case, math.inf) - one.sent for one in handed), 0.95), "s", ANSWER_S + TOLD_S),
    ]


# --- afterwards -----------------------------------------------------------------------------------


async def on_paper(hub: City, handed: Sequence[Handed]) -> list[Figure]:
    conn = await asyncpg.connect(hub.dsn)
    try:
        rows = await conn.fetch("select i.id::text as case, i.number, i.year from es.events e join cases.item i on e.stream = 'proposal-' || i.id"
                                " where e.type = 'ProposalSubmitted' order by e.pos")
    finally:
        await conn.close()
    kept = {row["case"]: number for number, row in enumerate(rows, 1)}
    wrong = sum(row["number"] != f"建议〔{row['year']}〕{number}号" for number, row in enumerate(rows, 1))
    return [
        at_most("handed in and lost, or twice", len(set(kept) ^ {one.case for one in handed}) + len(rows) - len(kept), "", 0),
        at_most("numbers out of the journal's order, doubled or left out", wrong, "", 0),
        at_most("later than one that was sent after their answer", overtaken(handed, kept), "", 0),
    ]


def overtaken(handed: Sequence[Handed], number: Mapping[str, int]) -> int:
    """Who was answered before another sent his has the smaller number."""
    answered = sorted(handed, key=lambda one: one.answered)
    count, last, place = 0, 0, 0
    for one in sorted(handed, key=lambda one: one.sent):
        while answered[place].answered < one.sent:
            last = max(last, number[answered[place].case])
            place += 1
        count += number[one.case] < last
    return count
