"""A set page as the answer to a request for a PDF."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from aiohttp import web

from hub.cases.pdf import Pdf, printed
from hub.gateway.session import DOOR, actor_of
from hub.kernel.errors import NotFound
from hub.record import Audit, Database

HEADERS = {"Content-Type": "application/pdf", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


async def on_paper(request: web.Request, db: Database, sheet: Pdf, *, act: str, of: str, name: str = "") -> web.Response:
    """`save=1`: to be kept as a file, called `name` or as the page is. Each one is in the audit log."""
    actor, at = await actor_of(request), request.config_dict[DOOR].clock.now()
    await Audit(db).note(None, at=at, actor=actor.id, act=act, object=of, outcome="ok", address=actor.address, detail={"name": actor.name})
    how = "attachment" if request.query.get("save") == "1" else "inline"
    return web.Response(body=await printed(sheet), headers=HEADERS | {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(f'{name or sheet.title}.pdf')}"})


def number_in(request: web.Request, part: str, zh: str, en: str, field: str = "") -> UUID:
    """Raises NotFound, in these words."""
    try:
        return UUID(request.match_info[part])
    except ValueError:
        raise NotFound(zh, en, field=field) from None
