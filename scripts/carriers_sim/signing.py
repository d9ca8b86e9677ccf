"""How the vendors prove that a call is theirs. Written from their documents, not from the SDKs,
so that the SDKs in the hub are tested against something. Pure."""

from __future__ import annotations

import hmac
import struct
from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import sha1

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


def twilio_signature(token: str, url: str, fields: Mapping[str, str]) -> str:
    told = url + "".join(name + fields[name] for name in sorted(fields))
    return b64encode(hmac.new(token.encode(), told.encode(), sha1).digest()).decode()


def wechat_signature(*parts: str) -> str:
    return sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def sealed(aes_key: str, app_id: str, xml: str, salt: bytes) -> str:
    """`salt`: 16 bytes."""
    key = b64decode(aes_key + "=")
    text = xml.encode()
    plain = salt + struct.pack(">I", len(text)) + text + app_id.encode()
    pad = BLOCK - len(plain) % BLOCK
    lock = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return b64encode(lock.update(plain + bytes([pad]) * pad) + lock.finalize()).decode()
