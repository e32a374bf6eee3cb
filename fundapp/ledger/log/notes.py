"""Checkpoints as signed notes (C2SP signed-note and tlog-checkpoint, Ed25519; pure).

    <origin>
    <size>
    <root, base64>

    — <key name> <base64 of key id (4 bytes) and signature (64 bytes)>

What is signed is the text before the empty line, with its line break. The key's name is the origin.
A *verifier key* (vkey) is ``<name>+<key id, hex>+<base64 of 0x01 and the public key>``.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
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

    @property
    def key_id(self) -> bytes:
        """The first four bytes of the hash of name and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        coded = base64.b64encode(_ED25519 + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{coded}"


def parse_vkey(text: str) -> VerifierKey:
    """The key in ``text``; NoteError."""
    name, _, rest = text.strip().partition("+")
    key_id, _, coded = rest.partition("+")
    data = _decoded(coded)
    if not _NAME.fullmatch(name) or data[:1] != _ED25519 or len(data) != 33:
        raise NoteError("this is no verifier key of Ed25519")
    key = VerifierKey(name, data[1:])
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
