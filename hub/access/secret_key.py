"""The hub's secret key: 256 random bits in a file that only its owner reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from hub.access.tokens import KEY_BYTES
from hub.kernel.errors import Broken

NAME = "secret.key"


def secret_key(folder: Path) -> bytes:
    """Made when there is none; two hubs that start at once agree on one. Blocks for one small file."""
    path = folder / NAME
    if not path.exists():
        _make(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise Broken(
            f"密钥文件 {NAME} 已损坏，请从备份恢复；若删除它，所有人须重新登录并重新绑定动态验证码。",
            f"The key file {NAME} is damaged. Restore it from a backup; if it is deleted, everybody signs in "
            "and enrols the second factor anew.",
            code="wrong-secret-key",
        )
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{NAME}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # the other one was first; its key counts
    finally:
        draft.unlink()
