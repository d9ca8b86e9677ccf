"""Messages between processes of ours on one machine: a length (u32, big endian) and msgpack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

import msgspec

from hub.kernel.errors import Malformed
from hub.wire.codec import complaint

T = TypeVar("T")

LONGEST = 16 * 2**20
HEAD = 4

_packer = msgspec.msgpack.Encoder()


def parcel(message: Any) -> bytes:
    body = _packer.encode(message)
    return len(body).to_bytes(HEAD) + body


class Parcels:
    """Bytes in, bodies out."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._rest = bytearray()
        self._longest = longest

    def feed(self, given: bytes) -> Iterator[bytes]:
        """Raises Malformed at a length that none of ours would write: what follows cannot be read."""
        self._rest += given
        while len(self._rest) >= HEAD:
            length = int.from_bytes(self._rest[:HEAD])
            if length > self._longest:
                raise Malformed("进程间的消息过长，连接已关闭。", "A message between processes is too long; the connection is closed.",
                                code="parcel-too-long")
            if len(self._rest) < HEAD + length:
                return
            body = bytes(self._rest[HEAD:HEAD + length])
            del self._rest[:HEAD + length]
            yield body


class Opener(Generic[T]):
    """Of bodies of one shape."""

    def __init__(self, shape: Any) -> None:
        self._decoder: msgspec.msgpack.Decoder[T] = msgspec.msgpack.Decoder(shape)

    def open(self, body: bytes) -> T:
        """Raises Malformed."""
        try:
            return self._decoder.decode(body)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise complaint(error) from error
