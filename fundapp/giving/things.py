"""What the trail calls donors, pledges, payments, receipts and payouts of the card processor."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.access.current import current_actor
from fundapp.access.permissions import Permission
from fundapp.giving.models import (
    BoxStatus,
    Campaign,
    CashCount,
    Donor,
    DonorImport,
    Frequency,
    GiftBatch,
    GiftInKind,
    Instalment,
    Payment,
    Pledge,
    ProcessorPayout,
    Receipt,
    ReturnReason,
)
from fundapp.identity.queries import names_of
from fundapp.markers import N_
from fundapp.paging import int_key
from fundapp.trail.models import AuditEvent
from fundapp.trail.queries import rows_by
from fundapp.trail.registry import Thing, ThingKind
from fundapp.web.filters import day, label, moment

_RECEIPTS = select(Payment.public_id, Receipt.fiscal_year, Receipt.number).join(
    Receipt, Receipt.payment_id == Payment.id
)
#: A payment is known by its newest receipt.
_NEWEST = _RECEIPTS.order_by(Receipt.id)
#: A pledge is known by the reference of its first instalment.
_FIRST = (
    select(Pledge.id, Instalment.reference, Donor.public_id)
    .join(Instalment, Instalment.pledge_id == Pledge.id)
    .join(Donor, Donor.id == Pledge.donor_id)
    .where(Instalment.number == 1)
)


#: Events whose note is the public id of the other donor.
_OF_MERGES = ("giving:donor:merge", "giving:donor:part")


class DonorThing(ThingKind):
    """A donor, by name where the viewer may know donors."""

    name = "donor"
    label = N_("Donor")
    endpoint = "giving.donor"
    fields = {"kind": N_("Kind of donor"), "tags": N_("Tags")}

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their names; to others than those who may know donors only that there is one."""
        if not viewer.can(Permission.DONOR_READ):
            return {ref: Thing(_("Name not shown to your role")) for ref in refs}
        rows = rows_by(select(Donor.public_id, Donor.name), Donor.public_id, refs)
        unnamed = _("Without a name")
        return {public_id: Thing(name or unnamed, public_id) for public_id, name in rows}

    def notes(self, events: Sequence[AuditEvent]) -> Mapping[int, str]:
        """With whose account the donor was connected; with which donor it was merged, by name where
        the viewer may know donors.
        """
        merges = [event.note for event in events if event.action in _OF_MERGES and event.note]
        names: dict[str, str] = {}
        if merges:
            donors = self.find(merges, current_actor())
            names = {ref: thing.name for ref, thing in donors.items()}
        names |= names_of(event.note for event in events if event.note)
        return {event.id: names.get(event.note, event.note) for event in events if event.note}


class PaymentThing(ThingKind):
    """A payment, by the number of its receipt."""

    name = "payment"
    label = N_("Payment")
    endpoint = "giving.payment"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Receipt 2570-000123."""
        return {
            public_id: Thing(_("Receipt %(number)s", number=f"{year}-{number:06d}"), public_id)
            for public_id, year, number in rows_by(_NEWEST, Payment.public_id, refs)
        }

    def search(self, text: str) -> Collection[str]:
        """By the number of the receipt."""
        return [*_payments_of([text]).values()] or [text]

    def note(self, event: AuditEvent) -> str:
        """Why the bank took it back."""
        reasons = set(ReturnReason)
        return label(ReturnReason(event.note)) if event.note in reasons else event.note


class ReceiptThing(ThingKind):
    """A receipt, by its number; shown with its payment."""

    name = "receipt"
    label = N_("Receipt")
    endpoint = "giving.payment"
    fields = {"e_donation_number": N_("Number in e-Donation")}

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        payments = _payments_of(refs)
        return {ref: Thing(ref, payments.get(ref, "")) for ref in refs}

    def note(self, event: AuditEvent) -> str:
        """Why it was made void; which receipt it replaces; the how-manieth print it was."""
        return _(event.note) if event.action == "giving:receipt:void" else event.note


class PledgeThing(ThingKind):
    """A pledge, by the reference of its first instalment; shown with its donor, because who knows
    its own address can change it.
    """

    name = "pledge"
    label = N_("Pledge")
    endpoint = "giving.donor"
    fields = {
        "amount": N_("Amount (baht)"),
        "starts_on": N_("First day"),
        "frequency": N_("How often"),
        "instalments": N_("How many times"),
        "written_off": N_("Written off (baht)"),
        "due_on": N_("Due date"),
    }

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their references."""
        ids = [row_id for ref in refs if (row_id := int_key(ref)) is not None]
        return {
            str(row_id): Thing(reference, donor)
            for row_id, reference, donor in rows_by(_FIRST, Pledge.id, ids)
        }

    def search(self, text: str) -> Collection[str]:
        """By the reference of any of its instalments."""
        pledges = select(Instalment.pledge_id)
        found = rows_by(pledges, Instalment.reference, [text.upper().replace(" ", "")])
        return [str(row_id) for (row_id,) in found] or [text]

    def value(self, name: str, text: str) -> str:
        """Days and how often in the reader's form."""
        if name == "frequency" and text in set(Frequency):
            return label(Frequency(text))
        return day(date.fromisoformat(text)) if name in ("starts_on", "due_on") and text else text


