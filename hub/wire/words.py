"""The names of what travels on a socket, and the codes of a deliberate close. The edge reads them too."""

from __future__ import annotations

from enum import StrEnum

ASK = "ask"
WATCH = "watch"
UNWATCH = "unwatch"
TELL = "tell"
SIGNAL = "signal"
BYE = "bye"


class Bye(StrEnum):
    """Why the hub closes a connection, and so what the client does next."""

    GOING_DOWN = "going-down"      # come back after retry_after
    REVOKED = "revoked"            # the session or key is no longer valid: sign in again
    REPLACED = "replaced"          # the same device connected elsewhere
    TOO_MUCH = "too-much"          # sent more than is allowed: come back after retry_after
