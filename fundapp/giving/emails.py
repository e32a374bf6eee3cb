"""Messages to donors: built here, sent by `fundapp.mail`."""

from collections.abc import Sequence
from datetime import date

from flask import current_app
from flask_babel import force_locale, gettext

from fundapp.giving.models import (
    Donor,
    Instalment,
    Payment,
    Pledge,
    Receipt,
    RefundRefusal,
    RefundWay,
    ReturnReason,
)
from fundapp.giving.receipts.keys import owner_key
from fundapp.giving.receipts.queries import find_receipt_of
from fundapp.giving.reminders.stop_codes import stop_code
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.mail.drafts import MessageDraft
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.web.filters import day, memo_text
from fundapp.web.locale import fund_name, localized


def confirm_gift(pledge: Pledge, donor: Donor, fund: Fund) -> MessageDraft:
    """The question whether a pledge that was made with this address is its owner's, with the link
    to confirm it. The pledge's own address is not in it: the mailbox may be another person's.
    """
    with force_locale(pledge.locale):
        template = current_app.jinja_env.get_template("email/giving/confirm_gift.txt")
        body = template.render(
            name="" if pledge.is_anonymous else pledge.donor_name,
            fund=localized(fund),
            amount=format_baht(pledge.amount_satang),
            confirm_url=f"{current_app.config['PUBLIC_URL']}/my-giving/confirm/"
            f"{pledge.confirmation_code}",
            signature=fund_name(),
        )
        subject = gettext(
            "Is this gift of %(amount)s baht yours?", amount=format_baht(pledge.amount_satang)
        )
    return _to_donor(donor, ("pledge", str(pledge.id)), subject, body, pledge.locale)


def thank_you(payment: Payment, receipt: Receipt, pledge: Pledge | None) -> MessageDraft:
    """The thank-you for a payment, with the address of its receipt, in the pledge's language, else
    the donor's. An anonymous gift's receipt carries no name, so neither does this.
    """
    locale = pledge.locale if pledge else payment.donor.locale
    with force_locale(locale):
        subject = gettext("Thank you for your gift – receipt %(number)s", number=receipt.label)
        body = _body("thank_you", payment, receipt)
    return _draft(payment, subject, body, locale)


def reminder(pledge: Pledge, instalments: Sequence[Instalment], today: date) -> MessageDraft:
    """That these instalments are due soon or overdue, the earliest first, and where to pay, change
    or pause, in the pledge's language; with the address where reminders are stopped.
    """
    donor, first = pledge.donor, instalments[0]
    stop_url = f"{_public_url()}/messages/{stop_code(donor)}"
    with force_locale(pledge.locale):
        values = {"amount": format_baht(first.open_satang), "day": day(first.due_on)}
        if first.due_on < today:
            subject = gettext("Your gift of %(amount)s baht was due on %(day)s", **values)
        else:
            subject = gettext("Your gift of %(amount)s baht is due on %(day)s", **values)
        body = current_app.jinja_env.get_template("email/giving/reminder.txt").render(
            name="" if pledge.is_anonymous else pledge.donor_name,
            fund=localized(pledge.fund),
            instalments=instalments,
            today=today,
            pledge_url=f"{_public_url()}/pledges/{pledge.token}",
            stop_url=stop_url,
            signature=fund_name(),
        )
    return _to_donor(donor, ("pledge", str(pledge.id)), subject, body, pledge.locale, stop_url)


def found_pledges(donor: Donor, pledges: Sequence[Pledge], locale: str) -> MessageDraft:
    """The addresses of the pages of a mailbox's pledges, which somebody asked for in ``locale``."""
    with force_locale(locale):
        subject = gettext("Your gifts and pledges")
        body = current_app.jinja_env.get_template("email/giving/found_pledges.txt").render(
            pledges=[(each, f"{_public_url()}/pledges/{each.token}") for each in pledges],
            signature=fund_name(),
        )
    return _to_donor(donor, ("donor", donor.public_id), subject, body, locale)


def payment_returned(payment: Payment, receipt: Receipt) -> MessageDraft:
    """That the bank took a payment back, and where it can be paid again, in the same language."""
    pledge = payment.pledge
    locale = pledge.locale if pledge else payment.donor.locale
    with force_locale(locale):
        if payment.return_reason is ReturnReason.REFUND:
            subject = gettext("Your gift was refunded – receipt %(number)s", number=receipt.label)
        else:
            subject = gettext(
                "The bank took back your gift – receipt %(number)s", number=receipt.label
            )
        body = _body(
            "payment_returned",
            payment,
            receipt,
            reason=memo_text(receipt.void_reason),
            return_reason=payment.return_reason,
            pledge_url=f"{_public_url()}/pledges/{pledge.token}" if pledge else None,
        )
    return _draft(payment, subject, body, locale)


