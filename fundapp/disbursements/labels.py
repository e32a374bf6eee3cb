"""The rules of a fund, and vendors, as pages show them."""

import base64
from collections.abc import Collection, Mapping

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


def rules_rows(drafts: Collection[FundRulesDraft]) -> list[list[tuple[str, str]]]:
    """What each of the rules allows: label and text of the ages and of each aspect."""
    aspects = {aspect for draft in drafts for aspect, _value in draft.values}
    districts = _district_names() if RuleAspect.DISTRICT in aspects else {}
    return [_rules_rows(draft, districts) for draft in drafts]


def _rules_rows(draft: FundRulesDraft, districts: Mapping[str, str]) -> list[tuple[str, str]]:
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


def vendor_rows(
    versions: Collection[VendorVersion], viewer: Actor | None = None
) -> list[list[tuple[str, str]]]:
    """What is written of each of some vendors: label and text, of its numbers as much as the viewer
    may see.
    """
    districts = _district_names() if any(each.districts for each in versions) else {}
    warned = warnings_of(versions)
    return [
        _vendor_rows(each, viewer, districts, "; ".join(map(label, warned.get(each.id, ()))))
        for each in versions
    ]


def _vendor_rows(
    version: VendorVersion, viewer: Actor | None, districts: Mapping[str, str], warnings: str
) -> list[tuple[str, str]]:
    details = shown_details(version, viewer)
    bank = details.account.bank_code
    bank_text = "PromptPay" if bank == PROMPTPAY else localized(banks()[bank])
    supplied = ", ".join(districts.get(code, code) for code in details.districts)
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


def _district_names() -> dict[str, str]:
    return {each.code: localized(each) for each in list_districts()}


def _ages(first: int | None, last: int | None) -> str:
    if first is None and last is None:
        return _("all")
    if last is None:
        return _("from %(first)s years", first=first)
    if first is None:
        return _("up to %(last)s years", last=last)
    return _("%(first)s to %(last)s years", first=first, last=last)
