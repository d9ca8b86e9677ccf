"""The rules of messages: who may say what, take it back, put it on top. Pure."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from dispatch.conversations.messages.commands import (
    Expired,
    ExpireMessages,
    MessageTaken,
    PinMessage,
    RecallMessage,
    SendMessage,
    UnpinMessage,
)
from dispatch.conversations.messages.events import (
    MessagePinned,
    MessageRecalled,
    MessageSent,
    MessagesExpired,
    MessageUnpinned,
)
from dispatch.conversations.model import Scene, closed, joined, stream
from dispatch.conversations.seats import is_administrator, own_seat
from dispatch.conversations.words import (
    MOST_PINNED,
    PER_WINDOW,
    RECALL_WITHIN,
    WINDOW,
    MemberStanding,
    MessageShape,
)
from hub.kernel.actor import Actor, Permission
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused, TooMany
from hub.spoke import Decision, Write

EXPIRED_AT_ONCE = 200


class Enclosed(msgspec.Struct, frozen=True):
    """A file that the author may send."""

    id: UUID
    mime: str
    purpose: str


class Speech(msgspec.Struct, frozen=True, kw_only=True):
    scene: Scene | None
    files: tuple[Enclosed, ...] = ()
    mentioned: frozenset[str] = frozenset()
    reply_stands: bool = True
    allowed: bool = True


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A message that stands."""

    id: UUID
    conversation: UUID
    at: datetime
    author: str
    seat: str
    recalled: bool
    pinned: bool


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    message: Said | None
    scene: Scene | None
    pinned: int = 0


class Old(msgspec.Struct, frozen=True):
    conversation: UUID
    upto: int
    version: int


def of_message(message: UUID) -> str:
    return f"message-{message}"


def send(facts: Speech, command: SendMessage, actor: Actor, at: datetime) -> Decision:
    scene = joined(facts.scene)
    _require_voice(scene, facts)
    _require_content(facts, command)
    _require_means(scene, facts, command, actor)
    assert scene.seat
    event = MessageSent(
        message=command.id, conversation=scene.id, author=actor.id, author_name=actor.name, seat=scene.seat,
        shape=shape_of(facts.files), text=command.text.strip(), files=command.files, reply_to=command.reply_to,
        mentions=tuple(dict.fromkeys(command.mentions)), everyone=command.everyone, notice=command.notice)
    return Decision(writes=(Write(of_message(command.id), 0, (event,)),), result=MessageTaken(command.id))


def shape_of(files: tuple[Enclosed, ...]) -> MessageShape:
    if not files:
        return MessageShape.TEXT
    if files[0].purpose in ("voice", "audio"):
        return MessageShape.VOICE
    return MessageShape.PICTURE if files[0].mime.startswith("image/") else MessageShape.FILE


def _require_voice(scene: Scene, facts: Speech) -> None:
    if scene.closed:
        raise closed()
    if scene.owners_only and scene.standing is not MemberStanding.OWNER:
        raise Forbidden("群主已开启全员禁言，现在只有群主可以发言。",
                        "The group is muted; only its owners speak now.", code="group-muted")
    if not facts.allowed:
        seconds = int(WINDOW.total_seconds())
        raise TooMany(f"发得太快了：{seconds} 秒内最多 {PER_WINDOW} 条，请稍等几秒再发。",
                      f"That is too fast: at most {PER_WINDOW} messages in {seconds} seconds. Wait a few seconds.",
                      code="too-fast")


def _require_content(facts: Speech, command: SendMessage) -> None:
    if not command.text.strip() and not command.files:
        raise Refused("消息是空的，请写点内容或选一个文件。", "The message is empty; write something or add a file.",
                      code="empty-message", field="text")
    if len(facts.files) < len(set(command.files)):
        raise NotFound("有文件找不到或不是您上传的，请重新选择。",
                       "A file is missing, or not yours to send; choose it again.", code="unknown-file", field="files")
    if not facts.reply_stands:
        raise NotFound("要回复的消息不在这个会话里。", "The message you answer is not in this conversation.", field="reply_to")


