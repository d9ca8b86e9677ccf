"""What the people of the simulator answer."""

import pytest

from scripts.carriers_sim.replies import REASON, reply_of

YES = {"code": "will_come", "label": "参加"}
REASONED = {"code": "other", "label": "其他", "needs_reason": True}
LEAVE = {"code": "leave", "label": "请假"}
DECLINE = {"code": "b", "label": "无法参加"}


@pytest.mark.parametrize(("habit", "options", "answer"), [
    ("read", (YES, LEAVE), None),
    ("confirm", (), {}),
    ("confirm", (LEAVE, YES), {"reply": "will_come"}),
    ("confirm", (REASONED,), {"reply": "other", "reason": REASON}),
    ("leave", (YES, LEAVE, REASONED), {"reply": "other", "reason": REASON}),
    ("leave", (YES, LEAVE), {"reply": "leave"}),
    ("leave", (YES, DECLINE), {"reply": "b"}),
    ("leave", (YES,), None),
    ("leave", (), None),
    ("leave", ({"code": "received", "label": "收到"}, "odd"), None),
])
def test_a_person_answers_by_habit_and_never_says_yes_when_he_wants_leave(habit, options, answer):
    assert reply_of(options, habit) == answer
