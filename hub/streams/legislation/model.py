"""The life of a local regulation: everything of processes.md §2 in one table."""

from __future__ import annotations

from hub.kernel.actor import Permission
from hub.kernel.lifecycle import Lifecycle
from hub.streams.legislation.clocks import CLOCKS
from hub.streams.legislation.entry import ENTRY
from hub.streams.legislation.facts import Project, opened_text
from hub.streams.legislation.force import FORCE
from hub.streams.legislation.reading import READING
from hub.streams.legislation.rules import LegislationRules
from hub.streams.legislation.words import FAMILY, RELATIONS, STATES, WORDS

LEGISLATION = Lifecycle(
    name="legislation", noun="project", zh="立法项目", en="Bills",
    facts=Project, states=STATES, steps=(*ENTRY, *READING, *FORCE), deadlines=CLOCKS, rules=LegislationRules,
    family=FAMILY, columns=("number", "title", "kind", "topic", "state", "unit", "waits", "due"),
    called={"topic": ("立法事项", "Subject")},
    oversight=(Permission.LEGISLATE, Permission.COMMITTEE), relations=RELATIONS, words=WORDS | {"topic": WORDS["subject"]},
    prose=("title", "necessity", "basis", "note"), texts=opened_text,
    open_facts=("source", "level", "drafting", "committee_name", "submit_on", "first_on", "second_on", "third_on", "comment_until", "effective", "notice"),
)
