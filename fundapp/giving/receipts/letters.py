"""Papers of thanks and yearly statements, in the language of the reader."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _

from fundapp import clock
from fundapp.giving.labels import funds_text
from fundapp.giving.models import Receipt
from fundapp.giving.reader import said_with
from fundapp.giving.receipts.content import issuer
from fundapp.giving.receipts.setting import PAPERS
from fundapp.giving.receipts.statements import YearStatement
from fundapp.money import format_baht
from fundapp.thai.baht_words import baht_in_words
from fundapp.thai.calendar import ce_year
from fundapp.typesetting import set_pdf, set_picture
from fundapp.web.filters import day, day_short
from fundapp.web.locale import fund_name, locale_code

#: Pixels of an inch at which share.typ is 1080 pixels wide.
_SHARE_PPI = 144


def statement_pdf(statement: YearStatement) -> bytes:
    """The yearly statement as PDF, with the day on which it is made."""
    today = clock.today()
    data = {
        **_head(_("What was given in %(year)s", year=year_text(statement.year))),
        "made_on": today.isoformat(),
        "name": statement.name,
        "explanation": _(
            "Valid receipts for money that arrived from 1 January to 31 December. Made on %(day)s.",
            day=day(today),
        ),
        "columns": [_("Receipt"), _("Received on"), _("Fund"), _("Amount (baht)")],
        "rows": [
            [
                receipt.label,
                day_short(receipt.received_on),
                funds_text(receipt.payment.funds),
                format_baht(receipt.amount_satang),
            ]
            for receipt in statement.receipts
        ],
        "total_label": _("In all"),
        "total": format_baht(statement.total_satang),
        "words": baht_in_words(statement.total_satang),
        "note": _("The total is the sum of the receipts. What a receipt says about tax counts."),
    }
    return set_pdf(PAPERS / "statement.typ", data, made_on=today)


def thanks_pdf(receipt: Receipt) -> bytes:
    """The letter of thanks for the gift of a receipt, of the day of the receipt."""
    return set_pdf(PAPERS / "thanks.typ", _thanks(receipt), made_on=receipt.issued_on)


def refund_voucher_pdf(receipt: Receipt, satang: int, number: str) -> bytes:
    """The voucher of a refund in cash, which the giver signs at the office: ``number`` is the
    refund's, and the amount may be a part of the gift.
    """
    today = clock.today()
    data = {
        **_head(_("Voucher for a refund")),
        "made_on": today.isoformat(),
        "day": day(today),
        "rows": [
            [_("Number"), number],
            [_("Receipt of the gift"), receipt.label],
            [_("Fund"), funds_text(receipt.payment.funds)],
            [_("Received on"), day(receipt.received_on)],
            [_("Name of the giver"), receipt.donor_name or _("No name")],
            [_("Amount given back (baht)"), format_baht(satang)],
            [_("In words"), baht_in_words(satang)],
        ],
        "statement": _(
            "I have received this amount in cash. The receipt of the gift is void; what the fund "
            "keeps has a receipt of its own."
        ),
        "signatures": [_("Received by"), _("Paid out by"), _("Witness")],
        "date_label": _("Date"),
    }
    return set_pdf(PAPERS / "refund.typ", data, made_on=today)


def share_picture(receipt: Receipt, *, shows_name: bool) -> bytes:
    """The PNG that a donor may share: the fund, and the name only when it is asked for; never the
    amount.
    """
    data = {
        **_head(_("I gave for children's schooling")),
        "name": receipt.donor_name if shows_name else "",
        "purpose": funds_text(receipt.payment.funds),
    }
    return set_picture(PAPERS / "share.typ", data, pixels_per_inch=_SHARE_PPI)


def year_text(year: int) -> str:
    """A B.E. year as it is read: with the C.E. year outside Thai."""
    return str(year) if locale_code() == "th" else f"{ce_year(year)} (B.E. {year})"


def _thanks(receipt: Receipt) -> dict[str, Any]:
    amount, words = format_baht(receipt.amount_satang), baht_in_words(receipt.amount_satang)
    name, signs = receipt.donor_name, issuer()
    honours = said_with(receipt.payment.pledge).in_honour_of
    honoured = [_("It was given in honour or memory of %(name)s.", name=honours)] if honours else []
    if locale_code() == "th":
        amount = f"{amount} บาท ({words})"
    else:
        amount = _("%(amount)s baht", amount=amount)
    return {
        **_head(_("Letter of thanks")),
        "made_on": receipt.issued_on.isoformat(),
        "day": day(receipt.issued_on),
        "greeting": _("Dear %(name)s,", name=name) if name else _("Dear donor,"),
        "paragraphs": [
            _(
                'Thank you for your gift of %(amount)s to "%(fund)s", which arrived on %(day)s.',
                amount=amount,
                fund=funds_text(receipt.payment.funds),
                day=day(receipt.received_on),
            ),
            *honoured,
            _(
                "It helps children of this province who are poor or at a disadvantage to go to "
                "school and to stay there."
            ),
            _("Every baht can be followed into its fund and out of it again."),
        ],
        "signer": signs["signer"],
        "position": signs["position"],
        "note": _("This letter is no receipt. The receipt is %(number)s.", number=receipt.label),
    }


def _head(title: str) -> dict[str, Any]:
    return {
        "title": title,
        "language": locale_code(),
        "fund_name": fund_name(),
        "address": str(current_app.config["FUND_ADDRESS"]),
    }
