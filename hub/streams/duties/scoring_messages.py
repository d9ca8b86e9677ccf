"""履职得分: rules of points, ratings, the freezing of a year, and what is shown."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.lifecycle import RuleSet, asked
from hub.kernel.messages import Command, Event

Year = Annotated[int, Meta(ge=2000, le=2100)]
Points = Annotated[float, Meta(ge=-1000, le=1000)]


class Rater(StrEnum):
    SELF = "self"              # 自评
    GROUP = "group"            # 代表小组
    TOWN = "town"              # 乡镇（街道）
    COMMITTEE = "committee"    # 代表工委


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """`each`: points for one record of the kinds; `hour`: for an hour of it; `cap`: the most in a year (None: no cap)."""

    code: str
    zh: str
    en: str
    kinds: tuple[str, ...]
    each: Points = 0.0
    hour: Points = 0.0
    cap: Points | None = None


ITEMS = (
    Item(code="session", zh="出席会议", en="Sessions", kinds=("session",), each=5, cap=20),
    Item(code="speech", zh="审议发言", en="Speaking", kinds=("speech",), each=2, cap=10),
    Item(code="proposal", zh="议案建议", en="Motions and suggestions", kinds=("proposal",), each=3, cap=15),      # Jiangbei: 3 each
    Item(code="guest", zh="列席等活动", en="As guest", kinds=("guest", "training", "other"), each=2, cap=10),
    Item(code="inspection", zh="视察调研执法检查", en="Inspection and research", kinds=("inspection", "research", "law"), each=3, cap=18),  # Jiangbei: 3
    Item(code="group", zh="小组活动", en="Group activity", kinds=("group",), each=3, cap=9),                     # ZD 19: three a year
    Item(code="voters", zh="联系选民", en="Voters", kinds=("reception", "visit", "snapshot"), each=2, cap=18),
)
"""The seven items of the public code (processes.md §4)."""
MOST = 10.0
"""Points a rater may give for an item."""


class ScoreRules(RuleSet, frozen=True, kw_only=True):
    """`absence`: for each session missed without approval. `weight`: of the mean of the four raters beside what is counted."""

    items: Annotated[tuple[Item, ...], asked("计分项目", "Items")] = ITEMS
    absence: Annotated[Points, asked("未经批准缺席一次", "A session missed without approval")] = -5.0
    weight: Annotated[float, asked("评价所占比重", "Weight of the ratings"), Meta(ge=0, le=1)] = 0.3


class RateDuties(Command, frozen=True, kw_only=True):
    """Points for each item by its code, 0 to 10 each."""

    year: Year
    person: UUID
    rater: Rater
    points: Annotated[dict[str, Annotated[float, Meta(ge=0, le=10)]], Meta(max_length=20)]


class FreezeDutyYear(Command, frozen=True, kw_only=True):
    """Closes the archive of a year: its records stand as they are."""

    year: Year


class ScoreRated(Event, frozen=True, kw_only=True):
    year: int
    person: str
    rater: Rater
    points: dict[str, float]


class DutyYearFrozen(Event, frozen=True, kw_only=True):
    year: int
    version: int


class ScoresParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    year: Year
    delegation: Annotated[str, Meta(max_length=60)] = ""
    version: Annotated[int, Meta(ge=0)] | None = None
    """Of the rule set; None: the one valid at the end of that year."""


class BookParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`year`: of one year; `term`: of one term, by its name in the register. Neither: of all that is known."""

    person: UUID
    year: Year | None = None
    term: Annotated[str, Meta(max_length=40)] = ""


class ItemScore(msgspec.Struct, frozen=True, kw_only=True):
    """`points` after the cap; `raw` before it; `rated`: the mean of its raters, None until all four are in."""

    code: str
    zh: str
    en: str
    records: int
    hours: float
    raw: float
    points: float
    rated: float | None


class ScoreRow(msgspec.Struct, frozen=True, kw_only=True):
    """`adjusted`: points that appeals have brought or cost. `of`: how many deputies the rank counts among. `frozen`: the year is."""

    id: str
    person: str
    name: str
    delegation: str
    year: int
    version: int
    items: tuple[ItemScore, ...]
    missed: int
    counted: float
    rating: float | None
    raters: tuple[str, ...]
    adjusted: float
    total: float
    rank: int
    of: int
    frozen: bool = False


class BookItem(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    kind: str
    day: str
    hours: float
    title: str
    origin: str
    state: str


class BookVolume(msgspec.Struct, frozen=True, kw_only=True):
    """一届一本: a term of the deputy. `begins`, `ends`: days; `ends` empty while it runs."""

    term: str
    begins: str
    ends: str
    state: str
    state_zh: str
    state_en: str


class BookFigure(msgspec.Struct, frozen=True, kw_only=True):
    """`n`, where `of` is given of so many that `of_zh` names."""

    id: str
    zh: str
    en: str
    n: float
    of: int | None = None
    of_zh: str = ""
    of_en: str = ""


class BookKind(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    zh: str
    en: str
    n: int
    hours: float


class BookMoment(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the timeline. `case`: what it leads to; None where it leads nowhere."""

    day: str
    zh: str
    en: str
    title: str
    case: UUID | None


class BookRow(msgspec.Struct, frozen=True, kw_only=True):
    """一人一册: one deputy's book of a year (`year`), of a term (`volume`) or of all. `inside`: with what only the deputy and the
    clerks see: the score, absences, suggestions that are not public."""

    id: str
    name: str
    delegation: str
    district: str
    post: str
    term: str
    state: str
    year: int | None
    volume: str
    inside: bool
    specialities: tuple[str, ...]
    volumes: tuple[BookVolume, ...]
    figures: tuple[BookFigure, ...]
    kinds: tuple[BookKind, ...]
    timeline: tuple[BookMoment, ...]
    records: tuple[BookItem, ...]
    proposals: tuple[BookItem, ...]
    score: ScoreRow | None
    frozen: bool
    made: datetime
