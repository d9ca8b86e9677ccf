"""The rules of live meetings and their recordings. Pure: the time is an argument."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from hub.kernel.actor import SYSTEM, Actor
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from hub.kernel.ids import derived
from hub.kernel.messages import Event
from hub.spoke import Decision, Write
from media.live.messages.commands import (
    CancelLive,
    ChangeLive,
    DropRecording,
    FileRecording,
    GoLive,
    KeepRecording,
    LivePlaced,
    PickPicture,
    PlanLive,
    RecordingBegun,
    RecordRoom,
    ShowReplay,
    StopLive,
    StopRecording,
    SweepRecordings,
    Swept,
    Terms,
    VoidLiveLinks,
)
from media.live.messages.events import (
    LiveCancelled,
    LiveChanged,
    LiveEnded,
    LiveLinksVoided,
    LivePlanned,
    LiveStarted,
    PicturePicked,
    RecordingDropped,
    RecordingFiled,
    RecordingKept,
    RecordingStarted,
    RecordingStopped,
    ReplayTurned,
)
from media.live.words import Access, LiveState, RecordingState, own_room

SWEPT_AT_ONCE = 50
OVER = "保存期满 kept long enough"


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What a live meeting's terms are held against. `busy`: another live meeting shows this room already."""

    owner: str
    poster_shown: bool = True
    org_known: bool = True
    room_open: bool = True
    busy: bool = False


class LiveScene(msgspec.Struct, frozen=True, kw_only=True):
    """`mine`: the asker runs what its owner runs."""

    id: UUID
    room: str
    owner: str
    state: LiveState
    terms: Terms
    recording: UUID | None
    recording_runs: bool
    recording_version: int
    epoch: int
    picture: str = ""
    version: int
    mine: bool
    around: Around


class RecordingScene(msgspec.Struct, frozen=True, kw_only=True):
    """`serves_live`: a live meeting is written by it just now."""

    id: UUID
    room: str
    owner: str
    state: RecordingState
    title: str
    live: UUID | None
    keep_days: int | None
    speakers: bool
    archive: bool
    version: int
    mine: bool
    serves_live: bool


class RoomScene(msgspec.Struct, frozen=True, kw_only=True):
    owner: str
    open: bool
    recording: UUID | None


class Due(msgspec.Struct, frozen=True, kw_only=True):
    recordings: tuple[tuple[UUID, int], ...]


def live_stream(live: UUID) -> str:
    return f"live-{live}"


def recording_stream(recording: UUID) -> str:
    return f"recording-{recording}"


# --- live meetings --------------------------------------------------------------------------------


def plan(facts: Around, command: PlanLive, actor: Actor, at: datetime) -> Decision:
    room = command.room or own_room(command.id)
    _require_terms(facts, command.terms)
    if not facts.room_open:
        raise _no_room()
    planned = LivePlanned(live=command.id, room=room, owner=facts.owner, terms=command.terms, starts=command.starts,
                          by_name=actor.name)
    events: tuple[Event, ...] = (planned,)
    writes: tuple[Write, ...] = ()
    if command.now:
        _require_idle(facts)
        started, writes = _start(command.id, room, facts.owner, command.terms, actor)
        events += (started,)
    return Decision(writes=(Write(live_stream(command.id), 0, events), *writes), result=LivePlaced(command.id, room))


def change(facts: LiveScene | None, command: ChangeLive, actor: Actor, at: datetime) -> Decision:
    scene = run_by(facts)
    if scene.state is LiveState.CANCELLED:
        raise _over(scene.state)
    _require_terms(scene.around, command.terms)
    if command.terms == scene.terms:
        return Decision()
    return _wrote(scene, LiveChanged(live=scene.id, terms=command.terms, closed=closes(scene.terms, command.terms)))


def closes(before: Terms, after: Terms) -> bool:
    """True where somebody who could watch may not any more."""
    if before.access is not after.access:
        return after.access is not Access.PUBLIC
    narrower = set(before.roles) - set(after.roles) or before.org != after.org
    return after.access is Access.ROLES and bool(narrower)


