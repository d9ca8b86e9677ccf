"""For whom somebody acts in calls. Pure."""

from __future__ import annotations

from hub.kernel.actor import CITY, Actor, Permission
from media.calls.words import MAIN

SEATED = ("station:", "person:", "account:", "phone:")


def own_seat(actor: Actor) -> str:
    """Empty for a machine with an API key. An account that belongs to a person is that person."""
    if actor.id.startswith("account:"):
        people = [scope for scope in actor.scopes if scope.startswith("person:")]
        return people[-1] if people else actor.id
    return actor.id if actor.id.startswith(SEATED) else ""


def seats_of(actor: Actor) -> tuple[str, ...]:
    """His own first; every operator of the city answers for the main station."""
    own = own_seat(actor)
    answers_for_main = actor.may(Permission.CALL) and CITY in actor.scopes
    return tuple(dict.fromkeys([*([own] if own else []), *([MAIN] if answers_for_main else [])]))
