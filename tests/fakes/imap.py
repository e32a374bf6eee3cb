"""An IMAP server on the loopback with one mailbox: what a reader of reports asks for, no more."""

import re
import socketserver
import threading
from contextlib import contextmanager, suppress

_UID = re.compile(r'UID (SEARCH UNSEEN|FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)|'
                  r'STORE (\d+) \+FLAGS\.SILENT \(\\Seen\))')  # fmt: skip


class _Connection(socketserver.StreamRequestHandler):
    def handle(self):
        with suppress(OSError):
            self._say("* OK ready")
            while line := self.rfile.readline().decode().strip():
                tag, _space, command = line.partition(" ")
                if not self._answer(tag, command):
                    return

    def _answer(self, tag, command):
        server, verb = self.server, command.split()[0].upper()
        server.asked.append(verb)
        if verb == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        elif verb == "LOGIN" and command != f'LOGIN bounces "{server.password}"':
            self._say(f"{tag} NO wrong user or password {server.password}")
            return True
        elif verb == "SELECT":
            self._say(f"* {len(server.messages)} EXISTS")
        elif verb == "UID" and (asked := _UID.fullmatch(command)):
            self._on_messages(asked)
        elif verb == "LOGOUT":
            self._say("* BYE")
        elif verb not in ("LOGIN", "SELECT"):
            self._say(f"{tag} BAD {verb}")
            return True
        self._say(f"{tag} OK done")
        return verb != "LOGOUT"

    def _on_messages(self, asked):
        server = self.server
        if asked[1] == "SEARCH UNSEEN":
            unseen = [str(uid) for uid in server.messages if uid not in server.seen]
            self._say(" ".join(["* SEARCH", *unseen]))
        elif asked[2]:
            raw = server.messages[int(asked[2])][: int(asked[3])]
            self._say(f"* 1 FETCH (UID {asked[2]} BODY[]<0> {{{len(raw)}}}")
            self.wfile.write(raw)
            self._say(")")
        else:
            server.seen.add(int(asked[4]))

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def imap_server(*messages, password="pa ss"):
    """A server whose mailbox holds ``messages``; `seen` are the numbers of those marked as seen,
    `url` what ``BOUNCES_URL`` would be.
    """
    with _Server(("127.0.0.1", 0), _Connection) as server:
        server.messages = dict(enumerate(messages, 1))
        server.seen, server.asked, server.password = set(), [], password
        quoted = password.replace(" ", "%20")
        server.url = f"imap://bounces:{quoted}@127.0.0.1:{server.server_address[1]}/INBOX"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
