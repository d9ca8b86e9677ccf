"""Everything one may see is found by any part of it, and nothing else is."""

from __future__ import annotations

import asyncio
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.kernel.actor import Permission
from hub.kernel.errors import Refused
from hub.kernel.ids import derived
from hub.record import Database
from hub.search import Document, forget
from hub.search.messages import FoundText, Mark, SearchParams
from hub.search.text import LONGEST_PIECE, fold
from hub.search.views import search
from tests.flows.search.shelf import (
    CLOCK,
    DEPUTY,
    DISTRICT_INTAKE,
    INTAKE,
    LI,
    NOON,
    OTHER_DEPUTY,
    UNIT,
    document,
    find,
    of,
    put,
    titles,
)

WORDS = st.text(alphabet="电梯加装老旧小区的，。 aB１％_\\'\":&|!()*", min_size=1, max_size=12)


async def as_like_does(dsn: str, texts: list[str], asked: list[str]) -> None:
    async with Database.open(dsn, size=1) as db, db.read() as conn, conn.transaction():
        await conn.execute("truncate search.document cascade")
        await put(conn, *(Document(kind="case", id=derived(place), title="", paragraphs=(text,), at=NOON, desks=(Permission.INTAKE,))
                          for place, text in enumerate(texts)))
        for word in filter(str.strip, asked):
            found = await search(conn, SearchParams(q=word, size=100), INTAKE, clock=CLOCK)
            wanted = fold(word).strip()
            like = {derived(place) for place, text in enumerate(texts) if wanted in fold(text).strip()}
            if like:
                assert {row.id for row in found.rows} == like
            assert found.total == len(found.rows)


