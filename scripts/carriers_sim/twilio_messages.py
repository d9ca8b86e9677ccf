"""Messages.json: what is asked is judged, kept, and told about later."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from aiohttp import web
from multidict import MultiDict, MultiMapping

from scripts.carriers_sim import twilio_json
from scripts.carriers_sim.people import PhoneHabit, TextHabit, fate
from scripts.carriers_sim.postman import Postman
from scripts.carriers_sim.reader import Reader
from scripts.carriers_sim.store import Sms
from scripts.carriers_sim.world import World

NUMBER = re.compile(r"^\+[1-9]\d{6,14}$")
LONGEST_BODY = 1600
FINAL = frozenset({"delivered", "undelivered", "failed", "canceled", "read"})
HABIT_FAILURE = {TextHabit.OFF: 30003, TextHabit.LANDLINE: 30006}


class Messages:
    def __init__(self, world: World, postman: Postman, reader: Reader) -> None:
        self._world = world
        self._postman = postman
        self._reader = reader

    def create(self, fields: MultiMapping[str]) -> Sms | int:
        """The kept message, or the code of the refusal."""
        wrong = self._judge(fields)
        if wrong:
            return wrong
        now = self._world.now()
        service = fields.get("MessagingServiceSid", "")
        scheduled = fields.get("ScheduleType") == "fixed"
        item = Sms(
            sid=self._world.sid("SM"),
            to=fields["To"],
            sender=fields.get("From", ""),
            service=service,
            body=fields["Body"],
            status="scheduled" if scheduled else "accepted" if service else "queued",
            created=now,
            updated=now,
            callback=fields.get("StatusCallback", ""),
        )
        self._world.store.messages.add(item)
        self._world.store.touch(item.to)
        self._world.store.counts["messages"] += 1
        self._plan(item, _wait_until(fields.get("SendAt", ""), now) if scheduled else 0.0)
        return item

    def _judge(self, fields: MultiMapping[str]) -> int:
        to, sender = fields.get("To", ""), fields.get("From", "")
        body = fields.get("Body", "")
        stopped = self._world.text_habit(to) is TextHabit.STOPPED
        rules = (
            (not to, 21604),
            (not sender and not fields.get("MessagingServiceSid"), 21603),
            (not body, 21602),
            (len(body) > LONGEST_BODY, 21617),
            (sender in twilio_json.MAGIC_FROM, twilio_json.MAGIC_FROM.get(sender, 0)),
            (to in twilio_json.MAGIC_TO, twilio_json.MAGIC_TO.get(to, 0)),
            (not NUMBER.match(to), 21211),
            (stopped, 21610),
        )
        found = next((code for hit, code in rules if hit), 0)
        shares = self._world.knobs.sms.errors
        return found or int(fate(shares, self._world.luck(self._world.number("sms"), "sms")) or 0)

    def _plan(self, item: Sms, wait: float) -> None:
        sent = wait + self._world.delay(item.sid, "sent")
        ended = sent + self._world.delay(item.sid, "ended")
        self._world.agenda.after(sent, lambda: self._move(item, "sent"))
        self._world.agenda.after(ended, lambda: self._end(item))

    async def _end(self, item: Sms) -> None:
        code = self._failure(item)
        await self._move(item, "undelivered" if code else "delivered", code)
        if not code:
            self._reader.receive_sms(item)

    def _failure(self, item: Sms) -> int:
        if self._world.phone_habit(item.to) is PhoneHabit.WRONG_NUMBER:
            return 30005
        habit = HABIT_FAILURE.get(self._world.text_habit(item.to), 0)
        shares = self._world.knobs.sms.failures
        return habit or int(fate(shares, self._world.luck(item.sid, "failure")) or 0)

    async def _move(self, item: Sms, status: str, code: int = 0) -> None:
        if item.status in FINAL:
            return
        item.status, item.updated = status, self._world.now()
        item.sent = item.sent or item.updated
        item.error_code = code or None
        self._world.store.touch(item.to)
        if item.callback:
            await self._tell(item)

    async def _tell(self, item: Sms) -> None:
        """What is told is what was true now, however late it arrives."""
        fields = self._callback(item)

        async def send() -> None:
            await self._postman.twilio(item.callback, fields)

        self._postman.later(0.0, f"{item.sid}{item.status}", send)

    def _callback(self, item: Sms) -> dict[str, str]:
        fields = {
            "AccountSid": self._world.options.account.account_sid,
            "ApiVersion": twilio_json.VERSION,
            "From": item.sender,
            "To": item.to,
            "MessageSid": item.sid,
            "MessageStatus": item.status,
            "SmsSid": item.sid,
            "SmsStatus": item.status,
        }
        if item.service:
            fields["MessagingServiceSid"] = item.service
        if item.error_code:
            fields["ErrorCode"] = str(item.error_code)
        if item.status in {"delivered", "undelivered"}:
            fields["RawDlrDoneDate"] = item.updated.strftime("%y%m%d%H%M")
        return fields

    async def update(self, item: Sms, fields: MultiMapping[str]) -> int:
        if fields.get("Status") == "canceled":
            if item.status not in {"scheduled", "accepted"}:
                return 30409
            await self._move(item, "canceled")
        if fields.get("Body") == "":
            item.body = ""
        return 0

    def found(self, query: MultiMapping[str]) -> list[Sms]:
        """Newest first, by To, From and the three forms of DateSent."""
        rows = self._world.store.messages.newest(query.get("To", ""))
        return [row for row in rows if _fits(row, query)]


def _fits(row: Sms, query: MultiMapping[str]) -> bool:
    sender = query.get("From", "")
    if sender and row.sender != sender:
        return False
    day = "" if row.sent is None else row.sent.isoformat()
    exact, before, after = (query.get(f"DateSent{sign}", "") for sign in ("", "<", ">"))
    return (
        (not exact or day.startswith(exact[:10]))
        and (not before or (bool(day) and day[: len(before) - 1] <= before))
        and (not after or day[: len(after) - 1] >= after[:-1])
    )


def _wait_until(told: str, now: datetime) -> float:
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return 0.0
    return max((at - now) / timedelta(seconds=1), 0.0) if at.tzinfo else 0.0


async def form(request: web.Request) -> MultiDict[str]:
    return MultiDict(parse_qsl(await request.text(), keep_blank_values=True))


async def respond(messages: Messages, request: web.Request, account: str) -> web.Response:
    """POST and GET of the list."""
    if request.method == "POST":
        made = messages.create(await form(request))
        if isinstance(made, int):
            return twilio_json.error(made)
        return twilio_json.answer(twilio_json.message(account, made), 201)
    rows = [twilio_json.message(account, row) for row in messages.found(request.query)]
    return paged("messages", request, rows)


def paged(name: str, request: web.Request, rows: list[dict[str, object]]) -> web.Response:
    size = min(max(_number(request.query.get("PageSize"), 50), 1), 1000)
    page = min(_number(request.query.get("Page"), 0), 1000)
    shown = rows[page * size : (page + 1) * size + 1]
    return twilio_json.answer(twilio_json.listing(name, request.path, shown, page, size))


def _number(told: str | None, otherwise: int) -> int:
    return int(told) if told and told.isdecimal() and len(told) < 7 else otherwise
