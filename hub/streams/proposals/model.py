"""The life of a suggestion, motion or inquiry: everything of processes.md §1 in one table."""

from __future__ import annotations

from hub.kernel.actor import Permission
from hub.kernel.lifecycle import Lifecycle
from hub.streams.proposals.assisting import ASSISTANCE
from hub.streams.proposals.clocks import CLOCKS
from hub.streams.proposals.drafting import DRAFTING, REVIEW, SELDOM
from hub.streams.proposals.facts import Proposal
from hub.streams.proposals.handling import HANDLING
from hub.streams.proposals.inquiry import INQUIRIES, INQUIRY_CLOCKS
from hub.streams.proposals.motion import MOTIONS
from hub.streams.proposals.rating import RATING
from hub.streams.proposals.rules import ProposalRules
from hub.streams.proposals.words import RELATIONS, STATES, WORDS

PROPOSALS = Lifecycle(
    name="proposals", noun="proposal", zh="建议·议案", en="Suggestions and motions",
    facts=Proposal, states=STATES, steps=(*DRAFTING, *REVIEW, *HANDLING, *ASSISTANCE, *RATING, *MOTIONS, *INQUIRIES, *SELDOM),
    deadlines=(*CLOCKS, *INQUIRY_CLOCKS), rules=ProposalRules,
    oversight=(Permission.INTAKE, Permission.ASSIGN, Permission.COMMITTEE), relations=RELATIONS, words=WORDS,
    open_facts=("behalf", "delegation", "session", "term", "submitted_on", "accepted_on", "assigned_on", "committee_opinion",
                "resolution", "vote", "amendments", "forum", "asked_of", "answer_how"),
    family=("建议议案", "Suggestions"),
    prose=("title", "situation", "analysis", "advice", "cause", "ground", "plan", "question", "content"),
)
