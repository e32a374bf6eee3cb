"""Serves the application on a socket, with threads of this process."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


class QuietHandler(WSGIRequestHandler):
    """Logs no requests."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Log nothing."""


def _whole(app: Flask) -> Any:
    """``app``, with each answer read before it is sent: where the browser has gone, the server
    leaves a file open.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        parts = app(environ, start_response)
        with ExitStack() as at_end:
            if hasattr(parts, "close"):
                at_end.callback(parts.close)
            return [b"".join(parts)]

    return answer


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which ``app`` answers until the block ends."""
    server = make_server("127.0.0.1", 0, _whole(app), threaded=True, request_handler=QuietHandler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join(20)
        server.server_close()
