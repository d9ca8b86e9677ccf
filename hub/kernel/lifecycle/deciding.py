"""What may be done with a case now, and what comes of it. Pure: the same case, form and scene give the same event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from inspect import signature
from typing import Any

import msgspec

from hub.kernel.actor import CITY, GRANTS, Actor, Permission
from hub.kernel.calendar import YEARS, Span
from hub.kernel.errors import Conflict, Forbidden, Malformed, Refused
from hub.kernel.lifecycle.case import Case, CaseEvent, Running, Turn
from hub.kernel.lifecycle.clocks import passed_over
from hub.kernel.lifecycle.said import refuse_blanks
from hub.kernel.lifecycle.table import Deadline, Lifecycle, Scene, Sentence, Step, Who

DESK = "desk:"
HEAD = "head:"
"""Before a unit's ref: who signs for it."""


def refs_of(actor: Actor) -> frozenset[str]:
    """As what an actor may stand in a case: themselves, the organisations they act for, the desks they sit at."""
    desks = (f"{DESK}{permission}" for role in actor.roles for permission in GRANTS[role])
    places = tuple(scope for scope in actor.scopes if scope != CITY)
    signs = (f"{HEAD}{place}" for place in places) if actor.may(Permission.SIGN) else ()
    return frozenset((actor.id, *places, *signs, *desks))


def own_ref(actor: Actor) -> str:
    """As whom somebody signs: an account that belongs to a person signs as that person."""
    return next((scope for scope in actor.scopes if scope.startswith("person:")), actor.id)


def path_of(scope: str) -> tuple[str, ...]:
    """`district:3/station:17` lies in the city, in the district and in the station."""
    return tuple(dict.fromkeys((CITY, *scope.split("/"))))


def may_take(step: Step, case: Case | None, actor: Actor) -> bool:
    return any(_fits(who, case, actor) for who in step.who)


def _fits(who: Who, case: Case | None, actor: Actor) -> bool:
    if who.permission is None and not who.relation:
        return actor.id == "system"
    if who.permission is not None and not (actor.may(who.permission) and actor.scopes and (case is None or _reaches(actor, case))):
        return False
    return not who.relation or (case is not None and case.has(who.relation, refs_of(actor)))


def _reaches(actor: Actor, case: Case) -> bool:
    return actor.covers(path_of(case.facts.scope)) or _is_party(actor, case)


def _is_party(actor: Actor, case: Case) -> bool:
    return not refs_of(actor).isdisjoint(ref for refs in case.parties.values() for ref in refs)


def may_see(life: Lifecycle, case: Case, actor: Actor) -> bool:
    """Its parties, whose turn it is, who oversees the stream in its scope; everybody what is public and not confidential."""
    return sees_inside(life, case, actor) or is_open(life, case)


def sees_inside(life: Lifecycle, case: Case, actor: Actor) -> bool:
    """More than everybody sees of a public case: forms, files, notes that are owed."""
    if _is_party(actor, case):
        return True
    if life.state(case.state).private:
        return False
    desks = {life.state(case.state).owner, *(f"{DESK}{permission}" for permission in life.oversight)}
    return actor.covers(path_of(case.facts.scope)) and not refs_of(actor).isdisjoint(desks)


def kept_from(life: Lifecycle, case: Case | None, actor: Actor) -> frozenset[str]:
    """Facts that even inside are not shown to him. Without a case: of those he oversees."""
    refs = refs_of(actor)
    desks = refs & set(life.kept_for) and (case is None or actor.covers(path_of(case.facts.scope)))
    seated = desks or (case is not None and any(case.has(relation, refs) for relation in life.kept_for))
    return frozenset() if seated else frozenset(life.kept)


def is_open(life: Lifecycle, case: Case) -> bool:
    """Everybody who has signed in may see it."""
    return life.state(case.state).public and not case.facts.confidential


def waits_for(life: Lifecycle, case: Case) -> tuple[str, ...]:
    """The refs whose turn it is."""
    state = life.state(case.state)
    if state.turn is not None:
        return state.turn(case)
    owner = state.owner
    return (owner,) if owner.startswith(DESK) else case.parties.get(owner, ())


def refuses_already(step: Step, case: Case | None, scene: Scene) -> Sentence | None:
    """What stands in the way before anything is filled in: guards whose second parameter is called `_form` do not look at it."""
    early = (guard for guard in step.guards if list(signature(guard).parameters)[1:2] == ["_form"])
    return next(filter(None, (guard(case, None, scene) for guard in early)), None)


def takeable(life: Lifecycle, case: Case, actor: Actor) -> tuple[Step, ...]:
    """The buttons this actor has now; a guard may still say why not."""
    return tuple(step for step in life.steps if case.state in step.frm and may_take(step, case, actor))


def decide(life: Lifecycle, step: Step, case: Case | None, form: Any, scene: Scene, *, event: type[CaseEvent], rules: str = "") -> CaseEvent:
    """The event of the step, of the type given. Raises Refused with the sentence for who asked."""
    _in_turn(life, step, case)
    if not may_take(step, case, scene.actor):
        raise Forbidden(f"“{step.zh}”不由您办理，请联系管理员确认您的身份和权限。",
                        f"{step.en!r} is not yours to do; ask an administrator about your part and rights.", code="not-yours")
    refuse_strange_days(form)
    refuse_blanks(form)
    for guard in step.guards:
        why = guard(case, form, scene)
        if why:
            raise Refused(*why, code="guarded")
    to = step.to(case, form, scene) if callable(step.to) else step.to or (case.state if case else "")
    changed = turns(life, step, case, form, scene)
    parties = {name: tuple(refs) for name, refs in step.parties(case, form, scene).items()} if step.parties else {}
    knows = _known(life, form) | (dict(step.knows(case, form, scene)) if step.knows else {})
    if case is None:
        _refuse_elsewhere(scene.actor, parties, str(knows.get("scope", CITY)))
    return event(
        to=to, parties=parties, knows=knows,
        clocks=(*changed, *_ended(life, case, to, changed)),
        form=form, rules=rules,
    )  # type: ignore[call-arg]


