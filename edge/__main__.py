"""`python -m edge` runs a station; `python -m edge status` shows what its pocket holds."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Sequence

from edge.fleet import serve
from edge.settings import parser, settings_of
from edge.status import describe
from hub.kernel.errors import HubError
from hub.logs import log_to_stderr


def main(arguments: Sequence[str] | None = None) -> int:
    told = parser().parse_args(arguments)
    if told.fleet < 0:
        told.fleet = 0
    try:
        if told.task == "status":
            sys.stdout.write(describe(told.data) + "\n")
        else:
            log_to_stderr(logging.WARNING if told.fleet else logging.INFO)  # 73 stations would drown what is wrong
            asyncio.run(serve(settings_of(told)))
    except HubError as error:
        return _fail(error)
    except ExceptionGroup as group:
        ours, others = group.split(HubError)
        if others is not None or ours is None:
            raise
        return _fail(_first(ours))
    return 0


def _first(group: ExceptionGroup[HubError]) -> HubError:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, ExceptionGroup) else inner


def _fail(error: HubError) -> int:
    sys.stderr.write(f"{error.zh}\n{error.en}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
