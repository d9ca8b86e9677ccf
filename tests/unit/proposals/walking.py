"""A case walked by hand: deputies, desks and units of a small city, and a clock that is set."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from hub.kernel.actor import Actor, Role
from hub.kernel.calendar import Calendar, begin_of
from hub.kernel.errors import Refused
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Case, CaseClockStruck, CaseEvent, Scene, Step, decide, evolve
from hub.streams.proposals.facts import Proposal
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.rules import ProposalRules
from hub.streams.proposals.seen import Deputy, Seen, Session

CASE = derived("proposal", 1)
DEPUTIES = tuple(derived("deputy", n) for n in range(14))
UNITS = {"department:11": "市教育局", "department:18": "市财政局", "department:22": "市住房和城乡建设局"}


def ref(n: int) -> str:
    return f"person:{DEPUTIES[n]}"


def deputy(n: int) -> Actor:
    return Actor(id=ref(n), name=f"代表{n}", roles=(Role.DEPUTY,), scopes=(ref(n),))


def unit(n: int, role: Role = Role.HEAD) -> Actor:
    return Actor(id=f"account:{role}-{n}", name=f"单位{n}", roles=(role,), scopes=(f"department:{n}",))


LEAD = deputy(0)
INTAKE = Actor(id="account:intake", name="代表工委", roles=(Role.INTAKE,), scopes=("city",))
OFFICE = Actor(id="account:office", name="政府办", roles=(Role.ASSIGNER,), scopes=("city",))
COMMITTEE = Actor(id="account:committee", name="主任会议", roles=(Role.COMMITTEE,), scopes=("city",))
SYSTEM = Actor(id="system", name="系统", roles=(Role.ADMINISTRATOR,), scopes=("city",))
OUTSIDER = deputy(13)
EDUCATION, FINANCE, HOUSING = unit(11), unit(18), unit(22)

SESSION = Session(id="s1", name="第十六届第六次会议", term="第十六届", first=date(2027, 1, 18), last=date(2027, 1, 22),
                  motions_until=datetime.fromisoformat("2027-01-20T12:00:00+08:00"))

EVENTS: dict[str, type[CaseEvent]] = {
    step.event: msgspec.defstruct(step.event, [("form", step.form)], bases=(CaseEvent,), frozen=True, kw_only=True)  # type: ignore[misc]
    for step in PROPOSALS.steps
}


class Walk:
    """Takes steps as people do: by the command's name, who, and the fields of its form."""

    def __init__(self, day: date = date(2026, 3, 2), rules: ProposalRules | None = None, calendar: Calendar | None = None) -> None:
        self.at = begin_of(day, 10)
        self.rules = rules or ProposalRules()
        self.calendar = calendar or Calendar()
        self.case: Case | None = None
        self.events: list[CaseEvent] = []
        self.seen = Seen(
            deputies={ref(n): Deputy(ref=ref(n), name=f"代表{n}", delegation="望江区代表团", in_office=n != 12, member=n < 6) for n in range(14)},
            units=UNITS, sessions=(SESSION,), in_office=440, term="第十六届",
        )

    @property
    def there(self) -> Case:
        assert self.case is not None
        return self.case

    @property
    def facts(self) -> Proposal:
        found = self.there.facts
        assert isinstance(found, Proposal)
        return found

    @property
    def state(self) -> str:
        return self.case.state if self.case else ""

    def due(self, clock: str) -> date | None:
        running = self.there.clocks.get(clock)
        return running.due if running else None

    def on(self, day: date) -> Walk:
        self.at = begin_of(day, 10)
        return self

    def later(self, days: int) -> Walk:
        self.at += timedelta(days=days)
        return self

    def scene(self, actor: Actor) -> Scene:
        return Scene(at=self.at, actor=actor, rules=self.rules, calendar=self.calendar, reads=self.seen)

    def take(self, command: str, actor: Actor, **fields: Any) -> Walk:
        step = PROPOSALS.step(command)
        form = msgspec.convert(msgspec.to_builtins(fields), step.form)
        return self.taken(step, actor, form)

    def taken(self, step: Step, actor: Actor, form: Any) -> Walk:
        event = decide(PROPOSALS, step, self.case, form, self.scene(actor), event=EVENTS[step.event])
        recorded = msgspec.json.decode(msgspec.json.encode(event), type=EVENTS[step.event])
        self.case = evolve(Proposal, self.case, CASE, recorded, at=self.at, by=actor.id)
        self.events.append(recorded)
        return self

    def struck(self, clock: str) -> Walk:
        """The clock runs out, and the hub takes the step that stands behind it."""
        deadline = PROPOSALS.deadline(clock)
        running = self.there.clocks[clock]
        self.on(running.due + timedelta(days=1))
        self.case = evolve(Proposal, self.case, CASE, CaseClockStruck(clock=clock, strike="over", due=running.due, owes=deadline.owes),
                           at=self.at, by="system")
        return self.take(deadline.then, SYSTEM) if deadline.then else self


