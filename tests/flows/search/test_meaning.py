"""Related documents are suggested where something understands them; where nothing does, the hub says so and works all the same."""

from __future__ import annotations

from collections.abc import Sequence

from hub.directory.messages.params import NoParams
from hub.record import Database
from hub.search import forget
from hub.search.meaning import Understanding
from hub.search.messages import SimilarParams
from hub.search.store import installed
from tests.flows.search.shelf import CLOCK, DEPUTY, INTAKE, OTHER_DEPUTY, document, of, put

MATTERS = ("电梯升降", "停车泊位", "垃圾清运")


class ByMatter:
    """Understands three matters, by the characters that speak of them."""

    def vectors(self, texts: Sequence[str]) -> list[bytes]:
        return [bytes(sum(char in text for char in matter) for matter in MATTERS) for text in texts]

    def nearest(self, text: str, known: Sequence[bytes], most: int) -> list[tuple[int, float]]:
        [own] = self.vectors([text])
        alike = [(place, sum(one * two for one, two in zip(own, other, strict=True)) / 16) for place, other in enumerate(known)]
        return sorted(alike, key=lambda one: -one[1])[:most]


async def test_related_documents_are_suggested_to_who_may_see_them(db: Database) -> None:
    understanding = Understanding(db, CLOCK, ByMatter())
    async with db.transaction() as conn:
        await put(conn, document("加装电梯", "住宅楼没有电梯，升降不便。", public=True), document("停车", "停车没有泊位。", public=True),
                  document("内部", "电梯升降。"))
    await understanding.take()
    async with db.read() as conn:
        [state] = (await understanding.abilities(conn, NoParams(), DEPUTY)).rows
        drafted = SimilarParams(title="升降设备", text="老人上楼难，盼装电梯")
        seen = [[row.title for row in (await understanding.near(conn, drafted, actor)).rows] for actor in (OTHER_DEPUTY, INTAKE)]

    assert (state.on, state.documents, state.waiting) == (True, 3, 0)
    assert seen == [["加装电梯"], ["加装电梯", "内部"]] or seen == [["加装电梯"], ["内部", "加装电梯"]]


async def test_a_changed_document_is_understood_anew_and_a_forgotten_one_is_gone(db: Database) -> None:
    understanding = Understanding(db, CLOCK, ByMatter())
    drafted = SimilarParams(text="停车泊位")
    async with db.transaction() as conn:
        await put(conn, document("一", "电梯升降"), document("二", "停车泊位"))
    await understanding.take()
    async with db.transaction() as conn:
        await put(conn, document("一", "停车泊位"))
        await forget(conn, "case", of("二"))
    await understanding.take()
    async with db.read() as conn:
        assert [row.title for row in (await understanding.near(conn, drafted, INTAKE)).rows] == ["一"]
        assert (await understanding.near(conn, SimilarParams(text="停车泊位", case=of("一")), INTAKE)).rows == []


async def test_without_the_extra_nothing_is_suggested_and_the_view_says_so(db: Database) -> None:
    understanding = Understanding(db, CLOCK)
    understanding.on = False
    async with db.transaction() as conn:
        await put(conn, document("加装电梯", "住宅楼没有电梯，升降不便。"))
        assert (await conn.fetchval("select count(*) from work.jobs where kind = 'search.understand'")) == installed()
    await understanding.take()
    async with db.read() as conn:
        [state] = (await understanding.abilities(conn, NoParams(), INTAKE)).rows
        assert (await understanding.near(conn, SimilarParams(text="电梯"), INTAKE)).rows == []

    assert (state.on, state.documents, state.waiting) == (False, 1, 0)
    assert state.zh == "没有安装近义提示，只按原文查重。如需开启，请管理员安装 semantic 组件后重新启动。"
