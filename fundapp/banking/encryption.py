"""What a bank writes on a line, at rest: encrypted for its row, and bound by keyed hashes.

The digest of a field is made for its line: the same words have one digest in every file that states
the line, by which the database holds the line to what its files say
(``sql/*/keep_statement_lines.sql``), and another one on any other line. It is under the key that
never changes (`fundapp.crypto.digest_key`), so no rotation touches it, and it stays when the words
are erased. The look-up of a detail is the same on every line: a giver is recognised by it. To read
words, use `fundapp.banking.reader`.
"""

import json
from typing import NamedTuple

from fundapp.banking.models import StatedLine, StatementLine
from fundapp.children.encryption import encrypt
from fundapp.crypto import keyring

#: Bytes: words are filled up to a multiple, so that their length tells little.
_BLOCK = 128


class BankWords(NamedTuple):
    """The three texts of a bank's row, as the bank wrote them."""

    description: str = ""
    detail: str = ""
    channel: str = ""


def encrypt_words(
    model: type[StatementLine] | type[StatedLine], row_id: int, words: BankWords
) -> bytes:
    """The words, encrypted for one row."""
    text = json.dumps(words, ensure_ascii=False)
    return encrypt(model, "words_encrypted", row_id, text, block=_BLOCK)


def words_in(text: str) -> BankWords:
    """The words in what was decrypted; ValueError or TypeError for another text."""
    return BankWords(*json.loads(text))


def digests_of(line_id: int, words: BankWords) -> dict[str, bytes]:
    """The keyed hash of each field, by the name of its column."""
    ring, mark = keyring(), f"{line_id}\x1f"
    return {
        f"{name}_digest": ring.lookup(mark + text, f"statement_lines.{name}_digest")
        for name, text in zip(words._fields, words, strict=True)
    }


def lookup_detail(detail: str) -> bytes | None:
    """The keyed hash by which lines with this detail are found; None for the empty text."""
    return keyring().lookup(detail, "statement_lines.detail_lookup") if detail else None
