"""The rules of a fund as pages show them."""

from flask_babel import gettext as _

from fundapp.disbursements.drafts import FundRulesDraft
from fundapp.disbursements.models import LISTS, FundRules, RuleAspect
from fundapp.places.queries import list_districts
from fundapp.web.filters import label
from fundapp.web.locale import localized


def draft_of_rules(rules: FundRules) -> FundRulesDraft:
    """The rules as plain values."""
    return FundRulesDraft(
        fund_code=rules.fund_code,
        starts_on=rules.starts_on,
        age_from=rules.age_from,
        age_to=rules.age_to,
        values=tuple((each.aspect, each.value) for each in rules.values),
    )


def rules_rows(draft: FundRulesDraft) -> list[tuple[str, str]]:
    """What the rules allow: label and text of the ages and of each aspect."""
    districts = {each.code: localized(each) for each in list_districts()}
    rows = [(_("Ages"), _ages(draft.age_from, draft.age_to))]
    for aspect in RuleAspect:
        values = [value for of, value in draft.values if of is aspect]
        names = [
            districts.get(value, value)
            if aspect is RuleAspect.DISTRICT
            else label(LISTS[aspect](value))
            for value in values
        ]
        if names or aspect is not RuleAspect.ZAKAT:
            rows.append((label(aspect), ", ".join(names) or _("all")))
    return rows


def _ages(first: int | None, last: int | None) -> str:
    if first is None and last is None:
        return _("all")
    if last is None:
        return _("from %(first)s years", first=first)
    if first is None:
        return _("up to %(last)s years", last=last)
    return _("%(first)s to %(last)s years", first=first, last=last)
