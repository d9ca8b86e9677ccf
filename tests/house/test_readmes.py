"""Each room's README is its document, and short enough to be read."""

from pathlib import PurePath

from tests.house.tree import ROOT, paths, texts

LONGEST = 80
TOPS = ("hub", "dispatch", "media", "edge", "scripts", "web")
WITH_ROOMS = ("hub/", "hub/streams/", "adapters/")
"""Folders each folder of which is a room of its own."""


def rooms(files: tuple[str, ...]) -> set[str]:
    """Folders with code of their own that stand where a room stands."""
    written = [PurePath(one) for one in files if one.endswith((".py", ".ts")) and not one.endswith("__init__.py")]
    found = {top for top in TOPS if any(one.parts[0] == top for one in written)}
    for hall in WITH_ROOMS:
        depth = hall.count("/")
        inside = [one for one in written if str(one).startswith(hall) and len(one.parts) > depth + 1]
        found |= {"/".join(one.parts[: depth + 1]) for one in inside}
    return found - {"hub/commands"}  # the axle's own command line; hub/README.md speaks of it


def test_each_room_has_its_readme():
    assert [room for room in sorted(rooms(paths())) if not (ROOT / room / "README.md").is_file()] == []


def test_no_readme_of_a_room_is_long():
    lengths = {path: text.count("\n") for path, text in texts("/README.md")}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}


def test_the_rule_knows_a_room():
    files = ("hub/app.py", "hub/wire/codec.py", "hub/bus/__init__.py", "adapters/http.py", "adapters/sms/port.py")
    assert rooms(files) == {"hub", "hub/wire", "adapters/sms"}
