"""Calls.json: calls are queued and started at the pace of the account."""

from __future__ import annotations

from functools import partial

from aiohttp import web
from multidict import MultiMapping

from scripts.carriers_sim import twilio_json
from scripts.carriers_sim.handset import ENDED, Handset
from scripts.carriers_sim.people import fate
from scripts.carriers_sim.phone import Phone
from scripts.carriers_sim.postman import Postman
from scripts.carriers_sim.store import Call
from scripts.carriers_sim.twilio_messages import NUMBER, form, paged
from scripts.carriers_sim.world import World

WAITING = frozenset({"queued", "initiated", "ringing"})


class Calls:
    def __init__(self, world: World, postman: Postman) -> None:
        self._world = world
        self._postman = postman
        self._free_at = 0.0
        self.live: dict[str, Handset] = {}

    def create(self, fields: MultiMapping[str], now: float) -> Call | int:
        """`now` on the loop's clock."""
        wrong = self._judge(fields)
        if wrong:
            return wrong
        call = self._made(fields)
        store = self._world.store
        store.calls.add(call)
        store.touch(call.to)
        store.counts["calls"] += 1
        self._free_at = max(self._free_at, now) + 1.0 / self._world.knobs.calls_per_second
        handset = Handset(self._world, self._postman, call)
        self.live[call.sid] = handset
        self._world.agenda.after(self._free_at - now, partial(self._begin, handset))
        return call

    def _made(self, fields: MultiMapping[str]) -> Call:
        now = self._world.now()
        wished = fields.getall("StatusCallbackEvent", [])
        detect = fields.get("MachineDetection", "")
        own = fields.get("AsyncAmd", "").lower() == "true"
        ring = fields.get("Timeout", "60")
        return Call(
            sid=self._world.sid("CA"),
            to=fields["To"],
            sender=fields["From"],
            url=fields.get("Url", ""),
            twiml=fields.get("Twiml", ""),
            method=fields.get("Method", "POST"),
            callback=fields.get("StatusCallback", ""),
            events=frozenset(wished) or frozenset({"completed"}),
            ring_seconds=min(float(ring) if ring.isdecimal() else 60.0, 600.0),
            detect=detect,
            detect_callback=fields.get("AsyncAmdStatusCallback", "") if own else "",
            created=now,
            updated=now,
        )

    def _judge(self, fields: MultiMapping[str]) -> int:
        to, sender = fields.get("To", ""), fields.get("From", "")
        rules = (
            (not sender, 21213),
            (not fields.get("Url") and not fields.get("Twiml"), 21205),
            (sender in twilio_json.MAGIC_FROM, twilio_json.MAGIC_FROM.get(sender, 0)),
            (to in twilio_json.MAGIC_TO, twilio_json.MAGIC_TO.get(to, 0)),
            (not NUMBER.match(to), 21211),
        )
        found = next((code for hit, code in rules if hit), 0)
        shares = self._world.knobs.voice.errors
        return found or int(fate(shares, self._world.luck(self._world.number("voice"), "voice")) or 0)

    async def _begin(self, handset: Handset) -> None:
        if handset.call.status in ENDED:
            self.live.pop(handset.call.sid, None)
            return
        self._world.agenda.begin(partial(self._run, handset))

    async def _run(self, handset: Handset) -> None:
        try:
            await Phone(handset).run()
        finally:
            self.live.pop(handset.call.sid, None)

    def found(self, query: MultiMapping[str]) -> list[Call]:
        status, sender = query.get("Status", ""), query.get("From", "")
        return [
            row
            for row in self._world.store.calls.newest(query.get("To", ""))
            if (not status or row.status == status) and (not sender or row.sender == sender)
        ]

    def update(self, call: Call, fields: MultiMapping[str]) -> int:
        wish = fields.get("Status", "")
        if call.status in ENDED:
            return 21220
        handset = self.live.get(call.sid)
        if handset is None:
            return 21220
        if wish == "canceled" and call.status in WAITING:
            handset.stop("canceled")
        elif wish == "completed":
            handset.stop("completed")
        return 0


async def respond(calls: Calls, request: web.Request, account: str, now: float) -> web.Response:
    if request.method == "POST":
        made = calls.create(await form(request), now)
        if isinstance(made, int):
            return twilio_json.error(made)
        return twilio_json.answer(twilio_json.call(account, made), 201)
    rows = [twilio_json.call(account, row) for row in calls.found(request.query)]
    return paged("calls", request, rows)
