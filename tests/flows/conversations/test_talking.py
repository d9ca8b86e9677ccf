"""Two talk; a group talks; numbers, marks, counts."""

from __future__ import annotations

import asyncio
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from dispatch.conversations.messages.commands import (
    Mark,
    MarkMessages,
    MuteForMe,
    OpenDirect,
    RecallMessage,
    SendMessage,
)
from dispatch.conversations.words import MAIN, ConversationKind
from hub.kernel.actor import Actor, Role
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused, TooMany
from hub.kernel.ids import derived
from tests.flows.conversations.talk import (
    DUTY,
    LI,
    SUN,
    VIEWER,
    WANG,
    ZHAO,
    Talk,
    station,
)


async def test_who_opens_a_conversation_twice_or_from_the_other_side_finds_the_same_one(talk: Talk) -> None:
    opened = [await talk.ask(OpenDirect(id=uuid4(), other=other), actor)
              for actor, other in ((station(17), "station:18"), (station(17), "station:18"), (station(18), "station:17"))]
    assert [one["created"] for one in opened] == [True, False, False]
    assert len({one["conversation"] for one in opened}) == 1


async def test_two_who_open_it_at_the_same_moment_open_the_same(talk: Talk) -> None:
    found = await asyncio.gather(*(talk.direct(actor, other.id) for actor, other in ((LI, WANG), (WANG, LI)) for _ in range(4)))
    assert len(set(found)) == 1
    assert (await talk.row(LI, found[0]))["name"] == "王代表"
    assert (await talk.row(WANG, found[0]))["name"] == "李代表"


async def test_a_station_writes_to_the_main_station_and_any_operator_of_the_city_answers(talk: Talk) -> None:
    which = await talk.direct(station(17), MAIN)
    await talk.say(station(17), which, "停电了")
    at_main = await talk.row(DUTY, which, seat=MAIN)
    assert (at_main["kind"], at_main["unread"], at_main["last"]["text"]) == (ConversationKind.MAIN, 1, "停电了")
    await talk.say(DUTY, which, "已派人")
    told = (await talk.messages(station(17), which))[-1]
    assert (told["author"], told["author_name"], told["seat"]) == (DUTY.id, "值班员", MAIN)
    assert which not in await talk.list_of(DUTY)


async def test_an_account_that_belongs_to_a_person_speaks_as_that_person(talk: Talk) -> None:
    account = Actor(id=f"account:{uuid4()}", name="李代表", roles=(Role.VIEWER,), scopes=("station:17", LI.id))
    which = await talk.direct(LI, WANG.id)
    await talk.say(account, which, "我在电脑上")
    assert (await talk.messages(WANG, which))[0]["seat"] == LI.id
    assert (await talk.row(LI, which))["unread"] == 0
    await talk.ask(RecallMessage(id=uuid4(), message=UUID((await talk.messages(LI, which))[0]["id"])), LI)
    assert (await talk.messages(WANG, which))[0]["shape"] == "recalled"


async def test_who_was_away_for_hours_gets_every_message_once_and_in_order(talk: Talk) -> None:
    which = await talk.direct(LI, WANG.id)
    for n in range(5):
        await talk.say(LI, which, f"第{n + 1}条")
    talk.stage.later(hours=6)
    for n in range(5, 8):
        await talk.say(LI, which, f"第{n + 1}条")
    got: list[tuple[int, str]] = []
    while page := await talk.texts(WANG, which, after=got[-1][0] if got else 2, limit=2):
        got += page
    assert got == [(n, f"第{n}条") for n in range(3, 9)]


async def test_history_scrolls_back_to_the_beginning(talk: Talk) -> None:
    which = await talk.direct(LI, WANG.id)
    for n in range(1, 8):
        await talk.say(LI, which, str(n))
    assert [n for n, _ in await talk.texts(LI, which, limit=3)] == [5, 6, 7]
    assert [n for n, _ in await talk.texts(LI, which, before=5, limit=3)] == [2, 3, 4]
    assert [n for n, _ in await talk.texts(LI, which, before=2, limit=3)] == [1]
    assert [n for n, _ in await talk.texts(LI, which, around=4, limit=4)] == [2, 3, 4, 5, 6]


async def test_a_message_sent_again_after_a_lost_answer_stands_once(talk: Talk) -> None:
    which = await talk.direct(LI, WANG.id)
    wish = SendMessage(id=uuid4(), conversation=which, text="只此一条")
    first, again = await talk.ask(wish, LI), await talk.ask(wish, LI)
    assert first == again == {"message": str(wish.id)}
    assert await talk.texts(WANG, which) == [(1, "只此一条")]
    with pytest.raises(Conflict):
        await talk.ask(SendMessage(id=wish.id, conversation=which, text="另一条"), LI)


