"""The tables that a life of a case is written in: states, steps, deadlines.

`command`, `event` are wire names; a *relation* names people or units a case has (`lead`, `cosigner`, `lead_unit` …), a *desk*
is whoever holds a permission, written `desk:<permission>` where somebody is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hub.kernel.actor import Actor, Permission
from hub.kernel.calendar import Calendar, Span, day_of
from hub.kernel.lifecycle.case import Case

Sentence = tuple[str, str]
"""Chinese and English."""


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a step asks of who takes it; its JSON Schema draws the form on the screen."""


class Nothing(Form, frozen=True, kw_only=True):
    """Pressed, not filled in."""


class Because(Form, frozen=True, kw_only=True):
    reason: Annotated[str, Meta(min_length=2, max_length=500, title="理由|Reason", extra_json_schema={"rows": 3})]


def asked(
    zh: str, en: str, *, pick: str = "", rows: int = 0, hint: Sentence | None = None, blank: Sentence | None = None, only: str = "", **limits: Any,
) -> Meta:
    """What the screen needs to draw a field, and what it is called wherever it is read. `pick`: chosen from a list the screen knows
    (person, deputy, unit, district, file, case, rule:<field of the rule set>); `rows`: lines of text; `hint`: to know while filling it
    in; `blank`: how nothing, or zero, is read; `only`: asked of `staff`, or when `<field>:<code>,<code>` was chosen."""
    said = {"hint": hint, "blank": blank}
    drawn = {key: value for key, value in (("pick", pick), ("rows", rows), ("only", only)) if value}
    drawn |= {key: "|".join(words) for key, words in said.items() if words}
    return Meta(title=f"{zh}|{en}", extra_json_schema=drawn or None, **limits)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """All that a decision may look at beside the case: when, who, the numbers, the calendar, and what the stream read for it."""

    at: datetime
    actor: Actor
    rules: Any
    calendar: Calendar
    reads: Any = None

    @property
    def day(self) -> date:
        return day_of(self.at)


Guard = Callable[[Case | None, Any, Scene], Sentence | None]
"""(case, form, scene) → None, or the sentence that says why not and what to do. One that names its second parameter `_form`
does not look at the form: its sentence stands beside the button before anything is filled in."""
Choice = Callable[[Case | None, Any, Scene], str]
Parties = Callable[[Case | None, Any, Scene], Mapping[str, tuple[str, ...]]]
Knows = Callable[[Case | None, Any, Scene], Mapping[str, Any]]
Holds = Callable[[Case | None, Any, Scene], bool]


@dataclass(frozen=True)
class State:
    """`owner`: whose turn it is, a relation or `desk:<permission>`; empty only where nobody need act. `turn`: where not all of
    these act at once, the refs whose turn it is, from what the case's events hold."""

    name: str
    zh: str
    en: str
    owner: str = ""
    public: bool = False
    private: bool = False
    """Seen by its parties alone: no desk looks over the shoulder of who writes a draft."""
    terminal: bool = False
    tone: str = "waiting"
    """How it is coloured: waiting, running, done, refused."""
    turn: Callable[[Case], tuple[str, ...]] | None = None
    tells: tuple[str, ...] = ()
    """Told at once when a case comes into it, beside whom the step tells: for steps that lead to several states."""


