"""Who stands at the door: addresses are proved by STUN, keys by DTLS; strangers are let stand."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable
from contextlib import suppress

from media.plane import stun
from media.plane.board import Board
from media.plane.dtls import Handshake, Identity, Step
from media.plane.paths import Path
from media.plane.peer import Peer
from media.plane.sdp import Offer
from media.plane.srtp import rx
from media.plane.tcp import StreamPath

ADDRESSES = 8
"""Most that one peer may have; the oldest is forgotten."""
STRANGERS = 400
"""Checks of unknown addresses read between two ticks: a flood of them costs no more than that."""


class Door:
    def __init__(self, board: Board, identity: Identity, up: Callable[[Peer], None], down: Callable[[Peer, str], None]) -> None:
        self.known: dict[Hashable, Peer] = {}
        self.streams: set[StreamPath] = set()
        self.shaking: set[Peer] = set()
        """Peers whose handshake is not over."""
        self.patience = STRANGERS
        self.identity = identity
        self._board = board
        self._users: dict[str, Peer] = {}
        self._up = up
        self._down = down

    def expects(self, name: str, offer: Offer, client: bool) -> Peer:
        peer = Peer(name, secrets.token_hex(6), secrets.token_hex(16), self._board)
        first = next(section for section in offer.sections if section.media)
        peer.handshake = Handshake(self.identity, client, first.fingerprints, lambda packet: _send(peer, packet))
        self._users[peer.user] = peer
        return peer

    def forgets(self, peer: Peer) -> None:
        self._users.pop(peer.user, None)
        self.shaking.discard(peer)
        for key in peer.keys:
            if self.known.get(key) is peer:
                del self.known[key]
            if isinstance(key, StreamPath):
                key.close()
        if peer.handshake is not None:
            peer.handshake.close()
        peer.shield = peer.path = None

    # --- arrivals ---------------------------------------------------------------------------------

    def streamed(self, size: int, path: StreamPath, now: float) -> None:
        peer = self.known.get(path)
        self._board.now = now
        self._board.received += 1
        if peer is not None and 128 <= rx[0] <= 191:
            peer.packet(size, now)
        else:
            self.arrived(size, path, lambda: path)

    def closed(self, path: StreamPath) -> None:
        """A peer over UDP may go on; without any other way he is gone."""
        peer = self.known.pop(path, None)
        if peer is not None:
            with suppress(ValueError):
                peer.keys.remove(path)
            if peer.path is path:
                self._down(peer, "left")

    def arrived(self, size: int, key: Hashable, path: Callable[[], Path]) -> None:
        """From an unknown address, or no media."""
        first = rx[0] if size else 0
        peer = self.known.get(key)
        if size and first < 4:
            self._check(bytes(rx[:size]), key, path, peer)
        elif peer is not None and 20 <= first <= 63:
            self._shake(peer, bytes(rx[:size]))
        else:
            self._board.strangers += 1

    def _check(self, datagram: bytes, key: Hashable, path: Callable[[], Path], peer: Peer | None) -> None:
        if peer is None:
            self.patience -= 1
            if self.patience < 0:
                self._board.strangers += 1
                return
        check = stun.read_check(datagram)
        asked = self._users.get(check.to) if check is not None else None
        if check is None or asked is None or not check.proved(asked.password):
            self._board.strangers += 1
            return
        way = self._proved(asked, key, path)
        way.send(stun.answer(check, way.address, asked.password))
        asked.heard = self._board.now
        if check.nominated or asked.path is None:
            self._moves(asked, way)

    def _proved(self, peer: Peer, key: Hashable, path: Callable[[], Path]) -> Path:
        way = peer.path if peer.path is not None and peer.path.address == key else path()
        if self.known.get(key) is not peer:
            self.known[key] = peer
            peer.keys.append(key)
            if len(peer.keys) > ADDRESSES:
                oldest = peer.keys.pop(0)
                if self.known.get(oldest) is peer:
                    del self.known[oldest]
        if isinstance(way, StreamPath):
            way.proved = True
        return way

    def _moves(self, peer: Peer, way: Path) -> None:
        before = peer.path
        if before is None or (before.over, before.address) != (way.over, way.address):
            peer.moves(way)
        if before is None and peer.handshake is not None:
            self.shaking.add(peer)
            peer.handshake.begin()

    # --- handshakes -------------------------------------------------------------------------------

    def _shake(self, peer: Peer, record: bytes) -> None:
        handshake = peer.handshake
        if handshake is None:
            return
        handshake.feed(record)
        self._outcome(peer, handshake)

    def again(self) -> None:
        """At every tick: what was lost of a handshake is said again."""
        self.patience = STRANGERS
        for peer in list(self.shaking):
            handshake = peer.handshake
            if handshake is None or not handshake.again():
                self.shaking.discard(peer)
            elif handshake.step is Step.REFUSED:
                self._outcome(peer, handshake)

    def _outcome(self, peer: Peer, handshake: Handshake) -> None:
        if handshake.step is Step.DONE and peer.shield is None:
            peer.shield = handshake.shield
            self._up(peer)
        elif handshake.step is Step.REFUSED:
            self._down(peer, "refused")
        elif handshake.step is Step.CLOSED:
            self._down(peer, "left")


def _send(peer: Peer, packet: bytes) -> None:
    if peer.path is not None:
        peer.path.send(packet)
