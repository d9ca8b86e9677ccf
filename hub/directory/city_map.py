"""The map of the demo city: a smooth outline parted into districts, and points placed inside them.

Lengths are kilometres on a plane around the centre, degrees (WGS 84) in what is given out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

Point = tuple[float, float]
Ring = tuple[Point, ...]

CENTRE = (119.62, 29.31)
KM_PER_DEGREE = 111.32
RADIUS = 34.0
STEP = 1.2
"""Vertices of borders stand this far apart."""


def districts(random: Random, count: int) -> tuple[Ring, ...]:
    """One ring for each; neighbours share their border exactly, the first lies in the middle."""
    outline = _outline(random)
    seeds = _seeds(random, count)
    bend = _bend(random)
    return tuple(
        tuple(bend(point) for point in _dense(_cell(outline, seed, seeds))) for seed in seeds
    )


def _outline(random: Random) -> Ring:
    waves = [(n, random.uniform(0.015, 0.05), random.uniform(0, math.tau)) for n in (2, 3, 5)]
    return tuple(
        (radius * math.cos(turn) * 1.18, radius * math.sin(turn))
        for turn in (math.tau * step / 180 for step in range(180))
        for radius in [RADIUS * (1 + sum(size * math.sin(n * turn + phase) for n, size, phase in waves))]
    )


def _seeds(random: Random, count: int) -> list[Point]:
    around = [
        (20 * math.cos(turn) * 1.18, 20 * math.sin(turn))
        for turn in (math.tau * (step + random.uniform(-0.12, 0.12)) / (count - 1) for step in range(count - 1))
    ]
    return [(random.uniform(-1, 1), random.uniform(-1, 1)), *around]


def _bend(random: Random) -> Callable[[Point], Point]:
    """Moves every point of the plane a little, smoothly, so that straight borders become rivers and ridges."""
    a, b, c, d = (random.uniform(0, math.tau) for _ in range(4))

    def bend(point: Point) -> Point:
        x, y = point
        return (
            x + 1.1 * math.sin(y / 4.1 + a) + 0.45 * math.sin(y / 1.7 + b),
            y + 1.1 * math.sin(x / 4.6 + c) + 0.45 * math.sin(x / 1.9 + d),
        )

    return bend


def _cell(outline: Ring, seed: Point, seeds: Sequence[Point]) -> Ring:
    """What of the outline lies nearer to `seed` than to any other."""
    ring = outline
    for other in seeds:
        if other != seed:
            ring = _clip(ring, seed, other)
    return ring


def _clip(ring: Ring, seed: Point, other: Point) -> Ring:
    normal = (other[0] - seed[0], other[1] - seed[1])
    middle = ((other[0] + seed[0]) / 2, (other[1] + seed[1]) / 2)

    def side(point: Point) -> float:
        return (point[0] - middle[0]) * normal[0] + (point[1] - middle[1]) * normal[1]

    kept: list[Point] = []
    for here, there in zip(ring, ring[1:] + ring[:1], strict=True):
        a, b = side(here), side(there)
        if a <= 0:
            kept.append(here)
        if (a < 0 < b) or (b < 0 < a):
            share = a / (a - b)
            kept.append((here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])))
    return tuple(kept)


def _dense(ring: Ring) -> Ring:
    points: list[Point] = []
    for here, there in zip(ring, ring[1:] + ring[:1], strict=True):
        pieces = max(1, round(math.dist(here, there) / STEP))
        points += [
            (here[0] + (there[0] - here[0]) * piece / pieces, here[1] + (there[1] - here[1]) * piece / pieces)
            for piece in range(pieces)
        ]
    return tuple(points)


def inside(ring: Ring, point: Point) -> bool:
    x, y = point
    within = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            within = not within
    return within


def middle(ring: Ring) -> Point:
    return (sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring))


def scatter(random: Random, ring: Ring, count: int) -> tuple[Point, ...]:
    """Points inside the ring, apart from each other, from the border and from the very middle."""
    points: list[Point] = []
    while len(points) < count:
        points.append(max((_within(random, ring) for _ in range(12)),
                          key=lambda point: _room(point, points, ring)))
    return tuple(points)


def _within(random: Random, ring: Ring) -> Point:
    centre = middle(ring)
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    while True:
        point = (random.uniform(min(xs), max(xs)), random.uniform(min(ys), max(ys)))
        pull = random.choice((1.0, 0.8, 0.6))
        drawn = (centre[0] + (point[0] - centre[0]) * pull, centre[1] + (point[1] - centre[1]) * pull)
        if inside(ring, drawn):
            return drawn


def _room(point: Point, others: Sequence[Point], ring: Ring) -> float:
    border = min(math.dist(point, corner) for corner in ring)
    return min([2 * border, *(math.dist(point, other) for other in [middle(ring), *others])])


def degrees(point: Point) -> Point:
    """(lon, lat), to about a metre."""
    lon, lat = CENTRE
    return (
        round(lon + point[0] / (KM_PER_DEGREE * math.cos(math.radians(lat))), 5),
        round(lat + point[1] / KM_PER_DEGREE, 5),
    )


def feature(id: str, name: str, ring: Ring) -> dict[str, Any]:
    """A GeoJSON Feature with a closed, counter-clockwise ring."""
    points = [list(degrees(point)) for point in ring]
    return {
        "type": "Feature", "id": id,
        "properties": {"id": id, "name": name, "centre": list(degrees(middle(ring)))},
        "geometry": {"type": "Polygon", "coordinates": [[*points, points[0]]]},
    }
