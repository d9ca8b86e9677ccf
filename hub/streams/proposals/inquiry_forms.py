"""What each step of an inquiry asks of who takes it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from hub.kernel.lifecycle import Form, asked


class OrderForm(Form, frozen=True, kw_only=True):
    """`printed`: an answer that the whole meeting gets, not its movers alone (OL 24)."""

    answer_how: Annotated[Literal["plenary", "presiding", "special", "written"], asked("答复方式", "How it is answered", pick="word:answer_how")]
    answer_by: Annotated[date, asked("答复期限（会议日期）", "Answered by, or the day of the meeting")]
    answer_where: Annotated[str, asked("会议时间、地点", "Hour and place of the meeting", hint=("书面答复不填", "not of a written answer"), max_length=200)] = ""
    printed: Annotated[bool, asked("答复印发会议", "The answer is printed for the meeting")] = False


class WrittenAnswerForm(Form, frozen=True, kw_only=True):
    number: Annotated[str, asked("答复文号", "Number of the letter", min_length=2, max_length=60)]
    text: Annotated[str, asked("答复内容", "Answer", rows=10, min_length=10, max_length=20_000)]
    enclosures: Annotated[tuple[UUID, ...], asked("附件", "Enclosures", pick="file", max_length=20)] = ()
    sealed: Annotated[bool, asked("已由负责人签署", "Signed by the head")]


class OralAnswerForm(Form, frozen=True, kw_only=True):
    on: Annotated[date, asked("答复日期", "Day of the answer")]
    head: Annotated[str, asked("到会答复的负责人", "Head who answered", min_length=2, max_length=60)]
    in_person: Annotated[bool, asked("负责人本人到会答复", "The head came in person")]
    text: Annotated[str, asked("答复情况", "What was answered", rows=8, min_length=10, max_length=20_000)]


class JudgeForm(Form, frozen=True, kw_only=True):
    judgement: Annotated[Literal["satisfied", "unsatisfied"], asked("对答复", "The answer", pick="word:judgement")]
    reason: Annotated[str, asked("意见", "Opinion", hint=("不满意须填", "needed when unsatisfied"), rows=3, max_length=1000)] = ""