def go(facts: LiveScene | None, command: GoLive, actor: Actor, at: datetime) -> Decision:
    scene = run_by(facts)
    if scene.state is not LiveState.PLANNED:
        raise _over(scene.state)
    if not scene.around.room_open:
        raise _no_room()
    _require_idle(scene.around)
    started, writes = _start(scene.id, scene.room, scene.owner, scene.terms, actor)
    return Decision(writes=(Write(live_stream(scene.id), scene.version, (started,)), *writes))


def _start(live: UUID, room: str, owner: str, terms: Terms, actor: Actor) -> tuple[LiveStarted, tuple[Write, ...]]:
    recording = derived("recording of live", live)
    began = RecordingStarted(recording=recording, room=room, owner=owner, title=terms.title, keep_days=terms.keep_days,
                             by_name=actor.name, live=live, speakers=terms.record, archive=terms.record or terms.replay)
    return LiveStarted(live=live, recording=recording), (Write(recording_stream(recording), 0, (began,)),)


def stop(facts: LiveScene | None, command: StopLive, actor: Actor, at: datetime) -> Decision:
    scene = run_by(facts)
    if scene.state is not LiveState.LIVE:
        raise _over(scene.state)
    writes = [Write(live_stream(scene.id), scene.version, (LiveEnded(live=scene.id),))]
    if scene.recording and scene.recording_runs:
        writes.append(Write(recording_stream(scene.recording), scene.recording_version,
                            (RecordingStopped(recording=scene.recording),)))
    return Decision(writes=tuple(writes))


def cancel(facts: LiveScene | None, command: CancelLive, actor: Actor, at: datetime) -> Decision:
    scene = run_by(facts)
    if scene.state is not LiveState.PLANNED:
        raise _over(scene.state)
    return _wrote(scene, LiveCancelled(live=scene.id))


def pick_picture(facts: LiveScene | None, command: PickPicture, actor: Actor, at: datetime) -> Decision:
    scene = run_by(facts)
    if scene.state is not LiveState.LIVE:
        raise _over(scene.state)
    if command.picture == scene.picture:
        return Decision()
    return _wrote(scene, PicturePicked(live=scene.id, picture=command.picture))


def show_replay(facts: LiveScene | None, command: ShowReplay, actor: Actor, at: datetime) -> Decision:
    scene = run_by(facts)
    if scene.state is not LiveState.ENDED:
        raise Refused("会议还没有结束，结束后才有回放。", "There is a replay only after the meeting has ended.", code="not-ended")
    if scene.terms.replay == command.on:
        return Decision()
    return _wrote(scene, ReplayTurned(live=scene.id, on=command.on))


def void_links(facts: LiveScene | None, command: VoidLiveLinks, actor: Actor, at: datetime) -> Decision:
    scene = run_by(facts)
    return _wrote(scene, LiveLinksVoided(live=scene.id))


# --- recordings -----------------------------------------------------------------------------------


def record_room(facts: RoomScene, command: RecordRoom, actor: Actor, at: datetime) -> Decision:
    if not facts.open:
        raise _no_room()
    if facts.recording:
        raise Conflict("这个会场已在录制，可在录制列表里查看。", "This room is being recorded already; see the list of recordings.",
                       code="already-recording")
    began = RecordingStarted(recording=command.id, room=command.room, owner=facts.owner, title=command.title,
                             keep_days=command.keep_days, by_name=actor.name)
    return Decision(writes=(Write(recording_stream(command.id), 0, (began,)),), result=RecordingBegun(command.id))


def stop_recording(facts: RecordingScene | None, command: StopRecording, actor: Actor, at: datetime) -> Decision:
    scene = recorded_by(facts)
    if scene.serves_live:
        raise Conflict("直播还在进行，请先结束直播。", "The meeting is live; end that first.", code="still-live")
    if scene.state is not RecordingState.RECORDING:
        return Decision()
    return _noted(scene, RecordingStopped(recording=scene.id))


