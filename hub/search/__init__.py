"""Search and duplicates: who writes something says it with `index`; the views find it."""

from hub.search.store import Document, forget, index, index_new

__all__ = ["Document", "forget", "index", "index_new"]