async def test_sixty_four_who_speak_at_once_leave_a_dense_order(talk: Talk) -> None:
    crowd = [derived("test person", name) for name in await talk.stage.crowd(64)]
    actors = [Actor(id=f"person:{one}", name=f"人{n}", roles=(Role.DEPUTY,), scopes=(f"person:{one}",)) for n, one in enumerate(crowd)]
    which = await talk.group(actors[0], *actors[1:])
    await asyncio.gather(*(talk.say(actor, which, f"{actor.name} {n}") for n in range(3) for actor in actors))
    told = await talk.texts(actors[0], which, after=0, limit=200)
    assert [n for n, _ in told] == list(range(1, 193))
    assert len({text for _, text in told}) == 192


async def test_marks_only_rise_and_count_what_is_unread(talk: Talk) -> None:
    which = await talk.direct(LI, WANG.id)
    for n in range(4):
        await talk.say(LI, which, str(n))
    assert (await talk.row(WANG, which))["unread"] == 4
    for mark in (Mark(conversation=which, read=3), Mark(conversation=which, read=1), Mark(conversation=which, delivered=900)):
        await talk.ask(MarkMessages(id=uuid4(), marks=(mark,)), WANG)
    assert (await talk.row(WANG, which))["unread"] == 1
    seen = await talk.row(LI, which)
    assert (seen["other_read"], seen["other_delivered"], seen["unread"]) == (3, 4, 0)
    assert [row["read_by"] for row in await talk.messages(LI, which)] == [1, 1, 1, 0]


async def test_marks_of_conversations_that_are_not_ones_own_are_passed_over(talk: Talk) -> None:
    which = await talk.direct(LI, WANG.id)
    await talk.say(LI, which)
    taken = await talk.ask(MarkMessages(id=uuid4(), marks=(Mark(conversation=which, read=1), Mark(conversation=uuid4(), read=1))), SUN)
    assert taken == {"taken": 0}


async def test_a_group_shows_who_has_read_what(talk: Talk) -> None:
    which = await talk.group(LI, WANG, SUN)
    await talk.say(LI, which)
    await talk.ask(MarkMessages(id=uuid4(), marks=(Mark(conversation=which, read=1),)), SUN)
    people = await talk.stage.see("participants", LI, conversation=str(which))
    assert {row["name"]: (row["standing"], row["read"]) for row in people} == {
        "李代表": ("owner", 1), "王代表": ("member", 0), "孙代表": ("member", 1)}


async def test_who_is_mentioned_sees_it_counted_also_where_he_muted_the_group(talk: Talk) -> None:
    which = await talk.group(LI, WANG, SUN)
    await talk.ask(MuteForMe(id=uuid4(), conversation=which, on=True), WANG)
    await talk.say(LI, which, "@王代表 请看", mentions=(WANG.id,))
    await talk.say(LI, which, "大家注意", everyone=True)
    seen = {actor.name: await talk.row(actor, which) for actor in (LI, WANG, SUN)}
    assert {name: (row["mentions"], row["unread"], row["muted"]) for name, row in seen.items()} == {
        "李代表": (0, 0, False), "王代表": (2, 2, True), "孙代表": (1, 2, False)}
    await talk.ask(MarkMessages(id=uuid4(), marks=(Mark(conversation=which, read=2),)), WANG)
    assert (await talk.row(WANG, which))["mentions"] == 0


async def test_only_owners_and_operators_address_everybody_or_send_a_notice(talk: Talk) -> None:
    which = await talk.group(LI, WANG, DUTY)
    for more in cast("list[dict[str, Any]]", [{"everyone": True}, {"notice": True}]):
        with pytest.raises(Forbidden):
            await talk.say(WANG, which, **more)
    await talk.say(DUTY, which, "今晚值守", notice=True)
    assert (await talk.messages(WANG, which))[0]["notice"] is True


async def test_an_answer_shows_what_it_answers(talk: Talk) -> None:
    which, other = await talk.direct(LI, WANG.id), await talk.direct(LI, MAIN)
    asked = await talk.say(LI, which, "几点开会？")
    await talk.say(WANG, which, "三点", reply_to=asked)
    quote = (await talk.messages(LI, which))[1]["reply_to"]
    assert (quote["number"], quote["author_name"], quote["text"]) == (1, "李代表", "几点开会？")
    with pytest.raises(NotFound):
        await talk.say(LI, other, "串了", reply_to=asked)


