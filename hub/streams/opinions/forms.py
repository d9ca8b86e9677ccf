"""What each step of an opinion asks, and what an opinion knows."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from hub.kernel.calendar import Span, Unit
from hub.kernel.lifecycle import Because, Facts, Form, RuleSet, Sentence, asked

MOST_FILES = 6

KINDS: dict[str, Sentence] = {
    "building": ("城建环境", "Building and environment"), "traffic": ("交通出行", "Traffic"), "schools": ("教育", "Schools"),
    "health": ("医疗卫生", "Health"), "welfare": ("就业社保", "Work and welfare"), "order": ("治安安全", "Order and safety"),
    "culture": ("文化体育", "Culture and sports"), "farming": ("农业农村", "Farming and villages"), "other": ("其他", "Other"),
}
CAME: dict[str, Sentence] = {
    "scan": ("扫码", "Code scanned"), "reception": ("站点接待", "Reception"), "visit": ("走访", "Visit"), "forum": ("座谈", "Forum"),
    "phone": ("电话", "Phone"), "network": ("网络", "Network"),
}
BY_HAND = tuple(came for came in CAME if came not in ("scan", "network"))
"""How one comes that a deputy or a desk enters for somebody."""
GRADES: dict[str, Sentence] = {"normal": ("一般", "Normal"), "pressing": ("较急", "Pressing"), "urgent": ("紧急", "Urgent")}
REASONS: dict[str, Sentence] = {
    "petition": ("属信访事项", "For the petition office"), "court": ("已进入诉讼、仲裁、复议", "Before a court or an arbiter"),
    "double": ("重复反映", "Said before"), "elsewhere": ("不属人大联系群众受理范围", "Not for the People's Congress"),
    "unclear": ("内容不清且无法联系", "Not clear, and nobody to ask"), "other": ("其他", "Other"),
}
SATISFIED, BASICALLY, UNSATISFIED = "satisfied", "basically", "unsatisfied"
RATINGS: dict[str, Sentence] = {
    SATISFIED: ("满意", "Satisfied"), BASICALLY: ("基本满意", "Basically satisfied"), UNSATISFIED: ("不满意", "Not satisfied"),
}

Kind = Annotated[str, asked("类别", "Kind", pick="word:kind", max_length=20)]
Grade = Annotated[str, asked("紧急程度", "Grade", pick="word:grade", max_length=20)]
UnitRef = Annotated[str, asked("承办部门", "Department", pick="unit", pattern=r"^department:\d{1,6}$", max_length=20)]
StationRef = Annotated[str, Meta(pattern=r"^(station:\d{1,6})?$", max_length=20)]
DistrictRef = Annotated[str, Meta(pattern=r"^(district:\d{1,6})?$", max_length=20)]
Said = Annotated[str, asked("反映内容", "What was said", rows=5, min_length=4, max_length=2000)]
Name = Annotated[str, asked("姓名", "Name", max_length=30)]
Phone = Annotated[str, asked("联系电话", "Phone", hint=("只有工作台和承办部门看得到", "seen by the desk and the department alone"),
                             pattern=r"^(\+?[0-9][0-9 -]{4,18})?$", max_length=20)]
Files = Annotated[tuple[UUID, ...], asked("照片、录音、视频、文字材料", "Pictures, voice, films, papers", pick="file", max_length=MOST_FILES)]
Answer = Annotated[str, asked("答复", "Answer", rows=5, min_length=2, max_length=5000)]


class Opinion(Facts, frozen=True, kw_only=True):
    """`to`: the station or deputy whose code was scanned. `collector`: the deputy who heard it himself (`person:…`). `checked`: somebody
    looked whether the answer is true. `topic`: why it was refused. `into`: the opinion it was merged into. `reopened`: handled a second time."""

    text: str = ""
    place: str = ""
    name: str = ""
    phone: str = ""
    came: str = ""
    to: str = ""
    collector: str = ""
    grade: str = ""
    simple: bool = False
    note: str = ""
    verified: bool = False
    verification: str = ""
    answer: str = ""
    checked: bool = False
    finding: str = ""
    rating: str = ""
    word: str = ""
    rated_by: str = ""
    into: UUID | None = None
    reopened: bool = False
    raised: bool = False


class OpinionRules(RuleSet, frozen=True, kw_only=True):
    """The days are inferred (processes.md §8); the share that is to be handled is Suzhou's (85 %), that of who is content is inferred."""

    leads: Annotated[tuple[int, ...], asked("到期前几天提醒", "Reminders, days before the end")] = (1,)
    sort: Annotated[Span, asked("分拣", "Sorting")] = Span(2, Unit.WORKDAYS)
    accept: Annotated[Span, asked("部门签收", "The department accepts")] = Span(2, Unit.WORKDAYS)
    quick: Annotated[Span, asked("简单或紧急事项答复", "Answer to what is simple or urgent")] = Span(5, Unit.WORKDAYS)
    answer: Annotated[Span, asked("部门答复", "The department answers")] = Span(15, Unit.WORKDAYS)
    more: Annotated[Span, asked("延期一次", "Put off, once")] = Span(15, Unit.WORKDAYS)
    check: Annotated[Span, asked("核查", "Check")] = Span(5, Unit.WORKDAYS)
    rate: Annotated[Span, asked("群众评价", "The citizen's rating")] = Span(15, Unit.DAYS)
    handled: Annotated[float, asked("办理率不低于", "Handled, at least", ge=0, le=1)] = 0.85
    resolved: Annotated[float, asked("解决率不低于", "Resolved, at least", ge=0, le=1)] = 0.85


