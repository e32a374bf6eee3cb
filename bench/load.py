"""A small HTTP load on loopback: a few keep-alive connections, bounded in time."""

import re
import socket
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

CONNECTIONS = 8
#: What a browser says that it understands.
ACCEPTS = "Accept-Encoding: gzip, deflate, br\r\n"


class Connection:
    """One keep-alive connection that sends bytes and reads whole answers."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._open()

    def _open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        self.socket.close()

    def send(self, request: bytes) -> tuple[int, bytes]:
        """Status and the whole answer, head and body."""
        try:
            return self._exchange(request)
        except ConnectionError:  # the server closed an idle connection
            self.close()
            self._open()
            return self._exchange(request)

    def _exchange(self, request: bytes) -> tuple[int, bytes]:
        self.socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._read()
        head, _, body = answer.partition(b"\r\n\r\n")
        length = int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE)[1])
        while len(body) < length:
            body += self._read()
        if b"connection: close" in head.lower():
            self.close()
            self._open()
        return int(head.split(b" ", 2)[1]), head + b"\r\n\r\n" + body

    def _read(self) -> bytes:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError
        return data


def get(path: str, headers: str = "") -> bytes:
    """A GET request; each of ``headers`` ends its line."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{ACCEPTS}{headers}\r\n".encode()


@dataclass(frozen=True)
class Load:
    """Answers a second over all connections, and how long each took, in seconds."""

    rate: float
    times: Sequence[float]

    def percentile(self, percent: int) -> float:
        """Below it is ``percent`` of the times, in milliseconds."""
        return statistics.quantiles(self.times, n=100)[percent - 1] * 1000


#: Makes one request after another for a connection.
Requests = Callable[[Connection], Callable[[], bytes]]


def drive(port: int, expected: int, requests: Requests, seconds: float) -> Load:
    """Load the server for some seconds; any other status than ``expected`` is an error."""
    times: list[float] = []
    wrong: list[int] = []
    connections = [Connection(port) for _ in range(CONNECTIONS)]
    makers = [requests(connection) for connection in connections]
    until = time.monotonic() + seconds

    def run(connection: Connection, make: Callable[[], bytes]) -> None:
        while time.monotonic() < until:
            request = make()
            began = time.perf_counter()
            status, _ = connection.send(request)
            times.append(time.perf_counter() - began)
            if status != expected:
                wrong.append(status)

    pairs = zip(connections, makers, strict=True)
    threads = [threading.Thread(target=run, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for connection in connections:
        connection.close()
    if wrong or not times:
        raise RuntimeError(
            f"{len(wrong)} of {len(times)} answers were not {expected}: {set(wrong)}"
        )
    return Load(len(times) / seconds, times)
