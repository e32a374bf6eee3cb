"""Messages to donors: built here, sent by `fundapp.mail`."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flask import current_app
from flask_babel import force_locale, gettext

from fundapp.giving.allocation import next_open
from fundapp.giving.drafts import GiftNews
from fundapp.giving.labels import funds_text
from fundapp.giving.models import (
    Donor,
    Instalment,
    Payment,
    Pledge,
    PledgeStatus,
    Receipt,
    RefundRefusal,
    RefundWay,
    ReturnReason,
    Slip,
)
from fundapp.giving.receipts.keys import owner_key
from fundapp.giving.receipts.letters import year_text
from fundapp.giving.receipts.queries import find_receipt_of
from fundapp.giving.receipts.statements import YearStatement
from fundapp.giving.receipts.year_codes import year_code
from fundapp.giving.reminders.stop_codes import stop_code
from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund
from fundapp.mail.drafts import SECRET_MARK, MessageDraft
from fundapp.mail.models import MessageKind
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.web.filters import day, memo_text
from fundapp.web.locale import fund_name, localized

_GAP = re.compile(r"\n\s*\n\s*\n")
#: Messages that say where LINE can be chosen. That of a gift that may be another person's does not.
_OFFER_LINE = frozenset({MessageKind.RECEIPT, MessageKind.ANSWER})


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
    about = ("pledge", str(pledge.id))
    draft = to_donor(donor, about, subject, body, pledge.locale, kind=MessageKind.ANSWER)
    return replace(draft, by_mail_only=True)


def thank_you(payment: Payment, receipt: Receipt, *, honours: str = "") -> MessageDraft:
    """The thank-you for a payment, with the address of its receipt, in the pledge's language, else
    the donor's. An anonymous gift's receipt carries no name, so neither does this. Whom the gift
    ``honours`` is named in what is sent, and not in what the outbox keeps.
    """
    locale = payment.pledge.locale if payment.pledge else payment.donor.locale
    with force_locale(locale):
        subject = gettext("Thank you for your gift – receipt %(number)s", number=receipt.label)
        body = _body("thank_you", payment, receipt, honours=SECRET_MARK if honours else "")
    draft = _draft(payment, subject, body, locale, kind=MessageKind.RECEIPT)
    return replace(draft, secret=honours)


def gift_kept(payment: Payment, receipt: Receipt, news: GiftNews) -> MessageDraft:
    """What a receipt is for that comes with no new money: the part of a gift that the fund keeps
    while the rest goes back, or the gift that counts again.
    """
    locale = payment.pledge.locale if payment.pledge else payment.donor.locale
    with force_locale(locale):
        if news is GiftNews.KEPT:
            subject = gettext(
                "The part of your gift that stays – receipt %(number)s", number=receipt.label
            )
        else:
            subject = gettext("Your gift counts again – receipt %(number)s", number=receipt.label)
        body = _body("gift_kept", payment, receipt, news=news)
    return _draft(payment, subject, body, locale, kind=MessageKind.RECEIPT)


def reminder(pledge: Pledge, instalments: Sequence[Instalment], today: date) -> MessageDraft:
    """That these instalments are due soon or overdue, the earliest first, and where to pay, change
    or pause, in the pledge's language.
    """
    first = instalments[0]
    with force_locale(pledge.locale):
        values = {"amount": format_baht(first.open_satang), "day": day(first.due_on)}
        if first.due_on < today:
            subject = gettext("Your gift of %(amount)s baht was due on %(day)s", **values)
        else:
            subject = gettext("Your gift of %(amount)s baht is due on %(day)s", **values)
        body = current_app.jinja_env.get_template("email/giving/reminder.txt").render(
            name="" if pledge.is_anonymous else pledge.donor_name,
            fund=funds_text(pledge.funds),
            instalments=instalments,
            today=today,
            pledge_url=f"{_public_url()}/pledges/{pledge.token}",
            signature=fund_name(),
        )
    return _of_pledge(pledge, subject, body, MessageKind.REMINDER)


def slip_rejected(slip: Slip) -> MessageDraft:
    """That no money was found for a slip, why, and where to look, in the pledge's language."""
    pledge = slip.pledge
    with force_locale(pledge.locale):
        subject = gettext("The slip for your gift was not accepted")
        body = current_app.jinja_env.get_template("email/giving/slip_rejected.txt").render(
            name="" if pledge.is_anonymous else pledge.donor_name,
            slip=slip,
            pledge_url=f"{_public_url()}/pledges/{pledge.token}",
            signature=fund_name(),
        )
    return _of_pledge(pledge, subject, body, MessageKind.ANSWER)


