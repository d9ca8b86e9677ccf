"""While one drafts, what was copied is shown beside where it stands; what only sounds alike troubles nobody."""

from __future__ import annotations

from hub.record import Database
from hub.search.likeness import MOST, similar
from hub.search.messages import PassageRow, Same, SimilarParams
from tests.flows.search.shelf import DEPUTY, INTAKE, LI, OTHER_DEPUTY, document, of, put

FIRST = "我市老旧小区多为六层以上楼房，没有电梯，老年居民上下楼十分困难。"
SECOND = "近年来虽有部分小区加装了电梯，但由于居民意见不一、资金筹集困难，推进缓慢。"
THIRD = "建议由街道牵头协商，财政给予补贴，简化审批手续，让更多居民受益。"
WASTE = "生活垃圾分类推行以来，居民参与率逐步提高，但厨余垃圾的收运和处理能力明显不足，混装混运现象时有发生。"


async def test_copied_passages_stand_side_by_side_with_their_places(db: Database) -> None:
    async with db.transaction() as conn:
        await put(conn, document("加装电梯", FIRST, SECOND, THIRD), document("垃圾分类", WASTE))
        draft = f"各位代表：{SECOND}另外，{WASTE}"
        waste, lifts = (await similar(conn, SimilarParams(text=draft), INTAKE)).rows

    assert (lifts.id, lifts.title, lifts.url) == (of("加装电梯"), "加装电梯", "/cases/加装电梯")
    assert lifts.passages == (PassageRow(
        mine=5, mine_text=SECOND[:-1], theirs=len(FIRST) + 1, theirs_text=SECOND[:-1], same=(Same(5, len(FIRST) + 1, len(SECOND) - 1),)),)
    assert (round(waste.ratio, 2), round(lifts.ratio, 2)) == (0.54, 0.39)


async def test_what_is_changed_moved_or_set_otherwise_is_still_seen(db: Database) -> None:
    async with db.transaction() as conn:
        await put(conn, document("加装电梯", FIRST, SECOND, THIRD))
        draft = f"{THIRD}\n\n{FIRST.replace('十分困难', '极为不便')}{SECOND.replace('，', ' , ')}"
        [row] = (await similar(conn, SimilarParams(text=draft), INTAKE)).rows

    assert row.ratio > 0.9
    assert [draft[one.mine:one.mine + 4] for one in row.passages] == ["建议由街", "我市老旧"]


async def test_the_draft_itself_and_what_one_may_not_see_are_left_out(db: Database) -> None:
    async with db.transaction() as conn:
        await put(conn, document("我的草稿", FIRST, SECOND, refs=(LI,), desks=()))
        draft = SimilarParams(text=FIRST + SECOND)
        assert [row.title for row in (await similar(conn, draft, DEPUTY)).rows] == ["我的草稿"]
        assert (await similar(conn, SimilarParams(text=FIRST + SECOND, case=of("我的草稿")), DEPUTY)).rows == []
        assert (await similar(conn, draft, OTHER_DEPUTY)).rows == []
        assert (await similar(conn, SimilarParams(text=FIRST, stream="legislation"), DEPUTY)).rows == []


async def test_another_matter_in_the_same_phrases_is_not_called_similar(db: Database) -> None:
    async with db.transaction() as conn:
        await put(conn, document("加装电梯", FIRST, SECOND, THIRD))
        for draft in (WASTE, "建议由街道牵头协商。" + WASTE, "电梯", "", "？！"):
            assert (await similar(conn, SimilarParams(text=draft), INTAKE)).rows == []


async def test_a_phrase_that_everybody_uses_hides_no_copy(db: Database) -> None:
    async with db.transaction() as conn:
        await put(conn, *(document(f"第{place}件", THIRD, f"{place}号路口" * 20) for place in range(210)), document("加装电梯", FIRST, SECOND, THIRD))
        rows = (await similar(conn, SimilarParams(text=FIRST + SECOND + THIRD), INTAKE)).rows

    assert rows[0].title == "加装电梯"
    assert rows[0].ratio == 1.0
    assert len(rows) <= MOST
