"""Runs uvicorn: listening, graceful shutdown, and a separate port for /metrics.

On SIGTERM, /readyz reports not ready and held requests are answered at once; after `drain_seconds` (time for a proxy to
notice) the socket closes; requests in flight finish; then the process exits with 0. A second signal ends it at once.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import sys
from types import FrameType
from typing import Any

import structlog
import uvicorn

from syncserver.config import Config
from syncserver.errors import ConfigurationError
from syncserver.http.app import Application, create_app
from syncserver.http.middleware import Receive, Scope, Send
from syncserver.http.protocol import BoundedProtocol
from syncserver.ops import logs

log = structlog.get_logger()

GC_THRESHOLDS = (20_000, 20, 100)


class Server(uvicorn.Server):
    """A uvicorn server that reports itself not ready before it stops."""

    def __init__(self, config: uvicorn.Config, app: Application) -> None:
        super().__init__(config)
        self._app = app
        self._stopping: asyncio.Task[None] | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begins a graceful stop at the first signal, stops at once at the second."""
        if self._stopping is not None or not self.started:
            super().handle_exit(sig, frame)
            return
        self._stopping = asyncio.get_running_loop().create_task(self._stop(signal.Signals(sig).name), name="stopping")

    async def _stop(self, why: str) -> None:
        log.info("stopping", reason=why, drain_seconds=self._app.config.drain_seconds)
        await self._app.services.release_held_requests()
        await asyncio.sleep(self._app.config.drain_seconds)
        self.should_exit = True


def serve(config: Config) -> int:
    """Serves until a signal; returns the exit code. The database has to be migrated."""
    logs.configure(config.log_level)
    app = create_app(config)
    listening = _open_socket(config.bind, config.port)
    server = Server(_uvicorn_config(app, config), app)
    run_event_loop(_run_servers(server, app, listening, config))
    return 0 if server.started else 1


def _uvicorn_config(app: Any, config: Config) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the middleware decides which proxies to trust
        timeout_keep_alive=config.keep_alive_seconds,
        timeout_graceful_shutdown=config.shutdown_seconds,
        backlog=4096,
    )


def tune_garbage_collector() -> None:
    """Makes Python's cycle collector run rarely, and never on objects that existed before the first request.

    Ten thousand held requests are over a million objects. By default all of them are traversed whenever a quarter as
    many are new: every few seconds, with a pause of a quarter of a second for every request. Requests leave hardly any
    cycles behind, so the young generations are enough for nearly all of them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def run_event_loop(work: Any) -> None:
    """Runs a coroutine, on uvloop if it is available."""
    if sys.platform == "win32":
        asyncio.run(work)
    else:
        import uvloop  # noqa: PLC0415 - not on Windows

        uvloop.run(work)


def _open_socket(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise ConfigurationError(
            f"{host}:{port} is not available for listening: {error.strerror}. Choose another SYNC_PORT or SYNC_BIND."
        ) from error
    listening.setblocking(False)
    return listening


async def _run_servers(server: Server, app: Application, listening: socket.socket, config: Config) -> None:
    beside = None
    if config.metrics_port:
        beside = uvicorn.Server(_uvicorn_config(MetricsApp(app), config))
        beside.config.lifespan = "off"
        # Signals are handled by the main server.
        metrics_socket = _open_socket(config.bind, config.metrics_port)
        figures = asyncio.create_task(_serve_without_signals(beside, metrics_socket), name="metrics")
    host, port = listening.getsockname()[:2]
    log.info("serving", address=f"http://{host}:{port}", database="postgres" if config.on_postgres else "sqlite")
    tune_garbage_collector()
    try:
        await server.serve(sockets=[listening])
    finally:
        if beside is not None:
            beside.should_exit = True
            await figures


async def _serve_without_signals(server: uvicorn.Server, listening: socket.socket) -> None:
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup(sockets=[listening])
    await server.main_loop()
    await server.shutdown(sockets=[listening])


class MetricsApp:
    """Serves /metrics alone, on a port that only the monitoring can reach."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        found = scope["path"] == "/metrics" and scope["method"] == "GET"
        body = b"not found\n"
        if found:
            services = self._app.services
            await services.usage_figures.refresh()
            body = await asyncio.to_thread(services.metrics.render)
        headers = [(b"content-type", b"text/plain; version=0.0.4; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200 if found else 404, "headers": headers})
        await send({"type": "http.response.body", "body": body})
