"""The directory as a spoke: organisations, people, groups and duty rosters."""

from __future__ import annotations

from hub.directory import facts, groups, organisations, people
from hub.directory.messages.commands import (
    BindOpenId,
    ClearAddress,
    CreateOrganisation,
    RemoveGroup,
    RemovePerson,
    RemoveRoster,
    SaveGroup,
    SaveOrganisation,
    SavePerson,
    SaveRoster,
    SpoilAddress,
)
from hub.directory.projection import WRITERS, project
from hub.directory.views import VIEWS
from hub.kernel.actor import Permission
from hub.spoke import Decides, Spoke

EDIT = Permission.DIRECTORY_EDIT

DIRECTORY = Spoke(
    name="directory",
    commands=(
        Decides(command=SaveOrganisation, permission=EDIT, decide=organisations.save_organisation,
                facts=facts.for_organisation),
        Decides(command=CreateOrganisation, permission=EDIT, decide=organisations.create_organisation,
                facts=facts.for_new_organisation),
        Decides(command=SavePerson, permission=EDIT, decide=people.save_person, facts=facts.for_person),
        Decides(command=RemovePerson, permission=EDIT, decide=people.remove_person, facts=facts.for_known_person),
        Decides(command=BindOpenId, permission=Permission.SELF, decide=people.bind_openid, facts=facts.for_binding),
        Decides(command=SpoilAddress, permission=EDIT, decide=people.spoil_address, facts=facts.for_known_person),
        Decides(command=ClearAddress, permission=EDIT, decide=people.clear_address, facts=facts.for_known_person),
        Decides(command=SaveGroup, permission=EDIT, decide=groups.save_group, facts=facts.for_group),
        Decides(command=RemoveGroup, permission=EDIT, decide=groups.remove_group, facts=facts.for_known_group),
        Decides(command=SaveRoster, permission=EDIT, decide=groups.save_roster, facts=facts.for_roster),
        Decides(command=RemoveRoster, permission=EDIT, decide=groups.remove_roster, facts=facts.for_known_roster),
    ),
    events=tuple(WRITERS),
    views=VIEWS,
    project=project,
)
