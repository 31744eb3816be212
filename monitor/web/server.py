"""Listen, say where, and serve until told to stop."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable

import uvicorn

from monitor.config import Settings
from monitor.errors import ConfigError
from monitor.web.app import create_app
from monitor.web.guard import require_loopback

#: Seconds that open requests get at a shutdown.
GRACE_S = 5


def serve(settings: Settings, *, announce: Callable[[str], object]) -> None:
    """Serve until SIGTERM or SIGINT; `announce` hears the address once the port is ours.

    Raises ConfigError where the address is not loopback, taken or not ours to use.
    """
    require_loopback(settings.host)
    # uvicorn stops gracefully, then hands the signal on: being told to stop is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with listen(settings.host, settings.port) as listening:
        config = uvicorn.Config(
            create_app(None, settings),
            log_level="warning",
            access_log=False,
            # Nobody stands before us: what these headers say is the client's own word.
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
            h11_max_incomplete_event_size=16_384,
        )
        announce(f"Claimwatch is at {address(listening)}")
        uvicorn.Server(config).run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises ConfigError that names the address and the remedy."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host.strip("[]"), port))
        listening.listen(128)
        listening.set_inheritable(False)
    except OSError as error:
        listening.close()
        raise ConfigError(
            f"cannot listen on {host}:{port}: {error.strerror or error}",
            remedy="is another Claimwatch running? Choose another port with --port or CLAIMWATCH_PORT "
            "(0: any free one)",
        ) from error
    return listening


def address(listening: socket.socket) -> str:
    """The URL of a listening socket, with its real port."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
