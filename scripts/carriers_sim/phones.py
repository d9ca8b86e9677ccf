"""What the page shows: each address with its newest messages and calls. Pure but for the store."""

from __future__ import annotations

from enum import StrEnum
from itertools import islice
from typing import Any

from scripts.carriers_sim.reader import link_of
from scripts.carriers_sim.store import Call, Notice, Sms
from scripts.carriers_sim.world import World

ITEMS_OF_ONE = 8


def told(item: Sms | Notice | Call) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": item.sid,
        "to": item.to,
        "status": item.status,
        "created": item.created,
    }
    match item:
        case Sms():
            return row | {
                "channel": "sms",
                "from": item.sender or item.service,
                "body": item.body,
                "error_code": item.error_code,
                "link": link_of(item),
                "opened": item.opened,
            }
        case Notice():
            return row | {
                "channel": "wechat",
                "fields": item.fields,
                "body": "\n".join(item.fields.values()),
                "client_msg_id": item.client_msg_id,
                "link": item.link,
                "opened": item.opened,
            }
        case Call():
            return row | {
                "channel": "voice",
                "from": item.sender,
                "heard": item.heard,
                "pressed": item.pressed,
                "asking": item.asking,
                "answered_by": item.answered_by,
                "seconds": item.seconds,
                "ended": item.ended,
            }


def phones(world: World, wanted: str, limit: int) -> dict[str, Any]:
    store = world.store
    addresses = (a for a in reversed(store.seen) if wanted in a)
    return {
        "version": store.version,
        "people": [_person(world, address) for address in islice(addresses, limit)],
        "total": len(store.seen),
    }


def _person(world: World, address: str) -> dict[str, Any]:
    store = world.store
    items: list[Sms | Notice | Call] = [
        *islice(store.messages.newest(address), ITEMS_OF_ONE),
        *islice(store.notices.newest(address), ITEMS_OF_ONE),
        *islice(store.calls.newest(address), ITEMS_OF_ONE),
    ]
    items.sort(key=lambda item: item.created, reverse=True)
    habits: dict[str, StrEnum]
    if address.startswith("o"):
        habits = {"wechat": world.wechat_habit(address)}
    else:
        habits = {"phone": world.phone_habit(address), "text": world.text_habit(address)}
    return {
        "address": address,
        "habits": habits,
        "by_hand": "by_hand" in habits.values(),
        "items": [told(item) for item in items[:ITEMS_OF_ONE]],
    }
