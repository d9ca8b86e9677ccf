"""随手拍 as a life: announced, on its way, here; answered or passed on; confirmed, or opened again (processes.md §13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from hub.kernel.actor import Permission
from hub.kernel.calendar import day_of
from hub.kernel.lifecycle import (
    DESK,
    Because,
    Case,
    Deadline,
    Lifecycle,
    Scene,
    Sentence,
    State,
    Step,
    Who,
    own_ref,
)
from hub.streams.snapshots.forms import (
    KINDS,
    REASONS,
    AnnounceForm,
    AnswerForm,
    ConfirmForm,
    PassOnForm,
    RefuseForm,
    SendForm,
    Snapshot,
    SnapshotRules,
)
from hub.streams.snapshots.sending import sending

P = Permission
INTAKE = f"{DESK}{P.INTAKE}"
DEPUTY, CLERK, UNIT, SYSTEM = Who(P.PROPOSE, "lead"), Who(P.INTAKE), Who(P.HANDLE, "lead_unit"), Who()
PURPOSE = "snapshot"
"""What its files are sent for: looked into as they come, so that a picture is one."""
TITLE = 30


class Landing(msgspec.Struct, frozen=True, kw_only=True):
    """Where one is, which is read as it is announced: the district of the place, else the deputy's."""

    scope: str = "city"


