"""A call on the real media plane: who is on the line is heard, who is taken out is not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.kernel.actor import Actor, Role
from hub.kernel.ids import derived
from media.calls.messages import commands as c
from media.calls.words import CallKind
from tests.flows.media.stage import Caller, Studio, on_line, studio, until

DUTY = Actor(id=f"account:{derived('account', 'operator')}", name="值班员", roles=(Role.OPERATOR,), scopes=("city",))
NEAR, FAR = "station:17", "station:18"


@pytest.fixture
async def on_air(dsn: str, tmp_path: Path) -> AsyncIterator[Studio]:
    async with studio(dsn, tmp_path) as one:
        yield one


async def members(on_air: Studio, call: UUID) -> dict[str, Any]:
    view = on_air.hub.views.find("call_members", DUTY)
    shown = await on_air.hub.views.fetch(view, on_air.hub.views.params(view, {"call": str(call)}), DUTY)
    return {row.id: row for row in shown.rows}


async def test_members_hear_each_other_until_they_are_held_or_taken_out(on_air: Studio):
    async def do(shape: Any, **more: Any) -> None:
        await on_air.hub.desk.ask(shape(id=uuid4(), call=call, **more), DUTY)

    call = UUID((await on_air.hub.desk.ask(c.StartCall(id=uuid4(), kind=CallKind.CONFERENCE, targets=(NEAR, FAR)), DUTY))["call"])
    room = f"call:{call}"
    near, far = (Caller(on_air.web, on_air.url, room, on_air.key(ref), pitch) for ref, pitch in ((NEAR, 400), (FAR, 900)))
    async with on_air.web.post(f"{on_air.url}/api/media/rooms/{room}/join", json={"offer": "v=0\r\n", "nonce": "x"},
                               headers=on_air.key(NEAR)) as early:
        assert (await early.json())["code"] == "not-admitted"
    for ref in (NEAR, FAR):
        await on_air.ask(ref, "AnswerCall", call=str(call))
    async with on_line(near), on_line(far):
        await near.hears(900)
        await far.hears(400)
        assert {ref: row.connected for ref, row in (await members(on_air, call)).items() if ref != DUTY.id} == {NEAR: True, FAR: True}

        await do(c.MuteInCall, ref=FAR, on=True)
        await until(lambda: not next(peer.talk for peer in on_air.hub.media.engine.present(room) if peer.ref == FAR))
        await do(c.MuteInCall, ref=FAR, on=False)
        await near.hears(900)
        await do(c.RemoveFromCall, ref=FAR)
        await until(lambda: [peer.ref for peer in on_air.hub.media.engine.present(room)] == [NEAR])
        await on_air.hub.desk.ask(c.TakeDown(id=uuid4(), call=call), DUTY)
        await until(lambda: not on_air.hub.media.engine.present(room))
