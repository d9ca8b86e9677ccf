"""Where a Chromium is: HUB_CHROMIUM, one on PATH, else the one unpacked from npm into var/chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome")
HOME = Path("var/chromium")
PACKAGE = Path("tests/browser")
UNPACK = "import('@sparticuz/chromium').then(async c => console.log(await c.default.executablePath()))"
LIMIT = 300


def find() -> str | None:
    """The path of a browser that is already here."""
    named = os.environ.get("HUB_CHROMIUM")
    found = [named, *(shutil.which(name) for name in NAMES), str(HOME.resolve() / "chromium")]
    return next((path for path in found if path and Path(path).exists()), None)


def fetch() -> None:
    """Unpacks the browser whose version and hash tests/browser/package-lock.json names."""
    HOME.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(PACKAGE / name, HOME / name)
    # Named a bare machine, the package unpacks the few libraries beside the browser that such a one has not.
    place = {
        **os.environ, "TMPDIR": str(HOME.resolve()), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x",
    }
    for command in (("npm", "ci", "--loglevel=error"), ("node", "-e", UNPACK)):
        subprocess.run(command, cwd=HOME, env=place, check=True, timeout=LIMIT, stdout=sys.stderr)


def environment(path: str) -> dict[str, str]:
    """What the browser at `path` needs around it: the fetched one brings its own libraries."""
    if not Path(path).is_relative_to(HOME.resolve()):
        return dict(os.environ)
    return {**os.environ, "LD_LIBRARY_PATH": str(HOME.resolve() / "al2023" / "lib")}


def starts(path: str) -> bool:
    command = (path, "--version")
    around = environment(path)
    try:
        done = subprocess.run(command, env=around, capture_output=True, timeout=60, check=False)
        return done.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def missing() -> str | None:
    """Why there is no browser for the tests, or None."""
    if find() is None:
        try:
            fetch()
        except (OSError, subprocess.SubprocessError) as error:
            return f"no Chromium on PATH, and none could be fetched ({error}); install chromium, or name one in HUB_CHROMIUM"
    path = find()
    if path is None or not starts(path):
        return f"{path} does not start here; install chromium, or name one in HUB_CHROMIUM"
    return None
