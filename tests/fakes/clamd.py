"""A virus scanner's daemon on the loopback, which knows one virus."""

import socketserver
import threading
from contextlib import contextmanager

from tests.documents.pictures import EICAR

FOUND = b"stream: Win.Test.EICAR_HDB-1 FOUND\0"


class _Connection(socketserver.StreamRequestHandler):
    """One INSTREAM conversation."""

    def handle(self):
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(size)
        self.server.seen.append(content)
        answer = FOUND if EICAR in content else b"stream: OK\0"
        if self.server.answer is not None:
            answer = self.server.answer
        if answer:
            self.wfile.write(answer)
        else:
            self.server.is_over.wait(30)


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def open_clamd(path=None, answer=None):
    """A daemon on a free port, or on the socket ``path``; ``answer`` replaces what it would say,
    and with an empty one it says nothing. What it saw is in ``seen``, where it is in ``address``.
    """
    server = _Unix(str(path), _Connection) if path else _Tcp(("127.0.0.1", 0), _Connection)
    server.seen, server.answer, server.is_over = [], answer, threading.Event()
    server.address = str(path) if path else f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()
