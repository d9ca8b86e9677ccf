"""Who may watch, what opens a live meeting, and from what a speech is cut."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from media.live import model, speeches
from media.live.audience import Counter
from media.live.messages import commands as c
from media.live.messages import events as e
from media.live.messages.commands import Terms
from media.live.model import Around, LiveScene
from media.live.passes import link_holds, make_link, make_pass, pass_holds
from media.live.playlists import Take, joined, seconds_of, span_of
from media.live.projection import next_sweep
from media.live.speeches import Footage, Hall, SpeechScene, choices
from media.live.watching import Shown, admitted
from media.live.words import Access, LiveState, Origin, SpeechState

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
KEY = b"k" * 32
LIVE = UUID(int=7)
DUTY = Actor(id="account:duty", name="值班员", roles=(Role.OPERATOR,), scopes=("city",))
ELSEWHERE = Actor(id="account:d3", name="三区", roles=(Role.OPERATOR,), scopes=("district:3",))
DEPUTY = Actor(id="person:1", name="李代表", roles=(Role.DEPUTY,), scopes=("person:1",))
ROOM = f"live:{LIVE}"


def after(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def terms(**fields: Any) -> Terms:
    return Terms(**{"title": "常委会会议", **fields})


def live(state: LiveState = LiveState.PLANNED, **fields: Any) -> LiveScene:
    return msgspec.structs.replace(LiveScene(
        id=LIVE, room=ROOM, owner="city", state=state, terms=terms(), recording=UUID(int=8), recording_runs=state is LiveState.LIVE,
        recording_version=1, epoch=0, version=3, mine=True, around=Around(owner="city")), **fields)


def events_of(decision: Any) -> list[Any]:
    return [event for write in decision.writes for event in write.events]


# --- live meetings --------------------------------------------------------------------------------


def test_going_live_begins_a_recording_that_keeps_what_the_terms_say() -> None:
    command = c.PlanLive(id=LIVE, terms=terms(record=False, replay=False), now=True)

    planned, started, began = events_of(model.plan(Around(owner="city"), command, DUTY, AT))

    assert planned.room == ROOM
    assert started.recording == began.recording
    assert (began.speakers, began.archive, began.live) == (False, False, LIVE)


def test_stopping_ends_the_meeting_and_its_recording_at_once() -> None:
    ended, stopped = events_of(model.stop(live(LiveState.LIVE), c.StopLive(id=uuid4(), live=LIVE), DUTY, AT))

    assert ended == e.LiveEnded(live=LIVE)
    assert stopped == e.RecordingStopped(recording=UUID(int=8))


@pytest.mark.parametrize(("state", "ask"), [
    (LiveState.LIVE, lambda scene: model.go(scene, c.GoLive(id=uuid4(), live=LIVE), DUTY, AT)),
    (LiveState.ENDED, lambda scene: model.stop(scene, c.StopLive(id=uuid4(), live=LIVE), DUTY, AT)),
    (LiveState.LIVE, lambda scene: model.cancel(scene, c.CancelLive(id=uuid4(), live=LIVE), DUTY, AT)),
    (LiveState.CANCELLED, lambda scene: model.change(scene, c.ChangeLive(id=uuid4(), live=LIVE, terms=terms(about="x")), DUTY, AT)),
])
def test_what_comes_too_late_or_too_early_is_refused(state: LiveState, ask: Any) -> None:
    with pytest.raises(Conflict):
        ask(live(state))


def test_a_room_shows_one_live_meeting_at_a_time() -> None:
    with pytest.raises(Conflict):
        model.go(live(around=Around(owner="city", busy=True)), c.GoLive(id=uuid4(), live=LIVE), DUTY, AT)


def test_what_another_district_runs_is_as_if_it_were_not_there() -> None:
    with pytest.raises(NotFound):
        model.stop(live(LiveState.LIVE, mine=False), c.StopLive(id=uuid4(), live=LIVE), ELSEWHERE, AT)


def test_a_picture_is_picked_while_it_is_live_and_picking_it_again_changes_nothing() -> None:
    def pick(scene: LiveScene, picture: str) -> list[Any]:
        return events_of(model.pick_picture(scene, c.PickPicture(id=uuid4(), live=LIVE, picture=picture), DUTY, AT))

    assert pick(live(LiveState.LIVE), "station:17") == [e.PicturePicked(live=LIVE, picture="station:17")]
    assert pick(live(LiveState.LIVE, picture="station:17"), "station:17") == []
    assert pick(live(LiveState.LIVE, picture="station:17"), "") == [e.PicturePicked(live=LIVE)]
    for state in (LiveState.PLANNED, LiveState.ENDED):
        with pytest.raises(Conflict):
            pick(live(state), "station:17")


@pytest.mark.parametrize(("before", "now", "closed"), [
    (terms(), terms(access=Access.LINK), True),
    (terms(access=Access.LINK), terms(), False),
    (terms(access=Access.ROLES, roles=(Role.DEPUTY, Role.STATION)), terms(access=Access.ROLES, roles=(Role.DEPUTY,)), True),
    (terms(access=Access.ROLES, roles=(Role.DEPUTY,)), terms(access=Access.ROLES, roles=(Role.DEPUTY, Role.STATION)), False),
    (terms(access=Access.ROLES, roles=(Role.DEPUTY,)), terms(access=Access.ROLES, roles=(Role.DEPUTY,), org="district:3"), True),
])
def test_only_what_closes_the_meeting_to_somebody_voids_what_was_handed_out(before: Terms, now: Terms, closed: bool) -> None:
    changed = model.change(live(terms=before), c.ChangeLive(id=uuid4(), live=LIVE, terms=now), DUTY, AT)

    assert events_of(changed)[0].closed is closed


# --- who may watch --------------------------------------------------------------------------------


def shown(**fields: Any) -> Shown:
    return Shown(**{
        "id": LIVE, "room": ROOM, "owner": "district:1", "title": "x", "about": "", "poster": None, "state": LiveState.LIVE,
        "access": Access.ROLES, "roles": (Role.DEPUTY,), "org": "district:3", "dvr": 30, "epoch": 0, "recording": None, "starts": None,
        "started_at": None, "ended_at": None, "replay_ready": False, "path": ("city", "district:1"), **fields})


@pytest.mark.parametrize(("actor", "places", "linked", "may"), [
    (None, (), False, False),
    (None, (), True, True),
    (DEPUTY, ("city", "district:3", "station:17", "person:1"), False, True),
    (DEPUTY, ("city", "district:1", "person:1"), False, False),
    (ELSEWHERE, ("city", "district:3"), False, False),
    (DUTY, ("city",), False, True),
])
def test_by_role_watches_who_has_the_role_and_stands_there_and_who_runs_it(actor: Any, places: Any, linked: bool, may: bool) -> None:
    assert admitted(shown(), actor, places, linked) is may


def test_the_public_watches_what_is_public_and_nobody_what_was_cancelled() -> None:
    assert admitted(shown(access=Access.PUBLIC), None, (), False)
    assert not admitted(shown(access=Access.PUBLIC, state=LiveState.CANCELLED), DUTY, (), True)
    assert not admitted(shown(access=Access.LINK), DEPUTY, ("district:3",), False)


@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 40 * 86_400))
def test_a_link_and_a_pass_open_one_meeting_of_one_epoch_for_their_time(epoch: int, other: int, later: int) -> None:
    link, expires = make_link(KEY, LIVE, epoch, 7, AT)
    when = after(later)

    assert link_holds(KEY, LIVE, other, link, when) == (other == epoch and when < expires)
    assert not link_holds(KEY, UUID(int=9), epoch, link, AT)
    assert not pass_holds(KEY, LIVE, epoch, link, AT)
    assert timedelta(days=7) <= expires - AT <= timedelta(days=8)


@given(st.integers(0, 86_400))
def test_all_who_come_in_the_same_half_hour_have_the_same_pass_for_half_an_hour_at_least(second: int) -> None:
    token = make_pass(KEY, LIVE, 0, after(second))

    assert token == make_pass(KEY, LIVE, 0, after(second - second % 1800 + (1800 if second % 1800 else 0)))
    assert pass_holds(KEY, LIVE, 0, token, after(second + 1799))
    assert not pass_holds(KEY, LIVE, 0, token, after(second + 3600))


@given(st.text(max_size=40))
def test_no_other_word_is_a_pass(word: str) -> None:
    assert not pass_holds(KEY, LIVE, 0, word, AT)


def test_a_viewer_counts_while_he_asks_and_is_forgotten_after() -> None:
    counter = Counter()
    for second in range(0, 30, 2):
        counter.saw(LIVE, "a", second)
    counter.saw(LIVE, "b", 3)

    assert counter.count(20) == {LIVE: 2}
    assert counter.count(24) == {LIVE: 1}
    assert counter.count(60) == {LIVE: 0}
    assert counter.count(61) == {}


# --- the edit list --------------------------------------------------------------------------------


def hall(**fields: Any) -> Hall:
    return Hall(**{"owner": "city", "title": "常委会会议", "open": True, "items": {"1": "报告", "2": "审议"}, "item": "2",
                   "person_name": "李代表", **fields})


def speech(**fields: Any) -> SpeechScene:
    return SpeechScene(**{
        "id": UUID(int=3), "room": ROOM, "owner": "city", "meeting": "x", "person": "person:1", "person_name": "李代表", "source": "",
        "agenda": "2", "agenda_title": "审议", "since": AT, "until": after(60), "note": "", "state": SpeechState.FILED, "edition": 1,
        "cut": 1, "path": "x.mp4", "version": 2, "mine": True, **fields})


def mark(**fields: Any) -> c.MarkSpeech:
    return c.MarkSpeech(**{"id": uuid4(), "room": ROOM, "person": "person:1", "since": AT, "until": after(60), **fields})


def test_a_speech_is_filed_under_the_item_that_was_open_when_it_began() -> None:
    [marked] = events_of(speeches.mark(hall(), mark(), DUTY, after(90)))

    assert (marked.agenda, marked.agenda_title, marked.meeting, marked.origin) == ("2", "审议", "常委会会议", Origin.HAND)


@pytest.mark.parametrize(("facts", "command"), [
    (hall(), mark(until=AT)),
    (hall(), mark(until=after(7 * 3600))),
    (hall(), mark(until=after(3600))),
    (hall(), mark(agenda="9")),
    (hall(recorded=False), mark()),
    (hall(person_name=None), mark()),
    (hall(open=False), mark()),
])
def test_a_line_that_cannot_be_is_refused(facts: Hall, command: c.MarkSpeech) -> None:
    with pytest.raises(Refused):
        speeches.mark(facts, command, DUTY, after(90))


def test_a_turn_of_the_floor_becomes_a_line_but_clearing_ones_throat_does_not() -> None:
    turn = c.TakeFloorTurn(id=uuid4(), room=ROOM, ref="station:17", since=AT, until=after(20))
    short = msgspec.structs.replace(turn, until=after(0.4))

    [line] = events_of(speeches.take_turn(hall(person_name="三区站"), turn, SYSTEM, after(21)))
    assert (line.person, line.source, line.origin) == ("station:17", "station:17", Origin.FLOOR)
    assert speeches.take_turn(hall(), short, SYSTEM, after(21)).writes == ()
    with pytest.raises(Forbidden):
        speeches.take_turn(hall(), turn, DUTY, after(21))


def test_a_correction_is_a_new_edition_that_is_cut_anew_unless_only_the_note_changes() -> None:
    facts = speeches.Correction(scene=speech(), person_name="王代表", items={"1": "报告"})
    moved = c.CorrectSpeech(id=uuid4(), speech=UUID(int=3), person="person:2", until=after(30), agenda="1")
    noted = c.CorrectSpeech(id=uuid4(), speech=UUID(int=3), note="精彩")

    [line] = events_of(speeches.correct(facts, moved, DUTY, after(90)))
    assert (line.edition, line.person_name, line.agenda_title, line.until, line.recut) == (2, "王代表", "报告", after(30), True)
    [line] = events_of(speeches.correct(facts, noted, DUTY, after(90)))
    assert (line.edition, line.agenda_title, line.recut) == (1, "审议", False)


def test_a_clip_of_an_edition_that_was_corrected_meanwhile_is_not_taken() -> None:
    clip = c.FileClip(id=uuid4(), speech=UUID(int=3), edition=1, path="a.mp4", sha256="0" * 64, size=1, seconds=60, since=AT, until=after(60))
    cutting = speech(state=SpeechState.CUTTING, edition=2)

    assert speeches.file_clip(cutting, clip, SYSTEM, AT).writes == ()
    assert events_of(speeches.file_clip(cutting, msgspec.structs.replace(clip, edition=2), SYSTEM, AT))
    with pytest.raises(Forbidden):
        speeches.file_clip(cutting, clip, DUTY, AT)


def footage(path: str, ref: str, since: float, until: float, role: str = "camera", video: str = "avc1") -> Footage:
    return Footage(path=path, ref=ref, role=role, video=video, since=after(since), until=after(until))


@pytest.mark.parametrize(("there", "cuts"), [
    ([footage("a", "person:1", 0, 100), footage("b", "station:17", 0, 100)], [[("a", 10, 20)]]),
    ([footage("p", "", 0, 100, "programme"), footage("b", "station:17", 0, 100)], [[("b", 10, 20)], [("p", 10, 20)]]),
    ([footage("p", "", 0, 100, "programme"), footage("b", "station:17", 0, 15), footage("c", "station:9", 0, 100)],
     [[("p", 10, 20)], [("c", 10, 20)]]),
    ([footage("b", "station:17", 0, 15), footage("m", "station:9", 0, 100)], [[("m", 10, 20)]]),
    ([footage("a", "person:1", 0, 14), footage("a2", "person:1", 15, 90)], [[("a", 10, 14), ("a2", 15, 20)]]),
    ([footage("a", "person:1", 0, 16), footage("a2", "person:1", 12, 90)], [[("a", 10, 16), ("a2", 16, 20)]]),
    ([footage("mic", "person:1", 0, 100, "mic", ""), footage("b", "station:17", 0, 100)], [[("mic", 10, 20)], [("b", 10, 20)]]),
    ([footage("s", "person:1", 0, 100, "screen")], []),
    ([footage("a", "person:1", 30, 100)], []),
])
def test_a_speech_is_cut_from_ones_own_picture_else_the_only_one_else_the_programme(there: Any, cuts: Any) -> None:
    found = choices(there, ("", "person:1"), after(10), after(20))

    wanted = [[(path, after(since), after(until)) for path, since, until in cut] for cut in cuts]
    assert [[(one.path, one.since, one.until) for one in cut] for cut in found][:len(wanted)] == wanted


# --- replay and retention -------------------------------------------------------------------------

ONE = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-MAP:URI="x.mp4",BYTERANGE="700@0"
#EXT-X-PROGRAM-DATE-TIME:2026-03-02T01:00:00.500Z
#EXTINF:1.500,
#EXT-X-BYTERANGE:9000@700
x.mp4
"""


def test_takes_are_joined_to_one_playlist_also_where_the_last_was_never_closed() -> None:
    text = joined([Take("replay-0.mp4", ONE + "#EXT-X-ENDLIST\n"), Take("replay-1.mp4", ONE)])

    assert text.count("#EXTM3U") == text.count("#EXT-X-ENDLIST") == text.count("#EXT-X-DISCONTINUITY") == 1
    assert [line for line in text.splitlines() if not line.startswith("#")] == ["replay-0.mp4", "replay-1.mp4"]
    assert '#EXT-X-MAP:URI="replay-1.mp4",BYTERANGE="700@0"' in text
    assert (seconds_of(ONE), span_of(ONE, AT)) == (1.5, (after(0.5), after(2)))


def test_old_recordings_go_in_the_next_night_of_the_city() -> None:
    assert next_sweep(AT) == next_sweep(after(3600)) == datetime(2026, 3, 2, 19, tzinfo=UTC)
    assert next_sweep(datetime(2026, 3, 2, 19, tzinfo=UTC)) == datetime(2026, 3, 3, 19, tzinfo=UTC)
