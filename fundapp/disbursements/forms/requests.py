"""The form of a request, and the filter above the list of requests."""

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import gettext as _
from wtforms.validators import ValidationError

from fundapp.disbursements.drafts import MASK, PayeeAccount, RequestDraft
from fundapp.disbursements.errors import PayeeNumberError, PayeeReasonError
from fundapp.disbursements.forms.lines import CodeLinesField, LinesField
from fundapp.disbursements.models import Need, PayeeKind, PayoutMethod, RequestStatus
from fundapp.documents.forms import PapersField
from fundapp.ledger.models import Fund
from fundapp.places.models import District
from fundapp.spreadsheets.reading import MAX_BYTES
from fundapp.thai.banks import (
    PROMPTPAY,
    banks,
    check_account_number,
    check_promptpay_number,
)
from fundapp.thai.identity_numbers import check_tax_id
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    FilterForm,
    LongTextField,
    MoneyField,
    NameField,
    RadioChoiceField,
    TextField,
    UploadField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_NUMBER_CHECKS = {
    PayoutMethod.TRANSFER: check_account_number,
    PayoutMethod.PROMPTPAY: check_promptpay_number,
}

#: Papers that come with a request at once: MAX_CONTENT_LENGTH holds so many of the largest.
MOST_PAPERS = 3


class RequestFilterForm(FilterForm):
    """Which requests to list."""

    status = ChoiceField(_l("State"), RequestStatus)
    child = TextField(_l("Child"))
    district: ChoiceField[Any] = ChoiceField(_l("District"))
    fund: ChoiceField[Any] = ChoiceField(_l("Fund"))

    def offer(self, districts: Sequence[District], funds: Sequence[Fund]) -> Self:
        """Offer these districts and funds."""
        district_names = {district.code: localized(district) for district in districts}
        fund_names = {fund.code: localized(fund) for fund in funds}
        self.district.choices = choices(district_names, blank=_("All districts"))
        self.fund.choices = choices(fund_names, blank=_("All funds"))
        return self


class RequestForm(BaseForm):
    """Help for children: what for, for whom, how much, to whom; the view sets the funds and
    districts.
    """

    fund: RadioChoiceField[Any] = RadioChoiceField(
        _l("From which fund"), required=_l("Choose a fund.")
    )
    need = ChoiceField(
        _l("For what"), Need, blank=_l("Choose"), required=_l("Choose what the help is for.")
    )
    district: ChoiceField[Any] = ChoiceField(_l("District"))
    wanted = TextField(_l("Find children"))
    lines = LinesField(_l("Children and amounts"))
    more_lines = CodeLinesField(_l("Children who are not in the list"))
    each_amount = MoneyField(_l("Amount for each child (baht)"), required=None)
    file = UploadField(
        _l("List of children from a file"),
        most_bytes=MAX_BYTES,
        description=_l(
            "CSV or XLSX: the code of a child in the first column, the amount in the second. "
            "Without a file, all children that the search above finds are taken."
        ),
    )
    #: How many lines were put into the list by the last button.
    lines_added: int | None = None
    payee_kind = RadioChoiceField(
        _l("Who takes the money"), PayeeKind, required=_l("Choose who takes the money.")
    )
    vendor: ChoiceField[Any] = ChoiceField(_l("Vendor"))
    payee_name = NameField(
        _l("Name of the payee"),
        longest=120,
    )
    payee_reason = LongTextField(_l("Why somebody else takes the money"), longest=1000)
    payee_address = TextField(_l("Address of the payee"), longest=300)
    payee_id_number = TextField(_l("Identity or tax number of the payee"), longest=40)
    payout_method = RadioChoiceField(
        _l("How it is paid"), PayoutMethod, required=_l("Choose how the money is paid.")
    )
    bank: ChoiceField[Any] = ChoiceField(_l("Bank"))
    account_number = TextField(_l("Account or PromptPay number"))
    reason = LongTextField(
        _l("Why the help is needed"), required=_l("Write why the help is needed."), longest=2000
    )

    document = PapersField(_l("Papers that show why"), most=MOST_PAPERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {bank.code: f"{localized(bank)} ({bank.symbol})" for bank in banks().values()}
        self.bank.choices = choices(names, blank=_("Choose"))

    def validate_vendor(self, field: ChoiceField[Any]) -> None:
        """A vendor is chosen from the register."""
        if self.is_to_vendor and not field.data:
            raise ValidationError(_("Choose the vendor."))

    def validate_payee_name(self, field: NameField) -> None:
        """Somebody else has a name; of a guardian or school the files know it."""
        if self.payee_kind.member is PayeeKind.OTHER and not field.data:
            raise ValidationError(_("Enter the payee's full name, as in the bank book."))

    def validate_payee_reason(self, field: LongTextField) -> None:
        """Somebody else needs a reason."""
        if self.payee_kind.member is PayeeKind.OTHER and not field.data:
            raise ValidationError(_(PayeeReasonError.message))

    def validate_payee_id_number(self, field: TextField) -> None:
        """A number has 13 digits that fit; a masked one stands for the one that is stored."""
        if self.is_to_vendor or not field.data or field.data.startswith(MASK):
            return
        try:
            field.data = check_tax_id(field.data)
        except ValueError as error:
            raise ValidationError(_(PayeeNumberError.message)) from error

    def validate_bank(self, field: ChoiceField[Any]) -> None:
        """A transfer needs a bank."""
        is_transfer = self.payout_method.member is PayoutMethod.TRANSFER
        if is_transfer and not self.is_to_vendor and not field.data:
            raise ValidationError(_("Choose the payee's bank."))

    def validate_account_number(self, field: TextField) -> None:
        """The number fits the method of payment; cash has none."""
        method = self.payout_method.member
        check = _NUMBER_CHECKS.get(method) if method and not self.is_to_vendor else None
        try:
            field.data = check(field.data) if check else ""
        except ValueError as error:
            raise ValidationError(_(str(error))) from error

    @property
    def is_to_vendor(self) -> bool:
        """Whether a vendor takes the money: the register knows everything else of it."""
        return self.payee_kind.member is PayeeKind.VENDOR

    @property
    def children_count(self) -> int:
        """How many children were ticked or typed."""
        return len(self.lines.ticked) + self.more_lines.count

    def draft(self) -> RequestDraft:
        """What was asked for; only after validation."""
        return RequestDraft(
            fund_code=self.fund.data,
            need=self.need.value,
            reason=self.reason.data,
            payee_kind=self.payee_kind.value,
            payee_name=self.payee_name.data,
            payee_reason=self.payee_reason.data,
            payee_address=self.payee_address.data,
            payee_id_number=self.payee_id_number.data,
            payout_method=self.payout_method.value,
            account=self._account(),
            lines=self.lines.data,
            code_lines=self.more_lines.data or (),
            vendor=self.vendor.data or "",
        )

    def _account(self) -> PayeeAccount | None:
        number = self.account_number.data
        return {
            PayoutMethod.CASH: None,
            PayoutMethod.PROMPTPAY: PayeeAccount(PROMPTPAY, number),
            PayoutMethod.TRANSFER: PayeeAccount(self.bank.data, number),
        }[self.payout_method.value]
