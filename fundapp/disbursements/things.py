"""What the trail calls requests for help, and the rules of help."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.models import DisbursementRequest, ReceiptOutcome, Vendor
from fundapp.disbursements.operations.fund_rules import FUND_RULES_SOURCE
from fundapp.disbursements.operations.help_rules import RULES_SOURCE
from fundapp.disbursements.queries.vendors import VENDOR
from fundapp.ledger.queries import list_funds
from fundapp.markers import N_
from fundapp.trail.models import AuditEvent
from fundapp.trail.queries import rows_by
from fundapp.trail.registry import Thing, ThingKind
from fundapp.web.filters import day, label
from fundapp.web.locale import localized

_ID, _NUMBER = DisbursementRequest.public_id, DisbursementRequest.number


class RequestThing(ThingKind):
    """A request, by its number."""

    name = SOURCE_TYPE
    label = N_("Request for help")
    endpoint = "disbursements.show"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        rows = rows_by(select(_ID, _NUMBER), _ID, refs)
        return {public_id: Thing(number, public_id) for public_id, number in rows}

    def search(self, text: str) -> Collection[str]:
        """By number."""
        found = [public_id for (public_id,) in rows_by(select(_ID), _NUMBER, [text.upper()])]
        return found or [text]

    def note(self, event: AuditEvent) -> str:
        """What the guardian or school says of the money."""
        outcomes = set(ReceiptOutcome)
        return label(ReceiptOutcome(event.note)) if event.note in outcomes else event.note


class FundRulesThing(ThingKind):
    """Rules of a fund, by the fund."""

    name = FUND_RULES_SOURCE
    label = N_("Whom the fund helps")
    endpoint = "disbursements.fund_rules"
    argument = "code"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """The names of the funds."""
        funds = {fund.code: fund for fund in list_funds()}
        return {ref: Thing(localized(funds[ref]), ref) for ref in refs if ref in funds}


class HelpRulesThing(ThingKind):
    """Rules of help; the trail has the day on which they begin."""

    name = RULES_SOURCE
    label = N_("Approval bands and caps")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """That day."""
        return {ref: Thing(day(date.fromisoformat(ref))) for ref in refs}


class VendorThing(ThingKind):
    """A vendor, by its number: its name stands encrypted in the register."""

    name = VENDOR
    label = N_("Vendor")
    endpoint = "disbursements.vendor"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        may_read = viewer.can(Permission.VENDOR_READ)
        rows = rows_by(select(Vendor), Vendor.public_id, refs)
        return {
            each.public_id: Thing(each.number, each.public_id if may_read else "")
            for (each,) in rows
        }


THINGS = (RequestThing(), HelpRulesThing(), FundRulesThing(), VendorThing())
