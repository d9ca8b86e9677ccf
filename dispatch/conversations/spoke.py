"""Conversations as a spoke: instant messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from dispatch.conversations import facts, model, speaking
from dispatch.conversations.facts import Limits
from dispatch.conversations.marks import Marks
from dispatch.conversations.messages.commands import (
    AddMembers,
    CloseGroup,
    CreateGroup,
    ExpireMessages,
    FollowDirectory,
    GiveStanding,
    LeaveGroup,
    MarkMessages,
    MuteForMe,
    MuteGroup,
    OpenDirect,
    PinMessage,
    RecallMessage,
    RemoveMembers,
    RenameGroup,
    ReopenGroup,
    SaveRetention,
    SayTyping,
    SendMessage,
    UnpinMessage,
)
from dispatch.conversations.projection import WRITES, project
from dispatch.conversations.views import build_views
from hub.kernel.actor import Actor, Permission
from hub.kernel.clock import Clock
from hub.presence.port import Presence
from hub.record import Audit
from hub.spoke import Decides, Decision, Does, Spoke

OWN, RUN = Permission.SELF, Permission.ACCOUNTS

CHANGES: tuple[tuple[type[Any], Callable[[Any, Any, Actor, datetime], Decision]], ...] = (
    (AddMembers, model.add_members),
    (RemoveMembers, model.remove_members),
    (FollowDirectory, model.follow_directory),
    (LeaveGroup, model.leave_group),
    (GiveStanding, model.give_standing),
    (RenameGroup, model.rename),
    (MuteGroup, model.mute),
    (CloseGroup, model.close),
    (ReopenGroup, model.reopen),
)


def conversations_spoke(marks: Marks, presence: Presence, audit: Audit, clock: Clock) -> Spoke:
    limits = Limits(clock)
    return Spoke(
        name="conversations",
        commands=(
            Decides(command=OpenDirect, permission=OWN, decide=model.open_direct, facts=facts.pair),
            Decides(command=CreateGroup, permission=OWN, decide=model.create_group, facts=limits.founding),
            *(Decides(command=command, permission=OWN, decide=decide, facts=facts.change) for command, decide in CHANGES),
            # The journal says who wrote; a line in the audit log for every message would hide what it is for.
            Decides(command=SendMessage, permission=OWN, decide=speaking.send, facts=limits.speech, audited=False),
            Decides(command=RecallMessage, permission=OWN, decide=speaking.recall, facts=facts.recalled),
            Decides(command=PinMessage, permission=OWN, decide=speaking.pin, facts=facts.spoken),
            Decides(command=UnpinMessage, permission=OWN, decide=speaking.unpin, facts=facts.spoken),
            Decides(command=SaveRetention, permission=RUN, decide=model.save_retention, facts=facts.retention),
            Decides(command=ExpireMessages, permission=RUN, decide=speaking.expire, facts=limits.old),
            Does(command=MarkMessages, permission=OWN, handle=marks.mark, audited=False),
            Does(command=MuteForMe, permission=OWN, handle=marks.mute, audited=False),
            Does(command=SayTyping, permission=OWN, handle=marks.type, audited=False),
        ),
        events=tuple(WRITES),
        views=build_views(presence, audit, clock),
        project=project,
    )
