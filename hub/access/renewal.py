"""A new link for who holds an old one: a wish from outside, without a sign-in.

The new one goes to the addresses on record and nowhere else, so that an old link in wrong hands
gets nothing. A link that was taken back is not renewed: the telephone itself may be in wrong hands.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from hub.access.tokens import Link, read_old_link
from hub.access.work import Access, queries
from hub.kernel.errors import NotSignedIn
from hub.kernel.ids import uuid7
from hub.record import Connection, Jobs

JOB = "link.renew"
"""Its payload: {renewal, person, delivery, asked}. Whoever sends messages does it."""

MOST, WITHIN = 3, timedelta(days=1)
APART = timedelta(minutes=1)
"""Asked again sooner: the first is on its way."""
RENEWABLE_FOR = timedelta(days=180)
"""After it has expired."""


class Answer(StrEnum):
    """For the audit log alone: whoever asks is told the same sentence each time."""

    ASKED = "ok"
    FORGED = "bad-link"
    TOO_OLD = "link-too-old"
    TAKEN_BACK = "link-taken-back"
    NOBODY = "no-such-person"
    TOO_SOON = "too-soon"
    TOO_MANY = "too-many"


async def renew(access: Access, token: str, address: str, at: datetime) -> None:
    """`address` is the network address the wish came from."""
    try:
        link = read_old_link(access.key, token)
    except NotSignedIn:
        await _note(access, None, None, Answer.FORGED, address, at)
        return
    async with access.db.transaction() as conn:
        answer = await _answer(conn, link, at)
        if answer is Answer.ASKED:
            await _ask(conn, link, at)
        await _note(access, conn, link, answer, address, at)


async def _answer(conn: Connection, link: Link, at: datetime) -> Answer:
    await conn.execute(queries["lock_renewals"], str(link.person))
    person = await conn.fetchrow(queries["person_for_link"], link.person)
    past = await conn.fetchrow(queries["renewals"], link.person, at - WITHIN)
    asked, last = (past["asked"], past["last"]) if past else (0, None)
    refused = (
        (Answer.NOBODY, person is None),
        (Answer.TAKEN_BACK, bool(person and person["before"] and link.issued <= person["before"])),
        (Answer.TOO_OLD, at > link.expires + RENEWABLE_FOR),
        (Answer.TOO_SOON, last is not None and at < last + APART),
        (Answer.TOO_MANY, asked >= MOST),
    )
    return next((answer for answer, holds in refused if holds), Answer.ASKED)


async def _ask(conn: Connection, link: Link, at: datetime) -> None:
    renewal = uuid7(at)
    await conn.execute(queries["forget_old_renewals"], at - WITHIN)
    await conn.execute(queries["add_renewal"], renewal, link.person, at)
    await Jobs.put(conn, JOB, str(renewal), at, {
        "renewal": renewal, "person": link.person, "delivery": link.delivery, "asked": at,
    })


async def _note(
    access: Access, conn: Connection | None, link: Link | None, answer: Answer, address: str, at: datetime
) -> None:
    await access.audit.note(
        conn, at=at, actor="", act="renew-link", object=f"person:{link.person}" if link else "link",
        outcome="ok" if answer is Answer.ASKED else "refused", address=address,
        detail={} if answer is Answer.ASKED else {"code": answer.value},
    )
