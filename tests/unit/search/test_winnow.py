"""What was copied is seen, whatever was changed around it; what only sounds alike is not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.search.passages import compare
from hub.search.winnow import GRAM, WINDOW, containment, fingerprints, letters

LIFTS = "我市老旧小区多为六层以上楼房，没有电梯，老年居民上下楼十分困难。近年来虽有部分小区加装了电梯，但由于居民意见不一、资金筹集困难，推进缓慢。建议由街道牵头协商，财政给予补贴，简化审批手续。"
WASTE = "生活垃圾分类推行以来，居民参与率逐步提高，但厨余垃圾的收运和处理能力明显不足，混装混运现象时有发生。建议增加专用车辆，公开收运时间，并对处理企业按量补助。"


def test_letters_keep_their_places():
    assert letters("（一）Ａ座，100户") == ("一a座100户", [1, 3, 4, 6, 7, 8, 9])


@given(st.text(alphabet="甲乙丙丁戊己庚辛", min_size=GRAM + WINDOW - 1, max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_texts_that_share_enough_letters_share_a_fingerprint(run, before, after):
    assert fingerprints(before + run + after) & fingerprints(run)


def test_fingerprints_are_the_same_on_every_machine():
    assert min(fingerprints("老旧小区加装电梯的建议")) == 95320774349821055
    assert fingerprints("短") == frozenset()


def test_marks_blanks_and_width_hide_no_copy():
    assert containment(fingerprints(LIFTS.replace("，", "\n  ").replace("。", "！")), fingerprints(LIFTS)) == 1.0


def test_another_matter_has_no_ratio():
    assert compare(WASTE, LIFTS).ratio == 0.0
    assert compare("", LIFTS) == (0.0, 0.0, ())
    assert compare("建议由街道牵头协商", LIFTS).firm == 0.0


def test_a_copy_is_one_passage_from_end_to_end():
    report = compare(LIFTS, "前言。" + LIFTS)

    assert report.ratio == 1.0
    [passage] = report.passages
    assert (passage.start, passage.end, passage.their_start) == (0, len(LIFTS) - 1, 3)


def test_passages_stand_side_by_side_with_their_places_in_both_texts():
    first, second, third = (one + "。" for one in LIFTS.removesuffix("。").split("。"))
    draft = f"各位代表：{third}{WASTE}{first}"
    report = compare(draft, LIFTS)

    assert [(LIFTS[one.their_start:one.their_end], draft[one.start:one.end]) for one in report.passages] == [
        (third[:-1], third[:-1]), (first[:-1], first[:-1])]
    assert report.ratio == pytest.approx(len(letters(first + third)[0]) / len(letters(draft)[0]))
    assert second not in draft


def changed(text: str, share: float, seed: int) -> tuple[str, list[int]]:
    """Every so many-th word of two replaced; and which characters were left."""
    dice, out, kept = random.Random(seed), list[str](), list[int]()
    for start in range(0, len(text), 2):
        word = text[start:start + 2]
        if dice.random() < share:
            word = "".join(chr(dice.randrange(0x4E00, 0x9000)) for _ in word)
        else:
            kept += [len("".join(out)) + step for step in range(len(word))]
        out.append(word)
    return "".join(out), kept


@pytest.mark.parametrize("seed", range(5))
def test_words_changed_here_and_there_leave_the_passage_whole(seed):
    draft, kept = changed(LIFTS, 0.08, seed)
    report = compare(draft, LIFTS)
    covered = {place for one in report.passages for place in range(one.start, one.end)}

    assert sum(place in covered for place in kept) / len(kept) >= 0.95
    assert report.ratio > 0.8


@given(st.lists(st.sampled_from([*LIFTS.split("，"), *WASTE.split("，")]), max_size=8), st.lists(st.sampled_from(LIFTS.split("，")), max_size=8))
def test_what_is_called_the_same_is_the_same(ours, theirs):
    mine, other = "；".join(ours), "，".join(theirs)
    report = compare(mine, other)
    same = [(letters(mine[run.ours:run.ours + run.length])[0], letters(other[run.theirs:run.theirs + run.length])[0])
            for passage in report.passages for run in passage.runs]
    assert all(one == two for one, two in same)
    assert 0 <= report.ratio <= 1
