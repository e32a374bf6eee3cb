"""The letter of thanks for a gift in kind, in the language of the reader."""

from flask import current_app
from flask_babel import gettext as _

from fundapp.giving.models import GiftInKind
from fundapp.giving.receipts.content import issuer
from fundapp.giving.receipts.setting import PAPERS
from fundapp.money import format_baht
from fundapp.typesetting import set_pdf
from fundapp.web.filters import day
from fundapp.web.locale import fund_name, locale_code


def thanks_pdf(gift: GiftInKind) -> bytes:
    """The letter as PDF, of the day on which the gift came."""
    name = "" if gift.is_anonymous else gift.donor.name
    signs = issuer()
    data = {
        "title": _("Letter of thanks"),
        "language": locale_code(),
        "fund_name": fund_name(),
        "address": str(current_app.config["FUND_ADDRESS"]),
        "made_on": gift.received_on.isoformat(),
        "day": day(gift.received_on),
        "greeting": _("Dear %(name)s,", name=name) if name else _("Dear donor,"),
        "paragraphs": [
            _(
                "Thank you for what you gave on %(day)s: %(description)s.",
                day=day(gift.received_on),
                description=gift.description,
            ),
            _(
                "You declared its value as %(amount)s baht.",
                amount=format_baht(gift.declared_satang),
            ),
            _(
                "What you gave helps children of this province who are poor or at a disadvantage "
                "to go to school and to stay there."
            ),
        ],
        "signer": signs["signer"],
        "position": signs["position"],
        "note": _(
            "This letter is no receipt for money. The value is as the giver declared it; the fund "
            "has not examined it."
        ),
    }
    return set_pdf(PAPERS / "thanks.typ", data, made_on=gift.received_on)
