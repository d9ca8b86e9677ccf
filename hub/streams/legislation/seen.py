"""What a decision looks at beside the project itself."""

from __future__ import annotations

import msgspec

from hub.kernel.lifecycle import Scene
from hub.streams.legislation.rules import NodeRule


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """`templates`: code → nodes. `comments_open`: opinions on this project that nobody has answered."""

    templates: dict[str, tuple[NodeRule, ...]] = msgspec.field(default_factory=dict)
    comments_open: int = 0


def seen(scene: Scene) -> Seen:
    return scene.reads if isinstance(scene.reads, Seen) else Seen()
