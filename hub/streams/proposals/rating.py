"""What the deputy says of the reply, and what follows: second handling, escalation, promises (steps 17 to 22)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec.structs import replace

from hub.kernel.actor import Permission
from hub.kernel.lifecycle import Case, Nothing, Scene, Step, Who
from hub.streams.proposals import forms as f
from hub.streams.proposals import guards as g
from hub.streams.proposals.facts import (
    UNFULFILLED,
    UNSATISFIED,
    Proposal,
    Report,
    main_units,
    of,
    plain,
    promised,
    replaced,
    there,
    unrated,
    unrated_reports,
)
from hub.streams.proposals.seen import one_unit
from hub.streams.proposals.words import ASSIGN, COMMITTEE, INTAKE

Known = Mapping[str, Any]
P = Permission
LEAD, DESK, SYSTEM = Who(P.PROPOSE, "lead"), Who(P.INTAKE), Who()
HEAD = Who(P.SIGN, "lead_unit")


def rated_unit(facts: Proposal, form: Any) -> str:
    chosen: str = form.unit or unrated(facts)[0]
    return chosen


def after_rating(case: Case | None, form: Any, scene: Scene) -> Proposal:
    """The facts once this rating stands in them, still in the same round."""
    facts = of(case)
    unit = rated_unit(facts, form)
    part = facts.parts[unit]
    reply = replace(part.replies[-1], rating=form.rating, rated_on=scene.day, why=form.reason)
    return replace(facts, parts=facts.parts | {unit: replaced(part, replies=(*part.replies[:-1], reply))})


def _bad(facts: Proposal) -> bool:
    return any(last.rating == UNSATISFIED for unit in main_units(facts) if (last := facts.parts[unit].last))


def _where_rated(case: Case | None, form: Any, scene: Scene) -> str:
    facts = after_rating(case, form, scene)
    if unrated(facts):
        return "replied"
    if _bad(facts):
        return _after_bad(facts, scene)
    return "tracking" if promised(facts, scene.rules.tracked()) else "closed"


def _after_bad(facts: Proposal, scene: Scene) -> str:
    return "rehandling" if facts.round < scene.rules.rounds else "escalated"


def _rated(case: Case | None, form: Any, scene: Scene) -> Known:
    facts = after_rating(case, form, scene)
    again = _where_rated(case, form, scene) == "rehandling"
    return {"parts": plain(facts.parts), "round": facts.round + again, "rating_urged": None}


def all_rated(case: Case | None, form: Any, scene: Scene) -> bool:
    return _where_rated(case, form, scene) != "replied"


def sent_again(case: Case | None, form: Any, scene: Scene) -> bool:
    return _rated_or_not(case, form, scene) == "rehandling"


def sent_up(case: Case | None, form: Any, scene: Scene) -> bool:
    return _rated_or_not(case, form, scene) == "escalated"


def _rated_or_not(case: Case | None, form: Any, scene: Scene) -> str:
    return _where_rated(case, form, scene) if isinstance(form, f.RateForm) else where_unrated(case, form, scene)


def now_tracked(case: Case | None, form: Any, scene: Scene) -> bool:
    return _where_rated(case, form, scene) == "tracking"


def _rating_urged(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"rating_urged": scene.day.isoformat()}


def where_unrated(case: Case | None, form: Any, scene: Scene) -> str:
    """What nobody rates ends; but where several units answered, what was said of one stands."""
    facts = of(case)
    if there(case).state == "fulfilment":
        return "tracking" if _broken(facts) else "closed"
    if _bad(facts):
        return _after_bad(facts, scene)
    return "tracking" if promised(facts, scene.rules.tracked()) else "closed_unrated"


def tracked_unrated(case: Case | None, form: Any, scene: Scene) -> bool:
    return where_unrated(case, form, scene) == "tracking"


def _not_rated(case: Case | None, form: Any, scene: Scene) -> Known:
    to = where_unrated(case, form, scene)
    return {"round": of(case).round + (to == "rehandling")} | ({} if to.startswith("closed") else {"rating_urged": None})


def _settled(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"settlement": form.text, "round": of(case).round + (form.outcome == "rehandle")}


def settled_again(case: Case | None, form: Any, scene: Scene) -> bool:
    again: bool = form.outcome == "rehandle"
    return again


def _where_settled(case: Case | None, form: Any, scene: Scene) -> str:
    return "rehandling" if settled_again(case, form, scene) else "settled"


def _reported(case: Case | None, form: Any, scene: Scene) -> Known:
    parts = of(case).parts
    unit = one_unit(of(case), scene.actor, role="main")
    report = Report(on=scene.day, solved=form.solved, text=form.text)
    return {"parts": plain(parts | {unit: replaced(parts[unit], reports=(*parts[unit].reports, report))})}


def all_reported(case: Case | None, form: Any, scene: Scene) -> bool:
    facts = of(case)
    return set(promised(facts, scene.rules.tracked())) <= {one_unit(facts, scene.actor, role="main")}


def _where_reported(case: Case | None, form: Any, scene: Scene) -> str:
    return "fulfilment" if all_reported(case, form, scene) else "tracking"


def _promise_open(case: Case | None, _form: Any, scene: Scene) -> tuple[str, str] | None:
    facts = of(case)
    if one_unit(facts, scene.actor, role="main") in promised(facts, scene.rules.tracked()):
        return None
    return "您单位没有待兑现的承诺事项。", "No promise of your unit is open."


def after_fulfilment(case: Case | None, form: Any, scene: Scene) -> Proposal:
    facts = of(case)
    unit = form.unit or unrated_reports(facts)[0]
    part = facts.parts[unit]
    report = replace(part.reports[-1], rating=form.fulfilment, rated_on=scene.day)
    return replace(facts, parts=facts.parts | {unit: replaced(part, reports=(*part.reports[:-1], report))})


def _fulfilment_rated(case: Case | None, form: Any, scene: Scene) -> Known:
    return {"parts": plain(after_fulfilment(case, form, scene).parts), "rating_urged": None}


def _where_fulfilled(case: Case | None, form: Any, scene: Scene) -> str:
    facts = after_fulfilment(case, form, scene)
    if unrated_reports(facts):
        return "fulfilment"
    return "tracking" if _broken(facts) else "closed"


def _broken(facts: Proposal) -> bool:
    return any(part.reports and part.reports[-1].rating == UNFULFILLED for part in facts.parts.values())


def unkept(case: Case | None, form: Any, scene: Scene) -> bool:
    return _where_fulfilled(case, form, scene) == "tracking"


def all_fulfilment_rated(case: Case | None, form: Any, scene: Scene) -> bool:
    return _where_fulfilled(case, form, scene) != "fulfilment"


def promise_day(case: Case | None, form: Any, scene: Scene) -> date | None:
    """The earliest promise that is open; after an unfulfilled one, as long as a second handling may take."""
    if there(case).state == "fulfilment":
        return scene.calendar.after(scene.day, scene.rules.rehandle)
    facts = of(case)
    days = [last.solve_by for unit in promised(facts, scene.rules.tracked()) if (last := facts.parts[unit].last) and last.solve_by]
    return max(min(days), scene.day) if days else None


RATING = (
    Step(command="RateReply", event="ReplyRated", zh="评价答复", en="Rate the reply", who=(LEAD,), frm=("replied",), to=_where_rated,
         form=f.RateForm, guards=(g.rates_one,), knows=_rated, tells=("lead_unit", INTAKE, ASSIGN, "cosigner"), source="ZS 23；CQ（只由领衔代表）"),
    Step(command="UrgeRating", event="RatingUrged", zh="催请评价", en="Urge the rating", who=(SYSTEM, DESK), frm=("replied", "fulfilment"),
         form=Nothing, knows=_rating_urged, tells=("lead",), urgent=True, source="CQ 29"),
    Step(command="CloseUnrated", event="ProposalClosedUnrated", zh="按未评价办结", en="Close without a rating", who=(SYSTEM, DESK),
         frm=("replied", "fulfilment"), to=where_unrated, form=Nothing, guards=(g.urged_before,), knows=_not_rated, tells=("lead", "lead_unit"),
         source="CQ 29"),
    Step(command="SettleProposal", event="ProposalSettled", zh="协调处理", en="Settle", who=(Who(P.COMMITTEE), DESK), frm=("escalated",),
         to=_where_settled, form=f.SettleForm, knows=_settled, tells=("lead", "cosigner", "lead_unit", ASSIGN, COMMITTEE), source="HN；CQ 27"),
    Step(command="ReportFulfilment", event="FulfilmentReported", zh="再次答复（承诺兑现）", en="Reply again on the promise", who=(HEAD,),
         frm=("tracking",), to=_where_reported, form=f.FulfilmentForm, guards=(g.as_main_unit, _promise_open), knows=_reported,
         tells=("lead", "cosigner", INTAKE), source="ZS 20；CQ 24"),
    Step(command="RateFulfilment", event="FulfilmentRated", zh="评价兑现", en="Rate the fulfilment", who=(LEAD,), frm=("fulfilment",),
         to=_where_fulfilled, form=f.RateFulfilmentForm, guards=(g.rates_a_report,), knows=_fulfilment_rated, tells=("lead_unit", INTAKE),
         source="CQ 28"),
)
