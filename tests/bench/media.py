"""Voice and picture beside Janus and aiortc, all in one run with the same load."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.figure import Figure, at_most, percentile, scratch
from tests.bench.load.media import scenes, servers
from tests.bench.load.media.agents import called_at_once
from tests.bench.load.media.eyes import seen
from tests.bench.load.media.floor_hub import floor_through_hub
from tests.bench.load.media.hour import FIRST, long
from tests.bench.load.media.killed import silences
from tests.bench.load.media.scenes import Cost, Film
from tests.flows.studio.rtp import film, packets

STATIONS = 73
RELAYED, LISTENING = 2, 8
"""So many does aiortc's relay carry here without falling behind; its cost is for each of them."""
CAST = 8
BUSY = 1.5


@dataclass(frozen=True)
class Times:
    """Seconds of a scene, pictures of the film, how often the floor changes hands, playlists looked at, microphones of aiortc,
    Chromium's first pictures, its seconds of loss."""

    each: float
    frames: int
    turns: int
    live: int
    stock_mics: int
    glances: int
    lossy: float


QUICK, WHOLE = Times(1.5, 120, 200, 2, 16, 3, 2.0), Times(6.0, 360, 2_000, 6, STATIONS, 9, 8.0)


@dataclass
class Found:
    """What each server cost, by its name."""

    forward: dict[str, Cost] = field(default_factory=dict)
    voice: dict[str, Cost] = field(default_factory=dict)
    mics: dict[str, Cost] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)


