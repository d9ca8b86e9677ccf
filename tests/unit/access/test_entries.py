"""Who is trusted while nobody can be asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hub.access.entries import REMEMBERED_FOR, TRUSTED_FOR, Entries, Entry
from hub.kernel.actor import Actor, Role

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def entry(number: int, expires: datetime | None = None) -> Entry:
    actor = Actor(id=f"person:{number}", name="", roles=(Role.DEPUTY,), scopes=())
    return Entry(actor=actor, credential=f"session:{number}", expires=expires)


def known(*entries: Entry) -> Entries:
    found = Entries()
    for one in entries:
        found.remember(one.credential.encode(), one, AT, found.changes)
    return found


def trusted(entries: Entries, at: datetime = LATER) -> list[int]:
    return [number for number in range(5) if entries.trust(b"session:%d" % number, at)]


def test_who_proved_himself_lately_is_trusted_longer_than_he_is_remembered_but_not_past_his_session():
    entries = known(entry(1), entry(2, expires=LATER))

    assert entries.recall(b"session:1", AT + REMEMBERED_FOR) is None
    assert trusted(entries, LATER - timedelta(seconds=1)) == [1, 2]
    assert trusted(entries) == [1]
    assert trusted(entries, AT + TRUSTED_FOR) == []


def test_who_was_revoked_or_is_here_no_longer_is_not_trusted_until_he_proves_himself_again():
    entries = known(entry(1), entry(2), entry(3))

    entries.forget({"session:1"})
    entries.doubt("person:2")
    assert trusted(entries) == [3]

    entries.remember(b"session:2", entry(2), AT, entries.changes)
    assert trusted(entries) == [2, 3]


def test_what_is_doubted_here_is_said_to_the_other_nodes_and_not_said_back():
    entries, said = known(entry(1)), list[str]()
    entries.doubters.append(said.append)

    entries.doubt("person:1")
    entries.doubt_here("person:2")

    assert said == ["person:1"]
