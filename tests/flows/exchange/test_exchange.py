"""What concerns the province gets there once and in order; what the province sends is believed when it is the province's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from adapters.province.client import ProvinceClient
from adapters.province.settings import ProvinceSettings
from hub.business import case_errands
from hub.cases.rebuild import rebuild
from hub.directory.messages.commands import SaveOrganisation
from hub.exchange import ROWS, border_of
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.errors import Conflict, Forbidden, Refused
from hub.streams.exchange.building import Draft
from hub.streams.exchange.deciding import Desk, build
from hub.streams.exchange.manifest import Seal
from hub.streams.exchange.model import MOST_FAULTS
from hub.streams.exchange.own_messages import BuildPackages
from hub.streams.exchange.ports import Away, Garbled, Parcel
from tests.flows.broadcast.stage import closed_port
from tests.flows.exchange.stage import BEFORE, OVER, ExchangeStage, signed
from tests.flows.proposals.stage import HOUSING, INTAKE, OFFICE, REPLY, VIEWER, deputy
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")

DISTRICT = Actor(id="account:d", name="区", roles=(Role.INTAKE,), scopes=("district:1",))
TOPIC = {"topic": "urban.housing", "units": [HOUSING]}


async def test_lists_of_stations_deputies_and_duties_are_told_from_the_first_day(exchange: ExchangeStage):
    rows = await exchange.packages()
    told = (await exchange.control())["packages"]

    assert {"suggestion", "deputy", "station", "duty-month", "duty-year"} == {row["kind"] for row in rows}
    assert [row["number"] for row in rows] == [f"330100-2026-{n:06d}" for n in range(1, len(rows) + 1)]
    assert sum(len(msgspec.json.decode(one["body"])["rows"]) for one in told if one["kind"] == "deputy") == await exchange.value(
        "select count(*) from directory.person where kind = 'deputy' and active")


async def test_what_is_under_way_when_the_exchange_is_opened_is_told_as_it_stands(exchange: ExchangeStage):
    [row] = await exchange.packages(q=BEFORE)
    assert (row["kind"], row["state"]) == ("suggestion", "applied")
    assert await exchange.packages(q=OVER) == []


async def test_a_suggestion_is_told_from_its_number_to_its_rating(exchange: ExchangeStage):
    case = await exchange.replied(deputy(1))
    await exchange.take("RateReply", deputy(1), case, rating="satisfied")
    *_, last = await exchange.settled(case, 4)

    told = await exchange.told(case)
    assert [row["status"] for row in told] == ["accepted", "assigned", "replied", "closed"]
    assert told[-1]["replies"] == [{"unit": told[-1]["units"][0], "round": 1, "on": "2026-03-02", "number": REPLY["number"], "klass": "A",
                                    "rating": "satisfied", "text": REPLY["text"]}]
    assert (last["state"], last["case"]) == ("applied", str(case))
    assert last["seconds"] is not None
    await _is_shown_whole(exchange, last)


async def _is_shown_whole(exchange: ExchangeStage, row: dict[str, Any]) -> None:
    shown = await exchange.whole(row)
    steps = [step["what"] for step in shown["trail"]]
    assert (steps[:4], steps[-2:]) == (["built", "validated", "queued", "sent"], ["received", "applied"])
    assert shown["manifest"]["sha256"] == sha256(shown["body"].encode()).hexdigest()
    assert (shown["receipt"]["says"], shown["receipt"]["signature_ok"], shown["may"]) == ("applied", True, ())
    standing = await exchange.standing()
    assert (standing["on"], standing["up"], standing["waiting"], standing["dead"]) == (True, True, 0, 0)
    assert standing["measured"] > 20
    for outsider in (DISTRICT, VIEWER):
        with pytest.raises(Forbidden):
            await exchange.see("exchange_packages", outsider)


async def test_what_is_not_public_never_leaves_and_what_is_so_no_more_is_told_as_that(exchange: ExchangeStage):
    hidden = await exchange.submitted(deputy(2), title="关于不宜公开的事项的建议", confidential=True)
    await exchange.take("AcceptProposal", INTAKE, hidden, **TOPIC)
    kept, left = await exchange.accepted(deputy(2), title="关于后来不公开的建议"), await exchange.accepted(deputy(3), title="关于后来撤回的建议")
    await exchange.settled(kept)
    await exchange.settled(left)
    exchange.turn(outage="cut")
    await exchange.take("AssignProposal", OFFICE, kept, units=[HOUSING])
    await exchange.until(lambda: exchange.packages(kept, state="sent"))
    await exchange.take("SetConfidential", INTAKE, kept, confidential=True, reason="涉及个人信息")
    await exchange.until(lambda: exchange.packages(kept, state="set_aside"))
    exchange.turn(outage="")
    await exchange.take("WithdrawProposal", deputy(3), left, reason="情况已有变化")

    assert [row["state"] for row in await exchange.settled(kept, 3)] == ["applied", "set_aside", "applied"]
    await exchange.settled(left, 2)
    assert [sorted(row) for row in (await exchange.told(kept))[1:]] == [["number", "status", "status_zh"]]
    assert [row["status"] for row in await exchange.told(left)] == ["accepted", "withdrawn"]
    assert await exchange.packages(hidden) == []
    assert "不宜公开" not in str(await exchange.control())


async def test_what_the_province_rejects_is_corrected(exchange: ExchangeStage):
    exchange.turn(rejects=1.0)
    case = await exchange.accepted(deputy(4))
    [row] = await exchange.settled(case)
    shown = await exchange.whole(row)
    assert (row["state"], row["error"], shown["may"]) == ("rejected", "rows.0.topic：分类代码不在省级目录中", ("CorrectPackage", "SetAsidePackage"))
    assert [error["field"] for error in shown["errors"]] == ["rows.0.topic"]
    await exchange.until(lambda: exchange.noticed("省级平台退回"))
    await exchange.take("AssignProposal", OFFICE, case, units=[HOUSING])
    await exchange.until(lambda: exchange.packages(case, state="queued"))

    corrected = await exchange.ask("CorrectPackage", package=row["id"])
    old, waited, new = await exchange.settled(case, 3)
    assert [one["state"] for one in (old, waited, new)] == ["corrected", "set_aside", "applied"]
    assert (old["replaced_by"], new["replaces"]) == (corrected["number"], old["number"])
    assert (await exchange.told(case))[-1]["status"] == "assigned"
    with pytest.raises(Conflict, match="cannot be done"):
        await exchange.ask("CorrectPackage", package=row["id"])
    with pytest.raises(Forbidden):
        await exchange.ask("CorrectPackage", DISTRICT, package=row["id"])


async def test_a_province_that_was_away_takes_all_of_it_once_when_it_is_back(exchange: ExchangeStage):
    """First it takes a package and its answer is lost; then it is away."""
    exchange.turn(outage="swallow")
    case = await exchange.accepted(deputy(5))
    await exchange.until(lambda: exchange.theirs(case))
    exchange.turn(outage="unavailable")
    await exchange.until(lambda: _away(exchange, "HTTP 503"))
    exchange.turn(outage="")
    [row] = await exchange.settled(case)

    assert (row["state"], (await exchange.control())["applied"].count(row["number"])) == ("applied", 1)
    assert row["tries"] > 2
    assert (await exchange.standing())["up"]


async def _away(exchange: ExchangeStage, why: str) -> bool:
    standing = await exchange.standing()
    return standing["up"] is False and standing["error"] == why


async def test_what_is_answered_with_no_receipt_is_given_up_and_sent_again_by_hand(exchange: ExchangeStage):
    exchange.turn(garbled=1.0)
    case = await exchange.accepted(deputy(6))
    await exchange.until(lambda: _given_up(exchange, case))
    [row] = await exchange.packages(case)
    assert (row["state"], (await exchange.standing())["dead"]) == ("dead", 1)
    assert row["tries"] >= MOST_FAULTS
    exchange.turn(garbled=0.0, slow=1.0)

    await exchange.ask("ResendPackage", package=row["id"])
    assert [one["state"] for one in await exchange.settled(case)] == ["applied"]
    assert [step["what"] for step in (await exchange.whole(row))["trail"]][-4:] == ["queued", "sent", "received", "applied"]
    with pytest.raises(Conflict):
        await exchange.ask("SetAsidePackage", package=row["id"], reason="已经入库")


async def _given_up(exchange: ExchangeStage, case: UUID) -> bool:
    """Its pauses grow to minutes: they pass when nothing is to be done now."""
    if not await exchange.value("select count(*) from work.jobs where kind like 'exchange.%' and due <= $1", exchange.clock.now()):
        exchange.later(minutes=2)
    return bool(await exchange.packages(case, state="dead"))


async def test_who_is_not_there_is_away_and_who_refuses_without_a_receipt_answers_nothing(exchange: ExchangeStage):
    async def nobody(_told: object) -> Any:
        raise AssertionError("nothing is brought here")

    seal = Seal(b"7" * 32)
    parcel = Parcel(signed=seal.sign(b"{}"), body=b"")
    for url, error in ((f"http://127.0.0.1:{closed_port()}", Away), (exchange.hub.settings.carriers, Garbled)):
        client = ProvinceClient(ProvinceSettings(url=url, key="", code="330100", seconds=PATIENCE), seal.public.hex(), nobody, nobody)
        with pytest.raises(error):
            await client.hand_over(parcel)
        await client.close()


async def test_a_list_is_told_again_where_it_has_changed_and_who_looks_is_told(exchange: ExchangeStage):
    heard: list[str] = []
    exchange.hub.teller.hear("exchange_package", heard.append)
    before = await exchange.packages(kind="station")
    station = dict(await exchange.row_of("select id as organisation, parent, name, lon, lat from directory.organisation where id = 'station:17'"))
    await exchange.hub.desk.ask(SaveOrganisation(id=uuid4(), **station, hours="每周三全天"), SYSTEM)
    [new] = await exchange.until(lambda: _new(exchange, before))

    told = next(one for one in (await exchange.control())["packages"] if one["number"] == new["number"])
    assert (new["object"] in {row["object"] for row in before}, new["version"]) == (True, 2)
    assert [row["hours"] for row in msgspec.json.decode(told["body"])["rows"] if row["id"] == "station:17"] == ["每周三全天"]
    await exchange.until(lambda: _heard(heard, new["id"]))
    await _who_looks_is_told(exchange, new["id"])


async def _new(exchange: ExchangeStage, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in await exchange.packages(kind="station", state="applied") if row["id"] not in {one["id"] for one in before}]


async def _heard(heard: list[str], package: str) -> bool:
    return package in heard


async def _who_looks_is_told(exchange: ExchangeStage, package: str) -> None:
    """In the very room that each view's watchers join."""
    for name, params, key in (("exchange_packages", {}, package), ("exchange_package", {"package": package}, package), ("exchange_standing", {}, "province")):
        view = exchange.hub.views.find(name, INTAKE)
        assert view.room is not None
        assert view.reread is not None
        async with exchange.hub.db.read() as conn:
            [change] = await view.reread(conn, [key])
        assert change.rooms == (view.room(exchange.hub.views.params(view, params), INTAKE),)


