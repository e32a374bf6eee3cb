"""The forms of batches and of lists of givers."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import ValidationError
from wtforms.widgets import TextArea

from fundapp import clock
from fundapp.giving.forms.donors import FromDonorForm
from fundapp.giving.gift_batches.drafts import BatchDraft, Giver, RowDraft
from fundapp.giving.gift_batches.reading import (
    MOST_BYTES,
    MOST_GIVERS,
    GiverList,
    decode,
    read_givers,
)
from fundapp.giving.models import Donor, Method
from fundapp.giving.policy import asset_accounts
from fundapp.giving.receipts.forms import TaxNumberField
from fundapp.ledger.models import Fund
from fundapp.ledger.queries import list_accounts
from fundapp.markers import N_
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    EmailField,
    MoneyDayField,
    MoneyField,
    NameField,
    NumberField,
    RadioChoiceField,
    ReadField,
    TextField,
    UploadField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_METHODS = (Method.CASH, Method.CHEQUE, Method.TRANSFER)
_MOST_PROBLEMS = 10


class BatchForm(BaseForm):
    """What is expected of a batch."""

    method = RadioChoiceField(
        _l("How it was paid"),
        Method,
        default=Method.CASH.value,
        required=_l("Choose one of the possibilities shown."),
    )
    received_on = MoneyDayField(
        _l("Day it arrived"),
        default=clock.today,
        required=_l("Enter a date, for example 24/11/2569."),
    )
    expected_count = NumberField(
        _l("Number of gifts"), most=500, required=_l("Count the gifts before you record them.")
    )
    expected = MoneyField(_l("Sum of the gifts"))
    fund: ChoiceField[Any] = ChoiceField(
        _l("Fund"), default="", required=_l("Choose the fund that this money is for.")
    )
    account: ChoiceField[Any] = ChoiceField(_l("Account it is in"), default="")
    sender: ChoiceField[Any] = ChoiceField(_l("Collected by"), default="")

    def __init__(self, funds: Sequence[Fund], senders: Sequence[Donor]) -> None:
        super().__init__()
        self.funds = {fund.code: fund for fund in funds}
        self.senders = {donor.public_id: donor for donor in senders}
        self.method.choices = choices(_METHODS)
        self.fund.choices = choices(
            {fund.code: localized(fund) for fund in funds}, blank=_l("Choose one")
        )
        self.sender.choices = choices(
            {donor.public_id: donor.name for donor in senders}, blank=_l("Nobody else")
        )
        codes = {
            code for fund in funds for method in _METHODS for code in asset_accounts(fund, method)
        }
        named = {account.code: account for account in list_accounts()}
        self.account.choices = choices(
            {code: f"{code} {localized(named[code])}" for code in sorted(codes)},
            blank=_("The fund's only one"),
        )

    def validate_account(self, field: ChoiceField[Any]) -> None:
        """One of the fund for this way of paying; chosen when there are several."""
        fund = self.funds.get(self.fund.data)
        if fund is None or self.method.member is None:
            return
        possible = asset_accounts(fund, self.method.value)
        if not possible:
            raise ValidationError(
                _("This fund has no account for money that came in this way. Choose another way.")
            )
        if field.data not in possible and (field.data or len(possible) > 1):
            raise ValidationError(
                _(
                    "The fund has several accounts: %(accounts)s. Choose the one that the money "
                    "is in.",
                    accounts=", ".join(possible),
                )
            )

    @property
    def draft(self) -> BatchDraft:
        """What was typed; only after validation."""
        fund, sender = self.funds[self.fund.data], self.senders.get(self.sender.data)
        return BatchDraft(
            self.method.value,
            fund.code,
            self.account.data or asset_accounts(fund, self.method.value)[0],
            self.received_on.value,
            self.expected_count.value,
            self.expected.value,
            sender.id if sender else None,
        )


class RowForm(FromDonorForm):
    """One gift of a batch."""

    amount = MoneyField(_l("Amount"))
    reference = TextField(_l("Payment reference of a pledge"), longest=40)
    name = NameField(_l("Name of the giver"))
    email = EmailField(_l("E-mail"))
    tax_id = TaxNumberField(_l("Tax number"))

    def validate_name(self, field: NameField) -> None:
        """Needed with an address or a number: the receipt names the giver."""
        if (self.email.data or self.tax_id.data) and not field.data:
            raise ValidationError(_("Write the name as well: it stands on the receipt."))

    @property
    def row(self) -> RowDraft:
        """What was typed; only after validation."""
        giver = Giver(
            self.amount.value, self.name.data, self.email.data or "", self.tax_id.data or ""
        )
        donor = self.known_donor
        return RowDraft(giver, donor.id if donor else None, self.reference.data)


class PasteField(ReadField[str]):
    """Lines that were pasted, as they stand: tabs part their cells."""

    widget = TextArea()

    def read(self, text: str) -> str:
        """The text."""
        if len(text) > MOST_BYTES:
            raise ValueError(N_("A list holds at most 500 givers. Part it in two."))
        return text


class GiverListForm(BaseForm):
    """A list of givers, pasted or as a CSV file."""

    givers = PasteField(_l("The list, pasted"))
    file = UploadField(_l("Or as a CSV file"), most_bytes=MOST_BYTES)

    #: What it says, after validation.
    read: GiverList = GiverList([], [])

    def validate_givers(self, field: PasteField) -> None:
        """Every line can be read; the file counts when there is one."""
        content = self.file.content()
        text = field.data or ""
        if content is not None:
            decoded = decode(content) if len(content) <= MOST_BYTES else None
            if decoded is None:
                raise ValidationError(
                    _("The file is no CSV of at most %(most)s givers.", most=MOST_GIVERS)
                )
            text = decoded
        self.read = read_givers(text)
        if self.read.problems:
            field.errors.extend(self._problems())
        elif not self.read.givers:
            raise ValidationError(_("The list is empty. Write a giver on each line: name, amount."))

    def _problems(self) -> list[str]:
        found = self.read.problems
        told = [
            _("Line %(row)s: %(reason)s", row=problem.row, reason=_(problem.sentence))
            for problem in found[:_MOST_PROBLEMS]
        ]
        if len(found) > _MOST_PROBLEMS:
            told.append(_("%(more)s more lines cannot be read.", more=len(found) - _MOST_PROBLEMS))
        return told

    @property
    def rows(self) -> list[RowDraft]:
        """The gifts; only after validation."""
        return [RowDraft(giver) for giver in self.read.givers]
