"""A small HTTP load on loopback: a few keep-alive connections, bounded in time."""

import re
import secrets
import socket
import threading
import time
from collections.abc import Callable
from urllib.parse import urlencode

SECONDS = 4.0
CONNECTIONS = 8


class Connection:
    """One keep-alive connection that sends bytes and reads whole answers."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._open()

    def _open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> tuple[int, bytes]:
        """Status and the whole answer, head and body."""
        try:
            return self._exchange(request)
        except ConnectionError:  # the server closed an idle connection
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
            self._open()
        return int(head.split(b" ", 2)[1]), head + b"\r\n\r\n" + body

    def _read(self) -> bytes:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError
        return data


def get(path: str) -> bytes:
    """A GET request."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


class Pledging:
    """Makes one POST of the pledge form after another, each a new pledge of a new donor."""

    def __init__(self, connection: Connection, with_form: bool) -> None:
        self.cookie, self.token = "", ""
        if with_form:
            _, answer = connection.send(get("/give"))
            self.cookie = re.search(rb"Set-Cookie: (form=[^;]+)", answer)[1].decode()
            self.token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', answer)[1].decode()

    def __call__(self) -> bytes:
        """The next request."""
        key = secrets.token_hex(8)
        fields = {
            "csrf_token": self.token,
            "form_id": key,
            "amount": "300",
            "fund": "GEN",
            "frequency": "monthly",
            "instalments": "3",
            "name": "ผู้ให้",
            "email": f"{key}@example.org",
            "method": "promptpay",
        }
        body = urlencode(fields)
        head = (
            "POST /give HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: {self.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return (head + body).encode()


def rate(port: int, expected: int, requests: Callable[[Connection], Callable[[], bytes]]) -> float:
    """Answers a second over all connections; any other status than ``expected`` is an error."""
    done: list[int] = []
    wrong: list[int] = []

    def drive() -> None:
        connection = Connection(port)
        make, count = requests(connection), 0
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            status, _ = connection.send(make())
            count += 1
            if status != expected:
                wrong.append(status)
        done.append(count)

    threads = [threading.Thread(target=drive) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"{len(wrong)} answers were not {expected}: {set(wrong)}")
    return sum(done) / SECONDS
