"""The tables of the life: sources, labels, who may do what."""

from typing import get_type_hints

from hub.kernel.lifecycle import may_take
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.words import STATES, TOPICS
from tests.unit.proposals.walking import COMMITTEE, HOUSING, INTAKE, LEAD, OFFICE, OUTSIDER, handled


def test_each_step_names_its_source_and_each_state_is_reached_and_left():
    assert [step.command for step in PROPOSALS.steps if not step.source] == []
    assert [clock.name for clock in PROPOSALS.deadlines if not clock.source] == []
    left = {name for step in PROPOSALS.steps for name in step.frm}
    assert [state.name for state in STATES if not state.terminal and state.name not in left] == []


def test_every_form_draws_itself_with_labels():
    unlabelled = [(step.command, name) for step in PROPOSALS.steps for name, kind in annotations(step.form)
                  if not titled(kind) and step.command not in {"TakeInProposal", "ShareReply"}]
    assert unlabelled == []


def annotations(form):
    return get_type_hints(form, include_extras=True).items()


def titled(kind):
    return any(getattr(one, "title", None) for one in getattr(kind, "__metadata__", ()))


def test_who_may_do_what_in_a_case_that_is_being_handled():
    walk = handled()
    allowed = {actor.name: {step.command for step in PROPOSALS.steps if "handling" in step.frm and may_take(step, walk.case, actor)}
               for actor in (LEAD, INTAKE, OFFICE, COMMITTEE, HOUSING, OUTSIDER)}
    assert allowed["代表13"] == set()
    assert allowed["代表0"] == {"WithdrawProposal", "TellUnit", "UrgeProposal"}
    assert allowed["主任会议"] == {"UrgeProposal", "MarkKeyProposal", "ReportKeyProposal"}
    assert {"SignReply", "DraftReply", "LogContact", "AskExtension", "AskReturn"} <= allowed["单位22"]
    assert "SignReply" not in allowed["代表工委"] | allowed["政府办"]


def test_topics_have_two_levels():
    assert {code.partition(".")[0] for code in TOPICS} <= set(TOPICS)