def file_recording(facts: RecordingScene | None, command: FileRecording, actor: Actor, at: datetime) -> Decision:
    require_hub(actor)
    if facts is None or facts.state is not RecordingState.CLOSING:
        return Decision()
    files = command.files if facts.archive else ()
    return _noted(facts, RecordingFiled(recording=facts.id, files=files, why=command.why))


def keep(facts: RecordingScene | None, command: KeepRecording, actor: Actor, at: datetime) -> Decision:
    scene = recorded_by(facts)
    if scene.state is RecordingState.DROPPED:
        raise _gone()
    title = command.title or scene.title
    if (title, command.days) == (scene.title, scene.keep_days):
        return Decision()
    return _noted(scene, RecordingKept(recording=scene.id, title=title, days=command.days))


def drop(facts: RecordingScene | None, command: DropRecording, actor: Actor, at: datetime) -> Decision:
    scene = recorded_by(facts)
    if scene.state in (RecordingState.RECORDING, RecordingState.CLOSING):
        raise Conflict("录制还没有结束，请先停止录制。", "The recording is still running; stop it first.", code="still-recording")
    if scene.state is RecordingState.DROPPED:
        return Decision()
    return _noted(scene, RecordingDropped(recording=scene.id, reason=command.reason))


def sweep(facts: Due, command: SweepRecordings, actor: Actor, at: datetime) -> Decision:
    require_hub(actor)
    writes = tuple(Write(recording_stream(which), version, (RecordingDropped(recording=which, reason=OVER),))
                   for which, version in facts.recordings)
    return Decision(writes=writes, result=Swept(len(writes), len(writes) == SWEPT_AT_ONCE))


# --- who may --------------------------------------------------------------------------------------


def _wrote(scene: LiveScene, event: Event) -> Decision:
    return Decision(writes=(Write(live_stream(scene.id), scene.version, (event,)),))


def _noted(scene: RecordingScene, event: Event) -> Decision:
    return Decision(writes=(Write(recording_stream(scene.id), scene.version, (event,)),))


def run_by(scene: LiveScene | None) -> LiveScene:
    if scene is None or not scene.mine:
        raise no_live()
    return scene


def recorded_by(scene: RecordingScene | None) -> RecordingScene:
    if scene is None or not scene.mine:
        raise NotFound("没有这个录制，或它不归您管理。", "There is no such recording, or it is not yours to run.")
    return scene


def require_hub(actor: Actor) -> None:
    if actor.id != SYSTEM.id:
        raise Forbidden("这一步由系统自己完成，不能由人提交。", "The hub asks this of itself; nobody else may.", code="hub-only")


def _require_terms(around: Around, terms: Terms) -> None:
    if terms.access is Access.ROLES and not terms.roles:
        raise Refused("请选择哪些身份可以观看。", "Choose the roles that may watch.", field="terms.roles")
    if not around.org_known:
        raise Refused("没有这个组织，请重新选择观看范围。", "There is no such organisation; choose again.", field="terms.org")
    if not around.poster_shown:
        raise Refused("封面不是图片，请另选一张。", "The poster is no picture; choose another.", field="terms.poster")


def _require_idle(around: Around) -> None:
    if around.busy:
        raise Conflict("这个会场正在另一场直播，请先结束那一场。", "This room is live already; end that first.", code="already-live")


OVER_WORDS: dict[LiveState, tuple[str, str]] = {
    LiveState.PLANNED: ("直播还没有开始。", "It has not begun."),
    LiveState.LIVE: ("直播已经开始。", "It is live already."),
    LiveState.ENDED: ("直播已经结束。", "It has ended."),
    LiveState.CANCELLED: ("直播已取消。", "It was cancelled."),
}


def _over(state: LiveState) -> Conflict:
    return Conflict(*OVER_WORDS[state], code=f"live-{state}")


def _no_room() -> NotFound:
    return NotFound("这个会场没有打开，或您不在其中，请重新选择。", "This room is not open, or not to you; choose again.", field="room")


def _gone() -> Conflict:
    return Conflict("录制已清除。", "The recording was cleared away.", code="recording-dropped")


def no_live() -> NotFound:
    return NotFound("没有这场直播，或它不对您开放。", "There is no such live meeting, or it is not open to you.", code="no-live")

