"""Who may come in, how often, and how much each may say: by address and by account. Pure.

A station's building, a hospital's floor or WeChat's gateway is one address for hundreds of people:
the limits stop floods, not crowds.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import msgspec

from hub.access.allowance import network_of
from hub.gateway.live.knock import BadKnock
from hub.gateway.live.rates import Buckets, Counts, Rate
from hub.kernel.errors import Refused

SOON = 1.0


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Each may be set by HUB_LIMITS, `name=value,…`. Rates: a second in the long run, and `…_burst` at once."""

    connections: int = 60_000
    """Live ones in one process."""
    address_connections: int = 5_000
    account_connections: int = 500
    strangers: int = 1_000
    """Of one address, not signed in yet."""
    knocks: float = 200.0
    """New connections from one address, web pages included."""
    knocks_burst: float = 3_000.0
    events: float = 100.0
    """What one account asks over its sockets."""
    events_burst: float = 1_000.0
    bytes: float = 512.0 * 1024
    bytes_burst: float = 8.0 * 2**20


def limits_of(given: Mapping[str, str]) -> Limits:
    """Raises Refused."""
    try:
        return msgspec.convert(dict(given), Limits, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(f"HUB_LIMITS 里有不对的数值：{error}", f"HUB_LIMITS has a bad value: {error}", field="HUB_LIMITS") from error


class Verdict(Enum):
    FINE = 0
    TOO_MUCH = 1     # is refused, and told so
    FLOOD = 2        # goes on although it was told: is sent away


class Door:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._knocks = Buckets(Rate(limits.knocks, limits.knocks_burst))
        self._events = Buckets(Rate(limits.events, limits.events_burst))
        self._warnings = Buckets(Rate(limits.events, limits.events_burst))
        self._bytes = Buckets(Rate(limits.bytes, limits.bytes_burst))
        self._at_address = Counts(limits.address_connections)
        self._strangers = Counts(limits.strangers)
        self._of_account = Counts(limits.account_connections)

    def knock(self, address: str, now: float) -> float:
        """0: let it in; else seconds until the next may come."""
        return self._knocks.take(network_of(address), now)

    def admit(self, address: str, live: int) -> None:
        """A stranger asks for a live connection; `leave` when he goes. Raises BadKnock."""
        if live >= self.limits.connections:
            raise BadKnock(503, "too many connections; come back soon", retry_after=SOON)
        network = network_of(address)
        if not self._strangers.take(network):
            raise BadKnock(429, "too many from this address are at the door; come back soon", retry_after=SOON)
        if not self._at_address.take(network):
            self._strangers.give_back(network)
            raise BadKnock(429, "too many connections from this address", retry_after=10 * SOON)

    def enter(self, address: str, account: str) -> bool:
        """The stranger is known now. False: his account has too many connections; he stays a stranger."""
        if not self._of_account.take(account):
            return False
        self._strangers.give_back(network_of(address))
        return True

    def leave(self, address: str, account: str) -> None:
        """`account` empty: still a stranger."""
        network = network_of(address)
        self._at_address.give_back(network)
        if account:
            self._of_account.give_back(account)
        else:
            self._strangers.give_back(network)

    def say(self, account: str, size: int, now: float) -> tuple[Verdict, float]:
        """One event of so many bytes: whether it may be answered, and else when to try again."""
        wait = self._bytes.take(account, now, size)
        if wait:
            return Verdict.FLOOD, wait
        wait = self._events.take(account, now)
        if not wait:
            return Verdict.FINE, 0.0
        return (Verdict.FLOOD if self._warnings.take(account, now) else Verdict.TOO_MUCH), wait
