"""The form of a consent as PDF, to be signed on paper, in the language of the reader."""

from pathlib import Path

from flask_babel import gettext as _

from fundapp import clock
from fundapp.children.files import ChildFile
from fundapp.children.labels import birth_text
from fundapp.children.models import ConsentKind, LegalCapacity
from fundapp.typesetting import set_pdf
from fundapp.web.filters import label
from fundapp.web.locale import fund_name, locale_code

_PAPER = Path(__file__).parent / "papers" / "consent.typ"


def consent_form_pdf(kind: ConsentKind, file: ChildFile | None) -> bytes:
    """The form of this kind for a child, or with lines to fill in for one who has no file yet."""
    today = clock.today()
    name = file.display_name if file is not None and file.is_shown else ""
    birth = birth_text(file.birth) if file is not None and file.birth is not None else ""
    data = {
        "title": _("Consent: %(kind)s", kind=label(kind)),
        "fund_name": fund_name(),
        "language": locale_code(),
        "made_on": today.isoformat(),
        "child": [
            [_("Name of the child"), name],
            [_("Birth date"), birth],
            [_("Code of the file"), file.code if file is not None else ""],
        ],
        "paragraphs": _paragraphs(kind),
        "lines": [
            _("Name of the signer"),
            _("The signer is the child's"),
            _("Ends on (leave empty when it has no end)"),
        ],
        "capacity_label": _("Right to decide for the child"),
        "capacities": [label(each) for each in LegalCapacity if each is not LegalCapacity.NONE],
        "signatures": [
            _("Signer"),
            _("The child, from 10 years on"),
            _("For the fund"),
        ],
        "date_label": _("Date"),
    }
    return set_pdf(_PAPER, data, made_on=today)


def _paragraphs(kind: ConsentKind) -> list[str]:
    end = _(
        "It can be withdrawn at any time, at the office or from the case manager, and then counts "
        "no more at once. Nobody loses help that was given before. Whoever looked at the file can "
        "be asked for at any time."
    )
    sensitive = _(
        "I agree that the fund keeps facts on the child's health or religion, only as far as its "
        "help needs them: for help with health and for children with a disability."
    )
    file = _(
        "I agree that the fund keeps a file on the child: names, birth date, identity number, "
        "guardians, address, school, needs and help, and shows it to those who help the child and "
        "to nobody else. Nothing that names the child is published."
    )
    share = _(
        "I agree that the fund tells a partner agency what it needs to help the child: for "
        "example the first name, the age, the district and the guardian's telephone number, only "
        "for one need at a time and for a time that ends. The fund records who looked."
    )
    zakat = _(
        "I agree that the fund keeps to which of the groups entitled to zakat the child belongs, "
        "which tells its religion, only to help the child from zakat. Other help does not depend "
        "on it."
    )
    first = {
        ConsentKind.SENSITIVE_FACTS: sensitive,
        ConsentKind.SHARE_FACTS: share,
        ConsentKind.ZAKAT: zakat,
    }
    return [first.get(kind, file), end]
