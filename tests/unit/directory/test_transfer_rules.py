"""What a list of people means, without a database: export and import are each other's inverse."""

from __future__ import annotations

from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.directory.messages.events import GroupSaved, PersonSaved
from hub.directory.messages.shapes import OrgKind, PersonKind
from hub.directory.model import GroupFact, OrgFact, PersonFact, clean
from hub.directory.people_phone import national
from hub.directory.people_sheet import COLUMNS, KIND_ZH, cells, org_words
from hub.directory.spreadsheet import read, write_csv, write_xlsx
from hub.directory.transfer_people import PeopleFacts, check
from hub.kernel.actor import SYSTEM
from hub.kernel.ids import derived

ORGS = {org.id: org for org in (
    OrgFact(id="city", kind=OrgKind.CITY, parent=None, path=("city",), name="云澜市"),
    OrgFact(id="district:1", kind=OrgKind.DISTRICT, parent="city", path=("city", "district:1"), name="望江区"),
    OrgFact(id="station:1", kind=OrgKind.STATION, parent="district:1", path=("city", "district:1", "station:1"), name="同名站"),
    OrgFact(id="station:2", kind=OrgKind.STATION, parent="district:1", path=("city", "district:1", "station:2"), name="同名站"),
)}
NOBODY = PeopleFacts(ORGS, {}, {})

letters = st.characters(exclude_categories=("C", "Z"))


def words(least: int, most: int) -> st.SearchStrategy[str]:
    return st.text(letters, min_size=least, max_size=most).map(lambda text: clean(text, ""))


labels = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters=",，、;；|/"), min_size=1, max_size=20)


@st.composite
def a_person(draw) -> PersonSaved:
    code = draw(words(1, 12))
    return PersonSaved(
        id=derived("person", code), code=code, kind=draw(st.sampled_from(PersonKind)), name=draw(words(1, 20)),
        org=draw(st.sampled_from(sorted(ORGS))), gender=draw(st.sampled_from(["", "男", "女"])),
        delegation=draw(words(0, 8)), district=draw(words(0, 8)), term=draw(words(0, 8)), post=draw(words(0, 8)),
        phone=draw(st.one_of(st.just(""), st.from_regex(r"\+861[3-9][0-9]{9}", fullmatch=True))),
        openid=draw(st.one_of(st.just(""), st.from_regex(r"[-0-9A-Za-z_]{8,20}", fullmatch=True))),
        opt_out=tuple(sorted(draw(st.sets(st.sampled_from(["sms", "voice", "wechat", "page", "screen"]))))),
        tags=tuple(draw(st.lists(labels, max_size=4, unique=True))),
    )


people_lists = st.lists(a_person(), min_size=1, max_size=8, unique_by=(
    lambda person: person.code, lambda person: person.openid or person.code))


def sheets(people, groups=()):
    names = org_words(ORGS)
    lines = [
        cells({field: getattr(person, field) for field in person.__struct_fields__} | {"groups": groups},
              names[person.org], national(person.phone))
        for person in people
    ]
    headings = [column.heading for column in COLUMNS]
    return write_csv(headings, lines), write_xlsx(headings, lines, [10] * len(COLUMNS), "人员")


@settings(max_examples=40, deadline=None)
@given(people_lists)
def test_what_is_exported_is_imported_as_the_same_people(people):
    for content in sheets(people):
        checked = check(read(content, "a"), NOBODY, SYSTEM)
        assert checked.report.bad == ()
        assert [write.events[0] for write in checked.writes] == people


@settings(max_examples=40, deadline=None)
@given(people_lists)
def test_importing_what_stands_already_decides_nothing(people):
    known = {person.id: PersonFact(path=ORGS[person.org].path, version=1, **msgspec.structs.asdict(person)) for person in people}
    for content in sheets(people):
        checked = check(read(content, "a"), PeopleFacts(ORGS, known, {}), SYSTEM)
        assert (checked.writes, checked.report.same) == ((), len(people))


def test_a_cell_of_groups_names_all_groups_of_a_person():
    person = PersonSaved(id=derived("person", "D1"), code="D1", kind=PersonKind.DEPUTY, name="张三", org="city")
    known = PersonFact(path=("city",), version=1, **msgspec.structs.asdict(person))
    ref = f"person:{person.id}"
    old = GroupFact(id=UUID(int=5), name="旧组", path=("city",), members=("station:1", ref), version=2)
    content, _ = sheets([person], ["新组"])

    checked = check(read(content, "a"), PeopleFacts(ORGS, {person.id: known}, {old.id: old}), SYSTEM)

    assert [write.events[0] for write in checked.writes] == [
        GroupSaved(id=old.id, name="旧组", members=("station:1",)),
        GroupSaved(id=derived("group", "新组"), name="新组", members=(ref,)),
    ]
    assert (checked.report.changed, checked.report.new_groups) == (1, ("新组",))


def test_a_name_that_two_organisations_share_needs_the_id():
    checked = check(read("姓名,类别,所属单位\n张三,代表,同名站\n李四,代表,station:2\n".encode(), "a"), NOBODY, SYSTEM)
    assert [(cell.row, cell.column) for cell in checked.report.bad] == [(2, "所属单位")]
    assert "station:1" in checked.report.bad[0].zh


def test_shared_phones_are_a_warning_and_shared_openids_an_error():
    content = ("编号,姓名,类别,所属单位,手机,openid\n1,张三,代表,city,13900001111,o_1\n2,李四,代表,city,13900001111,o_1\n").encode()
    report = check(read(content, "a"), NOBODY, SYSTEM).report
    assert [(cell.row, cell.column) for cell in report.warnings] == [(2, "手机"), (3, "手机")]
    assert [(cell.row, cell.column) for cell in report.bad] == [(2, "微信OpenID"), (3, "微信OpenID")]


def test_every_heading_in_the_readme_is_one_the_import_knows():
    known = {word for column in COLUMNS for word in (column.heading, *column.synonyms)}
    assert {"姓名", "编号", "类别", "所属站点/单位", "代表团", "区县", "届别", "职务", "性别", "手机", "微信OpenID", "标签", "分组"} <= known
    assert KIND_ZH[PersonKind.ATTENDEE] == "列席人员"


def test_short_long_and_shifted_rows_are_bad_rows_and_nothing_worse():
    content = "编号,姓名,类别,所属单位\nN1\nN2,张三\nN3,李四,代表,city,多余\n\n,,,,\nN4,王五,代表,city\n".encode()
    report = check(read(content, "a"), NOBODY, SYSTEM).report
    assert [(cell.row, cell.column) for cell in report.bad] == [
        (2, "姓名"), (2, "类别"), (2, "所属单位"), (3, "类别"), (3, "所属单位"), (4, "")]
    assert (report.rows, report.new, report.bad_rows) == (4, 1, 3)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.one_of(words(0, 12), st.sampled_from(["代表", "city", "13900001111", "=1", "station:1"])),
                         max_size=16), max_size=6))
def test_any_rows_at_all_are_counted_once_each(rows):
    headings = [column.heading for column in COLUMNS]
    report = check(read(write_csv(headings, rows), "a"), NOBODY, SYSTEM).report
    assert report.rows == report.new + report.changed + report.same + report.bad_rows
    assert report.rows == sum(any(cell.strip() for cell in row) for row in rows)
