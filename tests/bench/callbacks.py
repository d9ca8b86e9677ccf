"""Vendors' callbacks: signed, posted by a process of their own, taken in by the real hub in its own.

`python -m tests.bench.callbacks …` is the load: it posts what stands in a file at an even rate, whether
or not the hub keeps up, and counts each answer's time from the moment the post was due.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID, uuid5

import asyncpg
import msgspec
import uvloop

from hub.access.secret_key import secret_key
from hub.access.seed import seed_demo_accounts
from hub.access.work import Access
from hub.commands.maintenance import MISCOUNTED, WRONG_SUMS
from hub.kernel.clock import SystemClock
from hub.record import Audit, Database, PostgresServer, run_migrations
from scripts.carriers_sim.signing import twilio_signature
from tests.bench.figure import Figure, at_least, at_most, median, percentile, scratch
from tests.bench.stage import console, cpu_seconds, hub, process

TOKEN = "token-of-the-bench"
NAMES = UUID("5d7c1d2e-0000-4000-8000-000000000001")
CONNECTIONS = 24
STATUSES = ("sent", "delivered")
AGAIN_EVERY = 20
"""Every so many callbacks come twice, as they do in the wild."""
FOLD_SECONDS = 30.0

SCENE = """
with sent as (
  insert into dispatch.broadcast(id, title, text, priority, state, drill, by_id, by_name, scopes, audience, variables, options,
    ladder, attachments, created_at, send_at, expires_at, total, version)
  select $1, '回执压测', '正文', 'important', 'sending', false, 'system', '系统', '{city}', '{}', '{}', '[]',
         (select jsonb_build_object('code', code, 'name', name, 'rungs', rungs, 'bypass_quiet', bypass_quiet)
            from dispatch.ladder where code = 'important'),
         '{}', now(), now(), now() + interval '1 day', cardinality($2::uuid[]), 1 returning id),
people as (
  insert into dispatch.delivery(id, broadcast, ref, kind, name, district, station, path, phone, openid, opt_out, bad, rank,
    outcome, rung, next_at)
  select id, $1, 'person:' || id, 'deputy', '代表' || n, 'district:' || n % 7 + 1, 'station:' || n % 73 + 1,
         array['city'], '+8619900' || lpad(n::text, 6, '0'), '', '{}', '{}', 20, 'sending', 3, now() + interval '1 hour'
    from unnest($2::uuid[]) with ordinality x(id, n) returning id)
insert into dispatch.attempt(id, delivery, broadcast, channel, lane, round, rung, try, state, rank, provider_id, address, lease,
  created_at, sent_at)
select id, delivery, $1, 'sms', 1, 0, 2, 1, 'accepted', 20, 'SM' || replace(id::text, '-', ''), '+8619900000000',
       now() + interval '1 hour', now(), now()
  from unnest($3::uuid[], $2::uuid[]) x(id, delivery)
"""


class Post(msgspec.Struct):
    path: str
    signature: str
    body: str


class Load(msgspec.Struct):
    """`rate` per second; 0: as fast as the connections answer."""

    port: int
    rate: float
    posts: list[Post]


class Answers(msgspec.Struct):
    seconds: float
    refused: int
    took: list[float]
    """Seconds of each answer, sorted."""


async def run(quick: bool) -> list[Figure]:
    """Quick: 4 s at 1,100/s and 3,000 flat out; else three rounds of 10 s and 10,000."""
    with scratch() as folder:
        async with PostgresServer(folder / "postgres") as server:
            await run_migrations(server.dsn)
            await accounts(server.dsn, folder / "data")
            given = {"TWILIO_ACCOUNT_SID": "AC" + "5" * 32, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM_NUMBER": "+15005550006",
                     "TWILIO_BASE_URL": "http://127.0.0.1:9"}
            async with hub("serve", folder, server.dsn, **given) as (url, pid), console(url) as screen:
                await screen.watch("broadcasts")
                stage = Stage(folder, server.dsn, url, pid)
                even = [await stage.play(n, 1100, 4400 if quick else 11_000) for n in range(1 if quick else 3)]
                flat = await stage.play(9, 0, 3000 if quick else 10_000)
            return [*figures(even, flat), Figure(name="frames told to the watching console", value=screen.frames, unit="frames")]


async def accounts(dsn: str, data: Path) -> None:
    data.mkdir(exist_ok=True)
    async with Database.open(dsn, size=2) as db:
        await seed_demo_accounts(Access(db=db, audit=Audit(db), key=secret_key(data), totp=False), SystemClock().now())


class Played(msgspec.Struct):
    answers: Answers
    sent: int
    folded_after: float
    """Seconds from the last answer until nothing waits."""
    cpu: float
    """The hub's own, in milliseconds for each callback."""
    wrong: int


