from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from edge.answers import AnswerPolicy, answer, answer_due
from edge.backoff import Backoff
from edge.happenings import Answered
from edge.messages import Notice, Priority, ReplyOption, Told
from edge.state import Entry, Mark

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def shown(number: int, told: Told = Told.DISPLAYED) -> Entry:
    row = Notice(id=UUID(int=number), title="通知", text="请知悉。", priority=Priority.ORDINARY,
                 sent_at=AT, expires_at=AT + timedelta(hours=1),
                 options=(ReplyOption(code="received"), ReplyOption(code="leave", needs_reason=True)))
    return Entry(notice=row, mark=Mark(told=told, settled_at=AT))


def test_about_the_wanted_share_answers_within_the_time_and_always_the_same_way():
    policy = AnswerPolicy(20, 0.9)

    due = [answer_due(shown(n), policy) for n in range(1000)]

    assert due == [answer_due(shown(n), policy) for n in range(1000)]
    answered = [at for at in due if at is not None]
    assert 860 < len(answered) < 940
    assert all(AT <= at < AT + timedelta(seconds=20) for at in answered)


def test_the_first_option_is_the_answer_and_nothing_is_answered_twice():
    assert answer(shown(1)) == Answered(UUID(int=1), "received", "")
    assert answer_due(shown(1, Told.CONFIRMED), AnswerPolicy(5)) is None


def test_waiting_grows_to_a_ceiling_and_a_refused_key_waits_long():
    backoff = Backoff()

    assert [backoff.after(n, 1.0) for n in (0, 1, 4, 5, 99)] == [0.5, 1.0, 8.0, 15.0, 15.0]
    assert backoff.after(9, 0.0) == 0.0
    assert backoff.asked_for(7, 1.0) == 7.5
    assert 54 <= backoff.refusal(0.0) < backoff.refusal(0.99) <= 66
