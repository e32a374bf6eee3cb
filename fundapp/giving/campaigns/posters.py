"""The poster of a campaign: a sheet to print, with a QR code that opens its page."""

from pathlib import Path

from flask import current_app
from flask_babel import gettext as _

from fundapp.giving.models import Campaign
from fundapp.money import format_baht
from fundapp.typesetting import set_pdf
from fundapp.web.filters import day
from fundapp.web.locale import fund_name, locale_code, localized
from fundapp.web.qr_codes import qr_svg_of_paper

_POSTER = Path(__file__).parent / "papers" / "poster.typ"


def page_url(campaign: Campaign) -> str:
    """The public address of a campaign's page."""
    return f"{current_app.config['PUBLIC_URL']}/campaigns/{campaign.slug}"


def poster_pdf(campaign: Campaign) -> bytes:
    """The poster as PDF, in the language of the reader; dated with the campaign's first day."""
    url = page_url(campaign)
    data = {
        "language": locale_code(),
        "title": localized(campaign),
        "story": localized(campaign, "story"),
        "fund_name": fund_name(),
        "address": str(current_app.config["FUND_ADDRESS"]),
        "purpose": _("For the fund %(fund)s", fund=localized(campaign.fund)),
        "goal": _("Goal: %(goal)s baht.", goal=format_baht(campaign.goal_satang)),
        "days": _(
            "From %(first)s to %(last)s", first=day(campaign.starts_on), last=day(campaign.ends_on)
        ),
        "call": _("Scan to give"),
        "hint": _(
            "The code opens the page of this campaign, where one gives by PromptPay, by transfer "
            "or in cash."
        ),
        "url": url,
        "qr": qr_svg_of_paper(url),
        "made_on": campaign.starts_on.isoformat(),
    }
    return set_pdf(_POSTER, data, made_on=campaign.starts_on)
