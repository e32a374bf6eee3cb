"""What the fund keeps of one donor, as plain values (PDPA, section 30): what a file of one's own
data holds. Amounts are in satang, days and instants as ISO 8601 writes them.

The words that the office wrote for itself are not in it: they may tell of others.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, tuple_

from fundapp.access.actors import VISITOR, Actor
from fundapp.audit.labels import EVENTS
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.giving.models import (
    Donor,
    DonorMerge,
    DonorTag,
    GiftInKind,
    OfficeRefund,
    Payment,
    Pledge,
    Receipt,
    RefundAccount,
    RefundOrder,
    RefundRequest,
    SavedCard,
    Slip,
)
from fundapp.giving.reader import said_with, trans_ref_of
from fundapp.giving.receipts.reader import find_details, open_account, open_content
from fundapp.identity.queries import public_ids_of
from fundapp.mail.models import LineAccount, MailMessage
from fundapp.today.own_giving import own_donors
from fundapp.trail.models import AuditEvent

#: How the events of the trail tell who acted, in a file that names nobody but the donor.
_THE_GIVER, _THE_OFFICE = "the giver", "the office or the program"

Data = dict[str, Any]


def gather_own_data(viewer: Actor) -> Data:
    """What an account sees as its own: gifts that somebody made with its address and that were
    never confirmed are not among it. NotFoundError when no donor is connected with the account.
    """
    ids = own_donors(viewer)
    if not ids:
        raise NotFoundError
    return _gather(ids, only_confirmed=True)


def gather_donor_data(public_id: str) -> Data:
    """Everything of a donor who asked the office for it; NotFoundError, also for the row of
    everybody who gave without a name.
    """
    donor = db.session.scalar(select(Donor).where(Donor.public_id == public_id))
    if donor is None or donor.is_unknown:
        raise NotFoundError
    merged = select(DonorMerge.donor_id).where(DonorMerge.into_id == donor.id)
    return _gather([donor.id, *db.session.scalars(merged)], only_confirmed=False)


def _gather(ids: Collection[int], *, only_confirmed: bool) -> Data:
    donors = list(db.session.scalars(select(Donor).where(Donor.id.in_(ids)).order_by(Donor.id)))
    pledges = list(
        db.session.scalars(
            select(Pledge)
            .where(
                Pledge.donor_id.in_(ids),
                Pledge.confirmed_at.is_not(None) if only_confirmed else Pledge.id.is_not(None),
            )
            .order_by(Pledge.id)
        )
    )
    known = {each.id for each in pledges}
    payments = [
        each
        for each in db.session.scalars(
            select(Payment).where(Payment.donor_id.in_(ids)).order_by(Payment.id)
        ).unique()
        if not only_confirmed or _is_own(each, known)
    ]
    receipts = list(
        db.session.scalars(
            select(Receipt)
            .where(Receipt.payment_id.in_([each.id for each in payments]))
            .order_by(Receipt.id)
        ).unique()
    )
    return {
        "donors": [_donor(each) for each in donors],
        "consents": [_consents(each) for each in donors],
        "pledges": [_pledge(each) for each in pledges],
        "payments": [_payment(each) for each in payments],
        "receipts": [_receipt(each) for each in receipts],
        "slips": _slips(known),
        "gifts_in_kind": _gifts_in_kind(ids),
        "refunds": _refunds([each.id for each in payments]),
        "messages": _messages(donors, pledges if only_confirmed else None),
        "history": _history(donors, pledges, payments),
    }


def _is_own(payment: Payment, pledge_ids: Collection[int]) -> bool:
    """Whether it came without a pledge, for another's, or for one that is confirmed."""
    pledge = payment.pledge
    return pledge is None or pledge.id in pledge_ids or pledge.donor_id != payment.donor_id


def _donor(donor: Donor) -> Data:
    details = find_details(donor)
    tags = select(DonorTag.tag).where(DonorTag.donor_id == donor.id)
    line = select(LineAccount.linked_at).where(
        LineAccount.recipient_type == "donor",
        LineAccount.recipient_ref == donor.public_id,
        LineAccount.ended_at.is_(None),
    )
    return {
        "kind": donor.kind,
        "name": donor.name,
        "email": donor.email,
        "phone": donor.phone,
        "address_on_receipts": details.address,
        "tax_number_on_receipts": details.tax_id,
        "language": donor.locale,
        "since": _at(donor.created_at),
        "has_account": donor.user_id is not None,
        "line_linked": _at(db.session.scalar(line)),
        "tags": list(db.session.scalars(tags.order_by(DonorTag.tag))),
    }


def _consents(donor: Donor) -> Data:
    return {"name": donor.name, "reminders_wanted": donor.wants_reminders}


def _pledge(pledge: Pledge) -> Data:
    said, card = said_with(pledge), db.session.get(SavedCard, pledge.id)
    shares = zip(pledge.funds, pledge.fund_satang, strict=True)
    return {
        "made": _at(pledge.created_at),
        "confirmed": _at(pledge.confirmed_at),
        "funds": {fund.code: satang for fund, satang in shares},
        "amount_satang": pledge.amount_satang,
        "how_often": pledge.frequency,
        "first_due_on": _on(pledge.starts_on),
        "paid_by": pledge.method,
        "name": pledge.donor_name,
        "in_honour_of": said.in_honour_of,
        "who_pays": said.payer_name,
        "card_kept": _at(card.kept_at if card and card.stopped_at is None else None),
        "anonymous": pledge.is_anonymous,
        "state": pledge.status,
        "instalments": [
            {
                "number": row.number,
                "reference": row.reference,
                "due_on": _on(row.due_on),
                "amount_satang": row.amount_satang,
                "paid_satang": row.paid_satang,
            }
            for row in pledge.instalments
        ],
    }


