"""A unit's signed reply to deputies over HTTP, as PDF: the uniform letter."""

from __future__ import annotations

from aiohttp import web

from hub.gateway.printing import number_in, on_paper
from hub.gateway.session import DOOR, actor_of
from hub.record import Database
from hub.streams.proposals.letter_pdf import letter_pdf
from hub.streams.proposals.letters import letter_of


class ReplyDoor:
    def __init__(self, db: Database) -> None:
        self._db = db

    def routes(self) -> list[web.RouteDef]:
        return [web.get(r"/api/letters/{case}/{place:\d{1,3}}.pdf", self.letter)]

    async def letter(self, request: web.Request) -> web.Response:
        actor, at = await actor_of(request), request.config_dict[DOOR].clock.now()
        case = number_in(request, "case", "没有这份答复，或者您无权查看。", "There is no such letter, or it is not yours to see.")
        async with self._db.read() as conn:
            sheet = await letter_of(conn, case, int(request.match_info["place"]), actor)
        return await on_paper(request, self._db, letter_pdf(sheet, at), act="print letter", of=f"case:{case}")
