"""The form of the rules of a fund."""

from typing import Any

from fundapp.children.casework.models import ENTITLED
from fundapp.children.models import TargetGroup
from fundapp.clock import today
from fundapp.disbursements.drafts import FundRulesDraft
from fundapp.disbursements.models import OLDEST_AGE, FundRules, Need, RuleAspect
from fundapp.ledger.models import Fund, Restriction
from fundapp.places.queries import list_districts
from fundapp.web.forms import BaseForm, CheckboxesField, DayField, NumberField, choices
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized


class FundRulesForm(BaseForm):
    """Ages and what is allowed of each aspect, from a day on."""

    starts_on = DayField(_l("First day"), required=_l("Write the day on which they begin."))
    age_from = NumberField(_l("From age (years)"), most=OLDEST_AGE)
    age_to = NumberField(_l("Up to age (years)"), most=OLDEST_AGE)
    group = CheckboxesField(_l("Target groups"))
    district = CheckboxesField(_l("Districts"))
    need = CheckboxesField(_l("Needs"))
    zakat = CheckboxesField(_l("Zakat groups"))

    def __init__(self, fund: Fund, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fund_code = fund.code
        self.is_zakat = fund.restriction is Restriction.ZAKAT
        self.group.choices = choices(TargetGroup)
        self.district.choices = choices({each.code: localized(each) for each in list_districts()})
        self.need.choices = choices(Need)
        self.zakat.choices = choices(ENTITLED) if self.is_zakat else []

    def fill(self, rules: FundRules | None) -> "FundRulesForm":
        """Start from the rules that count now."""
        self.starts_on.data = today()
        for aspect in RuleAspect:
            self._fields[aspect].data = rules.allowed(aspect) if rules else []
        if rules is not None:
            self.age_from.data, self.age_to.data = rules.age_from, rules.age_to
        return self

    def draft(self) -> FundRulesDraft:
        """The rules, as the form states them; only after validation."""
        values = [
            (aspect, value) for aspect in RuleAspect for value in self._fields[aspect].data or ()
        ]
        return FundRulesDraft(
            fund_code=self.fund_code,
            starts_on=self.starts_on.value,
            age_from=self.age_from.data,
            age_to=self.age_to.data,
            values=tuple(dict.fromkeys(values)),
        )
