"""What a station knows, and what follows from what happens: pure, time is an argument.

`step` says how one happening changes entries and which receipts arise. The agent writes both in
one transaction and acts only afterwards, so memory never knows more than the pocket and a crash
at any moment is a reload.

Nothing is heard twice. Audio is *reserved* before it is played: `position_ms` says that everything
before it may have been heard. After a crash playing goes on from there, and what was reserved but
not known to be heard is reported as a gap. The one exception is wanted: an ordinary notice that an
emergency breaks off is played from its start once more (a second emergency only pauses it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from edge.happenings import (
    Answered,
    AudioLost,
    Begun,
    Ended,
    Fetched,
    Halted,
    Happening,
    Listed,
    Reserved,
    Unusable,
)
from edge.messages import Notice, Priority, Receipt, Told

RANK = {told: rank for rank, told in enumerate(Told, start=1)}
HEARD_ELSEWHERE = frozenset({"read", "confirmed"})
NEVER_BEGUN = HEARD_ELSEWHERE | {"cancelled"}


class Audio(StrEnum):
    NONE = "none"          # a notice to be read only
    WANTED = "wanted"      # to be fetched
    READY = "ready"        # fetched and checked
    UNUSABLE = "unusable"  # displayed, with the reason in the receipt


class Stage(StrEnum):
    WAITING = "waiting"
    BEGUN = "begun"
    DONE = "done"
    SKIPPED = "skipped"    # withdrawn, or heard before this pocket knew of it


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far a notice has got here. `heard_ms + lost_ms <= position_ms <= length_ms`, and equal
    whenever nothing is being played."""

    audio: Audio = Audio.NONE
    stage: Stage = Stage.WAITING
    told: Told | None = None
    position_ms: int = 0
    length_ms: int = 0
    heard_ms: int = 0
    lost_ms: int = 0
    silence_ms: int = 0
    gaps: int = 0
    restarted: bool = False
    listed: bool = True
    settled_at: datetime | None = None
    """When it had been shown or played to the end: from here on it can be answered."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    notice: Notice
    mark: Mark

    @property
    def id(self) -> UUID:
        return self.notice.id


Entries = Mapping[UUID, Entry]


class Step(msgspec.Struct, frozen=True):
    entries: tuple[Entry, ...] = ()
    receipts: tuple[Receipt, ...] = ()


# --- questions ----------------------------------------------------------------------------------


def alive(entry: Entry, at: datetime) -> bool:
    """It may be begun, or gone on with after a break."""
    return (entry.mark.stage in (Stage.WAITING, Stage.BEGUN) and entry.mark.listed
            and not entry.notice.cancelled and at < entry.notice.expires_at)


def urgency(entry: Entry) -> tuple[bool, datetime, UUID]:
    return (entry.notice.priority is not Priority.EMERGENCY, entry.notice.sent_at, entry.id)


def next_to_play(entries: Entries, at: datetime) -> Entry | None:
    """Emergencies first, then by the time of sending."""
    ready = (e for e in entries.values() if e.mark.audio is Audio.READY and alive(e, at))
    return min(ready, key=urgency, default=None)


def to_fetch(entries: Entries, at: datetime) -> list[Entry]:
    wanted = (e for e in entries.values() if e.mark.audio is Audio.WANTED and alive(e, at))
    return sorted(wanted, key=urgency)


def must_halt(entries: Entries, playing: UUID, at: datetime) -> bool:
    """The notice being played was withdrawn, or an emergency may not wait for it."""
    entry = entries[playing]
    if entry.notice.cancelled:
        return True
    following = next_to_play(entries, at)
    return (following is not None and following.notice.priority is Priority.EMERGENCY
            and entry.notice.priority is not Priority.EMERGENCY)


def finished(entry: Entry, at: datetime) -> bool:
    """Nothing more will come of it here."""
    return not alive(entry, at) or entry.mark.audio in (Audio.NONE, Audio.UNUSABLE)


# --- what follows -------------------------------------------------------------------------------


def step(entries: Entries, happening: Happening, at: datetime) -> Step:
    if isinstance(happening, Listed):
        return _listed(entries, happening, at)
    entry = entries.get(happening.id)
    stages, rule = FOLLOWS[type(happening)]
    if entry is None or entry.mark.stage not in stages:
        return Step()
    return _settle(entry, *rule(entry, happening, at))


def _settle(entry: Entry, mark: Mark, receipt: Receipt | None) -> Step:
    """Receipts only rise: one that says no more than the last is not made."""
    if receipt is not None and _rank(entry.mark.told) >= RANK[receipt.state]:
        receipt = None
    if receipt is not None:
        mark = replace(mark, told=receipt.state)
    changed = () if mark == entry.mark else (replace(entry, mark=mark),)
    return Step(changed, () if receipt is None else (receipt,))


def _rank(told: Told | None) -> int:
    return 0 if told is None else RANK[told]


def _listed(entries: Entries, happening: Listed, at: datetime) -> Step:
    changed: dict[UUID, Entry] = {}
    receipts: list[Receipt] = []
    for notice in happening.notices:
        known = entries.get(notice.id)
        if known is None:
            entry, news = _received(notice, at)
            receipts += news
        else:
            entry = _seen_again(known, notice)
        if entry != known:
            changed[entry.id] = entry
    shown = {notice.id for notice in happening.notices}
    absent = set(happening.gone) | (set(entries) - shown if happening.whole else set())
    changed |= _unlisted(entries, absent - shown)
    return Step(tuple(changed.values()), tuple(receipts))


def _unlisted(entries: Entries, absent: Iterable[UUID]) -> dict[UUID, Entry]:
    return {id_: replace(entries[id_], mark=replace(entries[id_].mark, listed=False))
            for id_ in absent if id_ in entries and entries[id_].mark.listed}


def _seen_again(known: Entry, notice: Notice) -> Entry:
    """A cancellation stays, even when an older row comes after it."""
    notice = replace(notice, cancelled=notice.cancelled or known.notice.cancelled,
                     audio=notice.audio or known.notice.audio)
    return Entry(notice=notice, mark=replace(known.mark, listed=True))


def _received(notice: Notice, at: datetime) -> tuple[Entry, list[Receipt]]:
    """First sight. Kept even when nothing is to be done, so that it is never taken for new again."""
    if notice.outcome in NEVER_BEGUN or notice.cancelled:
        return Entry(notice=notice, mark=Mark(stage=Stage.SKIPPED)), []
    delivered = Receipt(delivery=notice.id, state=Told.DELIVERED, at=at)
    if notice.audio is not None:
        return Entry(notice=notice, mark=Mark(audio=Audio.WANTED, told=Told.DELIVERED)), [delivered]
    if at >= notice.expires_at:
        return Entry(notice=notice, mark=Mark(told=Told.DELIVERED)), [delivered]
    displayed = Receipt(delivery=notice.id, state=Told.DISPLAYED, at=at)
    shown = Mark(stage=Stage.DONE, told=Told.DISPLAYED, settled_at=at)
    return Entry(notice=notice, mark=shown), [delivered, displayed]


Follow = tuple[Mark, Receipt | None]


def _fetched(entry: Entry, _: Fetched, at: datetime) -> Follow:
    wanted = entry.mark.audio is Audio.WANTED
    return (replace(entry.mark, audio=Audio.READY) if wanted else entry.mark), None


def _unusable(entry: Entry, news: Unusable, at: datetime) -> Follow:
    shown = Receipt(delivery=entry.id, state=Told.DISPLAYED, at=at, reason=news.reason[:200])
    mark = replace(entry.mark, audio=Audio.UNUSABLE, stage=Stage.DONE, settled_at=at)
    return mark, shown


def _audio_lost(entry: Entry, _: AudioLost, at: datetime) -> Follow:
    ready = entry.mark.audio is Audio.READY
    return (replace(entry.mark, audio=Audio.WANTED) if ready else entry.mark), None


def _begun(entry: Entry, news: Begun, at: datetime) -> Follow:
    """What was reserved and is not known to have been heard is lost: it is not played again."""
    mark = entry.mark
    lost = mark.position_ms - mark.heard_ms - mark.lost_ms
    upto = min(mark.position_ms + news.slice_ms, news.length_ms)
    shown = Receipt(delivery=entry.id, state=Told.DISPLAYED, at=at)
    return replace(mark, stage=Stage.BEGUN, length_ms=news.length_ms, position_ms=upto,
                   lost_ms=mark.lost_ms + lost, gaps=mark.gaps + (lost > 0)), shown


def _reserved(entry: Entry, news: Reserved, at: datetime) -> Follow:
    mark = entry.mark
    return replace(mark, heard_ms=news.reached_ms - mark.lost_ms, position_ms=news.upto_ms), None


def _halted(entry: Entry, news: Halted, at: datetime) -> Follow:
    mark = entry.mark
    if news.interrupted and not mark.restarted and not entry.notice.cancelled:
        return Mark(audio=mark.audio, stage=Stage.BEGUN, told=mark.told, listed=mark.listed,
                    length_ms=mark.length_ms, restarted=True), None
    stage = Stage.SKIPPED if entry.notice.cancelled else Stage.BEGUN
    return replace(_counted(mark, news, news.reached_ms), stage=stage), None


def _ended(entry: Entry, news: Ended, at: datetime) -> Follow:
    mark = _counted(entry.mark, news, entry.mark.length_ms)
    played = Receipt(delivery=entry.id, state=Told.PLAYED, at=at, played_ms=mark.heard_ms,
                     gap_ms=mark.lost_ms + mark.silence_ms, gaps=mark.gaps)
    return replace(mark, stage=Stage.DONE, settled_at=at), played


def _counted(mark: Mark, news: Halted | Ended, reached_ms: int) -> Mark:
    return replace(mark, position_ms=reached_ms, heard_ms=reached_ms - mark.lost_ms,
                   silence_ms=mark.silence_ms + news.silence_ms, gaps=mark.gaps + news.gaps)


def _answered(entry: Entry, news: Answered, at: datetime) -> Follow:
    return entry.mark, Receipt(delivery=entry.id, state=Told.CONFIRMED, at=at,
                               reply=news.reply, reason=news.reason)


Rule = Callable[[Entry, Any, datetime], Follow]
UNBEGUN, RUNNING = frozenset({Stage.WAITING}), frozenset({Stage.BEGUN})
OPEN = UNBEGUN | RUNNING

FOLLOWS: dict[type, tuple[frozenset[Stage], Rule]] = {
    Fetched: (OPEN, _fetched),
    Unusable: (OPEN, _unusable),
    AudioLost: (OPEN, _audio_lost),
    Begun: (OPEN, _begun),
    Reserved: (RUNNING, _reserved),
    Halted: (RUNNING, _halted),
    Ended: (RUNNING, _ended),
    Answered: (frozenset({Stage.DONE}), _answered),
}
"""In which stages a happening counts, and what follows from it then."""
