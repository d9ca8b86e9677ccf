"""One place that knows the seed, the knobs, the clock, what is kept and what is due."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import md5
from itertools import count

from hub.kernel.clock import Clock
from scripts.carriers_sim.agenda import Agenda
from scripts.carriers_sim.knobs import Knobs
from scripts.carriers_sim.people import (
    Habits,
    PhoneHabit,
    TextHabit,
    WechatHabit,
    between,
    draw,
    pick,
)
from scripts.carriers_sim.settings import Options
from scripts.carriers_sim.store import Store

NOBODY = Habits()


@dataclass
class World:
    options: Options
    clock: Clock
    agenda: Agenda
    knobs: Knobs = field(default_factory=Knobs)
    store: Store = field(default_factory=Store)
    _numbers: defaultdict[str, count[int]] = field(
        default_factory=lambda: defaultdict(partial(count, 1))
    )

    def now(self) -> datetime:
        return self.clock.now()

    def number(self, of: str = "") -> int:
        """Counted for each kind by itself, so that one does not shift the other."""
        return next(self._numbers[of])

    def sid(self, prefix: str) -> str:
        """The n-th thing of one seed has the same id in every run."""
        text = f"{self.options.seed}|{prefix}{self.number(prefix)}".encode()
        return prefix + md5(text, usedforsecurity=False).hexdigest()

    def luck(self, *parts: object) -> float:
        return draw(self.options.seed, *parts)

    def delay(self, *parts: object) -> float:
        return between(self.knobs.delay, self.luck(*parts, "delay")) / self.options.speed

    def think(self, *parts: object) -> float:
        return between(self.knobs.think, self.luck(*parts, "think")) / self.options.speed

    def phone_habit(self, address: str) -> PhoneHabit:
        own = self.store.habits.get(address, NOBODY).phone
        return own or pick(self.knobs.mix.phone, self.luck(address, "phone"), PhoneHabit.PRESS_1)

    def text_habit(self, address: str) -> TextHabit:
        own = self.store.habits.get(address, NOBODY).text
        return own or pick(self.knobs.mix.text, self.luck(address, "text"), TextHabit.IGNORE)

    def wechat_habit(self, address: str) -> WechatHabit:
        own = self.store.habits.get(address, NOBODY).wechat
        return own or pick(self.knobs.mix.wechat, self.luck(address, "wechat"), WechatHabit.IGNORE)
