"""Forms of money out: shapes of what is typed, with a message for each field."""

from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import TextArea

from fundapp.disbursements.drafts import LineDraft, PayeeAccount, RequestDraft
from fundapp.disbursements.fields import CodeLinesField, LinesField
from fundapp.disbursements.models import Need, PayeeKind, PayoutMethod, ReceiptOutcome
from fundapp.paging import int_key
from fundapp.thai.banks import (
    PROMPTPAY,
    banks,
    check_account_number,
    check_promptpay_number,
)
from fundapp.web.fields import DayField, DayRequired, clean_text
from fundapp.web.forms import choices
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_REASON_LENGTH = Length(max=500, message=_l("Use at most 500 characters."))
_NAME_LENGTH = Length(max=120, message=_l("Use at most 120 characters."))


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class VersionedForm(FlaskForm):
    """A form that says which version of the request its page showed."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version; 0, which no request has, when it cannot be read."""
        return int_key(self.version.data) or 0


class RequestForm(VersionedForm):
    """Help for children: what for, for whom, how much, to whom."""

    fund = RadioField(_l("From which fund"), [DataRequired(_l("Choose a fund."))])
    need = SelectField(
        _l("For what"),
        choices=choices(Need, blank=_l("Choose")),
        validators=[DataRequired(_l("Choose what the help is for."))],
    )
    wanted = StringField(_l("Find children"), filters=[_stripped])
    lines = LinesField(_l("Children and amounts"))
    more_lines = CodeLinesField(_l("Children who are not in the list"), widget=TextArea())
    payee_kind = RadioField(
        _l("Who takes the money"),
        choices=choices(PayeeKind),
        validators=[DataRequired(_l("Choose who takes the money."))],
    )
    payee_name = StringField(
        _l("Name of the payee"),
        [DataRequired(_l("Enter the payee's full name, as in the bank book.")), _NAME_LENGTH],
        filters=[clean_text],
    )
    payout_method = RadioField(
        _l("How it is paid"),
        choices=choices(PayoutMethod),
        validators=[DataRequired(_l("Choose how the money is paid."))],
    )
    bank = SelectField(_l("Bank"), validate_choice=False)
    account_number = StringField(_l("Account or PromptPay number"), filters=[_stripped])
    reason = TextAreaField(
        _l("Why the help is needed"),
        [
            DataRequired(_l("Write why the help is needed.")),
            Length(max=2000, message=_l("Use at most 2,000 characters.")),
        ],
        filters=[_stripped],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = {bank.code: f"{localized(bank)} ({bank.symbol})" for bank in banks().values()}
        self.bank.choices = choices(listed, blank=_("Choose"))

    def validate_bank(self, field: SelectField) -> None:
        """A transfer needs a bank of the list."""
        if self.payout_method.data == PayoutMethod.TRANSFER and field.data not in banks():
            raise ValidationError(_("Choose the payee's bank."))

    def validate_account_number(self, field: StringField) -> None:
        """The number fits the way of paying; cash has none."""
        checks = {
            PayoutMethod.TRANSFER.value: check_account_number,
            PayoutMethod.PROMPTPAY.value: check_promptpay_number,
        }
        check = checks.get(self.payout_method.data)
        try:
            field.data = check(field.data or "") if check else ""
        except ValueError as error:
            raise ValidationError(_(str(error))) from error

    def draft(self, more: list[LineDraft]) -> RequestDraft:
        """What was asked for; ``more`` are the children who were typed by code."""
        return RequestDraft(
            fund_code=self.fund.data,
            need=Need(self.need.data),
            reason=self.reason.data or "",
            payee_kind=PayeeKind(self.payee_kind.data),
            payee_name=self.payee_name.data or "",
            payout_method=PayoutMethod(self.payout_method.data),
            account=self._account(),
            lines=[*self.lines.data, *more],
        )

    def _account(self) -> PayeeAccount | None:
        if self.payout_method.data == PayoutMethod.CASH:
            return None
        paid_by_promptpay = self.payout_method.data == PayoutMethod.PROMPTPAY
        return PayeeAccount(
            PROMPTPAY if paid_by_promptpay else self.bank.data, self.account_number.data or ""
        )


class DecisionForm(VersionedForm):
    """An approver's word; approving needs none."""

    reason = TextAreaField(_l("Reason"), [_REASON_LENGTH], filters=[_stripped])


class PayoutForm(VersionedForm):
    """What was paid, when, from where."""

    paid_on = DayField(_l("Day of payment"), [DayRequired(_l("Enter the day of payment."))])
    paid_from = SelectField(_l("Paid from"))
    bank_reference = StringField(
        _l("Reference of the bank"),
        [Length(max=60, message=_l("Use at most 60 characters."))],
        filters=[clean_text],
    )


class ProofForm(VersionedForm):
    """What the guardian or school says of the money."""

    outcome = RadioField(
        _l("The payee's answer"),
        choices=choices(ReceiptOutcome),
        validators=[DataRequired(_l("Choose what they say of the money."))],
    )
    confirmed_on = DayField(
        _l("Day of the answer"), [DayRequired(_l("Enter the day of the payee's answer."))]
    )
    confirmed_by = StringField(
        _l("Who said so"),
        [DataRequired(_l("Enter the name of who confirmed.")), _NAME_LENGTH],
        filters=[clean_text],
    )
    note = TextAreaField(_l("What went wrong"), [_REASON_LENGTH], filters=[_stripped])
    document = FileField(_l("Photograph or scan of the signed paper"))

    def validate_note(self, field: TextAreaField) -> None:
        """A problem is told."""
        if (
            self.outcome.data in {ReceiptOutcome.NOT_RECEIVED, ReceiptOutcome.PROBLEM}
            and not field.data
        ):
            raise ValidationError(_("Write what happened to the money."))

    def upload(self) -> bytes | None:
        """The bytes of the paper, if one was sent."""
        return self.document.data.read() if self.document.data else None
