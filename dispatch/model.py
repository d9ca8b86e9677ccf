"""The rules of a broadcast's life. Pure: facts and the hour go in, events or a sentence come out."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from dispatch.ladders import LADDER_OF, LONGEST_LIFE, REPEAT_KEY, TIME_TO_LIVE
from dispatch.messages.commands import (
    ApproveBroadcast,
    BroadcastSent,
    CancelBroadcast,
    CloseBroadcast,
    ExtendBroadcast,
    RejectBroadcast,
    RemindUnanswered,
    ResendByRoad,
    SendBroadcast,
    StartBroadcast,
)
from dispatch.messages.events import (
    BroadcastApproved,
    BroadcastCancelled,
    BroadcastClosed,
    BroadcastExtended,
    BroadcastIssued,
    BroadcastRejected,
    BroadcastStarted,
    RoadResent,
    UnansweredReminded,
)
from dispatch.messages.shapes import Ladder
from dispatch.plan import SOCKET
from dispatch.wording import unknown_variables, with_keys
from dispatch.words import BroadcastState, Channel
from hub.kernel.actor import CITY, Actor
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from hub.kernel.messages import Event
from hub.spoke import Decision, Write

S = BroadcastState

PAST_TOLERANCE = timedelta(minutes=1)
"""A browser's clock may be this much behind."""


class SendFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What must be known to send. `strangers`: refs of the audience that do not exist or lie
    outside the asker's scopes; `missing`: files that are not there; `silent`: the audio is none."""

    recipients: int
    ladder: Ladder | None
    missing: tuple[UUID, ...] = ()
    silent: bool = False
    strangers: tuple[str, ...] = ()


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A broadcast as it stands; `unanswered` counts who has not confirmed."""

    id: UUID
    state: BroadcastState
    by: str
    scopes: tuple[str, ...]
    send_at: datetime
    expires_at: datetime
    version: int
    unanswered: int
    outcomes: dict[str, int]


def stream_of(broadcast: UUID) -> str:
    return f"broadcast-{broadcast}"


def send(facts: SendFacts, command: SendBroadcast, actor: Actor, at: datetime) -> Decision:
    for refuse in (_refuse_words, _refuse_parts, _refuse_audience):
        refuse(facts, command)
    assert facts.ladder is not None
    send_at, expires_at = _times(command, at)
    state = S.AWAITING_APPROVAL if command.approval else S.SCHEDULED if send_at > at else S.SENDING
    issued = BroadcastIssued(
        broadcast=command.id, title=command.title.strip(), text=command.text.strip(), audience=command.audience,
        priority=command.priority, variables=dict(command.variables), attachments=command.attachments,
        audio=command.audio, options=with_keys(command.options), ladder=facts.ladder, send_at=send_at,
        expires_at=expires_at, state=state, drill=command.drill, by=actor.id, by_name=actor.name,
        scopes=actor.scopes,
    )
    return Decision(
        writes=(Write(stream_of(command.id), 0, (issued,)),),
        result=BroadcastSent(command.id, facts.recipients, state),
    )


def _refuse_words(_facts: SendFacts, command: SendBroadcast) -> None:
    for field, words, zh in (("title", command.title, "标题"), ("text", command.text, "正文")):
        if not words.strip():
            raise Refused(f"{zh}不能只有空格，请写上内容。", f"The {field} is blank; write something.",
                          code="blank", field=field)
        unknown = unknown_variables(words, command.variables)
        if unknown:
            names = "、".join(f"{{{name}}}" for name in unknown)
            raise Refused(f"{zh}里的变量 {names} 没有定义，请补上它的值，或改正拼写。",
                          f"The {field} uses undefined variables {', '.join(unknown)}; give values or correct them.",
                          code="unknown-variable", field=field)


def _refuse_parts(facts: SendFacts, command: SendBroadcast) -> None:
    if facts.ladder is None:
        raise Refused(f"没有名为“{command.ladder}”的通道阶梯，请重新选择。",
                      f"There is no ladder {command.ladder!r}; choose another.", code="no-ladder", field="ladder")
    if facts.missing:
        raise Refused(f"有 {len(facts.missing)} 个附件或录音已不存在，请重新上传。",
                      f"{len(facts.missing)} files do not exist; upload them again.", code="no-file", field="attachments")
    if facts.silent:
        raise Refused("所选的录音文件不是音频，请重新录制或上传。", "The chosen audio is no sound file; record or upload it again.",
                      code="no-audio", field="audio")
    codes = [option.code for option in command.options]
    keys = [option.key for option in command.options if option.key]
    if len(set(codes)) < len(codes) or len(set(keys)) < len(keys) or REPEAT_KEY in keys:
        raise Refused(f"回复选项的代码和按键不能重复，按键 {REPEAT_KEY} 留给重听。",
                      f"Reply options need different codes and keys; key {REPEAT_KEY} repeats the message.",
                      code="options-clash", field="options")


def _refuse_audience(facts: SendFacts, command: SendBroadcast) -> None:
    if facts.strangers:
        shown = "、".join(facts.strangers[:5])
        raise Forbidden(f"对象里有 {len(facts.strangers)} 项不存在或不归您管理（{shown}），请去掉后再发。",
                        f"{len(facts.strangers)} of the audience do not exist or are outside your scope ({shown}).",
                        code="audience-out-of-scope", field="audience")
    if facts.recipients == 0:
        raise Refused("没有选中任何人，请至少选择一个站点、组织、分组或人员。",
                      "Nobody is addressed; choose at least one station, organisation, group or person.",
                      code="audience-empty", field="audience")


def _times(command: SendBroadcast, at: datetime) -> tuple[datetime, datetime]:
    send_at = command.send_at or at
    if send_at < at - PAST_TOLERANCE:
        raise Refused("定时发送的时间已经过去，请改为将来的时间或立即发送。",
                      "The time to send lies in the past; choose a later one or send now.",
                      code="past-time", field="send_at")
    send_at = max(send_at, at)
    if send_at > at + LONGEST_LIFE:
        raise Refused("定时发送最多可以安排在 90 天之内，请选近一些的时间。",
                      "A broadcast can be scheduled at most 90 days ahead; choose an earlier time.",
                      code="too-late", field="send_at")
    expires_at = command.expires_at or send_at + TIME_TO_LIVE[command.priority]
    refuse_expiry(send_at, expires_at)
    return send_at, expires_at


def refuse_expiry(after: datetime, expires_at: datetime) -> None:
    if expires_at <= after:
        raise Refused("截止时间要晚于发送时间和现在，请改晚一些。", "The expiry must be later than the sending and than now.",
                      code="expires-early", field="expires_at")
    if expires_at > after + LONGEST_LIFE:
        raise Refused("有效期最长 90 天，请改早一些。", "A broadcast lives at most 90 days; choose an earlier expiry.",
                      code="expires-late", field="expires_at")


STATE_WORDS: dict[BroadcastState, tuple[str, str]] = {
    S.AWAITING_APPROVAL: ("待审批", "awaiting approval"),
    S.SCHEDULED: ("待发送", "scheduled"),
    S.SENDING: ("发送中", "being sent"),
    S.REJECTED: ("已退回", "rejected"),
    S.CANCELLED: ("已撤销", "cancelled"),
    S.CLOSED: ("已结束", "closed"),
}


def _needs(facts: Standing | None, actor: Actor, *allowed: BroadcastState) -> Standing:
    if facts is None or not actor.covers((CITY, *facts.scopes)):
        raise NotFound("没有这条广播，或它不归您管理。", "There is no such broadcast, or it is not yours to see.")
    if facts.state not in allowed:
        zh, en = STATE_WORDS[facts.state]
        raise Conflict(f"这条广播{zh}，现在不能这样做。", f"The broadcast is {en}; this cannot be done now.",
                       code="wrong-state")
    return facts


def _one(facts: Standing, event: Event) -> Decision:
    return Decision(writes=(Write(stream_of(facts.id), facts.version, (event,)),),
                    result={"broadcast": str(facts.id)})


def approve(found: Standing | None, command: ApproveBroadcast, actor: Actor, at: datetime) -> Decision:
    facts = _needs(found, actor, S.AWAITING_APPROVAL)
    if facts.by == actor.id:
        raise Forbidden("需要由另一位同事审批，不能审批自己发起的广播。",
                        "A second person must approve; nobody approves a broadcast of his own.", code="own-broadcast")
    if facts.expires_at <= at:
        raise Conflict("这条广播已过截止时间，请退回后重新发起。", "The broadcast has expired; reject it and compose anew.",
                       code="expired")
    state = S.SCHEDULED if facts.send_at > at else S.SENDING
    return _one(facts, BroadcastApproved(broadcast=facts.id, by=actor.id, by_name=actor.name, state=state))


def reject(found: Standing | None, command: RejectBroadcast, actor: Actor, at: datetime) -> Decision:
    facts = _needs(found, actor, S.AWAITING_APPROVAL)
    return _one(facts, BroadcastRejected(broadcast=facts.id, by=actor.id, reason=command.reason))


def start(found: Standing | None, command: StartBroadcast, actor: Actor, at: datetime) -> Decision:
    facts = _needs(found, actor, S.SCHEDULED)
    return _one(facts, BroadcastStarted(broadcast=facts.id))


def cancel(found: Standing | None, command: CancelBroadcast, actor: Actor, at: datetime) -> Decision:
    facts = _needs(found, actor, S.AWAITING_APPROVAL, S.SCHEDULED, S.SENDING)
    return _one(facts, BroadcastCancelled(broadcast=facts.id, by=actor.id, reason=command.reason))


def remind(found: Standing | None, command: RemindUnanswered, actor: Actor, at: datetime) -> Decision:
    facts = _unanswered(_needs(found, actor, S.SENDING))
    return _one(facts, UnansweredReminded(broadcast=facts.id, by=actor.id))


def resend(
    carriers: frozenset[Channel], found: Standing | None, command: ResendByRoad, actor: Actor, at: datetime,
) -> Decision:
    facts = _unanswered(_needs(found, actor, S.SENDING))
    if command.channel not in carriers | SOCKET:
        raise Refused("这条通道还没有开通，请换一条。", "This road is not set up here; choose another.",
                      code="no-carrier", field="channel")
    return _one(facts, RoadResent(broadcast=facts.id, by=actor.id, channel=command.channel,
                                  deliveries=command.deliveries))


def _unanswered(facts: Standing) -> Standing:
    if facts.unanswered == 0:
        raise Conflict("所有人都已确认，不需要再提醒。", "Everybody has confirmed; there is nobody to remind.",
                       code="all-confirmed")
    return facts


def extend(found: Standing | None, command: ExtendBroadcast, actor: Actor, at: datetime) -> Decision:
    facts = _needs(found, actor, S.AWAITING_APPROVAL, S.SCHEDULED, S.SENDING)
    refuse_expiry(max(at, facts.send_at), command.expires_at)
    return _one(facts, BroadcastExtended(broadcast=facts.id, expires_at=command.expires_at))


def close(found: Standing | None, command: CloseBroadcast, actor: Actor, at: datetime) -> Decision:
    """What nobody approved in time goes back to who wrote it."""
    facts = _needs(found, actor, S.SENDING, S.AWAITING_APPROVAL)
    if facts.state is S.AWAITING_APPROVAL:
        if at < facts.expires_at:
            _needs(facts, actor, S.SENDING)
        return _one(facts, BroadcastRejected(broadcast=facts.id, by=actor.id, reason="到期未审批，自动退回"))
    return _one(facts, BroadcastClosed(broadcast=facts.id, by=actor.id, outcomes=facts.outcomes))


def default_ladder(command: SendBroadcast) -> str:
    return command.ladder or LADDER_OF[command.priority]


