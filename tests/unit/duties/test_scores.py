"""Points of a year: counted by the rules, capped, with ratings only when all four are in; the same rows give the same points."""

from hypothesis import given
from hypothesis import strategies as st

from hub.streams.duties.records import KINDS, RecordRules
from hub.streams.duties.scores import Done, Known, ranked, score
from hub.streams.duties.scoring_messages import Item, Rater

RULES = RecordRules()
ALL_FIVE = {rater.value: {item.code: 5.0 for item in RULES.items} for rater in Rater}


def of(*kinds, missed=0, ratings=None, person="person:1"):
    return Known(person=person, name="李代表", delegation="望江", done=tuple(Done(kind=kind, hours=2.0) for kind in kinds), missed=missed, ratings=ratings or {})


def total(known, rules=RULES):
    return score(rules, known, year=2026, version=0).total


def test_records_count_up_to_the_cap_of_their_item():
    assert total(of("session", "proposal", "proposal")) == 5 + 3 + 3
    assert total(of(*["proposal"] * 9)) == 15
    assert total(of("group", "reception", "visit", "snapshot")) == 3 + 2 * 3


def test_hours_count_where_the_rules_say_so():
    rules = RecordRules(items=(Item(code="research", zh="调研", en="Research", kinds=("research",), hour=1.5, cap=4),))
    assert (total(of("research"), rules), total(of("research", "research"), rules)) == (3.0, 4.0)


def test_sessions_missed_without_approval_take_points():
    assert total(of("session", missed=2)) == 5 - 10


def test_ratings_count_only_when_all_four_are_in():
    three = {name: points for name, points in ALL_FIVE.items() if name != "self"}
    row = score(RULES, of("session", ratings=three), year=2026, version=0)
    assert (row.rating, row.total, row.raters) == (None, 5.0, ("committee", "group", "town"))
    row = score(RULES, of("session", ratings=ALL_FIVE), year=2026, version=0)
    assert (row.rating, row.total) == (35.0, round(5 * 0.7 + 35 * 0.3, 2))


def test_equal_totals_share_a_rank():
    rows = [score(RULES, of(*kinds, person=f"person:{n}"), year=2026, version=0) for n, kinds in enumerate([("session",), ("proposal",), ("session",), ()])]
    assert [(row.person, row.rank, row.of) for row in ranked(rows)] == [("person:0", 1, 4), ("person:2", 1, 4), ("person:1", 3, 4), ("person:3", 4, 4)]


@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=40), st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(kinds, missed, random):
    shuffled = list(kinds)
    random.shuffle(shuffled)
    assert total(of(*kinds, missed=missed)) == total(of(*shuffled, missed=missed))


@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=40))
def test_no_kind_of_record_is_forgotten_and_none_counts_twice(kinds):
    row = score(RULES, of(*kinds), year=2026, version=0)
    assert sum(item.records for item in row.items) == len(kinds)
