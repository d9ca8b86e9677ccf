"""Runs the areas of the tests in two lanes, beside each other, and says at the end what ran and what did not.

The first lane is seen while it runs; what the second said is shown when the first has ended.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from rich.console import Console
from rich.table import Table

from scripts import chromium

REPORTS = Path("var/reports")
VITEST = ("npm", "--prefix", "web", "test", "--silent", "--")


@dataclass(frozen=True)
class Area:
    name: str
    command: tuple[str, ...]
    missing: Callable[[], str | None] = lambda: None
    """Why this area cannot run on this machine, or None."""


def pytest_area(name: str, missing: Callable[[], str | None] = lambda: None, *, at: str = "", options: Sequence[str] = ()) -> Area:
    return Area(name, (sys.executable, "-m", "pytest", "-q", at or f"tests/{name}", *options), missing)


TWO_AT_ONCE = ("--numprocesses=2", "--dist=loadfile", "--ignore=tests/flows/edge")
"""Flows wait as much as they work; but for the edge's, which listen for gaps in a sound."""

SEEN = (
    pytest_area("flows", options=TWO_AT_ONCE), pytest_area("unit"), pytest_area("edge", at="tests/flows/edge"), pytest_area("house"),
    pytest_area("contract"), Area("web", VITEST),
)
"""The flows first: while they run, the browser's tests are those of pages."""
BESIDE = (pytest_area("browser", chromium.missing),)
AREAS = {area.name: area for area in (*SEEN, *BESIDE)}


@dataclass
class Outcome:
    area: str
    passed: int = 0
    failed: int = 0
    seconds: float = 0.0
    skipped: list[str] = field(default_factory=list)
    trouble: str = ""
    """Why the area does not count as run, in a sentence."""
    said: str = ""
    """What was not seen while it ran."""

    @property
    def ok(self) -> bool:
        return not self.failed and not self.trouble


def read_report(outcome: Outcome, report: Path) -> None:
    """Both runners write the same JUnit XML."""
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
        elif skipped is not None:
            outcome.skipped.append(f"{case.get('name')}: {skipped.get('message') or 'no reason given'}")
        else:
            outcome.passed += 1


def run(area: Area, options: Sequence[str], *, seen: bool = True) -> Outcome:
    outcome = Outcome(area.name)
    if why := area.missing():
        outcome.trouble = why
        return outcome
    report = (REPORTS / f"{area.name}.xml").resolve()
    report.unlink(missing_ok=True)
    command = (*area.command, *report_options(area, report), *options)
    began = time.monotonic()
    ended = subprocess.run(command, env=surroundings(), check=False, text=True,
                           stdout=None if seen else subprocess.PIPE, stderr=None if seen else subprocess.STDOUT)
    code, outcome.said = ended.returncode, ended.stdout or ""
    outcome.seconds = time.monotonic() - began
    if report.exists():
        read_report(outcome, report)
    if not outcome.passed and not outcome.failed:
        outcome.trouble = f"ran nothing (exit code {code})"
    elif code and not outcome.failed:
        outcome.trouble = f"ended with exit code {code} though no test failed"
    return outcome


def surroundings() -> dict[str, str]:
    """Colours are for a screen; a log is read as it is."""
    return dict(os.environ) if sys.stdout.isatty() else {**os.environ, "NO_COLOR": "1"}


def report_options(area: Area, report: Path) -> tuple[str, ...]:
    if area.command is VITEST:
        return ("--reporter=dot", "--reporter=junit", f"--outputFile.junit={report}")
    return (f"--junitxml={report}",)


def show(outcomes: Sequence[Outcome]) -> None:
    console = Console(highlight=False)
    table = Table(title="What ran", title_justify="left")
    for heading in ("area", "passed", "failed", "skipped", "seconds"):
        table.add_column(heading, justify="left" if heading == "area" else "right")
    for one in outcomes:
        table.add_row(
            one.area, str(one.passed), str(one.failed), str(len(one.skipped)), f"{one.seconds:.1f}"
        )
    console.print(table)
    gaps = [f"{one.area}: {one.trouble}" for one in outcomes if one.trouble]
    gaps += [f"{one.area}: skipped {each}" for one in outcomes for each in one.skipped]
    console.print("What could not run:" if gaps else "Nothing was left out.")
    for gap in gaps:
        console.print(f"  {gap}", markup=False)


def heading(name: str, said: str = "") -> None:
    sys.stdout.write(f"\n── {name} ──\n{said}")
    sys.stdout.flush()


def run_all(wanted: Sequence[Area], options: Sequence[str]) -> list[Outcome]:
    seen = [area for area in wanted if area in SEEN] or list(wanted[:1])
    outcomes = []
    with ThreadPoolExecutor(1) as beside:
        others = [beside.submit(run, area, options, seen=False) for area in wanted if area not in seen]
        for area in seen:
            heading(area.name)
            outcomes.append(run(area, options, seen=True))
        for other in others:
            outcomes.append(other.result())
            heading(outcomes[-1].area, outcomes[-1].said)
    return outcomes


def main(arguments: Sequence[str]) -> int:
    wanted = [name for name in arguments if name in AREAS] or list(AREAS)
    options = [word for word in arguments if word not in AREAS]
    REPORTS.mkdir(parents=True, exist_ok=True)
    outcomes = run_all([AREAS[name] for name in wanted], options)
    show(outcomes)
    passed, failed = sum(one.passed for one in outcomes), sum(one.failed for one in outcomes)
    sys.stdout.write(f"{passed} passed, {failed} failed\n")
    return 0 if all(one.ok for one in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
