"""The form that imports a statement file."""

from collections.abc import Sequence
from functools import cached_property

from flask_babel import gettext as _

from fundapp.banking.errors import UnknownProfileError
from fundapp.banking.forms import BankAccountField
from fundapp.banking.models import BankAccount
from fundapp.banking.statement_files.decoding import MAX_BYTES
from fundapp.banking.statement_files.parsed import StatementFile
from fundapp.banking.statement_files.parsing import read_file
from fundapp.banking.statement_files.queries import list_profiles
from fundapp.labels import LabelledEnum
from fundapp.web.forms import BaseForm, CheckboxField, ChoiceField, UploadField, choices
from fundapp.web.lazy import lazy as _l


class ProfileField(ChoiceField[LabelledEnum]):
    """A choice of the styles of statement files."""

    def refusal(self, chosen: str) -> str:
        """The sentence for a style that is not offered."""
        return str(_(UnknownProfileError.message))


class StatementForm(BaseForm):
    """A statement file, the account it is of, and its style; ``dry_run`` is a second button."""

    file = UploadField(
        _l("Statement file"),
        required=_l("Choose the file from the bank."),
        most_bytes=MAX_BYTES,
    )
    account = BankAccountField(_l("Bank account"))
    profile = ProfileField(_l("Style of the file"))
    dry_run = CheckboxField(_l("Check only"))

    @cached_property
    def statement(self) -> StatementFile:
        """The file, read once. Raises StatementRejected."""
        return read_file(
            self.file.content() or b"",
            file_name=self.file.file_name,
            profile_name=self.profile.data,
        )

    def __init__(self, accounts: Sequence[BankAccount]) -> None:
        super().__init__()
        self.account.choices = choices(
            {
                account.code: f"{account.code} · {account.name} · {account.account_number}"
                for account in accounts
            }
        )
        self.profile.choices = choices({row.code: row.title for row in list_profiles()})