class CardPayoutThing(ThingKind):
    """A payout of the card processor, by its number there."""

    name = "card_payout"
    label = N_("Payout of the card processor")
    endpoint = "banking.card_payout"
    argument = "payout_id"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        rows = rows_by(select(ProcessorPayout.payout_id), ProcessorPayout.payout_id, refs)
        return {number: Thing(number, number) for (number,) in rows}


class CampaignThing(ThingKind):
    """A campaign, by its name in Thai."""

    name = "campaign"
    label = N_("Campaign")
    endpoint = "giving.manage_campaign"
    argument = "slug"
    fields = {
        "name": N_("Name in Thai"),
        "goal": N_("Goal"),
        "starts_on": N_("First day"),
        "ends_on": N_("Last day"),
    }

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their names."""
        rows = rows_by(select(Campaign.slug, Campaign.name_th), Campaign.slug, refs)
        return {slug: Thing(name, slug) for slug, name in rows}

    def value(self, name: str, text: str) -> str:
        """Days in the reader's form."""
        return day(date.fromisoformat(text)) if name.endswith("_on") and text else text


class DonationBoxThing(ThingKind):
    """A donation box, by its number."""

    name = "donation_box"
    label = N_("Donation box")
    endpoint = "giving.edit_box"
    argument = "number"
    fields = {"place": N_("Where it stands"), "status": N_("State")}

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        return {ref: Thing(_("Box %(number)s", number=ref), ref) for ref in refs}

    def value(self, name: str, text: str) -> str:
        """The label of a state."""
        return label(BoxStatus(text)) if name == "status" and text else text


class CashCountThing(ThingKind):
    """A count of cash, by its day."""

    name = "cash_count"
    label = N_("Count of cash")
    endpoint = "giving.cash_count"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their days."""
        columns = select(CashCount.public_id, CashCount.kind, CashCount.counted_on)
        return {
            ref: Thing(f"{label(kind)}, {day(counted_on)}", ref)
            for ref, kind, counted_on in rows_by(columns, CashCount.public_id, refs)
        }


class GiftBatchThing(ThingKind):
    """A batch of gifts, by its day."""

    name = "gift_batch"
    label = N_("Batch")
    endpoint = "giving.batch"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their days."""
        columns = select(GiftBatch.public_id, GiftBatch.received_on)
        return {
            ref: Thing(_("Batch of %(day)s", day=day(received_on)), ref)
            for ref, received_on in rows_by(columns, GiftBatch.public_id, refs)
        }


class GiftInKindThing(ThingKind):
    """A gift in kind, by its day."""

    name = "gift_in_kind"
    label = N_("Gift in kind")
    endpoint = "giving.gift_in_kind"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their days."""
        columns = select(GiftInKind.public_id, GiftInKind.received_on)
        return {
            ref: Thing(_("Gift in kind of %(day)s", day=day(received_on)), ref)
            for ref, received_on in rows_by(columns, GiftInKind.public_id, refs)
        }


class DonorImportThing(ThingKind):
    """A spreadsheet of donors, by the day on which it was uploaded."""

    name = "donor_import"
    label = N_("Spreadsheet of donors")
    endpoint = "giving.donor_import"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """When they were uploaded."""
        rows = rows_by(
            select(DonorImport.public_id, DonorImport.uploaded_at), DonorImport.public_id, refs
        )
        may_open = viewer.can(Permission.DONOR_IMPORT)
        return {ref: Thing(moment(at), ref if may_open else "") for ref, at in rows}


THINGS = (
    DonorThing(),
    PaymentThing(),
    ReceiptThing(),
    PledgeThing(),
    CardPayoutThing(),
    CampaignThing(),
    DonationBoxThing(),
    CashCountThing(),
    GiftBatchThing(),
    GiftInKindThing(),
    DonorImportThing(),
)


def _payments_of(labels: Collection[str]) -> dict[str, str]:
    """The payments of these receipts: public ids by the number of the receipt."""
    parts = [(int_key(text.partition("-")[0]), int_key(text.partition("-")[2])) for text in labels]
    # The year as well: a number alone is found in no index.
    years = {year for year, number in parts if year is not None and number is not None}
    of_years = _RECEIPTS.where(Receipt.fiscal_year.in_(years))
    numbers = {number for _year, number in parts if number is not None}
    found = {
        f"{year}-{number:06d}": public_id
        for public_id, year, number in rows_by(of_years, Receipt.number, numbers)
    }
    return {text: found[text] for text in labels if text in found}
