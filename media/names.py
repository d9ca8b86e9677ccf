"""How peers and sources are named. Pure.

A peer is `<ref>@<room>#<nonce>`: one seat may come twice, by two devices. Its tracks are `<peer>/<mid>`.
"""

from __future__ import annotations

import re

from hub.kernel.errors import Malformed

NONCE = re.compile(r"[A-Za-z0-9._~-]{1,64}")


def peer_id(ref: str, room: str, nonce: str) -> str:
    """Raises Malformed."""
    if not NONCE.fullmatch(nonce):
        raise Malformed("设备的随机号不对，应为 1 到 64 个字母或数字。",
                        "The device's nonce must be 1 to 64 letters or digits.", code="bad-nonce", field="nonce")
    return f"{ref}@{room}#{nonce}"


def ref_of(peer: str) -> str:
    return peer.partition("@")[0]


def room_of(peer: str) -> str:
    return peer.partition("@")[2].rpartition("#")[0]


def source_id(peer: str, mid: str) -> str:
    return f"{peer}/{mid}"


def peer_of(source: str) -> str:
    return source.rpartition("/")[0]


def kind_of_room(room: str) -> str:
    return room.partition(":")[0]


def main_room(room: str) -> str:
    """Of a side room, the room beside which it is."""
    return room.partition("/")[0]
