"""Subscriptions are saved and ended by who holds them; matching is the hub's own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from hub.cases.shapes import LIVES
from hub.cases.subscribing import messages as m
from hub.kernel.actor import CITY, SYSTEM, Actor, Permission
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from hub.kernel.lifecycle import DESK, blank, own_ref, refs_of
from hub.record import Connection, load_sql
from hub.search.text import fold
from hub.spoke import Decision, Write

Q = load_sql("hub.cases.subscribing")
MOST = 20
STATION = "station:"
HOLDERS = ("person:", "account:", STATION, "department:", "district:", DESK)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription as a command finds it; `holder` None: there is none. `others`: how many more its holder has."""

    holder: str | None = None
    version: int = 0
    ended: bool = False
    others: int = 0


def stream_of(subscription: UUID) -> str:
    return f"subscription-{subscription}"


async def kept(conn: Connection, command: m.SaveSubscription | m.EndSubscription, actor: Actor) -> Kept:
    row = await conn.fetchrow(Q["subscription"], command.subscription)
    holder = getattr(command, "holder", "") or own_ref(actor)
    others = await conn.fetchval(Q["others"], holder, command.subscription)
    return Kept(holder=row["holder"], version=row["version"], ended=row["ended"], others=others) if row else Kept(others=others)


def save(known: Kept, command: m.SaveSubscription, actor: Actor, _at: datetime) -> Decision:
    holder = command.holder or own_ref(actor)
    _require_held(known, actor)
    _require_may_hold(holder, actor)
    if known.holder is not None and known.holder != holder:
        raise Refused("订阅归谁不能改，请另建一条。", "Whose a subscription is cannot be changed; make another.", field="holder")
    words = tuple(dict.fromkeys(word.strip() for word in command.words))
    _require_something(words, command)
    _require_known(command)
    if known.others >= MOST:
        raise Conflict(f"最多订阅{MOST}条，请先删去不用的。", f"At most {MOST} subscriptions; end some first.", code="too-many-subscriptions")
    event = m.SubscriptionSaved(subscription=command.subscription, holder=holder, words=words, topics=command.topics, streams=command.streams)
    return Decision(writes=(Write(stream_of(command.subscription), known.version, (event,)),))


def end(known: Kept, command: m.EndSubscription, actor: Actor, _at: datetime) -> Decision:
    _require_held(known, actor)
    if known.holder is None or known.ended:
        raise _none()
    return Decision(writes=(Write(stream_of(command.subscription), known.version, (m.SubscriptionEnded(subscription=command.subscription),)),))


def match(found: tuple[m.Match, ...], command: m.MatchSubscriptions, actor: Actor, _at: datetime) -> Decision:
    """Claims: who was alerted to a case is never alerted to it again."""
    if actor.id != SYSTEM.id:
        raise Forbidden("订阅由系统自己匹配。", "Subscriptions are matched by the hub itself.", code="not-yours")
    if not found:
        return Decision()
    event = m.SubscriptionsMatched(case=command.case, matches=found)
    return Decision(writes=(Write(f"subscribed-{command.case}", -1, (event,)),), claims=tuple(f"subscribed/{command.case}/{one.holder}" for one in found))


def _none() -> NotFound:
    return NotFound("没有这条订阅，可能已经取消。", "There is no such subscription; it may have been ended.", field="subscription")


def holders_of(actor: Actor) -> frozenset[str]:
    """For whom somebody may subscribe. A desk is the whole city's."""
    refs = {own_ref(actor), *refs_of(actor)}
    return frozenset(ref for ref in refs if ref.startswith(HOLDERS) and (CITY in actor.scopes or not ref.startswith(DESK)))


def may_hold(holder: str, actor: Actor) -> bool:
    """Stations have a screen without a keyboard: the city's committee of deputies subscribes for them."""
    return holder in holders_of(actor) or (holder.startswith(STATION) and keeps_stations(actor))


def keeps_stations(actor: Actor) -> bool:
    return CITY in actor.scopes and actor.may(Permission.INTAKE)


def _require_held(known: Kept, actor: Actor) -> None:
    if known.holder is not None and not may_hold(known.holder, actor):
        raise _none()


def _require_may_hold(holder: str, actor: Actor) -> None:
    if not may_hold(holder, actor):
        raise Forbidden("您不能替别人订阅，请只为自己或您代表的站点、单位订阅。",
                        "Subscribe for yourself, or for the station, unit or desk you act for.", code="not-yours", field="holder")


def _require_something(words: tuple[str, ...], command: m.SaveSubscription) -> None:
    if any(len(fold(word).strip()) < 2 or blank(word) for word in words):
        raise Refused("关键词至少两个字，请改长一些。", "A word has two characters at least.", field="words")
    if not words and not command.topics:
        raise Refused("请至少写一个关键词，或选一个主题。", "Give a word or a topic at least.", field="words")


def _require_known(command: m.SaveSubscription) -> None:
    strange = next((name for name in command.streams if name not in LIVES), None)
    if strange is not None:
        raise Refused(f"没有名为“{strange}”的业务，请从列表中选择。", f"There is no stream {strange!r}; choose from the list.", field="streams")
    topic = next((code for code in command.topics if not _is_topic(code)), None)
    if topic is not None:
        raise Refused(f"没有“{topic}”这个主题，请从列表中选择。", f"There is no topic {topic!r}; choose from the list.", field="topics")


def _is_topic(code: str) -> bool:
    stream, _, word = code.partition("/")
    return stream in LIVES and any(word in LIVES[stream].life.words.get(field, {}) for field in ("kind", "topic"))
