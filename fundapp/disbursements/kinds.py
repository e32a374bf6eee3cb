"""What of money out two people decide: the rules of help, and those of a fund."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.disbursements.drafts import FundRulesDraft, HelpRulesDraft
from fundapp.disbursements.fund_rules import check_fund_rules
from fundapp.disbursements.labels import draft_of_rules, rules_rows, vendor_rows
from fundapp.disbursements.models import RuleAspect
from fundapp.disbursements.operations.fund_rules import set_fund_rules
from fundapp.disbursements.operations.help_rules import set_help_rules
from fundapp.disbursements.operations.vendors import record_vendor
from fundapp.disbursements.queries.fund_rules import find_fund_rules
from fundapp.disbursements.queries.vendors import (
    VENDOR,
    find_vendor,
    get_vendor_version,
    vendor_versions_of,
    vendors_of,
)
from fundapp.disbursements.steps import check_help_rules
from fundapp.disbursements.vendor_reader import name_of
from fundapp.disbursements.vendors import check_vendor_version
from fundapp.errors import NotFoundError
from fundapp.ledger.kinds.values import OfAFund
from fundapp.ledger.queries import get_fund
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.proposals.models import Proposal, Values
from fundapp.proposals.registry import ProposalKind, Row
from fundapp.web.filters import day

HELP_RULES = "help-rules"
FUND_RULES = "fund-rules"


class HelpRulesKind(ProposalKind):
    """Administrators propose and confirm: those who ask, decide and pay do not set the rules."""

    name = HELP_RULES
    title = N_("Approval bands and caps")
    propose: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.HELP_RULES_SET

    def read(self, subject: str) -> Values:
        """Nothing: rules are new ones, by the day on which they begin."""
        return {}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """Their day, bands and caps fit."""
        check_help_rules(_draft(subject, after))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Record them."""
        set_help_rules(_draft(proposal.subject, proposal.after), proposal, actor=actor)

    def subject_label(self, subject: str) -> str:
        """The day on which they begin."""
        return _("From %(day)s", day=day(date.fromisoformat(subject)))

    def rows(self, values: Values) -> list[Row]:
        """Each band and each cap."""
        if not values:
            return []
        rows = [
            (
                _("From %(baht)s baht", baht=format_baht(satang)),
                _("%(count)s people approve", count=approvers),
            )
            for satang, approvers in values["bands"]
        ]
        caps = [
            (_("Cap of a child in a fiscal year (baht)"), values["child_cap"]),
            (_("Cap of a household in a fiscal year (baht)"), values["household_cap"]),
        ]
        return rows + [
            (label, _("none") if cap is None else format_baht(cap)) for label, cap in caps
        ]


def help_rules_values(draft: HelpRulesDraft) -> Mapping[str, Any]:
    """Rules as proposals write them."""
    return {
        "bands": [list(band) for band in draft.bands],
        "child_cap": draft.child_cap_satang,
        "household_cap": draft.household_cap_satang,
    }


def _draft(starts_on: str, values: Values) -> HelpRulesDraft:
    return HelpRulesDraft(
        starts_on=date.fromisoformat(starts_on),
        bands=tuple((satang, approvers) for satang, approvers in values["bands"]),
        child_cap_satang=values["child_cap"],
        household_cap_satang=values["household_cap"],
    )


class FundRulesKind(OfAFund):
    """The same two administrators decide whom a fund may help, and with what."""

    name = FUND_RULES
    title = N_("Whom the fund helps")
    propose: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.HELP_RULES_SET

    def read(self, subject: str) -> Values:
        """The rules that count today; nothing where there are none."""
        rules = find_fund_rules(get_fund(subject).code, clock.today())
        return fund_rules_values(draft_of_rules(rules)) if rules else {}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """Their day, ages and values fit."""
        check_fund_rules(_fund_draft(subject, after))

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Record them."""
        set_fund_rules(_fund_draft(proposal.subject, proposal.after), proposal, actor=actor)

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """The first day, the ages, and what is allowed."""
        drafts = {index: _fund_draft("", values) for index, values in enumerate(many) if values}
        rows: list[list[Row]] = [[] for _values in many]
        for (index, draft), allowed in zip(
            drafts.items(), rules_rows(drafts.values()), strict=True
        ):
            rows[index] = [(_("First day"), day(draft.starts_on)), *allowed]
        return rows


def fund_rules_values(draft: FundRulesDraft) -> dict[str, Any]:
    """Rules of a fund as proposals write them."""
    return {
        "starts_on": draft.starts_on.isoformat(),
        "age_from": draft.age_from,
        "age_to": draft.age_to,
        "values": [[str(aspect), value] for aspect, value in draft.values],
    }


def _fund_draft(fund_code: str, values: Values) -> FundRulesDraft:
    return FundRulesDraft(
        fund_code=fund_code,
        starts_on=date.fromisoformat(values["starts_on"]),
        age_from=values["age_from"],
        age_to=values["age_to"],
        values=tuple((RuleAspect(aspect), value) for aspect, value in values["values"]),
    )


class VendorProposalKind(ProposalKind):
    """Officers and administrators propose a vendor; administrators, who move no money, confirm. The
    values name what was written of it, which is encrypted; its numbers are on the page of that.
    """

    name = VENDOR
    title = N_("Vendor")
    propose: ClassVar[Permission] = Permission.HOUSE_PROPOSE
    confirm: ClassVar[Permission] = Permission.HOUSE_CONFIRM
    applies_with: ClassVar[Permission] = Permission.VENDOR_KEEP

    def read(self, subject: str) -> Values:
        """What counts now; nothing of a new one."""
        vendor = find_vendor(subject)
        return {"version": vendor.version.public_id} if vendor else {}

    def check(self, subject: str, after: Values, *, actor: Actor) -> None:
        """It is of this vendor, and no other one has its tax id."""
        version = get_vendor_version(after["version"])
        if version.vendor_ref != subject:
            raise NotFoundError
        check_vendor_version(version)

    def apply(self, proposal: Proposal, *, actor: Actor) -> None:
        """Let it count."""
        record_vendor(proposal, actor=actor)

    def subject_labels(self, subjects: Collection[str]) -> Mapping[str, str]:
        """Its name; of a new one what it is."""
        names = {ref: name_of(vendor.version) for ref, vendor in vendors_of(subjects).items()}
        return {subject: names.get(subject, _("New vendor")) for subject in subjects}

    def rows_of(self, many: Sequence[Values]) -> list[list[Row]]:
        """What is written of it, of its numbers the last digits."""
        versions = vendor_versions_of(values["version"] for values in many if values)
        rows = dict(zip(versions, vendor_rows(versions.values()), strict=True))
        return [rows.get(values["version"], []) if values else [] for values in many]

    def links(self, values: Values) -> list[Row]:
        """The page with the whole numbers."""
        if not values:
            return []
        version = values["version"]
        address = url_for("disbursements.vendor_version", version_id=version)
        return [(_("Compare all numbers"), address)]


KINDS = (HelpRulesKind(), FundRulesKind(), VendorProposalKind())
