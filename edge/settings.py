"""What the environment and the command line say. The only file here that reads the environment."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from edge.answers import AnswerPolicy
from edge.calls.rules import CallPolicy
from edge.sinks import SLACK, DeviceSink, NullSink, Sink, WavSink
from hub.kernel.errors import Malformed

MOST_WATCHED = 16
STATION = re.compile(r"[A-Za-z0-9_:-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class Settings:
    hub: str
    stations: Mapping[str, str]
    """Name → device key. A single agent has the name ""."""
    data: Path
    sink: str = "null"
    speed: float = 1.0
    slack: float = SLACK
    answers: AnswerPolicy | None = None
    calls: CallPolicy | None = None
    """None: takes no calls."""
    voice: str = "silence"
    rounds: bool = False
    """Takes video rounds too."""
    camera: str = "none"
    watch: int = 0
    """Pictures that are taken in at once, and shown to nobody."""

    def home(self, station: str) -> Path:
        return self.data / station.replace(":", "-") if station else self.data


def parser(environment: Mapping[str, str] = os.environ) -> argparse.ArgumentParser:
    """Defaults come from the environment: HUB_URL, EDGE_KEY, EDGE_DATA, EDGE_SINK, EDGE_VOICE, EDGE_CAMERA."""
    told = argparse.ArgumentParser(prog="python -m edge", description="联络站站点程序 · station agent")
    told.add_argument("task", nargs="?", choices=("run", "status"), default="run")
    told.add_argument("--hub", default=environment.get("HUB_URL", ""), help="http(s)://…")
    told.add_argument("--key", default=environment.get("EDGE_KEY", ""), help="dk_… or a file")
    told.add_argument("--data", type=Path, default=Path(environment.get("EDGE_DATA", "var/edge")))
    told.add_argument("--sink", default=environment.get("EDGE_SINK", "null"),
                      help="null | device | wav:DIR")
    told.add_argument("--speed", type=float, default=1.0,
                      help="seconds of sound per second, for null and wav; inf: as fast as can be")
    told.add_argument("--slack", type=float, default=SLACK, metavar="SECONDS",
                      help="how late null and wav may get their frames before it counts as silence")
    told.add_argument("--fleet", type=int, default=0, help="so many stations in one process")
    told.add_argument("--keys", type=Path, help='JSON file {"station:1": "dk_…", …}')
    told.add_argument("--auto-confirm", type=float, metavar="SECONDS",
                      help="answer by itself within so many seconds (demonstrations only)")
    told.add_argument("--answer-rate", type=float, default=1.0, help="share that answers, 0 to 1")
    told.add_argument("--calls", action="store_true", help="take calls, where the hub says that it answers by itself")
    told.add_argument("--auto-answer", action="store_true", help="take every call that rings")
    told.add_argument("--hang-up-after", type=float, metavar="SECONDS", help="leave a call by itself")
    told.add_argument("--voice", default=environment.get("EDGE_VOICE", "silence"),
                      help="silence | tone[:HZ] | file:PATH | device: what is said into a call")
    told.add_argument("--camera", default=environment.get("EDGE_CAMERA", ""),
                      help="none | test | file:PATH | v4l2[:/dev/video0]: what is shown in a video round; takes rounds too")
    told.add_argument("--watch", type=int, default=0, metavar="N", help="take in so many pictures of a round, and count them")
    return told


def settings_of(told: argparse.Namespace) -> Settings:
    """Raises Malformed."""
    if not re.match(r"https?://[^/]", told.hub):
        raise Malformed("请用 --hub 或环境变量 HUB_URL 给出中枢地址，例如 http://中枢:8070。",
                        "Name the hub by --hub or HUB_URL, as http://host:8070.", field="hub")
    if not told.speed > 0:
        raise Malformed("--speed 必须大于 0。", "--speed must be above 0.", field="speed")
    answers = None
    if told.auto_confirm is not None:
        answers = AnswerPolicy(max(0.0, told.auto_confirm), told.answer_rate)
    return Settings(hub=told.hub, stations=_stations(told), data=told.data, sink=told.sink,
                    speed=told.speed, slack=told.slack, answers=answers, calls=_calls(told), voice=told.voice,
                    rounds=bool(told.camera), camera=told.camera or "none", watch=min(max(told.watch, 0), MOST_WATCHED))


def _calls(told: argparse.Namespace) -> CallPolicy | None:
    wanted = told.calls or told.auto_answer or told.camera
    return CallPolicy(told.auto_answer, told.hang_up_after) if wanted else None


def sink_of(settings: Settings, station: str) -> Sink:
    """Raises Malformed, or Refused when there is no sound device."""
    kind, _, place = settings.sink.partition(":")
    if kind == "null" and not place:
        return NullSink(settings.speed, settings.slack)
    if kind == "wav" and place:
        return WavSink(Path(place) / station.replace(":", "-"), settings.speed, settings.slack)
    if kind == "device" and not place:
        return DeviceSink()
    raise Malformed("--sink 只能是 null、device 或 wav:目录。",
                    "--sink is null, device or wav:DIR.", field="sink")


def _stations(told: argparse.Namespace) -> dict[str, str]:
    if told.fleet:
        return _fleet(told.keys, told.fleet)
    if told.key.startswith("dk_"):
        return {"": told.key}
    key = _text_of(Path(told.key), "key").strip() if told.key else ""
    if not key:
        raise Malformed("请用 --key 或环境变量 EDGE_KEY 给出设备密钥（dk_… 或存放它的文件）。",
                        "Give the device key by --key or EDGE_KEY (dk_… or a file).", field="key")
    return {"": key}


def _fleet(path: Path | None, count: int) -> dict[str, str]:
    if path is None:
        raise Malformed("--fleet 需要 --keys 文件。", "--fleet needs --keys FILE.", field="keys")
    try:
        keys = msgspec.json.decode(_text_of(path, "keys"), type=dict[str, str])
    except msgspec.DecodeError as error:
        raise Malformed(f"密钥文件 {path} 应为 {{“站点”: “密钥”}} 的 JSON。",
                        f"{path} should be JSON of station to key: {error}.", field="keys") from error
    odd = [name for name in keys if not STATION.fullmatch(name)]
    if odd or len(keys) < count:
        raise Malformed(f"密钥文件 {path} 只有 {len(keys)} 个站点，需要 {count} 个；不合规的名称：{odd[:3]}。",
                        f"{path} has {len(keys)} stations of {count} wanted; bad names: {odd[:3]}.",
                        field="keys")
    return dict(list(keys.items())[:count])


def _text_of(path: Path, field: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Malformed(f"读不到文件 {path}。请检查 --{field}。",
                        f"{path} cannot be read ({error.strerror}). Check --{field}.",
                        field=field) from error
