"""A life drawn from its tables: what a README shows and a screen explains."""

from __future__ import annotations

from collections.abc import Iterator

from hub.kernel.lifecycle.table import Deadline, Lifecycle, Step, Who

ANY = "…"


def diagram(life: Lifecycle) -> str:
    """A Mermaid state diagram."""
    return "\n".join(["stateDiagram-v2", *(f"    {state.name}: {state.zh}" for state in life.states), *_arrows(life)])


def _arrows(life: Lifecycle) -> Iterator[str]:
    for step in life.steps:
        to = "[*]" if callable(step.to) else step.to
        for name in step.frm or ("[*]",):
            if callable(step.to):
                yield f"    {name} --> {name}: {step.zh} ⑂"
            elif to and to != name:
                yield f"    {name} --> {to}: {step.zh}"
    yield from (f"    {state.name} --> [*]" for state in life.states if state.terminal)


def as_table(life: Lifecycle) -> str:
    """A Markdown table of steps, then one of clocks."""
    steps = ["| 步骤 | 命令 | 从 → 到 | 办理人 | 依据 |", "|---|---|---|---|---|", *(_row(life, step) for step in life.steps)]
    clocks = ["| 时限 | 起 | 止 | 期限 | 责任人 |", "|---|---|---|---|---|", *(_clock(life, clock) for clock in life.deadlines)]
    return "\n".join([*steps, "", *clocks] if life.deadlines else steps)


def _row(life: Lifecycle, step: Step) -> str:
    frm = "、".join(life.state(name).zh for name in step.frm) or "—"
    to = "（按内容）" if callable(step.to) else life.state(step.to).zh if step.to else "不变"
    who = "；".join(_who(life, who) for who in step.who)
    return f"| {step.zh} | `{step.command}` | {frm} → {to} | {who} | {step.source} |"


def _who(life: Lifecycle, who: Who) -> str:
    relation = life.relations.get(who.relation, (who.relation, who.relation))[0]
    return "＋".join(part for part in (relation, str(who.permission or "")) if part) or "系统"


def _clock(life: Lifecycle, clock: Deadline) -> str:
    limit = "（按内容）"
    if isinstance(clock.limit, str) and clock.on is None:
        span = getattr(life.rules(), clock.limit)
        limit = span.words()[0] if span else "—"
    events = [life.step_of(name).zh for name in clock.starts], [life.step_of(name).zh for name in clock.stops]
    owners = "、".join(life.relations.get(owner, (owner, owner))[0] for owner in clock.owner)
    return f"| {clock.zh} | {'、'.join(events[0])} | {'、'.join(events[1])} | {limit} | {owners} |"
