"""The forms of advances."""

from collections.abc import Mapping, Sequence
from typing import Any

from fundapp.advances.drafts import AdvanceDraft
from fundapp.advances.models import AdvanceKind, AdvancePurpose
from fundapp.documents.forms import PaperField
from fundapp.identity.models import User
from fundapp.ledger.models import AccountUse, Fund
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    DayField,
    MoneyField,
    RadioChoiceField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized


class AdvanceForm(BaseForm):
    """Cash that somebody is to be given."""

    holder: ChoiceField[Any] = ChoiceField(
        _l("Who gets the cash"), required=_l("Choose a person of the staff.")
    )
    kind = RadioChoiceField(_l("Kind"), AdvanceKind, required=_l("Choose what it is."))
    amount = MoneyField(_l("Amount"))
    fund: ChoiceField[Any] = ChoiceField(
        _l("Of the fund"),
        required=_l("Choose the fund."),
        description=_l("An unrestricted fund only."),
    )
    account: ChoiceField[Any] = ChoiceField(
        _l("Out of the cash box"), required=_l("Choose the cash box.")
    )
    purpose = RadioChoiceField(
        _l("Spent on"), AdvancePurpose, required=_l("Choose what it is spent on.")
    )
    due_on = DayField(
        _l("Clearing date"),
        required=_l("Write the day by which it is cleared."),
        description=_l("Within 30 days: by then papers or the money are back."),
    )

    def offer(
        self, people: Sequence[User], funds: Sequence[Fund], names: Mapping[str, str]
    ) -> None:
        """Set whom, which fund and which cash box to choose from."""
        persons = {person.public_id: person.display_name for person in people}
        self.holder.choices = choices(persons, blank=str(_l("Choose")))
        named = {fund.code: localized(fund) for fund in funds}
        self.fund.choices = choices(named, blank=str(_l("Choose")))
        codes = sorted({code for fund in funds for code in fund.account_codes(AccountUse.CASH)})
        accounts = {code: names.get(code, code) for code in codes}
        self.account.choices = choices(accounts, blank=str(_l("Choose")))

    @property
    def draft(self) -> AdvanceDraft:
        """What was typed."""
        return AdvanceDraft(
            fund_code=self.fund.data,
            holder=self.holder.data,
            account_code=self.account.data,
            satang=self.amount.value,
            kind=self.kind.value,
            purpose=self.purpose.value,
            due_on=self.due_on.value,
        )


class ClearingForm(BaseForm):
    """What was spent of an advance."""

    spent = MoneyField(
        _l("Spent"),
        allow_zero=True,
        description=_l("0 when all of it is paid back. The rest goes back into the cash box."),
    )
    paper = PaperField(
        _l("Receipts of what was spent"),
        required=None,
        description=_l("As one picture or PDF. Needed for what was spent."),
    )
