"""A checkpoint on paper, for the minutes of a month: its text, and the same as a QR code."""

from pathlib import Path

from flask import current_app
from flask_babel import gettext as _

from fundapp.clock import local_day
from fundapp.ledger.models import LogCheckpoint
from fundapp.typesetting import set_pdf
from fundapp.web.filters import moment
from fundapp.web.locale import fund_name, locale_code
from fundapp.web.qr_codes import qr_svg_of_paper

_PAPER = Path(__file__).parent / "papers" / "checkpoint.typ"


def checkpoint_pdf(checkpoint: LogCheckpoint) -> bytes:
    """The paper, in the language of the reader; dated with the day of the signature."""
    signed_on = local_day(checkpoint.signed_at)
    data = {
        "language": locale_code(),
        "title": _("Checkpoint of the books"),
        "fund_name": fund_name(),
        "explanation": _(
            "Whoever keeps this paper can prove later whether one of these entries was changed, "
            "removed or moved. It belongs to the minutes of the month."
        ),
        "facts": [
            [_("Entries"), f"{checkpoint.size:,}"],
            [_("Signed"), moment(checkpoint.signed_at)],
            [_("Key to verify it with"), checkpoint.vkey],
        ],
        "note_label": _("The signed text"),
        "note": checkpoint.note.rstrip("\n"),
        "qr": qr_svg_of_paper(checkpoint.note),
        "qr_alt": _("The code holds the same text, to be read with a telephone."),
        "signatures": [_("Chair of the committee"), _("Secretary")],
        "hint": _(
            "How to check the books with it, and the program for it: %(url)s",
            url=f"{current_app.config['PUBLIC_URL']}/ledger/checkpoints",
        ),
        "made_on": signed_on.isoformat(),
    }
    return set_pdf(_PAPER, data, made_on=signed_on)
