"""The rules of a fund, and vendors, as pages show them."""

import base64

from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.disbursements.drafts import FundRulesDraft
from fundapp.disbursements.models import LISTS, FundRules, RuleAspect, VendorVersion
from fundapp.disbursements.vendor_reader import shown_details, warnings_of
from fundapp.places.queries import list_districts
from fundapp.thai.banks import PROMPTPAY, banks
from fundapp.web.filters import label, moment
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
    named = any(aspect is RuleAspect.DISTRICT for aspect, _value in draft.values)
    districts = {each.code: localized(each) for each in list_districts()} if named else {}
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


def vendor_rows(version: VendorVersion, viewer: Actor | None = None) -> list[tuple[str, str]]:
    """What is written of a vendor: label and text, of its numbers as much as the viewer may see."""
    details = shown_details(version, viewer)
    bank = details.account.bank_code
    bank_text = "PromptPay" if bank == PROMPTPAY else localized(banks()[bank])
    districts = {each.code: localized(each) for each in list_districts()}
    supplied = ", ".join(districts.get(code, code) for code in details.districts)
    warnings = "; ".join(map(label, warnings_of(version)))
    rows = [
        (_("Name"), details.name),
        (_("Kind"), label(details.kind)),
        (_("Tax number"), details.tax_id),
        (_("Address"), details.address),
        (_("Telephone"), details.phone or _("not known")),
        (_("Account"), f"{bank_text} {details.account.number}"),
        # Two accounts of the same last digits have different codes.
        (_("Code of the account"), base64.b32encode(version.account_lookup[:5]).decode()),
        (_("Name of the account"), details.account_name),
        (_("Districts that it supplies"), supplied or _("the whole province")),
        (_("State"), label(details.ended) if details.ended else _("Open")),
        (_("Written"), f"{moment(version.written_at)}, {version.writer.display_name}"),
        (_("Warning"), warnings),
    ]
    return [row for row in rows if row[1]]


def _ages(first: int | None, last: int | None) -> str:
    if first is None and last is None:
        return _("all")
    if last is None:
        return _("from %(first)s years", first=first)
    if first is None:
        return _("up to %(last)s years", last=last)
    return _("%(first)s to %(last)s years", first=first, last=last)