async def test_guidance_is_taken_once_and_the_desk_is_told(exchange: ExchangeStage):
    case = await exchange.accepted(deputy(7))
    [row] = await exchange.settled(case)
    await exchange.control("/guide", object=f"proposal-{case}", title="请统筹办理", text="请结合全省同类建议统筹办理。")
    await exchange.control("/guide", title="关于本年度代表工作的意见", text="请做好年度统计。")
    await exchange.until(lambda: exchange.noticed("收到省级平台的指导意见“请统筹办理”"))
    await exchange.until(lambda: exchange.packages(q="关于本年度代表工作的意见"))
    guidance, general = await exchange.packages(direction="in")
    assert (guidance["number"], guidance["state"], guidance["case"], guidance["kind_zh"]) == ("省-2026-000001", "applied", str(case), "指导意见")
    assert (general["case"], (await exchange.whole(general))["receipt"]["signature_ok"]) == (None, True)

    await _forgeries_are_refused(exchange)
    await exchange.control("/correct", number=row["number"], errors=[{"field": "rows.0.topic", "why": "请改用新分类"}])
    await exchange.until(lambda: exchange.packages(case, state="rejected"))
    assert [one["kind"] for one in await exchange.packages(direction="in")] == ["guidance", "guidance", "guidance", "correction"]
    await exchange.ask("SetAsidePackage", package=row["id"], reason="线下已更正")


