"""A mailer that refuses a given number of times, and a mail server on the loopback."""

import socketserver
import threading
from contextlib import contextmanager

from fundapp.mail.mailers import MailerError


class FakeMailer:
    """Keeps the messages it takes; refuses the first ``refusals`` tries."""

    def __init__(self, refusals=0):
        self.refusals = refusals
        self.taken = []

    def send(self, message):
        """Take the message, or refuse it."""
        if self.refusals > 0:
            self.refusals -= 1
            raise MailerError("SMTPServerDisconnected: the line\nis dead")
        self.taken.append(message)


class _Connection(socketserver.StreamRequestHandler):
    """One SMTP connection, with the commands that a mailer uses."""

    def handle(self):
        self._reply("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "DATA":
                self._reply("354 go on")
                self.server.taken.append(self._message())
            self._reply("221 bye" if verb == "QUIT" else self.server.answer(verb))
            if verb == "QUIT":
                break

    def _message(self):
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(lines)

    def _reply(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True

    def answer(self, verb):
        return "550 no such person" if verb == "RCPT" and self.refuses else "250 fine"


@contextmanager
def mail_server(*, refuses=False):
    """An SMTP server on the loopback; `taken` holds the messages as they were received."""
    with _Server(("127.0.0.1", 0), _Connection) as server:
        server.taken, server.refuses = [], refuses
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
