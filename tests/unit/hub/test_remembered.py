"""What was shown is shown again to the same person with the same rights, and to nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from hub.gateway.remembered import KEPT_FOR, Remembered, Snapshot, merged, place_of
from hub.kernel.actor import Actor, Permission, Role
from hub.spoke import Page, View

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Asked(msgspec.Struct, frozen=True):
    text: str = ""


async def nothing(_conn: Any, _params: Any, _actor: Actor) -> Page:
    return Page([])


VIEW = View(name="people", params=Asked, row=Asked, permission=Permission.SELF, fetch=nothing)
LI = Actor(id="account:1", name="李", roles=(Role.OPERATOR,), scopes=("city",), address="10.0.0.1")


def shown(actor: Actor = LI, rows: bytes = b"[1]") -> Snapshot:
    return Snapshot(rows=rows, total=1, position=5, as_of=AT, offset="e.5", actor=actor)


def altered(**fields: Any) -> Actor:
    return msgspec.structs.replace(LI, **fields)


@pytest.mark.parametrize(
    ("asked", "actor", "found"),
    [
        (Asked(), LI, True),
        (Asked(), altered(address="10.0.0.2", name="李明"), True),
        (Asked("王"), LI, False),
        (Asked(), altered(id="account:2"), False),
        (Asked(), altered(roles=(Role.VIEWER,)), False),
        (Asked(), altered(scopes=("district:3",)), False),
    ],
)
def test_only_the_same_question_by_the_same_person_with_the_same_rights_finds_it(asked: Asked, actor: Actor, found: bool):
    memory = Remembered()
    memory.keep(place_of(VIEW, Asked(), LI), shown(), memory.changes)

    assert (memory.recall(place_of(VIEW, asked, actor), AT) is not None) is found


def test_what_was_closed_to_somebody_is_not_shown_to_him_again():
    memory = Remembered()
    before = memory.changes
    memory.keep(b"his", shown(), before)
    memory.keep(b"hers", shown(altered(id="account:2", scopes=("district:3",))), before)

    memory.forget(["account:1"])
    memory.keep(b"read before", shown(), before)

    assert [memory.recall(place, AT) is not None for place in (b"his", b"hers", b"read before")] == [False, True, False]


def test_it_holds_no_more_than_its_budget_and_lets_the_longest_unused_go():
    memory = Remembered(budget=10_000)
    for place in (b"a", b"b", b"c"):
        memory.keep(place, shown(rows=bytes(3000)), 0)
        memory.recall(b"a", AT)
    memory.keep(b"too large", shown(rows=bytes(20_000)), 0)

    assert [memory.recall(place, AT) is not None for place in (b"a", b"b", b"c", b"too large")] == [True, False, True, False]
    assert memory.held <= 10_000


def test_what_is_older_than_a_shift_is_not_shown():
    memory = Remembered()
    memory.keep(b"a", shown(), 0)

    assert [memory.recall(b"a", AT + KEPT_FOR - timedelta(seconds=late)) is not None for late in (1, 0)] == [True, False]


def test_changes_told_since_are_the_last_of_each_key_or_unknown_where_rows_must_be_read_again():
    def told(position: int, *changes: tuple[str, Any]) -> bytes:
        return msgspec.json.encode({"position": position, "changes": changes})

    first, second = told(7, ("a", 1), ("b", 2)), told(9, ("a", None))

    assert merged([first, second]) == ([["b", 2], ["a", None]], 9)
    assert merged([first, told(8, ("*", None))]) is None