TEXT = {"title": "关于加快老旧小区加装电梯的建议", "topic": "urban.housing", "situation": "全市多层住宅共有四千余栋。",
        "analysis": "资金筹措难，邻里意见难统一。", "advice": "市级财政按每台二十万元补助。"}
MOTION = {"title": "关于制定电梯安全条例的议案", "kind": "motion", "topic": "urban.housing", "cause": "电梯事故多发。", "ground": "法规缺位。",
          "plan": "列入年度立法计划。"}
REPLY = {"number": "云建复〔2026〕12号", "klass": "A", "text": "您提出的建议收悉，经研究答复如下：已经落实。"}
PROMISE = {"number": "云建复〔2026〕13号", "klass": "B", "text": "您提出的建议收悉，经研究答复如下：列入计划。",
           "promise": "完成二百台加装", "solve_by": "2026-12-31"}


def drafted(**more: Any) -> Walk:
    return Walk(**more).take("DraftProposal", LEAD, **TEXT)


def accepted(**more: Any) -> Walk:
    return drafted(**more).take("SubmitProposal", LEAD, one_matter=True).take(
        "AcceptProposal", INTAKE, topic="urban.housing", units=["department:22"], helpers=["department:18"])


def assigned(**more: Any) -> Walk:
    return accepted(**more).take("AssignProposal", OFFICE, units=["department:22"], helpers=["department:18"])


def handled(**more: Any) -> Walk:
    return contacted(assigned(**more).take("SignForProposal", HOUSING, handler="王工", phone="0500-6022001"))


def contacted(walk: Walk, actor: Actor = HOUSING, way: str = "visit") -> Walk:
    return walk.take("LogContact", actor, way=way, on=walk.at.date(), with_whom="代表0", text="上门听取了意见。")


def replied(reply: dict[str, Any] = REPLY, **more: Any) -> Walk:
    return answered(handled(**more), HOUSING, reply)


def answered(walk: Walk, actor: Actor, reply: dict[str, Any] = REPLY) -> Walk:
    return walk.take("DraftReply", actor, **reply).take("SignReply", actor, sealed=True)


def motion(cosigners: int = 9, day: date = date(2027, 1, 18)) -> Walk:
    walk = Walk(day).take("DraftProposal", LEAD, **MOTION)
    if not cosigners:
        return walk
    walk.take("InviteCosigners", LEAD, deputies=[str(one) for one in DEPUTIES[1:cosigners + 1]])
    for n in range(1, cosigners + 1):
        walk.take("ConfirmCosign", deputy(n), seen=1)
    return walk


INQUIRY = {"title": "关于电梯事故隐患整改的质询案", "kind": "inquiry", "topic": "urban.housing", "asked_of": "department:22",
           "question": "隐患电梯为何逾期没有整改？", "content": "去年通报的三百台隐患电梯，至今有一百台没有整改，责任和期限不明。"}


def inquiry(cosigners: int = 9, day: date = date(2027, 1, 19), **more: Any) -> Walk:
    walk = Walk(day).take("DraftProposal", LEAD, **(INQUIRY | more))
    walk.take("InviteCosigners", LEAD, deputies=[str(one) for one in DEPUTIES[1:cosigners + 1]])
    for n in range(1, cosigners + 1):
        walk.take("ConfirmCosign", deputy(n), seen=1)
    return walk


def other(**changes: Any) -> Case:
    """Another suggestion, being handled."""
    there = assigned().there
    return msgspec.structs.replace(there, id=UUID(int=7), **changes)


def refused(walk, command, actor, **fields):
    """The code and the Chinese sentence of the refusal; the case is as before."""
    before = walk.case
    with pytest.raises(Refused) as caught:
        walk.take(command, actor, **fields)
    assert walk.case == before
    return caught.value.code, caught.value.zh
