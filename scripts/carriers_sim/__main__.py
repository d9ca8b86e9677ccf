"""python -m scripts.carriers_sim --port 8071 --hub http://127.0.0.1:8070"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

import msgspec
import uvloop

from hub.logs import log_to_stderr
from scripts.carriers_sim.app import running
from scripts.carriers_sim.knobs import Knobs, turned
from scripts.carriers_sim.settings import Account, Options


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/carriers", description="Twilio 与微信公众号的模拟器 / the vendors, simulated"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8071)
    for vendor in ("twilio", "wechat"):
        parser.add_argument(f"--{vendor}-port", type=int, default=0, help="a port of its own")
    parser.add_argument("--hub", default="http://127.0.0.1:8070", help="where callbacks go")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same people")
    parser.add_argument("--speed", type=float, default=1.0, help="10: people are ten times as fast")
    parser.add_argument("--delay", type=float, nargs=2, metavar=("MIN", "MAX"))
    parser.add_argument("--think", type=float, nargs=2, metavar=("MIN", "MAX"))
    for name in ("loss", "duplication", "disorder"):
        parser.add_argument(f"--{name}", type=float, metavar="SHARE")
    parser.add_argument("--knobs", default="{}", metavar="JSON", help="as PUT /control/knobs")
    for field in Account.__struct_fields__:
        parser.add_argument(f"--{field.replace('_', '-')}", help="account setting")
    return parser.parse_args(argv)


def options_of(told: argparse.Namespace) -> Options:
    own = {name: getattr(told, name) for name in Account.__struct_fields__}
    account = Account(**{name: value for name, value in own.items() if value is not None})
    if told.speed <= 0:
        raise ValueError("--speed must be above 0")
    if not all(0 <= port < 65536 for port in (told.port, told.twilio_port, told.wechat_port)):
        raise ValueError("a port is a number from 0 to 65535")
    return Options(
        hub=told.hub,
        host=told.host,
        port=told.port,
        twilio_port=told.twilio_port,
        wechat_port=told.wechat_port,
        seed=told.seed,
        speed=told.speed,
        account=account,
    )


def knobs_of(told: argparse.Namespace) -> Knobs:
    named = {name: getattr(told, name) for name in ("delay", "think", "loss", "duplication", "disorder")}
    given = {name: value for name, value in named.items() if value is not None}
    return turned(turned(Knobs(), msgspec.json.decode(told.knobs)), given)


async def serve(options: Options, knobs: Knobs) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(options, knobs) as (_world, port):
        sys.stdout.write(f"carriers http://{options.host}:{port}/ → {options.hub}\n")
        sys.stdout.flush()
        await stop.wait()


def main(argv: Sequence[str]) -> int:
    told = arguments(argv)
    log_to_stderr()
    try:
        options, knobs = options_of(told), knobs_of(told)
        uvloop.run(serve(options, knobs))
    except (msgspec.MsgspecError, ValueError) as error:
        sys.stderr.write(f"carriers: 参数不对 / wrong setting: {error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"carriers: 端口 {told.port} 不可用 / port not to be had: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
