"""The rules of a broadcast's life: each refusal with its code, each act with its event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from dispatch import model
from dispatch import settings_model as saved
from dispatch.ladders import FIRST_LADDERS
from dispatch.messages.commands import (
    ApproveBroadcast,
    CancelBroadcast,
    CloseBroadcast,
    ExtendBroadcast,
    RejectBroadcast,
    RemindUnanswered,
    RemoveTemplate,
    ResendByRoad,
    SaveLadder,
    SendBroadcast,
    StartBroadcast,
)
from dispatch.messages.events import BroadcastIssued
from dispatch.messages.shapes import Audience, Ladder, Rung
from dispatch.ports import ReplyOption
from dispatch.words import BroadcastState, Channel, Priority
from hub.kernel.actor import Actor, Role
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LI = Actor(id="account:li", name="李", roles=(Role.OPERATOR,), scopes=("city",))
ELSEWHERE = Actor(id="account:wang", name="王", roles=(Role.OPERATOR,), scopes=("district:3",))
FACTS = model.SendFacts(recipients=3, ladder=FIRST_LADDERS[0])
S = BroadcastState


def wish(**fields: Any) -> SendBroadcast:
    given: dict[str, Any] = {"id": uuid4(), "title": "通知", "text": "正文", "audience": Audience(orgs=("city",))}
    return SendBroadcast(**(given | fields))


def option(code: str, key: str = "") -> ReplyOption:
    return ReplyOption(code, code, key)


@pytest.mark.parametrize(("facts", "fields", "code", "field"), [
    ({}, {"title": "   "}, "blank", "title"),
    ({}, {"text": "\n\t　"}, "blank", "text"),
    ({}, {"text": "请{nmae}到岗"}, "unknown-variable", "text"),
    ({}, {"title": "{x}", "variables": {"y": "1"}}, "unknown-variable", "title"),
    ({"ladder": None}, {"ladder": "gone"}, "no-ladder", "ladder"),
    ({"missing": (UUID(int=1),)}, {}, "no-file", "attachments"),
    ({"silent": True}, {}, "no-audio", "audio"),
    ({}, {"options": (option("a"), option("a"))}, "options-clash", "options"),
    ({}, {"options": (option("a", "1"), option("b", "1"))}, "options-clash", "options"),
    ({}, {"options": (option("a", "3"),)}, "options-clash", "options"),
    ({"strangers": ("person:x",)}, {}, "audience-out-of-scope", "audience"),
    ({"recipients": 0}, {}, "audience-empty", "audience"),
    ({}, {"send_at": AT - 2 * HOUR}, "past-time", "send_at"),
    ({}, {"send_at": AT + timedelta(days=91)}, "too-late", "send_at"),
    ({}, {"expires_at": AT}, "expires-early", "expires_at"),
    ({}, {"send_at": AT + 2 * HOUR, "expires_at": AT + HOUR}, "expires-early", "expires_at"),
    ({}, {"expires_at": AT + timedelta(days=91)}, "expires-late", "expires_at"),
])
def test_what_cannot_be_sent_is_refused_with_its_code(facts: dict[str, Any], fields: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        model.send(msgspec.structs.replace(FACTS, **facts), wish(**fields), LI, AT)

    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.zh.endswith("。")
    assert refused.value.en.endswith(".")


def issued(command: SendBroadcast) -> BroadcastIssued:
    event = model.send(FACTS, command, LI, AT).writes[0].events[0]
    assert isinstance(event, BroadcastIssued)
    return event


@pytest.mark.parametrize(("fields", "state"), [
    ({}, S.SENDING), ({"send_at": AT + HOUR}, S.SCHEDULED), ({"approval": True}, S.AWAITING_APPROVAL),
    ({"approval": True, "send_at": AT + HOUR}, S.AWAITING_APPROVAL), ({"send_at": AT - timedelta(seconds=30)}, S.SENDING)])
def test_a_broadcast_begins_in_the_state_its_wish_asks_for(fields: dict[str, Any], state: S) -> None:
    assert issued(wish(**fields)).state is state


def test_what_is_not_said_is_filled_in() -> None:
    event = issued(wish(title=" 通知 ", priority=Priority.EMERGENCY))

    assert event.title == "通知"
    assert event.expires_at == AT + timedelta(days=1)
    assert [(one.code, one.key) for one in event.options] == [("received", "1")]
    assert issued(wish(options=(option("a"), option("b", "1"), option("c")))).options == (
        option("a", "2"), option("b", "1"), option("c", "4"))


def stands(state: S = S.SENDING, **more: Any) -> model.Standing:
    given: dict[str, Any] = {"id": UUID(int=5), "state": state, "by": "account:zhao", "scopes": ("city",), "send_at": AT,
                             "expires_at": AT + HOUR, "version": 4, "unanswered": 2, "outcomes": {"waiting": 2}}
    return model.Standing(**(given | more))


B = UUID(int=5)
ACTS: tuple[tuple[Callable[..., Any], Any, set[S]], ...] = (
    (model.approve, ApproveBroadcast(id=uuid4(), broadcast=B), {S.AWAITING_APPROVAL}),
    (model.reject, RejectBroadcast(id=uuid4(), broadcast=B, reason="x"), {S.AWAITING_APPROVAL}),
    (model.start, StartBroadcast(id=uuid4(), broadcast=B), {S.SCHEDULED}),
    (model.cancel, CancelBroadcast(id=uuid4(), broadcast=B), {S.AWAITING_APPROVAL, S.SCHEDULED, S.SENDING}),
    (model.remind, RemindUnanswered(id=uuid4(), broadcast=B), {S.SENDING}),
    (lambda *given: model.resend(frozenset(Channel), *given), ResendByRoad(id=uuid4(), broadcast=B, channel=Channel.SMS), {S.SENDING}),
    (model.extend, ExtendBroadcast(id=uuid4(), broadcast=B, expires_at=AT + 2 * HOUR),
     {S.AWAITING_APPROVAL, S.SCHEDULED, S.SENDING}),
    (model.close, CloseBroadcast(id=uuid4(), broadcast=B), {S.SENDING}),
)


@pytest.mark.parametrize(("act", "command", "allowed"), ACTS, ids=[type(command).__name__ for _, command, _ in ACTS])
def test_an_act_is_done_in_its_states_and_refused_in_all_others(act: Callable[..., Any], command: Any, allowed: set[S]) -> None:
    for state in S:
        if state in allowed:
            write = act(stands(state), command, LI, AT).writes[0]
            assert (write.stream, write.expected, len(write.events)) == (f"broadcast-{B}", 4, 1)
        else:
            with pytest.raises(Conflict) as refused:
                act(stands(state), command, LI, AT)
            assert refused.value.code == "wrong-state"
    for found in (None, stands(next(iter(allowed)), scopes=("district:1",))):
        with pytest.raises(NotFound):
            act(found, command, ELSEWHERE, AT)


def test_nobody_approves_his_own_nor_what_has_expired() -> None:
    command = ApproveBroadcast(id=uuid4(), broadcast=B)
    with pytest.raises(Forbidden) as own:
        model.approve(stands(S.AWAITING_APPROVAL, by=LI.id), command, LI, AT)
    with pytest.raises(Conflict) as late:
        model.approve(stands(S.AWAITING_APPROVAL), command, LI, AT + HOUR)

    assert (own.value.code, late.value.code) == ("own-broadcast", "expired")


def test_there_must_be_somebody_to_remind() -> None:
    for act, command in ((model.remind, RemindUnanswered(id=uuid4(), broadcast=B)),):
        with pytest.raises(Conflict) as refused:
            act(stands(unanswered=0), command, LI, AT)
        assert refused.value.code == "all-confirmed"


@pytest.mark.parametrize(("until", "code"), [(AT, "expires-early"), (AT + timedelta(days=100), "expires-late")])
def test_a_life_is_extended_into_the_future_and_not_for_ever(until: datetime, code: str) -> None:
    with pytest.raises(Refused) as refused:
        model.extend(stands(), ExtendBroadcast(id=uuid4(), broadcast=B, expires_at=until), LI, AT)

    assert refused.value.code == code


def test_a_ladder_names_each_road_once_in_a_rung_and_an_unknown_template_cannot_be_removed() -> None:
    twice = Ladder(code="x", name="x", rungs=(Rung(channels=(Channel.SMS, Channel.SMS), wait=1),))
    with pytest.raises(Refused) as refused:
        saved.save_ladder(saved.Versioned(None), SaveLadder(id=uuid4(), ladder=twice), LI, AT)
    with pytest.raises(NotFound):
        saved.remove_template(saved.Versioned(None), RemoveTemplate(id=uuid4(), code="x"), LI, AT)

    assert refused.value.code == "road-twice"


def test_what_nobody_approved_in_time_goes_back_by_itself() -> None:
    waiting = stands(S.AWAITING_APPROVAL, expires_at=AT)

    (write,) = model.close(waiting, CloseBroadcast(id=uuid4(), broadcast=B), LI, AT).writes

    assert [(type(event).__name__, getattr(event, "reason", "")) for event in write.events] == [
        ("BroadcastRejected", "到期未审批，自动退回")]


def test_only_the_city_changes_its_templates() -> None:
    with pytest.raises(Forbidden):
        saved.remove_template(saved.Versioned(1), RemoveTemplate(id=uuid4(), code="x"), ELSEWHERE, AT)
