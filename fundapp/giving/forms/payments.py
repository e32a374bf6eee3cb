"""Forms of the fund officer: record a payment, reverse one, search."""

from collections.abc import Sequence
from datetime import date

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, HiddenField, StringField, TextAreaField, ValidationError

from fundapp import clock
from fundapp.giving import policy
from fundapp.giving.forms.give import UNTICKED
from fundapp.giving.forms.reading import (
    LONGEST_NAME,
    LONGEST_NOTE,
    Cards,
    Dropdown,
    read_day,
    read_email,
    read_line,
    read_money,
    typed_day,
)
from fundapp.giving.models import Donor, Instalment, Method
from fundapp.giving.operations import IncomingPayment
from fundapp.giving.queries import PaymentFilter, find_donor, find_instalment
from fundapp.giving.words import label
from fundapp.ids import new_public_id
from fundapp.ledger.models import Fund
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_LONGEST_KEY = 64
_LONGEST_SEARCH = 100


class PaymentForm(FlaskForm):
    """Cash, cheque or transfer that an officer records. `arrival` is what was meant."""

    form_id = HiddenField(default=new_public_id)
    donor = HiddenField()
    reference = StringField(_l("Payment reference of a pledge"))
    payer_name = StringField(_l("Name of the giver"))
    anonymous = BooleanField(_l("Show no name on the receipt"), false_values=UNTICKED)
    amount = StringField(_l("Amount"))
    fund = Dropdown(_l("Fund"), default="")
    method = Cards(_l("How it came"), default=Method.CASH.value)
    received_on = StringField(_l("Day it arrived"))
    note = TextAreaField(_l("Note"))

    def __init__(self, funds: Sequence[Fund]) -> None:
        super().__init__(donor=request.args.get("donor", ""))
        self.funds = {fund.code: fund for fund in funds}
        self.fund.choices = [
            ("", _l("As the pledge says")),
            *((fund.code, localized(fund)) for fund in funds),
        ]
        taken = (Method.CASH, Method.CHEQUE, Method.TRANSFER)
        self.method.choices = [(method.value, label(method)) for method in taken]
        self.known_donor: Donor | None = find_donor(self.donor.data or "")
        self.instalment: Instalment | None = None
        if not self.is_submitted():
            self.received_on.data = typed_day(clock.today())

    def validate_form_id(self, field: HiddenField) -> None:
        """Without it a second click could not be told from a second gift."""
        key = field.data or ""
        if not (key.isascii() and key.isprintable() and 0 < len(key) <= _LONGEST_KEY):
            field.data = new_public_id()

    def validate_donor(self, field: HiddenField) -> None:
        """Nobody, or a donor we know."""
        if field.data and self.known_donor is None:
            raise ValidationError(
                _("This donor is not known. Choose the donor from the list again.")
            )

    def validate_reference(self, field: StringField) -> None:
        """Empty, or the reference of an instalment."""
        reference = read_line(field.data, LONGEST_NAME).replace(" ", "").replace("-", "")
        self.instalment = find_instalment(reference) if reference else None
        if reference and self.instalment is None:
            raise ValidationError(
                _("No pledge carries this reference. Check it, or leave it empty.")
            )

    def validate_payer_name(self, field: StringField) -> None:
        """Who gave it, unless a donor, a pledge or nobody does."""
        self.clean_name = read_line(field.data, LONGEST_NAME)
        is_known = self.known_donor or self.instalment or self.anonymous.data
        if not self.clean_name and not is_known:
            raise ValidationError(_("Enter a name for the receipt, or choose to show no name."))

    def validate_amount(self, field: StringField) -> None:
        """Baht."""
        self.amount_satang = read_money(field)

    def validate_fund(self, field: Dropdown) -> None:
        """Needed unless a pledge says it."""
        if not field.data and self.instalment is None:
            raise ValidationError(_("Choose the fund that this money is for."))

    def validate_received_on(self, field: StringField) -> None:
        """A day up to today."""
        self.day = read_day(field)
        if self.day > clock.today():
            raise ValidationError(
                _("This day is still to come. Enter the day on which the money arrived.")
            )

    def validate_note(self, field: TextAreaField) -> None:
        """One line of the officer's own."""
        self.clean_note = read_line(" ".join((field.data or "").split()), LONGEST_NOTE)

    def arrival(self) -> IncomingPayment:
        """What the officer meant."""
        method = Method(self.method.data)
        fund = self.instalment.pledge.fund if self.instalment else self.funds[self.fund.data]
        return IncomingPayment(
            amount_satang=self.amount_satang,
            received_on=self.day,
            method=method,
            asset_account_code=policy.asset_account(fund, method),
            donor_id=self.known_donor.id if self.known_donor else None,
            instalment_reference=self.instalment.reference if self.instalment else None,
            fund_code=self.fund.data or None,
            is_anonymous=bool(self.anonymous.data),
            external_ref=f"form:{self.form_id.data}",
            note=self.clean_note,
            payer_name=self.clean_name,
        )


class ReverseForm(FlaskForm):
    """Why a payment is reversed."""

    reason = StringField(_l("Why it is reversed"))

    def validate_reason(self, field: StringField) -> None:
        """Always asked for; it stands in the books for ever."""
        self.clean_reason = read_line(field.data, LONGEST_NOTE)
        if not self.clean_reason:
            raise ValidationError(_("Say why the payment is reversed."))


class ConnectForm(FlaskForm):
    """With which user account a donor is connected."""

    email = StringField(_l("E-mail address"))

    def validate_email(self, field: StringField) -> None:
        """Needed."""
        address = read_email(field.data)
        if address is None:
            raise ValidationError(_("Enter the e-mail address."))
        self.address: str = address


class DonorSearch(Form):
    """Search in the list of donors."""

    q = StringField(_l("Name, e-mail or payment reference"))

    def text(self) -> str:
        """What to look for; characters that no name holds are left out."""
        typed = (self.q.data or "")[:_LONGEST_SEARCH]
        return "".join(letter for letter in typed if letter.isprintable())


class PaymentSearch(Form):
    """Filters of the list of payments."""

    method = Dropdown(_l("How it came"), default="")
    from_on = StringField(_l("From day"))
    to_on = StringField(_l("To day"))

    def __init__(self, formdata: object) -> None:
        super().__init__(formdata)
        self.method.choices = [
            ("", _l("Any")),
            *((method.value, label(method)) for method in Method),
        ]
        self.days: dict[str, date] = {}

    def validate_from_on(self, field: StringField) -> None:
        """A day, if any."""
        self._read("from_on", field)

    def validate_to_on(self, field: StringField) -> None:
        """A day, if any."""
        self._read("to_on", field)

    def wanted(self) -> PaymentFilter:
        """What the list is narrowed to."""
        return PaymentFilter(
            method=Method(self.method.data) if self.method.data else None,
            from_on=self.days.get("from_on"),
            to_on=self.days.get("to_on"),
        )

    def _read(self, name: str, field: StringField) -> None:
        if (field.data or "").strip():
            self.days[name] = read_day(field)
