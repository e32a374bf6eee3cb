"""The thank-you of every payment, queued in the unit of work that records it."""

from fundapp.giving import emails
from fundapp.giving.models import Payment, Pledge, Receipt
from fundapp.mail.operations import queue_message


def queue_thanks(payment: Payment, receipt: Receipt, pledge: Pledge | None) -> None:
    """Queue a thank-you in the pledge's language, else the donor's; nothing without an address."""
    donor = payment.donor
    if not donor.email:
        return
    letter = emails.thank_you(
        locale=pledge.locale if pledge else donor.locale,
        name=receipt.donor_name,
        fund=receipt.fund,
        amount_satang=payment.amount_satang,
        received_on=payment.received_on,
        receipt_label=receipt.label,
        receipt_code=receipt.code,
    )
    queue_message(
        recipient_type="donor",
        recipient_ref=donor.public_id,
        about_type="payment",
        about_ref=payment.public_id,
        to_address=donor.email,
        subject=letter.subject,
        body=letter.body,
        locale=letter.locale,
    )
