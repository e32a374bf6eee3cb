"""A mailer that refuses as often as it is told, and a mail server on the loopback."""

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


class _Conversation(socketserver.StreamRequestHandler):
    """One SMTP conversation, of as many commands as a mailer needs."""

    def handle(self):
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "DATA":
                self._say("354 go on")
                self.server.taken.append(self._message())
            self._say("221 bye" if verb == "QUIT" else self.server.answer(verb))
            if verb == "QUIT":
                break

    def _message(self):
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(lines)

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True

    def answer(self, verb):
        return "550 no such person" if verb == "RCPT" and self.refuses else "250 fine"


@contextmanager
def mail_server(*, refuses=False):
    """An SMTP server on the loopback; `taken` holds the messages as they came."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.taken, server.refuses = [], refuses
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
