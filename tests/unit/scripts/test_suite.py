"""What the test run tells at its end is true."""

import pytest

from scripts.suite import Area, Outcome, read_report, run

REPORT = """<testsuites><testsuite>
  <testcase name="holds"/>
  <testcase name="breaks"><failure message="no"/></testcase>
  <testcase name="falls over"><error message="no"/></testcase>
  <testcase name="waits"><skipped message="no sound device"/></testcase>
</testsuite></testsuites>"""


def test_a_report_is_counted_case_by_case(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT, encoding="utf-8")
    outcome = Outcome("flows")

    read_report(outcome, report)

    assert (outcome.passed, outcome.failed) == (1, 2)
    assert outcome.skipped == ["waits: no sound device"]
    assert not outcome.ok


@pytest.mark.parametrize(
    ("area", "trouble"),
    [
        (Area("silent", ("true",)), "ran nothing (exit code 0)"),
        (Area("broken", ("false",)), "ran nothing (exit code 1)"),
        (Area("absent", ("true",), lambda: "no browser here"), "no browser here"),
    ],
)
def test_an_area_that_ran_nothing_is_a_failure_with_its_reason(area, trouble, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "var/reports").mkdir(parents=True)

    outcome = run(area, ())

    assert outcome.trouble == trouble
    assert not outcome.ok
