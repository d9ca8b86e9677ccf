"""Code that names a row of the clients' checklist (`S0-A29`) names one that exists."""

import re

from tests.house.tree import texts

ROW = re.compile(r"\b(S\d-[A-Z])(\d{2,3})\b")

# The rows are numbered from 01 within each part of each source document.
ROWS = {
    "S0-A": 45, "S0-B": 21, "S0-C": 34, "S0-D": 10,
    "S1-A": 40, "S1-B": 12, "S1-C": 28, "S1-D": 46, "S1-N": 20,
    "S2-P": 64, "S3-J": 44, "S4-W": 33,
}


def unknown(text: str) -> list[str]:
    return [
        part + number
        for part, number in ROW.findall(text)
        if not 1 <= int(number) <= ROWS.get(part, 0)
    ]


def test_every_row_named_exists():
    endings = (".py", ".sql", ".ts", ".vue", ".md")
    found = {path: unknown(text) for path, text in texts(*endings) if not path.startswith("tests/house/")}
    assert {path: rows for path, rows in found.items() if rows} == {}


def test_the_rule_knows_a_row_that_is_not_there():
    assert unknown("# S0-A29 and S0-A46, S5-Q01") == ["S0-A46", "S5-Q01"]