class RefundNews(LabelledEnum):
    """What the giver is told of a refund; the label is the subject of the message."""

    ASKED = "asked", N_("We have your wish for a refund of %(amount)s baht")
    REFUSED = "refused", N_("The refund of %(amount)s baht is refused")
    CONFIRMED = "confirmed", N_("The refund of %(amount)s baht is confirmed")
    PAID = "paid", N_("The refund of %(amount)s baht is paid")
    SENT_BACK = "sent_back", N_("The refund of %(amount)s baht could not be paid")
    CANCELLED = "cancelled", N_("The refund of %(amount)s baht is cancelled")


def refund_news(
    payment: Payment,
    satang: int,
    way: RefundWay,
    news: RefundNews,
    reason: RefundRefusal | None = None,
) -> MessageDraft:
    """What has become of a refund, with the address of the page on which the giver follows it."""
    pledge, receipt = payment.pledge, _newest_receipt(payment)
    locale = pledge.locale if pledge else payment.donor.locale
    amount = format_baht(satang)
    with force_locale(locale):
        body = current_app.jinja_env.get_template("email/giving/refund_news.txt").render(
            name=receipt.donor_name,
            fund=localized(receipt.fund),
            amount=amount,
            received_on=day(payment.received_on),
            way=way,
            news=news,
            reason=gettext(reason.label) if reason else "",
            page_url=f"{_public_url()}/receipts/{receipt.code}/refund"
            f"?key={owner_key(receipt.code)}",
            signature=fund_name(),
        )
        subject = gettext(news.label, amount=amount)
    return _draft(payment, subject, body, locale)


def _newest_receipt(payment: Payment) -> Receipt:
    """That of the gift, void or not; a payment has one at least."""
    receipt = find_receipt_of(payment.id)
    if receipt is None:
        raise ValueError("the payment has no receipt")
    return receipt


def card_refused(pledge: Pledge, satang: int, next_try_on: date | None) -> MessageDraft:
    """That a card could not be charged, when it is tried again, and where else it can be paid."""
    donor = pledge.donor
    with force_locale(pledge.locale):
        template = current_app.jinja_env.get_template("email/giving/card_refused.txt")
        body = template.render(
            name="" if pledge.is_anonymous else pledge.donor_name,
            fund=localized(pledge.fund),
            amount=format_baht(satang),
            next_try_on=day(next_try_on) if next_try_on else "",
            pledge_url=f"{_public_url()}/pledges/{pledge.token}",
            signature=fund_name(),
        )
        subject = gettext("Your card could not be charged for your pledge")
    return MessageDraft(
        recipient_type="donor",
        recipient_ref=donor.public_id,
        about_type="pledge",
        about_ref=str(pledge.id),
        to_address=donor.email or "",
        subject=subject,
        body=body,
        locale=pledge.locale,
    )


def _body(name: str, payment: Payment, receipt: Receipt, **values: str | None) -> str:
    template = current_app.jinja_env.get_template(f"email/giving/{name}.txt")
    return template.render(
        name=receipt.donor_name,
        fund=localized(receipt.fund),
        amount=format_baht(payment.amount_satang),
        received_on=day(payment.received_on),
        receipt_label=receipt.label,
        receipt_url=_receipt_url(receipt, ""),
        pdf_url=_receipt_url(receipt, ".pdf"),
        signature=fund_name(),
        **values,
    )


def _receipt_url(receipt: Receipt, ending: str) -> str:
    """The link of its owner: the page or, with ``.pdf``, the paper."""
    code = receipt.code
    return f"{_public_url()}/receipts/{code}{ending}?key={owner_key(code)}"


def _draft(payment: Payment, subject: str, body: str, locale: str) -> MessageDraft:
    return _to_donor(payment.donor, ("payment", payment.public_id), subject, body, locale)


def _to_donor(
    donor: Donor, about: tuple[str, str], subject: str, body: str, locale: str, stop_url: str = ""
) -> MessageDraft:
    """A message for the donor's file; ``about`` is the kind and the reference of its cause."""
    return MessageDraft(
        recipient_type="donor",
        recipient_ref=donor.public_id,
        about_type=about[0],
        about_ref=about[1],
        to_address=donor.email or "",
        subject=subject,
        body=body,
        locale=locale,
        stop_url=stop_url,
    )


def _public_url() -> str:
    return str(current_app.config["PUBLIC_URL"])
