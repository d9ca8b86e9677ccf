"""Runs in the peers' environment: appends with the eventsourcing library in its default mode,
which is the correct one. Reads lines "THREADS SECONDS" and answers each with a rate."""

from __future__ import annotations

import os
import sys
import threading
import time
from uuid import uuid4

from eventsourcing.persistence import StoredEvent  # type: ignore[import-not-found]
from eventsourcing.postgres import (  # type: ignore[import-not-found]
    PostgresApplicationRecorder,
    PostgresDatastore,
)

STATE = b"x" * 200


def rate(recorder: PostgresApplicationRecorder, threads: int, seconds: float) -> float:
    counts = [0] * threads
    begun = time.perf_counter()

    def work(n: int) -> None:
        while time.perf_counter() < begun + seconds:
            recorder.insert_events([StoredEvent(uuid4(), 1, "thing:Happened", STATE)])
            counts[n] += 1

    workers = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(counts) / (time.perf_counter() - begun)


def main(host: str, user: str, database: str) -> None:
    with PostgresDatastore(database, host, 5432, user, "unused", pool_size=16, max_overflow=0) as datastore:
        recorder = PostgresApplicationRecorder(datastore)
        recorder.create_table()
        rate(recorder, 16, 0.2)
        for line in sys.stdin:
            threads, seconds = line.split()
            sys.stdout.write(f"{rate(recorder, int(threads), float(seconds))}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
    os._exit(0)  # its pool's threads would keep the process
