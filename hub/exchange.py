"""The exchange with the province, put together."""

from __future__ import annotations

from collections.abc import Mapping

from hub.access.tokens import subkey
from hub.access.work import Access
from hub.cases.rebuild import Beside
from hub.desk import Desk
from hub.kernel.clock import Clock
from hub.record import Database
from hub.settings import Settings
from hub.spoke import Spoke
from hub.streams.exchange.deciding import Border
from hub.streams.exchange.events import EVENTS
from hub.streams.exchange.manifest import Seal
from hub.streams.exchange.ports import Parcel, Signed
from hub.streams.exchange.projection import TABLES, project
from hub.streams.exchange.spoke import exchange_spoke
from hub.streams.exchange.works import ExchangeWorks
from hub.vendors import build_province

__all__ = ["ROWS", "ExchangeWorks", "border_of", "exchange_hung", "exchange_of"]

ROWS = Beside(tables=TABLES, events=EVENTS, project=project)


def border_of(province: Mapping[str, str], key: bytes) -> Border:
    """`key`: the hub's secret, from which its seal is made as its other keys are: it is kept and restored with it."""
    return Border(city=province.get("code", ""), seal=Seal(subkey(key, "province")), theirs=bytes.fromhex(province.get("key", "")))


def exchange_hung(access: Access, clock: Clock, province: Mapping[str, str]) -> Spoke:
    return exchange_spoke(access.db, clock, border_of(province, access.key))


def exchange_of(settings: Settings, key: bytes, db: Database, desk: Desk, clock: Clock) -> ExchangeWorks:
    border = border_of(settings.province, key)

    async def take(parcel: Parcel) -> Signed:
        return await works.take(parcel)

    async def hear(receipt: Signed) -> None:
        await works.hear(receipt)

    province = build_province(settings, border.seal.public.hex(), take, hear)
    works = ExchangeWorks(db, desk, clock, border, province)
    return works