async def _forgeries_are_refused(exchange: ExchangeStage) -> None:
    body = msgspec.json.encode({"kind": "guidance", "rows": [{"title": "意见", "text": "请办理。"}]}).decode()
    strange = body.replace("guidance", "advice")
    manifest = {"city": "330100", "direction": "in", "year": 2026, "n": 3, "kind": "guidance", "object": "", "version": 0, "rows": 1, "key": "province",
                "created": exchange.clock.now().astimezone(UTC), **_of(body)}
    refused = [
        (signed(manifest, body, "11" * 32), 403, "bad-signature"), (signed(manifest, body.replace("办理", "停办")), 422, "other-hash"),
        (signed(manifest | {"city": "330200"}, body), 422, "wrong-city"), (signed(manifest | {"n": 5}, body), 409, "number-gap"),
        (signed(manifest | {"kind": "advice", **_of(strange)}, strange), 422, "unknown-kind"),
        (signed(manifest | {"object": "proposal-x"}, body), 422, "unknown-object"), (signed(manifest | {"n": 2}, body), 409, "number-taken"),
        (signed(manifest, "x" * 70_000), 413, "too-large"), ({"signed": "{}"}, 400, "bad-envelope"),
    ]
    for envelope, status, code in refused:
        said, problem = await exchange.bring(envelope)
        assert (said, problem["code"]) == (status, code)
        assert problem["detail"].endswith("。")
    assert len(await exchange.packages(direction="in")) == 2
    first, again = [await exchange.bring(signed(manifest, body)) for _ in range(2)]
    assert first == again
    assert first[0] == 200


