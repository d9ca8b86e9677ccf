"""What is sent: one film at 1.1 Mbit/s with its sound, plain voices, many microphones."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter

from tests.bench.load.media.caller import Caller
from tests.flows.plane.phone import H264, OPUS
from tests.flows.studio.rtp import Timed

TICK, FRAME = 0.02, 960
CYCLE = 64
"""A voice's packets have so many sizes in turn: by its size a listener knows which one came."""
SMALLEST = 80


async def show(talker: Caller, film: Sequence[Timed], kinds: tuple[str, ...] = ("opus", "h264"), base: int = 0) -> None:
    """Over and over, as time passes, until cancelled. The talker's lines are a microphone and a camera. `base`: RTP time of
    the beginning."""
    sent = [one for one in film if one.codec in kinds]
    length = sent[-1].at + TICK
    began, turn = perf_counter(), 0.0
    while True:
        for one in sent:
            if (early := began + turn + one.at - perf_counter()) > 0.001:
                await asyncio.sleep(early)
            _frame(talker, one, turn, base)
        turn += length


def _frame(talker: Caller, one: Timed, turn: float, base: int) -> None:
    head = one.packet
    sound = one.codec == "opus"
    stamp = base + int.from_bytes(head[4:8], "big") + round(turn * (48_000 if sound else 90_000))
    talker.rtp(talker.ssrcs[0 if sound else 1], OPUS if sound else H264, stamp, head[12:], marker=head[1] > 127, level=sound)


async def speak(talker: Caller, sent: list[float]) -> None:
    """A voice of which each packet can be told from its neighbours; `sent` takes the times."""
    began = perf_counter()
    while True:
        number = len(sent)
        await asyncio.sleep(max(0.0, began + number * TICK - perf_counter()))
        sent.append(perf_counter())
        talker.rtp(talker.ssrcs[0], OPUS, number * FRAME, bytes(SMALLEST + number % CYCLE), level=True)


async def chatter(talkers: Sequence[Caller], frames: Sequence[bytes]) -> None:
    """Every microphone is open; they are not in step."""
    began, tick = perf_counter(), 0
    while True:
        for talker in talkers[tick % 4 :: 4]:
            number = tick // 4
            talker.rtp(talker.ssrcs[0], OPUS, number * FRAME, frames[number % len(frames)], level=True)
        tick += 1
        await asyncio.sleep(max(0.0, began + tick * TICK / 4 - perf_counter()))


@contextmanager
def meanwhile(*work: asyncio.Task[None]) -> Iterator[None]:
    try:
        yield
    finally:
        for one in work:
            one.cancel()


async def alive(callers: Sequence[Caller]) -> None:
    """What every peer says each second, spread over it."""
    while True:
        for one in list(callers):
            one.report()
            await asyncio.sleep(1 / max(1, len(callers)))


def last_of_all(sent: Sequence[float], listeners: Sequence[Caller]) -> list[float]:
    """For each packet that everybody got, the milliseconds until the last one had it; sorted."""
    heard: list[dict[int, float]] = []
    for one in listeners:
        sizes = one.sizes or []
        least = min((size for size, _ in sizes), default=0)
        heard.append(dict(_numbered(sent, [(size - least, at) for size, at in sizes])))
    everybody = set(heard[0]).intersection(*heard[1:]) if heard else set()
    return sorted(1000 * (max(one[number] for one in heard) - sent[number]) for number in everybody)


def _numbered(sent: Sequence[float], came: Sequence[tuple[int, float]]) -> Iterator[tuple[int, float]]:
    """The latest packet of this size that was sent before it came."""
    number = 0
    for place, at in came:
        while number + CYCLE < len(sent) and sent[number + CYCLE] <= at:
            number += 1
        candidates = (one for one in range(number + CYCLE - 1, number - 1, -1) if one % CYCLE == place)
        found = next((one for one in candidates if one < len(sent) and sent[one] <= at), None)
        if found is not None:
            yield found, at