async def run(quick: bool) -> list[Figure]:
    times, found = QUICK if quick else WHOLE, Found()
    loaded = [os.getloadavg()[0]]
    with scratch() as folder:
        sent = packets(film(folder / "film.mp4", frames=times.frames))
        async with servers.stock(folder) as stock:
            await _ours(folder, sent, times, found, quick)
            await _janus(folder, sent, times, found, quick)
            await _stock(stock, sent, times, found)
        if not quick:
            found.figures += await floor_through_hub(folder, times.turns // 4)
            found.figures += await called_at_once(folder)
            found.figures += await silences(folder)
    return [*_forwarded(found), *_voices(found), *_joins(found), *found.figures, _load(loaded[0])]


async def hour(minutes: float) -> list[Figure]:
    """One speaker, 73 stations; numbers and times wrap within the first minute."""
    loaded = os.getloadavg()[0]
    with scratch() as folder:
        sent = packets(film(folder / "film.mp4", frames=WHOLE.frames))
        async with servers.plane(folder, first=FIRST) as plane:
            return [*await long(plane, sent, STATIONS, minutes), _load(loaded)]


def _load(before: float) -> Figure:
    busy = before > BUSY
    return Figure(name="load of the machine before" + (": other work ran too, trust ratios only" if busy else ""),
                  value=round(before, 1), unit="")


# --- the scenes -------------------------------------------------------------------------------------


async def _ours(folder: Path, sent: Film, times: Times, found: Found, quick: bool) -> None:
    async with servers.plane(folder) as plane:
        await _everything(plane, sent, times, found)
        await plane.clear()
        found.mics["C"] = await scenes.microphones(plane, sent, STATIONS, times.each)
        found.figures.append(at_most("floor granted, asked on the plane's socket, p99", await scenes.floor(plane, times.turns), "ms", 5))
        ours, missing = await scenes.recorded(plane, sent, folder, CAST, times.each)
        found.forward["recorder"] = ours
        found.figures += await seen(plane, times.glances, times.lossy)
        found.figures.append(at_most(f"pictures missing from {CAST} recordings", missing, "", 0))
        if quick:
            return
        parts, wholes = await scenes.behind_live(plane, sent, folder, times.live)
        found.figures += [at_most("LL-HLS behind live, hold-back included, worst", parts, "s", 3),
                          at_most("HLS behind live, the same", wholes, "s", 6)]
    async with servers.plane(folder, c=False) as plane:
        await _everything(plane, sent, times, found)
        await plane.clear()
        found.mics["Python"] = await scenes.microphones(plane, sent, STATIONS, times.each)


async def _everything(plane: servers.Plane, sent: Film, times: Times, found: Found) -> None:
    found.forward[plane.name] = await scenes.forward(plane, sent, STATIONS, times.each)
    await plane.clear()
    found.voice[plane.name] = await scenes.broadcast(plane, sent, STATIONS, times.each)


async def _janus(folder: Path, sent: Film, times: Times, found: Found, quick: bool) -> None:
    if servers.JANUS is None:
        return
    for loops in (1,) if quick else (1, 0):
        # a process for each scene: while it clears away 73 viewers it does not always take a new publisher
        async with servers.janus(folder, loops=loops) as janus:
            found.forward[janus.name] = await scenes.forward(janus, sent, STATIONS, times.each)
        async with servers.janus(folder, loops=loops) as janus:
            found.voice[janus.name] = await scenes.broadcast(janus, sent, STATIONS, times.each)


async def _stock(stock: servers.Stock, sent: Film, times: Times, found: Found) -> None:
    await stock.begin("relay")
    found.forward["relay"] = await scenes.forward(stock, sent, RELAYED, times.each)
    await stock.begin("relay")
    found.voice["relay"] = await scenes.broadcast(stock, sent, LISTENING, times.each)
    await stock.begin("listen")
    found.mics["stock"] = await scenes.microphones(stock, sent, times.stock_mics, times.each)
    await stock.begin("record")
    theirs = await scenes.recorded_by_aiortc(stock, sent, times.each)
    await stock.begin("relay")
    ours = found.forward.pop("recorder")
    found.figures.append(beside(
        f"recording, of a core for a stream (studio's process, {CAST} streams)", 100 * ours.per_head, "%",
        "MediaRecorder", 100 * theirs.per_head, 1 / 200))


# --- the figures ------------------------------------------------------------------------------------


def beside(name: str, value: float, unit: str, peer: str, than: float, target: float) -> Figure:
    """A cost: its share of the peer's may be `target` at most."""
    ratio = value / than if than else float("inf")
    shown = f"≤ 1/{1 / target:.0f}" if target < 0.05 else f"≤ {target:g} ×"
    return Figure(name=name, value=round(value, 3), unit=unit, peer=f"{peer}: {than:,.2f}", ratio=round(ratio, 5),
                  target=shown, ok=ratio <= target)


PER_VIEWER = {"plane with C": 1 / 150, "plane, pure Python": 1 / 100}
PER_PACKET = {("plane with C", "Janus, event_loops=1"): 0.5, ("plane with C", "Janus as shipped"): 0.3,
              ("plane, pure Python", "Janus, event_loops=1"): 0.8, ("plane, pure Python", "Janus as shipped"): 0.4}
ABSENT = " (Janus is not installed here: not compared)"


def _forwarded(found: Found) -> list[Figure]:
    relay, ours = found.forward["relay"], [name for name in PER_VIEWER if name in found.forward]
    figures = [
        beside(f"{name}: CPU of a viewer, {STATIONS} watch one at 1.1 Mbit/s", 100 * found.forward[name].per_head, "% of a core",
               f"MediaRelay, {RELAYED} viewers", 100 * relay.per_head, PER_VIEWER[name]) for name in ours]
    for name in ours:
        figures += [beside(f"{name}: CPU of a packet", found.forward[name].per_packet, "µs", peer, found.forward[peer].per_packet, target)
                    for (us, peer), target in PER_PACKET.items() if us == name and peer in found.forward]
        if servers.JANUS is None:
            figures.append(Figure(name=f"{name}: CPU of a packet{ABSENT}", value=round(found.forward[name].per_packet, 2), unit="µs"))
    return figures


def _voices(found: Found) -> list[Figure]:
    name, peer = "plane with C", "Janus, event_loops=1"
    ours, mics = found.voice[name], found.mics
    figures = [beside(f"{name}: CPU of a listener, voice to {STATIONS}", 100 * ours.per_voice, "% of a core",
                      f"MediaRelay, {LISTENING} listeners", 100 * found.voice["relay"].per_voice, 1 / 100)]
    last = percentile(list(ours.last), 0.95) if ours.last else float("inf")
    if peer in found.voice:
        theirs = percentile(list(found.voice[peer].last), 0.95) if found.voice[peer].last else float("nan")
        figures.append(beside("last of 73 has the voice, p95", last, "ms", peer, theirs, 1.0))
    else:
        figures.append(Figure(name="last of 73 has the voice, p95" + ABSENT, value=round(last, 2), unit="ms"))
    figures += [beside(f"{STATIONS} open microphones come in, coalesced, {words}: CPU of a packet", mics[name].per_packet, "µs",
                       f"aiortc that decodes {mics['stock'].heads}", mics["stock"].per_packet, 0.15)
                for name, words in (("C", "plane with C"), ("Python", "pure Python")) if name in mics]
    return figures


def _joins(found: Found) -> list[Figure]:
    name, peer = "plane with C", "Janus, event_loops=1"
    ours = found.forward[name]
    figures = [at_most(f"{STATIONS} come at once: all connected", ours.joined, "s", 1.5)]
    if peer in found.forward:
        figures.append(beside("CPU of one that comes", 1000 * ours.join_cpu, "ms", peer, 1000 * found.forward[peer].join_cpu, 1.5))
    return figures