class TellForm(Form, frozen=True, kw_only=True):
    """From the public page."""

    to: Annotated[str, asked("反映给", "To", pick="station", max_length=60)] = ""
    text: Said
    kind: Kind = ""
    name: Name = ""
    phone: Phone = ""


class RecordForm(Form, frozen=True, kw_only=True):
    """For somebody, by who heard it."""

    came: Annotated[str, asked("来源", "How it came", pick="word:came", max_length=20)]
    text: Said
    kind: Kind = ""
    place: Annotated[str, asked("地点", "Place", max_length=100)] = ""
    name: Name = ""
    phone: Phone = ""
    files: Files = ()
    station: Annotated[StationRef, asked("联络站", "Station", hint=("空为本人所在地", "empty: where you are"), pick="station")] = ""
    deputy: Annotated[UUID | None, asked("接待代表", "Deputy who heard it", hint=("工作台代录时选", "when the desk enters it"), pick="deputy")] = None


class VerifyForm(Form, frozen=True, kw_only=True):
    verification: Annotated[str, asked("核实情况", "What was found out", rows=3, min_length=2, max_length=1000)]
    place: Annotated[str, asked("地点", "Place", max_length=100)] = ""


class NowForm(Form, frozen=True, kw_only=True):
    kind: Kind
    answer: Answer
    files: Files = ()


class AssignForm(Form, frozen=True, kw_only=True):
    unit: UnitRef
    kind: Kind
    grade: Grade = "normal"
    simple: Annotated[bool, asked("简单事项（按短时限答复）", "Simple: to be answered sooner")] = False
    deputy: Annotated[UUID | None, asked("核查代表", "Deputy who checks", hint=("空为原代表，没有则由工作台核查", "empty: as before; nobody: the desk"),
                                         pick="deputy")] = None
    note: Annotated[str, asked("转办意见", "Note", rows=3, max_length=1000)] = ""


class MoveForm(Form, frozen=True, kw_only=True):
    station: Annotated[StationRef, asked("转到联络站", "To the station", pick="station")] = ""
    district: Annotated[DistrictRef, asked("转到县（市、区）", "To the district", hint=("都不选为转市级", "neither: to the city"), pick="district")] = ""
    reason: Annotated[str, asked("理由", "Reason", rows=3, min_length=2, max_length=500)]


class MergeForm(Form, frozen=True, kw_only=True):
    into: Annotated[UUID, asked("并入", "Merge into", pick="case")]


class RefuseForm(Form, frozen=True, kw_only=True):
    topic: Annotated[str, asked("原因", "Reason", pick="word:topic", max_length=20)]
    answer: Annotated[str, asked("告知群众去哪里反映", "Where to turn, told to the citizen", rows=3, min_length=2, max_length=1000)]


class AnswerForm(Form, frozen=True, kw_only=True):
    answer: Answer
    files: Files = ()


class CheckForm(Form, frozen=True, kw_only=True):
    finding: Annotated[str, asked("核查情况", "What was found", rows=3, max_length=1000)] = ""


class RateForm(Form, frozen=True, kw_only=True):
    rating: Annotated[str, asked("群众评价", "The citizen's rating", pick="word:rating", max_length=20)]
    word: Annotated[str, asked("群众的话", "The citizen's words", rows=2, max_length=500)] = ""


class ExtendForm(Because, frozen=True, kw_only=True):
    """Once, by the days of the rule set."""
