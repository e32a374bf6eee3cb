"""Opening what a bank wrote on its lines.

`words_of` and `open_words` open it to be compared: with references, with names, with other files.
Whoever shows it to somebody asks a `BankTextReader`, made for one actor. The text of money out may
name a payee, so it is shown to those only whose work needs payees.
"""

from dataclasses import dataclass, field
from datetime import datetime

from fundapp.access.actors import Actor
from fundapp.banking.encryption import BankWords, words_in
from fundapp.banking.models import StatedLine, StatementLine
from fundapp.banking.policy import may_see_deposits, may_see_withdrawals
from fundapp.children.encryption import associated_data
from fundapp.crypto import keyring
from fundapp.remarks.models import ErasureReason

#: Where a row in memory keeps what was opened, so that it is opened once.
_OPENED = "opened_words"


@dataclass(frozen=True, slots=True)
class ShownText:
    """What an actor is shown of a line. The texts are empty where ``is_hidden``, and once they are
    erased: ``erased_at`` and ``erased_why`` say when and why.
    """

    description: str = field(default="", repr=False)
    detail: str = field(default="", repr=False)
    channel: str = field(default="", repr=False)
    is_hidden: bool = False
    erased_at: datetime | None = None
    erased_why: ErasureReason | None = None


class BankTextReader:
    """Reads what banks wrote, for one actor."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def show(self, line: StatementLine, stated: StatedLine | None = None) -> ShownText:
        """What the actor is shown of the line, or of what one file says of it."""
        if not self.may_show(line):
            return ShownText(is_hidden=True)
        words = words_of(line if stated is None else stated)
        return ShownText(*words, erased_at=line.erased_at, erased_why=line.erased_why)

    def may_show(self, line: StatementLine) -> bool:
        """Whether the actor is shown what stands on the line."""
        may = may_see_deposits if line.deposit_satang else may_see_withdrawals
        return may(self._actor)


def words_of(row: StatementLine | StatedLine) -> BankWords:
    """What the bank wrote in the row, to compare with: shown to nobody. Empty once it is erased.

    Raises KeyringError when it was encrypted for another row or key.
    """
    encrypted = row.words_encrypted
    known: tuple[bytes | None, BankWords] | None = vars(row).get(_OPENED)
    if known is None or known[0] is not encrypted:
        known = encrypted, open_words(row.__tablename__, row.id, encrypted)
        vars(row)[_OPENED] = known
    return known[1]


def open_words(table: str, row_id: int, encrypted: bytes | None) -> BankWords:
    """As `words_of`, of a row that was read without its object."""
    if encrypted is None:
        return BankWords()
    associated = associated_data(table, "words_encrypted", row_id)
    return words_in(keyring().decrypt(encrypted, associated).rstrip("\0"))
