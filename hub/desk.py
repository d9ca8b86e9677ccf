"""The one path of every command: permission → facts → decide → record → tell.

Asking twice is asking once: a command's id is recorded with its result, and the same id asked
again gets the same answer without deciding anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from hub.kernel.actor import Actor
from hub.kernel.clock import Clock
from hub.kernel.errors import Forbidden, HubError, NotFound, Refused
from hub.kernel.ids import uuid7
from hub.kernel.messages import Command, Recorded, kind_of
from hub.record import (
    Append,
    Audit,
    Connection,
    Database,
    Entry,
    Journal,
    NewEvent,
    Row,
    VersionConflict,
)
from hub.spoke import Decides, Decision, Does, Project, React, Spoke, Touched
from hub.telling import Teller
from hub.wire.codec import EventCodec, encode, fingerprint, to_plain

RETRIES = 60
"""Each conflict is somebody else's step forward. After a pause of the hub all clocks of a case strike in a row, five times each,
and each strike changes it; they read less than a person's step does, so that between them they may be faster every time."""


class Desk:
    def __init__(
        self, *, db: Database, journal: Journal, audit: Audit, teller: Teller, clock: Clock,
        spokes: Iterable[Spoke],
    ) -> None:
        self._db, self._journal, self._audit, self._teller, self._clock = db, journal, audit, teller, clock
        spokes = tuple(spokes)
        self.codec = EventCodec(event for spoke in spokes for event in spoke.events)
        self.rules: dict[str, Decides | Does] = {
            kind_of(rule.command): rule for spoke in spokes for rule in spoke.commands
        }
        self._projects: dict[str, Project] = {
            kind_of(event): spoke.project for spoke in spokes if spoke.project for event in spoke.events
        }
        self._reacts: dict[str, list[React]] = {}
        for spoke in spokes:
            for event, react in spoke.reacts.items():
                self._reacts.setdefault(event, []).append(react)

    def rule(self, name: str) -> Decides | Does:
        try:
            return self.rules[name]
        except KeyError:
            raise NotFound(f"没有“{name[:60]}”这个操作。", f"There is no command {name[:60]!r}.",
                           code="unknown-command") from None

    async def ask(self, command: Command, actor: Actor) -> Any:
        """Returns the result as plain JSON values. Raises Refused with the sentence for the asker."""
        name = kind_of(command)
        rule = self.rule(name)
        try:
            if not actor.may(rule.permission):
                raise Forbidden(f"您的账号没有“{rule.permission}”权限，请联系管理员。",
                                f"Your account lacks the permission {rule.permission}; ask an administrator.")
            result = await self._run(rule, command, actor)
        except Refused as refusal:
            await self._note(name, command, actor, "refused", refusal)
            raise
        if rule.audited:
            await self._note(name, command, actor, "ok", None)
        return result

    async def _run(self, rule: Decides | Does, command: Command, actor: Actor) -> Any:
        if isinstance(rule, Does):
            return to_plain(await rule.handle(command, actor, self._clock.now()))
        known = await self._journal.result(command.id)
        if known is not None:
            return await self._record(command, actor, Decision())
        try:
            for _ in range(RETRIES):
                with suppress(VersionConflict):
                    return await self._decide(rule, command, actor)
            return await self._decide(rule, command, actor)
        except Refused:
            # The same wish may have come twice at once, and what it changed stands in its own way.
            if await self._journal.result(command.id) is None:
                raise
            return await self._record(command, actor, Decision())

    async def _decide(self, rule: Decides, command: Command, actor: Actor) -> Any:
        async with self._db.read() as conn:
            facts = await rule.facts(conn, command, actor)
        decision = rule.decide(facts, command, actor, self._clock.now())
        return await self._record(command, actor, decision)

    async def _record(self, command: Command, actor: Actor, decision: Decision) -> Any:
        at = self._clock.now()
        appended = await self._journal.append(Append(
            cmd=command.id,
            body=fingerprint(command),
            actor=actor.id,
            at=at,
            entries=tuple(
                Entry(write.stream, write.expected, tuple(
                    NewEvent(kind_of(event), event.schema_version, uuid7(at), self.codec.encode(event))
                    for event in write.events
                ))
                for write in decision.writes
            ),
            claims=decision.claims,
            result=encode(decision.result),
            project=self._project,
        ))
        if appended.projected:
            self._teller.touch(appended.projected)
        return msgspec.json.decode(appended.result) if appended.result else None

    async def _project(self, conn: Connection, rows: Sequence[Row]) -> list[Touched]:
        """Rows of one spoke go to its projection together, in order."""
        touched: list[Touched] = []
        batch: list[Recorded] = []
        owner: Project | None = None
        for row in rows:
            project = self._projects.get(row.type)
            if project is not owner and owner is not None:
                touched += await owner(conn, batch)
                batch = []
            owner = project
            if project is not None:
                batch.append(self.recorded(row))
        if owner is not None and batch:
            touched += await owner(conn, batch)
        await self._react(conn, rows)
        return touched

    async def _react(self, conn: Connection, rows: Sequence[Row]) -> None:
        heeded: dict[React, list[Recorded]] = {}
        for row in rows:
            for react in self._reacts.get(row.type, ()):
                heeded.setdefault(react, []).append(self.recorded(row))
        for react, facts in heeded.items():
            await react(conn, facts)

    def recorded(self, row: Row) -> Recorded:
        return Recorded(row.pos, row.stream, row.version, row.at, row.id, row.cmd, row.actor,
                        self.codec.decode(row.type, row.schema, row.data))

    async def _note(self, name: str, command: Command, actor: Actor, outcome: str, error: HubError | None) -> None:
        await self._audit.note(
            None, at=self._clock.now(), actor=actor.id, act=name, object=subject_of(command), outcome=outcome,
            address=actor.address, detail={"name": actor.name} | ({"code": error.code, "why": error.zh} if error else {}),
        )


def subject_of(command: Command) -> str:
    """The first id or name a command speaks of, for the audit line."""
    for field in ("broadcast", "case", "call", "meeting", "live", "recording", "speech", "plan", "delivery", "package", "day", "person", "organisation", "code", "account", "station", "title", "name"):
        value = getattr(command, field, None)
        if value not in (None, ""):
            return f"{field}:{value}"[:120]
    return f"command:{command.id}"
