"""Groups: who comes, who goes, who may speak; and what administrators may."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from dispatch.conversations.export import export_conversation
from dispatch.conversations.messages.commands import (
    AddMembers,
    CloseGroup,
    CreateGroup,
    ExpireMessages,
    FollowDirectory,
    GiveStanding,
    LeaveGroup,
    MuteGroup,
    PinMessage,
    RecallMessage,
    RemoveMembers,
    RenameGroup,
    ReopenGroup,
    SaveRetention,
    UnpinMessage,
)
from dispatch.conversations.words import MAIN, ConversationKind, MemberStanding
from hub.directory.messages.commands import SaveOrganisation
from hub.kernel.actor import SYSTEM
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from hub.kernel.messages import Command
from tests.flows.broadcast.stage import DISTRICT_3
from tests.flows.conversations.talk import (
    ADMIN,
    DUTY,
    LI,
    SUN,
    VIEWER,
    WANG,
    Talk,
    station,
)


async def members(talk: Talk, which: UUID) -> set[str]:
    return {row["ref"] for row in await talk.stage.rows("select ref from talk.member where conversation = $1", which)}


async def test_a_district_group_holds_its_stations_and_follows_the_directory(talk: Talk) -> None:
    which = await talk.group(DUTY, kind=ConversationKind.DISTRICT, org="district:3", seat=MAIN)
    assert await members(talk, which) == {MAIN, "station:17", "station:18"}
    await talk.ask(SaveOrganisation(id=uuid4(), organisation="station:19", parent="district:3", name="新站"), SYSTEM)
    await talk.ask(RemoveMembers(id=uuid4(), conversation=which, members=("station:17",)), DUTY)
    await talk.ask(AddMembers(id=uuid4(), conversation=which, members=(LI.id,)), DUTY)
    await talk.ask(FollowDirectory(id=uuid4(), conversation=which), DUTY)
    assert await members(talk, which) == {MAIN, "station:17", "station:18", "station:19"}


async def test_groups_of_an_organisation_are_founded_by_operators_within_their_scope(talk: Talk) -> None:
    for actor, org, refusal in ((LI, "district:3", Forbidden), (DISTRICT_3, "district:1", Forbidden),
                                (DUTY, "district:99", Refused), (DUTY, "station:17", Refused)):
        with pytest.raises(refusal):
            await talk.ask(CreateGroup(id=uuid4(), name="群", kind=ConversationKind.DISTRICT, org=org), actor)


async def test_who_comes_later_reads_what_was_said_and_owes_nothing(talk: Talk) -> None:
    which = await talk.group(LI, WANG)
    await talk.say(LI, which, "以前说的")
    await talk.ask(AddMembers(id=uuid4(), conversation=which, members=(SUN.id, SUN.id, WANG.id)), LI)
    row = await talk.row(SUN, which)
    assert (row["unread"], row["size"], row["name"]) == (0, 3, "防汛群")
    assert await talk.texts(SUN, which) == [(1, "以前说的")]


async def test_who_goes_or_is_taken_out_reads_no_more(talk: Talk) -> None:
    which = await talk.group(LI, WANG, SUN)
    await talk.ask(LeaveGroup(id=uuid4(), conversation=which), WANG)
    await talk.ask(RemoveMembers(id=uuid4(), conversation=which, members=(SUN.id,)), LI)
    for actor in (WANG, SUN):
        with pytest.raises(NotFound):
            await talk.messages(actor, which)
        assert which not in await talk.list_of(actor)
    assert (await talk.row(LI, which))["size"] == 1


async def test_a_group_keeps_an_owner(talk: Talk) -> None:
    which = await talk.group(LI, WANG)
    with pytest.raises(Refused, match="owner"):
        await talk.ask(LeaveGroup(id=uuid4(), conversation=which), LI)
    with pytest.raises(Refused, match="owner"):
        await talk.ask(GiveStanding(id=uuid4(), conversation=which, member=LI.id, standing=MemberStanding.MEMBER), LI)
    await talk.ask(GiveStanding(id=uuid4(), conversation=which, member=WANG.id, standing=MemberStanding.OWNER), LI)
    await talk.ask(LeaveGroup(id=uuid4(), conversation=which), LI)
    await talk.ask(RenameGroup(id=uuid4(), conversation=which, name="新名字"), WANG)
    assert (await talk.row(WANG, which))["name"] == "新名字"
    await talk.ask(LeaveGroup(id=uuid4(), conversation=which), WANG)


async def test_plain_members_change_nothing_and_strangers_hear_of_nothing(talk: Talk) -> None:
    which, pair = await talk.group(LI, WANG), await talk.direct(LI, WANG.id)
    manage: tuple[Command, ...] = (
        RenameGroup(id=uuid4(), conversation=which, name="x"), MuteGroup(id=uuid4(), conversation=which, on=True),
        CloseGroup(id=uuid4(), conversation=which), AddMembers(id=uuid4(), conversation=which, members=(SUN.id,)))
    foreign: tuple[Command, ...] = (RenameGroup(id=uuid4(), conversation=which, name="y"), LeaveGroup(id=uuid4(), conversation=which))
    between: tuple[Command, ...] = (LeaveGroup(id=uuid4(), conversation=pair), CloseGroup(id=uuid4(), conversation=pair))
    for command in manage:
        with pytest.raises(Forbidden):
            await talk.ask(command, WANG)
    for command in foreign:
        with pytest.raises(NotFound):
            await talk.ask(command, SUN)
    for command in between:
        with pytest.raises(Refused):
            await talk.ask(command, LI)


async def test_in_a_muted_group_only_owners_speak(talk: Talk) -> None:
    which = await talk.group(LI, WANG)
    await talk.ask(MuteGroup(id=uuid4(), conversation=which, on=True), LI)
    with pytest.raises(Forbidden) as refused:
        await talk.say(WANG, which)
    assert refused.value.code == "group-muted"
    assert (await talk.row(WANG, which))["may_send"] is False
    await talk.say(LI, which)
    await talk.ask(MuteGroup(id=uuid4(), conversation=which, on=False), LI)
    await talk.say(WANG, which)


async def test_a_closed_group_is_read_only_until_it_is_opened_again(talk: Talk) -> None:
    which = await talk.group(LI, WANG)
    await talk.say(LI, which, "最后一句")
    await talk.ask(CloseGroup(id=uuid4(), conversation=which), LI)
    with pytest.raises(Conflict):
        await talk.say(LI, which)
    assert await talk.texts(WANG, which) == [(1, "最后一句")]
    await talk.ask(ReopenGroup(id=uuid4(), conversation=which), LI)
    await talk.say(WANG, which)


async def test_an_author_takes_back_within_two_minutes_and_not_after(talk: Talk) -> None:
    which = await talk.direct(LI, WANG.id)
    early, late = await talk.say(LI, which, "说错了"), await talk.say(LI, which, "没说错")
    await talk.say(WANG, which, "什么？", reply_to=early)
    with pytest.raises(Forbidden):
        await talk.ask(RecallMessage(id=uuid4(), message=early), WANG)
    talk.stage.clock.at += timedelta(seconds=120)
    await talk.ask(RecallMessage(id=uuid4(), message=early), LI)
    talk.stage.clock.at += timedelta(seconds=1)
    with pytest.raises(Forbidden) as refused:
        await talk.ask(RecallMessage(id=uuid4(), message=late), LI)
    assert refused.value.code == "too-late"
    told = await talk.messages(WANG, which)
    assert [(row["shape"], row["text"]) for row in told] == [("recalled", ""), ("text", "没说错"), ("text", "什么？")]
    assert (told[0]["recalled_by"], told[2]["reply_to"]["text"]) == ("李代表", "")


async def test_an_administrator_takes_back_later_with_a_reason_that_is_audited(talk: Talk) -> None:
    which = await talk.direct(LI, WANG.id)
    message = await talk.say(LI, which, "不当言论")
    talk.stage.later(hours=1)
    with pytest.raises(Refused):
        await talk.ask(RecallMessage(id=uuid4(), message=message), ADMIN)
    await talk.ask(RecallMessage(id=uuid4(), message=message, reason="违反规定"), ADMIN)
    row = (await talk.messages(LI, which))[0]
    assert (row["shape"], row["recalled_by"], row["recall_reason"]) == ("recalled", "管理员", "违反规定")
    assert await talk.stage.value("select count(*) from work.audit where act = 'RecallMessage' and outcome = 'ok'") == 1


async def test_notices_are_pinned_by_who_leads_and_stay_on_top(talk: Talk) -> None:
    which = await talk.group(LI, WANG)
    message = await talk.say(LI, which, "汛期值守安排", notice=True)
    with pytest.raises(Forbidden):
        await talk.ask(PinMessage(id=uuid4(), message=message), WANG)
    await talk.ask(PinMessage(id=uuid4(), message=message), LI)
    assert [row["text"] for row in await talk.stage.see("pinned", WANG, conversation=str(which))] == ["汛期值守安排"]
    assert (await talk.row(WANG, which))["pinned"] == 1
    await talk.ask(UnpinMessage(id=uuid4(), message=message), LI)
    assert (await talk.row(WANG, which))["pinned"] == 0


async def test_an_administrator_looks_into_a_conversation_and_the_log_says_so(talk: Talk) -> None:
    which = await talk.direct(LI, WANG.id)
    await talk.say(LI, which, "私下说")
    assert await talk.texts(ADMIN, which) == [(1, "私下说")]
    seen = await talk.stage.rows("select object from work.audit where act = 'view conversation' and actor = $1", ADMIN.id)
    assert [row["object"] for row in seen] == [f"conversation:{which}"]
    listed = await talk.stage.see("conversation_overview", ADMIN)
    assert [(set(row["name"].split(" · ")), row["messages"]) for row in listed] == [({"李代表", "王代表"}, 1)]
    for actor in (DUTY, VIEWER, LI):
        with pytest.raises((Forbidden, NotFound)):
            await talk.stage.see("conversation_overview", actor)


async def test_an_administrator_exports_a_conversation(talk: Talk) -> None:
    which = await talk.group(LI, WANG)
    await talk.say(LI, which, "=1+1")
    async with talk.stage.hub.db.read() as conn:
        sheet = await export_conversation(conn, ADMIN, {"which": str(which)}, "csv")
        book = await export_conversation(conn, ADMIN, {"which": str(which)}, "xlsx")
        for actor, wanted, refusal in ((LI, str(which), Forbidden), (ADMIN, str(uuid4()), NotFound), (ADMIN, "x", NotFound)):
            with pytest.raises(refusal):
                await export_conversation(conn, actor, {"which": wanted}, "csv")
    lines = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"))))
    assert lines[1][:6] == ["1", lines[1][1], "李代表", "李代表", "文字", "'=1+1"]
    assert book.startswith(b"PK")


async def test_what_is_older_than_its_retention_is_cleared_away_and_recorded_without_content(talk: Talk) -> None:
    kept, which = await talk.group(LI, WANG), await talk.direct(LI, WANG.id)
    for conversation in (kept, which):
        await talk.say(LI, conversation, "旧的")
    await talk.ask(SaveRetention(id=uuid4(), kind=ConversationKind.PERSON, days=30), ADMIN)
    assert {row["id"]: row["days"] for row in await talk.stage.see("retention", ADMIN)}["person"] == 30
    talk.stage.later(days=31)
    await talk.say(LI, which, "新的")

    async def cleared() -> bool:
        talk.stage.later()
        return await talk.texts(WANG, which) == [(2, "新的")]

    await talk.stage.until(cleared)
    row = await talk.row(WANG, which)
    assert (row["first_number"], row["last_number"], row["unread"]) == (2, 2, 1)
    assert await talk.texts(WANG, kept) == [(1, "旧的")]
    events = await talk.stage.rows("select stream, at, data from es.events where type = 'MessagesExpired'")
    assert [row["stream"] for row in events] == [f"conversation-{which}"], events
    with pytest.raises(Forbidden):
        await talk.ask(ExpireMessages(id=uuid4()), DUTY)


async def test_an_operator_broadcasts_into_a_group_as_the_main_station(talk: Talk) -> None:
    which = await talk.group(DUTY, kind=ConversationKind.DISTRICT, org="district:3", seat=MAIN)
    await talk.ask(MuteGroup(id=uuid4(), conversation=which, on=True), DUTY)
    await talk.say(DUTY, which, "今晚 22 时停水", notice=True, everyone=True)
    row = (await talk.messages(station(17), which))[0]
    assert (row["seat"], row["author_name"], row["notice"], row["everyone"]) == (MAIN, "值班员", True, True)
    assert (await talk.row(station(17), which))["mentions"] == 1
