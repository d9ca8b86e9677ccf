"""Errors at the border become RFC 9457 problem documents in the reader's language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
from aiohttp import web

from hub.kernel.errors import Broken, HubError, Malformed, NotFound, TooLarge

log = structlog.get_logger()

TITLES: dict[int, tuple[str, str]] = {
    400: ("输入有误", "Malformed"),
    401: ("需要登录", "Not signed in"),
    403: ("没有权限", "Forbidden"),
    404: ("没有找到", "Not found"),
    409: ("发生冲突", "Conflict"),
    413: ("内容过大", "Too large"),
    422: ("未能办理", "Refused"),
    429: ("过于频繁", "Too many"),
    500: ("系统故障", "Broken"),
    503: ("请稍后再试", "Try again"),
}
RETRY_AFTER = {429: "60", 503: "2"}
LANGUAGES = ("zh", "en")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def problem(error: HubError, language: str) -> dict[str, Any]:
    zh, en = TITLES.get(error.status, TITLES[500])
    found: dict[str, Any] = {
        "type": f"urn:liaison-hub:problem:{error.code}",
        "title": en if language.startswith("en") else zh,
        "status": error.status,
        "detail": error.sentence(language),
        "code": error.code,
    }
    return found | ({"field": error.field} if error.field else {})


def language_of(accept: str) -> str:
    """`zh` unless the header prefers English."""
    ranked = sorted(
        ((_weight(part), -place, part.strip()[:2].lower()) for place, part in enumerate(accept[:200].split(","))),
        reverse=True,
    )
    return next((word for weight, _, word in ranked if weight > 0 and word in LANGUAGES), "zh")


def problem_response(error: HubError, request: web.Request) -> web.Response:
    language = language_of(request.headers.get("Accept-Language", ""))
    headers = {"Content-Language": language, "Cache-Control": "no-store"}
    if error.status in RETRY_AFTER:
        headers["Retry-After"] = RETRY_AFTER[error.status]
    body = msgspec.json.encode(problem(error, language))
    return web.Response(body=body, status=error.status, content_type="application/problem+json", headers=headers)


@web.middleware
async def problem_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except HubError as error:
        if error.status >= 500:
            log.warning("refused", path=request.path, code=error.code, error=str(error))
        return problem_response(error, request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return problem_response(_of_http(error), request)
    except Exception:
        log.exception("unforeseen", path=request.path)
        return problem_response(_unforeseen(), request)


def _weight(part: str) -> float:
    _, _, quality = part.partition("q=")
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0


def _of_http(error: web.HTTPException) -> HubError:
    if error.status == 404:
        return NotFound("这个地址下没有内容，请检查链接。", "There is nothing at this address; check the link.")
    if error.status == 413:
        return TooLarge("上传的内容过大，请缩小后再试。", "What was sent is too large; send less.")
    found = Malformed(
        f"这个请求无法处理（{error.status} {error.reason}），请刷新页面后再试。",
        f"This request cannot be served ({error.status} {error.reason}); reload the page and try again.",
        code=f"http-{error.status}",
    )
    found.status = error.status
    return found


def _unforeseen() -> Broken:
    return Broken(
        "系统内部出错，已记入日志；请稍后再试，若仍如此请告诉管理员。",
        "Something went wrong inside; it is in the log. Try again later, and tell an administrator if it stays so.",
        code="unforeseen",
    )
