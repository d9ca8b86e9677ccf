"""What each step of a snapshot asks, and what a snapshot knows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from hub.kernel.calendar import Span, Unit
from hub.kernel.lifecycle import Facts, Form, RuleSet, Sentence, asked

MOST_FILES = 9

KINDS: dict[str, Sentence] = {
    "road": ("道路交通", "Roads and traffic"), "environment": ("环境卫生", "Environment"), "safety": ("安全隐患", "Danger"),
    "facility": ("公共设施", "Public works"), "service": ("民生服务", "Services"), "opinion": ("社情民意", "What people say"), "other": ("其他", "Other"),
}
REASONS: dict[str, Sentence] = {
    "private": ("涉及个人事务", "A private matter"), "unclear": ("内容不清，无法办理", "Not clear enough to act on"), "double": ("已有人反映", "Reported already"),
    "court": ("诉讼、信访途径办理", "For a court or the petition office"), "other": ("其他", "Other"),
}

Kind = Annotated[str, asked("类别", "Kind", pick="word:kind", max_length=20)]
UnitRef = Annotated[str, Meta(pattern=r"^([a-z]+:\d{1,6})?$", max_length=20)]


class Snapshot(Facts, frozen=True, kw_only=True):
    """Times by the hub's clock. `attempts`: how often the phone tried until it was here; `waited`, `seconds`: see `sending.py`.
    `raised`: the deputy made a draft suggestion of it."""

    text: str = ""
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    accuracy: float = 0.0
    taken_at: datetime | None = None
    attempts: int = 0
    waited: float = 0.0
    seconds: float = 0.0
    online: bool = True
    clock_off: bool = False
    pieces: int = 0
    bytes: int = 0
    answer: str = ""
    note: str = ""
    word: str = ""
    raised: bool = False


class Route(Struct, frozen=True, kw_only=True):
    """Where snapshots of a kind go when the desk names no unit."""

    kind: Kind
    unit: Annotated[UnitRef, asked("办理单位", "Unit", pick="unit")]


class SnapshotRules(RuleSet, frozen=True, kw_only=True):
    """The shares and the seconds are asked for by S1-N08, N10, N11; the days are inferred (processes.md §8)."""

    leads: Annotated[tuple[int, ...], asked("到期前几天提醒", "Reminders, days before the end")] = (1,)
    transmit: Annotated[Span, asked("传输期限，到期记为未送达", "Until it counts as lost on the way")] = Span(1, Unit.DAYS)
    look: Annotated[Span, asked("工作台处理", "The desk looks at it")] = Span(2, Unit.WORKDAYS)
    answer: Annotated[Span, asked("单位答复", "The unit answers")] = Span(15, Unit.WORKDAYS)
    confirm: Annotated[Span, asked("代表确认", "The deputy confirms")] = Span(10, Unit.WORKDAYS)
    ready: Annotated[int, asked("送达不超过几秒", "Seconds until it is here", ge=1, le=3600)] = 30
    final: Annotated[float, asked("最终送达率不低于", "Finally delivered, at least", ge=0, le=1)] = 0.99
    first: Annotated[float, asked("一次送达率不低于", "Delivered at the first try, at least", ge=0, le=1)] = 0.9
    routes: Annotated[tuple[Route, ...], asked("按类别转办", "Units by kind", max_length=50)] = ()


class Way(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the phone sends it. `tapped`: the sender pressed; `began`: there was a line for it; all by the phone's clock."""

    tapped: Annotated[datetime, asked("点发送", "Pressed", tz=True)]
    began: Annotated[datetime, asked("有网络", "There was a line", tz=True)]
    phone_now: Annotated[datetime, asked("手机时间", "The phone's clock", tz=True)]
    attempts: Annotated[int, asked("第几次传", "Attempt", ge=1, le=10_000)] = 1
    pieces: Annotated[int, asked("文件数", "Files", ge=0, le=MOST_FILES)] = 0
    bytes: Annotated[int, asked("字节", "Bytes", ge=0, le=10**10)] = 0


Sent = Annotated[Way, asked("传送", "Sending")]


class AnnounceForm(Form, frozen=True, kw_only=True):
    """What is small goes first; the files follow."""

    text: Annotated[str, asked("情况说明", "What is seen", rows=4, max_length=2000)] = ""
    kind: Kind
    place: Annotated[str, asked("地点", "Place", max_length=100)] = ""
    lon: Annotated[Annotated[float, Meta(ge=-180, le=180)] | None, asked("经度", "Longitude")] = None
    lat: Annotated[Annotated[float, Meta(ge=-90, le=90)] | None, asked("纬度", "Latitude")] = None
    accuracy: Annotated[float, asked("误差（米）", "Within metres", ge=0, le=100_000)] = 0.0
    way: Sent


class SendForm(Form, frozen=True, kw_only=True):
    """All is here."""

    files: Annotated[tuple[UUID, ...], asked("照片、视频、语音", "Pictures, films, voice", pick="file", max_length=MOST_FILES)] = ()
    way: Sent


class AnswerForm(Form, frozen=True, kw_only=True):
    answer: Annotated[str, asked("答复", "Answer", rows=5, min_length=2, max_length=5000)]
    files: Annotated[tuple[UUID, ...], asked("附件", "Files", pick="file", max_length=MOST_FILES)] = ()


class PassOnForm(Form, frozen=True, kw_only=True):
    unit: Annotated[UnitRef, asked("办理单位", "Unit", hint=("空为按类别", "empty: by kind"), pick="unit")] = ""
    note: Annotated[str, asked("转办意见", "Note", rows=3, max_length=1000)] = ""


class RefuseForm(Form, frozen=True, kw_only=True):
    topic: Annotated[str, asked("原因", "Reason", pick="word:topic", max_length=20)]
    answer: Annotated[str, asked("说明", "Explanation", rows=3, min_length=2, max_length=1000)]


class ConfirmForm(Form, frozen=True, kw_only=True):
    word: Annotated[str, asked("评价", "Your word", rows=2, max_length=500)] = ""
