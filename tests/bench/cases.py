"""A hundred thousand cases: how long a list and a case take to be shown to each desk, and how long a thousand deputies wait who
hand something in at the same moment."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from hub.app import Hub, hub_on
from hub.cases.shapes import LIVES
from hub.kernel.actor import Actor, Role
from hub.kernel.clock import SystemClock
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Case, Running, is_open, waits_for
from hub.record import Database, PostgresServer, run_migrations
from hub.settings import Settings
from tests.bench.figure import Figure, at_least, at_most, scratch
from tests.flows.cases.wishes import WISH_SPOKE, WISHES, WishFacts
from tests.ports import free_port

CASES, QUICK = 100_000, 20_000
SUBMISSIONS, AT_ONCE = 1000, 50
P95_MS, SUBMITTED_MS = 300.0, 3000.0
ASKS = 20
STATES = (("closed", 70), ("replied", 8), ("handling", 12), ("accepted", 3), ("review", 2), ("refused", 5))
WORDS = ("加强", "老旧小区", "电梯", "学前教育", "城乡公交", "河道治理", "医疗", "养老", "停车", "乡村", "数字化", "绿化", "食品安全", "文化", "助企")
COLUMNS = ("id", "stream", "version", "body", "number", "year", "title", "kind", "topic", "state", "terminal", "open", "private", "confidential", "path", "refs",
           "was", "turn", "owes", "lead", "units", "opened", "since", "changed", "due", "due_clock")

DEPUTY = Actor(id=f"person:{derived('bench deputy', 7)}", name="", roles=(Role.DEPUTY,), scopes=(f"person:{derived('bench deputy', 7)}",))
DESKS = {
    "intake": Actor(id="account:intake", name="", roles=(Role.INTAKE,), scopes=("city",)),
    "unit": Actor(id="account:unit", name="", roles=(Role.HANDLER,), scopes=("department:5",)),
    "deputy": DEPUTY,
}
LISTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "first page, intake desk": ("cases", "intake", {}),
    "page 20, by title, intake desk": ("cases", "intake", {"page": 20, "sort": "title"}),
    "overdue, intake desk": ("cases", "intake", {"overdue": True, "sort": "due"}),
    "by two-letter word, intake desk": ("cases", "intake", {"q": "电梯"}),
    "first page, a unit": ("cases", "unit", {}),
    "in hand, a unit": ("cases", "unit", {"state": "handling", "mine": True}),
    "first page, a deputy": ("cases", "deputy", {}),
    "own, a deputy": ("cases", "deputy", {"mine": True}),
    "what waits, a unit": ("case_waiting", "unit", {}),
    "counts by unit, intake desk": ("case_counts", "intake", {"by": "unit"}),
}


async def run(quick: bool) -> list[Figure]:
    count = QUICK if quick else CASES
    with scratch() as folder:
        async with PostgresServer(folder / "postgres") as server:
            (folder / "data").mkdir()
            settings = Settings(port=free_port(), data=folder / "data", totp=False)
            await run_migrations(server.dsn)
            async with Database.open(server.dsn) as db:
                ids = await filled(db, count)
            async with hub_on(server.dsn, settings, SystemClock(), (WISH_SPOKE,)) as hub:
                figures = [at_most(f"{name} (p95)", await p95(hub, view, DESKS[who], {"stream": "wishes", **params} if view != "case_waiting" else params),
                                   "ms", P95_MS) for name, (view, who, params) in LISTS.items()]
                one = [await timed(hub, "case", DESKS["intake"], {"case": str(case)}) for case in ids[:: count // (3 * ASKS)]]
                return [*figures, at_most("one case, intake desk (p95)", percentile(one), "ms", P95_MS), *await submitted(hub)]


def rows(count: int) -> Iterator[tuple[Any, ...]]:
    chance, shapes, now = random.Random(7), LIVES["wishes"], datetime.now(UTC)
    states = [name for name, weight in STATES for _ in range(weight)]
    for n in range(count):
        case = _case(n, chance.choice(states), chance, now)
        state, facts = WISHES.state(case.state), case.facts
        refs = [ref for held in case.parties.values() for ref in held]
        due = min(((running.due, clock) for clock, running in case.clocks.items()), default=(None, None))
        yield (case.id, "wishes", 1, msgspec.json.encode(case, order="sorted"), f"心愿〔{case.opened.year}〕{n}号", case.opened.year, facts.title,
               facts.kind, "", case.state, state.terminal, is_open(shapes.life, case), False, facts.confidential, ["city"], refs, refs,
               [] if state.terminal else list(waits_for(shapes.life, case)), [], case.parties["lead"][0], list(case.parties.get("lead_unit", ())),
               case.opened, case.since, case.since, *due)


def _case(n: int, state: str, chance: random.Random, now: datetime) -> Case:
    opened = now - timedelta(minutes=chance.randrange(5 * 365 * 24 * 60))
    parties: dict[str, tuple[str, ...]] = {"lead": (f"person:{derived('bench deputy', chance.randrange(500))}",)}
    if state not in ("review", "accepted", "refused"):
        parties["lead_unit"] = (f"department:{chance.randrange(60)}",)
    clocks = {"answer": Running(started=opened.date(), due=opened.date() + timedelta(days=90))} if state == "handling" else {}
    facts = WishFacts(title="关于" + "".join(chance.sample(WORDS, 3)) + "的心愿", text="正文" * 600, kind=chance.choice(("road", "school")),
                      confidential=chance.random() < 0.02)
    return Case(id=derived("bench case", n), state=state, since=opened, opened=opened, opened_by=parties["lead"][0], rules="0", version=1, facts=facts,
                parties=parties, clocks=clocks)


async def filled(db: Database, count: int) -> list[UUID]:
    made = await asyncio.to_thread(list, rows(count))
    async with db.transaction() as conn:
        await conn.execute("set local statement_timeout = '10min'")
        for first in range(0, count, 5000):
            await conn.copy_records_to_table("item", schema_name="cases", columns=COLUMNS, records=made[first : first + 5000])
    async with db.read() as conn:
        await conn.execute("vacuum analyze cases.item")  # as autovacuum does on its own soon
    return [row[0] for row in made]


async def timed(hub: Hub, view: str, actor: Actor, params: dict[str, Any]) -> float:
    found = hub.views.find(view, actor)
    began = time.perf_counter()
    await hub.views.fetch(found, hub.views.params(found, params), actor)
    return (time.perf_counter() - began) * 1000


async def p95(hub: Hub, view: str, actor: Actor, params: dict[str, Any]) -> float:
    return percentile([await timed(hub, view, actor, params) for _ in range(ASKS)])


def percentile(times: list[float], share: float = 0.95) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


async def submitted(hub: Hub) -> list[Figure]:
    """Fifty at once until it is done: far more than a thousand in the last ten minutes before a deadline."""
    shape = LIVES["wishes"].commands["SubmitWish"]
    waits: list[float] = []
    doors = asyncio.Semaphore(AT_ONCE)

    async def submit(n: int) -> None:
        async with doors:
            await _submit(n)

    async def _submit(n: int) -> None:
        began = time.perf_counter()
        wish = msgspec.convert({"id": str(uuid4()), "case": str(uuid4()), "form": {"title": f"关于第{n}件事的心愿", "text": "路不平。" * 30}}, shape)
        who = f"person:{derived('bench deputy', n)}"
        await hub.desk.ask(wish, Actor(id=who, name="", roles=(Role.DEPUTY,), scopes=(who,)))
        waits.append((time.perf_counter() - began) * 1000)

    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for n in range(SUBMISSIONS):
            group.create_task(submit(n))
    seconds = time.perf_counter() - started
    async with hub.db.read() as conn:
        kept = await conn.fetchval("select count(*) from cases.item where title like '关于第%件事的心愿'")
    return [at_most(f"{SUBMISSIONS} handed in, {AT_ONCE} at once (p95)", percentile(waits), "ms", SUBMITTED_MS), at_least("handed in", SUBMISSIONS / seconds, "a second", 10),
            at_least("of them kept", kept, "cases", SUBMISSIONS)]
