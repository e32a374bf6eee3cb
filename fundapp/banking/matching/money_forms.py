"""The forms of deposits of cash, of the list of those for whom a line was sent, and of shares of
help that came back.
"""

from collections.abc import Sequence

from flask import request
from flask_babel import gettext
from wtforms import ValidationError

from fundapp import clock
from fundapp.banking.matching.drafts import CashDeposit
from fundapp.banking.matching.forms import LineForm
from fundapp.banking.queries.money_accounts import MoneyAccount
from fundapp.disbursements.forms import ChildCodesField
from fundapp.giving.gift_batches.forms import GiverListForm
from fundapp.labels import LabelledEnum
from fundapp.ledger.chart import is_bank_account, is_cash_box
from fundapp.ledger.models import Fund
from fundapp.money import format_baht
from fundapp.thai.folding import fold_signs
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    LongTextField,
    MoneyDayField,
    MoneyField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized


class DepositForm(BaseForm):
    """Cash of one or several funds, paid into a bank account; a field for each fund of each box, of
    which the page shows those that hold some.

    The fields are named for the cash box and the fund: ``part-1110-GENERAL``.
    """

    to_account = ChoiceField[LabelledEnum](
        _l("Paid into"), default="", required=_l("Choose the bank account.")
    )
    moved_on = MoneyDayField(
        _l("Day"), default=clock.today, required=_l("Enter a date, for example 24/11/2569.")
    )
    slip = TextField(_l("Number of the deposit slip"), longest=60)

    def __init__(self, accounts: Sequence[MoneyAccount]) -> None:
        super().__init__()
        self.to_account.choices = choices(
            {
                row.account.code: f"{row.account.code} {localized(row.account)}"
                for row in accounts
                if is_bank_account(row.account.code)
            },
            blank=_l("Choose one"),
        )
        self.parts: dict[tuple[str, str], MoneyField] = {}
        self.shown_parts: list[MoneyField] = []
        for row in accounts:
            if is_cash_box(row.account.code):
                for share in row.shares:
                    self._add_part(row.account.code, share.fund, share.satang)

    def _add_part(self, account_code: str, fund: Fund, held_satang: int) -> None:
        """A field for what a fund has in a cash box."""
        name = f"part-{account_code}-{fund.code}"
        label = gettext(
            "%(fund)s, in %(account)s: %(held)s baht",
            fund=localized(fund),
            account=account_code,
            held=format_baht(held_satang),
        )
        field = MoneyField(label, allow_zero=True, required=None).bind(form=self, name=name)
        field.process(request.form if self.is_submitted() else None)
        self._fields[name] = self.parts[account_code, fund.code] = field
        if held_satang > 0 or any(field.raw_data or ()):
            self.shown_parts.append(field)

    def validate_to_account(self, field: ChoiceField[LabelledEnum]) -> None:
        """Cash of one box is paid in at a time."""
        boxes = {code for (code, _fund), part in self.parts.items() if part.data}
        if not boxes:
            raise ValidationError(gettext("Write how much is paid in, of one fund at least."))
        if len(boxes) > 1:
            raise ValidationError(
                gettext("Pay in the cash of one cash box at a time: each is a deposit of its own.")
            )

    @property
    def deposit(self) -> CashDeposit:
        """What was typed; only after validation."""
        filled = {key: part.data for key, part in self.parts.items() if part.data}
        [from_account] = {code for code, _fund in filled}
        return CashDeposit(
            from_account,
            self.to_account.data,
            {fund: satang for (_code, fund), satang in filled.items()},
            self.moved_on.value,
        )


class LineGiversForm(GiverListForm):
    """The list of those for whom a line was sent, and the fund that it is for."""

    fund = ChoiceField[LabelledEnum](
        _l("Fund"), default="", required=_l("Choose the fund that this money is for.")
    )

    def __init__(self, funds: Sequence[Fund]) -> None:
        super().__init__()
        self.fund.choices = choices(
            {fund.code: localized(fund) for fund in funds}, blank=_l("Choose one")
        )


class LineShareForm(LineForm):
    """A line of money in that is the shares of some children, which a payee gave back."""

    voucher = TextField(
        _l("Voucher of the payment"), longest=40, required=_l("Enter the number of the voucher.")
    )
    codes = ChildCodesField(
        _l("Codes of the children"), required=_l("Enter the code of each child whose share it is.")
    )
    reason = LongTextField(_l("Reason"))

    @property
    def voucher_number(self) -> str:
        """The number as it is stored."""
        return fold_signs(self.voucher.data or "").upper()
