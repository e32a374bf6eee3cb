"""What a receipt says: frozen when it is issued, as canonical JSON with its hash.

Format ``v`` = "1", in the canonical form of `fundapp.ledger.canonical`: every value is a string. It
holds each sentence as printed, in Thai and English, so that neither a renamed fund nor another
signature changes a receipt that was issued. ``salt`` is random: without it, who knows everything
else could try tax numbers until the hash fits.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from babel.dates import format_date
from flask import current_app

from fundapp.giving.models import Method
from fundapp.ids import new_public_id
from fundapp.ledger.canonical import canonical_bytes, clean_text, parse_canonical
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import Fund, TaxWording
from fundapp.money import format_baht
from fundapp.thai.baht_words import baht_in_words
from fundapp.thai.calendar import format_day_th
from fundapp.thai.identity_numbers import format_pin

VERSION = "1"
#: The template of receipts that are issued now. A file that receipts name is never changed.
TEMPLATE = "receipt-2"

#: How it was paid, as receipts print it for ever; not the labels of pages, which may be reworded.
_METHODS: dict[Method, tuple[str, str]] = {
    Method.PROMPTPAY: ("พร้อมเพย์", "PromptPay"),
    Method.TRANSFER: ("โอนเงินผ่านธนาคาร", "Bank transfer"),
    Method.CARD: ("บัตรเครดิตหรือบัตรเดบิต", "Card"),
    Method.CASH: ("เงินสด", "Cash"),
    Method.CHEQUE: ("เช็ค", "Cheque"),
}
_NOBODY = ("ผู้บริจาคไม่ประสงค์ออกนาม", "A donor who gives no name")


@dataclass(frozen=True, slots=True)
class Payer:
    """Who gave, as written on the receipt; the name is empty when the gift is anonymous, and then
    nothing else is written.
    """

    name: str = ""
    address: str = ""
    tax_id: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What a receipt is about, as it is issued; ``replaces`` is the label of the void one, and
    ``wording_number`` that of its tax wording, if not the fund's of today.
    """

    code: str
    label: str
    issued_on: date
    received_on: date
    method: Method
    amount_satang: int
    entry_id: int
    payer: Payer
    replaces: str = ""
    wording_number: int | None = None
    #: Of a gift that was divided: each fund with what it got, in satang.
    parts: tuple[tuple[Fund, int], ...] = ()


def freeze(
    facts: ReceiptFacts, fund: Fund, wordings: Sequence[TaxWording], *, leaf: str
) -> tuple[bytes, bytes]:
    """The canonical bytes of everything the receipt says, and their SHA-256; a tax wording for each
    fund that the gift was divided over.
    """
    data = canonical_bytes(_content(facts, fund, wordings, leaf))
    return data, hash_of(data)


def hash_of(data: bytes) -> bytes:
    """The hash that is stored beside a content."""
    return hashlib.sha256(data).digest()


def parse(data: bytes) -> Mapping[str, Any]:
    """The content in canonical bytes; ValueError when they are not that."""
    return parse_canonical(data)


@cache  # many receipts of one day are issued together
def day_in_two_languages(value: date) -> dict[str, str]:
    """A day as people read it and as programs do."""
    return {
        "iso": value.isoformat(),
        "th": format_day_th(value),
        "en": format_date(value, "d MMMM y", locale="en"),
    }


def issuer() -> dict[str, str]:
    """Who issues receipts today: the fund's names, address, and who signs."""
    settings = current_app.config
    return {
        "name_th": settings["FUND_NAME_TH"],
        "name_en": settings["FUND_NAME_EN"],
        "address": settings["FUND_ADDRESS"],
        "signer": settings["RECEIPT_SIGNER"],
        "position": settings["RECEIPT_SIGNER_POSITION"],
    }


def _content(
    facts: ReceiptFacts, fund: Fund, wordings: Sequence[TaxWording], leaf: str
) -> dict[str, Any]:
    method_th, method_en = _METHODS[facts.method]
    parts = facts.parts if len(facts.parts) > 1 else ()
    return {
        "v": VERSION,
        "salt": new_public_id(),
        "number": facts.label,
        "code": facts.code,
        "verify_url": f"{current_app.config['PUBLIC_URL']}/receipts/{facts.code}",
        "channels_url": f"{current_app.config['PUBLIC_URL']}/real-fund",
        "replaces": facts.replaces,
        "issued": day_in_two_languages(facts.issued_on),
        "received": day_in_two_languages(facts.received_on),
        "issuer": issuer(),
        "payer": _payer(facts.payer),
        "fund": fund.code,
        "purpose": _purpose(fund, parts),
        "method": {"code": str(facts.method), "th": method_th, "en": method_en},
        "satang": str(facts.amount_satang),
        "amount": format_baht(facts.amount_satang),
        "words": baht_in_words(facts.amount_satang),
        "tax": {
            "th": clean_text(" ".join(dict.fromkeys(each.text_th for each in wordings))),
            "en": clean_text(" ".join(dict.fromkeys(each.text_en for each in wordings))),
        },
        "entry": entry_number(facts.entry_id),
        "leaf": leaf,
    } | ({"parts": [_part(*each) for each in parts]} if parts else {})


def _purpose(fund: Fund, parts: Sequence[tuple[Fund, int]]) -> dict[str, str]:
    """What the gift is for: the fund, or each fund with what it got."""
    if not parts:
        return {
            "th": clean_text(f"บริจาคให้กองทุน “{fund.name_th}”"),
            "en": clean_text(f"Gift to the fund “{fund.name_en}”"),
        }
    thai = (f"“{each.name_th}” {format_baht(satang)} บาท" for each, satang in parts)
    english = (f"“{each.name_en}” {format_baht(satang)} baht" for each, satang in parts)
    return {
        "th": clean_text(f"บริจาคให้กองทุน {' · '.join(thai)}"),
        "en": clean_text(f"Gift to the funds {' · '.join(english)}"),
    }


def _part(fund: Fund, satang: int) -> dict[str, str]:
    return {
        "fund": fund.code,
        "name_th": clean_text(fund.name_th),
        "name_en": clean_text(fund.name_en),
        "satang": str(satang),
    }


def _payer(payer: Payer) -> dict[str, str]:
    if not payer.name:
        thai, english = _NOBODY
        return {"name_th": thai, "name_en": english, "address": "", "tax_id": ""}
    return {
        "name_th": clean_text(payer.name),
        "name_en": "",
        "address": clean_text(payer.address),
        "tax_id": format_pin(payer.tax_id) if payer.tax_id else "",
    }
