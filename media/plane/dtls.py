# ruff: noqa: SLF001 - the private names used are listed in PRIVATE and proved by a contract test
"""DTLS by aiortc's own class, driven by datagrams instead of by a task per peer.

One certificate and one OpenSSL context serve everybody. The order of SRTP profiles is aiortc's: GCM first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from aiortc import RTCCertificate
from aiortc.rtcdtlstransport import RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from OpenSSL import SSL

from media.plane.srtp import Shield, shield_of

PRIVATE = (
    "RTCCertificate._create_ssl_context",
    "RTCDtlsTransport._set_role",
    "RTCDtlsTransport._setup_srtp",
    "RTCDtlsTransport._validate_peer_identity",
    "RTCDtlsTransport(…)._rx_srtp",
    "RTCDtlsTransport(…)._srtp_profiles",
    "RTCDtlsTransport(…)._ssl",
    "RTCDtlsTransport(…)._tx_srtp",
)
"""What is used of aiortc beyond its promises; tests/contract names each again."""
RECORD = 1500
FRESH = timedelta(days=10)
"""aiortc's certificates hold for 30 days; a plane may run longer."""


class Step(StrEnum):
    UNDER_WAY = "under way"
    DONE = "done"
    REFUSED = "refused"
    CLOSED = "closed"


class Identity:
    """Who the plane is to everybody."""

    def __init__(self) -> None:
        self._renew()

    def current(self) -> tuple[RTCCertificate, SSL.Context]:
        if self._certificate.expires - datetime.now(UTC) < FRESH:  # noqa: TID251 - a certificate's own time
            self._renew()
        return self._certificate, self._context

    def _renew(self) -> None:
        self._certificate = RTCCertificate.generateCertificate()
        profiles = fresh_transport(self._certificate)._srtp_profiles
        self._context = self._certificate._create_ssl_context(profiles)


def fresh_transport(certificate: RTCCertificate) -> Any:
    """Never started: it has no ICE transport below it, `Handshake` feeds it."""
    return RTCDtlsTransport(cast("Any", None), [certificate])


class Handshake:
    """One peer's DTLS. `send` puts a datagram on its way."""

    def __init__(self, identity: Identity, client: bool, fingerprints: list[tuple[str, str]],
                 send: Callable[[bytes], object]) -> None:
        certificate, context = identity.current()
        self.fingerprint = next(f.value for f in certificate.getFingerprints() if f.algorithm == "sha-256")
        self.step = Step.UNDER_WAY
        self.shield: Shield | None = None
        self._send = send
        self._expected = RTCDtlsParameters([RTCDtlsFingerprint(name, value) for name, value in fingerprints])
        self._transport = fresh_transport(certificate)
        self._transport._set_role("client" if client else "server")
        self._ssl = self._transport._ssl = SSL.Connection(context)
        if client:
            self._ssl.set_connect_state()
        else:
            self._ssl.set_accept_state()

    def begin(self) -> None:
        """Where we are the client: the first word."""
        self._shake()

    def feed(self, datagram: bytes) -> None:
        try:
            self._ssl.bio_write(datagram)
        except SSL.Error:
            return
        if self.step is Step.UNDER_WAY:
            self._shake()
        elif self.step is Step.DONE:
            self._read()

    def again(self) -> bool:
        """Called every now and then: what was lost is said again. False: nothing can be lost any more
        (with DTLS 1.3 that is a little after the handshake)."""
        wait = self._ssl.DTLSv1_get_timeout()
        if wait is not None and wait <= 0:
            self._repeat()
        return self.step is Step.UNDER_WAY or wait is not None

    def _repeat(self) -> None:
        try:
            self._ssl.DTLSv1_handle_timeout()
        except SSL.Error:
            self.step = Step.REFUSED
        self._flush()

    def close(self) -> None:
        try:
            self._ssl.shutdown()
        except SSL.Error:
            return
        self._flush()

    def _shake(self) -> None:
        try:
            self._ssl.do_handshake()
        except SSL.WantReadError:
            self._flush()
        except SSL.Error:
            self._flush()
            self.step = Step.REFUSED
        else:
            self._flush()
            self._finish()

    def _finish(self) -> None:
        """aiortc says `failed` by its state, where the certificate or the profile is wrong."""
        self._transport._validate_peer_identity(self._expected)
        if self._transport.state != "failed":
            self._transport._setup_srtp()
        if self._transport.state == "failed":
            self.step = Step.REFUSED
            return
        self.shield = shield_of(self._transport._rx_srtp, self._transport._tx_srtp)
        self.step = Step.DONE

    def _read(self) -> None:
        try:
            self._ssl.recv(RECORD)
        except SSL.ZeroReturnError:
            self.step = Step.CLOSED
        except SSL.Error:
            pass
        self._flush()

    def _flush(self) -> None:
        while True:
            try:
                self._send(self._ssl.bio_read(RECORD))
            except SSL.Error:
                return
