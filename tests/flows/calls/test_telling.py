"""What is told live, what a crash leaves, and what the history says."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import msgspec

from hub.record import Database, Journal
from media.calls.export import export_call, export_calls
from media.calls.hosting import admits, wish
from media.calls.messages import commands as c
from media.calls.words import CallKind
from media.shapes import Allowed, FloorRules
from tests.flows.calls.board import (
    DUTY,
    EIGHTEEN,
    MAIN,
    ONE,
    SECOND,
    SEVENTEEN,
    THIRD,
    Board,
    board_on,
    settle,
)


class Screen:
    """A watcher of one room: what it was told, over an empty start."""

    def __init__(self, room: str) -> None:
        self.room = room
        self.rows: dict[str, Any] = {}

    def told(self, room: str, number: int, payload: bytes, *, given: bool) -> None:
        if room == self.room:
            for key, row in msgspec.json.decode(payload)["changes"]:
                self.rows.pop(key, None)
                if row is not None:
                    self.rows[key] = row

    def renewed(self, epoch: str, number: int) -> None: ...

    def ordered(self, number: int) -> None: ...

    def followed(self, room: str, whole: int) -> None: ...

    def unfollowed(self, room: str) -> None: ...

    def broken(self, rooms: Mapping[str, int]) -> None: ...

    def signalled(self, room: str, payload: bytes) -> None: ...


async def test_every_screen_that_is_told_shows_what_a_fresh_one_would(board: Board):
    rooms = ("calls/city", "calls/district:3", "lines/city", f"my_calls/{DUTY.id}", "my_calls/station:17", f"my_calls/{SECOND.id}")
    screens = {room: Screen(room) for room in rooms}
    for screen in screens.values():
        board.bus.listen(screen)
    own = await board.start(CallKind.SINGLE, SEVENTEEN, by=THIRD)
    main = await board.start(CallKind.SINGLE, MAIN, by=EIGHTEEN)
    await board.answer(own, SEVENTEEN)
    await board.answer(main, SECOND)
    inside = Screen(f"call_members/{own}")
    board.bus.listen(inside)
    await board.do(c.Monitor, own, DUTY)
    await board.do(c.LeaveCall, own, SEVENTEEN)
    fresh = {
        "calls/city": await board.see("calls", state="all"), "calls/district:3": await board.see("calls", THIRD, state="all"),
        **{f"my_calls/{one.id}": await board.see("my_calls", one) for one in (DUTY, SEVENTEEN, SECOND)},
        "lines/city": [row for row in await board.see("lines") if row["since"]],
    }

    def shown(room: str) -> dict[str, Any]:
        return {key: row for key, row in screens[room].rows.items() if room != "lines/city" or row["since"]}

    async def so() -> bool:
        same = all({row["id"]: row for row in fresh[room]} == shown(room) for room in rooms)
        return same and set(inside.rows) == {THIRD.id, "station:17"}

    await board.until(so)


async def test_after_a_crash_calls_go_on_where_they_were(db: Database, journal: Journal):
    async with board_on(db, journal) as before:
        await settle(before.desk, db)
        roll = await before.start(CallKind.ROLLCALL, ONE, SEVENTEEN)
        await before.connected(roll, DUTY)
        missed = await before.start(CallKind.SINGLE, EIGHTEEN, by=SECOND)
    async with board_on(db, journal) as after:
        after.later(31)
        await after.until_states(roll, (ONE, SEVENTEEN), "absent", "ringing")
        assert await after.ends(missed) == "unanswered"
        await after.answer(roll, SEVENTEEN)
        assert (await after.lines())["station:17"] == "talking"


async def test_the_room_of_a_call_is_as_the_call_says_and_admits_who_is_on_the_line(board: Board):
    call = await board.talking(ONE, SEVENTEEN, EIGHTEEN, kind=CallKind.PTT, burst_seconds=20, priority=5)
    await board.do(c.MuteInCall, call, ref=ONE, on=True)
    await board.do(c.Monitor, call, SECOND)
    await board.do(c.ConsultInCall, call, ref=EIGHTEEN)
    async with board.db.read() as conn:
        wished = await wish(conn, f"call:{call}")
        entered = {one.id: await admits(conn, f"call:{call}", one) for one in (DUTY, ONE, SECOND, THIRD, MAIN)}
    apart = f"call:{call}/1"

    assert wished is not None
    assert wished.floor == FloorRules(talk=20.0)
    assert wished.members == {
        DUTY.id: Allowed(show=False, rank=6, at_room=apart), "station:1": Allowed(talk=False, show=False, rank=5),
        "station:17": Allowed(show=False, rank=5), "station:18": Allowed(show=False, rank=5, at_room=apart),
        SECOND.id: Allowed(talk=False, show=False, hidden=True)}
    assert {ref: one and one.name for ref, one in entered.items()} == {
        DUTY.id: "值班员", "station:1": "名station:1", SECOND.id: "二席", THIRD.id: None, "station:0": None}
    await board.do(c.EndCall, call)
    async with board.db.read() as conn:
        assert await wish(conn, f"call:{call}") is None
        assert await admits(conn, f"call:{call}", DUTY) is None


async def test_a_call_is_exported_with_who_did_what(board: Board):
    call = await board.talking(SEVENTEEN, kind=CallKind.SINGLE)
    await board.do(c.EndCall, call)
    async with board.db.read() as conn:
        told = await export_call(conn, DUTY, {"which": str(call)}, "csv")
        book = await export_call(conn, DUTY, {"which": str(call)}, "xlsx")
        listed = await export_calls(conn, DUTY, {}, "csv")

    assert [line[1:4] for line in csv.reader(io.StringIO(told.decode("utf-8-sig")))] == [
        ["操作", "操作人", "对象"], ["发起呼叫", "值班员", "值班员"], ["呼叫成员", "", "名station:17"], ["接入", "名station:17", "名station:17"],
        ["音频连通", "", "值班员"], ["音频连通", "", "名station:17"], ["结束", "值班员", ""]]
    assert book[:2] == b"PK"
    assert "单呼" in listed.decode("utf-8-sig")
