"""Only a reader decrypts what names a person, and key rotation, counting and the checks of stored
values and files, which show it to nobody.

What is refused is found in the source: importing what decrypts, and calling ``decrypt`` and its
like on anything but a reader (``Reader(…)`` or a name ``reader``).
"""

import ast

import pytest

from tests.architecture.sources import PACKAGE, ROOT, modules, name, parse

ENCRYPTION = {
    "fundapp.children.encryption",
    "fundapp.documents.encryption",
    "fundapp.giving.channels.encryption",
    "fundapp.identity.encryption",
    "fundapp.mail.encryption",
}
CIPHER = "AESGCMSIV"
RECORD = "record_child_reads"

READER = "fundapp/children/reader.py"
WORDS_READER = "fundapp/remarks/reader.py"
BANK_READER = "fundapp/banking/reader.py"
GIVING_READER = "fundapp/giving/reader.py"
RECEIPT_READER = "fundapp/giving/receipts/reader.py"
IMPORT_READER = "fundapp/giving/imports/reader.py"
TRAIL = "fundapp/trail/operations.py"
#: Where decrypting is defined, where it is reading, and where nothing is shown.
ALLOWED = {
    "fundapp/crypto/keyring.py",
    "fundapp/crypto/digest_key.py",
    "fundapp/crypto/proofs.py",
    "fundapp/children/encryption.py",
    "fundapp/documents/encryption.py",
    READER,
    "fundapp/children/corrections.py",
    # Compares files with each other and hashes their names.
    "fundapp/children/comparing.py",
    # What a file said before its details are changed; entries are read by a reader.
    "fundapp/children/casework/reader.py",
    # A list that waits, for who uploaded it.
    "fundapp/children/imports/reader.py",
    "fundapp/children/name_guard.py",
    # Whether words about a child are left that can be erased, and which concerns name it.
    "fundapp/children/child_words.py",
    "fundapp/concerns/erasures.py",
    "fundapp/children/group_counts.py",
    "fundapp/children/open_files.py",
    "fundapp/children/verification.py",
    "fundapp/disbursements/verification.py",
    # Shops and people from whom the fund buys, which concerns no child.
    "fundapp/disbursements/vendor_reader.py",
    # What people told, for who may read it and for who has the code.
    "fundapp/concerns/reader.py",
    WORDS_READER,
    BANK_READER,
    GIVING_READER,
    RECEIPT_READER,
    "fundapp/giving/paper_reader.py",
    # Who gives the gifts of a batch, until the payments say so.
    "fundapp/giving/gift_batches/reader.py",
    IMPORT_READER,
    "fundapp/children/operations/key_rotation.py",
    "fundapp/documents/operations/key_rotation.py",
    "fundapp/documents/faults.py",
    # Papers of the office, which concern no child.
    "fundapp/documents/papers.py",
    # Secrets that name nobody: of authenticator apps, and of messages.
    "fundapp/identity/encryption.py",
    "fundapp/identity/operations/factors.py",
    "fundapp/identity/views/factors.py",
    "fundapp/mail/encryption.py",
    "fundapp/mail/operations/messages.py",
    # Whose account at LINE it is: to push messages there, and to link or block it.
    "fundapp/giving/channels/encryption.py",
    "fundapp/giving/channels/operations.py",
    "demo/people.py",
}


def decrypting(tree):
    """Line and text of everything in a module that decrypts without a reader."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ENCRYPTION:
            for alias in node.names:
                if alias.name.startswith("decrypt") or alias.name == "*":
                    yield node.lineno, alias.name
        elif isinstance(node, ast.Attribute) and node.attr.startswith("decrypt"):
            if not _is_reader(node.value):
                yield node.lineno, node.attr
        elif isinstance(node, ast.Constant) and node.value in {"decrypt", "decrypt_bytes"}:
            yield node.lineno, repr(node.value)
        elif isinstance(node, ast.Name | ast.alias) and _name(node) == CIPHER:
            yield node.lineno, CIPHER


def _is_reader(node):
    """``Reader(…)``, ``reader`` or ``….reader``, with or without an underscore."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "Reader"
    return _name(node).lstrip("_") == "reader"


def _name(node):
    if isinstance(node, ast.Attribute):
        return node.attr
    return getattr(node, "id", getattr(node, "name", ""))


def sources():
    return [*modules(PACKAGE), *modules(ROOT / "demo"), *modules(ROOT / "bench")]


def test_only_a_reader_and_what_shows_nothing_decrypt():
    found = [
        f"{name(path)}:{line} {text}"
        for path in sources()
        if name(path) not in ALLOWED
        for line, text in decrypting(parse(path))
    ]
    assert not found, "read it with `fundapp.children.reader.Reader`"


def test_every_allowed_module_decrypts():
    """A module that no longer does leaves the list."""
    idle = [path for path in ALLOWED if not list(decrypting(parse(ROOT / path)))]
    assert idle == []


def test_only_a_reader_records_reads():
    """A read on record without decrypting would hide those that happened."""
    found = [
        name(path)
        for path in sources()
        if name(path) not in {READER, TRAIL}
        for node in ast.walk(parse(path))
        if _name(node) == RECORD
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "from fundapp.children.encryption import decrypt",
        "from fundapp.children.encryption import decrypt_optional as harmless",
        "from fundapp.documents.encryption import decrypt as open_paper",
        "from fundapp.documents.encryption import *",
        "from fundapp.children import encryption\nencryption.decrypt(row, column)",
        "import fundapp.children.encryption as e\ne.decrypt_optional(row, column)",
        "from fundapp.crypto import keyring\nkeyring().decrypt(value, where)",
        "ring = keyring()\nshow = ring.decrypt_bytes",
        "def show(keys): return keys.decrypt(value, where)",
        "getattr(keyring(), 'decrypt')(value, where)",
        "from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV",
        "aead.AESGCMSIV(key).decrypt(nonce, value, where)",
    ],
)
def test_other_ways_are_found(source):
    assert list(decrypting(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "Reader(actor, Purpose.REQUEST).decrypt(row, column, about=children)",
        "reader.decrypt_optional(row, column, about=children)",
        "self._reader.decrypt(row, column, about=children)",
        "keyring().lookup(text, where)",
        "from fundapp.children.encryption import encrypt",
    ],
)
def test_readers_are_not_found(source):
    assert not list(decrypting(ast.parse(source)))
