"""SQL under a name."""

from __future__ import annotations

import pytest

from hub.record.sql import split


def test_queries_are_found_by_name() -> None:
    text = "-- a file\n-- name: one\nselect 1\n\n-- name: two\n-- why\nselect\n  2;\n"

    assert split(text) == {"one": "select 1", "two": "-- why\nselect\n  2;"}


def test_a_name_stands_once() -> None:
    with pytest.raises(ValueError, match="two queries are called one"):
        split("-- name: one\nselect 1\n-- name: one\nselect 2")