@given(st.lists(WORDS, min_size=1, max_size=8), WORDS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_finds_what_like_finds_in_the_folded_text_and_nothing_else(playground: str, texts: list[str], asked: str) -> None:
    asyncio.run(as_like_does(playground, texts, [asked, *(text[1:5] or text for text in texts)]))


async def test_hits_are_shown_in_their_place_with_what_was_looked_for_marked(db: Database) -> None:
    async with db.transaction() as conn:
        await put(conn, document("关于老旧小区加裝電梯的建议", "本市有老旧小区１２０个。", "加装电梯的只有九个；\n电梯、电梯，还是电梯。", days=3))
    async with db.read() as conn:
        [row] = await find(conn, "电梯")

    assert (row.id, row.kind, row.stream, row.url, row.hits) == (
        of("关于老旧小区加裝電梯的建议"), "case", "proposals", "/cases/关于老旧小区加裝電梯的建议", 3)
    assert row.found == (
        FoundText(paragraph=0, start=0, text="关于老旧小区加裝電梯的建议", marks=(Mark(8, 10),)),
        FoundText(paragraph=2, start=0, text="加装电梯的只有九个；", marks=(Mark(2, 4),)),
        FoundText(paragraph=3, start=0, text="电梯、电梯，还是电梯。", marks=(Mark(0, 2), Mark(3, 5), Mark(8, 10))),
    )


async def test_everybody_finds_what_they_may_see_and_nobody_finds_more(db: Database) -> None:
    async with db.transaction() as conn:
        await put(
            conn,
            document("领衔的", "电梯", refs=(LI,), desks=()), document("公开的", "电梯", public=True),
            document("公开而保密的", "电梯", public=True, confidential=True), document("主办的", "电梯", refs=("department:5",), desks=()),
            document("三区的", "电梯", path=("city", "district:3")), document("无人的", "电梯", desks=()))
    async with db.read() as conn:
        seen = {actor.name: set(await titles(conn, "电梯", actor)) for actor in (DEPUTY, OTHER_DEPUTY, UNIT, INTAKE, DISTRICT_INTAKE)}

    assert seen == {
        "李代表": {"领衔的", "公开的"}, "王代表": {"公开的"}, "住建局": {"公开的", "主办的"},
        "代表工委": {"公开的", "公开而保密的", "三区的"}, "三区工委": {"公开的", "三区的"},
    }


async def test_a_document_is_found_from_its_commit_on_as_it_was_last_written(db: Database) -> None:
    async with db.transaction() as conn:
        await put(conn, document("一", "加装电梯"))
        async with db.read() as other:
            assert await titles(other, "加装电梯") == []
    async with db.transaction() as conn:
        assert await titles(conn, "加装电梯") == ["一"]
        await put(conn, document("一", "修缮屋面"))
    async with db.transaction() as conn:
        assert await titles(conn, "加装电梯") == []
        assert await titles(conn, "屋面") == ["一"]
        await forget(conn, "case", of("一"))
        assert await titles(conn, "屋面") == []


async def test_who_may_see_changes_without_writing_the_text_again(db: Database) -> None:
    async with db.transaction() as conn:
        await put(conn, document("一", "加装电梯"))
        before = await conn.fetch("select ctid from search.paragraph")
        await put(conn, document("一", "加装电梯", public=True))
        assert await conn.fetch("select ctid from search.paragraph") == before
        assert await titles(conn, "电梯", OTHER_DEPUTY) == ["一"]


async def test_titles_come_first_then_what_says_it_often_then_what_is_new(db: Database) -> None:
    async with db.transaction() as conn:
        await put(conn, document("旧的", "垃圾分类", days=3000), document("新的", "垃圾分类", days=1),
                  document("常说的", "垃圾分类，垃圾分类，垃圾分类，垃圾分类，垃圾分类，还是垃圾分类。", days=400), document("垃圾分类", "别的", days=5000))
        assert await titles(conn, "垃圾分类") == ["垃圾分类", "常说的", "新的", "旧的"]


async def test_results_come_in_pages_with_one_total(db: Database) -> None:
    async with db.transaction() as conn:
        await put(conn, *(document(f"第{place}件", "停车难", days=place) for place in range(25)))
        pages = [await search(conn, SearchParams(q="停车", page=page, size=10), INTAKE, clock=CLOCK) for page in (1, 2, 3, 4)]

    assert [(len(page.rows), page.total) for page in pages] == [(10, 25), (10, 25), (5, 25), (0, 25)]
    assert [row.title for page in pages for row in page.rows] == [f"第{place}件" for place in range(25)]


async def test_words_are_looked_for_one_by_one_where_they_stand_nowhere_together(db: Database) -> None:
    async with db.transaction() as conn:
        await put(conn, document("一", "小区要装电梯", "停车也难"), document("二", "电梯要维护"), document("三", "电梯 停车"))
        assert await titles(conn, "停车　小区") == ["一"]
        assert await titles(conn, "电梯 停车") == ["三"]
        assert await titles(conn, "电梯 雨棚") == []
        with pytest.raises(Refused) as refusal:
            await titles(conn, "　 ")
        assert refusal.value.code == "nothing-to-find"


async def test_kinds_narrow_to_a_kind_or_a_stream(db: Database) -> None:
    async with db.transaction() as conn:
        await put(conn, document("建议", "电梯"), document("法规", "电梯", kind="law", stream="legislation"))
        assert await titles(conn, "电梯", kinds=("law",)) == ["法规"]
        assert await titles(conn, "电梯", kinds=("proposals", "duties")) == ["建议"]


async def test_a_paragraph_of_any_length_is_found_to_its_end(db: Database) -> None:
    characters = [chr(0x4E00 + place) for place in range(LONGEST_PIECE * 2 + 100)]
    long = "".join(characters)
    async with db.transaction() as conn:
        await put(conn, document("长文", long))
        for start in (0, LONGEST_PIECE - 30, LONGEST_PIECE * 2 - 100, len(long) - 60):
            [row] = await find(conn, long[start:start + 60])
            [hit] = islice(row.found, 1)
            assert hit.start + hit.marks[0].start == start
            assert row.hits == 1


async def test_nothing_but_text_is_stored(db: Database) -> None:
    async with db.transaction() as conn:
        await put(conn, document("一", "加装\x00电梯\ud800", "", url=""))
        assert await titles(conn, "加装电梯") == ["一"]
