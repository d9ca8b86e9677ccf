"""Legislation (立法) as spokes: projects with their shelves, comments on drafts, calls for projects, filing review."""

from __future__ import annotations

from hub.cases import stream_spoke
from hub.streams.legislation.calls import CALL_COMMANDS, CALL_EVENTS
from hub.streams.legislation.comments import COMMENTS
from hub.streams.legislation.filings import FILINGS
from hub.streams.legislation.ideas import IDEAS
from hub.streams.legislation.model import LEGISLATION
from hub.streams.legislation.projection import COMMENT_TABLES, TABLES, project, project_comments
from hub.streams.legislation.reads import READS, draft, project_there
from hub.streams.legislation.shelves import COMMANDS, EVENTS
from hub.streams.legislation.views import VIEWS

SPOKES = (
    stream_spoke(LEGISLATION, reads=READS, commands=(*COMMANDS, *CALL_COMMANDS), events=(*EVENTS, *CALL_EVENTS), views=VIEWS, project=project, tables=TABLES),
    stream_spoke(COMMENTS, reads={"CommentOnDraft": draft}, project=project_comments, tables=COMMENT_TABLES),
    stream_spoke(IDEAS, reads={"AdoptSuggestion": project_there}),
    stream_spoke(FILINGS),
)
