"""A unit's signed reply to deputies over HTTP, as PDF: the uniform letter."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from aiohttp import web

from hub.cases.pdf import printed
from hub.gateway.session import DOOR, actor_of
from hub.kernel.errors import NotFound
from hub.record import Audit, Database
from hub.streams.proposals.letter_pdf import letter_pdf, letter_title
from hub.streams.proposals.letters import letter_of

HEADERS = {"Content-Type": "application/pdf", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class ReplyDoor:
    def __init__(self, db: Database) -> None:
        self._db = db

    def routes(self) -> list[web.RouteDef]:
        return [web.get(r"/api/letters/{case}/{place:\d{1,3}}.pdf", self.letter)]

    async def letter(self, request: web.Request) -> web.Response:
        """`save=1`: to be kept as a file. Each one is in the audit log."""
        actor, at = await actor_of(request), request.config_dict[DOOR].clock.now()
        case, place = _number(request.match_info["case"]), int(request.match_info["place"])
        async with self._db.read() as conn:
            sheet = await letter_of(conn, case, place, actor)
        await Audit(self._db).note(None, at=at, actor=actor.id, act="print letter", object=f"case:{case}", outcome="ok", address=actor.address,
                                   detail={"name": actor.name})
        whole = await printed(letter_pdf(sheet, at))
        how = "attachment" if request.query.get("save") == "1" else "inline"
        return web.Response(body=whole, headers=HEADERS | {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(f'{letter_title(sheet)}.pdf')}"})


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("没有这份答复，或者您无权查看。", "There is no such letter, or it is not yours to see.") from None
