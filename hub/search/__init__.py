"""Search and duplicates: who writes something says it with `index`; the views find it."""

from hub.search.store import Document, forget, index

__all__ = ["Document", "forget", "index"]
