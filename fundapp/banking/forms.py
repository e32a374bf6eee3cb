"""Forms of banking: shape and a sentence per field; rules are in the operations."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from fundapp.banking.decoding import MAX_BYTES
from fundapp.banking.models import BankAccount
from fundapp.banking.profiles import PROFILES
from fundapp.ledger.models import Fund
from fundapp.thai.calendar import parse_day
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_LONGEST_NAME = 200
_LONGEST_REASON = 300


def named(funds: Sequence[Fund]) -> list[tuple[str, str]]:
    """The choices of a fund."""
    return [(fund.code, localized(fund)) for fund in funds]


class StatementForm(FlaskForm):
    """A statement file, of which account it is and in which style."""

    file = FileField(_l("Statement file"), [FileRequired(_l("Choose the file from the bank."))])
    account = SelectField(_l("Bank account"), validate_choice=False)
    profile = SelectField(_l("Style of the file"), validate_choice=False)

    def __init__(self, accounts: Sequence[BankAccount]) -> None:
        super().__init__()
        self.account.choices = [
            (one.code, f"{one.code} · {one.name} · {one.account_number}") for one in accounts
        ]
        self.profile.choices = [(name, _(one.title)) for name, one in PROFILES.items()]

    def read(self) -> tuple[bytes, str]:
        """The bytes of the file, at most one more than is allowed, and its name."""
        return self.file.data.read(MAX_BYTES + 1), self.file.data.filename or ""


class ReasonForm(FlaskForm):
    """Why a line is put aside, or a match undone."""

    reason = StringField(
        _l("Reason"),
        [
            DataRequired(_l("Say why, in a few words.")),
            Length(max=_LONGEST_REASON, message=_l("Use at most 300 characters.")),
        ],
    )


class GiftForm(FlaskForm):
    """A line recorded as a gift that nobody promised."""

    fund = SelectField(_l("Fund"), validators=[DataRequired(_l("Choose a fund."))])
    donor = StringField(
        _l("Donor's name"),
        [Length(max=_LONGEST_NAME, message=_l("Use at most 200 characters."))],
    )

    def __init__(self, funds: Sequence[Fund]) -> None:
        super().__init__()
        self.fund.choices = [("", _("Choose a fund")), *named(funds)]


class CashForm(FlaskForm):
    """A line that is the fund's own cash, paid in or drawn."""

    cash_fund = SelectField(_l("Fund"), validators=[DataRequired(_l("Choose a fund."))])

    def __init__(self, funds: Sequence[Fund]) -> None:
        super().__init__()
        self.cash_fund.choices = [("", _("Choose a fund")), *named(funds)]


class LineSearch(Form):
    """Looking for an instalment by hand."""

    q = StringField(_l("Reference, amount or donor's name"))


class ProofForm(Form):
    """Which account, and at the end of which day."""

    account = SelectField(_l("Bank account"), validate_choice=False)
    day = StringField(_l("At the end of"))

    def __init__(
        self, values: MultiDict[str, str], accounts: Sequence[BankAccount], today: date
    ) -> None:
        super().__init__(values)
        self.wanted_on = today
        self.account.choices = [(one.code, f"{one.code} · {one.name}") for one in accounts]
        if not self.account.data and accounts:
            self.account.data = accounts[0].code

    def validate_day(self, field: StringField) -> None:
        """A day; empty means today."""
        if not (field.data or "").strip():
            return
        try:
            self.wanted_on = parse_day(field.data or "")
        except ValueError as error:
            raise ValidationError(_(str(error))) from error
