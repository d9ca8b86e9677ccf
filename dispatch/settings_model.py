"""Templates, ladders and quiet hours: what an operator may change. Pure."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dispatch.messages.commands import RemoveTemplate, SaveLadder, SaveQuietHours, SaveTemplate
from dispatch.messages.events import LadderSaved, QuietHoursSaved, TemplateRemoved, TemplateSaved
from dispatch.wording import with_keys
from hub.kernel.actor import CITY, Actor
from hub.kernel.errors import Forbidden, NotFound, Refused
from hub.kernel.messages import Event
from hub.spoke import Decision, Write


class Versioned(msgspec.Struct, frozen=True):
    """The row's version, None where there is none; streams go on counting after a removal."""

    version: int | None


def save_template(facts: Versioned, command: SaveTemplate, actor: Actor, at: datetime) -> Decision:
    _require_city(actor)
    return _write(f"template-{command.code}", TemplateSaved(
        code=command.code, name=command.name, title=command.title, text=command.text, priority=command.priority,
        options=with_keys(command.options)))


def remove_template(facts: Versioned, command: RemoveTemplate, actor: Actor, at: datetime) -> Decision:
    _require_city(actor)
    if facts.version is None:
        raise NotFound(f"没有模板“{command.code}”。", f"There is no template {command.code!r}.", field="code")
    return _write(f"template-{command.code}", TemplateRemoved(code=command.code))


def _require_city(actor: Actor) -> None:
    if CITY not in actor.scopes:
        raise Forbidden("模板、通道阶梯和免打扰时段对全市生效，只有市级账号可以修改。",
                        "Templates, ladders and quiet hours hold for the whole city; only accounts of the city may change them.",
                        code="city-only")


def save_ladder(facts: Versioned, command: SaveLadder, actor: Actor, at: datetime) -> Decision:
    _require_city(actor)
    for place, rung in enumerate(command.ladder.rungs, 1):
        if len(set(rung.channels)) < len(rung.channels):
            raise Refused(f"第 {place} 级里同一通道出现了两次，请去掉一个。",
                          f"Rung {place} names a road twice; remove one.", code="road-twice", field="ladder.rungs")
    return _write(f"ladder-{command.ladder.code}", LadderSaved(ladder=command.ladder))


def save_quiet_hours(facts: Versioned, command: SaveQuietHours, actor: Actor, at: datetime) -> Decision:
    _require_city(actor)
    return _write("quiet-hours", QuietHoursSaved(start=command.start, end=command.end, channels=command.channels))


def _write(stream: str, event: Event) -> Decision:
    """The last one who saves wins: these are small settings, and the audit log names everybody."""
    return Decision(writes=(Write(stream, -1, (event,)),), result={})
