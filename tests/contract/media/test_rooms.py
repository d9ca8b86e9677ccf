from __future__ import annotations

import pytest

from hub.kernel.errors import Forbidden, HubError, NotFound
from media.plane.routes import LARGE, THUMBNAIL, UNSEEN
from media.shapes import Allowed, FloorRules, RoomWish
from media.wires import (
    FloorAct,
    FloorChanged,
    FloorNotice,
    FloorTurn,
    Outcome,
    PeerDown,
    PeerUp,
    Speaking,
)
from tests.contract.media.conftest import ROOM, Table

MUTED = Allowed(talk=False)
FLOOR = FloorRules(silence=0, talk=0)
"""It frees itself only where a test asks for it."""


async def test_two_who_come_hear_each_other_and_not_themselves(table: Table) -> None:
    await table.settled("li", "wang")
    li, wang = await table.comes("li"), await table.comes("wang")

    await table.until(lambda: table.plays(li) == ["wang"] and table.plays(wang) == ["li"])
    assert [told.peer for told in table.heard(PeerUp)] == [li, wang]
    assert {one.peer for one in table.engine.present(ROOM) if one.up} == {li, wang}


async def test_who_is_muted_is_not_heard_and_his_packets_are_not_even_decrypted(table: Table) -> None:
    await table.settled("li", members={"wang": MUTED})
    li, wang = await table.comes("li"), await table.comes("wang", allowed=MUTED)

    await table.until(lambda: table.plays(wang) == ["li"])
    assert (table.plays(li), table.switch.closed) == ([], {f"{wang}/0"})


async def test_who_is_no_member_any_more_is_let_go(table: Table) -> None:
    await table.settled("li", "wang")
    li, wang = await table.comes("li"), await table.comes("wang")
    await table.settled("li")

    await table.until(lambda: [(told.peer, told.why, told.left) for told in table.heard(PeerDown)] == [(wang, "not-admitted", True)])
    assert table.switch.left == [wang]
    assert [one.peer for one in table.engine.present(ROOM)] == [li]


async def test_an_older_wish_is_not_taken(table: Table) -> None:
    await table.engine.settle(RoomWish(room=ROOM, version=5, members={"li": Allowed()}))
    await table.comes("li")
    await table.engine.settle(RoomWish(room=ROOM, version=4))

    assert [one.ref for one in table.engine.present(ROOM)] == ["li"]


async def test_a_public_rooms_viewers_stay_as_they_were_admitted(table: Table) -> None:
    watching = Allowed(talk=False, show=False, hidden=True)
    await table.comes("guest", "hear", allowed=watching)
    await table.engine.settle(RoomWish(room=ROOM, others=Allowed()))

    assert [(one.talk, one.hidden) for one in table.engine.present(ROOM)] == [(False, True)]


async def test_a_side_room_and_back_needs_no_new_connection(table: Table) -> None:
    await table.settled("li", "wang", "zhao")
    li, wang, zhao = [await table.comes(ref) for ref in ("li", "wang", "zhao")]
    aside = Allowed(at_room=f"{ROOM}/1")
    await table.settled("zhao", members={"li": aside, "wang": aside})
    await table.until(lambda: table.plays(li) == ["wang"] and table.plays(wang) == ["li"] and table.plays(zhao) == [])
    assert {one.at_room for one in table.engine.present(ROOM)} == {ROOM, f"{ROOM}/1"}

    await table.settled("li", "wang", "zhao")
    await table.until(lambda: table.plays(li) == ["wang", "zhao"])
    assert table.switch.left == []


async def test_who_comes_again_keeps_his_place_and_his_floor(table: Table) -> None:
    await table.settled("li", "wang", floor=FLOOR)
    li, _ = await table.comes("li"), await table.comes("wang")
    await table.engine.floor(ROOM, FloorAct.REQUEST, by="account:li")
    table.switch.hears.down(li, "silent")
    await table.until(lambda: table.heard(PeerDown))
    again = await table.joins("li")

    assert (again.peer.peer, again.floor and again.floor.ref) == (li, "li")


async def test_pictures_are_pinned_or_follow_who_speaks_and_only_large_ones_get_many_bits(table: Table) -> None:
    await table.settled("li", "wang", "zhao", "main")
    li, wang, zhao = [await table.comes(ref, "mic", "camera") for ref in ("li", "wang", "zhao")]
    main = await table.comes("main", "hear", "watch", "watch")
    await table.until(lambda: table.plays(main) == ["li", "li", "wang"])

    def zhao_goes_on_speaking() -> bool:
        table.switch.hears.level(f"{zhao}/0", 20)  # type: ignore[arg-type]
        return (zhao,) in [told.peers for told in table.heard(Speaking)]

    await table.until(zhao_goes_on_speaking)
    await table.until(lambda: f"{zhao}/1" in table.switch.links.values())
    await table.engine.tiles(main, "account:main", ["wang", ""], large=1)

    await table.until(lambda: table.switch.links[f"{main}/1"] == f"{wang}/1")
    assert [tile.ref for tile in table.engine.tiles_of(main)] == ["wang", "zhao"]
    assert [table.switch.rates[f"{peer}/1"] for peer in (wang, zhao, li)] == [LARGE, THUMBNAIL, UNSEEN]
    with pytest.raises(Forbidden):
        await table.engine.tiles(main, "account:li", [])