def found_pledges(donor: Donor, pledges: Sequence[Pledge], locale: str) -> MessageDraft:
    """The addresses of the pages of a mailbox's pledges, which somebody asked for in ``locale``."""
    with force_locale(locale):
        subject = gettext("Your gifts and pledges")
        body = current_app.jinja_env.get_template("email/giving/found_pledges.txt").render(
            pledges=[(each, f"{_public_url()}/pledges/{each.token}") for each in pledges],
            signature=fund_name(),
        )
    about = ("donor", donor.public_id)
    draft = to_donor(donor, about, subject, body, locale, kind=MessageKind.ANSWER)
    return replace(draft, by_mail_only=True)


def line_linked(donor: Donor, *, by_mail_only: bool = False) -> MessageDraft:
    """That an account at LINE was linked with the donor, to the account or to the mailbox."""
    with force_locale(donor.locale):
        subject = gettext("LINE is connected with your gifts")
        body = current_app.jinja_env.get_template("email/giving/line_linked.txt").render(
            is_mail=by_mail_only, choice_url=choice_url(donor), signature=fund_name()
        )
    about = ("donor", donor.public_id)
    draft = to_donor(donor, about, subject, body, donor.locale, kind=MessageKind.CHANNEL)
    return replace(draft, by_mail_only=by_mail_only)


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
    is_refund = payment.return_reason is ReturnReason.REFUND
    kind = MessageKind.REFUND if is_refund else MessageKind.RECEIPT_CHANGED
    return _draft(payment, subject, body, locale, kind=kind)


def receipt_replaced(payment: Payment, old: Receipt, new: Receipt) -> MessageDraft:
    """That a receipt is void and another takes its place, with the link of its owner."""
    locale = payment.pledge.locale if payment.pledge else payment.donor.locale
    with force_locale(locale):
        subject = gettext("Your new receipt – %(number)s", number=new.label)
        reason = memo_text(old.void_reason)
        body = _body("receipt_replaced", payment, new, old_label=old.label, reason=reason)
    return _draft(payment, subject, body, locale, kind=MessageKind.RECEIPT_CHANGED)


def receipt_void(payment: Payment, receipt: Receipt) -> MessageDraft:
    """That a payment was recorded wrongly, so that its receipt is void."""
    locale = payment.pledge.locale if payment.pledge else payment.donor.locale
    with force_locale(locale):
        subject = gettext("Receipt %(number)s is void", number=receipt.label)
        body = _body("receipt_void", payment, receipt)
    return _draft(payment, subject, body, locale, kind=MessageKind.RECEIPT_CHANGED)


def year_given(statement: YearStatement, donor: Donor) -> MessageDraft:
    """What a donor gave in a year, with the address of the statement, in the donor's language."""
    with force_locale(donor.locale):
        year = year_text(statement.year)
        subject = gettext("What you gave in %(year)s", year=year)
        body = current_app.jinja_env.get_template("email/giving/year_given.txt").render(
            name=donor.name,
            year=year,
            count=len(statement.receipts),
            amount=format_baht(statement.total_satang),
            statement_url=f"{_public_url()}/statements/{year_code(donor, statement.year)}",
            signature=fund_name(),
        )
    about = ("year", str(statement.year))
    return to_donor(donor, about, subject, body, donor.locale, kind=MessageKind.YEAR)


