"""What is shown of the exchange: its packages, one of them whole, how it stands. For the city's intake desk and administrators, live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from hub.cases.names import names_of
from hub.kernel.actor import Actor, Permission
from hub.kernel.errors import NotFound
from hub.record import Connection, load_sql
from hub.spoke import Change, Page, View
from hub.streams.exchange import messages as m
from hub.streams.exchange.deciding import Border, require_city
from hub.streams.exchange.manifest import Manifest, Receipt, holds, key_name
from hub.streams.exchange.model import COMMANDS, SAID, STATES
from hub.streams.exchange.ports import Signed
from hub.streams.exchange.projection import PACKAGE, PACKAGES, PROVINCE, STANDING
from hub.streams.exchange.reactions import CALLED, FROM_PROVINCE
from hub.wire.words import REFETCH

Q = load_sql(__package__)
P = Permission
PACE = 1.0
"""Seconds: each telling is a page read again by whoever looks at it."""
TARGET = 5.0
"""Seconds sent → applied (processes.md §14)."""
STEPS = {code: (zh, en) for code, zh, en in SAID.values()}
PARTNER = "省级平台"


async def packages(conn: Connection, params: m.PackagesParams, actor: Actor) -> Page:
    require_city(actor)
    pattern = f"%{_as_written(params.q)}%" if params.q else None
    rows = await conn.fetch(Q["packages"], params.state, params.kind, params.direction, pattern, params.size, (params.page - 1) * params.size, None)
    return Page([_row(row) for row in rows], rows[0]["total"] if rows else 0)


async def packages_again(_conn: Connection, keys: Sequence[str]) -> Sequence[Change]:
    return [Change(key=REFETCH, row=None, rooms=(PACKAGES,))] if keys else []


async def package_again(_conn: Connection, keys: Sequence[str]) -> Sequence[Change]:
    """Hundreds change in a second while one is looked at: who looks asks anew."""
    return [Change(key=REFETCH, row=None, rooms=(f"{PACKAGE}/{key}",)) for key in keys]


def _as_written(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _row(row: Any) -> m.PackageRow:
    state, kind = STATES[row["state"]], CALLED.get(row["kind"], (row["kind"], row["kind"]))
    taken = {name: row[name] for name in m.PackageRow.__struct_fields__ if name in row}
    return m.PackageRow(**taken, kind_zh=kind[0], kind_en=kind[1], case=row["case_id"], state_zh=state[0], state_en=state[1], tone=state[2])


class ExchangeViews:
    def __init__(self, border: Border) -> None:
        self._border = border

    async def package(self, conn: Connection, params: m.PackageParams, actor: Actor) -> Page:
        require_city(actor)
        rows = await conn.fetch(Q["packages"], "", "", "", None, 1, 0, [params.package])
        if not rows:
            raise NotFound("没有这个交换包，请从列表中选择。", "There is no such package; choose one from the list.", field="package")
        names = await names_of(conn, {line["who"] for line in rows[0]["trail"]})
        return Page([self._detail(rows[0], names)], 1)

    async def standing(self, conn: Connection, _params: m.StandingParams, actor: Actor) -> Page:
        require_city(actor)
        return Page([await self._stands(conn)], 1)

    async def standing_again(self, conn: Connection, _keys: Sequence[str]) -> Sequence[Change]:
        return [Change(key=PROVINCE, row=await self._stands(conn), rooms=(STANDING,))]

    def _detail(self, row: Any, names: Mapping[str, str]) -> m.PackageDetail:
        manifest = msgspec.json.decode(row["manifest"], type=Manifest)
        may = tuple(name for name, states in COMMANDS.items() if row["direction"] == "out" and row["state"] in states)
        return m.PackageDetail(
            id=row["id"], row=_row(row), manifest=_manifest(manifest),
            body=row["body"].decode("utf-8", "replace"), receipt=self._receipt(row), trail=tuple(_step(line, names) for line in row["trail"]), may=may,
            errors=msgspec.convert(row["errors"] or [], tuple[m.FieldError, ...]))

    def _receipt(self, row: Any) -> m.ReceiptRow | None:
        if row["receipt"] is None:
            return None
        said = msgspec.json.decode(row["receipt"], type=Receipt)
        ours = row["direction"] == "in"
        key = self._border.seal.public if ours else self._border.theirs
        return m.ReceiptRow(
            who="本市" if ours else PARTNER, at=said.at, says=said.says.value, key=key_name(key) if key else "", signature=row["receipt_signature"].hex(),
            signature_ok=bool(key) and holds(key, Signed(text=row["receipt"], signature=row["receipt_signature"])), text=row["receipt"].decode())

    async def _stands(self, conn: Connection) -> m.StandingRow:
        province, counts, measured = (await conn.fetchrow(Q["province"]), await conn.fetchrow(Q["counts"]), await conn.fetchrow(Q["measured"], TARGET))
        assert province is not None
        days = tuple(_day(row) for row in await conn.fetch(Q["days"]))
        return m.StandingRow(
            id=PROVINCE, partner=PARTNER, city=self._border.city, on=self._border.on, up=province["up"], last_contact=province["contact"],
            error=province["error"], **dict(counts or {}), **dict(measured or {}), target=TARGET, key=self._border.seal.name,
            public_key=self._border.seal.public.hex(), reconciliations=days, kinds=KINDS,
            states=tuple(m.ExchangeState(state=code, zh=zh, en=en, tone=tone) for code, (zh, en, tone) in STATES.items()))


def _manifest(manifest: Manifest) -> m.ManifestRow:
    return m.ManifestRow(**{name: getattr(manifest, name) for name in m.ManifestRow.__struct_fields__})


def _step(line: Mapping[str, str], names: Mapping[str, str]) -> m.PackageStep:
    zh, en = STEPS[line["what"]]
    return msgspec.convert({**line, "zh": zh, "en": en, "who": names.get(line["who"], line["who"])}, m.PackageStep)


def _day(row: Any) -> m.DayRow:
    kinds = msgspec.convert(row["kinds"], tuple[m.KindOfDay, ...])
    return m.DayRow(day=row["day"], at=row["at"], kinds=kinds, ours=sum(one.ours for one in kinds), theirs=sum(one.theirs for one in kinds),
                    differing=tuple(row["differing"]), resent=tuple(row["resent"]))


KINDS = tuple(m.ExchangeKind(kind=code, zh=zh, en=en, direction="in" if code in FROM_PROVINCE else "out") for code, (zh, en) in CALLED.items())


def views_of(border: Border) -> tuple[View, ...]:
    shows = ExchangeViews(border)
    return (
        View(name=PACKAGES, params=m.PackagesParams, row=m.PackageRow, permission=P.INTAKE, fetch=packages, room=lambda _params, _actor: PACKAGES,
             reread=packages_again, pace=PACE),
        View(name=PACKAGE, params=m.PackageParams, row=m.PackageDetail, permission=P.INTAKE, fetch=shows.package,
             room=lambda params, _actor: f"{PACKAGE}/{params.package}", reread=package_again),
        View(name=STANDING, params=m.StandingParams, row=m.StandingRow, permission=P.INTAKE, fetch=shows.standing,
             room=lambda _params, _actor: STANDING, reread=shows.standing_again, pace=PACE),
    )
