"""`python -m tests.flows.plane.whip_publisher URL CERTIFICATE KEY`: FFmpeg's WHIP muxer publishes until it is ended.

A process of its own: PyAV holds the interpreter while the muxer speaks with the server.
"""

import sys
import threading
from fractions import Fraction

import av


def publish(url: str, certificate: str, key: str) -> None:
    pause = threading.Event()
    with av.open(url, "w", format="whip", options={"cert_file": certificate, "key_file": key}) as output:
        video = output.add_stream("libx264", rate=25, options={"preset": "ultrafast", "tune": "zerolatency", "g": "10"})
        video.width, video.height, video.pix_fmt = 160, 120, "yuv420p"
        video.profile = "Baseline"
        audio = output.add_stream("libopus", rate=48_000, layout="stereo")
        for count in range(1000):
            frame = av.VideoFrame(160, 120, "yuv420p")
            frame.pts, frame.time_base = count, Fraction(1, 25)
            output.mux(video.encode(frame))
            for part in range(2):
                sound = av.AudioFrame(format="s16", layout="stereo", samples=960)
                sound.sample_rate, sound.pts, sound.time_base = 48_000, (2 * count + part) * 960, Fraction(1, 48_000)
                output.mux(audio.encode(sound))
            pause.wait(0.02)


if __name__ == "__main__":
    publish(*sys.argv[1:])
