"""What the small QR code on a slip says (pure).

Source: Siam Commercial Bank, "Slip Verification" ("extracting data from mini QR"): tag 00 holds 00
= 000001, 01 = the sending bank in three digits and 02 = its reference (transRef, up to 25); then 51
= TH and the check value in 91, over all before it. Some apps leave out leading zeros of the check
value. TrueMoney writes 00 = 01, 01 = 01, 03 = the reference, no 51, and the check value in small
letters. A code carries no amount, day or payee, so it proves nothing: it tells two slips of one
transfer.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from fundapp.thai.promptpay import PayloadError, crc16, parse_tlv

#: Stands for the bank on slips of TrueMoney.
TRUEMONEY = "tmn"
_KIND, _KIND_TRUEMONEY = "000001", "01"
_WITH_CHECK = re.compile(
    r"(?P<body>[0-9]{4}[\x20-\x7e]{1,200}91[0-9]{2})(?P<check>[0-9A-Fa-f]{1,4})"
)
_BANK = re.compile(r"[0-9]{3}")
_REFERENCE = re.compile(r"[A-Za-z0-9]{4,35}")


@dataclass(frozen=True, slots=True)
class SlipCode:
    """The transfer that a slip is of: the bank that sent it, and its reference there."""

    bank: str
    trans_ref: str


def find_slip_code(texts: Iterable[str]) -> SlipCode | None:
    """The first of the texts of QR codes that is a slip's; None without one."""
    return next((code for text in texts if (code := read_slip_code(text))), None)


def read_slip_code(text: str) -> SlipCode | None:
    """What the code of a slip says; None for any other text, or one whose check value is wrong."""
    found = _WITH_CHECK.fullmatch(text)
    if found is None or int(found["check"], 16) != int(crc16(found["body"]), 16):
        return None
    try:
        fields = parse_tlv(found["body"][:-4])
        inner = parse_tlv(fields.get("00", ""))
    except PayloadError:
        return None
    return _bank_code(fields, inner) or _truemoney_code(inner)


def _bank_code(fields: dict[str, str], inner: dict[str, str]) -> SlipCode | None:
    bank, reference = inner.get("01", ""), inner.get("02", "")
    is_slip = inner.get("00") == _KIND and fields.get("51") == "TH"
    if is_slip and _BANK.fullmatch(bank) and _REFERENCE.fullmatch(reference):
        return SlipCode(bank, reference)
    return None


def _truemoney_code(inner: dict[str, str]) -> SlipCode | None:
    reference = inner.get("03", "")
    is_slip = inner.get("00") == inner.get("01") == _KIND_TRUEMONEY
    return SlipCode(TRUEMONEY, reference) if is_slip and _REFERENCE.fullmatch(reference) else None
