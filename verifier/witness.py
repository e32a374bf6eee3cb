#!/usr/bin/env python3
"""A witness for the fund's sealed log: it cosigns a checkpoint when that goes on from the last one.

    python3 witness.py create --folder FOLDER --name NAME
    python3 witness.py serve --folder FOLDER --log VKEY [--host 127.0.0.1] [--port 8600]
    python3 witness.py vkey --folder FOLDER

For an agency, a university or a newspaper that wants to see to it that the fund's books have one
history. ``create`` makes a key and an empty state, and prints the verifier key to give to the fund
and to everybody who checks its books. ``serve`` answers ``POST /add-checkpoint`` (C2SP
tlog-witness): it checks the signature of the log (VKEY, from paper), that the new checkpoint is no
shorter than the last, and the proof that it begins with it; then it writes the new one to the disk
and cosigns it with the time. Whatever is refused although the log signed it is kept in
``refused.txt``: it may be the evidence of a second history.

Only Python's standard library is used. Keep FOLDER: a witness that lost its state must not begin
anew under the same key, and does not. It listens on this machine alone unless ``--host`` says
otherwise; put a web server with TLS before it. Signing is not of constant time: let nobody else run
programs on this machine.
"""

import argparse
import base64
import contextlib
import hashlib
import json
import os
import re
import secrets
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

try:
    import fcntl
except ImportError:  # where files cannot be locked, one has to see to it that one witness runs
    fcntl = None

#: What kind of key it is (C2SP signed-note): of a log, or of a witness.
OF_LOG, OF_WITNESS = b"\x01", b"\x04"
NAME = re.compile(r"[^\s+]+\Z")
SIZE = re.compile(r"(0|[1-9][0-9]{0,17})\Z")
EMPTY_ROOT = hashlib.sha256(b"").digest()
MOST_BYTES, MOST_STEPS, MOST_KEPT = 65_536, 63, 4_000_000
PATIENCE = 10.0


class Refused(Exception):
    """The checkpoint is not cosigned: the HTTP status, and what is answered."""


