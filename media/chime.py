"""A soft three-tone chime before an important notice, as loud as the voice that follows."""

from __future__ import annotations

import sys
from pathlib import Path

from hub.kernel.errors import TryAgain
from media import children, chime_worker

_TIMEOUT = 30.0
_ROOT = Path(__file__).resolve().parent.parent


async def put_before(wav: Path, target: Path) -> None:
    argv = (sys.executable, "-m", chime_worker.__name__, str(wav), str(target))
    try:
        ended = await children.run(argv, within=_TIMEOUT, cwd=_ROOT)
    except TimeoutError as late:
        raise _no_chime() from late
    if ended.code != 0:
        raise _no_chime()


def _no_chime() -> TryAgain:
    return TryAgain(
        "提示音没有加上，请稍后再试，或不加提示音。",
        "The chime could not be added; try again in a moment, or go without it.",
        code="audio-chime",
    )
