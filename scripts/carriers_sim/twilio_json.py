"""The vendor's JSON: resources, lists, errors. Pure."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from typing import Any

import msgspec
from aiohttp import web

from scripts.carriers_sim.store import Call, Sms

VERSION = "2010-04-01"

MESSAGES: dict[int, tuple[int, str]] = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    20503: (503, "Service Unavailable"),
    21211: (400, "Invalid 'To' Phone Number"),
    21212: (400, "Invalid 'From' Phone Number"),
    21213: (400, "Caller phone number is required"),
    21205: (400, "Url parameter is required"),
    21220: (400, "Invalid call state"),
    21408: (400, "Permission to send an SMS has not been enabled for the region"),
    21602: (400, "Message body is required"),
    21603: (400, "A 'From' phone number is required"),
    21604: (400, "A 'To' phone number is required"),
    21606: (400, "The 'From' phone number is not a valid, SMS-capable number of your account"),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (429, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "The 'To' number is not currently reachable"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The message body exceeds the 1600 character limit"),
    30409: (400, "Message cannot be canceled in its present state"),
}

MAGIC_FROM = {"+15005550007": 21606, "+15005550008": 21611, "+15005550001": 21212}
MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}


def answer(body: object, status: int = 200) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(body), status=status, content_type="application/json"
    )


def error(code: int) -> web.Response:
    status, message = MESSAGES.get(code, (400, f"Error {code}"))
    body = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return answer(body, status)


def moment(at: datetime | None) -> str | None:
    return None if at is None else format_datetime(at)


def message(account: str, item: Sms) -> dict[str, Any]:
    uri = f"/{VERSION}/Accounts/{account}/Messages/{item.sid}"
    return {
        "sid": item.sid,
        "account_sid": account,
        "api_version": VERSION,
        "body": item.body,
        "date_created": moment(item.created),
        "date_updated": moment(item.updated),
        "date_sent": moment(item.sent),
        "direction": "outbound-api",
        "error_code": item.error_code,
        "error_message": None if item.error_code is None else f"Error {item.error_code}",
        "from": item.sender or None,
        "to": item.to,
        "messaging_service_sid": item.service or None,
        "num_media": "0",
        "num_segments": "0" if item.service else str(segments(item.body)),
        "price": None,
        "price_unit": "USD",
        "status": item.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "uri": f"{uri}.json",
    }


def segments(body: str) -> int:
    single, joined = (160, 153) if body.isascii() else (70, 67)
    return 1 if len(body) <= single else -(-len(body) // joined)


def call(account: str, item: Call) -> dict[str, Any]:
    uri = f"/{VERSION}/Accounts/{account}/Calls/{item.sid}"
    return {
        "sid": item.sid,
        "account_sid": account,
        "api_version": VERSION,
        "annotation": None,
        "answered_by": item.answered_by or None,
        "caller_name": "",
        "date_created": moment(item.created),
        "date_updated": moment(item.updated),
        "start_time": moment(item.started),
        "end_time": moment(item.ended),
        "duration": str(item.seconds) if item.ended else None,
        "direction": "outbound-api",
        "from": item.sender,
        "from_formatted": item.sender,
        "to": item.to,
        "to_formatted": item.to,
        "forwarded_from": None,
        "group_sid": None,
        "parent_call_sid": None,
        "phone_number_sid": "",
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "status": item.status,
        "trunk_sid": "",
        "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
    }


def listing(name: str, path: str, rows: list[dict[str, Any]], page: int, size: int) -> object:
    """`rows` may hold one more than `size`: then there is a further page."""
    shown = rows[:size]
    further = f"{path}?PageSize={size}&Page={page + 1}" if len(rows) > size else None
    return {
        name: shown,
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + max(len(shown) - 1, 0),
        "first_page_uri": f"{path}?PageSize={size}&Page=0",
        "next_page_uri": further,
        "previous_page_uri": f"{path}?PageSize={size}&Page={page - 1}" if page else None,
        "uri": f"{path}?PageSize={size}&Page={page}",
    }