def _payment(payment: Payment) -> Data:
    return {
        "received_on": _on(payment.received_on),
        "amount_satang": payment.amount_satang,
        "paid_by": payment.method,
        "anonymous": payment.is_anonymous,
        "state": payment.status,
        "taken_back_because": payment.return_reason,
        "taken_back_on": _on(payment.returned_on),
        "recorded": _at(payment.recorded_at),
        "funds": {part.fund_code: part.amount_satang for part in payment.designations},
    }


def _receipt(receipt: Receipt) -> Data:
    return {
        "number": receipt.label,
        "code": receipt.code,
        "issued_on": _on(receipt.issued_on),
        "received_on": _on(receipt.received_on),
        "name": receipt.donor_name,
        "fund": receipt.fund_code,
        "amount_satang": receipt.amount_satang,
        "void_since": _at(receipt.voided_at),
        "content": open_content(receipt),
    }


def _slips(pledge_ids: Collection[int]) -> list[Data]:
    found = select(Slip).where(Slip.pledge_id.in_(pledge_ids)).order_by(Slip.id)
    return [
        {
            "sent": _at(each.sent_at),
            "sending_bank": each.sending_bank,
            "reference_of_bank": trans_ref_of(each),
            "state": each.status,
            "rejected_because": each.rejection,
        }
        for each in db.session.scalars(found).unique()
    ]


def _gifts_in_kind(donor_ids: Collection[int]) -> list[Data]:
    found = select(GiftInKind).where(GiftInKind.donor_id.in_(donor_ids)).order_by(GiftInKind.id)
    return [
        {
            "given_on": _on(each.received_on),
            "what": each.description,
            "declared_satang": each.declared_satang,
            "anonymous": each.is_anonymous,
            "state": each.status,
        }
        for each in db.session.scalars(found).unique()
    ]


def _refunds(payment_ids: Collection[int]) -> list[Data]:
    asked = select(RefundRequest).where(RefundRequest.payment_id.in_(payment_ids))
    orders = select(RefundOrder).where(RefundOrder.payment_id.in_(payment_ids))
    return [
        {
            "asked": _at(each.asked_at),
            "amount_satang": each.amount_satang,
            "way": each.way,
            "state": each.status,
            "refused_because": each.refusal,
        }
        for each in db.session.scalars(asked.order_by(RefundRequest.id))
    ] + [
        {
            "confirmed": _at(each.ordered_at),
            "amount_satang": each.amount_satang,
            "state": each.status,
            **_way(each),
        }
        for each in db.session.scalars(orders.order_by(RefundOrder.id))
    ]


def _way(order: RefundOrder) -> Data:
    """How the office pays it, and to which accounts; nothing of one through the card processor."""
    refund = db.session.get(OfficeRefund, order.id)
    accounts = select(RefundAccount).where(RefundAccount.order_id == order.id)
    opened = map(open_account, db.session.scalars(accounts.order_by(RefundAccount.id)))
    return {
        "way": refund.way if refund else None,
        "accounts": [
            {"bank": each.bank_code, "number": each.number, "holder": each.holder}
            for each in opened
        ],
    }


def _messages(donors: Iterable[Donor], pledges: Collection[Pledge] | None) -> list[Data]:
    """What was sent to them; with ``pledges`` of pledges only what is about one of those."""
    found = select(MailMessage).where(
        MailMessage.recipient_type == "donor",
        MailMessage.recipient_ref.in_([donor.public_id for donor in donors]),
    )
    if pledges is not None:
        own = [str(pledge.id) for pledge in pledges]
        found = found.where(or_(MailMessage.about_type != "pledge", MailMessage.about_ref.in_(own)))
    return [
        {
            "written": _at(each.queued_at),
            "sent": _at(each.sent_at),
            "to": each.to_address,
            "subject": each.subject,
            "text": each.body,
        }
        for each in db.session.scalars(found.order_by(MailMessage.id))
    ]


def _history(
    donors: Collection[Donor], pledges: Iterable[Pledge], payments: Iterable[Payment]
) -> list[Data]:
    """What the trail tells of them, without the names of those who acted."""
    things = [
        *(("donor", each.public_id) for each in donors),
        *(("pledge", str(each.id)) for each in pledges),
        *(("payment", each.public_id) for each in payments),
    ]
    own = {VISITOR.ref, *public_ids_of(each.user_id for each in donors if each.user_id)}
    found: list[AuditEvent] = []
    for start in range(0, len(things), 200):
        about = tuple_(AuditEvent.subject_type, AuditEvent.subject_ref)
        part = select(AuditEvent).where(about.in_(things[start : start + 200]))
        found.extend(db.session.scalars(part))
    return [
        {
            "at": _at(each.at),
            "what": str(EVENTS.get(each.action, each.action)),
            "about": each.subject_type,
            "by": _THE_GIVER if each.actor in own else _THE_OFFICE,
        }
        for each in sorted(found, key=lambda event: event.id)
    ]


def _at(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds") if instant else None


def _on(day: date | None) -> str | None:
    return day.isoformat() if day else None
