"""Calls as a spoke: 融合语音调度."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hub.directory.messages.params import NoParams
from hub.kernel.actor import Actor, Permission
from hub.kernel.errors import TryAgain
from hub.record import Connection
from hub.spoke import Decides, Decision, Page, Spoke, View
from media.calls.messages import commands as c
from media.calls.messages import params as p
from media.calls.messages import rows as r

OWN, CALL = Permission.SELF, Permission.CALL
MEMBERS = (c.StartCall, c.AnswerCall, c.DeclineCall, c.LeaveCall, c.EndCall, c.AddToCall, c.RemoveFromCall, c.MuteInCall, c.ListenOnly, c.LockCall,
           c.HoldCall, c.TransferCall, c.ConsultInCall, c.PickUpCall, c.MakeConference, c.PlayInCall, c.StopPlayInCall, c.SetAutoAnswer, c.MarkPresent)
OPERATORS = (c.BargeIn, c.TakeDown, c.Monitor, c.TakeOverCall, c.SaveNightService, c.SavePlan, c.DeletePlan, c.StartPlan)


def _not_yet(_facts: Any, _command: Any, _actor: Actor, _at: datetime) -> Decision:
    raise TryAgain("呼叫功能正在接入。", "Calls are being connected.")


async def _no_facts(_conn: Connection, _command: Any, _actor: Actor) -> None:
    return None


async def _nothing(_conn: Connection, _params: Any, _actor: Actor) -> Page:
    return Page([], 0)


def calls_spoke() -> Spoke:
    views = (("calls", p.CallsParams, r.CallRow, CALL), ("call", p.OfCall, r.CallDetailRow, OWN),
             ("call_members", p.OfCall, r.CallMemberRow, OWN), ("my_calls", NoParams, r.MyCallRow, OWN),
             ("lines", p.LinesParams, r.LineRow, CALL), ("call_plans", NoParams, r.CallPlanRow, CALL),
             ("night_service", NoParams, r.NightServiceRow, CALL), ("call_history", p.OfCall, r.CallActRow, CALL))
    return Spoke(
        name="calls",
        commands=(*(Decides(command=one, permission=OWN, decide=_not_yet, facts=_no_facts) for one in MEMBERS),
                  *(Decides(command=one, permission=CALL, decide=_not_yet, facts=_no_facts) for one in OPERATORS)),
        views=tuple(View(name=name, params=params, row=row, permission=permission, fetch=_nothing) for name, params, row, permission in views),
    )
