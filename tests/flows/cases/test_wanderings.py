"""Other people's cases: every stream walked at random, over days and holidays, with forms as they should be and as nobody should send them."""

from __future__ import annotations

import re
from pathlib import Path

from tests.flows.cases.seen_through import Outsiders
from tests.flows.cases.wanderer import Wanderer, wanderer

SEED, MOVES = 7, 250
SENTENCE = re.compile(r"[\u4e00-\u9fff].*[。？！]$", re.DOTALL)


def speechless(one: Wanderer) -> list[str]:
    """Refusals that are no whole sentence in Chinese and in English."""
    return [f"{name}: {refusal.zh} / {refusal.en}" for name, refusal in one.refusals
            if not SENTENCE.search(refusal.zh) or not refusal.en.rstrip().endswith((".", "?", "!"))]


async def test_whatever_is_sent_is_granted_or_refused_in_a_sentence_and_harms_nothing(dsn: str, tmp_path: Path):
    async with wanderer(dsn, tmp_path, seed=SEED, hostile=9) as one:
        await one.wanders(MOVES)
        await one.looks(MOVES)
        assert one.broken == []
        assert speechless(one) == []
        assert one.outcomes["granted"] > MOVES / 5
        one.later(days=400)
        await one.until_quiet()
        assert await one.errands_that_failed() == []
        assert await one.differing() == {}
        assert await one.forgotten_tables() == set()


async def test_nobody_learns_of_a_case_that_is_not_his_by_any_view_export_or_command(dsn: str, tmp_path: Path):
    async with wanderer(dsn, tmp_path, seed=SEED + 1, hostile=0) as one:
        await one.wanders(MOVES)
        await one.until_quiet()
        outsiders = await Outsiders.of(one)
        assert sorted(set(await outsiders.views_that_tell())) == []
        assert await outsiders.files_that_tell() == []
        assert await outsiders.commands_that_work() == []
        assert await outsiders.commands_of_the_city_that_a_district_does() == []
        assert await one.differing() == {}
