"""What ruff and eslint cannot see: loose ends, pretended parts, and tests that hope."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.tree import texts

CODE = (".py", ".ts", ".vue", ".sql")
THIS_ROOM = "tests/house/"

# Words built from halves, so that this file does not find itself.
LOOSE_END = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b|raise NotImplemented" r"Error|[Nn]ot implemented yet")
PRETENCE = re.compile(
    r"unittest\.mock|Magic" r"Mock|monkeypatch\.setattr|mocker\.|@pytest\.mark\.skip\b|@pytest\.mark\.xfail|pytest\.xfail"
)
MACHINE = re.compile(r"""["'`(\s](/(root|work|home/\w+|Users/\w+)/|[A-Z]:\\Users)""")

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

# Where time itself is what is played (a server is killed after a while, again and again) or measured.
PAUSES = ("tests/flows/record/crashes.py", "tests/bench/")


def hopes(source: str) -> Iterator[int]:
    """Lines that sleep and hope that it was long enough: outside a loop that looks again, and
    outside a function within a test, which plays a neighbour that takes its time."""
    tree = ast.parse(source)
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.While | ast.For | ast.AsyncFor)]
    functions = [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
    within = [one for outer in functions for one in ast.walk(outer) if one is not outer and isinstance(one, FUNCTIONS)]
    looking = {id(inner) for outer in (*loops, *within) for inner in ast.walk(outer)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and id(node) not in looking and is_sleep(node):
            yield node.lineno


def is_sleep(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    yields_only = bool(call.args) and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0
    return name in {"sleep", "wait_for_timeout"} and not yields_only


def lines_with(pattern: re.Pattern[str], *endings: str, under: str = "") -> list[str]:
    return [
        f"{path}:{number}: {line.strip()}"
        for path, text in texts(*endings, under=under) if not path.startswith(THIS_ROOM)
        for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)
    ]


def test_nothing_is_left_open():
    assert lines_with(LOOSE_END, *CODE) == []


def test_no_test_pretends():
    assert lines_with(PRETENCE, ".py", under="tests/") == []


def test_no_test_sleeps_and_hopes():
    found = {path: list(hopes(text)) for path, text in texts(".py", under="tests/") if not path.startswith(PAUSES)}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_no_text_names_a_path_of_one_machine():
    assert lines_with(MACHINE, *CODE, ".md", ".toml", ".json", ".lock", ".sh") == []


@pytest.mark.parametrize(
    ("pattern", "bad", "good"),
    [
        (LOOSE_END, "# TO" "DO later", "# what there is to do next"),
        (LOOSE_END, "raise NotImplemented" "Error", "return NotImplemented"),
        (PRETENCE, "from unittest.mock import Mock", "from tests.contract.stage import Stage"),
        (MACHINE, 'open("/home/li/a.txt")', 'open(folder / "a.txt")'),
    ],
)
def test_the_rules_know_a_bad_line(pattern, bad, good):
    assert pattern.search(bad)
    assert not pattern.search(good)


def test_the_rule_knows_hope_from_looking_again():
    assert list(hopes("await asyncio.sleep(2)\nassert done")) == [1]
    assert list(hopes("while not done():\n    await asyncio.sleep(0.01)")) == []
    assert list(hopes("await asyncio.sleep(0)")) == []
    assert list(hopes("def test():\n    async def slow():\n        await asyncio.sleep(1)")) == []
