"""The vendor's words and ours. Its HTTP status is always 200; the code stands in the body."""

from __future__ import annotations

from adapters.http import REPAIR_PAUSE, Meaning
from dispatch.words import State, Why

OK = 0
STALE_TOKEN = frozenset({40001, 40014, 42001})
"""Also 40001 for a token that somebody else's call of /cgi-bin/token has replaced."""
ALREADY_SENT = 45065
"""The same client_msg_id within ten minutes: the first one stands."""

_ACCOUNT = Meaning(Why.AUTH, retry=REPAIR_PAUSE, halt=True)

ERROR: dict[int, Meaning] = {
    -1: Meaning(Why.VENDOR, retry=2),                  # busy
    40001: _ACCOUNT,                                   # still wrong after one refresh
    40014: _ACCOUNT,
    42001: _ACCOUNT,
    40003: Meaning(Why.WRONG_ADDRESS, spoil=True),     # no such openid
    40013: _ACCOUNT,                                   # app id
    40037: _ACCOUNT,                                   # template id
    40125: _ACCOUNT,                                   # app secret
    40164: _ACCOUNT,                                   # our address is not on the white list
    41001: _ACCOUNT,
    41030: Meaning(Why.CONTENT),                       # page
    43004: Meaning(Why.BLOCKED, spoil=True),           # does not follow the account
    43101: Meaning(Why.OPT_OUT, spoil=True),           # refused, or never subscribed
    43107: _ACCOUNT,                                   # account banned from sending
    43108: Meaning(Why.RATE, retry=2),                 # same person at the same moment
    45009: Meaning(Why.QUOTA, retry=60),               # per day; the day may be ending
    45011: Meaning(Why.RATE, retry=5),                 # per minute
    45015: Meaning(Why.EXPIRED),                       # 48 hours since the person wrote
    45047: Meaning(Why.QUOTA),
    45168: Meaning(Why.FILTERED),                      # sensitive words
    47001: Meaning(Why.CONTENT),
    47003: Meaning(Why.CONTENT),                       # a field breaks its template rule
    48001: _ACCOUNT,                                   # interface not granted
    50002: _ACCOUNT,                                   # account limited
}

OTHER = Meaning(Why.VENDOR)

FINISHED: dict[str, tuple[State, Meaning]] = {
    "success": (State.DELIVERED, Meaning(Why.NONE)),
    "failed:userblock": (State.FAILED, Meaning(Why.BLOCKED, spoil=True)),
    "failed:systemfailed": (State.FAILED, Meaning(Why.VENDOR, retry=30)),
}
"""TEMPLATESENDJOBFINISH; both spellings of the vendor ("failed:user block", "failed: user block")
meet here without their spaces."""

UNKNOWN_FAILURE = (State.FAILED, Meaning(Why.VENDOR))

WRONG_CODE = frozenset({40029, 40163, 41008})
"""Sign-in code: not ours, used before, missing."""


def meaning_of(code: int) -> Meaning:
    return ERROR.get(code, OTHER)


def finish_of(status: str) -> tuple[State, Meaning]:
    return FINISHED.get(status.lower().replace(" ", ""), UNKNOWN_FAILURE)
