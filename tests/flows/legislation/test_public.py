"""Citizens read a draft and comment on its articles without signing in; what they say is answered, then shown, without their name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest

from hub.cases.rebuild import rebuild
from hub.gateway.guests import SAID_IN_TEN_MINUTES, Guests
from hub.kernel.actor import SYSTEM
from hub.kernel.errors import Forbidden, NotFound, Refused, TooMany
from tests.flows.gateway.citizen import Citizen
from tests.flows.legislation.stage import CLERK, DEPUTY, UNIT, LawStage
from tests.lives import unit


@pytest.fixture
async def citizen(law: LawStage) -> AsyncIterator[Citizen]:
    async with aiohttp.ClientSession() as web:
        yield Citizen(web, law.hub.url)


async def test_a_comment_is_shown_only_after_it_was_answered_and_never_with_a_name(law: LawStage, citizen: Citizen):
    case = await law.open_for_comment()
    [draft] = (await citizen.read("drafts"))["rows"]
    text = await citizen.read(f"drafts/{case}")
    assert (draft["id"], draft["open"], draft["until"]) == (str(case), True, "2026-07-15")
    assert [one["name"] for one in text["articles"]] == ["第1条", "第2条", "第3条"]
    assert [one["name"] for one in text["papers"]] == ["材料.pdf"]

    said = await citizen.say(f"drafts/{case}/comments", article="第三条", text="每月一次太少，\u202e建议每半月。", name="王先生")
    hidden = await citizen.say(f"drafts/{case}/comments", text="我住在幸福路 8 号，电话 13900001111。")
    advert = await citizen.say(f"drafts/{case}/comments", text="低价办证，加微信。")
    assert said["number"].startswith("立法意见〔2026〕")
    assert (await citizen.read(f"drafts/{case}/comments?article=第三条"))["rows"] == []

    await _answered_by_the_drafting_unit(law, case, UUID(said["id"]))
    await law.take("AnswerComment", CLERK, UUID(hidden["id"]), verdict="not", reason="与条文无关。", hidden=True)
    await law.take("SetAsideComment", CLERK, UUID(advert["id"]), why="advert")
    await law.until(lambda: _counted(citizen, case, {"comments": 2, "adopted": 1, "refused": 1}))
    shown = (await citizen.read(f"drafts/{case}/comments?page=1"))["rows"]
    assert sorted((one["verdict"], one["text"], one["reason"]) for one in shown) == [
        ("adopted", "每月一次太少，建议每半月。", "已改为每半月。"), ("not", "", "与条文无关。")]
    assert "王先生" not in str(shown)
    own = (await citizen.read(f"comments?id={said['id']}&id={advert['id']}"))["rows"]
    assert {one["verdict"] for one in own} == {"adopted", "aside"}
    [counted] = [one for one in await law.see("legislation_board") if one["id"] == str(case)]
    assert (counted["comments"], counted["comments_open"]) == (3, 0)
    assert [one["name"] for one in await law.see("draft_comments", project=str(case), article="第3条")] == ["王先生"]
    assert await rebuild(law.hub.db, law.hub.journal, keep=False) == {}, "the journal gives the same rows again"


async def _answered_by_the_drafting_unit(law: LawStage, case: UUID, comment: UUID) -> None:
    """Another unit neither reads nor answers it; legislative affairs has the last word."""
    for stranger in (unit(23), DEPUTY):
        with pytest.raises(Forbidden):
            await law.see("draft_comments", stranger, project=str(case))
        with pytest.raises((Forbidden, NotFound)):
            await law.take("AnswerComment", stranger, comment, verdict="not", reason="不同意")
    assert len(await law.see("draft_comments", UNIT, project=str(case))) == 3
    await law.take("AnswerComment", UNIT, comment, verdict="partly", reason="部分吸收。")
    await law.take("AnswerComment", UNIT, comment, verdict="adopted", reason="已改为每半月。")
    assert [one["answered_by"] for one in await law.see("draft_comments", project=str(case), verdict="adopted")] == ["department:22"]
    await law.take("AnswerComment", CLERK, comment, verdict="adopted", reason="已改为每半月。")
    with pytest.raises(Refused):
        await law.take("AnswerComment", UNIT, comment, verdict="not", reason="不同意")


async def _counted(citizen: Citizen, case: UUID, wanted: dict[str, int]) -> bool:
    [draft] = (await citizen.read("drafts"))["rows"]
    return {name: draft[name] for name in wanted} == wanted


async def test_a_draft_is_brought_to_the_members_when_distributed_and_to_everybody_when_opened(law: LawStage):
    await law.ask("SaveOrganisation", SYSTEM, organisation="city", name="云澜市")
    for name, tags in (("李代表", ()), ("王委员", ("常委会组成人员",))):
        await law.ask("SavePerson", SYSTEM, person=uuid4(), kind="deputy", name=name, org="city", phone="", code=name, tags=tags)
    case = await law.distributed()
    await law.until(lambda: _told(law, "审议草案：电梯安全条例", 1))
    law.on(date(2026, 6, 25))
    await law.take("HoldReading", CLERK, case, held_on="2026-06-25", record="原则同意")
    await law.take("PublishDraft", CLERK, case, comment_until="2026-07-15")
    await law.until(lambda: _told(law, "征求意见：电梯安全条例", 2))


async def _told(law: LawStage, title: str, people: int) -> bool:
    """By one broadcast."""
    async with law.hub.db.read() as conn:
        found = await conn.fetch("select (select count(*) from dispatch.delivery d where d.broadcast = b.id) as n from dispatch.broadcast b"
                                 " where title = $1", title)
    return [row["n"] for row in found] == [people]


async def test_what_is_broken_strange_or_too_much_is_refused_and_leaves_nothing(law: LawStage, citizen: Citizen):
    case, path = await law.open_for_comment(), "drafts/{}/comments"
    await citizen.say(path.format(case), 400, text="，。！……", article="")
    await citizen.say(path.format(case), 400, text="没有这一条的意见。", article="第九条")
    await citizen.say(path.format(case), 400, text="长" * 2001)
    await citizen.say(path.format(case), 413, text="长" * 20_000)
    await citizen.say(path.format(case), 400, text="夹带的字段。", came="deputy")
    await citizen.say(path.format(uuid4()), 404, text="没有这部草案。")
    await citizen.say(path.format(case), 403, headers={"Origin": "https://elsewhere.example"}, text="别的网站替我提交。")
    for place in (f"drafts/{case}/comments?page=0", "comments?id=nobody", "suggestions?p={"):
        await citizen.read(place, 400)
    for place in ("drafts/nobody", f"drafts/{uuid4()}", "plans/1"):
        await citizen.read(place, 404)

    once: dict[str, Any] = {"id": str(uuid4()), "text": "同一条意见提交两次。"}
    assert (await citizen.say(path.format(case), **once))["number"] == (await citizen.say(path.format(case), **once))["number"]
    await citizen.say(path.format(case), 422, text="同一条意见提交两次。")
    for n in range(SAID_IN_TEN_MINUTES - 1):
        await citizen.say(path.format(case), text=f"第{n}条不同的意见。")
    await citizen.say(path.format(case), 429, text="再来一条意见。")
    assert len(await law.see("draft_comments", project=str(case))) == SAID_IN_TEN_MINUTES
    with pytest.raises(TooMany):
        await Guests(law.hub.db).speak("127.0.0.1", uuid4(), str(case), "另一个进程收到的意见。", law.clock.at)

    law.on(date(2026, 7, 16))
    await law.until(law.state_is(case, "review"))
    assert (await citizen.say(path.format(case), 422, text="晚到的意见。"))["code"] == "draft-closed"


async def test_who_answers_a_call_is_kept_under_it_until_it_ends(law: LawStage, citizen: Citizen):
    call = uuid4()
    await law.ask("SaveProjectCall", CLERK, call=call, title="2027年立法项目征集", text="请提出建议。", begins="2026-01-01", ends="2026-01-31")
    assert [one["title"] for one in (await citizen.read("calls"))["rows"]] == ["2027年立法项目征集"]
    taken = await citizen.say(f"calls/{call}/ideas", title="制定养犬条例", text="犬只伤人，需要立法。")
    assert taken["number"].startswith("立项建议")
    [row] = await law.see("project_calls")
    assert (row["ideas"], row["left"]) == (1, 1)
    law.on(date(2026, 2, 1))
    assert (await citizen.say(f"calls/{call}/ideas", 422, title="制定养犬条例", text="犬只又伤人了。"))["code"] == "call-closed"


async def test_the_plan_of_the_year_is_read_by_everybody_once_it_is_set(law: LawStage, citizen: Citizen):
    drafted = uuid4()
    await law.take("EnterProject", CLERK, drafted, title="还在调研的项目", subject="ecology")
    case = await law.planned()
    assert [one["id"] for one in (await citizen.read("plans/2026"))["rows"]] == [str(case)]
    [row] = await law.see("legislation_plan", year=2026)
    assert (row["level"], row["submit_on"], row["third_on"], row["state"]) == ("正式项目", "2026-05-08", None, "起草")
    assert len(row) == 17, "sixteen fields and the id"
    assert (await citizen.read("suggestions"))["rows"] == []