def _require_means(scene: Scene, facts: Speech, command: SendMessage, actor: Actor) -> None:
    if set(command.mentions) - facts.mentioned:
        raise NotFound("提到的人不是成员，请重新选择。", "Somebody mentioned is no member; choose again.", field="mentions")
    if (command.everyone or command.notice) and not leads(scene, actor):
        field = "everyone" if command.everyone else "notice"
        raise Forbidden("只有群主和值班员可以提醒所有人或发通知。",
                        "Only owners and operators may address everybody or send a notice.", code="not-an-owner", field=field)


def leads(scene: Scene, actor: Actor) -> bool:
    return scene.pair or scene.standing is MemberStanding.OWNER or actor.may(Permission.BROADCAST)


def recall(facts: Spoken, command: RecallMessage, actor: Actor, at: datetime) -> Decision:
    message = _standing(facts)
    if message.recalled:
        return Decision()
    own = message.author == actor.id or message.seat == own_seat(actor)
    if own and facts.scene is not None and facts.scene.seat and at - message.at <= RECALL_WITHIN:
        return _said(message, MessageRecalled(message=message.id, by=actor.name))
    if not is_administrator(actor):
        raise _too_late(own)
    if not command.reason.strip():
        raise Refused("管理员撤回消息要写明原因。", "An administrator gives a reason for recalling a message.", field="reason")
    return _said(message, MessageRecalled(message=message.id, by=actor.name, reason=command.reason.strip()))


def _too_late(own: bool) -> Forbidden:
    if own:
        return Forbidden("超过 2 分钟的消息不能撤回，需要时请联系管理员。",
                         "A message can be recalled within 2 minutes; after that ask an administrator.", code="too-late")
    return Forbidden("只能撤回自己的消息，需要时请联系管理员。",
                     "You can recall your own messages only; otherwise ask an administrator.", code="not-the-author")


def pin(facts: Spoken, command: PinMessage, actor: Actor, at: datetime) -> Decision:
    message, scene = _standing(facts), _led(facts, actor)
    if message.recalled:
        raise Conflict("消息已撤回，不能置顶。", "The message was recalled and cannot be pinned.", code="recalled")
    if message.pinned:
        return Decision()
    if facts.pinned >= MOST_PINNED:
        raise Refused(f"最多置顶 {MOST_PINNED} 条，请先取消一些。", f"At most {MOST_PINNED} messages are pinned; unpin some.",
                      code="too-many-pinned")
    if scene.closed:
        raise closed()
    return _said(message, MessagePinned(message=message.id, by=actor.name))


def unpin(facts: Spoken, command: UnpinMessage, actor: Actor, at: datetime) -> Decision:
    message = _standing(facts)
    _led(facts, actor)
    return _said(message, MessageUnpinned(message=message.id)) if message.pinned else Decision()


def expire(facts: tuple[Old, ...], command: ExpireMessages, actor: Actor, at: datetime) -> Decision:
    if not is_administrator(actor):
        raise Forbidden("只有系统按保存期限清理消息。", "Only the hub clears messages away, by their retention.")
    return Decision(
        writes=tuple(Write(stream(old.conversation), old.version, (MessagesExpired(conversation=old.conversation, upto=old.upto),))
                     for old in facts),
        result=Expired(len(facts), len(facts) == EXPIRED_AT_ONCE))


def _standing(facts: Spoken) -> Said:
    if facts.message is None:
        raise NotFound("没有这条消息，可能已按保存期限清理。", "There is no such message; it may have been cleared away.")
    return facts.message


def _led(facts: Spoken, actor: Actor) -> Scene:
    scene = joined(facts.scene)
    if not leads(scene, actor):
        raise Forbidden("只有群主和值班员可以置顶。", "Only owners and operators pin messages.", code="not-an-owner")
    return scene


def _said(message: Said, event: MessageRecalled | MessagePinned | MessageUnpinned) -> Decision:
    return Decision(writes=(Write(of_message(message.id), -1, (event,)),))


