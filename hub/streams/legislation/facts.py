"""What a project of legislation knows."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from hub.kernel.lifecycle import Case, Facts


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the course with its planned and its real day."""

    node: str
    planned: date | None = None
    done: date | None = None


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """A text of the draft: `document` is what the comparison reads. `of`: the reading or state it belongs to."""

    n: int
    of: str
    on: date
    text: str
    files: tuple[UUID, ...] = ()
    note: str = ""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    n: int
    on: date
    meeting: str
    record: str = ""


class Vote(msgspec.Struct, frozen=True, kw_only=True):
    """`members`: all of them, not those present. `needed`: more than half of all."""

    on: date
    members: int
    yes: int
    no: int
    abstain: int
    not_pressed: int
    needed: int
    clause: str = ""


class Criticism(msgspec.Struct, frozen=True, kw_only=True):
    """意见批复: what the drafting unit was told in writing about a deadline it missed, and what it answered (S1-C13)."""

    on: date
    by: str
    text: str
    until: date
    answer: str = ""
    answered: date | None = None


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """An argument meeting, a hearing or a visit about the draft (WL 37)."""

    way: str
    on: date
    record: str


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """批示: what somebody of the chairpersons' meeting wrote on it."""

    on: date
    by: str
    text: str


class Project(Facts, frozen=True, kw_only=True):
    """What a project knows; the sixteen fields of the yearly plan are chosen in plans.py (S1-C06)."""

    source: str = "other"
    proposer: str = ""
    mover: str = ""
    joint: int = 0
    drafting: str = ""
    committee_name: str = ""
    contact: str = ""
    level: str = "research"
    subject: str = ""
    necessity: str = ""
    basis: str = ""
    submit_on: date | None = None
    first_on: date | None = None
    second_on: date | None = None
    third_on: date | None = None
    note: str = ""
    year: int = 0
    template: str = ""
    feasibility: tuple[UUID, ...] = ()
    suggested: tuple[UUID, ...] = ()
    proposal: tuple[UUID, ...] = ()
    province_handles: bool = False
    province_said: str = ""
    nodes: tuple[Node, ...] = ()
    editions: tuple[Edition, ...] = ()
    readings: int = 2
    held: tuple[Reading, ...] = ()
    meeting: str = ""
    meeting_on: date | None = None
    comment_until: date | None = None
    published: int = 0
    """The edition that was opened for comment last; 0: none, or of before that was kept."""
    heard: tuple[Heard, ...] = ()
    province_seen: date | None = None
    evaluated: str = ""
    votes: tuple[Vote, ...] = ()
    maker: str = ""
    approver: str = ""
    approved_on: date | None = None
    notice: str = ""
    effective: date | None = None
    filed_province: date | None = None
    filed_national: date | None = None
    shelved_from: str = ""
    remarks: tuple[Remark, ...] = ()
    criticisms: tuple[Criticism, ...] = ()


def there(case: Case | None) -> Case:
    if case is None:
        raise ValueError("a step that needs a case was taken without one")
    return case


def of(case: Case | None) -> Project:
    facts: Project = there(case).facts
    return facts


def plain(one: Any) -> Any:
    return msgspec.to_builtins(one)


def done(nodes: tuple[Node, ...], *codes: str, on: date) -> tuple[Node, ...]:
    """The first open one of each code is done; what the course has passed over before it is planned no more."""
    left = list(codes)
    made = list[Node]()
    for node in nodes:
        if node.node in left and node.done is None:
            left.remove(node.node)
            made = [*(one for one in made if one.done), msgspec.structs.replace(node, done=on)]
        else:
            made.append(node)
    return tuple(made)


def read_so_often(nodes: tuple[Node, ...], readings: int) -> tuple[Node, ...]:
    """Readings that were not decided on are planned no more."""
    return tuple(node for node in nodes if node.done or node.node not in READ[readings:])


def before_the_congress(project: Project) -> bool:
    """The reading that comes is the congress's own, not the standing committee's."""
    return project.kind == "congress" and len(project.held) + 1 == project.readings


def next_node(nodes: tuple[Node, ...]) -> Node | None:
    """The open one that is planned first."""
    return min((node for node in nodes if node.done is None and node.planned), key=lambda node: node.planned or date.max, default=None)


def open_edition(project: Project) -> Edition | None:
    """The text that was opened for comment."""
    if not project.editions:
        return None
    return next((one for one in project.editions if one.n == project.published), project.editions[-1])


def opened_text(project: Project) -> tuple[str, ...]:
    """Its articles, from the day on which everybody may read them."""
    edition = open_edition(project) if project.published else None
    return tuple(line for line in edition.text.splitlines() if line.strip()) if edition else ()


def open_criticism(project: Project) -> Criticism | None:
    return next((one for one in project.criticisms if one.answered is None), None)


READ = ("first", "second", "third")


def majority(of_all: int) -> int:
    return of_all // 2 + 1
