"""The form of a vendor."""

from collections.abc import Iterable
from typing import Self

from flask_babel import gettext as _
from wtforms import ValidationError

from fundapp.disbursements.drafts import VendorDraft
from fundapp.disbursements.errors import VendorTaxIdError
from fundapp.disbursements.forms.accounts import AccountForm
from fundapp.disbursements.models import VendorEnd, VendorKind
from fundapp.places.models import District
from fundapp.thai.identity_numbers import check_tax_id
from fundapp.web.forms import (
    CheckboxesField,
    ChoiceField,
    NameField,
    PhoneField,
    RadioChoiceField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized


class VendorForm(AccountForm):
    """Everything that the register has of a vendor; the view sets the districts."""

    name = NameField(
        _l("Name of the vendor"), required=_l("Write the name of the vendor."), longest=120
    )
    kind = RadioChoiceField(_l("Kind"), VendorKind, required=_l("Choose one from the list."))
    tax_id = TextField(
        _l("Tax number"), required=_l("Enter the 13 digits of the tax number."), longest=40
    )
    address = TextField(
        _l("Address of the vendor"), required=_l("Write the address of the vendor."), longest=300
    )
    phone = PhoneField(_l("Telephone"))
    account_name = NameField(
        _l("Name of the account"),
        required=_l("Write the name of the account, as in the bank book."),
        longest=120,
    )
    districts = CheckboxesField(_l("Districts that it supplies"))
    ended = ChoiceField(_l("State"), VendorEnd, blank=_l("Open: help can be paid to it"))

    def offer(self, districts: Iterable[District]) -> Self:
        """Set the districts to choose from."""
        names = {district.code: localized(district) for district in districts}
        self.districts.choices = choices(names)
        return self

    def validate_tax_id(self, field: TextField) -> None:
        """13 digits that fit each other."""
        try:
            field.data = check_tax_id(field.data)
        except ValueError as error:
            raise ValidationError(_(VendorTaxIdError.message)) from error

    def draft(self) -> VendorDraft:
        """What was typed; only after validation."""
        return VendorDraft(
            name=self.name.data,
            kind=self.kind.value,
            tax_id=self.tax_id.data,
            address=self.address.data,
            phone=self.phone.data or "",
            account=self.account(),
            account_name=self.account_name.data,
            districts=tuple(self.districts.data or ()),
            ended=self.ended.member,
        )
