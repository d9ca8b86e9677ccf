"""What a list of organisations means, without a database."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.directory.city import demo_city
from hub.directory.city_sheets import organisations_xlsx
from hub.directory.messages.events import OrganisationSaved
from hub.directory.messages.shapes import OrgKind
from hub.directory.model import OrgFact
from hub.directory.spreadsheet import read, write_csv
from hub.directory.transfer_organisations import COLUMNS, check
from hub.kernel.actor import SYSTEM, Actor, Role

CITY = OrgFact(id="city", kind=OrgKind.CITY, parent=None, path=("city",), name="云澜市", version=1)
DISTRICT = OrgFact(id="district:1", kind=OrgKind.DISTRICT, parent="city", path=("city", "district:1"), name="望江区", version=2)
ORGS = {"city": CITY, "district:1": DISTRICT}
DISTRICT_EDITOR = Actor(id="account:1", name="区", roles=(Role.ADMINISTRATOR,), scopes=("district:1",))

anything = st.one_of(
    st.text(st.characters(exclude_categories=("C", "Z")), max_size=12),
    st.sampled_from(["city", "district:1", "district:2", "station:1", "1", "联络站", "区县", "部门", "市", "120.5", "-91", "nan", "是"]),
)


def test_the_demo_city_is_read_back_as_it_was_parents_first():
    city = demo_city()
    checked = check(read(organisations_xlsx(city), "a"), {}, SYSTEM)
    assert checked.report.bad == ()
    assert [write.events[0] for write in checked.writes] == list(city.organisations)


def test_a_district_and_its_station_may_come_in_one_file_in_any_order():
    content = "类型,编号,名称,上级\n站点,7,新站,新区\n区县,9,新区,\n".encode()
    checked = check(read(content, "a"), ORGS, SYSTEM)
    assert [write.events[0] for write in checked.writes] == [
        OrganisationSaved(id="district:9", kind=OrgKind.DISTRICT, name="新区", parent="city"),
        OrganisationSaved(id="station:7", kind=OrgKind.STATION, name="新站", parent="district:9"),
    ]


def test_who_looks_after_a_district_adds_stations_to_it_and_nothing_beside_it():
    content = "编号,名称,上级\nstation:7,新站,望江区\nstation:8,别站,city\ndistrict:2,别区,city\n".encode()
    report = check(read(content, "a"), ORGS, DISTRICT_EDITOR).report
    assert [cell.row for cell in report.bad] == [3, 4]


def test_an_empty_cell_empties_and_a_missing_column_keeps():
    known = msgspec.structs.replace(DISTRICT, address="旧址", contact="甲", sort=4)
    checked = check(read("编号,名称,地址,排序\ndistrict:1,望江区,,\n".encode(), "a"), {"city": CITY, "district:1": known}, SYSTEM)
    event = checked.writes[0].events[0]
    assert event == OrganisationSaved(id="district:1", kind=OrgKind.DISTRICT, name="望江区", parent="city", contact="甲", sort=4)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(anything, max_size=len(COLUMNS)), max_size=6))
def test_any_rows_at_all_are_counted_once_each(rows):
    report = check(read(write_csv([column.heading for column in COLUMNS], rows), "a"), ORGS, SYSTEM).report
    assert report.rows == report.new + report.changed + report.same + report.bad_rows