async def test_on_a_bad_network_thumbnails_go_first_and_the_voice_never(table: Table) -> None:
    await table.settled("li", "wang", "main")
    li, wang = [await table.comes(ref, "mic", "camera") for ref in ("li", "wang")]
    main = await table.comes("main", "hear", "hear", "watch", "watch")
    await table.until(lambda: table.plays(main) == ["li", "li", "wang", "wang"])
    for room in (2_000_000, 900_000):  # what he believes he can take falls below what is sent to him
        table.switch.hears.room(main, room, 1_700_000)
    await table.until(lambda: table.plays(main) == ["li", "li", "wang"])
    table.switch.hears.trouble(main, 0.3)
    await table.until(lambda: sorted(table.switch.links[outlet] for outlet in table.switch.links if outlet.startswith(main))
                      == [f"{li}/0", f"{wang}/0"])
    await table.until(lambda: [one.thrift for one in table.engine.present(ROOM) if one.peer == main] == [2])


async def test_the_floor_opens_one_microphone_at_a_time(table: Table) -> None:
    chief = Allowed(rank=5)
    await table.settled("li", "wang", floor=FLOOR, members={"chief": chief})
    li, wang, boss = await table.comes("li"), await table.comes("wang"), await table.comes("chief", allowed=chief)
    await table.until(lambda: table.switch.closed == {f"{li}/0", f"{wang}/0", f"{boss}/0"})

    asked = await table.engine.floor(ROOM, FloorAct.REQUEST, by="account:li")
    assert (asked.outcome, asked.state.holder, table.switch.closed) == (Outcome.GRANTED, li, {f"{wang}/0", f"{boss}/0"})
    assert table.plays(wang) == table.plays(boss) == ["li"]
    queued = await table.engine.floor(ROOM, FloorAct.REQUEST, by="account:wang", rank=9)
    assert (queued.outcome, queued.place, queued.state.rank) == (Outcome.QUEUED, 1, 0)
    taken = await table.engine.floor(ROOM, FloorAct.REQUEST, by="account:chief")
    assert (taken.outcome, table.switch.closed) == (Outcome.GRANTED, {f"{li}/0", f"{wang}/0"})
    late = await table.engine.floor(ROOM, FloorAct.RELEASE, by="account:li", grant=asked.state.grant)
    assert (late.outcome, late.state.ref) == (Outcome.UNCHANGED, "chief")
    await table.engine.floor(ROOM, FloorAct.RELEASE, by="account:chief", grant=taken.state.grant)

    await table.until(lambda: len(table.heard(FloorTurn)) == 2)
    assert [(turn.ref, turn.why) for turn in table.heard(FloorTurn)] == [("li", "pre-empted"), ("chief", "released")]
    states = [told.state for told in table.heard(FloorChanged)]
    assert [one.seq for one in states] == sorted({one.seq for one in states})
    assert states[-1].ref == "wang"
    assert [turn.seq for turn in await table.engine.turns()] == [asked.state.grant, taken.state.grant]


async def test_a_voice_without_the_floor_is_told_and_one_that_falls_silent_loses_it(table: Table) -> None:
    await table.settled("li", "wang", floor=FLOOR)
    li, wang = await table.comes("li"), await table.comes("wang")
    await table.engine.floor(ROOM, FloorAct.REQUEST, by="account:li")
    table.switch.hears.level(f"{wang}/0", 30)  # type: ignore[arg-type]
    table.switch.hears.level(f"{wang}/0", 30)  # type: ignore[arg-type]
    await table.settled("li", "wang", floor=FloorRules(silence=0.3))

    await table.until(lambda: table.heard(FloorTurn))
    notices = [(told.peer, told.cause) for told in table.heard(FloorNotice)]
    assert notices == [(wang, "not-yours"), (li, "silence")]
    late = await table.joins("zhao")
    assert late.floor is not None
    assert late.floor.holder == ""


async def test_who_goes_gives_the_floor_to_the_next(table: Table) -> None:
    await table.settled("li", "wang", floor=FLOOR)
    li, wang = await table.comes("li"), await table.comes("wang")
    await table.engine.floor(ROOM, FloorAct.REQUEST, by="account:li")
    await table.engine.floor(ROOM, FloorAct.REQUEST, by="account:wang")
    await table.engine.leave(li, by="account:li")

    state = table.engine.floor_of(ROOM)
    assert state is not None
    assert (state.holder, state.queue) == (wang, ())
    taken = await table.engine.floor(ROOM, FloorAct.REVOKE)
    assert (taken.outcome, taken.state.holder) == (Outcome.RELEASED, "")


async def test_what_cannot_be_is_refused_with_a_sentence(table: Table) -> None:
    await table.settled("li")
    await table.comes("li")
    refusals = []
    for ask in (table.engine.floor(ROOM, FloorAct.REQUEST, by="account:li"), table.engine.floor("test:none", FloorAct.REQUEST, by="account:li"),
                table.engine.tiles("nobody", "account:li", [])):
        with pytest.raises(HubError) as refusal:
            await ask
        refusals.append((refusal.value.code, bool(refusal.value.zh), bool(refusal.value.en)))

    assert refusals == [("no-floor", True, True), ("no-room", True, True), ("no-peer", True, True)]
    with pytest.raises(NotFound):
        await table.engine.tiles("nobody", "", None)
