"""RTCP ends here: what clients report is read, and the plane's own reports are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from media.plane import rtcp
from media.plane.rtcp import Kind
from media.plane.slot import Slot
from media.plane.track import Track

if TYPE_CHECKING:
    from media.plane.board import Board
    from media.plane.peer import Peer

TROUBLE = 0.02
"""A smaller loss repairs itself without anybody noticing."""
FULL = 0.10
"""From such a loss on the line is taken for full, and not for one that merely drops some."""
BLOCKS = 31
SENDERS = 20
VOICE = 100_000
"""Bit/s left for sound where pictures are limited."""
RESEND_LIMIT = 300
"""Packets sent again to one peer within a second; what is beyond it needs a key frame anyway."""
MIDDLE = 65_536


def read(peer: Peer, packet: bytes, board: Board) -> None:
    worst = -1.0
    for kind, count, body in rtcp.parts(packet):
        if kind in {Kind.SENDER_REPORT, Kind.RECEIVER_REPORT}:
            worst = max(worst, _reports(peer, kind, count, body, board.now))
        reader = READERS.get(kind)
        if reader is not None:
            reader(peer, count, body, board)
    if worst >= 0:
        _tell_loss(peer, worst, board)


def _tell_loss(peer: Peer, loss: float, board: Board) -> None:
    before, peer.loss = peer.loss, loss
    if loss >= TROUBLE or before >= TROUBLE:
        board.hears.trouble(peer.name, loss if loss >= TROUBLE else 0.0)


def _reports(peer: Peer, kind: int, count: int, body: bytes, now: float) -> float:
    """The worst loss in it; -1 where it says nothing of ours."""
    worst = -1.0
    for ssrc, loss, last, delay in rtcp.read_blocks(kind, count, body):
        slot = peer.slots.get(ssrc)
        if slot is None:
            continue
        worst = max(worst, loss)
        stands = _ntp(slot.track, now) if slot.track is not None else 0.0
        trip = ((int(stands * MIDDLE) & 0xFFFFFFFF) - last & 0xFFFFFFFF) / MIDDLE - delay if last else 0.0
        if stands and last and 0 <= trip < 2:
            peer.round_trip = trip
    return worst


def _sender(peer: Peer, count: int, body: bytes, board: Board) -> None:
    found = rtcp.read_sender(body)
    if found is None:
        return
    ssrc, ntp, timestamp = found
    for track in peer.tracks:
        if track.ssrc == ssrc:
            track.report = (ntp, timestamp, board.now)


def _transport_feedback(peer: Peer, form: int, body: bytes, board: Board) -> None:
    if form != rtcp.NACK:
        return
    ssrc, numbers = rtcp.read_nack(body)
    slot = peer.slots.get(ssrc)
    if slot is None or slot.track is None or slot.row is None:
        return
    board.nacks += 1
    # Where one of twenty is lost, one of twenty repairs is, too, and asking again takes longer than a picture may.
    copies = 2 if TROUBLE <= peer.loss < FULL else 1
    for number in numbers * copies:
        if peer.resends >= RESEND_LIMIT:
            return
        kept = slot.track.kept(number - slot.row.sequence & 0xFFFF, slot.track.top)
        if kept is not None and slot.resend(board.fan, kept, board.now):
            peer.resends += 1
            board.resent += 1


def _picture_feedback(peer: Peer, form: int, body: bytes, board: Board) -> None:
    if form == rtcp.APPLICATION:
        bps = rtcp.read_remb(body)
        if bps:
            peer.room = bps
        return
    for ssrc in rtcp.read_key_frame(form, body):
        slot = peer.slots.get(ssrc)
        if slot is not None and slot.track is not None:
            slot.track.want_key_frame()


READERS: Mapping[int, Callable[[Peer, int, bytes, Board], None]] = {
    Kind.SENDER_REPORT: _sender,
    Kind.TRANSPORT_FEEDBACK: _transport_feedback,
    Kind.PICTURE_FEEDBACK: _picture_feedback,
}


# --- ours -----------------------------------------------------------------------------------------


def key_frame(peer: Peer, track: Track) -> bytes:
    """As its codec was agreed; b"" where its sender understands neither."""
    if "nack pli" in track.codec.feedback or not track.codec.name:
        return compound(peer, rtcp.picture_lost(peer.ssrc, track.ssrc))
    if "ccm fir" in track.codec.feedback:
        track.fir_count += 1
        return compound(peer, rtcp.full_intra(peer.ssrc, track.ssrc, track.fir_count))
    return b""


def compound(peer: Peer, part: bytes) -> bytes:
    """A report stands first, though it says nothing (RFC 3550, 6.1)."""
    return rtcp.receiver_report(peer.ssrc, ()) + part


def regular(peer: Peer, board: Board) -> bytes:
    """Once a second to everybody: what he sends well, what we send, and how much he may send."""
    blocks = [block for track in peer.tracks if (block := _block(track, board.now))][:BLOCKS]
    reports: list[bytes] = []
    for slot in list(peer.slots.values())[:SENDERS]:
        if slot.row is not None and slot.track is not None and _ntp(slot.track, board.now):
            reports.append(_sender_report(slot, slot.track, board.now, blocks if not reports else []))
    if not reports:
        reports = [rtcp.receiver_report(peer.ssrc, blocks)]
    return b"".join(reports) + rtcp.description([peer.ssrc], b"hub") + limits(peer)


def limits(peer: Peer) -> bytes:
    """REMB; b"" where nobody asked for one or its sender does not understand it."""
    limited = [track for track in peer.tracks if track.bps and track.ssrc and track.kind == "video"]
    if not any("goog-remb" in track.codec.feedback for track in limited):
        return b""
    return rtcp.remb(peer.ssrc, VOICE + sum(track.bps for track in limited), [track.ssrc for track in limited])


def _block(track: Track, now: float) -> bytes:
    report = track.reception.report() if track.ssrc and not track.closed else None
    if report is None:
        return b""
    ntp, _, at = track.report or (0.0, 0, now)
    return rtcp.block(track.ssrc, report, int(ntp * MIDDLE) & 0xFFFFFFFF, now - at)


def _ntp(track: Track, now: float) -> float:
    """By its sender's clock; 0 as long as that one has not told it."""
    if track.report is None:
        return 0.0
    ntp, _, at = track.report
    return ntp + now - at


def _sender_report(slot: Slot, track: Track, now: float, blocks: list[bytes]) -> bytes:
    """The sender's clock under the slot's numbers: lips stay in step with the voice."""
    _, timestamp, at = track.report or (0.0, 0, now)
    shift = slot.row.timestamp if slot.row is not None else 0
    due = timestamp + int((now - at) * slot.clock) + shift
    return rtcp.sender_report(slot.ssrc, _ntp(track, now), due, slot.before + track.packets,
                              slot.octets_before + track.octets, blocks)
