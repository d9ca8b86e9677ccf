"""For whom somebody speaks. Pure."""

from __future__ import annotations

from dispatch.conversations.words import MAIN
from hub.kernel.actor import CITY, Actor, Permission
from hub.kernel.errors import Forbidden
from hub.kernel.ids import derived

SEATED = ("station:", "person:", "account:")


def own_seat(actor: Actor) -> str:
    """Empty for a machine with an API key. An account that belongs to a person speaks as that person."""
    if actor.id.startswith("account:"):
        people = [scope for scope in actor.scopes if scope.startswith("person:")]
        return people[-1] if people else actor.id
    return actor.id if actor.id.startswith(SEATED) else ""


def seats_of(actor: Actor) -> tuple[str, ...]:
    """In order of preference."""
    own = own_seat(actor)
    runs_main = actor.may(Permission.BROADCAST) and CITY in actor.scopes
    return tuple(dict.fromkeys([*([own] if own else []), *([MAIN] if runs_main else [])]))


def seats_meant(actor: Actor, seat: str) -> tuple[str, ...]:
    """All his seats, or the one he names. Raises Forbidden."""
    held = seats_of(actor)
    if not seat and held:
        return held
    if seat not in held:
        raise Forbidden("您不能代表这个席位发言，请换成您自己的席位。",
                        "You do not hold this seat; speak from your own.", field="seat")
    return (seat,)


def is_administrator(actor: Actor) -> bool:
    return actor.may(Permission.ACCOUNTS) and CITY in actor.scopes


def conversation_between(one: str, other: str) -> str:
    """The id is derived, so that two who open it at once open the same."""
    return str(derived("conversation", *sorted((one, other))))
