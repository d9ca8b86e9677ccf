"""Who asks, and what they may. Roles grant permissions; scopes say over whom.

A scope is a path in the organisation tree: `city`, `district:3`, `station:17`, `department:5`,
`person:<id>`. Whoever holds a scope holds everything below it.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

CITY = "city"


class Permission(StrEnum):
    BROADCAST = "broadcast"              # compose, send, cancel, remind, extend
    BROADCAST_APPROVE = "broadcast.approve"
    BROADCAST_VIEW = "broadcast.view"
    LADDER_EDIT = "ladder.edit"
    DIRECTORY_VIEW = "directory.view"
    DIRECTORY_EDIT = "directory.edit"    # people, organisations, groups, rosters, import
    ACCOUNTS = "accounts"                # accounts, devices, API keys, other people's sessions
    AUDIT_VIEW = "audit.view"
    SELF = "self"                        # one's own inbox, receipts, sessions
    FILES = "files"                      # upload, speak
    CALL = "call"                        # the dispatch board: call, barge in, take down, listen, plans
    MEET = "meet"                        # run a video interaction: rooms, layouts, side rooms
    LIVE = "live"                        # go live, record, cut and correct clips
    PROPOSE = "propose"                  # a deputy's own: draft, co-sign, rate, register, record duties
    INTAKE = "cases.intake"              # the deputies' committee: receive, review, publish, activities, duty records
    ASSIGN = "cases.assign"              # the government office: assign, extend, reassign
    HANDLE = "cases.handle"              # a unit's handler, for the unit in the scope
    SIGN = "cases.sign"                  # a unit's head: signs replies, for the unit in the scope
    COMMITTEE = "cases.committee"        # chairpersons' meeting and special committees: decide, urge, key items
    LEGISLATE = "legislate"              # legislative affairs: projects, plans, comments
    RULES = "rules"                      # rule sets, calendars, templates


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    APPROVER = "approver"
    VIEWER = "viewer"
    STATION = "station"      # a station's terminal or agent, by device key
    DEPUTY = "deputy"        # a person by signed link or WeChat
    HANDLER = "handler"      # a department's desk
    HEAD = "head"            # a department's head, who signs
    INTAKE = "intake"        # the deputies' committee's desk 代表工委
    ASSIGNER = "assigner"    # the government office's desk 政府办
    COMMITTEE = "committee"  # chairpersons' meeting and special committees
    LEGISLATOR = "legislator"  # legislative affairs commission 法工委


P = Permission
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.OPERATOR: frozenset({P.BROADCAST, P.BROADCAST_VIEW, P.DIRECTORY_VIEW, P.SELF, P.FILES, P.CALL, P.MEET, P.LIVE}),
    Role.APPROVER: frozenset({P.BROADCAST_APPROVE, P.BROADCAST_VIEW, P.DIRECTORY_VIEW, P.SELF}),
    Role.VIEWER: frozenset({P.BROADCAST_VIEW, P.DIRECTORY_VIEW, P.SELF}),
    Role.STATION: frozenset({P.SELF}),
    Role.DEPUTY: frozenset({P.SELF, P.PROPOSE}),
    Role.HANDLER: frozenset({P.SELF, P.HANDLE}),
    Role.HEAD: frozenset({P.SELF, P.HANDLE, P.SIGN}),
    Role.INTAKE: frozenset({P.SELF, P.INTAKE, P.DIRECTORY_VIEW}),
    Role.ASSIGNER: frozenset({P.SELF, P.ASSIGN, P.DIRECTORY_VIEW}),
    Role.COMMITTEE: frozenset({P.SELF, P.COMMITTEE, P.DIRECTORY_VIEW}),
    Role.LEGISLATOR: frozenset({P.SELF, P.LEGISLATE, P.DIRECTORY_VIEW}),
}


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is what the journal and the audit log name: `account:…`, `station:…`, `person:…`, `system`."""

    id: str
    name: str
    roles: tuple[Role, ...]
    scopes: tuple[str, ...]
    address: str = ""
    """Network address the wish came from, for the audit log."""

    def may(self, permission: Permission) -> bool:
        return any(permission in GRANTS[role] for role in self.roles)

    def covers(self, path: tuple[str, ...]) -> bool:
        """True when one of the scopes lies on `path`, e.g. ("city", "district:3", "station:17")."""
        return any(scope in path for scope in self.scopes)


SYSTEM = Actor(id="system", name="系统", roles=(Role.ADMINISTRATOR,), scopes=(CITY,))
