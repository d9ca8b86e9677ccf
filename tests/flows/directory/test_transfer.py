"""Importing and exporting people and organisations, on a real database."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from uuid import UUID

import pytest
import xlsxwriter

from hub.directory.city import load_demo_city
from hub.directory.transfer import (
    export_organisations,
    export_people,
    import_organisations,
    import_people,
)
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.errors import Forbidden, Malformed, TooLarge

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HEADINGS = "编号,姓名,类别,所属单位,手机,标签,分组\n"
DISTRICT_EDITOR = Actor(id="account:x", name="区管理员", roles=(Role.ADMINISTRATOR,), scopes=("district:1",))
VIEWER = Actor(id="account:y", name="查看者", roles=(Role.VIEWER,), scopes=("city",))


def people_csv(*lines: str, encoding: str = "utf-8") -> bytes:
    return (HEADINGS + "\n".join(lines)).encode(encoding)


def many(count: int) -> bytes:
    return people_csv(*(
        f"X{n:05d},人员{n},代表,station:{n % 73 + 1},139{n:08d},教育、科技,批量组" for n in range(count)
    ))


@pytest.fixture
async def city(db, journal):
    await load_demo_city(db, journal, AT)
    return db


async def bring(db, journal, content, name="people.csv", *, actor=SYSTEM, dry_run=False, at=AT):
    return await import_people(db, journal, actor, at, content, name, dry_run)


async def count(db) -> int:
    async with db.read() as conn:
        return await conn.fetchval("select count(*) from directory.person")


async def test_a_dry_run_says_what_would_change_and_changes_nothing(city, journal):
    head, before = await journal.head(), await count(city)

    report = await bring(city, journal, people_csv("N1,张三,代表,梧桐街道代表联络站,13900001111,农业,"), dry_run=True)

    assert (report.rows, report.new, report.changed, report.same, report.bad_total) == (1, 1, 0, 0, 0)
    assert not report.applied
    assert (await journal.head(), await count(city)) == (head, before)


async def test_importing_twice_changes_nothing_the_second_time(city, journal):
    content = people_csv("N1,张三,代表,梧桐街道代表联络站,139 0000 1111,农业，教育,法制委员会、新建分组",
                         ",李四,工作人员,station:3,0571-87654321,,")
    first = await bring(city, journal, content)
    head = await journal.head()

    second = await bring(city, journal, content)

    assert (first.new, first.applied, first.new_groups) == (2, True, ("新建分组",))
    assert (second.new, second.changed, second.same, second.new_groups) == (0, 0, 2, ())
    assert await journal.head() == head
    async with city.read() as conn:
        rows = await conn.fetch(
            "select name, phone, path, tags, pinyin from directory.person where name in ('张三', '李四') and org in ('station:1', 'station:3') order by name")
    assert [tuple(row) for row in rows] == [
        ("张三", "+8613900001111", ["city", "district:1", "station:1"], ["农业", "教育"], "zhangsan zs"),
        ("李四", "+8657187654321", ["city", "district:1", "station:3"], [], "lisi ls"),
    ]


async def test_one_bad_row_keeps_the_whole_file_out_and_every_bad_cell_is_named(city, journal):
    head = await journal.head()

    report = await bring(city, journal, people_csv(
        "N1,张三,代表,梧桐街道代表联络站,13900001111,,", "N2,,代表,没有这个站,123,,", "N1,王五,神仙,station:1,,,",
        "N4,=1+1,代表,station:1,,,", "N5,张\u200b三,代表,station:1,1.39E+10,,", f"N6,{'长' * 61},代表,station:1,,,",
    ))

    assert [(cell.row, cell.column) for cell in report.bad] == [
        (3, "姓名"), (3, "所属单位"), (3, "手机"), (4, "类别"), (5, "姓名"), (6, "姓名"), (6, "手机"), (7, "姓名")]
    assert (report.rows, report.new, report.bad_rows, report.applied) == (6, 1, 5, False)
    assert await journal.head() == head


async def test_an_export_imported_again_changes_nothing(city, journal):
    head = await journal.head()
    for format in ("xlsx", "csv"):
        async with city.read() as conn:
            people = await export_people(conn, SYSTEM, format)
            places = await export_organisations(conn, SYSTEM, format)

        again = await bring(city, journal, people, f"people.{format}")
        places_again = await import_organisations(city, journal, SYSTEM, AT, places, f"o.{format}", False)

        assert (again.rows, again.same, again.bad_total) == (885, 885, 0)
        assert (places_again.rows, places_again.same, places_again.bad_total) == (142, 142, 0)
    assert await journal.head() == head


async def test_words_that_look_like_formulas_survive_export_and_import(city, journal):
    head = people_csv("'=A1,'=SUM(A1)李,代表,station:1,,'+tag,'@组")
    await bring(city, journal, head)
    async with city.read() as conn:
        out = (await export_people(conn, SYSTEM, "csv")).decode("utf-8-sig")
        name = await conn.fetchval("select name from directory.person where code = '=A1'")

    again = await bring(city, journal, out.encode())

    assert name == "=SUM(A1)李"
    assert "'=A1,'=SUM(A1)李" in out
    assert again.same == again.rows == 886


async def test_ten_thousand_people_arrive_and_ten_thousand_bad_rows_are_counted(city, journal):
    report = await bring(city, journal, many(10_000))
    rubbish = await bring(city, journal, people_csv(*(f"Y{n},,啊,哪里,电话,," for n in range(10_000))))

    assert (report.new, report.applied) == (10_000, True)
    assert await count(city) == 10_885
    assert (rubbish.bad_total, rubbish.bad_rows, len(rubbish.bad), rubbish.applied) == (40_000, 10_000, 1_000, False)
    assert rubbish.bad[0].row == 2


async def test_a_gb18030_file_from_excel_is_read(city, journal):
    report = await bring(city, journal, people_csv("N1,龚喆,代表,梧桐街道,13900001111,,", encoding="gb18030"))
    assert (report.new, report.bad) == (1, ())


async def test_phones_kept_as_numbers_titles_and_synonyms_are_understood(city, journal):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "云澜市代表名册")
        sheet.write_row(1, 0, ["代表姓名*", "人员类别", "所属站点/单位", "联系电话（必填）", "备注", "证号"])
        sheet.write_row(2, 0, ["赵六", "人大代表", "station:5", 13900002222, "", 1001])

    report = await bring(city, journal, out.getvalue(), "名册.xlsx")

    assert (report.new, report.ignored_columns) == (1, ("备注",))
    async with city.read() as conn:
        assert await conn.fetchval("select phone from directory.person where code = '1001'") == "+8613900002222"


async def test_a_formula_in_a_workbook_is_refused(city, journal):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "类别", "所属单位"])
        sheet.write_row(1, 0, ["赵六", "代表", "station:5"])
        sheet.write_formula(1, 0, '="赵"&"六"', None, "赵六")

    report = await bring(city, journal, out.getvalue(), "a.xlsx")

    assert [(cell.row, cell.column) for cell in report.bad] == [(2, "姓名")]


@pytest.mark.parametrize(("content", "name", "code"), [
    (b"", "a.csv", "empty-file"),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "a.jpg", "not-a-spreadsheet"),
    (b"PK\x03\x04 no zip at all", "a.xlsx", "not-a-spreadsheet"),
    ("姓名,电话\n张三,1\n".encode(), "a.csv", "missing-heading"),
    ("姓名,类别,所属单位,名字\n".encode(), "a.csv", "heading-twice"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "old-excel"),
])
async def test_a_file_that_is_no_list_of_people_is_refused_with_a_sentence(city, journal, content, name, code):
    with pytest.raises(Malformed) as refusal:
        await bring(city, journal, content, name)
    assert refusal.value.code == code
    assert refusal.value.zh.endswith("。")


async def test_files_and_tables_beyond_the_limits_are_refused(city, journal):
    with pytest.raises(TooLarge, match="20 MB"):
        await bring(city, journal, b"a" * (20 * 1024 * 1024 + 1))
    with pytest.raises(TooLarge, match="50000 rows"):
        await bring(city, journal, HEADINGS.encode() + b"a\n" * 50_011)


async def test_who_looks_after_one_district_brings_in_nobody_elsewhere(city, journal):
    content = people_csv("N1,张三,代表,station:1,,,", "N2,李四,代表,station:40,,,", "N3,王五,代表,station:1,,,法制委员会")

    report = await bring(city, journal, content, actor=DISTRICT_EDITOR)

    assert [(cell.row, cell.column) for cell in report.bad] == [(3, "所属单位"), (4, "分组")]


async def test_a_viewer_exports_masked_numbers_and_imports_nothing(city, journal):
    async with city.read() as conn:
        out = (await export_people(conn, VIEWER, "csv")).decode("utf-8-sig")
    assert "****" in out
    assert "19900" not in out
    assert "o_demo" not in out
    with pytest.raises(Forbidden):
        await bring(city, journal, people_csv("N1,张三,代表,station:1,,,"), actor=VIEWER)


async def test_two_people_may_swap_their_openids_in_one_file(city, journal):
    def file(one: str, two: str) -> bytes:
        return f"编号,姓名,类别,所属单位,微信OpenID\nN1,张三,代表,station:1,{one}\nN2,李四,代表,station:1,{two}\n".encode()
    await bring(city, journal, file("o_1", "o_2"))

    report = await bring(city, journal, file("o_2", "o_1"))

    assert (report.changed, report.applied) == (2, True)


async def test_columns_the_file_does_not_have_leave_people_as_they_are(city, journal):
    async with city.read() as conn:
        before = await conn.fetchrow("select * from directory.person where code = 'D0001'")

    report = await bring(city, journal, "编号,姓名,类别,所属单位\nD0001,改名,代表,station:2\n".encode())

    async with city.read() as conn:
        after = await conn.fetchrow("select * from directory.person where code = 'D0001'")
    assert report.changed == 1
    changed = {key for key in before.keys() if before[key] != after[key]}  # noqa: SIM118 - a record's keys
    assert changed == {"name", "pinyin", "org", "path", "version"}


async def test_a_moved_station_takes_its_people_along(city, journal):
    content = "编号,名称,上级\nstation:1,梧桐街道代表联络站,青屏区\n".encode()

    report = await import_organisations(city, journal, SYSTEM, AT, content, "o.csv", False)

    assert (report.changed, report.bad) == (1, ())
    async with city.read() as conn:
        paths = await conn.fetch("select distinct path from directory.person where org = 'station:1'")
    assert [row["path"] for row in paths] == [["city", "district:2", "station:1"]]


async def test_bad_organisations_are_listed(city, journal):
    content = ("编号,名称,类型,上级,经度,纬度\nstation:90,甲站,联络站,没有,119.5,29\n91,乙站,站点,district:1,200,29\n"
               "92,丙站,站点,district:1,119.5,\nmoon:1,丁,,,,\n93,戊,部门,station:1,,\nstation:94,己,部门,,,\n").encode()

    report = await import_organisations(city, journal, SYSTEM, AT, content, "o.csv", True)

    assert [(cell.row, cell.column) for cell in report.bad] == [
        (3, "经度"), (5, "编号"), (7, "编号"), (2, "上级"), (4, "纬度"), (6, "上级")]


async def test_the_directory_can_be_built_from_two_files_alone(db, journal):
    from hub.directory.city import demo_city
    from hub.directory.city_sheets import organisations_xlsx, people_xlsx

    city = demo_city()
    places = await import_organisations(db, journal, SYSTEM, AT, organisations_xlsx(city), "o.xlsx", False)
    people = await bring(db, journal, people_xlsx(city), "p.xlsx")

    assert (places.new, places.bad) == (142, ())
    assert (people.new, people.bad, len(people.new_groups)) == (885, (), 10)
    async with db.read() as conn:
        ids = {row["id"] for row in await conn.fetch("select id from directory.person")}
    assert ids == {UUID(str(person.id)) for person in city.people}
