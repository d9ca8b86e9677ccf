"""One table of closes: code, README, web client and station agent say the same."""

from __future__ import annotations

import re
from pathlib import Path

from edge.visit import UNWELCOME_CODES
from hub.wire.words import BYES, CLOSES, Bye, Close, Then

ROOT = Path(__file__).resolve().parents[3]


def test_every_close_says_what_the_client_does():
    assert set(CLOSES) == set(Close)
    assert set(BYES) == set(Bye)


def test_the_readme_says_so():
    rows = re.findall(r"^\| (4\d\d\d) \| ([^|]+) \| ([^|]+) \|", (ROOT / "hub/gateway/live/README.md").read_text(), re.MULTILINE)

    assert [(int(code), what, then) for code, what, then in rows] == [
        (int(code), what, then.value) for code, (what, then) in sorted(CLOSES.items())]


def test_the_web_client_does_so():
    source = (ROOT / "web/packages/client/src/closes.ts").read_text()
    codes = {int(code): then for code, then in re.findall(r"^  (4\d\d\d): '([a-z-]+)'", source, re.MULTILINE)}
    byes = dict(re.findall(r"^  '?([a-z-]+)'?: '([a-z-]+)',", source, re.MULTILINE))

    assert codes == {int(code): then.value for code, (_, then) in CLOSES.items()}
    assert byes == {bye.value: CLOSES[close][1].value for bye, close in BYES.items()}


def test_a_station_agent_does_so():
    away = {bye for bye, close in BYES.items() if CLOSES[close][1] in (Then.SIGN_IN, Then.STAY_AWAY)}

    assert away <= UNWELCOME_CODES
    assert not UNWELCOME_CODES & (set(Bye) - away)
