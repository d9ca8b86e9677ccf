"""python -m media plane | reserve | studio: the processes beside the hub. The reserve is a plane that stands ready."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from hub.logs import log_to_stderr


def main(arguments: Sequence[str]) -> int:
    """Each process loads its own half only."""
    log_to_stderr()
    task, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if task in ("plane", "reserve"):
        from media.plane.main import main as plane

        return plane(rest)
    if task == "studio":
        from media.studio.main import main as studio

        return studio(rest)
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