def _of(body: str) -> dict[str, Any]:
    return {"bytes": len(body.encode()), "sha256": sha256(body.encode()).hexdigest()}


async def test_five_hundred_go_over_each_object_s_in_their_order_and_a_lost_one_is_found(exchange: ExchangeStage):
    last = await exchange.value("select max(n) from exchange.package where direction = 'out'")
    drafts = tuple(Draft(kind="station", object=f"station:{n % 50}", version=n // 50 + 1, title=f"第{n}个", rows=()) for n in range(500))
    at = exchange.clock.now()
    known = Desk(border=border_of(exchange.hub.settings.province, exchange.hub.access.key), year=2026, last=last, drafts=drafts, waiting={})
    command = BuildPackages(id=uuid4(), wanted=())
    await exchange.hub.desk._record(command, SYSTEM, build(known, command, SYSTEM, at))
    await exchange.until(lambda: _applied(exchange, 500))
    theirs = [one for one in (await exchange.control())["packages"] if one["object"] in {draft.object for draft in drafts}]
    assert len({one["number"] for one in theirs}) == len(theirs) == 500
    for n in range(50):
        assert [one["version"] for one in theirs if one["object"] == f"station:{n}"] == list(range(1, 11))

    lost = theirs[123]["number"]
    await exchange.control("/lose", number=lost)
    await exchange.ask("ReconcileNow", day="2026-03-02")
    day = await exchange.until(lambda: _reconciled(exchange, date(2026, 3, 2), lost))
    assert (day["differing"], day["resent"], day["ours"] - day["theirs"]) == ((lost,), (lost,), 1)
    await exchange.until(lambda: _applied(exchange, 500))
    assert lost in (await exchange.control())["applied"]
    with pytest.raises(Refused, match="not come yet"):
        await exchange.ask("ReconcileNow", day="2027-01-01")


async def test_every_night_duties_are_told_and_the_day_before_is_compared(exchange: ExchangeStage):
    """An accepted suggestion counts as its deputy's duty, which the hub finds by itself."""
    ref = deputy(8).id
    await exchange.accepted(deputy(8), title="关于计入履职的建议")
    await case_errands(exchange.hub.db, exchange.hub.desk, exchange.clock)["duties.sweep"](None)
    exchange.turn(outage="unavailable")
    exchange.on(date(2026, 3, 3))
    night = exchange.clock.now()
    await exchange.until(lambda: exchange.value("select count(*) from work.jobs where kind = 'exchange.reconcile' and due > $1", exchange.clock.now()))
    exchange.turn(outage="")
    await exchange.until(lambda: _of_the_month(exchange, ref))
    day = await exchange.until(lambda: _compared_since(exchange, night))
    assert (day["day"], day["differing"]) == ("2026-03-02", ())
    assert day["ours"] == day["theirs"] >= 20
    assert await rebuild(exchange.hub.db, exchange.hub.journal, (ROWS,), keep=False) == {}, "the journal alone tells the same"


async def _compared_since(exchange: ExchangeStage, night: datetime) -> dict[str, Any] | None:
    exchange.later(minutes=1)
    days = (await exchange.standing())["reconciliations"]
    return next((one for one in days if datetime.fromisoformat(one["at"]) > night), None)


async def _of_the_month(exchange: ExchangeStage, ref: str) -> bool:
    code = await exchange.value("select code from directory.person where 'person:' || id = $1", ref)
    months = [msgspec.json.decode(one["body"])["rows"] for one in (await exchange.control())["packages"] if one["object"].startswith("duty-month:2026-03:")]
    return any(row["records"] and row["kinds"].get("proposal") for rows in months for row in rows if row["code"] == code)


async def _applied(exchange: ExchangeStage, n: int) -> bool:
    return bool(await exchange.value("select count(*) = $1 from exchange.package where title like '第%个' and state = 'applied'", n))


async def _reconciled(exchange: ExchangeStage, day: date, number: str) -> dict[str, Any] | None:
    days = (await exchange.standing())["reconciliations"]
    return next((one for one in days if one["day"] == str(day) and number in one["differing"]), None)
