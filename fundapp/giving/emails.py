"""Messages to donors: built here, sent by `fundapp.mail`."""

from flask import current_app
from flask_babel import force_locale, gettext

from fundapp.giving.models import Payment, Pledge, Receipt
from fundapp.mail.drafts import MessageDraft
from fundapp.money import format_baht
from fundapp.web.filters import day
from fundapp.web.locale import fund_name, localized


def thank_you(payment: Payment, receipt: Receipt, pledge: Pledge | None) -> MessageDraft:
    """The thank-you for a payment, with the address of its receipt, in the pledge's language, else
    the donor's. An anonymous gift's receipt carries no name, so neither does this.
    """
    donor = payment.donor
    locale = pledge.locale if pledge else donor.locale
    with force_locale(locale):
        template = current_app.jinja_env.get_template("email/giving/thank_you.txt")
        body = template.render(
            name=receipt.donor_name,
            fund=localized(receipt.fund),
            amount=format_baht(payment.amount_satang),
            received_on=day(payment.received_on),
            receipt_label=receipt.label,
            receipt_url=f"{current_app.config['PUBLIC_URL']}/receipts/{receipt.code}",
            signature=fund_name(),
        )
        subject = gettext("Thank you for your gift – receipt %(number)s", number=receipt.label)
    return MessageDraft(
        recipient_type="donor",
        recipient_ref=donor.public_id,
        about_type="payment",
        about_ref=payment.public_id,
        to_address=donor.email or "",
        subject=subject,
        body=body,
        locale=locale,
    )
