"""Where clients may reach the plane, as an answer says it."""

from __future__ import annotations

from collections.abc import Sequence

from aioice.ice import get_host_addresses

ANY = ("0.0.0.0", "::")
UDP_PRIORITY, TCP_PRIORITY = 2_130_706_431, 1_671_430_143


def candidates(host: str, port: int, public: Sequence[str], tcp: bool) -> list[str]:
    """`public`: addresses by which the plane is reached from elsewhere; without any, its own."""
    lines = []
    for number, address in enumerate(list(public) or own(host)):
        lines.append(f"{number + 1} 1 udp {UDP_PRIORITY - number * 256} {address} {port} typ host")
        if tcp:
            lines.append(f"{number + 101} 1 tcp {TCP_PRIORITY - number * 256} {address} {port} typ host tcptype passive")
    return lines


def own(host: str) -> list[str]:
    if host not in ANY:
        return [host]
    return [*get_host_addresses(use_ipv4=True, use_ipv6=host == "::"), "127.0.0.1"]