class Stage:
    def __init__(self, folder: Path, dsn: str, url: str, pid: int) -> None:
        self._folder, self._dsn, self._url, self._pid = folder, dsn, url, pid

    async def play(self, turn: int, rate: float, count: int) -> Played:
        people = count // len(STATUSES)
        attempts = [uuid5(NAMES, f"attempt {turn} {n}") for n in range(people)]
        conn = await asyncpg.connect(self._dsn)
        try:
            which = uuid5(NAMES, f"broadcast {turn}")
            await conn.execute(SCENE, which, [uuid5(NAMES, f"delivery {turn} {n}") for n in range(people)], attempts)
            await conn.execute("select dispatch.recount($1)", which)
            await conn.execute("analyze")
            before = cpu_seconds(self._pid)
            answers = await self._post(list(posts(self._url, attempts)), rate)
            waited = await folded(conn)
            cpu = cpu_seconds(self._pid) - before
            return Played(answers, len(answers.took), waited, 1000 * cpu / len(answers.took),
                          await wrong(conn, which, people))
        finally:
            await conn.close()

    async def _post(self, wanted: list[Post], rate: float) -> Answers:
        load, told = self._folder / "load.json", self._folder / "answers.json"
        load.write_bytes(msgspec.json.encode(Load(int(self._url.rpartition(":")[2]), rate, wanted)))
        async with process(self._folder / "load.log", "-m", "tests.bench.callbacks", str(load), str(told)) as child:
            code = await child.wait()
        if code:
            raise RuntimeError((self._folder / "load.log").read_text()[-2000:])
        return msgspec.json.decode(told.read_bytes(), type=Answers)


def posts(url: str, attempts: list[UUID]) -> Iterator[Post]:
    """All of one status, then all of the next; some twice."""
    for number, (status, attempt) in enumerate((status, attempt) for status in STATUSES for attempt in attempts):
        path = f"/hooks/twilio/message/{attempt}"
        sid = f"SM{attempt.hex}"
        fields = {
            "AccountSid": "AC" + "5" * 32, "ApiVersion": "2010-04-01", "From": "+15005550006", "To": "+8619900000000",
            "MessageSid": sid, "MessageStatus": status, "SmsSid": sid, "SmsStatus": status, "RawDlrDoneDate": "2611211200",
        }
        post = Post(path, twilio_signature(TOKEN, url + path, fields), urlencode(fields))
        yield post
        if number % AGAIN_EVERY == 0:
            yield post


async def folded(conn: asyncpg.Connection[asyncpg.Record]) -> float:
    begun = time.perf_counter()
    async with asyncio.timeout(FOLD_SECONDS):
        while await conn.fetchval("select exists(select 1 from dispatch.inbox)"):
            await asyncio.sleep(0.01)
    return time.perf_counter() - begun


async def wrong(conn: asyncpg.Connection[asyncpg.Record], broadcast: UUID, people: int) -> int:
    """Counters that differ from the rows, people not delivered to, and evidence too much or missing."""
    counters = len(await conn.fetch(MISCOUNTED)) + len(await conn.fetch(WRONG_SUMS))
    reached = await conn.fetchval(
        "select count(*) from dispatch.delivery where broadcast = $1 and outcome = 'delivered'", broadcast)
    seen = await conn.fetchval(
        "select count(*) from dispatch.evidence e join dispatch.delivery d on d.id = e.delivery where d.broadcast = $1", broadcast)
    return counters + abs(people - reached) + abs(people * len(STATUSES) - seen)


def figures(even: list[Played], flat: Played) -> list[Figure]:
    every = [*even, flat]
    return [
        at_least("callbacks taken in, offered 1,100/s", median([p.sent / p.answers.seconds for p in even]), "/s", 1000),
        at_most("answer p99 at that rate", median([1000 * percentile(p.answers.took, 0.99) for p in even]), "ms", 50),
        Figure(name="answer p50 at that rate", value=round(median([1000 * percentile(p.answers.took, 0.5) for p in even]), 2),
               unit="ms"),
        at_most("all folded after the last answer", median([p.folded_after for p in even]), "s", 1.0),
        at_least(f"flat out, {CONNECTIONS} connections", flat.sent / flat.answers.seconds, "/s", 1000),
        at_most("answer p99 flat out", 1000 * percentile(flat.answers.took, 0.99), "ms", 50),
        Figure(name="all folded after it", value=round(flat.folded_after, 2), unit="s"),
        Figure(name="hub's processor time for a callback, fold included",
               value=round(median([p.cpu for p in every]), 3), unit="ms"),
        at_most("answers other than 200", sum(p.answers.refused for p in every), "answers", 0),
        at_most(f"miscounted, lost or doubled of {sum(p.sent for p in every):,}", sum(p.wrong for p in every), "rows", 0),
    ]


# --- the load, in its own process ---------------------------------------------------------------


async def post_all(load: Load) -> Answers:
    queue: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()
    took: list[float] = []
    bad: list[bytes] = []
    clock = time.perf_counter

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", load.port)
        while (wanted := await queue.get()) is not None:
            due, request = wanted
            begun = due or clock()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            await reader.readexactly(length)
            took.append(clock() - begun)
            if not head.startswith(b"HTTP/1.1 200"):
                bad.append(head)
        writer.close()

    requests = [_request(load.port, post) for post in load.posts]
    started = clock()
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(connection())
        for number, request in enumerate(requests):
            due = started + number / load.rate if load.rate else 0.0
            while (wait := due - clock()) > 0:
                await asyncio.sleep(wait)
            queue.put_nowait((due, request))
        for _ in range(CONNECTIONS):
            queue.put_nowait(None)
    return Answers(clock() - started, len(bad), sorted(took))


def _request(port: int, post: Post) -> bytes:
    head = (f"POST {post.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
            f"X-Twilio-Signature: {post.signature}\r\nContent-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
            f"Content-Length: {len(post.body)}\r\n\r\n")
    return head.encode() + post.body.encode()


def main(load: Path, told: Path) -> None:
    wanted = msgspec.json.decode(load.read_bytes(), type=Load)
    told.write_bytes(msgspec.json.encode(uvloop.run(post_all(wanted))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