def _in_turn(life: Lifecycle, step: Step, case: Case | None) -> None:
    if not step.frm:
        if case is not None:
            raise Conflict("这个编号的事项已经存在。", "There is a case with this id already.", code="exists")
        return
    if case is None:
        raise Refused("没有这个事项，可能已被删除。", "There is no such case.", code="no-case", field="case")
    if case.state not in step.frm:
        state = life.state(case.state)
        raise Conflict(f"事项现在是“{state.zh}”，不能“{step.zh}”，可能别人刚刚办理过，请刷新后再看。",
                       f"The case is {state.en!r} now, where {step.en!r} cannot be done; somebody may have been faster: look again.",
                       code="other-state")


def _refuse_elsewhere(actor: Actor, parties: dict[str, tuple[str, ...]], scope: str) -> None:
    """Who opens a case has a part in it or sits over its place; a district's desk opens none of the city's."""
    if not actor.covers(path_of(scope)) and refs_of(actor).isdisjoint(ref for refs in parties.values() for ref in refs):
        raise Forbidden("这件事项属于全市或其他地区，请由那里的工作人员录入。", "This case would be the city's or another place's; its own desk enters it.",
                        code="not-your-place")


def refuse_strange_days(form: Any, called: str = "form") -> None:
    for place, day in _days_in(form, called):
        if day.year not in YEARS:
            raise Malformed(f"日期{day.isoformat()[:10]}不合常理，请填{YEARS[0]}年到{YEARS[-1]}年之间的日期。",
                            f"{day.isoformat()[:10]} cannot be meant; give a day between {YEARS[0]} and {YEARS[-1]}.", code="strange-day", field=place.lstrip("."))


def _days_in(value: Any, place: str) -> Iterator[tuple[str, date]]:
    match value:
        case date():
            yield place, value
        case msgspec.Struct():
            for name in value.__struct_fields__:
                yield from _days_in(getattr(value, name), f"{place}.{name}")
        case dict():
            for name, one in value.items():
                yield from _days_in(one, f"{place}.{name}")
        case tuple() | list():
            for number, one in enumerate(value):
                yield from _days_in(one, f"{place}.{number}")


def _known(life: Lifecycle, form: Any) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(form)
    return {name: value for name, value in plain.items() if name in life.facts.__struct_fields__}


def _ended(life: Lifecycle, case: Case | None, to: str, changed: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """A case that ends leaves no clock behind, but what its last step has started."""
    if case is None or not life.state(to).terminal or life.state(case.state).terminal:
        return ()
    return tuple(Turn(clock=clock) for clock in sorted(case.clocks.keys() - {turn.clock for turn in changed}))


def turns(life: Lifecycle, step: Step, case: Case | None, form: Any, scene: Scene) -> tuple[Turn, ...]:
    """What the step does to the clocks of the case."""
    made = (_turn(deadline, step, case, form, scene) for deadline in life.deadlines)
    return tuple(turn for turn in made if turn is not None)


def _turn(deadline: Deadline, step: Step, case: Case | None, form: Any, scene: Scene) -> Turn | None:
    running = case.clocks.get(deadline.name) if case else None
    if step.event in deadline.starts and (deadline.starts_if is None or deadline.starts_if(case, form, scene)):
        started = _started(deadline, case, form, scene)
        if started is not None:
            return started
    if step.event in deadline.stops and (deadline.stops_if is None or deadline.stops_if(case, form, scene)):
        return Turn(clock=deadline.name) if running else None
    if step.event in deadline.extends and running and deadline.until and case:
        return _set(deadline, running.started, deadline.until(case, form, scene), scene, extended=True)
    return None


def _started(deadline: Deadline, case: Case | None, form: Any, scene: Scene) -> Turn | None:
    if deadline.on is not None:
        due = deadline.on(case, form, scene)
        return None if due is None else _set(deadline, scene.day, due, scene)
    limit = _limit(deadline, case, scene)
    if limit is None:
        return None
    since = deadline.since(case, form, scene) if deadline.since and case else scene.day
    return _set(deadline, since, scene.calendar.after(since, limit), scene, begun=scene.day if since != scene.day else None)


def _set(deadline: Deadline, started: date, due: date, scene: Scene, *, extended: bool = False, begun: date | None = None) -> Turn:
    skipped = passed_over(deadline, Running(started=started, due=due), scene.rules, scene.at)
    return Turn(clock=deadline.name, started=started, due=due, extended=extended, struck=skipped, begun=begun)


def _limit(deadline: Deadline, case: Case | None, scene: Scene) -> Span | None:
    if callable(deadline.limit):
        return deadline.limit(case, scene.rules) if case else None
    limit: Span | None = getattr(scene.rules, deadline.limit)
    return limit


def in_time(clock: str, zh: str, en: str) -> Any:
    """A guard: only while the clock has not run out."""

    def guard(case: Case | None, _form: Any, scene: Scene) -> Sentence | None:
        running: Running | None = case.clocks.get(clock) if case else None
        if running is None or scene.day <= running.due:
            return None
        return f"{zh}已于{running.due:%Y-%m-%d}到期，到期后不能再办理。", f"{en} ended on {running.due:%Y-%m-%d}; it is too late for this."

    return guard
