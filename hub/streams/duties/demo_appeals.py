"""Appeals against scores in the demo city: decided, taken back, waiting, and one whose answer is overdue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from random import Random
from typing import Any, NamedTuple

from hub.cases.demo_story import Now, Story, Stream
from hub.cases.demo_town import INTAKE, Resident, Town
from hub.kernel.calendar import DAY, begin_of, day_of
from hub.kernel.ids import derived
from hub.streams.duties.appeals import APPEALS, KnownAppeals


class Complaint(NamedTuple):
    """`ago`: days before today. `ends`: empty where nobody has answered."""

    ago: int
    text: str
    ends: str = ""
    points: float = 0.0
    answer: str = ""


COMPLAINTS: tuple[Complaint, ...] = (
    Complaint(236, "三月参加的执法检查是两天，系统只计了一天的时长，请核对。", "ChangeScore", 1.5, "经核对执法检查日程，确为两天，补计一天。"),
    Complaint(171, "代表小组学习会我在外地线上参加，没有签到记录，希望计入。", "KeepScore", 0.0, "小组学习会按现场签到计分，线上旁听不计分，已与代表说明规则。"),
    Complaint(118, "接待选民登记晚了几天被退回，实际接待了，请计入。", "ChangeScore", 2.0, "经查联络站接待登记簿，接待属实，补计一次。"),
    Complaint(74, "建议办理评价是满意，为什么没有加分。", "KeepScore", 0.0, "现行规则对提出建议计分，办理评价不计分，规则见计分说明第三项。"),
    Complaint(52, "重复申诉，已经在记录里更正，撤回。", "WithdrawAppeal"),
    Complaint(25, "市里组织的培训签到用的是纸质表，得分里没有体现。", "ChangeScore", 1.0, "已核对纸质签到表，补计一次学习培训。"),
    Complaint(19, "五月和八月两次走访被合并成一次，请分别计算。"),
    Complaint(4, "视察当天定位误差大，工作人员说已核实，得分仍未变化。"),
    Complaint(1, "随团调研两天，只计了半天时长。"),
)


def year_of(town: Town, people: Sequence[Resident]) -> Iterator[Stream]:
    for n, one in enumerate(COMPLAINTS):
        who = people[(n * 41 + 5) % len(people)]
        story: Story[KnownAppeals] = Story(
            life=APPEALS, id=derived("demo appeal", n), at=_begun(town, one.ago), now=town.now, calendar=town.calendar, random=Random(f"appeal {n}"),
            beside=KnownAppeals(), reads=lambda told: told.beside)
        with suppress(Now):
            _told(story, one, who)
        yield tuple(story.told)


def _begun(town: Town, ago: int) -> datetime:
    """Not in the last days of a year, whose scores are frozen before they would be answered."""
    day = day_of(town.now) - ago * DAY
    return begin_of(day - 25 * DAY if ago > 20 and (day.month, day.day) > (12, 10) else day, 8)


def _told(story: Story[Any], one: Complaint, who: Resident) -> None:
    story.wait(0, 0).take("AppealScore", who.actor, year=day_of(story.at).year, text=one.text)
    if one.ends == "WithdrawAppeal":
        story.wait(1, 2).take(one.ends, who.actor)
    elif one.ends:
        answer = {"answer": one.answer} | ({"points": one.points} if one.points else {})
        story.wait(2, 8).take(one.ends, INTAKE, **answer)
    story.rest()
