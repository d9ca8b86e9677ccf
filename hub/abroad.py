"""What the other processes of the hub must hear: that a work has something to do, who must leave, of whom
the directory has changed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from functools import partial

import msgspec

from hub.access.entries import Entries
from hub.bus.port import Bus
from hub.record import Bell

BELL, REVOKED, DOUBTED = "@bell", "@revoked", "@doubted"
BREATH = 0.005
"""Seconds between two words about bells: a storm rings a few hundred times a second, not thousands."""


class Word(msgspec.Struct, frozen=True):
    node: str
    names: tuple[str, ...]


class Abroad:
    def __init__(self, bus: Bus, bells: Mapping[str, Bell], entries: Entries) -> None:
        self._bus, self._bells, self._entries = bus, bells, entries
        self._node = secrets.token_hex(8)
        self._rung: dict[str, None] = {}
        self._revoked: dict[str, None] = {}
        self._doubted: dict[str, None] = {}
        self._must_leave: dict[str, None] = {}
        self._wake = asyncio.Event()
        for name, bell in bells.items():
            bell.abroad = partial(self._ring, name)
        self._ours = self._revoke
        entries.listeners.append(self._ours)
        bus.hear(BELL, partial(self._hear, BELL))
        entries.doubters.append(self._doubt)
        bus.hear(REVOKED, partial(self._hear, REVOKED), past=True)
        bus.hear(DOUBTED, partial(self._hear, DOUBTED))

    async def run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._say(REVOKED, self._revoked)
            await self._say(DOUBTED, self._doubted)
            await self._say(BELL, self._rung)
            await self._dismiss()
            await asyncio.sleep(BREATH)

    async def _say(self, room: str, names: dict[str, None]) -> None:
        if names:
            word = Word(self._node, tuple(names))
            names.clear()
            await self._bus.publish(room, msgspec.json.encode(word))

    async def _dismiss(self) -> None:
        leaving = tuple(self._must_leave)
        self._must_leave.clear()
        for listener in self._entries.listeners:
            if listener is not self._ours:
                for credential in leaving:
                    await listener(credential)

    def _ring(self, name: str) -> None:
        self._rung[name] = None
        self._wake.set()

    def _doubt(self, actor: str) -> None:
        self._doubted[actor] = None
        self._wake.set()

    async def _revoke(self, credential: str) -> None:
        self._revoked[credential] = None
        self._wake.set()

    def _hear(self, room: str, told: bytes) -> None:
        word = msgspec.json.decode(told, type=Word)
        if word.node == self._node:
            return
        if room == BELL:
            for name in word.names:
                if name in self._bells:
                    self._bells[name].ring_here()
            return
        if room == DOUBTED:
            for actor in word.names:
                self._entries.doubt_here(actor)
            return
        self._entries.forget(word.names)
        self._must_leave |= dict.fromkeys(word.names)
        self._wake.set()
