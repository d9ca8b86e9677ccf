"""What is written of the lives of a stream is what their tables say; and every field of a form has a name in both languages."""

from pathlib import Path
from typing import get_type_hints

import pytest

from hub.business import STREAMS
from hub.cases.shapes import LIVES
from hub.commands.lives import drawn_life

ROOMS = Path(__file__).parents[3] / "hub" / "streams"
DRAWN = {
    "duties": ("mandates", "activities", "duty_records", "score_appeals", "duty_topics"),
    "legislation": ("legislation", "law_comments", "law_ideas", "law_filings"),
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
