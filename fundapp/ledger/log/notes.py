"""Checkpoints as signed notes (C2SP signed-note, tlog-checkpoint and tlog-cosignature, Ed25519;
pure).

    <origin>
    <size>
    <root, base64>

    — <key name> <base64 of key id (4 bytes) and signature (64 bytes)>

What is signed is the text before the empty line, with its line break. The key's name is the origin.
A *verifier key* (vkey) is ``<name>+<key id, hex>+<base64 of 0x01 and the public key>``.

A *cosignature* is one more such line below it, by a witness, whose keys begin with 0x04: key id,
time (8 bytes) and a signature over that time and the text.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

#: What a key signs: checkpoints of its own log, or those of others as a witness.
OF_LOG, OF_WITNESS = b"\x01", b"\x04"
_TIME_BYTES = 8
_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteError(ValueError):
    """A note, key or checkpoint is not as the format asks, or its signature does not hold."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a note states: whose log, how many leaves, and their root of 32 bytes."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name and a public key of 32 bytes."""

    name: str
    public: bytes
    kind: bytes = OF_LOG

    @property
    def key_id(self) -> bytes:
        """The first four bytes of the hash of name and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def __str__(self) -> str:
        coded = base64.b64encode(self.kind + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{coded}"


def parse_vkey(text: str, kind: bytes = OF_LOG) -> VerifierKey:
    """The key of that kind in ``text``; NoteError."""
    name, _, rest = text.strip().partition("+")
    key_id, _, coded = rest.partition("+")
    data = _decoded(coded)
    if not _NAME.fullmatch(name) or data[:1] != kind or len(data) != 33:
        raise NoteError("this is no verifier key of Ed25519 for this purpose")
    key = VerifierKey(name, data[1:], kind)
    if key.key_id.hex() != key_id:
        raise NoteError("name and key do not give this key id")
    return key


def vkey_of(name: str, secret: bytes) -> VerifierKey:
    """The verifier key of a secret of 32 bytes; NoteError for a name with spaces or a plus."""
    if not _NAME.fullmatch(name):
        raise NoteError("the name of a key holds no space and no plus")
    return VerifierKey(
        name, Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    )


def sign(checkpoint: Checkpoint, secret: bytes) -> str:
    """The signed note of a checkpoint."""
    key = vkey_of(checkpoint.origin, secret)
    signature = Ed25519PrivateKey.from_private_bytes(secret).sign(checkpoint.text().encode())
    coded = base64.b64encode(key.key_id + signature).decode()
    return f"{checkpoint.text()}\n— {key.name} {coded}\n"


def open_note(note: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint that ``key`` signed; other signatures of the note are passed over. NoteError
    when the note is not as it should be or the signature does not hold.
    """
    text, _, signatures = note.partition("\n\n")
    text += "\n"
    checkpoint = _read(text)
    if checkpoint.origin != key.name:
        raise NoteError("the note is of another log")
    for line in signatures.splitlines():
        mark, _, rest = line.partition(" ")
        name, _, coded = rest.partition(" ")
        if mark != "—" or not name or not coded:
            raise NoteError("a line of signatures cannot be read")
        data = _decoded(coded)
        if name == key.name and data[:4] == key.key_id:
            _verify(key, data[4:], text)
            return checkpoint
    raise NoteError("the key has not signed this note")


def find_cosignature(note: str, lines: str, key: VerifierKey) -> tuple[str, datetime]:
    """Among ``lines`` that a witness answered, the one by ``key`` on the note, and its time; lines
    by other keys are passed over. NoteError.
    """
    text = note.partition("\n\n")[0] + "\n"
    for line in lines.splitlines():
        mark, _, rest = line.partition(" ")
        name, _, coded = rest.partition(" ")
        if mark != "—" or name != key.name:
            continue
        data = _decoded(coded)
        if data[:4] != key.key_id:
            continue
        stamp, signature = data[4 : 4 + _TIME_BYTES], data[4 + _TIME_BYTES :]
        seconds = int.from_bytes(stamp, "big")
        _verify(key, signature, f"cosignature/v1\ntime {seconds}\n{text}")
        try:
            return line, datetime.fromtimestamp(seconds, UTC)
        except (OverflowError, ValueError, OSError):
            raise NoteError("the time of the cosignature cannot be read") from None
    raise NoteError("the witness has not cosigned this note")


def read_checkpoint(note: str) -> Checkpoint:
    """What a note states, whoever signed it; NoteError."""
    return _read(note.partition("\n\n")[0] + "\n")


def _read(text: str) -> Checkpoint:
    lines = text.split("\n")
    if (
        len(lines) != 4
        or lines[3]
        or not _NAME.fullmatch(lines[0])
        or not _SIZE.fullmatch(lines[1])
    ):
        raise NoteError("this is no checkpoint of a log")
    root = _decoded(lines[2])
    if len(root) != 32:
        raise NoteError("the root of a checkpoint has 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root)


def _verify(key: VerifierKey, signature: bytes, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        raise NoteError("the signature does not hold") from None


def _decoded(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("this is not Base64") from None
    if base64.b64encode(data).decode() != text:
        raise NoteError("this is not Base64 as it is written")
    return data
