"""FFmpeg's own WHIP muxer as an encoder: `python -m tests.flows.media.encoder URL KEY FOLDER`. A process of its
own, for PyAV holds the interpreter while FFmpeg shakes hands.
"""

from __future__ import annotations

import select
import sys
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def p256(folder: Path) -> tuple[Path, Path]:
    """FFmpeg built with GnuTLS makes a certificate of a curve that OpenSSL refuses; it takes one of ours."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "encoder")])
    at = datetime(2026, 1, 1, tzinfo=UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
            .not_valid_before(at).not_valid_after(at + timedelta(days=3650)).sign(key, hashes.SHA256()))
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return cert, private


def publish(url: str, key: str, folder: Path) -> None:
    """Until its standard input ends, or for eighty seconds."""
    cert, private = p256(folder)
    options = {"authorization": key, "cert_file": str(cert), "key_file": str(private), "handshake_timeout": "60000"}
    with av.open(url, "w", format="whip", options=options) as out:
        video = out.add_stream("libx264", rate=15)
        video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
        video.options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "g": "15", "bf": "0"}
        audio = out.add_stream("libopus", rate=48_000, layout="stereo")
        tick = 0
        while not select.select([sys.stdin], [], [], 1 / 15)[0] and tick < 1_200:
            picture = av.VideoFrame(320, 180, "rgb24")
            picture.planes[0].update(bytes([tick * 8 % 256]) * picture.planes[0].buffer_size)
            picture.pts, picture.time_base = tick, Fraction(1, 15)
            out.mux(video.encode(picture.reformat(format="yuv420p")))
            sound = av.AudioFrame(format="s16", layout="stereo", samples=3200)
            sound.planes[0].update(b"\x00\x04" * (sound.planes[0].buffer_size // 2))
            sound.pts, sound.sample_rate, sound.time_base = tick * 3200, 48_000, Fraction(1, 48_000)
            for packet in audio.encode(sound):
                out.mux(packet)
            tick += 1


if __name__ == "__main__":
    publish(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
