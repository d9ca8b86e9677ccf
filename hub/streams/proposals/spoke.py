"""Suggestions and motions (建议·议案) as a spoke."""

from __future__ import annotations

from collections.abc import Mapping

from hub.cases import stream_spoke
from hub.desk import Desk
from hub.record import Database, Errand
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.projection import TABLES, project
from hub.streams.proposals.reads import READS
from hub.streams.proposals.views import VIEWS
from hub.streams.proposals.works import ProposalWorks
from hub.streams.proposals.yearly import COMMANDS, EVENTS

SPOKE = stream_spoke(PROPOSALS, reads=READS, commands=COMMANDS, events=EVENTS, views=VIEWS, project=project, tables=TABLES)


def errands(db: Database, desk: Desk) -> Mapping[str, Errand]:
    return ProposalWorks(db, desk).by_kind
