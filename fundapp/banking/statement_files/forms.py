"""The forms that import a statement file, and that say how a style of files is read."""

from collections.abc import Sequence
from functools import cached_property

from flask_babel import gettext as _
from wtforms.validators import ValidationError

from fundapp.banking.errors import UnknownProfileError
from fundapp.banking.forms import BankAccountField
from fundapp.banking.models import BankAccount, DayForm, Era, StatementProfile
from fundapp.banking.statement_files.decoding import MAX_BYTES
from fundapp.banking.statement_files.messages import MESSAGES
from fundapp.banking.statement_files.parsed import StatementFile
from fundapp.banking.statement_files.parsing import read_files
from fundapp.banking.statement_files.profiles import COLUMNS, Profile
from fundapp.banking.statement_files.queries import find_last_style, list_profiles, split_words
from fundapp.labels import LabelledEnum
from fundapp.web.forms import (
    BaseForm,
    CheckboxField,
    ChoiceField,
    TextField,
    UploadField,
    choices,
)
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
    profile = ProfileField(
        _l("Style of the file"), required=_l("Choose one of the possibilities shown.")
    )
    dry_run = CheckboxField(_l("Check only"))
    take_over = CheckboxField(_l("Take over what the bank changed"))

    @cached_property
    def statements(self) -> tuple[StatementFile, ...]:
        """The statements of the file, read once. Raises StatementRejected."""
        return read_files(
            self.file.content() or b"",
            file_name=self.file.file_name,
            profile_name=self.profile.data,
        )

    def __init__(self, accounts: Sequence[BankAccount]) -> None:
        super().__init__(profile=find_last_style())
        offered = {
            account.code: f"{account.code} · {account.name} · {account.account_number}"
            for account in accounts
        }
        self.account.choices = choices({**offered, "": _("As the file says")})
        styles = {row.code: row.title for row in list_profiles()}
        styles |= {code: message.title for code, message in MESSAGES.items()}
        self.profile.choices = choices(styles, blank=_("Choose one"))


class ProfileForm(BaseForm):
    """A style of statement files; ``preview`` is a second button, which reads the sample."""

    code = TextField(_l("Code"), longest=20, required=_l("Enter a short code, for example ktb."))
    title = TextField(_l("Name"), required=_l("Enter a name by which people know the style."))
    day_form = ChoiceField[DayForm](_l("Form of the dates"), DayForm)
    era = ChoiceField[Era](_l("Era of the years"), Era)
    day_headings = TextField(
        _l("Heading of the date"), required=_l("Enter the heading as the bank writes it.")
    )
    time_headings = TextField(_l("Heading of the time"))
    description_headings = TextField(_l("Heading of the kind of movement"))
    withdrawal_headings = TextField(_l("Heading of withdrawals"))
    deposit_headings = TextField(_l("Heading of deposits"))
    amount_headings = TextField(_l("Heading of one column for both"))
    balance_headings = TextField(
        _l("Heading of the balance"), required=_l("Enter the heading as the bank writes it.")
    )
    detail_headings = TextField(_l("Heading of the details"))
    channel_headings = TextField(_l("Heading of the channel"))
    opening_words = TextField(_l("Text of the row that brings the balance forward"))
    closing_words = TextField(_l("Text of the row that carries the balance on"))
    account_words = TextField(_l("Text before the account number"))
    period_words = TextField(_l("Text before the period"))
    file = UploadField(_l("Sample file"), most_bytes=MAX_BYTES)
    preview = CheckboxField(_l("Preview"))

    @classmethod
    def of(cls, row: StatementProfile) -> "ProfileForm":
        """The form with what a style says."""
        return cls(obj=row)

    def validate_file(self, field: UploadField) -> None:
        """A preview needs a sample."""
        if self.preview.data and not field.data:
            raise ValidationError(_("Choose a file of this bank to see how it is read."))

    def profile(self, code: str | None) -> Profile:
        """The style that was typed; ``code`` is that of the row, None for a new one."""
        texts = {name: str(field.data or "") for name, field in self._fields.items()}
        return Profile(
            code=code or texts["code"],
            title=texts["title"],
            headings={column: split_words(texts[f"{column}_headings"]) for column in COLUMNS},
            day_form=self.day_form.value,
            era=self.era.value,
            opening_words=split_words(texts["opening_words"]),
            closing_words=split_words(texts["closing_words"]),
            account_words=split_words(texts["account_words"]),
            period_words=split_words(texts["period_words"]),
        )
