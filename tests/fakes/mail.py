"""A mailer that refuses a given number of times, and a mail server on the loopback."""

import socketserver
import threading
from contextlib import contextmanager, suppress

from fundapp.mail.conversations import MessageRefusedError

#: Answers of a mail server: none at all, and one that never ends.
NONE, ENDLESS = "none", "endless"


class FakeMailer:
    """Keeps the messages it takes; refuses the first ``refusals`` tries.

    With ``stops`` the worker is told to stop while it sends the first message.
    """

    def __init__(self, refusals=0, *, stops=False):
        self.refusals = refusals
        self.stops = stops
        self.taken = []

    def send(self, message, stop):
        """Take the message, or refuse it."""
        if self.stops:
            stop.set()
        if self.refusals > 0:
            self.refusals -= 1
            raise MessageRefusedError("SMTPDataError: not\nthis one")
        self.taken.append(message)


class _Connection(socketserver.StreamRequestHandler):
    """One SMTP connection, with the commands that a mailer uses."""

    def handle(self):
        with suppress(OSError):  # whoever talks to us may leave at any moment
            self._reply("CONNECT")
            while line := self.rfile.readline().decode().strip():
                verb = line.split()[0].upper()
                if verb == "MAIL":
                    self.server.senders.append(line)
                if verb == "DATA":
                    self._write("354 go on\r\n")
                    message = self._message()
                    self._reply(verb)
                    self.server.taken.append(message)
                else:
                    self._reply(verb)
                if verb == "QUIT":
                    break

    def _message(self):
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(lines)

    def _reply(self, verb):
        text = self.server.answers.get(verb, {"CONNECT": "220 ready"}.get(verb, "250 fine"))
        if text in (NONE, ENDLESS):
            self._keep_waiting(text)
        else:
            self._write(f"{text}\r\n")

    def _keep_waiting(self, text):
        self.server.is_waited_for.set()
        while not self.server.is_closing.wait(0.02):
            if text == ENDLESS:
                self._write("250-")
        raise ConnectionAbortedError

    def _write(self, text):
        self.wfile.write(text.encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True  # a connection that a failing test left open does not hold the run


@contextmanager
def mail_server(*, port=0, **answers):
    """An SMTP server on the loopback; ``answers`` are its own, by command: ``RCPT="550 unknown"``.
    ``port`` 0 is one that is free.

    `taken` holds the messages as they were received, `senders` who sent them; `url` is what
    ``SMTP_URL`` would be.
    """
    with _Server(("127.0.0.1", port), _Connection) as server:
        server.taken, server.answers, server.senders = [], answers, []
        server.is_waited_for, server.is_closing = threading.Event(), threading.Event()
        server.url = f"smtp://127.0.0.1:{server.server_address[1]}/?from=fund@example.org"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.is_closing.set()
            server.shutdown()
            thread.join()
