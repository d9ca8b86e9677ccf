"""The composition root: the only file that knows every room."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from dispatch.byhand import ByHand
from dispatch.conversations.export import export_conversation
from dispatch.conversations.marks import Marks
from dispatch.conversations.projection import EXPIRE
from dispatch.conversations.spoke import conversations_spoke
from dispatch.conversations.views import departures
from dispatch.export import export_broadcast
from dispatch.ladders import FIRST_LADDERS
from dispatch.links import Links
from dispatch.messages.commands import CloseBroadcast, SaveLadder, StartBroadcast
from dispatch.outgoing import Writer
from dispatch.planner import Planner
from dispatch.ports import Carrier
from dispatch.receipts import Receipts
from dispatch.roads import Roads
from dispatch.spoke import build_spoke
from dispatch.words import Channel
from hub import garbage
from hub.abroad import Abroad
from hub.access.passwords import Passwords
from hub.access.secret_key import secret_key
from hub.access.sign_in import SignIn
from hub.access.spoke import access_spoke
from hub.access.work import Access
from hub.bus.port import Bus
from hub.business import EXPORTS, STREAMS, business, case_errands, case_routes
from hub.calls import CallWorks, calls_of
from hub.desk import Desk
from hub.directory.projection import GONE
from hub.directory.spoke import DIRECTORY
from hub.exchange import ExchangeWorks, exchange_hung, exchange_of
from hub.figures import Figures
from hub.files import SWEEP
from hub.gateway.archive import Archive
from hub.gateway.arrivals import Arrivals
from hub.gateway.asides import Asides
from hub.gateway.files import Files
from hub.gateway.hooks import hook_routes
from hub.gateway.http import api_routes
from hub.gateway.live.door import limits_of
from hub.gateway.live.places import told_by
from hub.gateway.live.sessions import Keep
from hub.gateway.openapi import document
from hub.gateway.pages import app_routes, document_routes, health_routes
from hub.gateway.pieces import EXPIRE as UPLOAD_EXPIRE
from hub.gateway.pieces import Pieces
from hub.gateway.server import application, listening
from hub.gateway.session import DoorSettings, banners
from hub.gateway.sign_in_routes import sign_in_routes
from hub.gateway.sockets import Sockets
from hub.gateway.transfer import Transfer
from hub.gateway.tus import Tus
from hub.gateway.views import Views
from hub.health import Health, Pulse
from hub.kept import kept
from hub.kernel.actor import SYSTEM
from hub.kernel.clock import Clock, SystemClock
from hub.kernel.ids import derived
from hub.letters import Errands, letters_of, link_of
from hub.lives import LiveWorks, enters, lives_of
from hub.media import Media, engine_of, media_of, media_spokes
from hub.neighbours import ask_neighbours
from hub.nodes import presence_of, shared_micros
from hub.presence.port import Presence
from hub.record import Audit, Bell, Database, Jobs, Journal, Leadership, run_migrations
from hub.settings import Settings
from hub.spoke import Spoke
from hub.telling import Teller
from hub.timers import FORGET, Timers
from hub.vendors import build_carriers, wechat_door
from hub.year import tell_the_year
from media.calls.export import export_call, export_calls
from media.calls.spoke import calls_spoke
from media.calls.views import departures as call_departures
from media.engine import Engine
from media.espeak import EspeakSpeech
from media.hosts import Hosts
from media.live.export import export_recordings, export_speeches
from media.live.spoke import live_spoke
from media.meetings.spoke import MEETINGS
from media.meetings.views import departures as meeting_departures


@dataclass(frozen=True, kw_only=True)
class Hub:
    """A running hub, for who started it: the command line and the tests."""

    settings: Settings
    db: Database
    journal: Journal
    desk: Desk
    views: Views
    access: Access
    sign_in: SignIn
    receipts: Receipts
    planner: Planner
    roads: Roads
    teller: Teller
    presence: Presence
    jobs: Jobs
    spokes: tuple[Spoke, ...]
    sockets: Sockets
    bus: Bus
    media: Media
    lives: LiveWorks
    exchange: ExchangeWorks
    port: int = 0

    async def hand_over(self) -> None:
        """To the other processes on the port: guests go in slices and resume there."""
        await self.sockets.hand_over()

    @property
    def url(self) -> str:
        return f"http://{self.settings.host}:{self.port}"


@asynccontextmanager
async def hub_on(dsn: str, settings: Settings, clock: Clock | None = None, streams: tuple[Spoke, ...] = STREAMS) -> AsyncIterator[Hub]:
    """Migrates, opens every room and serves until the block ends."""
    clock = clock or SystemClock()
    await run_migrations(dsn)
    async with told_by(settings.valkey, settings.data / "live") as (bus, keep), presence_of(settings) as presence, \
            Database.open(dsn, size=12) as db, Journal.open(db) as journal:
        rooms = await _rooms(settings, journal, clock, bus, keep, presence, streams)
        if not settings.node:
            await rooms.links.nobody_here()
        await _first_ladders(rooms)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in rooms.works()]
            try:
                async with listening(rooms.app(), rooms.sockets, settings.host, settings.port, shared=bool(settings.node)) as port:
                    garbage.settle()
                    yield rooms.hub(port)
            finally:
                for task in tasks:
                    task.cancel()
                for carrier in rooms.carriers.values():
                    await carrier.close()
                await rooms.calls.close()
                await rooms.exchange.close()
                rooms.access.passwords.close()


@dataclass(kw_only=True)
class _Rooms:
    settings: Settings
    clock: Clock
    bus: Bus
    queued: Bell
    db: Database
    journal: Journal
    audit: Audit
    access: Access
    sign_in: SignIn
    teller: Teller
    desk: Desk
    views: Views
    sockets: Sockets
    presence: Presence
    links: Links
    receipts: Receipts
    planner: Planner
    roads: Roads
    letters: Errands
    timers: Timers
    jobs: Jobs
    files: Files
    pieces: Pieces
    pulse: Pulse
    carriers: Mapping[Channel, Carrier]
    door: DoorSettings
    spokes: tuple[Spoke, ...]
    media: Media
    lives: LiveWorks
    calls: CallWorks
    exchange: ExchangeWorks

    def works(self) -> list[Coroutine[Any, Any, None]]:
        """What every process does; and of several only one, what must be done once."""
        once: dict[str, Callable[[], Awaitable[None]]] = {
            "folding": self.receipts.run_folding, "planning": self.planner.run, "roads": self.roads.run,
            "timers": self._run_timers, "planning is woken": self._what_was_decided_may_be_due,
            **self.media.once(), **self.lives.once(), **self.calls.once(),
        }
        if self.settings.year:
            once["a demo city's year"] = partial(tell_the_year, self.db, self.journal, self.settings.data / "files", self.clock, self.teller.touch)
        everywhere: dict[str, Callable[[], Awaitable[None]]] = {
            "pulse": self.pulse.run, "telling": self.teller.run, "presence": self.links.run, "receipts": self.receipts.run_taking,
            **self.media.everywhere(), **self.lives.everywhere(),
        }
        if not self.settings.node:
            return [kept(name, work) for name, work in (everywhere | once).items()]
        once["who is here, in rows"] = partial(self.links.agree, self.presence.everyone)
        everywhere["abroad"] = Abroad(self.bus, {
            "inbox": self.receipts.inbox, "planned": self.receipts.planned, "queued": self.queued, "jobs": self.db.jobs,
        }, self.access.entries).run
        ask_neighbours(self.bus, self.sign_in, self.views)
        leadership = Leadership(self.db.dsn)
        everywhere["works"] = partial(leadership.run, partial(_all_kept, once))
        everywhere["who is here"] = partial(self.presence.run, sweeping=lambda: leadership.leads)
        return [kept(name, work) for name, work in everywhere.items()]

    async def _run_timers(self) -> None:
        await self.timers.begin()
        await self.exchange.begin(waits=self.settings.year)
        await self.jobs.run({
            "broadcast.start": partial(self.timers.ask_later, StartBroadcast),
            "broadcast.expire": partial(self.timers.ask_later, CloseBroadcast),
            "attempt.recall": self.roads.recall,
            "address.spoil": self.timers.spoil,
            **self.letters,
            "wechat.following": self.timers.following,
            EXPIRE: self.timers.expire_messages,
            UPLOAD_EXPIRE: self.pieces.expire,
            SWEEP: self.pieces.sweep,
            FORGET: self.timers.forget_commands,
            **case_errands(self.db, self.desk, self.clock),
            **self.media.by_kind,
            **self.lives.by_kind,
            **self.calls.by_kind,
            **self.exchange.by_kind,
        })

    async def _what_was_decided_may_be_due(self) -> None:
        while True:
            await self.journal.grown.listen().wait()
            self.receipts.planned.ring()

    def app(self) -> Any:
        transfer = Transfer(self.db, self.journal, self.audit, self.teller, {
            "broadcast": export_broadcast, "conversation": export_conversation, "call": export_call, "calls": export_calls, "speeches": export_speeches,
            "recordings": export_recordings, **EXPORTS})
        hooks = {path: hook for carrier in self.carriers.values() for path, hook in carrier.hooks.items()} | self.calls.hooks | self.exchange.hooks
        built = {name: self.settings.web / name / "dist" for name in ("console", "station", "deputy", "public")}
        live = self.sockets.live
        figures = Figures(self.bus, {
            "hub_process_id": ("Of the process", os.getpid),
            "hub_connections": ("Live connections", lambda: len(live.connections)),
            "hub_online": ("Stations, people and accounts online", self.presence.count),
            "hub_loop_stall_seconds": ("Longest time the loop did not come round, since the last scrape", self.pulse.longest),
            "hub_frames_told": ("Frames written to sockets since the start", lambda: live.rooms.count),
            **self.media.measures(),
        }, node=self.settings.node, processes=self.settings.workers)
        health = Health(self.db, self.journal, figures)
        opened = application(self.sign_in, self.door, self.sockets, [
            *sign_in_routes(self.sign_in, self.door), *api_routes(self.desk, self.views), *self.files.routes(),
            *Tus(self.files, self.pieces).routes(), *self.media.routes(), *self.lives.routes(), *self.calls.routes(),
            *transfer.routes(), *case_routes(self.db, self.desk, self.files.signed), *hook_routes(hooks, self.receipts.sighted, self.settings.url),
            *document_routes(partial(document, self.desk.rules.values(), self.views.by_name.values()),
                             self.settings.web.parent / "node_modules" / "rapidoc" / "dist" / "rapidoc-min.js"),
            *health_routes(health.ready, health.metrics), *app_routes(built),
        ])
        opened.on_shutdown.extend((self.media.door.listeners.close, self.calls.legs.close))
        return opened

    def hub(self, port: int) -> Hub:
        return Hub(
            settings=self.settings, db=self.db, journal=self.journal, desk=self.desk, views=self.views,
            access=self.access, sign_in=self.sign_in, receipts=self.receipts, planner=self.planner, roads=self.roads,
            teller=self.teller, presence=self.presence, jobs=self.jobs, spokes=self.spokes, sockets=self.sockets, bus=self.bus,
            media=self.media, lives=self.lives, exchange=self.exchange, port=port,
        )


async def _all_kept(works: Mapping[str, Callable[[], Awaitable[None]]]) -> None:
    async with asyncio.TaskGroup() as group:
        for name, work in works.items():
            group.create_task(kept(name, work))


async def _rooms(settings: Settings, journal: Journal, clock: Clock, bus: Bus, keep: Keep, presence: Presence, streams: tuple[Spoke, ...]) -> _Rooms:
    key, db = await asyncio.to_thread(secret_key, settings.data), journal.database
    audit = Audit(db)
    access = Access(db=db, audit=audit, key=key, passwords=Passwords.costing(*settings.argon2), totp=settings.totp)
    sign_in = SignIn(access)
    teller = Teller(db, bus, micros=shared_micros if settings.node else lambda: 0)
    receipts = Receipts(db, clock, teller.touch)
    queued = Bell()
    files = Files(Archive(db, settings.data / "files"), key, EspeakSpeech())

    links_to = partial(link_of, settings, key)
    writer = Writer(db, links_to, lambda file: files.signed(settings.url, file, clock.now()))
    carriers = build_carriers(settings, clock, writer, db)
    asides = Asides(bus)
    marks = Marks(db, teller.touch, asides.signal)
    engine, hosts = engine_of(settings), Hosts()
    spokes = spokes_of(access, receipts, ByHand(db, receipts, queued), marks, presence, audit, clock, frozenset(carriers), engine, hosts, streams, settings.province)
    views = [view for spoke in spokes for view in spoke.views]
    teller.show([*views, departures(asides.evict), meeting_departures(asides.evict), call_departures(asides.evict)])
    desk = Desk(db=db, journal=journal, audit=audit, teller=teller, clock=clock, spokes=spokes)
    links = Links(db, clock, teller.touch)
    presence.on_change(links.seen)
    door = _door(settings, clock, desk)
    shown = Views(db, audit, teller, views, clock)
    sockets = Sockets(desk=desk, views=shown, sign_in=sign_in, door=door, presence=presence, limits=limits_of(settings.limits),
                      bus=bus, keep=keep, reached=Arrivals(receipts, clock).take)
    asides.reach(sockets.live, shown.forget, marks.forget)
    teller.hear(GONE, access.entries.doubt)
    planner = Planner(db, clock, teller.touch, frozenset(carriers), receipts.planned, queued)
    media = media_of(settings, engine, hosts, db, desk, teller, bus, clock)
    return _Rooms(
        settings=settings, clock=clock, bus=bus, queued=queued, db=db, journal=journal, audit=audit, access=access, door=door,
        sign_in=sign_in, teller=teller, desk=desk, views=shown, sockets=sockets, presence=presence, links=links, receipts=receipts,
        planner=planner, roads=Roads(db, clock, receipts, carriers, writer.outgoing, teller.touch, queued, planner.behind),
        letters=letters_of(db, clock, carriers, links_to, teller.touch, receipts.put, presence.online),
        timers=Timers(db, journal, desk, clock), jobs=Jobs(db, clock), files=files, pieces=Pieces(files.archive, clock), pulse=Pulse(), carriers=carriers, spokes=spokes,
        media=media, lives=lives_of(media, journal, desk, teller, clock, key=key, files=files.archive.folder, data=settings.data.absolute(), node=settings.node),
        calls=calls_of(media, db, desk, teller, presence, clock, settings, key=key, files=files.archive.folder),
        exchange=exchange_of(settings, key, db, desk, clock),
    )


def spokes_of(
    access: Access, receipts: Receipts, by_hand: ByHand, marks: Marks, presence: Presence, audit: Audit, clock: Clock,
    channels: frozenset[Channel], engine: Engine, hosts: Hosts, streams: tuple[Spoke, ...] = STREAMS,
    province: Mapping[str, str] | None = None,
) -> tuple[Spoke, ...]:
    """Everything that hangs on the hub."""
    return (DIRECTORY, access_spoke(access, clock), build_spoke(receipts, by_hand, clock, channels),
            conversations_spoke(marks, presence, audit, clock), calls_spoke(presence, clock, phones=Channel.VOICE in channels), MEETINGS,
            live_spoke(access.db, access.key, clock, enters(hosts), engine), *media_spokes(engine, hosts, access.db), *business(access, clock, streams),
            exchange_hung(access, clock, province or {}))


def _door(settings: Settings, clock: Clock, desk: Desk) -> DoorSettings:
    return DoorSettings(public_url=settings.public_url, proxies=settings.proxies, banners=banners(totp=settings.totp),
                        wechat=wechat_door(settings, clock, desk), clock=clock)


async def _first_ladders(rooms: _Rooms) -> None:
    async with rooms.db.read() as conn:
        known = {row["code"] for row in await conn.fetch("select code from dispatch.ladder")}
    for ladder in FIRST_LADDERS:
        if ladder.code not in known:
            await rooms.desk.ask(SaveLadder(id=derived("first ladder", ladder.code), ladder=ladder), SYSTEM)
