"""What donors are written. Builders only: nothing here sends."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext

from fundapp.money import format_baht
from fundapp.web.filters import day
from fundapp.web.locale import fund_name, localized


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to be queued: plain text in one language."""

    locale: str
    subject: str
    body: str


def thank_you(
    *,
    locale: str,
    name: str,
    fund: Any,
    amount_satang: int,
    received_on: date,
    receipt_label: str,
    receipt_code: str,
) -> Letter:
    """Thanks for money that arrived, with the way to its receipt.

    ``name`` is empty when the gift is anonymous; ``fund`` has ``name_th``, ``name_en``,
    ``name_ms``.
    """
    with force_locale(locale):
        template = current_app.jinja_env.get_template("email/giving/thank_you.txt")
        body = template.render(
            name=name,
            fund=localized(fund),
            amount=format_baht(amount_satang),
            received_on=day(received_on),
            receipt_label=receipt_label,
            receipt_url=f"{current_app.config['PUBLIC_URL']}/receipts/{receipt_code}",
            signature=fund_name(),
        )
        subject = gettext("Thank you for your gift – receipt %(number)s", number=receipt_label)
    return Letter(locale, subject, body)
