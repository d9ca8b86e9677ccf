"""The packet switch: who is connected, which track plays in which slot.

Everything is synchronous on the loop's thread, but `open`, `close` and `join`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import randrange

import msgspec

from hub.kernel.errors import Conflict, TryAgain
from media.plane import answer
from media.plane.answer import Agreed
from media.plane.board import Board
from media.plane.candidates import candidates
from media.plane.door import Door
from media.plane.dtls import Identity
from media.plane.fanout_c import fan_out_of
from media.plane.figures import figures
from media.plane.local import LocalTrack
from media.plane.paths import UdpPath
from media.plane.peer import Peer
from media.plane.rounds import Rounds
from media.plane.sdp import Offer, read_offer
from media.plane.slot import Slot
from media.plane.tcp import StreamPath
from media.plane.track import Track
from media.plane.udp import UdpPort, both, bound
from media.plane.words import Joined, Line, Listener, LocalSource, Outlet, Source, Stats

PEERS = 2000
PICTURE_BPS = 1_500_000
BACKLOG = 128


class Switch:
    def __init__(self, hears: Listener, cache: Path | None = None, identity: Identity | None = None, first: int | None = None) -> None:
        """`cache`: a folder for the compiled fan-out; None: Python's is used. `identity`: one made beforehand. `first`:
        number with which all that goes out begins (a bench that looks at the wrap); None: by chance, and far from it."""
        self.hears = hears
        self.peers: dict[str, Peer] = {}
        self.tracks: dict[Source, Track] = {}
        self.slots: dict[Outlet, Slot] = {}
        self._links: dict[Outlet, Source] = {}
        self._taps: dict[Source, list[Callable[[bytes], None]]] = {}
        self._closed: set[Source] = set()
        self._bps: dict[Source, int] = {}
        self._cache = cache
        self._identity, self._first = identity, first
        self._candidates: list[str] = []
        self._server: asyncio.Server | None = None

    async def open(self, host: str, port: int, public: Sequence[str] = (), tcp: bool = True) -> int:
        """One UDP port (and the same one over TCP) for everybody; 0 takes a free one. The port.
        Raises OSError where it is taken."""
        loop = asyncio.get_running_loop()
        sock, listening = both(host, port) if tcp else (bound(host, port), None)
        port = sock.getsockname()[1]
        fan = await asyncio.to_thread(fan_out_of, sock, self._cache, loop.call_soon)
        self._board = Board(self.hears, fan)
        self._board.now = loop.time()
        self._door = Door(self._board, self._identity or Identity(), self._up, self._down)
        self._rounds = Rounds(loop, self._board, self._door, self._down)
        self._udp = UdpPort(loop, sock, self._board, self._door.known,
                            lambda size, address: self._door.arrived(size, address, lambda: UdpPath(sock, address)),
                            self._after)
        if listening is not None:
            self._server = await loop.create_server(lambda: StreamPath(self._door, loop), sock=listening,
                                                    backlog=BACKLOG)
        self._candidates = candidates(host, port, public, tcp)
        return port

    async def close(self) -> None:
        for peer in list(self.peers):
            self.leave(peer)
        self._rounds.close()
        self._udp.close()
        for stream in list(self._door.streams):
            stream.close()
        if self._server is not None:
            self._server.close()
            self._server = None

    # --- who is connected -------------------------------------------------------------------------

    async def join(self, peer: str, offer: str, roles: Mapping[str, str] = {}) -> Joined:
        """One PeerConnection per participant; the client offers, nothing trickles. The same peer again
        replaces its connection and keeps its links. Raises Malformed or Refused."""
        described = read_offer(offer)
        agreed = [_numbered(line) for line in answer.agree(described)]
        old = self.peers.get(peer)
        if old is None and len(self.peers) >= PEERS:
            raise TryAgain(f"媒体服务已满（{PEERS} 个连接），请稍后再试。",
                           f"The media plane is full ({PEERS} connections); try again later.", code="media-full")
        if old is not None:
            self._gone(old)
        fresh = self._door.expects(peer, described, answer.setup_of(described) == "active")
        self.peers[peer] = fresh
        self._rounds.enter(fresh)
        for line in agreed:
            self._enter(fresh, line)
        self._forget_lines(peer, fresh)
        return Joined(answer=self._answer(described, agreed, fresh), lines=_lines(agreed, roles))

    def leave(self, peer: str, why: str = "") -> None:
        """Its connection, tracks, slots, gates and what they play are gone; links of others to its tracks wait.
        `why` is for the log's sake only."""
        known = self.peers.pop(peer, None)
        if known is None:
            return
        self._gone(known)
        self._forget_lines(peer, None)

    # --- what plays where -------------------------------------------------------------------------

    def link(self, source: Source | None, outlet: Outlet) -> None:
        """What this slot plays; None: nothing. Either may still have to come: the link waits for it."""
        if source is None:
            self._links.pop(outlet, None)
        elif self._links.get(outlet) == source:
            return
        else:
            self._links[outlet] = source
        slot = self.slots.get(outlet)
        if slot is not None:
            self._plug(slot, self.tracks.get(source) if source is not None else None)

    def gate(self, source: Source, open: bool) -> None:
        """Closed: its packets are dropped before they are decrypted. Open to begin with."""
        if open:
            self._closed.discard(source)
        else:
            self._closed.add(source)
        track = self.tracks.get(source)
        if track is not None:
            track.shut(not open)

    def local(self, source: Source, kind: str = "audio") -> LocalSource:
        """Ready Opus frames enter like a track, until `close`."""
        if source in self.tracks:
            raise Conflict(f"声源 {source} 已经存在。", f"The source {source} exists already.", code="source-exists")
        track = self._track(source, kind)
        return LocalTrack(track, self._board, lambda: self._drop_track(source))

    def tap(self, source: Source, sink: Callable[[bytes], None]) -> Callable[[], None]:
        """Decrypted RTP packets as they come, repaired ones late (their sequence number says where they
        belong). May be asked before the source comes. The answer ends it."""
        sinks = self._taps.setdefault(source, [])
        sinks.append(sink)

        def untap() -> None:
            if sink in sinks:
                sinks.remove(sink)

        track = self.tracks.get(source)
        if track is not None:
            track.taps = sinks
            track.want_key_frame()
        return untap

    def bitrate(self, source: Source, bps: int) -> None:
        """What its sender is asked not to exceed (REMB)."""
        self._bps[source] = bps
        track = self.tracks.get(source)
        if track is not None:
            track.bps = bps
            if isinstance(track.sender, Peer):
                track.sender.limit()

    def key_frame(self, source: Source) -> None:
        """Asks the sender, at most every 500 ms."""
        track = self.tracks.get(source)
        if track is not None:
            track.want_key_frame()

    def stats(self) -> Stats:
        return figures(self._board, self.peers, self.tracks)

    # --- inside -----------------------------------------------------------------------------------

    def _after(self) -> None:
        if self._board.holes:
            self._rounds.repair()

    def _enter(self, peer: Peer, line: Agreed) -> None:
        name = f"{peer.name}/{line.section.mid}"
        if line.sends:
            track = self._track(Source(name), line.section.kind)
            peer.sends(line, track)
        if line.hears:
            slot = Slot(Outlet(name), line, peer, self._first)
            peer.slots[slot.ssrc] = slot
            self.slots[slot.name] = slot

    def _track(self, source: Source, kind: str) -> Track:
        track = self.tracks.get(source)
        if track is not None and track.kind != kind:
            self._drop_track(source)
            track = None
        if track is None:
            track = self.tracks[source] = Track(source, kind, self._board)
            track.taps = self._taps.setdefault(source, [])
            track.bps = self._bps.get(source, PICTURE_BPS if kind == "video" else 0)
            track.shut(source in self._closed)
            for outlet in [outlet for outlet, linked in self._links.items() if linked == source]:
                slot = self.slots.get(outlet)
                if slot is not None:
                    self._plug(slot, track)
        return track

    def _plug(self, slot: Slot, track: Track | None) -> None:
        """Only who is connected and of the same kind is played to."""
        if track is not None and track.kind != slot.kind:
            track = None
        if slot.track is track:
            return
        if slot.track is not None:
            slot.track.detach(slot)
        slot.track = track
        if track is not None and slot.seat.shield is not None:
            track.attach(slot)

    def _up(self, peer: Peer) -> None:
        for slot in peer.slots.values():
            source = self._links.get(slot.name)
            self._plug(slot, None)
            self._plug(slot, self.tracks.get(source) if source is not None else None)
        self.hears.up(peer.name)

    def _down(self, peer: Peer, why: str) -> None:
        if self.peers.get(peer.name) is peer:
            self.leave(peer.name)
            self.hears.down(peer.name, why)

    def _gone(self, peer: Peer) -> None:
        """The connection alone: tracks and links stay for the next one."""
        self._rounds.exit(peer)
        for slot in peer.slots.values():
            self._plug(slot, None)
            self.slots.pop(slot.name, None)
        for track in peer.tracks:
            track.sender = None
            track.rebind(0)
        self._door.forgets(peer)

    def _forget_lines(self, peer: str, fresh: Peer | None) -> None:
        """What the new connection has not taken over (all, where there is none)."""
        kept = {track.name for track in fresh.tracks} if fresh is not None else set()
        for source in [name for name in self.tracks if name.rpartition("/")[0] == peer and name not in kept]:
            self._drop_track(source)
        heard = {slot.name for slot in fresh.slots.values()} if fresh is not None else set()
        for outlet in [name for name in self._links if name.rpartition("/")[0] == peer and name not in heard]:
            del self._links[outlet]

    def _drop_track(self, source: Source) -> None:
        track = self.tracks.pop(source, None)
        if track is not None:
            for slot in track.audience.everybody():
                self._plug(slot, None)
            self._board.forget(track)
        self._closed.discard(source)
        self._bps.pop(source, None)
        if not self._taps.get(source):
            self._taps.pop(source, None)

    def _answer(self, described: Offer, agreed: Sequence[Agreed], peer: Peer) -> str:
        fingerprint = peer.handshake.fingerprint if peer.handshake is not None else ""
        return answer.write(described, agreed, answer.Ours(
            user=peer.user, password=peer.password, fingerprint=fingerprint, candidates=self._candidates,
            session=randrange(1, 2**62),
        ))


def _numbered(line: Agreed) -> Agreed:
    """Our own streams for what the client hears."""
    if not line.hears:
        return line
    repair = randrange(1, 2**32) if any(codec.repair for codec in line.codecs) else 0
    return msgspec.structs.replace(line, ssrc=randrange(1, 2**32), repair=repair)


def _lines(agreed: Sequence[Agreed], roles: Mapping[str, str]) -> tuple[Line, ...]:
    left = {"audio": ["mic"], "video": ["camera", "screen"]}
    lines = []
    for line in agreed:
        mid, kind = line.section.mid, line.section.kind
        role = left[kind].pop(0) if line.sends and left[kind] else ""
        codec = line.codecs[0].name if line.codecs else ""
        lines.append(Line(mid=mid, kind=kind, sends=line.sends, hears=line.hears, codec=codec,
                          role=roles.get(mid, role)))
    return tuple(lines)