def pledge_changed(pledge: Pledge, verb: str) -> MessageDraft:
    """What the office did to a pledge as the donor asked for, and where the pledge stands now."""
    with force_locale(pledge.locale):
        following = next_open(pledge.instalments)
        body = current_app.jinja_env.get_template("email/giving/pledge_changed.txt").render(
            name="" if pledge.is_anonymous else pledge.donor_name,
            verb=verb,
            fund=funds_text(pledge.funds),
            pledge=pledge,
            following=following if pledge.status is PledgeStatus.ACTIVE else None,
            pledge_url=f"{_public_url()}/pledges/{pledge.token}",
            signature=fund_name(),
        )
        subject = gettext("The office has changed your pledge")
    return _of_pledge(pledge, subject, body, MessageKind.PLEDGE_CHANGED)


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
            fund=funds_text(payment.funds),
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
    return _draft(payment, subject, body, locale, kind=MessageKind.REFUND)


def _newest_receipt(payment: Payment) -> Receipt:
    """That of the gift, void or not; a payment has one at least."""
    receipt = find_receipt_of(payment.id)
    if receipt is None:
        raise ValueError("the payment has no receipt")
    return receipt


def card_refused(pledge: Pledge, satang: int, next_try_on: date | None) -> MessageDraft:
    """That a card could not be charged, when it is tried again, and where else it can be paid."""
    with force_locale(pledge.locale):
        template = current_app.jinja_env.get_template("email/giving/card_refused.txt")
        body = template.render(
            name="" if pledge.is_anonymous else pledge.donor_name,
            fund=funds_text(pledge.funds),
            amount=format_baht(satang),
            next_try_on=day(next_try_on) if next_try_on else "",
            pledge_url=f"{_public_url()}/pledges/{pledge.token}",
            signature=fund_name(),
        )
        subject = gettext("Your card could not be charged for your pledge")
    return _of_pledge(pledge, subject, body, MessageKind.CHARGE_FAILED)


def _body(name: str, payment: Payment, receipt: Receipt, **values: str | None) -> str:
    template = current_app.jinja_env.get_template(f"email/giving/{name}.txt")
    return template.render(
        name=receipt.donor_name,
        fund=funds_text(payment.funds),
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


def _draft(
    payment: Payment,
    subject: str,
    body: str,
    locale: str,
    *,
    kind: MessageKind = MessageKind.OTHER,
) -> MessageDraft:
    return to_donor(payment.donor, ("payment", payment.public_id), subject, body, locale, kind=kind)


def _of_pledge(pledge: Pledge, subject: str, body: str, kind: MessageKind) -> MessageDraft:
    about = ("pledge", str(pledge.id))
    return to_donor(pledge.donor, about, subject, body, pledge.locale, kind=kind)


def to_donor(
    donor: Donor,
    about: tuple[str, str],
    subject: str,
    body: str,
    locale: str,
    *,
    kind: MessageKind = MessageKind.OTHER,
) -> MessageDraft:
    """A message for the donor's file; ``about`` is the kind and the reference of its cause. One of
    a kind that can be stopped says where.
    """
    with force_locale(locale):
        body = f"{body.rstrip()}\n{_last_lines(donor, kind)}"
    # Where a part of a template is left out, its empty lines stay.
    body = _GAP.sub("\n\n", body)
    return MessageDraft(
        recipient_type="donor",
        recipient_ref=donor.public_id,
        about_type=about[0],
        about_ref=about[1],
        to_address=donor.email or "",
        subject=subject,
        body=body,
        locale=locale,
        kind=kind,
        stop_url=choice_url(donor) if kind.can_be_stopped else "",
        is_stopped=not donor.wants_reminders,
    )


def choice_url(donor: Donor) -> str:
    """Where a donor chooses which messages to get, and how."""
    return f"{_public_url()}/messages/{stop_code(donor)}"


def _last_lines(donor: Donor, kind: MessageKind) -> str:
    """Where such messages are stopped; in others, where LINE can be chosen, if the fund has it."""
    if kind.can_be_stopped:
        text = gettext("To get receipts only, or to choose how we write to you, open this page:")
    elif kind in _OFFER_LINE and current_app.config["LINE_CHANNEL_TOKEN"]:
        text = gettext("To choose e-mail or LINE for our messages, open this page:")
    else:
        return ""
    return f"\n{text}\n{choice_url(donor)}\n"


def _public_url() -> str:
    return str(current_app.config["PUBLIC_URL"])
