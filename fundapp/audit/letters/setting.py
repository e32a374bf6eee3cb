"""A confirmation letter as PDF, in the language of the page."""

from pathlib import Path

from flask import current_app, url_for
from flask_babel import gettext as _

from fundapp.audit.letters.keys import letter_key
from fundapp.audit.letters.models import AuditLetter, Party
from fundapp.clock import local_day
from fundapp.money import format_baht
from fundapp.thai.baht_words import baht_in_words
from fundapp.typesetting import set_pdf
from fundapp.web.filters import day
from fundapp.web.locale import fund_name, locale_code
from fundapp.web.qr_codes import qr_svg_of_paper

_TEMPLATE = Path(__file__).parent / "papers" / "letter.typ"


def letter_pdf(letter: AuditLetter, name: str, about: str) -> bytes:
    """The letter to ``name``, or to the payee of the request ``about`` where the name is empty."""
    url = reply_url(letter)
    made_on = local_day(letter.made_at)
    is_gift = letter.party is Party.DONOR
    asked = _("you gave to the fund") if is_gift else _("you received from the fund")
    data = {
        "title": _("Request for confirmation"),
        "language": locale_code(),
        "fund_name": fund_name(),
        "address": str(current_app.config["FUND_ADDRESS"]),
        "made_on": made_on.isoformat(),
        "day": day(made_on),
        "number": _("Letter %(number)s", number=letter.number),
        "greeting": _("Dear %(name)s,", name=name)
        if name
        else _("To the payee of %(number)s,", number=about),
        "paragraphs": [
            _(
                "The auditor of the fund compares what the books say with what people know "
                "themselves. Please tell us whether it is right that %(asked)s:",
                asked=asked,
            )
        ],
        "rows": [
            [_("Amount (baht)"), format_baht(letter.amount_satang)],
            [_("In words"), baht_in_words(letter.amount_satang)],
            [_("On"), day(letter.happened_on)],
        ],
        "how": [
            _(
                "Answer with the code or the address below, which opens this letter's page once, "
                "or mark a box, sign and send this sheet back to the auditor. This is no request "
                "for money."
            )
        ],
        "qr": qr_svg_of_paper(url),
        "qr_alt": _("QR code of the page on which you answer"),
        "url": url,
        "boxes": [
            _("The amount is right."),
            _("The amount is not right. It was …………………… baht, because:"),
        ],
        "signature": _("Signed"),
        "date_label": _("Date"),
        "note": _("The answer is read by the auditor only; its words are stored encrypted."),
    }
    return set_pdf(_TEMPLATE, data, made_on=made_on)


def reply_url(letter: AuditLetter) -> str:
    """The address that answers the letter."""
    path = url_for("audit.reply", number=letter.number, key=letter_key(letter.number))
    return f"{current_app.config['PUBLIC_URL']}{path}"
