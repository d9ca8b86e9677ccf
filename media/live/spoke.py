"""Live meetings, recordings and speeches (直播·录制·发言片段) as a spoke."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hub.kernel.actor import Actor, Permission
from hub.kernel.clock import Clock
from hub.record import Database
from hub.spoke import Decides, Decision, Does, Spoke, View
from media.engine import Engine
from media.live import model, sounds, speeches
from media.live.facts import Facts
from media.live.links import Links
from media.live.messages import commands as c
from media.live.messages.params import AgendaParams, OfLive
from media.live.messages.rows import RoomPlayRow, StreamKeyRow
from media.live.projection import WRITES, project
from media.live.streams import StreamKeys
from media.live.views import build_views
from media.ports import Admits

RUN = Permission.LIVE

LIVE_ACTS: tuple[tuple[type[Any], Callable[[Any, Any, Actor, datetime], Decision]], ...] = (
    (c.ChangeLive, model.change),
    (c.GoLive, model.go),
    (c.StopLive, model.stop),
    (c.CancelLive, model.cancel),
    (c.PickPicture, model.pick_picture),
    (c.ShowReplay, model.show_replay),
    (c.VoidLiveLinks, model.void_links),
)
RECORDING_ACTS: tuple[tuple[type[Any], Callable[[Any, Any, Actor, datetime], Decision]], ...] = (
    (c.StopRecording, model.stop_recording),
    (c.KeepRecording, model.keep),
    (c.DropRecording, model.drop),
    (c.FileRecording, model.file_recording),
)
CLIP_ACTS: tuple[tuple[type[Any], Callable[[Any, Any, Actor, datetime], Decision]], ...] = (
    (c.DropSpeech, speeches.drop),
    (c.FileClip, speeches.file_clip),
    (c.RefuseClip, speeches.refuse_clip),
)

SOUND_ACTS: tuple[tuple[type[Any], Callable[[Any, Any, Actor, datetime], Decision]], ...] = (
    (c.PlayInRoom, sounds.play),
    (c.StopPlayInRoom, sounds.stop),
    (c.SeeRoomPlayed, sounds.see_played),
)


def live_spoke(db: Database, key: bytes, clock: Clock, enters: Admits, engine: Engine) -> Spoke:
    """`key` signs links and passes; `enters` asks the spoke that owns a room."""
    facts, links, keys = Facts(clock, enters), Links(db, key), StreamKeys(db, key, engine)
    sounding = sounds.SoundFacts(enters)
    return Spoke(
        name="live",
        commands=(
            Decides(command=c.PlanLive, permission=RUN, decide=model.plan, facts=facts.planning),
            *(Decides(command=command, permission=RUN, decide=decide, facts=facts.live) for command, decide in LIVE_ACTS),
            Does(command=c.MakeLiveLink, permission=RUN, handle=links.make),
            Does(command=c.MakeStreamKey, permission=RUN, handle=keys.make),
            Does(command=c.RevokeStreamKey, permission=RUN, handle=keys.revoke),
            Decides(command=c.RecordRoom, permission=RUN, decide=model.record_room, facts=facts.recording_room),
            *(Decides(command=command, permission=RUN, decide=decide, facts=facts.recording) for command, decide in RECORDING_ACTS),
            Decides(command=c.SweepRecordings, permission=RUN, decide=model.sweep, facts=facts.due),
            Decides(command=c.SaveAgenda, permission=RUN, decide=speeches.save_agenda, facts=facts.agenda),
            Decides(command=c.TurnAgenda, permission=RUN, decide=speeches.turn_agenda, facts=facts.agenda),
            Decides(command=c.MarkSpeech, permission=RUN, decide=speeches.mark, facts=facts.hall),
            Decides(command=c.TakeFloorTurn, permission=RUN, decide=speeches.take_turn, facts=facts.hall, audited=False),
            Decides(command=c.CorrectSpeech, permission=RUN, decide=speeches.correct, facts=facts.correction),
            *(Decides(command=command, permission=RUN, decide=decide, facts=facts.speech) for command, decide in CLIP_ACTS),
            *(Decides(command=command, permission=RUN, decide=decide, facts=sounding.sounding) for command, decide in SOUND_ACTS),
        ),
        events=tuple(WRITES),
        views=(
            *build_views(key, clock),
            View(name="stream_keys", params=OfLive, row=StreamKeyRow, permission=RUN, fetch=keys.shown),
            View(name=sounds.PLAYS, params=AgendaParams, row=RoomPlayRow, permission=RUN, fetch=sounding.shown,
                 room=lambda params, _: f"{sounds.PLAYS}/{params.room}", reread=sounds.plays_again),
        ),
        project=project,
    )
