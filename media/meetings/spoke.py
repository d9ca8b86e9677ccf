"""Video interaction (视频互动) as a spoke."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hub.kernel.actor import Actor, Permission
from hub.spoke import Decides, Decision, Spoke
from media.meetings import facts, model, showing
from media.meetings.messages import commands as c
from media.meetings.messages.events import MeetingOpened
from media.meetings.projection import project
from media.meetings.state import EVOLVES
from media.meetings.views import build_views

OWN, RUN = Permission.SELF, Permission.MEET

ACTS: tuple[tuple[type[Any], Permission, Callable[[Any, Any, Actor, datetime], Decision]], ...] = (
    (c.EnterMeeting, OWN, model.enter),
    (c.LeaveMeeting, OWN, model.leave),
    (c.StepAside, OWN, model.step_aside),
    (c.RaiseHand, OWN, model.raise_hand),
    (c.LowerHand, OWN, model.lower_hand),
    (c.ShareScreen, OWN, showing.share_screen),
    (c.TakeWord, OWN, model.take_word),
    (c.EndMeeting, RUN, model.end),
    (c.LockMeeting, RUN, model.lock),
    (c.RemoveMember, RUN, model.remove),
    (c.GiveWord, RUN, model.give_word),
    (c.MuteMember, RUN, model.mute_member),
    (c.MuteAll, RUN, model.mute_all),
    (c.StopCamera, RUN, model.stop_camera),
    (c.SetLayout, RUN, showing.set_layout),
    (c.OpenSideRooms, RUN, showing.open_side_rooms),
    (c.MoveToSideRoom, RUN, showing.move_to_side_room),
    (c.CloseSideRooms, RUN, showing.close_side_rooms),
    (c.BroadcastToSideRooms, RUN, showing.broadcast_to_side_rooms),
    (c.SetAgenda, RUN, showing.set_agenda),
    (c.MoveAgenda, RUN, showing.move_agenda),
)

MEETINGS = Spoke(
    name="meetings",
    commands=(
        Decides(command=c.OpenMeeting, permission=RUN, decide=model.open_meeting, facts=facts.opening),
        Decides(command=c.InviteToMeeting, permission=RUN, decide=model.invite, facts=facts.inviting),
        *(Decides(command=command, permission=permission, decide=decide, facts=facts.meeting)
          for command, permission, decide in ACTS),
    ),
    events=(MeetingOpened, *EVOLVES),
    views=build_views(),
    project=project,
)
