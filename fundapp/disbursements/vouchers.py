"""The receipt voucher of a payment of help (ใบสำคัญรับเงิน) as PDF in Thai, on one page: who takes
the money, with address and identity number, what for, how much, and where payee, payer and, for
cash, a witness sign. For those who are not shown the payee it is covered.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from fundapp import clock
from fundapp.disbursements.endorsements import cited_texts
from fundapp.disbursements.models import (
    DisbursementRequest,
    PayeeKind,
    PayoutMethod,
    VendorKind,
)
from fundapp.disbursements.policy import current_check
from fundapp.disbursements.queries.vendors import version_paid
from fundapp.disbursements.reader import NamedLine, RequestFile
from fundapp.money import format_baht
from fundapp.thai.baht_words import baht_in_words
from fundapp.thai.identity_numbers import format_pin
from fundapp.typesetting import can_set, set_pdf
from fundapp.web.filters import day, label
from fundapp.web.locale import LOCALES, fund_name, localized
from fundapp.web.qr_codes import qr_svg_of_paper

_PAPER = Path(__file__).parent / "papers" / "voucher.typ"
#: Children with a row of their own; the voucher stays on one page.
_ROWS = 12


def voucher_pdf(file: RequestFile, link_url: str = "") -> bytes:
    """The voucher of a request that is approved or paid; ``link_url``: where the payee confirms
    the receipt, if a link was made for this print. What is not known is a line to fill in by hand.
    """
    link = _link(link_url) if link_url else None
    with force_locale("th"):
        data = {**_head(file), **_payee(file), **_amounts(file), **_signatures(file), "link": link}
    return set_pdf(_PAPER, data, made_on=clock.today(), by_hand=_by_hand)


def _by_hand(data: dict[str, Any]) -> dict[str, Any]:
    """The data with lines to fill in where a name or an address has letters of another script, and
    with the codes of children alone.
    """
    filled = {
        part: [[row[0], row[1] if can_set(row[1]) else ""] for row in data[part]]
        for part in ("payee", "signatures")
    }
    return {**data, **filled, "rows": data["coded_rows"]}


def link_sentences() -> Iterator[tuple[str, str]]:
    """What the paper says of its link, in every language: whoever holds it chose none."""
    for language in LOCALES:
        with force_locale(language):
            sentence = _(
                "Scan this code within 90 days and say whether the money came. "
                "You need no account for that."
            )
            yield language, sentence


def _head(file: RequestFile) -> dict[str, Any]:
    request, payout, check = file.request, file.request.payout, current_check(file.request)
    number = payout.voucher if payout else request.approvals[-1].voucher
    came_back = [each.voucher for each in request.payouts if each.comeback is not None]
    covered = _("Covered: codes stand in place of names. The signed paper is shown with a reason.")
    checked = f"{check.checker.name}, {day(check.checked_at)}" if check else None
    facts = [
        (_("Request"), request.number),
        (_("Fund"), localized(request.fund)),
        (_("How it is paid"), label(request.payout_method)),
        (_("Bank details verified by"), checked),
        (_("Resolution of the committee"), ", ".join(cited_texts(request))),
        (_("Paid instead of voucher"), came_back[-1] if came_back else None),
    ]
    return {
        "title": _("Receipt voucher"),
        "language": "th",
        "fund_name": fund_name(),
        "address": str(current_app.config["FUND_ADDRESS"]),
        "made_on": clock.today().isoformat(),
        "covered": "" if file.payee_is_shown else covered,
        "number": [_("Number"), number],
        "day": [_("Day"), day(payout.paid_on) if payout else ""],
        "facts": [list(fact) for fact in facts if fact[1]],
    }


def _payee(file: RequestFile) -> dict[str, Any]:
    """The lines on the payee; an empty value is a dotted line."""
    who = _payee_name(file)
    lines = [[_("I"), ""], [_("Position"), ""], [_("on behalf of"), who]]
    if not is_paid_to_body(file.request):
        lines = [[_("I"), who]]
    number = file.payee_id_number
    if file.payee_is_shown:
        lines += [
            [_("Address"), file.payee_address],
            [_("Identity or tax number"), format_pin(number) if number else ""],
        ]
    return {
        "payee": lines,
        "received": _("have received money from %(fund)s as follows:", fund=fund_name()),
    }


def is_paid_to_body(request: DisbursementRequest) -> bool:
    """Whether somebody signs on behalf of the payee: a school, or a vendor that is no person."""
    vendor = version_paid(request)
    is_shop = vendor is not None and vendor.kind is VendorKind.SHOP
    return is_shop or request.payee_kind is PayeeKind.SCHOOL


def _payee_name(file: RequestFile) -> str:
    return file.payee_name if file.payee_is_shown else _("Payee %(code)s", code=file.payee_code)


def _amounts(file: RequestFile) -> dict[str, Any]:
    request = file.request
    help_text = _("Help with: %(need)s", need=label(request.need))
    shown = file.lines if len(file.lines) <= _ROWS else file.lines[: _ROWS - 1]
    rest = file.lines[len(shown) :]
    rows = [
        [f"{help_text}, {_child_text(line)}", format_baht(line.amount_satang)] for line in shown
    ]
    coded = [[f"{help_text}, {line.code}", format_baht(line.amount_satang)] for line in shown]
    more = []
    if rest:
        others = ngettext(
            "%(num)s more child of request %(number)s",
            "%(num)s more children of request %(number)s",
            len(rest),
            number=request.number,
        )
        more.append([others, format_baht(sum(line.amount_satang for line in rest))])
    return {
        "columns": [_("Particulars"), _("Amount (baht)")],
        "rows": rows + more,
        "coded_rows": coded + more,
        "total_label": _("Total"),
        "total": format_baht(request.total_satang),
        "words": [_("In words"), baht_in_words(request.total_satang)],
    }


def _child_text(line: NamedLine) -> str:
    return f"{line.name} ({line.code})" if line.name else line.code


def _signatures(file: RequestFile) -> dict[str, Any]:
    request, payout = file.request, file.request.payout
    # The signer of a school or shop writes the name by hand.
    payee = "" if is_paid_to_body(request) else _payee_name(file)
    signatures = [
        [_("Signature of the payee"), payee],
        [_("Signature of the payer"), payout.payer.name if payout else ""],
    ]
    if request.payout_method is PayoutMethod.CASH:
        signatures.append([_("Signature of a witness"), ""])
    return {"signatures": signatures, "date_label": _("Date")}


def _link(url: str) -> dict[str, Any]:
    return {
        "qr": qr_svg_of_paper(url),
        "qr_alt": _("QR code of the link"),
        "sentences": [list(each) for each in link_sentences()],
        "url": url,
    }
