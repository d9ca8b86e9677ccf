"""What a list shows is what its life says, in words; what only repeats another case is not found beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import get_type_hints
from uuid import UUID

import pytest

from hub.business import STREAMS
from hub.cases.found import is_document
from hub.cases.reading import (
    as_words,
    case_columns,
    columns_of,
    fact_blanks,
    fact_words,
    pointed,
    read_out,
)
from hub.cases.shapes import LIVES
from hub.kernel.lifecycle import LISTED, Lifecycle
from hub.streams.duties.activities import ACTIVITIES
from hub.streams.duties.records import RECORDS
from tests.flows.cases.wishes import WISHES
from tests.lives import SYSTEM, LifeWalk, person

HINT = re.compile("（.*(空为|为不限|时填|须填|可不填|须执行|工作人员).*）")
DAY = date(2026, 5, 20)
OWN = {"number", "state", "waits", "due", "opened", "lead", "topic"}
"""Columns that the screen has words of its own for."""


def lives() -> list[Lifecycle]:
    return [LIVES[spoke.name].life for spoke in STREAMS]


def test_a_list_shows_no_fact_that_not_everybody_sees():
    with pytest.raises(ValueError, match="inner is no fact that everybody sees"):
        replace(WISHES, columns=("title", "inner"))
    assert replace(WISHES, columns=("title", "reply")).columns == ("title", "reply")


def test_a_life_that_says_nothing_has_the_columns_of_all():
    assert WISHES.columns == LISTED


@pytest.mark.parametrize("stream", [spoke.name for spoke in STREAMS])
def test_every_column_of_a_stream_is_called_something(stream):
    unnamed = [one.name for one in columns_of(LIVES[stream]) if not one.zh and one.name not in OWN | {"title"}]
    assert unnamed == []


def test_an_activity_shows_when_and_where_and_for_how_many():
    found = {one.name: one.zh for one in columns_of(LIVES["activities"])}
    assert (found["title"], found["starts"], found["place"], found["quota"]) == ("活动名称", "开始时间", "地点", "名额")
    assert {"lead", "unit"}.isdisjoint(found)


def test_another_case_is_named_by_its_title_in_a_list():
    assert case_columns(LIVES["law_comments"].life) == ("project",)


def test_what_a_form_hints_is_no_part_of_a_name():
    titles = [(step.command, meta.title) for life in lives() for step in life.steps
              for kind in get_type_hints(step.form, include_extras=True).values()
              for meta in getattr(kind, "__metadata__", ()) if getattr(meta, "title", None)]
    assert [one for one in titles if HINT.search(one[1])] == []


def test_no_limit_is_read_as_such_and_not_as_zero():
    blanks = fact_blanks(ACTIVITIES)
    assert (fact_words(ACTIVITIES)["quota"], read_out(ACTIVITIES, "quota", 0, blanks)) == (("名额", "Places"), "不限")
    assert read_out(ACTIVITIES, "quota", 30, blanks) == "30"
    assert read_out(ACTIVITIES, "summary", "", blanks) == ""


def test_what_was_filled_in_several_times_is_read_line_by_line_in_words():
    questions = [{"text": "是否满意", "kind": "one", "choices": ["满意", "不满意"]}, {"text": "还有什么建议", "kind": "text", "choices": []}]

    assert as_words(ACTIVITIES, "questions", questions) == "问题：是否满意；题型：单选；选项：满意、不满意\n问题：还有什么建议；题型：填空"


@pytest.mark.parametrize(("lon", "lat", "read"), [
    (120.1551, 30.2741, [("place", "地点", "市民广场"), ("lon", "定位", "北纬30.27410° 东经120.15510°")]),
    (-43.2, -22.9, [("place", "地点", "市民广场"), ("lon", "定位", "南纬22.90000° 西经43.20000°")]),
    (None, None, [("place", "地点", "市民广场"), ("lon", "经度", None), ("lat", "纬度", None)]),
])
def test_longitude_and_latitude_are_read_as_one_point(lon, lat, read):
    assert list(pointed([("place", "地点", "市民广场"), ("lon", "经度", lon), ("lat", "纬度", lat)])) == read


def test_a_duty_that_the_hub_counted_is_found_by_the_case_it_came_from():
    counted = LifeWalk(RECORDS, DAY).take("CountDuty", SYSTEM, person=UUID(int=1), origin="proposal:7", title="关于充电桩的建议", kind="proposal", on=DAY)
    entered = LifeWalk(RECORDS, DAY).take("RecordDuty", person(1), title="走访十户群众", kind="visit", on=DAY, text="走访十户")
    assert [is_document(LIVES["duty_records"], one.there) for one in (counted, entered)] == [False, True]


def test_the_number_of_a_case_is_not_called_as_a_number_of_its_paper():
    assert {one.name: one.zh for one in columns_of(LIVES["law_filings"])}["number"] == ""
