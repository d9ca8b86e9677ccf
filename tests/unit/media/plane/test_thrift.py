from __future__ import annotations

from media.plane.thrift import Thrift


def after(thrift: Thrift, since: float, seconds: float, loss: float) -> float:
    """A report a second; says the time after."""
    at = since
    for _ in range(round(seconds)):
        at += 1
        thrift.misses(loss, at)
        thrift.step(at)
    return at


def quiet(thrift: Thrift, since: float, seconds: float) -> float:
    at = since
    for _ in range(round(seconds)):
        at += 1
        thrift.step(at)
    return at


def test_a_moment_of_loss_costs_no_picture() -> None:
    thrift = Thrift()
    at = after(thrift, 0, 1, 0.5)
    after(thrift, at, 5, 0.01)

    assert thrift.level == 0


def test_loss_that_stays_drops_thumbnails_and_then_every_picture_and_no_more() -> None:
    thrift = Thrift()
    at = after(thrift, 0, 3, 0.2)
    first = thrift.level
    after(thrift, at, 30, 0.2)

    assert (first, thrift.level) == (1, 2)


def test_pictures_come_back_one_step_at_a_time_and_later_after_each_relapse() -> None:
    thrift = Thrift()
    at = after(thrift, 0, 10, 0.2)
    thrift.misses(0.0, at)
    levels = []
    for _ in range(2):
        at = quiet(thrift, at, 10)
        levels.append(thrift.level)
    at = after(thrift, at, 3, 0.2)
    thrift.misses(0.0, at)
    at = quiet(thrift, at, 15)

    assert levels == [1, 0]
    assert (thrift.level, thrift.relief) == (1, 20.0)


def believes(thrift: Thrift, since: float, sends: int, *rooms: int) -> float:
    """What a client says each second."""
    at = since
    for room in rooms:
        at += 1
        thrift.room(room, sends, at)
        thrift.step(at)
    return at


def test_a_belief_that_only_follows_slowly_costs_no_picture() -> None:
    thrift = Thrift()
    believes(thrift, 0, 1_800_000, *(int(300_000 * 1.08**second) for second in range(20)))

    assert thrift.level == 0


def test_a_belief_that_falls_below_what_is_sent_drops_pictures_until_there_is_room() -> None:
    thrift = Thrift()
    at = believes(thrift, 0, 1_000_000, 1_400_000, 700_000, 690_000, 700_000, 680_000)
    dropped = thrift.level
    believes(thrift, at, 200_000, *[300_000] * 11)

    assert (dropped, thrift.level) == (1, 0)


def test_one_that_has_risen_well_again_was_a_moment() -> None:
    thrift = Thrift()
    believes(thrift, 0, 1_000_000, 1_400_000, 700_000, 860_000, 880_000, 890_000, 900_000)

    assert thrift.level == 0
