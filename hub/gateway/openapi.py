"""OpenAPI 3.1 of every command and view, made from the message types. The browser's types are made from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from dispatch.conversations.messages.commands import MarksTaken, MessageTaken, Opened
from dispatch.messages.commands import BroadcastSent, ReceiptsTaken
from hub.access.messages import KeyMade, TotpOffer
from hub.directory.messages.commands import ImportReport, Saved
from hub.gateway.archive import StoredFile
from hub.gateway.opinions import SHAPES as OF_OPINIONS
from hub.gateway.public import SHAPES
from hub.gateway.sign_in_routes import LinkAsked, SignedIn
from hub.kernel.messages import Command, kind_of
from hub.spoke import Decides, Does, View

ANSWERS: tuple[type, ...] = (
    BroadcastSent, ReceiptsTaken, Opened, MessageTaken, MarksTaken, Saved, KeyMade, TotpOffer, ImportReport, StoredFile, SignedIn, LinkAsked,
    *SHAPES, *OF_OPINIONS,
)
"""Shapes of answers, which stand behind no command's or view's own type."""

REF = "#/components/schemas/{name}"

PROBLEM: dict[str, Any] = {
    "description": "RFC 9457 problem document",
    "content": {"application/problem+json": {"schema": {"$ref": REF.format(name="Problem")}}},
}
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
                   "detail": {"type": "string"}, "code": {"type": "string"}, "field": {"type": "string"}},
}


def document(rules: Iterable[Decides | Does], views: Iterable[View]) -> dict[str, Any]:
    rules, views = tuple(rules), tuple(views)
    shapes: list[type] = [*ANSWERS, *(rule.command for rule in rules)]
    for view in views:
        shapes += [view.params, view.row]
    refs, schemas = msgspec.json.schema_components(list(dict.fromkeys(shapes)), ref_template=REF)
    ref_of = dict(zip(dict.fromkeys(shapes), refs, strict=True))
    paths = {f"/api/commands/{kind_of(rule.command)}": {"post": _command(rule, ref_of[rule.command])} for rule in rules}
    paths |= {f"/api/views/{view.name}": {"get": _view(view, ref_of[view.params], ref_of[view.row])} for view in views}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Liaison Hub 联络站互联调度中枢", "version": "1.0",
                 "description": "Commands are wishes with an id: sending the same id again gives the same answer. "
                                "Views are snapshots; over Socket.IO they go on as changes."},
        "security": [{"apiKey": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {"apiKey": {"type": "http", "scheme": "bearer", "description": "API key ak_…"}},
            "schemas": dict(sorted((schemas | {"Problem": PROBLEM_SCHEMA}).items())),
        },
    }


def _command(rule: Decides | Does, ref: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": kind_of(rule.command), "tags": [_room(rule.command)], "summary": _summary(rule.command),
        "description": f"Needs the permission `{rule.permission}`.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": ref}}},
        "responses": {
            "200": {"description": "Done, or done before", "content": {"application/json": {"schema": {
                "type": "object", "required": ["result"], "properties": {"result": {}}}}}},
            "default": PROBLEM,
        },
    }


def _view(view: View, params: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": f"view_{view.name}", "tags": [_room(view.row)], "summary": _summary(view.row),
        "description": f"Needs the permission `{view.permission}`." + (" Live over Socket.IO." if view.room else ""),
        "parameters": [{"name": "p", "in": "query", "description": "Parameters as JSON",
                        "content": {"application/json": {"schema": params}}}],
        "responses": {
            "200": {"description": "Rows", "content": {"application/json": {"schema": {
                "type": "object", "required": ["rows", "position"],
                "properties": {"rows": {"type": "array", "items": row}, "total": {"type": ["integer", "null"]},
                               "position": {"type": "integer"}, "room": {"type": "string"},
                               "as_of": {"type": ["string", "null"], "format": "date-time",
                                         "description": "Set while the database is away: the rows are what they were then"}}}}}},
            "default": PROBLEM,
        },
    }


def _room(shape: type) -> str:
    return shape.__module__.removeprefix("hub.").partition(".")[0]


def _summary(shape: type) -> str:
    words = (shape.__doc__ or "").strip()
    own = words and not words.startswith(Command.__doc__ or "\0")
    return words.partition("\n")[0] if own else kind_of(shape)