@dataclass(frozen=True)
class Who:
    """Both must hold where both are given. Neither: the hub itself, when a clock has run out."""

    permission: Permission | None = None
    relation: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One row of a life. `frm` empty: opens a case. `to` empty: stays. What a form field and a field of the facts have as a common
    name, the case knows from then on; `knows` and `parties` give what else it knows and whose it is (a relation given replaces
    the former holders). `tells`: relations and desks told at once; `leaves`: relations of which who held one and has no part in the
    case any more is told so. `numbered`: the case gets the next number of that series."""

    command: str
    event: str
    zh: str
    en: str
    who: tuple[Who, ...]
    frm: tuple[str, ...] = ()
    to: str | Choice = ""
    form: type[Form] = Nothing
    guards: tuple[Guard, ...] = ()
    parties: Parties | None = None
    knows: Knows | None = None
    tells: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    urgent: bool = False
    """Told by every road at once, not by screen and WeChat only."""
    numbered: str = ""
    own_screen: bool = False
    """Taken on a screen of its own, e.g. by a phone's queue: no button draws its form."""
    source: str = ""
    """The law or the checklist row behind it."""


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A clock of the case. `limit`: a field of the rule set that holds a Span, or a function of case and rules (None: not now).
    It runs from the day of an event of `starts` (or from what `since` gives) until one of `stops`; starting again replaces.
    `extends`: events that move its end to what `until` gives. `leads`: a field of the rule set with days before the end on
    which `owner` is reminded. When it is over, owner and `copies` are told; `owes`: the owner owes a written answer;
    `escalates`: days after the end on which `copies` hear of it again; `then`: the step the hub takes."""

    name: str
    zh: str
    en: str
    owner: tuple[str, ...]
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    starts_if: Holds | None = None
    stops_if: Holds | None = None
    """Where an event of `starts` or `stops` counts only sometimes, e.g. when the last of several units has answered."""
    limit: str | Callable[[Case, Any], Span | None] = ""
    on: Callable[[Case | None, Any, Scene], date | None] | None = None
    """The day it ends, where that is said and not counted; then there is no limit. None: not now."""
    since: Callable[[Case, Any, Scene], date] | None = None
    moves: Sentence | None = None
    """Why a running one moves when what the stream reads has changed, e.g. the days of a session. Then `since` and `on` look at no form,
    and `reads` of the stream knows what `RecountClock` looks at."""
    extends: tuple[str, ...] = ()
    until: Callable[[Case, Any, Scene], date] | None = None
    leads: str = "leads"
    copies: tuple[str, ...] = ()
    escalates: tuple[int, ...] = (3, 7)
    owes: bool = False
    then: str = ""
    source: str = ""


LISTED = ("number", "title", "state", "lead", "unit", "waits", "due", "opened")
"""What a list of cases shows where its life says nothing else."""
OF_ROWS = frozenset((*LISTED, "kind", "topic"))
"""Columns that every case has; any other is a fact."""


class RuleSet(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of a stream; each version is kept, a case keeps the one it started under."""

    leads: tuple[int, ...] = (7, 1)


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """Raises ValueError when the tables contradict each other."""

    name: str
    """Of the stream, plural: `proposals`."""
    noun: str
    """Of one case: its journal stream is `<noun>-<id>`."""
    zh: str
    en: str
    facts: type[msgspec.Struct]
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    deadlines: tuple[Deadline, ...] = ()
    rules: type[RuleSet] = RuleSet
    oversight: tuple[Permission, ...] = ()
    """Who sees every case in their scope, confidential ones too."""
    relations: Mapping[str, Sentence] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, Sentence]] = field(default_factory=dict)
    """Codes and what they are called, by field: `kind`, `reason` …; a field picks from them with `pick="word:reason"`."""
    prose: tuple[str, ...] = ("title",)
    """Facts that are read and searched as text."""
    texts: Callable[[Any], tuple[str, ...]] = lambda _: ()
    """Facts → what search reads beside the prose; of a public case only what everybody may read."""
    open_facts: tuple[str, ...] = ()
    """Facts that everybody sees of a public case, beside `title`, `kind`, `topic` and the prose."""
    kept: tuple[str, ...] = ()
    """Facts, and fields of forms of that name, which of those inside only `kept_for` see: a citizen's phone. Neither prose nor open."""
    kept_for: tuple[str, ...] = ()
    """Relations and desks."""
    family: Sentence = ("", "")
    """What it stands under in a menu; empty: by itself."""
    columns: tuple[str, ...] = LISTED
    """What its list shows, in order: `OF_ROWS`, or facts that everybody sees."""
    called: Mapping[str, Sentence] = field(default_factory=dict)
    """Columns that are called otherwise than the form that asks for them calls them."""
    repeats: Callable[[Any], bool] | None = None
    """Facts → whether it says only what another case says, by which it is found: search has no document of its own for it."""

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise ValueError(f"lifecycle {self.name}: " + "; ".join(faults))

    def state(self, name: str) -> State:
        return next(state for state in self.states if state.name == name)

    def step(self, command: str) -> Step:
        return next(step for step in self.steps if step.command == command)

    def step_of(self, event: str) -> Step:
        return next(step for step in self.steps if step.event == event)

    def deadline(self, name: str) -> Deadline:
        return next(deadline for deadline in self.deadlines if deadline.name == name)


def _faults(life: Lifecycle) -> list[str]:
    states = {state.name for state in life.states}
    events = {step.event for step in life.steps}
    commands = {step.command for step in life.steps}
    reached = {step.to for step in life.steps if isinstance(step.to, str)}
    chosen = any(callable(step.to) for step in life.steps)
    rule_fields = set(life.rules.__struct_fields__)
    return [
        *(f"{step.command} leaves an unknown state {name}" for step in life.steps for name in step.frm if name not in states),
        *(f"{step.command} goes to an unknown state {step.to}" for step in life.steps
          if isinstance(step.to, str) and step.to and step.to not in states),
        *(f"nothing leads to {name}" for name in sorted(states - reached) if not chosen),
        *(f"nobody owns {state.name}" for state in life.states if not state.terminal and not state.owner),
        *(f"clock {clock.name} hears of an unknown {name}" for clock in life.deadlines
          for name in (*clock.starts, *clock.stops, *clock.extends) if name not in events),
        *(f"clock {clock.name} has an unknown limit {clock.limit}" for clock in life.deadlines
          if clock.on is None and isinstance(clock.limit, str) and clock.limit not in rule_fields),
        *(f"clock {clock.name} reminds by an unknown {clock.leads}" for clock in life.deadlines
          if clock.leads and clock.leads not in rule_fields),
        *(f"clock {clock.name} ends in an unknown step {clock.then}" for clock in life.deadlines if clock.then and clock.then not in commands),
        *(f"{clock.then} cannot be taken by a clock: its form must be filled in" for clock in life.deadlines
          if clock.then in commands and any(one.required for one in msgspec.structs.fields(life.step(clock.then).form))),
        *(f"column {name} is no fact that everybody sees" for name in life.columns if name not in _seen_by_all(life)),
        *(f"{name} is kept and shown" for name in life.kept if name in {*life.prose, *life.open_facts, *life.columns}),
        *(f"no column {name} is to be called something" for name in life.called if name not in life.columns),
        *(["a command or an event stands twice"] if len(events) + len(commands) < 2 * len(life.steps) else []),
    ]


def _seen_by_all(life: Lifecycle) -> frozenset[str]:
    """As a list shows the same to all who see a case."""
    known = frozenset(life.facts.__struct_fields__)
    seen = known & {*life.prose, *life.open_facts} if any(state.public for state in life.states) else known
    return OF_ROWS | seen