async def test_strangers_neither_read_nor_write_and_hear_nothing_of_it(talk: Talk) -> None:
    which = await talk.direct(LI, WANG.id)
    await talk.say(LI, which, "私下说")
    for actor in (SUN, VIEWER, station(17)):
        with pytest.raises(NotFound):
            await talk.messages(actor, which)
        with pytest.raises(NotFound):
            await talk.say(actor, which)
    with pytest.raises(Forbidden):
        await talk.list_of(SUN, seat=MAIN)
    with pytest.raises(Forbidden):
        await talk.say(SUN, which, seat=LI.id)


async def test_nobody_talks_with_himself_or_with_who_does_not_exist(talk: Talk) -> None:
    with pytest.raises(Refused):
        await talk.direct(LI, LI.id)
    for nobody in ("station:999", f"person:{uuid4()}", "person:x", "account:", "city", "group:1"):
        with pytest.raises(NotFound):
            await talk.direct(LI, nobody)


async def test_more_than_twenty_messages_in_ten_seconds_are_refused_in_words(talk: Talk) -> None:
    which = await talk.direct(LI, WANG.id)
    found = await asyncio.gather(*(talk.say(LI, which, str(n)) for n in range(24)), return_exceptions=True)
    refused = [one for one in found if isinstance(one, TooMany)]
    assert (len(refused), refused[0].code) == (4, "too-fast")
    talk.stage.later(seconds=11)
    await talk.say(LI, which, "慢点")
    assert len(await talk.texts(WANG, which)) == 21


async def test_an_empty_message_and_a_stranger_among_the_mentions_are_refused(talk: Talk) -> None:
    which = await talk.direct(LI, WANG.id)
    with pytest.raises(Refused):
        await talk.say(LI, which, "  \n")
    with pytest.raises(NotFound):
        await talk.say(LI, which, "喂", mentions=(SUN.id,))
    with pytest.raises(NotFound):
        await talk.say(LI, which, "看图", files=(uuid4(),))


async def test_one_finds_what_was_said_in_ones_own_conversations_and_nowhere_else(talk: Talk) -> None:
    mine, foreign = await talk.direct(LI, WANG.id), await talk.direct(WANG, station(17).id)
    await talk.say(LI, mine, "防汛值班表已更新 100%")
    await talk.say(WANG, foreign, "防汛也在这里")
    found = await talk.stage.see("message_search", LI, text="防汛")
    assert [(row["conversation_name"], row["text"]) for row in found] == [("王代表", "防汛值班表已更新 100%")]
    assert len(await talk.stage.see("message_search", WANG, text="防汛", limit=1)) == 1
    place = (await talk.stage.see("message_search", WANG, text="防汛", limit=1))[0]["place"]
    assert [row["text"] for row in await talk.stage.see("message_search", WANG, text="防汛", before=place)] == ["防汛值班表已更新 100%"]
    assert await talk.stage.see("message_search", LI, text="0_") == []
    assert len(await talk.stage.see("message_search", LI, text="0%")) == 1


@pytest.mark.parametrize(("typed", "finds"), [
    ("闸", True), ("三号", True), ("号闸水", True), ("gate a", True), ("GATE", True), ("m。", True), ("三闸", False), ("e  a", False), ("%", False),
    ("三號閘", True), ("ＧＡＴＥ　Ａ", True), ("号", True),
])
async def test_what_was_said_is_found_by_any_part_of_it_however_short(talk: Talk, typed: str, finds: bool) -> None:
    await talk.say(LI, await talk.direct(LI, WANG.id), "三号闸水位，Gate A 4.2m。")

    assert bool(await talk.stage.see("message_search", LI, text=typed)) is finds


async def test_contacts_are_found_by_name_within_ones_district_without_their_telephones(talk: Talk) -> None:
    found = await talk.stage.see("contacts", LI, text="代表")
    assert [row["name"] for row in found] == ["代表工委", "孙代表", "王代表"]
    assert all(set(row) == {"id", "name", "kind", "place"} for row in found)
    assert (await talk.stage.see("contacts", LI))[0]["id"] == MAIN
    assert {"station:1", "station:18"} <= {row["id"] for row in await talk.stage.see("contacts", station(17))}
    assert {row["name"] for row in await talk.stage.see("contacts", DUTY, text="代表")} == {"代表工委", "李代表", "王代表", "孙代表", "赵代表"}


async def test_who_lies_beyond_ones_district_is_reached_by_who_reaches_him(talk: Talk) -> None:
    with pytest.raises(NotFound):
        await talk.direct(LI, ZHAO.id)
    which = await talk.direct(DUTY, ZHAO.id)
    await talk.say(ZHAO, which, "收到")
    assert await talk.direct(ZHAO, DUTY.id) == which
    assert (await talk.row(station(17), await talk.direct(station(17), "station:1")))["may_send"] is True
