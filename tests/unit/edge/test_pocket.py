from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from edge import happenings, state
from edge.messages import Told
from edge.pocket import PocketFile
from hub.kernel.errors import Conflict
from tests.unit.edge.desk import AT, Desk, notice

WRITER = """
import sys
from pathlib import Path
from edge import happenings, state
from edge.pocket import PocketFile
from tests.unit.edge.desk import AT, notice
pocket = PocketFile(Path(sys.argv[1]))
number = len(pocket.load())
while True:
    number += 1
    pocket.keep(state.step({}, happenings.Listed((notice(number, audio=False),)), AT))
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


@pytest.fixture
def pocket(tmp_path: Path):
    file = PocketFile(tmp_path)
    yield file
    file.close()


def test_a_process_killed_again_and_again_loses_nothing_it_had_acknowledged(tmp_path: Path):
    acknowledged = 0
    for round_ in range(6):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)],
                                  stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        for _ in range(5 + 7 * round_):
            acknowledged = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        whole_lines = writer.stdout.read().split("\n")[:-1]
        acknowledged = int(whole_lines[-1]) if whole_lines else acknowledged
        writer.wait()
        writer.stdout.close()

    pocket = PocketFile(tmp_path)
    kept = {entry.id.int for entry in pocket.load()}
    told = [(unsent.receipt.delivery.int, unsent.receipt.state) for unsent in pocket.unsent(10**6)]
    pocket.close()

    assert kept >= set(range(1, acknowledged + 1))
    assert told == [(n, s) for n in sorted(kept) for s in (Told.DELIVERED, Told.DISPLAYED)]


def test_what_is_kept_comes_back_as_it_was(pocket: PocketFile):
    desk = Desk()
    for happening in (happenings.Listed((notice(1), notice(2, audio=False))), happenings.Fetched(UUID(int=1)),
                      happenings.Begun(UUID(int=1), 1000, 300)):
        pocket.keep(state.step(desk.entries, happening, AT))
        desk.happen(happening)

    assert {entry.id: entry for entry in pocket.load()} == desk.entries
    assert [unsent.receipt for unsent in pocket.unsent(500)] == desk.receipts


def test_a_receipt_kept_twice_is_sent_once_and_goes_when_it_is_taken(pocket: PocketFile):
    step = state.step({}, happenings.Listed((notice(1, audio=False),)), AT)
    pocket.keep(step)
    pocket.keep(step)

    first, second = pocket.unsent(500)
    pocket.sent([first.seq])

    assert pocket.unsent(500) == (second,)


def test_old_notices_are_forgotten_only_when_unlisted_and_reported(pocket: PocketFile):
    desk = Desk()
    for happening in (happenings.Listed((notice(1), notice(2))), happenings.Listed((), gone=(UUID(int=1),))):
        pocket.keep(state.step(desk.entries, happening, AT))
        desk.happen(happening)
    late = AT + timedelta(days=60)

    kept_for_its_receipt = pocket.forget_old(late)
    pocket.sent([unsent.seq for unsent in pocket.unsent(500)])
    forgotten = pocket.forget_old(late)

    assert (kept_for_its_receipt, forgotten) == (0, 1)
    assert [entry.id.int for entry in pocket.load()] == [2]


def test_a_second_agent_on_the_same_directory_is_refused(tmp_path: Path, pocket: PocketFile):
    with pytest.raises(Conflict):
        PocketFile(tmp_path)


def test_a_damaged_pocket_is_put_aside_and_a_new_one_begun(tmp_path: Path):
    (tmp_path / "pocket.sqlite").write_bytes(b"not a database at all" * 500)

    pocket = PocketFile(tmp_path)

    assert pocket.load() == ()
    assert (tmp_path / "pocket.broken").exists()
    pocket.close()
