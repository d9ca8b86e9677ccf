"""When a clock of a case speaks: before its end, at its end, and after it while nothing is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from hub.kernel.calendar import DAY, Unit, begin_of, end_of
from hub.kernel.lifecycle.case import Case, Running
from hub.kernel.lifecycle.table import Deadline, RuleSet, Scene

OVER, BEFORE = "over", "before:"
OFFICE_HOUR = 9
LATE = timedelta(hours=1)


class Strike(msgspec.Struct, frozen=True):
    """`name`: `before:<days>`, `over`, `after:<days>`."""

    at: datetime
    name: str

    def late(self, now: datetime) -> bool:
        return now - self.at > LATE


def strikes(deadline: Deadline, running: Running, rules: RuleSet) -> tuple[Strike, ...]:
    """All of a running clock in order. Reminders that would fall on the day it started or earlier are none."""
    leads = sorted(getattr(rules, deadline.leads), reverse=True) if deadline.leads else ()
    before = (Strike(begin_of(running.due - lead * DAY, OFFICE_HOUR), f"{BEFORE}{lead}") for lead in leads
              if running.due - lead * DAY > running.started)
    after = (Strike(begin_of(running.due + n * DAY, OFFICE_HOUR), f"after:{n}") for n in sorted(deadline.escalates))
    return (*before, Strike(end_of(running.due), OVER), *after)


def next_strike(deadline: Deadline, running: Running, rules: RuleSet) -> Strike | None:
    """The first that was not told yet; it may lie in the past when the hub was away."""
    return next((strike for strike in strikes(deadline, running, rules) if strike.name not in running.struck), None)


def passed_over(deadline: Deadline, running: Running, rules: RuleSet, at: datetime) -> tuple[str, ...]:
    """Reminders whose hour was over before the clock was set to end where it does: they were never due, and are not told late."""
    return tuple(strike.name for strike in strikes(deadline, running, rules)
                 if strike.name.startswith(BEFORE) and strike.at <= at and strike.name not in running.struck)


def recounted(deadline: Deadline, running: Running, case: Case, scene: Scene) -> Running | None:
    """The clock by the calendar, and by what the stream reads, as they are now; None where nothing is to be moved. What is over or
    was extended stays, and nothing ends earlier than today."""
    if running.extended or running.due < scene.day:
        return None
    found = _said_again(deadline, running, case, scene) if deadline.on else _counted_again(deadline, running, case, scene)
    if found is None:
        return None
    found = msgspec.structs.replace(found, due=max(found.due, scene.day))
    return found if (found.started, found.due) != (running.started, running.due) else None


def _said_again(deadline: Deadline, running: Running, case: Case, scene: Scene) -> Running | None:
    due = deadline.on(case, None, scene) if deadline.on and deadline.moves else None
    return None if due is None else msgspec.structs.replace(running, due=due)


def _counted_again(deadline: Deadline, running: Running, case: Case, scene: Scene) -> Running | None:
    limit = deadline.limit(case, scene.rules) if callable(deadline.limit) else getattr(scene.rules, deadline.limit)
    if limit is None:
        return None
    started = running.started
    if deadline.since and deadline.moves:
        begun = running.begun or running.started
        started = deadline.since(case, None, replace(scene, at=begin_of(begun)))
    if limit.unit is not Unit.WORKDAYS and started == running.started:
        return None
    return msgspec.structs.replace(running, started=started, due=scene.calendar.after(started, limit))
