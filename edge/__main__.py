"""`python -m edge` runs a station; `python -m edge status` shows what its pocket holds."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Sequence

import structlog

from edge.fleet import serve
from edge.settings import parser, settings_of
from edge.status import describe
from hub.kernel.errors import HubError


def main(arguments: Sequence[str] | None = None) -> int:
    told = parser().parse_args(arguments)
    if told.fleet < 0:
        told.fleet = 0
    try:
        if told.task == "status":
            sys.stdout.write(describe(told.data) + "\n")
        else:
            _log_to_stderr(quiet=told.fleet > 0)
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


def _log_to_stderr(*, quiet: bool) -> None:
    """A fleet says only what is wrong: 73 stations would drown it."""
    structlog.configure(
        processors=[structlog.processors.add_log_level,
                    structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
                    structlog.processors.format_exc_info,
                    structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if quiet else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr))


if __name__ == "__main__":
    sys.exit(main())
