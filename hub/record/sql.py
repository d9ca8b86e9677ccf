"""SQL stands in a file beside its owner, under a name: `-- name: some_name`."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files


def load_sql(package: str | None, name: str = "queries.sql") -> Mapping[str, str]:
    """Raises ValueError when two queries of one file have the same name."""
    if not package:
        raise ValueError("load_sql needs the package the file stands in")
    return split(files(package).joinpath(name).read_text("utf-8"))


def split(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.split("-- name:")[1:]:
        title, _, body = part.partition("\n")
        title = title.strip()
        if title in found:
            raise ValueError(f"two queries are called {title}")
        found[title] = body.strip()
    return found
