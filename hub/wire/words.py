"""The names of what travels on a socket, and what a deliberate close means. The edge reads them too."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum

ASK = "ask"
WATCH = "watch"
UNWATCH = "unwatch"
TELL = "tell"
ACK = "ack"
"""From a client: [offset] of the last `tell` that has reached it, and so have all before."""
AT = "at"
"""From the hub: [offset], where a client stands that was told something without a place in the order."""
SIGNAL = "signal"
BYE = "bye"

REFETCH = "*"
"""The key of a change that says: too much has changed to tell it row by row; ask for the view again."""

LATEST = "="
"""How a room begins of whose tellings only the newest counts: they carry no offset; a slow reader gets
the newest when he can, and so does who comes back."""


class Bye(StrEnum):
    """Why the hub is about to close a connection; said before the close, with `retry_after`."""

    GOING_DOWN = "going-down"
    REVOKED = "revoked"
    REPLACED = "replaced"
    TOO_MUCH = "too-much"


class Close(IntEnum):
    """Close codes of the hub. What follows from each stands in CLOSES and nowhere else."""

    SLOW = 4008
    GOING_DOWN = 4009
    UNHEARD = 4010
    TOO_MUCH = 4011
    MISSED = 4012
    NOT_SIGNED_IN = 4101
    REVOKED = 4102
    REPLACED = 4103


class Then(StrEnum):
    """What the client does next. Whatever comes back says its session and offset, and misses nothing."""

    COME_BACK = "come-back"      # at once, with some jitter
    WAIT = "wait"                # comes back after `retry_after` of the bye, with jitter
    SIGN_IN = "sign-in"          # comes back with a new proof of who it is
    STAY_AWAY = "stay-away"      # a person must do something first


CLOSES: Mapping[Close, tuple[str, Then]] = {
    Close.SLOW: ("read too slowly; what waited was too much", Then.COME_BACK),
    Close.GOING_DOWN: ("the hub goes down, or hands over to its next version", Then.WAIT),
    Close.UNHEARD: ("nothing heard", Then.COME_BACK),
    Close.TOO_MUCH: ("sent more than is allowed", Then.WAIT),
    Close.MISSED: ("something never reached it; what it shows must be fetched again", Then.COME_BACK),
    Close.NOT_SIGNED_IN: ("did not sign in in time", Then.SIGN_IN),
    Close.REVOKED: ("the session or key was revoked", Then.SIGN_IN),
    Close.REPLACED: ("another connection has taken up its session", Then.STAY_AWAY),
}

BYES: Mapping[Bye, Close] = {
    Bye.GOING_DOWN: Close.GOING_DOWN, Bye.REVOKED: Close.REVOKED, Bye.REPLACED: Close.REPLACED, Bye.TOO_MUCH: Close.TOO_MUCH,
}
