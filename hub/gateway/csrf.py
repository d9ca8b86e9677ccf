"""A page of another site must not act with somebody's cookie."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from hub.access.tokens import csrf_holds
from hub.kernel.errors import Forbidden

HEADER = "X-Hub-CSRF"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def require_csrf(key: bytes, session: UUID, given: str) -> None:
    if not csrf_holds(key, session, given):
        raise Forbidden(
            "页面的安全标记已失效，请刷新页面后再试。", "The page's security token is no longer good; reload the page.",
            code="bad-csrf",
        )


def require_same_origin(origin: str, host: str, public_url: str = "") -> None:
    """No Origin header: not a browser's cross-site request. Ports count: another port is another site."""
    if not origin:
        return
    if urlsplit(origin).netloc.lower() not in {host.lower(), urlsplit(public_url).netloc.lower()} - {""}:
        raise Forbidden(
            "请求来自另一个网站，已拒绝；请从本系统的页面操作。",
            "The request came from another site and was refused; use this system's own pages.",
            code="bad-origin",
        )
