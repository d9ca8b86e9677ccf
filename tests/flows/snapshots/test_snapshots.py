"""From the phone to the desk and back, on a real hub: files by tus, figures from facts, the duty and the draft that come of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from hub.cases.rebuild import rebuild
from hub.kernel.actor import Actor, Role
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from tests.flows.duties.stage import CLERK, ONE, TWO
from tests.flows.gateway.visitor import Visitor
from tests.flows.snapshots.phone import PLACE, ROADS, SnapStage, png, voice
from tests.lives import sitting


def of_district(n: int) -> Actor:
    return Actor(id=f"account:intake-{n}", name="区人大", roles=(Role.INTAKE,), scopes=(f"district:{n}",))


async def test_a_picture_and_a_clip_land_at_the_desk_and_come_back_answered(snaps: SnapStage):
    duty, files = snaps.duty, [await snaps.piece(png()), await snaps.piece(voice(), "录音.wav")]
    case = await snaps.send(files=files, **PLACE)
    assert any("送达" in one["zh"] and one["urgent"] for one in await duty.see("case_notices", CLERK))
    [shown] = await duty.see("case", CLERK, case=str(case))
    assert sorted(file["mime"] for file in shown["files"]) == ["audio/mpeg", "image/png"]
    assert (shown["facts"]["scope"], shown["row"]["number"]) == ("district:2", "随手拍〔2026〕1号")
    assert [len(await duty.see("cases", of_district(n), stream="snapshots")) for n in (1, 2)] == [0, 1]
    with pytest.raises(NotFound):
        await duty.see("case", TWO, case=str(case))

    await duty.take("PassOnSnapshot", CLERK, case, unit="department:5", note="请尽快")
    await duty.take("AnswerSnapshot", ROADS, case, answer="已修好")
    await duty.take("ConfirmSnapshot", ONE, case, word="很快")
    assert (await duty.see("case", ONE, case=str(case)))[0]["row"]["state"] == "closed"
    async with Visitor.of(duty.hub.settings.url) as stranger:
        await stranger.get(f"/api/files/{files[0]}", status=401)
    assert len(await snaps.tus.visitor.get(f"/api/files/{files[0]}")) == len(png())


async def test_it_counts_as_a_duty_once_and_becomes_a_draft_once(snaps: SnapStage):
    duty, file = snaps.duty, await snaps.piece(png())
    case = await snaps.send(files=[file])
    await duty.take("AnswerSnapshot", CLERK, case, answer="已转请街道处理")
    await duty.take("ReopenSnapshot", ONE, case, reason="还没有修")
    await duty.take("AnswerSnapshot", CLERK, case, answer="已修好")
    await duty.take("RaiseSnapshot", ONE, case)
    await snaps.send(text="看不清")

    async def drafted() -> bool:
        return bool(await duty.see("cases", ONE, stream="proposals")) and bool((await duty.see("case", ONE, case=str(case)))[0]["relations"])

    async def counted() -> bool:
        return await duty.score(ONE) == 2.0

    await duty.until(drafted)
    await duty.until(counted)
    [draft] = await duty.see("cases", ONE, stream="proposals")
    [shown] = await duty.see("case", ONE, case=draft["id"])
    assert (shown["row"]["title"], shown["facts"]["situation"], [one["id"] for one in shown["files"]]) == ("关于“路灯不亮”的建议", "路灯不亮", [file])
    [record] = await duty.see("cases", ONE, stream="duty_records")
    assert (record["kind"], record["title"]) == ("snapshot", "随手拍：道路交通")
    [shown] = await duty.see("case", TWO, case=record["id"])
    assert "路灯" not in str(shown), "the record is public, the sender's words are not"


async def test_the_shares_are_counted_from_what_each_phone_said_and_equal_their_rows(snaps: SnapStage):
    duty = snaps.duty
    await snaps.send()
    await snaps.send(attempts=3, actor=TWO)
    await snaps.send(wait=7200)
    slow, lost, dropped = uuid4(), uuid4(), uuid4()
    for case in (slow, lost, dropped):
        await snaps.announce(case)
    duty.at(duty.clock.at + timedelta(seconds=45))
    await snaps.land(slow)
    await duty.take("DropSnapshot", ONE, dropped)
    before = await snaps.figures(CLERK, year=2026)
    assert (before["announced"], before["underway"], before["ended"]) == (6, 1, 4)

    duty.at(duty.clock.at + timedelta(days=3))

    async def given_up() -> bool:
        return (await snaps.figures(CLERK))["lost"] == 1

    await duty.until(given_up)
    rates = {one["code"]: (one["n"], one["of"]) for one in (await snaps.figures(CLERK))["rates"]}
    assert rates == {"final": (4, 5), "first": (3, 5), "in_time": (2, 3)}
    rows = await duty.see("snapshot_sendings", CLERK)
    assert sum(row["outcome"] == "delivered" and row["attempts"] == 1 for row in rows) == rates["first"][0]
    assert [row["title"] for row in rows if row["outcome"] in ("lost", "dropped")] == ["", ""], "what is not here is not shown"
    by_month = await duty.see("snapshot_figures", CLERK, by="month")
    assert [(row["key"], row["announced"]) for row in by_month] == [("2026-05", 6)]
    assert (await snaps.figures(of_district(2))) == {}, "another district counts its own"

    await snaps.land(lost, attempts=4)
    assert (await snaps.figures(CLERK))["rates"][0]["n"] == 5
    assert await rebuild(duty.hub.db, duty.hub.journal, keep=False) == {}, "the journal alone tells the same"
    with pytest.raises(Forbidden):
        await snaps.figures(sitting(Role.VIEWER))


async def test_the_pages_of_sendings_are_told_to_the_desks_over_the_place_and_to_no_other(snaps: SnapStage):
    case = await snaps.send(**PLACE)
    for name in ("snapshot_figures", "snapshot_sendings"):
        view = snaps.duty.hub.views.by_name[name]
        assert view.room
        assert view.reread
        async with snaps.duty.hub.db.read() as conn:
            [change] = await view.reread(conn, [str(case)])
        told = [view.room(None, desk) in change.rooms for desk in (CLERK, of_district(2), of_district(1))]
        assert (told, change.row) == ([True, True, False], None)


async def test_the_same_one_twice_is_once_and_a_wrong_clock_is_seen_through(snaps: SnapStage):
    duty = snaps.duty
    case = await snaps.send(off=timedelta(days=-4000))
    with pytest.raises(Conflict) as announced:
        await snaps.announce(case)
    with pytest.raises(Conflict) as landed:
        await snaps.land(case)
    assert (announced.value.code, landed.value.code) == ("exists", "other-state"), "a phone takes both for arrived"
    [row] = await duty.see("snapshot_sendings", CLERK)
    assert (row["attempts"], row["clock_off"], row["seconds"]) == (1, True, 0.0)
    with pytest.raises((Forbidden, NotFound)):
        await snaps.land(case, TWO)


@pytest.mark.parametrize(("data", "name"), [(b"MZ" + bytes(200), "照片.jpg"), (png()[:40], "照片.png"), (b"\xff\xd8\xff\xe0" + bytes(300), "a.jpg")], ids=["program", "cut", "head only"])
async def test_a_file_that_is_no_picture_is_refused_whatever_it_is_called(snaps: SnapStage, data: bytes, name: str):
    await snaps.piece(data, name, status=422)


async def test_what_is_too_large_or_sent_for_something_else_is_refused(snaps: SnapStage):
    status, _, _ = await snaps.tus.send("POST", "/api/uploads", Upload_Length=101 * 2**20, Upload_Metadata="purpose c25hcHNob3Q=,filename YS5tcDQ=")
    assert status == 413
    paper = await snaps.duty.paper(ONE)
    with pytest.raises(Refused, match="not taken for a snapshot"):
        await snaps.send(files=[paper])
    foreign = await snaps.piece(png())
    case = uuid4()
    await snaps.announce(case, TWO)
    with pytest.raises(Refused, match="were not uploaded by you"):
        await snaps.land(case, TWO, files=[foreign])
