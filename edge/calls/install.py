"""A telephone for each station, with real lines."""

from __future__ import annotations

import aiohttp

from edge.calls.door import Door
from edge.calls.ear import Ear
from edge.calls.line import VoiceLine
from edge.calls.rules import Call, CallPolicy
from edge.calls.telephone import Ask, Handset, Install, Telephone
from edge.calls.voices import voice_of
from edge.settings import Settings, sink_of
from hub.kernel.clock import Clock


def installer(settings: Settings, policy: CallPolicy, session: aiohttp.ClientSession, clock: Clock) -> Install:
    """Raises Malformed."""
    voice = voice_of(settings.voice)

    def install(station: str, key: str, ask: Ask) -> Telephone:
        door = Door(settings.hub, key, session)
        ear = Ear(sink_of(settings, station))

        def dial(call: Call) -> VoiceLine:
            return VoiceLine(door, call, voice, ear)

        return Telephone(station, ask, Handset(dial=dial, clock=clock, policy=policy), ear)

    return install
