"""The form of the rules of help."""

from typing import Any

from fundapp.disbursements.drafts import HelpRulesDraft
from fundapp.disbursements.errors import BandsError
from fundapp.disbursements.models import MOST_APPROVERS, MOST_BANDS, HelpRules
from fundapp.web.forms import BaseForm, DayField, MoneyField, NumberField
from fundapp.web.lazy import lazy as _l

BANDS = range(1, MOST_BANDS + 1)


class HelpRulesForm(BaseForm):
    """Bands of approval and caps, from a day on."""

    starts_on = DayField(_l("First day"), required=_l("Write the day on which they begin."))
    child_cap = MoneyField(
        _l("Cap of a child in a fiscal year (baht)"),
        required=None,
        description=_l("Empty: no cap."),
    )
    household_cap = MoneyField(
        _l("Cap of a household in a fiscal year (baht)"),
        required=None,
        description=_l("All children of one guardian together. Empty: no cap."),
    )

    @property
    def bands(self) -> list[tuple[Any, Any]]:
        """The fields of each band: from which amount on, and how many people approve."""
        return [(self[f"from_{number}"], self[f"approvers_{number}"]) for number in BANDS]

    def draft(self) -> HelpRulesDraft:
        """What was typed; bands without anything are left out. Raises BandsError for half a band,
        at its field.
        """
        bands = []
        for satang, approvers in self.bands:
            if (satang.data is None) != (approvers.data is None):
                raise BandsError(field=satang.name)
            if satang.data is not None:
                bands.append((satang.data, approvers.data))
        return HelpRulesDraft(
            starts_on=self.starts_on.value,
            bands=tuple(bands),
            child_cap_satang=self.child_cap.data,
            household_cap_satang=self.household_cap.data,
        )


for _number in BANDS:
    setattr(
        HelpRulesForm,
        f"from_{_number}",
        MoneyField(_l("From this amount on (baht)"), required=None),
    )
    setattr(
        HelpRulesForm,
        f"approvers_{_number}",
        NumberField(_l("People who approve"), most=MOST_APPROVERS),
    )


def filled_with(rules: HelpRules | None) -> HelpRulesForm:
    """The form with what counts now."""
    values: dict[str, Any] = {}
    if rules is not None:
        values |= {"child_cap": rules.child_cap_satang, "household_cap": rules.household_cap_satang}
        for band in rules.bands:
            values[f"from_{band.number}"] = band.from_satang
            values[f"approvers_{band.number}"] = band.approvers
    return HelpRulesForm(formdata=None, data=values)
