"""The officer's forms about receipts."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import ValidationError

from fundapp.giving.models import EDonationState, Receipt, ReplaceReason
from fundapp.giving.receipts.content import Payer
from fundapp.giving.receipts.queries import RegisterState
from fundapp.thai.identity_numbers import check_tax_id
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    FilterForm,
    NameField,
    RadioChoiceField,
    ReadField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l

_LONGEST_ADDRESS = 300


class TaxNumberField(ReadField[str]):
    """A tax number of 13 digits, in Thai digits or ours, with hyphens or without."""

    def read(self, text: str) -> str:
        """The 13 digits."""
        return check_tax_id(text)


class TaxDetailsForm(BaseForm):
    """The address and tax number that a donor wants on receipts."""

    address = TextField(_l("Address on receipts"), longest=_LONGEST_ADDRESS)
    tax_id = TaxNumberField(
        _l("Tax number"),
        description=_l("13 digits: the identity number of a person, or the number of a company."),
    )


class ReplaceForm(TaxDetailsForm):
    """What the receipt that replaces another one says of the payer, and why."""

    name = NameField(
        _l("Name on the receipt"),
        description=_l("As it is to be written. Left empty: a receipt without a name."),
    )
    why = RadioChoiceField(
        _l("Why it is replaced"), ReplaceReason, required=_l("Choose why it is replaced.")
    )

    @classmethod
    def filled(cls, receipt: Receipt, content: Mapping[str, Any] | None) -> "ReplaceForm":
        """The form as the void receipt has it."""
        payer = content["payer"] if content else {"address": "", "tax_id": ""}
        data = {"name": receipt.donor_name, "address": payer["address"], "tax_id": payer["tax_id"]}
        return cls(formdata=None, data=data)

    @property
    def payer(self) -> Payer:
        """Who the new receipt names."""
        return Payer(self.name.data, self.address.data, self.tax_id.data or "")

    def validate_name(self, field: NameField) -> None:
        """A receipt without a name has no address and no tax number."""
        if not field.data and (self.address.data or self.tax_id.data):
            raise ValidationError(_l("Write the name that belongs to the address or tax number."))


class RegisterFilter(FilterForm):
    """The filter of the register."""

    year: ChoiceField[Any] = ChoiceField(_l("Fiscal year"), default="")
    status = ChoiceField(_l("State"), RegisterState, blank=_l("All"), default="")

    def offer(self, years: Sequence[int]) -> None:
        """Set the years to choose from."""
        self.year.choices = choices({str(year): str(year) for year in years})


class EDonationFilter(FilterForm):
    """The filter of the e-Donation list."""

    status = ChoiceField(_l("State"), EDonationState, default=EDonationState.TO_ENTER.value)


class EDonationForm(BaseForm):
    """The number of a gift in e-Donation."""

    number = TextField(
        _l("Number in e-Donation"),
        longest=40,
        required=_l("Write the number that e-Donation gave, or say that it is not needed."),
    )
