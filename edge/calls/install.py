"""Telephones for each station, with real lines."""

from __future__ import annotations

import aiohttp

from edge.calls.cameras import camera_of
from edge.calls.door import Door
from edge.calls.ear import Ear
from edge.calls.line import Senses, VoiceLine
from edge.calls.rules import Call, CallPolicy
from edge.calls.telephone import CALLS, ROUNDS, Ask, Handset, Install, Telephone, Ways
from edge.calls.voices import voice_of
from edge.settings import Settings, sink_of
from hub.kernel.clock import Clock


def installer(settings: Settings, policy: CallPolicy, session: aiohttp.ClientSession, clock: Clock) -> Install:
    """Raises Malformed."""
    voice, camera = voice_of(settings.voice), camera_of(settings.camera)

    def install(station: str, key: str, ask: Ask) -> tuple[Telephone, ...]:
        door = Door(settings.hub, key, session)

        def telephone(ways: Ways, senses: Senses) -> Telephone:
            def dial(call: Call) -> VoiceLine:
                return VoiceLine(door, call, senses)

            return Telephone(station, ask, Handset(dial=dial, clock=clock, policy=policy), senses.ear, ways, senses.eye)

        calls = telephone(CALLS, Senses(voice=voice, ear=Ear(sink_of(settings, station))))
        if not settings.rounds:
            return (calls,)
        round_ = Senses(voice=voice, ear=Ear(sink_of(settings, station)), camera=camera, watch=settings.watch)
        return (calls, telephone(ROUNDS, round_))

    return install
