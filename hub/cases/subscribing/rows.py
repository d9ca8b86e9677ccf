"""Rows of subscriptions and what they have found."""

from __future__ import annotations

from typing import Any

from hub.cases.deciding import case_and_stream
from hub.cases.listing import Search, may_see_too
from hub.cases.names import names_of
from hub.cases.notices import Notice, keep
from hub.cases.subscribing import messages as m
from hub.cases.subscribing.deciding import holders_of, keeps_stations, may_hold
from hub.directory.messages.params import NoParams
from hub.kernel.actor import Actor, Permission
from hub.kernel.errors import NotFound
from hub.kernel.ids import derived
from hub.kernel.lifecycle import path_of
from hub.kernel.messages import Recorded
from hub.record import Connection, load_sql
from hub.spoke import Page, Touched, View

Q = load_sql("hub.cases.subscribing")
TABLES = ("cases.subscription", "cases.subscription_hit")
SHOWN = 40
HITS = 100


async def project(conn: Connection, fact: Recorded, live: bool) -> list[Touched]:
    match fact.event:
        case m.SubscriptionSaved() as event:
            await conn.execute(Q["save"], event.subscription, event.holder, fact.version, list(event.words), list(event.topics), list(event.streams), fact.at,
                               fact.pos)
        case m.SubscriptionEnded() as event:
            await conn.execute(Q["end"], event.subscription, fact.version)
        case m.SubscriptionsMatched() as event:
            return await _matched(conn, fact, event, live)
    return []


async def _matched(conn: Connection, fact: Recorded, event: m.SubscriptionsMatched, live: bool) -> list[Touched]:
    known = await case_and_stream(conn, event.case)
    if known is None:
        return []
    case, shapes = known
    await conn.executemany(Q["add_hit"], [(one.subscription, event.case, one.holder, one.word, fact.at) for one in event.matches])
    title, life = case.facts.title[:SHOWN], shapes.life
    shown = f"一件不公开的{life.zh}" if case.facts.confidential else f"{life.zh}“{title}”"
    told = [Notice(id=derived("case notice", fact.id, one.holder), case=case.id, stream=life.name, ref=one.holder, path=path_of(case.facts.scope),
                   zh=f"您订阅的“{one.word}”有新内容：{life.zh}“{title}”。", en=f"New on “{one.word}”, to which you subscribed: {life.en} “{title}”.",
                   plain=f"您订阅的“{one.word}”有新内容：{shown}。", urgent=False, late=False) for one in event.matches]
    return await keep(conn, told, fact, live)


async def subscriptions(conn: Connection, _params: NoParams, actor: Actor) -> Page:
    found = [dict(row) for row in await conn.fetch(Q["held"], sorted(holders_of(actor)), keeps_stations(actor))]
    names = await names_of(conn, {row["holder"] for row in found})
    rows = [m.SubscriptionRow(**_plain(row), holder_name=names.get(row["holder"], row["holder"])) for row in found]
    return Page(rows, len(rows))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: tuple(row[name]) for name in ("words", "topics", "streams")}


async def hits(conn: Connection, params: m.OfSubscription, actor: Actor) -> Page:
    holder = await conn.fetchval(Q["holder"], params.subscription)
    if holder is None or not may_hold(holder, actor):
        raise NotFound("没有这条订阅，可能已经取消。", "There is no such subscription; it may have been ended.", field="subscription")
    search = Search(given=[params.subscription])
    may_see_too(search, actor)
    found = await conn.fetch(
        "select i.id, i.stream, i.number, i.title, h.word, h.at from cases.subscription_hit h join cases.item i on i.id = h.case_id"
        f" where h.subscription = $1 and ({search.condition}) order by h.at desc, i.id limit {HITS}", *search.given)
    return Page([m.HitRow(**dict(row)) for row in found], len(found))


VIEWS = (
    View(name="subscriptions", params=NoParams, row=m.SubscriptionRow, permission=Permission.SELF, fetch=subscriptions),
    View(name="subscription_hits", params=m.OfSubscription, row=m.HitRow, permission=Permission.SELF, fetch=hits),
)
