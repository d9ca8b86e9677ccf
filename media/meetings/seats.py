"""As whom somebody comes into a meeting. Pure."""

from __future__ import annotations

from hub.kernel.actor import Actor

SEATED = ("station:", "person:", "account:")


def own_ref(actor: Actor) -> str:
    """Empty for a machine with an API key. An account that belongs to a person comes as that person."""
    if actor.id.startswith("account:"):
        people = [scope for scope in actor.scopes if scope.startswith("person:")]
        return people[-1] if people else actor.id
    return actor.id if actor.id.startswith(SEATED) else ""
