"""The only place where bytes become messages. What does not fit ends here with a sentence."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec

from hub.kernel.errors import Broken, Malformed
from hub.kernel.messages import Command, Event, kind_of

T = TypeVar("T")

_encoder = msgspec.json.Encoder()
_packer = msgspec.msgpack.Encoder()

COMPLAINTS: tuple[tuple[str, str], ...] = (
    (r"missing required field `(.+?)`", "缺少“{0}”"),
    (r"contains unknown field `(.+?)`", "里有不认识的字段“{0}”"),
    (r"Expected `str` of length >= 1\b", "不能为空"),
    (r"Expected `str` of length <= (\d+)", "太长，最多 {0} 个字"),
    (r"Expected `str` of length >= (\d+)", "太短，至少 {0} 个字"),
    (r"Expected `array` of length <= (\d+)", "太多，最多 {0} 项"),
    (r"Expected `array` of length >= (\d+)", "至少要有 {0} 项"),
    (r"Expected `int` <= (\d+)", "不能大于 {0}"),
    (r"Expected `int` >= (\d+)", "不能小于 {0}"),
    (r"Invalid enum value (.+?)(?: -|$)", "不是可选的值：{0}"),
    (r"Invalid UUID", "编号的格式不对"),
    (r"Invalid RFC3339|Invalid datetime|RFC3339", "时间的格式不对，应为带时区的 ISO 8601"),
    (r"Expected `datetime` with a timezone", "时间要带时区，应为 ISO 8601"),
    (r"surrogate", "有不完整的字符"),
    (r"matching regex", "格式不对"),
    (r"Expected `(.+?)`, got `(.+?)`", "类型不对：应为 {0}，收到的是 {1}"),
)


def encode(message: Any) -> bytes:
    return _encoder.encode(message)


def decode(raw: bytes | str, shape: type[T]) -> T:
    """Raises Malformed."""
    try:
        return _storable(msgspec.json.decode(raw, type=shape))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise complaint(error) from error


def convert(plain: Any, shape: type[T]) -> T:
    """From parsed JSON. Raises Malformed."""
    try:
        return _storable(msgspec.convert(plain, type=shape))
    except (msgspec.ValidationError, UnicodeError, RecursionError) as error:
        raise complaint(error) from error


def _storable(message: T) -> T:
    """A database's text knows no NUL; half a surrogate pair is no character (UnicodeError)."""
    if b"\\u0000" in _encoder.encode(message).replace(b"\\\\", b""):
        raise Malformed("内容里有不能保存的控制字符，请删去后再提交。",
                        "The text holds a NUL character, which cannot be stored; remove it.", code="bad-character")
    return message


def complaint(error: Exception) -> Malformed:
    text = str(error)
    place = re.search(r"`\$\.?(.*?)`$", text)
    field = place.group(1).rstrip(".") if place else ""
    zh = next((words.format(*found.groups()) for pattern, words in COMPLAINTS if (found := re.search(pattern, text))),
              "不是有效的 JSON 内容")
    where = f"“{field}”" if field else "提交的内容"
    return Malformed(f"{where}{zh}。请改正后再提交。", f"{text}. Correct it and submit again.", field=field)


def to_plain(message: Any) -> Any:
    """JSON-ready values (str, int, list, dict)."""
    return msgspec.to_builtins(message)


def fingerprint(command: Command) -> bytes:
    """SHA-256 of what the command says: the same id with other words is another command."""
    return hashlib.sha256(msgspec.json.encode([kind_of(command), command], order="sorted")).digest()


class EventCodec:
    """Payloads of the journal: msgpack, by (type, schema). Upcasters turn an old payload's plain
    form into the next schema's; unknown types are an error for who asks to decode them."""

    def __init__(
        self, events: Iterable[type[Event]],
        upcasters: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] | None = None,
    ) -> None:
        self._types = {kind_of(event): event for event in events}
        self._decoders = {name: msgspec.msgpack.Decoder(event) for name, event in self._types.items()}
        self._upcasters = upcasters or {}

    def __contains__(self, name: str) -> bool:
        return name in self._types

    def encode(self, event: Event) -> bytes:
        return _packer.encode(event)

    def decode(self, name: str, schema: int, payload: bytes) -> Event:
        """Raises Broken for an unknown type and for a schema newer than this program."""
        current = self._types.get(name)
        if current is None or schema > current.schema_version:
            raise Broken(f"日志里有本版本不认识的事件 {name} v{schema}。", f"Unknown event {name} v{schema}.")
        if schema == current.schema_version:
            return self._decoders[name].decode(payload)
        plain = msgspec.msgpack.decode(payload)
        for step in range(schema, current.schema_version):
            plain = self._upcasters[name, step](plain)
        return msgspec.convert(plain, type=current)
