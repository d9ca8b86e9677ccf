"""The HTTP server with all doors on it."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

from hub.access.sign_in import SignIn
from hub.gateway.problems import problem_middleware
from hub.gateway.session import DOOR, SIGN_IN, DoorSettings
from hub.gateway.sockets import Sockets
from hub.kernel.errors import Refused

UPLOAD_BYTES = 52 * 2**20
KEEP_ALIVE = 30.0
SHUTDOWN_SECONDS = 1.0
ANSWER_SECONDS = 0.7
BACKLOG = 4096


def application(
    sign_in: SignIn, door: DoorSettings, sockets: Sockets, routes: Iterable[web.AbstractRouteDef],
) -> web.Application:
    app = web.Application(middlewares=[sockets.requests.middleware, problem_middleware], client_max_size=UPLOAD_BYTES)
    app[SIGN_IN], app[DOOR] = sign_in, door
    app.router.add_get("/socket.io/", sockets.knock_over_http)
    app.add_routes(routes)
    return app


@asynccontextmanager
async def listening(
    app: web.Application, sockets: Sockets, host: str, port: int, *, shared: bool = False,
) -> AsyncIterator[int]:
    """Yields the port in use. Raises Refused when it is taken. `shared`: with other processes."""
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=KEEP_ALIVE, shutdown_timeout=SHUTDOWN_SECONDS,
                           handle_signals=False)
    await runner.setup()
    assert runner.server is not None
    sockets.live.http = runner.server
    try:
        server = await _listen(sockets, host, port, shared)
        async with server, asyncio.TaskGroup() as group:
            beating = group.create_task(sockets.live.run())
            try:
                sockets.stop_accepting = server.close
                yield server.sockets[0].getsockname()[1]
            finally:
                server.close()
                await sockets.go_down(ANSWER_SECONDS)
                beating.cancel()
    finally:
        await runner.cleanup()


async def _listen(sockets: Sockets, host: str, port: int, shared: bool) -> asyncio.Server:
    """One port for everything: a live connection is served on the bare transport, the rest goes to the HTTP server."""
    try:
        return await asyncio.get_running_loop().create_server(
            sockets.live.protocol, host, port, backlog=BACKLOG, reuse_address=True, reuse_port=shared or None)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise port_taken(port) from error


def port_taken(port: int) -> Refused:
    return Refused(
        f"端口 {port} 已被占用，可能另一个中枢正在运行；请先停掉它，或用 --port 换一个端口。",
        f"Port {port} is taken, perhaps by another hub; stop that one, or choose another with --port.",
        code="port-taken", field="port",
    )
