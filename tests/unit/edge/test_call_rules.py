"""When a station without a screen takes a call."""

from uuid import uuid4

from edge.calls.rules import CallPolicy, attended, changed, listed


def row(state: str, call_state: str = "open", **more):
    id_ = str(uuid4())
    return {"id": id_, "state": state, "call_state": call_state, "room": f"call:{id_}", "newer": "field"} | more


def taken(policy: CallPolicy, *rows) -> list[bool]:
    calls = listed(rows)
    return [id_ in attended(calls, policy) for id_ in calls]


def test_it_answers_where_the_hub_says_so_or_always():
    rows = [row("ringing", "ringing"), row("ringing", auto_answer=True), row("ringing", "ended", auto_answer=True)]

    assert taken(CallPolicy(), *rows) == [False, True, False]
    assert taken(CallPolicy(always=True), *rows) == [True, True, False]


def test_it_stays_on_the_line_while_it_is_held_and_no_longer():
    rows = [row(state) for state in ("joined", "held", "left", "declined", "a-state-of-tomorrow")]

    assert taken(CallPolicy(always=True), *rows) == [True, True, False, False, False]


def test_a_change_replaces_its_row_and_null_removes_it():
    one, two = row("ringing"), row("joined")
    calls = listed([one, two])
    first, second = calls

    now = changed(calls, [(first, one | {"state": "joined"}), (second, None)])

    assert {call.id: call.state for call in now.values()} == {first: "joined"}