def kind_known(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.kind in KINDS else ("请从列表中选择类别。", "Choose the kind from the list.")


def not_empty(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    if form.files or (case and len(case.facts.text.strip()) >= 2):
        return None
    return "请拍一张照片、录一段语音或写几个字再发送。", "Take a picture, record a clip or write a few words first."


def place_whole(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if (form.lon is None) == (form.lat is None) else ("经度和纬度要一起填。", "Give longitude and latitude together.")


def pieces_all_here(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    """`reads`: files that were sent for something else."""
    if not scene.reads:
        return None
    return "有的文件不是在随手拍里拍的或选的，请在“随手拍”页面重新添加。", "Some files were not taken for a snapshot; add them again on its page."


def unit_there(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    """`reads`: the units that are in use."""
    unit = _unit(case, form, scene)
    if not unit:
        return "这个类别没有设定办理单位，请选择一个单位。", "No unit is set for this kind; choose one."
    return None if unit in scene.reads else (f"没有办理单位“{unit}”，请重新选择。", f"There is no unit {unit!r}; choose another.")


def reason_known(case: Case | None, form: Any, scene: Scene) -> Sentence | None:
    return None if form.topic in REASONS else ("请从列表中选择原因。", "Choose the reason from the list.")


def not_raised(case: Case | None, _form: Any, scene: Scene) -> Sentence | None:
    if not (case and case.facts.raised):
        return None
    return "已经转成建议草稿，请在“建议议案”里继续。", "It is a draft suggestion already; go on there."


def _lead(case: Case | None, form: Any, scene: Scene) -> Mapping[str, tuple[str, ...]]:
    return {"lead": (own_ref(scene.actor),)}


def _unit(case: Case | None, form: Any, scene: Scene) -> str:
    kind = case.facts.kind if case else ""
    by_kind = next((route.unit for route in scene.rules.routes if route.kind == kind), "")
    return str(form.unit or by_kind)


def _to_unit(case: Case | None, form: Any, scene: Scene) -> Mapping[str, tuple[str, ...]]:
    return {"lead_unit": (_unit(case, form, scene),)}


def _no_unit(case: Case | None, form: Any, scene: Scene) -> Mapping[str, tuple[str, ...]]:
    return {"lead_unit": ()}


def _announced(case: Case | None, form: Any, scene: Scene) -> Mapping[str, Any]:
    first = next((line.strip() for line in form.text.splitlines() if line.strip()), "")
    title = first[:TITLE] if len(first) >= 2 else _named(form.kind)
    return {"scope": scene.reads.scope, "title": title, "taken_at": scene.at, **_tried(form)}


def _landed(case: Case | None, form: Any, scene: Scene) -> Mapping[str, Any]:
    assert case is not None
    way = form.way
    came = sending(tapped=way.tapped, began=way.began, phone_now=way.phone_now, announced=case.opened, at=scene.at)
    return {**msgspec.to_builtins(came), **_tried(form)}


def _tried(form: Any) -> dict[str, Any]:
    return {name: getattr(form.way, name) for name in ("attempts", "pieces", "bytes")}


def _raised(case: Case | None, form: Any, scene: Scene) -> Mapping[str, Any]:
    return {"raised": True}


def public_title(case: Case) -> str:
    """What everybody may read of it: its kind, and none of the sender's words."""
    return _named(case.facts.kind)


def _named(kind: str) -> str:
    return f"随手拍：{KINDS[kind][0]}"


def day_taken(case: Case) -> date:
    """The day it counts for."""
    return day_of(case.facts.taken_at or case.opened)


SNAPSHOTS = Lifecycle(
    name="snapshots", noun="snapshot", zh="随手拍", en="Snapshots", facts=Snapshot, rules=SnapshotRules,
    states=(
        State("underway", "传输中", "On its way", owner="lead", private=True, tone="running"),
        State("lost", "未送达", "Not arrived", owner="lead", private=True, tone="refused"),
        State("dropped", "已放弃", "Given up", private=True, terminal=True, tone="refused"),
        State("received", "待处理", "To be looked at", owner=INTAKE),
        State("handling", "办理中", "In hand", owner="lead_unit", tone="running"),
        State("answered", "已答复", "Answered", owner="lead", tone="running"),
        State("closed", "办结", "Closed", terminal=True, tone="done"),
        State("refused", "不予办理", "Declined", terminal=True, tone="refused"),
    ),
    steps=(
        Step(command="AnnounceSnapshot", event="SnapshotAnnounced", zh="开始传送", en="Begin to send", to="underway", who=(Who(P.PROPOSE),),
             form=AnnounceForm, guards=(kind_known, place_whole), parties=_lead, knows=_announced, own_screen=True, source="S1-N08、N09"),
        Step(command="SendSnapshot", event="SnapshotReceived", zh="送达", en="Arrive", frm=("underway", "lost"), to="received", who=(DEPUTY,), form=SendForm,
             guards=(not_empty, pieces_all_here), knows=_landed, tells=(INTAKE,), urgent=True, numbered="随手拍",
             own_screen=True, source="S0-C32、S1-N10、N11"),
        Step(command="LoseSnapshot", event="SnapshotLost", zh="逾期未送达", en="Lost on the way", frm=("underway",), to="lost", who=(SYSTEM,),
             tells=("lead",), source="S1-N10"),
        Step(command="DropSnapshot", event="SnapshotDropped", zh="放弃发送", en="Give up", frm=("underway", "lost"), to="dropped", who=(DEPUTY,)),
        Step(command="AnswerSnapshot", event="SnapshotAnswered", zh="答复", en="Answer", frm=("received", "handling"), to="answered",
             who=(CLERK, UNIT), form=AnswerForm, tells=("lead", INTAKE), source="processes.md §13"),
        Step(command="PassOnSnapshot", event="SnapshotPassedOn", zh="转办", en="Pass on", frm=("received", "handling"), to="handling", who=(CLERK,),
             form=PassOnForm, guards=(unit_there,), parties=_to_unit, tells=("lead_unit", "lead"), leaves=("lead_unit",), source="processes.md §13"),
        Step(command="ReturnSnapshot", event="SnapshotReturned", zh="退回工作台", en="Hand back", frm=("handling",), to="received", who=(UNIT,),
             form=Because, parties=_no_unit, tells=(INTAKE,)),
        Step(command="RefuseSnapshot", event="SnapshotRefused", zh="不予办理", en="Decline", frm=("received",), to="refused", who=(CLERK,), form=RefuseForm,
             guards=(reason_known,), tells=("lead",)),
        Step(command="ConfirmSnapshot", event="SnapshotConfirmed", zh="确认办结", en="Confirm", frm=("answered",), to="closed", who=(DEPUTY, SYSTEM),
             form=ConfirmForm, source="processes.md §13"),
        Step(command="ReopenSnapshot", event="SnapshotReopened", zh="没有解决，退回再办", en="Not solved: again", frm=("answered",), to="received",
             who=(DEPUTY,), form=Because, parties=_no_unit, tells=(INTAKE,), leaves=("lead_unit",), source="processes.md §13"),
        Step(command="RaiseSnapshot", event="SnapshotRaised", zh="转为建议草稿", en="Make it a draft suggestion",
             frm=("received", "handling", "answered"), who=(DEPUTY,), guards=(not_raised,), knows=_raised, source="processes.md §13"),
    ),
    deadlines=(
        Deadline(name="transmit", zh="传输", en="Transmission", owner=("lead",), starts=("SnapshotAnnounced",),
                 stops=("SnapshotReceived", "SnapshotDropped", "SnapshotLost"), limit="transmit", leads="", escalates=(), then="LoseSnapshot"),
        Deadline(name="look", zh="工作台处理", en="The desk's look", owner=(INTAKE,), starts=("SnapshotReceived", "SnapshotReopened", "SnapshotReturned"),
                 stops=("SnapshotAnswered", "SnapshotPassedOn", "SnapshotRefused"), limit="look"),
        Deadline(name="answer", zh="单位答复", en="The unit's answer", owner=("lead_unit",), starts=("SnapshotPassedOn",),
                 stops=("SnapshotAnswered", "SnapshotReturned"), limit="answer", copies=(INTAKE,), owes=True),
        Deadline(name="confirm", zh="代表确认", en="The deputy's word", owner=("lead",), starts=("SnapshotAnswered",),
                 stops=("SnapshotConfirmed", "SnapshotReopened"), limit="confirm", escalates=(), then="ConfirmSnapshot"),
    ),
    oversight=(P.INTAKE, P.COMMITTEE),
    relations={"lead": ("代表", "Deputy"), "lead_unit": ("办理单位", "Unit"), INTAKE: ("代表工委", "Deputies' committee")},
    words={"kind": KINDS, "topic": REASONS}, prose=("title", "text", "place", "answer"),
    family=("建议议案", "Suggestions"), columns=("number", "title", "kind", "lead", "unit", "state", "due", "opened"),
)
