"""The life of a case as data: states, steps, deadlines; decided and evolved from the tables alone."""

from hub.kernel.lifecycle.case import (
    Case,
    CaseClockMoved,
    CaseClockStruck,
    CaseEvent,
    CaseNoteAnswered,
    Facts,
    Running,
    Turn,
    evolve,
)
from hub.kernel.lifecycle.clocks import (
    LATE,
    OVER,
    Strike,
    next_strike,
    passed_over,
    recounted,
    strikes,
)
from hub.kernel.lifecycle.deciding import (
    DESK,
    HEAD,
    decide,
    in_time,
    is_open,
    kept_from,
    may_see,
    may_take,
    own_ref,
    path_of,
    refs_of,
    refuse_strange_days,
    refuses_already,
    sees_inside,
    takeable,
    waits_for,
)
from hub.kernel.lifecycle.drawing import as_table, diagram
from hub.kernel.lifecycle.said import blank
from hub.kernel.lifecycle.table import (
    LISTED,
    OF_ROWS,
    Because,
    Deadline,
    Form,
    Guard,
    Lifecycle,
    Nothing,
    RuleSet,
    Scene,
    Sentence,
    State,
    Step,
    Who,
    asked,
)

__all__ = [
    "DESK", "HEAD", "LATE", "LISTED", "OF_ROWS", "OVER", "Because", "Case", "CaseClockMoved", "CaseClockStruck", "CaseEvent", "CaseNoteAnswered", "Deadline", "Facts", "Form", "Guard",
    "Lifecycle", "Nothing", "RuleSet", "Running", "Scene", "Sentence", "State", "Step", "Strike", "Turn", "Who", "as_table", "asked", "blank",
    "decide", "diagram", "evolve", "in_time", "is_open", "kept_from", "may_see", "may_take", "next_strike", "own_ref", "passed_over", "path_of", "recounted", "refs_of",
    "refuse_strange_days", "refuses_already", "sees_inside", "strikes", "takeable", "waits_for",
]
