"""Accounts as a spoke. A command here is done, not decided: rows and no events, so that a password
hash never stands in a journal that keeps everything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any

from hub.access import accounts, keys, own
from hub.access.messages import (
    ChangeOwnPassword,
    ConfirmTotp,
    CreateApiKey,
    DisableAccount,
    EnrolDevice,
    EnrolTotp,
    RemoveTotp,
    RevokeApiKey,
    RevokeDevice,
    RevokeLinks,
    RevokeSession,
    SaveAccount,
    SetPassword,
)
from hub.access.views import access_views
from hub.access.work import Access
from hub.kernel.actor import Actor, Permission
from hub.kernel.clock import Clock
from hub.kernel.messages import Command
from hub.spoke import Does, Spoke

Do = Callable[[Access, Any, Actor, datetime], Awaitable[Any]]

COMMANDS: tuple[tuple[type[Command], Permission, Do], ...] = (
    (SaveAccount, Permission.ACCOUNTS, accounts.save_account),
    (SetPassword, Permission.ACCOUNTS, accounts.set_password),
    (DisableAccount, Permission.ACCOUNTS, accounts.disable_account),
    (RemoveTotp, Permission.ACCOUNTS, accounts.remove_totp),
    (ChangeOwnPassword, Permission.SELF, own.change_own_password),
    (EnrolTotp, Permission.SELF, own.enrol_totp),
    (ConfirmTotp, Permission.SELF, own.confirm_totp),
    (RevokeSession, Permission.SELF, own.revoke_session),
    (EnrolDevice, Permission.ACCOUNTS, keys.enrol_device),
    (RevokeDevice, Permission.ACCOUNTS, keys.revoke_device),
    (CreateApiKey, Permission.ACCOUNTS, keys.create_api_key),
    (RevokeApiKey, Permission.ACCOUNTS, keys.revoke_api_key),
    (RevokeLinks, Permission.DIRECTORY_EDIT, keys.revoke_links),
)


def access_spoke(access: Access, clock: Clock) -> Spoke:
    """`audited` is False because each command writes its own audit line, in its own transaction;
    the desk notes refusals."""
    return Spoke(
        name="access",
        commands=tuple(
            Does(command=command, permission=permission, handle=partial(do, access), audited=False)
            for command, permission, do in COMMANDS
        ),
        views=access_views(clock),
    )