# ------------------------------------------------------------------------- Ed25519 (RFC 8032 §5.1)

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def point_add(first, second):
    """The sum of two points in extended coordinates."""
    x1, y1, z1, t1 = first
    x2, y2, z2, t2 = second
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_times(number, point):
    """A multiple of a point."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = point_add(total, point)
        point = point_add(point, point)
        number >>= 1
    return total


def same_point(first, second):
    """Whether two points are one."""
    return (first[0] * second[2] - second[0] * first[2]) % P == 0 and (
        first[1] * second[2] - second[1] * first[2]
    ) % P == 0


def read_point(data):
    """The point in 32 bytes; None when there is none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = read_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signature_holds(public, message, signature):
    """Whether the Ed25519 signature of 64 bytes is of the message by the key of 32 bytes."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, nonce = read_point(public), read_point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    return same_point(point_times(scalar, BASE), point_add(nonce, point_times(challenge, key)))


def write_point(point):
    """The 32 bytes of a point."""
    x, y, z, _t = point
    inverse = pow(z, P - 2, P)
    x, y = x * inverse % P, y * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def halves(secret):
    """The scalar and the prefix of a secret of 32 bytes."""
    digest = hashlib.sha512(secret).digest()
    scalar = int.from_bytes(digest[:32], "little")
    return scalar & (1 << 254) - 8 | 1 << 254, digest[32:]


def public_of(secret):
    """The public key of a secret."""
    return write_point(point_times(halves(secret)[0], BASE))


def sign(secret, message):
    """The signature of a message, 64 bytes."""
    scalar, prefix = halves(secret)
    public = write_point(point_times(scalar, BASE))
    nonce = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % ORDER
    start = write_point(point_times(nonce, BASE))
    digest = hashlib.sha512(start + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    return start + ((nonce + challenge * scalar) % ORDER).to_bytes(32, "little")


# ------------------------------------------------------------------------------- keys and signatures


def key_id_of(name, kind, public):
    """The four bytes that name a key in a signature (C2SP signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def vkey_of(name, kind, public):
    """The verifier key, as text."""
    coded = base64.b64encode(kind + public).decode()
    return f"{name}+{key_id_of(name, kind, public).hex()}+{coded}"


def read_vkey(text):
    """Name and public key of the verifier key of a log; ValueError."""
    name, _, rest = text.strip().partition("+")
    key_id, _, coded = rest.partition("+")
    data = base64.b64decode(coded, validate=True)
    public = data[1:]
    if data[:1] != OF_LOG or len(public) != 32 or not NAME.match(name):
        raise ValueError("this is no verifier key of a log")
    if key_id_of(name, OF_LOG, public).hex() != key_id:
        raise ValueError("name and key do not give this key id")
    return name, public


def decoded(text):
    """Base64 of 32 bytes; Refused."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = b""
    if len(data) != 32:
        raise Refused(400, "a hash of 32 bytes in Base64 is needed")
    return data


def read_checkpoint(note):
    """Text, origin, size and root of a signed note; Refused."""
    text, gap, _signatures = note.partition("\n\n")
    lines = text.split("\n")
    if not gap or len(lines) != 3 or not NAME.match(lines[0]) or not SIZE.match(lines[1]):
        raise Refused(400, "this is no checkpoint")
    return text + "\n", lines[0], int(lines[1]), decoded(lines[2])


def is_signed(note, name, public):
    """Whether the key signed the note; other signatures are passed over."""
    text, _, signatures = note.partition("\n\n")
    for line in signatures.splitlines():
        mark, _, rest = line.partition(" ")
        signer, _, coded = rest.partition(" ")
        try:
            data = base64.b64decode(coded, validate=True)
        except ValueError:
            continue
        is_own = (mark, signer, data[:4]) == ("—", name, key_id_of(name, OF_LOG, public))
        if is_own and signature_holds(public, (text + "\n").encode(), data[4:]):
            return True
    return False


# --------------------------------------------------------------------------------------------- tree


def node_hash(left, right):
    """RFC 9162 §2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def is_consistent(old, new, old_root, new_root, path):
    """Whether the path proves that the tree of ``new`` leaves begins with that of ``old`` leaves
    (RFC 9162 §2.1.4.2).
    """
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not steps:
        return False
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    found_old = found_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            found_old, found_new = node_hash(step, found_old), node_hash(step, found_new)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            found_new = node_hash(found_new, step)
        first, last = first >> 1, last >> 1
    return last == 0 and found_old == old_root and found_new == new_root


# ------------------------------------------------------------------------------------------ witness


def write_durably(path, data):
    """Replace a file so that after a power cut it is the old one or the new one."""
    draft = path.with_name(path.name + ".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    with contextlib.suppress(OSError):  # not every system syncs folders
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class Witness:
    """The key, the logs that are believed, and the last checkpoint of each."""

    def __init__(self, folder, logs=()):
        self.folder = Path(folder)
        key = json.loads((self.folder / "key.json").read_text(encoding="utf-8"))
        self.name, self.secret = key["name"], base64.b64decode(key["secret"], validate=True)
        self.public = public_of(self.secret)
        self.state_file = self.folder / "state.json"
        self.state = json.loads(self.state_file.read_text(encoding="utf-8"))
        self.logs = dict(read_vkey(each) for each in logs)
        self.lock = threading.Lock()

    @property
    def vkey(self):
        """The verifier key to give to others."""
        return vkey_of(self.name, OF_WITNESS, self.public)

    def add(self, body):
        """The line with which a checkpoint is cosigned; Refused."""
        head, _, note = body.partition("\n\n")
        first, *proof = head.split("\n")
        old = first.removeprefix("old ")
        if not first.startswith("old ") or not SIZE.match(old) or len(proof) > MOST_STEPS:
            raise Refused(400, "it begins with the old size and the proof")
        path = [decoded(step) for step in proof]
        text, origin, size, root = read_checkpoint(note)
        if origin not in self.logs:
            raise Refused(404, "this log is not known here")
        if not is_signed(note, origin, self.logs[origin]):
            raise Refused(403, "the key of the log has not signed this")
        if int(old) > size:
            raise Refused(400, "the old size is larger than the checkpoint")
        with self.lock:
            try:
                self._check(origin, int(old), size, root, path)
            except Refused:
                self._keep_refused(body)
                raise
            self._keep(origin, size, root, note)
            return self._cosign(text)

    def _check(self, origin, old, size, root, path):
        last = self.state.get(origin, {"size": 0, "root": base64.b64encode(EMPTY_ROOT).decode()})
        last_root = base64.b64decode(last["root"])
        if old != last["size"]:
            raise Refused(409, str(last["size"]))
        if size == last["size"] and root != last_root:
            raise Refused(409, str(last["size"]))
        if not is_consistent(old, size, last_root, root, path):
            raise Refused(422, "the proof does not lead from the last checkpoint to this one")

    def _keep(self, origin, size, root, note):
        """On the disk before anybody hears of it."""
        entry = {"size": size, "root": base64.b64encode(root).decode(), "note": note}
        state = {**self.state, origin: entry}
        data = json.dumps(state, ensure_ascii=False, indent=1).encode()
        write_durably(self.state_file, data)
        self.state = state

    def _keep_refused(self, body):
        """What the log signed and is not cosigned."""
        file = self.folder / "refused.txt"
        if not file.exists() or file.stat().st_size < MOST_KEPT:
            with file.open("a", encoding="utf-8") as kept:
                kept.write(f"# {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}\n{body}\n")

    def _cosign(self, text):
        seconds = int(time.time())
        signature = sign(self.secret, f"cosignature/v1\ntime {seconds}\n{text}".encode())
        key_id = key_id_of(self.name, OF_WITNESS, self.public)
        coded = base64.b64encode(key_id + seconds.to_bytes(8, "big") + signature).decode()
        return f"— {self.name} {coded}\n"


class Handler(BaseHTTPRequestHandler):
    """``POST …/add-checkpoint``."""

    timeout = PATIENCE
    witness = None

    def do_POST(self):
        """Cosign, or say why not."""
        try:
            status, kind, said = 200, "text/plain; charset=utf-8", self._answer()
        except Refused as refused:
            status, said = refused.args
            kind = "text/x.tlog.size" if status == 409 else "text/plain; charset=utf-8"
            said += "\n"
        except OSError as error:
            status, kind, said = 500, "text/plain", "the state could not be written\n"
            print(f"the state could not be written: {error}", file=sys.stderr, flush=True)
        data = said.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _answer(self):
        length = self.headers.get("Content-Length", "")
        if not self.path.endswith("/add-checkpoint"):
            raise Refused(404, "checkpoints are sent to /add-checkpoint")
        if not SIZE.match(length) or int(length) > MOST_BYTES:
            raise Refused(400, "a body of at most 64 KiB is needed")
        try:
            body = self.rfile.read(int(length)).decode("utf-8")
        except ValueError:
            raise Refused(400, "the body is UTF-8") from None
        return self.witness.add(body)


# --------------------------------------------------------------------------------------- commands


def create(folder, name):
    """Make a key and an empty state; prints the verifier key."""
    folder = Path(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not NAME.match(name):
        raise ValueError("a name holds no space and no plus, e.g. witness.example.ac.th/fund")
    if (folder / "key.json").exists() or (folder / "state.json").exists():
        raise ValueError(f"there is a witness in {folder} already")
    secret = base64.b64encode(secrets.token_bytes(32)).decode()
    write_durably(folder / "state.json", b"{}")
    write_durably(folder / "key.json", json.dumps({"name": name, "secret": secret}).encode())
    print(Witness(folder).vkey)


def serve(folder, logs, host, port):
    """Answer until it is stopped; prints the address first."""
    with (Path(folder) / "lock").open("w") as held:
        if fcntl is not None:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        handler = type("WitnessHandler", (Handler,), {"witness": Witness(folder, logs)})
        server = ThreadingHTTPServer((host, port), handler)
        server.daemon_threads = True
        print(f"http://{host}:{server.server_address[1]}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("create", "vkey", "serve"):
        command = commands.add_parser(name)
        command.add_argument("--folder", required=True)
        if name == "create":
            command.add_argument("--name", required=True)
        if name == "serve":
            command.add_argument("--log", action="append", required=True)
            command.add_argument("--host", default="127.0.0.1")
            command.add_argument("--port", type=int, default=8600)
    given = parser.parse_args()
    try:
        if given.command == "create":
            create(given.folder, given.name)
        elif given.command == "vkey":
            print(Witness(given.folder).vkey)
        else:
            serve(given.folder, given.log, given.host, given.port)
    except (OSError, ValueError, KeyError) as error:
        print(f"The witness cannot work: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
