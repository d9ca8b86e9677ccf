"""The vendor's words and ours. Source: the vendor's reference of statuses and error codes."""

from __future__ import annotations

from adapters.http import REPAIR_PAUSE, Meaning
from dispatch.words import State, Why

MESSAGE: dict[str, State] = {
    "accepted": State.ACCEPTED,
    "scheduled": State.ACCEPTED,
    "queued": State.ACCEPTED,
    "sending": State.ACCEPTED,
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "partially_delivered": State.DELIVERED,
    "read": State.READ,
    "undelivered": State.UNDELIVERED,
    "failed": State.FAILED,
    "canceled": State.SUPPRESSED,
}

CALL: dict[str, State] = {
    "queued": State.ACCEPTED,
    "initiated": State.ACCEPTED,
    "ringing": State.SENT,
    "in-progress": State.SENT,
    # Nobody is known to have listened: below `delivered`, so the ladder goes on.
    "completed": State.DELIVERED_MACHINE,
    "busy": State.FAILED,
    "no-answer": State.FAILED,
    "failed": State.FAILED,
    "canceled": State.SUPPRESSED,
}

ANSWERED_BY: dict[str, State] = {
    "human": State.DELIVERED,
    "machine_start": State.DELIVERED_MACHINE,
    "machine_end_beep": State.DELIVERED_MACHINE,
    "machine_end_silence": State.DELIVERED_MACHINE,
    "machine_end_other": State.DELIVERED_MACHINE,
    "fax": State.DELIVERED_MACHINE,
    "unknown": State.DELIVERED_MACHINE,
}

FAILED_STATES = frozenset({State.FAILED, State.UNDELIVERED, State.EXPIRED})

CALL_FAILURE: dict[str, Meaning] = {
    "busy": Meaning(Why.BUSY, retry=30),
    "no-answer": Meaning(Why.NO_ANSWER, retry=120),
    "canceled": Meaning(Why.CANCELLED),
    "failed": Meaning(Why.UNREACHABLE),
}

SIP: dict[int, Meaning] = {
    404: Meaning(Why.WRONG_ADDRESS, spoil=True),
    410: Meaning(Why.WRONG_ADDRESS, spoil=True),
    484: Meaning(Why.WRONG_ADDRESS, spoil=True),
    604: Meaning(Why.WRONG_ADDRESS, spoil=True),
    403: Meaning(Why.BLOCKED),
    603: Meaning(Why.BLOCKED),
    480: Meaning(Why.UNREACHABLE, retry=120),
    408: Meaning(Why.NO_ANSWER, retry=120),
    486: Meaning(Why.BUSY, retry=30),
    600: Meaning(Why.BUSY, retry=30),
    500: Meaning(Why.CONGESTION, retry=30),
    502: Meaning(Why.CONGESTION, retry=30),
    503: Meaning(Why.CONGESTION, retry=30),
    504: Meaning(Why.CONGESTION, retry=30),
}

_WRONG = Meaning(Why.WRONG_ADDRESS, spoil=True)
_ACCOUNT = Meaning(Why.AUTH, retry=REPAIR_PAUSE, halt=True)
_REGION = Meaning(Why.AUTH)

ERROR: dict[int, Meaning] = {
    # at once, in the answer to a create
    20003: _ACCOUNT,                                  # wrong credentials
    20005: _ACCOUNT,                                  # account not active
    20404: _ACCOUNT,                                  # no such account
    20429: Meaning(Why.RATE, retry=1),
    20503: Meaning(Why.VENDOR, retry=2),
    21211: _WRONG,                                    # To is no number
    21212: _ACCOUNT,                                  # From is no number
    21214: _WRONG,                                    # To cannot be reached
    21217: _WRONG,
    21220: Meaning(Why.VENDOR),                       # call no longer in that state
    21408: _REGION,
    21602: Meaning(Why.CONTENT),
    21603: _ACCOUNT,                                  # no From
    21604: _WRONG,                                    # no To
    21606: _ACCOUNT,                                  # From is not ours
    21608: _REGION,                                   # trial account, number not verified
    21610: Meaning(Why.OPT_OUT, spoil=True),          # the person answered STOP
    21611: Meaning(Why.CONGESTION, retry=5),          # the number's queue is full
    21612: Meaning(Why.UNREACHABLE),                  # no route
    21614: _WRONG,                                    # not a mobile
    21617: Meaning(Why.CONTENT),                      # longer than 1,600 characters
    21703: _ACCOUNT,                                  # service without a number
    21705: _ACCOUNT,                                  # no such service
    13224: _WRONG,
    13225: Meaning(Why.BLOCKED),
    13227: _REGION,
    32009: Meaning(Why.UNREACHABLE, retry=120),       # SIP user not registered
    # later, in a callback
    30001: Meaning(Why.CONGESTION, retry=5),
    30002: _ACCOUNT,
    30003: Meaning(Why.UNREACHABLE, retry=120),       # off, or out of range
    30004: Meaning(Why.BLOCKED),
    30005: _WRONG,
    30006: _WRONG,                                    # landline
    30007: Meaning(Why.FILTERED),
    30008: Meaning(Why.VENDOR, retry=30),
    30017: Meaning(Why.CONGESTION, retry=30),
    30022: Meaning(Why.RATE, retry=30),
    30023: Meaning(Why.QUOTA),
    30036: Meaning(Why.EXPIRED),
    30410: Meaning(Why.CONGESTION, retry=30),
    63017: Meaning(Why.RATE, retry=30),
    63018: Meaning(Why.RATE, retry=30),
    63038: Meaning(Why.QUOTA),
}

STATUS: dict[int, Meaning] = {
    401: _ACCOUNT,
    403: _ACCOUNT,
    404: _ACCOUNT,
    429: Meaning(Why.RATE, retry=1),
    503: Meaning(Why.VENDOR, retry=2),
}
"""By HTTP status, for a code that the table does not know."""

OTHER = Meaning(Why.VENDOR)


def meaning_of(code: int, status: int) -> Meaning:
    return ERROR.get(code) or STATUS.get(status, OTHER)


def failure_of_call(status: str, sip: int | None) -> Meaning:
    """What the network said is more exact than the word `failed`."""
    told = SIP.get(sip or 0) if status == "failed" else None
    return told or CALL_FAILURE[status]
