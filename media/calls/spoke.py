"""Calls as a spoke: 融合语音调度."""

from __future__ import annotations

from typing import Any

from hub.kernel.actor import Permission
from hub.kernel.clock import Clock
from hub.presence.port import Presence
from hub.spoke import Decides, Spoke
from media.calls import facts, model, starting
from media.calls.facts import Facts
from media.calls.messages import commands as c
from media.calls.projection import WRITES, project
from media.calls.views import Board, build_views

OWN, CALL, RUN = Permission.SELF, Permission.CALL, Permission.ACCOUNTS

PERMISSIONS: dict[type[Any], Permission] = {
    c.AnswerCall: OWN, c.DeclineCall: OWN, c.LeaveCall: OWN, c.EndCall: OWN, c.HoldCall: OWN, c.SeePeer: RUN,
    c.SeePlayEnded: RUN, c.PassTime: RUN,
}
"""Every other act in a call is for who dispatches; whose call it is, `model.ACTS` says."""
UNNOTED = frozenset({c.SeePeer, c.SeePlayEnded, c.PassTime})
"""The journal and the call's history say it; a line in the audit log for each would hide what it is for."""


def calls_spoke(presence: Presence, clock: Clock, *, phones: bool = False) -> Spoke:
    reads = Facts(clock, phones=phones)
    return Spoke(
        name="calls",
        commands=(
            Decides(command=c.StartCall, permission=OWN, decide=starting.start, facts=reads.call),
            Decides(command=c.StartPlan, permission=CALL, decide=starting.start_plan, facts=reads.plan),
            *(Decides(command=command, permission=PERMISSIONS.get(command, CALL), decide=model.decide, facts=reads.scene,
                      audited=command not in UNNOTED) for command in model.ACTS),
            Decides(command=c.SavePlan, permission=CALL, decide=starting.save_plan, facts=facts.plan_kept),
            Decides(command=c.DeletePlan, permission=CALL, decide=starting.delete_plan, facts=facts.plan_kept),
            Decides(command=c.SaveNightService, permission=CALL, decide=starting.save_night, facts=facts.nothing),
            Decides(command=c.SetAutoAnswer, permission=OWN, decide=starting.set_auto_answer, facts=facts.nothing),
        ),
        events=tuple(WRITES),
        views=build_views(Board(presence, clock, reads)),
        project=project,
    )
