"""What there is to measure, gathered when asked."""

from __future__ import annotations

from collections.abc import Mapping

from media.plane.board import Board
from media.plane.peer import Peer
from media.plane.track import Track
from media.plane.words import PeerFigures, Source, SourceFigures, Stats


def figures(board: Board, peers: Mapping[str, Peer], tracks: Mapping[Source, Track]) -> Stats:
    return Stats(
        peers={name: _peer(peer) for name, peer in peers.items()},
        sources={name: _source(track) for name, track in tracks.items()},
        received=board.received, sent=board.fan.sent, dropped=board.fan.dropped, strangers=board.strangers,
        nacks=board.nacks, resent=board.resent, key_frames=board.key_frames, fan_out=board.fan.name,
    )


def _peer(peer: Peer) -> PeerFigures:
    return PeerFigures(
        up=peer.shield is not None, over=peer.path.over if peer.path is not None else "", loss=peer.loss,
        room=peer.room, round_trip=peer.round_trip,
    )


def _source(track: Track) -> SourceFigures:
    reception = track.reception
    return SourceFigures(
        kind=track.kind, codec=track.codec.name, packets=track.packets, octets=track.octets,
        lost=reception.lost, repaired=reception.repaired, rejected=track.rejected,
        outlets=len(track.audience),
    )
