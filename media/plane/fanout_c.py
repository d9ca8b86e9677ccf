"""The C fan-out: compiled in place into a cache folder where a compiler is, loaded by ctypes."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import socket
import struct
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import structlog

from media.plane.fanout import FanOut, PythonFanOut, Row
from media.plane.srtp import IN_PLACE, PROTECT

log = structlog.get_logger()

SOURCE = Path(__file__).with_name("_fanout.c")
COMPILERS = ("cc", "gcc", "clang")
ROW = struct.Struct("=QIIHBB28s")
TIME_LIMIT = 60.0


class CFanOut:
    name = "c"

    def __init__(self, sock: socket.socket, library: ctypes.CDLL) -> None:
        # PyDLL and not CDLL's own call: giving the interpreter's lock away costs more than it frees,
        # and libsrtp's sessions belong to one thread anyway
        self._call = library.fan_out
        self._call.argtypes = (
            ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_int, ctypes.c_uint32,
            ctypes.c_uint32, ctypes.c_int, ctypes.c_char_p, ctypes.c_int,
        )
        self._call.restype = ctypes.c_int
        self._socket = sock.fileno()
        self.sent = 0
        self.dropped = 0

    def rows(self, rows: Sequence[Row]) -> tuple[bytes, int]:
        packed = b"".join(
            ROW.pack(row.shield.pointer, row.ssrc, row.timestamp & 0xFFFFFFFF, row.sequence & 0xFFFF, row.type,
                     len(row.path.wire), row.path.wire)
            for row in rows
        )
        return packed, len(rows)

    def send(self, rows: tuple[bytes, int], marker: int, index: int, timestamp: int, extended: bool,
             rest: bytes) -> None:
        packed, count = rows
        sent = self._call(self._socket, PROTECT, packed, count, marker, index & 0xFFFFFFFF, timestamp, extended,
                          rest, len(rest))
        self.sent += sent
        self.dropped += count - sent


def fan_out_of(sock: socket.socket, cache: Path | None) -> FanOut:
    """The C one where it can be had, else Python's; never fails."""
    library = compiled(cache) if cache is not None and IN_PLACE else None
    if library is None:
        return PythonFanOut(sock)
    try:
        return CFanOut(sock, ctypes.PyDLL(str(library)))
    except (OSError, AttributeError) as error:
        log.warning("the C fan-out does not load, Python's is used", library=str(library), error=str(error))
        return PythonFanOut(sock)


def compiled(cache: Path) -> Path | None:
    """The library of this very source; blocks while it compiles for the first time."""
    library = cache / f"fanout-{hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]}.so"
    if library.exists():
        return library
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    return _compile(compiler, library) if compiler else None


def _compile(compiler: str, library: Path) -> Path | None:
    """Several processes may do it at once: each renames its own."""
    try:
        library.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=library.parent) as folder:
            made = Path(folder) / library.name
            command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(made), str(SOURCE)]
            subprocess.run(command, check=True, capture_output=True, timeout=TIME_LIMIT)
            os.replace(made, library)
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("the C fan-out does not compile, Python's is used", compiler=compiler, error=str(error))
        return None
    return library
