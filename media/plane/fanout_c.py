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
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from media.plane.fanout import FanOut, PythonFanOut, Row
from media.plane.rtp import EXTENDED
from media.plane.srtp import IN_PLACE, PROTECT, Shield

log = structlog.get_logger()

SOURCE = Path(__file__).with_name("_fanout.c")
COMPILERS = ("cc", "gcc", "clang")
ROW = struct.Struct("=QIIHBB28s")
PACKET = struct.Struct("=IIIIBB6x")
TOGETHER = 16
"""Most packets that wait for one call: those of one viewer then go to the kernel as one message, at half the price."""

Soon = Callable[[Callable[[], None]], object]
Rows = tuple[bytes, tuple[Shield, ...]]
"""As C reads them, and the keys to which they point: who leaves before what waits is sent takes his keys along only then."""
Given = tuple[int, int, int, bool, bytes]
TIME_LIMIT = 60.0


class CFanOut:
    """`soon`: calls back when what is being done on the loop is done."""

    name = "c"

    def __init__(self, sock: socket.socket, library: ctypes.CDLL, soon: Soon) -> None:
        # PyDLL and not CDLL's own call: giving the interpreter's lock away costs more than it frees,
        # and libsrtp's sessions belong to one thread anyway
        self._call = library.fan_out
        self._call.argtypes = (
            ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int,
        )
        self._call.restype = ctypes.c_int
        self._socket = sock
        self._soon = soon
        self.sent = 0
        self.dropped = 0
        self._waiting: dict[int, tuple[Rows, list[Given]]] = {}

    def rows(self, rows: Sequence[Row]) -> Rows:
        packed = b"".join(
            ROW.pack(row.shield.pointer, row.ssrc, row.timestamp & 0xFFFFFFFF, row.sequence & 0xFFFF, row.type,
                     len(row.path.wire), row.path.wire)
            for row in rows
        )
        return packed, tuple(row.shield for row in rows)

    def send(self, rows: Rows, marker: int, index: int, timestamp: int, extended: bool, rest: bytes) -> None:
        """It goes out when the loop comes round, with all else that has come by then."""
        if not self._waiting:
            self._soon(self.flush)
        given = self._waiting.setdefault(id(rows), (rows, []))[1]
        given.append((marker, index, timestamp, extended, rest))
        if len(given) == TOGETHER:
            self.flush()

    def flush(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for (packed, shields), given in waiting.values():
            sent = self._call(self._socket.fileno(), PROTECT, packed, len(shields), _told(given), len(given))
            self.sent += sent
            self.dropped += len(shields) * len(given) - sent


def _told(given: Sequence[Given]) -> bytes:
    heads, at = [], len(given) * PACKET.size
    for marker, index, timestamp, extended, rest in given:
        heads.append(PACKET.pack(index & 0xFFFFFFFF, timestamp, len(rest), at, marker, 0x80 | EXTENDED if extended else 0x80))
        at += len(rest)
    return b"".join((*heads, *(rest for *_, rest in given)))


def fan_out_of(sock: socket.socket, cache: Path | None, soon: Soon) -> FanOut:
    """The C one where it can be had, else Python's; never fails."""
    library = compiled(cache) if cache is not None and IN_PLACE else None
    if library is None:
        return PythonFanOut(sock)
    try:
        return CFanOut(sock, ctypes.PyDLL(str(library)), soon)
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
