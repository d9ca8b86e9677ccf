"""What deputies, stations and desks of the demo city have subscribed to."""

from __future__ import annotations

from collections.abc import Sequence

from hub.cases.demo_subscribed import Wanted
from hub.cases.demo_town import COMMITTEE, INTAKE, LEGISLATOR, Resident, Town
from hub.kernel.actor import Actor, Permission
from hub.kernel.lifecycle import DESK

ACTIVITIES, TOPICS, LAWS, PROPOSALS = "activities", "duty_topics", "legislation", "proposals"
Wish = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], int]
"""Words, topics, streams, days before today."""

OF_DEPUTIES: tuple[Wish, ...] = (
    (("老旧小区", "加装电梯"), (), (ACTIVITIES, PROPOSALS), 340), (("养老", "助餐"), (), (ACTIVITIES, TOPICS, LAWS), 330),
    ((), (f"{TOPICS}/legislation",), (TOPICS,), 320), (("污水", "大气"), (), (ACTIVITIES, TOPICS), 300),
    (("物业",), (f"{ACTIVITIES}/law",), (ACTIVITIES, LAWS), 260), (("校外配餐", "食品安全"), (), (ACTIVITIES, TOPICS), 214),
    ((), (f"{ACTIVITIES}/training",), (ACTIVITIES,), 180), (("澜江", "流域"), (), (LAWS, TOPICS), 170), (("电动自行车",), (), (LAWS, TOPICS, PROPOSALS), 150),
    ((), (f"{TOPICS}/supervision",), (TOPICS,), 128), (("全民阅读", "书房"), (), (LAWS,), 60), (("医疗", "卫生服务"), (), (TOPICS, PROPOSALS), 40),
)
OF_STATIONS: tuple[Wish, ...] = (
    (("接待",), (), (ACTIVITIES,), 290), (("防汛", "易涝"), (), (ACTIVITIES, PROPOSALS), 230), (("养犬", "绿化"), (), (LAWS,), 240),
)
OF_DESKS: tuple[tuple[Permission, Actor, Wish], ...] = (
    (Permission.COMMITTEE, COMMITTEE, (("执法检查",), (), (ACTIVITIES,), 310)), (Permission.LEGISLATE, LEGISLATOR, (("立法调研",), (), (TOPICS,), 310)),
)


def wishes(town: Town, people: Sequence[Resident]) -> list[Wanted]:
    holders = [(who.ref, who.ref) for n in range(len(OF_DEPUTIES)) for who in (people[(n * 29 + 3) % len(people)],)]
    stations = [(town.stations[n * 13 % len(town.stations)].id, INTAKE.id) for n in range(len(OF_STATIONS))]
    return [*(Wanted(holder, by, *wish) for (holder, by), wish in zip(holders, OF_DEPUTIES, strict=True)),
            *(Wanted(holder, by, *wish) for (holder, by), wish in zip(stations, OF_STATIONS, strict=True)),
            *(Wanted(f"{DESK}{desk}", by.id, *wish) for desk, by, wish in OF_DESKS)]
