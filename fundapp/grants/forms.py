"""The forms of grants and of their parts."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext

from fundapp.documents.forms import PaperField
from fundapp.giving.models import Donor
from fundapp.grants.drafts import (
    ConditionDraft,
    GrantDraft,
    GrantLineDraft,
    InstalmentDraft,
    PartDraft,
    ReportDraft,
)
from fundapp.grants.models import (
    GrantLine,
    GrantStatus,
    LineRule,
    ReceivedGrant,
    ReportReturnReason,
)
from fundapp.ledger.models import Account, Fund
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    DayField,
    FilterForm,
    LongTextField,
    MoneyField,
    RadioChoiceField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_DAY = _l("Enter a day, for example 1/10/2569 or 1/10/2026.")


class GrantFilter(FilterForm):
    """Grants of one state."""

    status = ChoiceField(_l("State"), GrantStatus, blank=_l("All"), default="")


class GrantForm(BaseForm):
    """What an agreement says."""

    donor: ChoiceField[Any] = ChoiceField(
        _l("Grantor"),
        required=_l("Choose the grantor."),
        description=_l("A company, public agency, mosque or school among the donors."),
    )
    fund: ChoiceField[Any] = ChoiceField(
        _l("Fund"),
        required=_l("Choose the fund."),
        description=_l("Help of this fund is charged to the grant while it runs."),
    )
    number = TextField(
        _l("Number of the agreement"), longest=60, required=_l("Write the number of the agreement.")
    )
    title = TextField(_l("What it is for"), longest=200, required=_l("Write what it is for."))
    signed_on = DayField(_l("Signed on"), required=_DAY)
    starts_on = DayField(_l("First day"), required=_DAY)
    ends_on = DayField(_l("Last day"), required=_DAY)
    total = MoneyField(_l("Amount of the grant"))
    paper = PaperField(_l("Signed agreement"))

    def offer(self, donors: Sequence[Donor], funds: Sequence[Fund]) -> None:
        """Set the grantors and funds to choose from."""
        blank = str(_l("Choose"))
        names = {donor.public_id: donor.name for donor in donors}
        self.donor.choices = choices(names, blank=blank)
        self.fund.choices = choices({fund.code: localized(fund) for fund in funds}, blank=blank)

    @property
    def draft(self) -> GrantDraft:
        """What was typed."""
        return GrantDraft(
            self.donor.data,
            self.fund.data,
            self.number.data,
            self.title.data,
            self.signed_on.value,
            self.starts_on.value,
            self.ends_on.value,
            self.total.value,
        )

    @staticmethod
    def data_of(grant: ReceivedGrant) -> Mapping[str, Any]:
        """The fields for a grant."""
        return {
            "donor": grant.donor.public_id,
            "fund": grant.fund_code,
            "number": grant.number,
            "title": grant.title,
            "signed_on": grant.signed_on,
            "starts_on": grant.starts_on,
            "ends_on": grant.ends_on,
            "total": grant.total_satang,
        }


class GrantLineForm(BaseForm):
    """A budget line."""

    account: ChoiceField[Any] = ChoiceField(
        _l("Kind of expense"), required=_l("Choose the kind of expense.")
    )
    fiscal_year: ChoiceField[Any] = ChoiceField(
        _l("Fiscal year"), required=_l("Choose the fiscal year.")
    )
    amount = MoneyField(_l("Amount"))
    rule = RadioChoiceField(
        _l("When help takes more than is left"),
        LineRule,
        required=_l("Choose what happens then."),
        default=str(LineRule.WARN),
    )

    def offer(self, accounts: Sequence[Account], years: Sequence[int]) -> None:
        """Set the expenses and fiscal years to choose from."""
        names = {account.code: f"{account.code} {localized(account)}" for account in accounts}
        self.account.choices = choices(names, blank=str(_l("Choose")))
        self.fiscal_year.choices = choices({str(year): str(year) for year in years})

    @property
    def draft(self) -> PartDraft:
        """What was typed."""
        return GrantLineDraft(
            self.account.data, int(self.fiscal_year.data), self.amount.value, self.rule.value
        )


class InstalmentForm(BaseForm):
    """Money that is expected."""

    due_on = DayField(_l("Due on"), required=_DAY)
    amount = MoneyField(_l("Amount"))
    condition = TextField(
        _l("What it depends on"),
        longest=300,
        description=_l("For example: after the first report."),
    )

    @property
    def draft(self) -> PartDraft:
        """What was typed."""
        return InstalmentDraft(self.due_on.value, self.amount.value, self.condition.data)


class ConditionForm(BaseForm):
    """Something that the agreement asks."""

    due_on = DayField(_l("By the day"), required=_DAY)
    text = LongTextField(
        _l("What the agreement asks"),
        longest=500,
        required=_l("Write what the agreement asks."),
        description=_l("No names of children or families."),
    )

    @property
    def draft(self) -> PartDraft:
        """What was typed."""
        return ConditionDraft(self.due_on.value, self.text.data)


class ReportForm(BaseForm):
    """A report that is owed."""

    from_on = DayField(_l("About the days from"), required=_DAY)
    to_on = DayField(_l("to"), required=_DAY)
    due_on = DayField(_l("Due on"), required=_DAY)

    @property
    def draft(self) -> PartDraft:
        """What was typed."""
        return ReportDraft(self.from_on.value, self.to_on.value, self.due_on.value)


#: The form of a part.
PartForm = GrantLineForm | InstalmentForm | ConditionForm | ReportForm
#: The forms of the parts, as their addresses name them.
PART_FORMS: dict[str, type[PartForm]] = {
    "lines": GrantLineForm,
    "instalments": InstalmentForm,
    "conditions": ConditionForm,
    "reports": ReportForm,
}


class MeetForm(BaseForm):
    """A condition is met."""

    met_on = DayField(_l("Met on"), required=_DAY)
    paper = PaperField(_l("Evidence"), required=_l("Send the evidence as a picture or PDF."))


class SendForm(BaseForm):
    """A report was sent."""

    sent_on = DayField(_l("Sent on"), required=_DAY)
    paper = PaperField(
        _l("The report as it was sent"), required=_l("Send the report as a picture or PDF.")
    )


class ReportReturnForm(BaseForm):
    """A report came back."""

    reason = RadioChoiceField(
        _l("Why"), ReportReturnReason, required=_l("Choose why it came back.")
    )


class EndForm(BaseForm):
    """A grant ends before its last day."""

    ended_on = DayField(_l("Last day on which help is charged to it"), required=_DAY)


class AmendmentForm(BaseForm):
    """What an amendment says; `amendment_form` adds an amount for each budget line that there is,
    called ``amount_5120_2570``.
    """

    signed_on = DayField(_l("Amendment signed on"), required=_DAY)
    ends_on = DayField(_l("Last day"), required=_DAY)
    account: ChoiceField[Any] = ChoiceField(_l("Kind of expense"), default="")
    fiscal_year: ChoiceField[Any] = ChoiceField(_l("Fiscal year"), default="")
    amount = MoneyField(_l("Budget"), required=None)
    rule = RadioChoiceField(_l("When overspent"), LineRule, default=LineRule.WARN)
    paper = PaperField(
        _l("Signed amendment"), required=_l("Send the signed amendment as a picture or PDF.")
    )

    def offer(self, accounts: Sequence[Account], years: Sequence[int]) -> None:
        """Set what a further line can be of."""
        blank = str(_l("No further line"))
        names = {each.code: f"{each.code} {localized(each)}" for each in accounts}
        self.account.choices = choices(names, blank=blank)
        self.fiscal_year.choices = choices({str(year): str(year) for year in years}, blank="–")

    def validate(self, extra_validators: Any = None) -> bool:
        """A further line is written whole, or not at all."""
        is_valid: bool = super().validate(extra_validators)
        written = (bool(self.account.data), bool(self.fiscal_year.data), bool(self.amount.data))
        if is_valid and any(written) and not all(written):
            sentence = _l("Choose kind of expense and fiscal year, and write the budget.")
            self.account.errors = [*self.account.errors, str(sentence)]
            return False
        return is_valid

    def amounts(self, lines: Sequence[GrantLine]) -> list[GrantLineDraft]:
        """Every line as it is from then on."""
        drafts = [
            GrantLineDraft(
                line.account_code,
                line.fiscal_year,
                self[line_field(line)].value,
                line.rule,
            )
            for line in lines
        ]
        if self.account.data:
            year = int(self.fiscal_year.data)
            rule = self.rule.member or LineRule.WARN
            drafts.append(GrantLineDraft(self.account.data, year, self.amount.value, rule))
        return drafts


def line_field(line: GrantLine) -> str:
    """What the form of an amendment calls the amount of a line."""
    return f"amount_{line.account_code}_{line.fiscal_year}"


def amendment_form(lines: Sequence[GrantLine], names: Mapping[str, str]) -> type[AmendmentForm]:
    """The form with an amount for each of these lines."""
    fields = {
        line_field(line): MoneyField(
            gettext(
                "%(account)s, fiscal year %(year)s",
                account=names.get(line.account_code, line.account_code),
                year=line.fiscal_year,
            )
        )
        for line in lines
    }
    return type("GrantAmendmentForm", (AmendmentForm,), fields)
