"""Pictures of what was seen on the way in the demo city: drawn from a few shapes, the same bytes each time."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from random import Random
from struct import pack
from typing import NamedTuple

WIDE, HIGH, SHADES = 480, 320, 4
GREY, SKY, HOUSE, ROAD, DARK, GREEN, WATER, LAMP, RED, BRICK = range(10)
COLOURS = ((150, 150, 146), (196, 214, 226), (186, 170, 150), (104, 106, 110), (38, 36, 36), (92, 128, 74), (96, 120, 128), (226, 196, 96),
           (172, 60, 48), (152, 104, 84))


class Shape(NamedTuple):
    """A box, or the ellipse within it."""

    colour: int
    left: int
    top: int
    right: int
    bottom: int
    round: bool = False


STREET = (Shape(SKY, 0, 0, WIDE, 120), Shape(HOUSE, 20, 40, 190, 140), Shape(BRICK, 230, 20, 440, 140), Shape(GREY, 0, 130, WIDE, 190),
          Shape(ROAD, 0, 190, WIDE, HIGH))
SCENES: dict[str, tuple[Shape, ...]] = {
    "hole": (*STREET, Shape(GREY, 120, 210, 360, 300, round=True), Shape(DARK, 150, 222, 330, 288, round=True)),
    "rubbish": (*STREET, Shape(GREEN, 40, 120, 110, 190), Shape(DARK, 120, 150, 190, 230, round=True), Shape(RED, 180, 170, 230, 230, round=True),
                Shape(LAMP, 150, 190, 210, 236, round=True)),
    "lamp": (Shape(DARK, 0, 0, WIDE, 190), Shape(ROAD, 0, 190, WIDE, HIGH), Shape(GREY, 236, 40, 244, 250), Shape(GREY, 244, 40, 320, 48),
             Shape(ROAD, 300, 48, 330, 62, round=True)),
    "water": (Shape(SKY, 0, 0, WIDE, 100), Shape(GREEN, 0, 90, WIDE, 150), Shape(WATER, 0, 150, WIDE, HIGH), Shape(BRICK, 90, 200, 150, 220, round=True),
              Shape(GREY, 220, 230, 300, 252, round=True), Shape(DARK, 330, 190, 370, 206, round=True)),
    "wire": (*STREET, Shape(DARK, 60, 10, 68, 240), Shape(DARK, 400, 10, 408, 240), Shape(DARK, 68, 60, 400, 64), Shape(DARK, 230, 64, 234, 200)),
    "stripes": (*STREET, *(Shape(SKY, left, 210, left + 34, 300) for left in range(40, 440, 80))),
    "mud": (*STREET, Shape(BRICK, 60, 206, 220, 232, round=True), Shape(BRICK, 190, 244, 400, 276, round=True)),
    "cars": (*STREET, *(Shape(colour, left, 150, left + 110, 210) for left, colour in ((30, RED), (170, WATER), (310, DARK)))),
    "lift": (Shape(HOUSE, 0, 0, WIDE, HIGH), Shape(GREY, 130, 30, 350, HIGH), Shape(DARK, 236, 30, 244, HIGH), Shape(RED, 380, 120, 410, 180)),
}


@cache
def picture(scene: str) -> bytes:
    """A PNG, with the grain of a phone's picture."""
    grain = Random(scene)
    lines = b"".join(b"\0" + _line(SCENES[scene], y, grain) for y in range(HIGH))
    palette = bytes(max(value - shade * 6, 0) for colour in COLOURS for shade in range(SHADES) for value in colour)
    head = pack(">IIBBBBB", WIDE, HIGH, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"PLTE", palette) + _chunk(b"IDAT", zlib.compress(lines)) + _chunk(b"IEND", b"")


def _line(shapes: Sequence[Shape], y: int, grain: Random) -> bytes:
    row = bytearray(WIDE)
    for shape in shapes:
        left, right = _span(shape, y)
        row[left:right] = bytes((shape.colour * SHADES,)) * (right - left)
    rough = grain.getrandbits(WIDE * 8) & int.from_bytes(bytes((SHADES - 1,)) * WIDE)
    return (int.from_bytes(row) + rough).to_bytes(WIDE)


def _span(shape: Shape, y: int) -> tuple[int, int]:
    """Where it lies in a line; nowhere: from nought to nought."""
    if not shape.top <= y < shape.bottom:
        return 0, 0
    if not shape.round:
        return shape.left, shape.right
    middle, half = (shape.left + shape.right) / 2, (shape.bottom - shape.top) / 2
    part = max(1 - ((y - shape.top - half) / half) ** 2, 0.0) ** 0.5
    wide = (shape.right - shape.left) / 2 * part
    return round(middle - wide), round(middle + wide)


def _chunk(kind: bytes, held: bytes) -> bytes:
    return pack(">I", len(held)) + kind + held + pack(">I", zlib.crc32(kind + held))
