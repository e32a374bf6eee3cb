"""Clients that send a byte a second and never end, and how long others wait meanwhile."""

import http.client
import socket
import threading
import time
from contextlib import ExitStack, contextmanager, suppress

HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Drip: "
BODY = (
    b"POST /give HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 100000\r\n\r\namount="
)


@contextmanager
def dripping(port: int, connections: int):
    """So many clients until the block ends, half of them in the headers, half in the body."""
    over = threading.Event()
    with ExitStack() as clients:
        opened = []
        for number in range(connections):
            client = clients.enter_context(socket.create_connection(("127.0.0.1", port), 5))
            client.sendall(HEAD if number % 2 else BODY)
            opened.append(client)
        thread = threading.Thread(target=_drip, args=(opened, over), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _drip(clients, over):
    while not over.wait(1):
        for client in clients:
            with suppress(OSError):
                client.sendall(b"x")


def slowest_page(port: int, pages: int, patience: float) -> float:
    """Seconds that the slowest of so many ordinary pages takes, one after another; infinite for one
    that does not come within ``patience``.
    """
    slowest = 0.0
    for _ in range(pages):
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
        try:
            connection.request("GET", "/give")
            answer = connection.getresponse()
            answer.read()
        except OSError:
            return float("inf")
        finally:
            connection.close()
        assert answer.status == 200
        slowest = max(slowest, time.monotonic() - began)
    return slowest
