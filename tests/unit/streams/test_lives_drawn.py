"""What is written of the lives of a stream is what their tables say; and every field of a form has a name in both languages."""

from pathlib import Path
from typing import get_type_hints

import pytest

from hub.business import STREAMS
from hub.cases.shapes import LIVES
from hub.commands.lives import drawn_life
from hub.kernel.lifecycle import DESK, Who

ROOMS = Path(__file__).parents[3] / "hub" / "streams"
DRAWN = {
    "duties": ("mandates", "activities", "duty_records", "score_appeals", "duty_topics"),
    "legislation": ("legislation", "law_comments", "law_ideas", "law_filings"),
    "opinions": ("opinions",),
    "proposals": ("proposals",),
    "snapshots": ("snapshots",),
}


@pytest.mark.parametrize("room", DRAWN)
def test_the_room_shows_its_lives_as_they_are(room):
    lives = [drawn_life(life) for life in DRAWN[room]]
    assert (ROOMS / room / "life.md").read_text("utf-8") == "\n".join(lives)


def test_no_stream_is_left_out():
    assert {life for lives in DRAWN.values() for life in lives} == {spoke.name for spoke in STREAMS}


@pytest.mark.parametrize("life", [life for lives in DRAWN.values() for life in lives if lives != ("proposals",)])
def test_every_field_of_a_form_has_its_name(life):
    unlabelled = [(step.command, name) for step in LIVES[life].life.steps
                  for name, kind in get_type_hints(step.form, include_extras=True).items()
                  if not any(getattr(one, "title", None) for one in getattr(kind, "__metadata__", ()))]
    assert unlabelled == []


EVERY_LIFE = [life for lives in DRAWN.values() for life in lives]
BY_HIMSELF = {"AnnounceSnapshot": "its sender alone", "MergeProposal": "a case is waited for, and nobody"}


@pytest.mark.parametrize("life", EVERY_LIFE)
def test_who_is_waited_for_after_a_step_is_told_of_it(life):
    """But where he alone takes it, or the hub does when a clock of his has run out, which told him."""
    table, forgotten = LIVES[life].life, []
    for step in table.steps:
        state = table.state(step.to) if isinstance(step.to, str) and step.to else None
        if state is None or state.terminal or state.owner == "nobody" or step.command in BY_HIMSELF:
            continue
        takers = {who.relation or f"{DESK}{who.permission}" for who in step.who if who != Who()}
        if state.owner not in {*step.tells, *state.tells} and takers != {state.owner}:
            forgotten.append((step.command, state.owner))
    assert forgotten == []


@pytest.mark.parametrize("life", EVERY_LIFE)
def test_nobody_is_told_who_has_no_name_in_the_life(life):
    table = LIVES[life].life
    told = {ref for step in table.steps for ref in (*step.tells, *step.leaves)} | {ref for one in table.deadlines for ref in (*one.owner, *one.copies)}
    owners = {state.owner for state in table.states if state.owner}
    assert (told | owners) - table.relations.keys() == set()
