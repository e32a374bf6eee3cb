"""PromptPay QR payloads: transfers (tag 29) and bill payments (tag 30).

Source: Bank of Thailand, "Policy Guideline: Standardized Thai QR Code" (2019), on EMVCo's QR Code
Specification for Payment Systems. A payload is a row of fields: two-digit tag, two-digit length in
decimal, value. Tags 29, 30 and 62 hold such rows themselves. The specification fixes only that 00
comes first and 63 last; this module writes tags in ascending order: 00, 01, 29 or 30, 53, 54, 58,
62, 63. Tag 01 says 11 for a code without an amount and 12 for one with it. A bank app may still pay
a "12" code twice: nothing in a payload is single-use. Tag 29 carries no reference that comes
back on the bank statement, as tag 30 does, which needs a biller id from the bank.
"""

import binascii
import re

from fundapp.markers import N_
from fundapp.thai.folding import bare_number
from fundapp.thai.phone_numbers import normalise_phone

_TRANSFER_AID = "A000000677010111"
_BILL_AID = "A000000677010112"
_BAHT = "764"  # ISO 4217 numeric
_TEMPLATES = frozenset({"29", "30", "62"})

_CRC_FIELD = re.compile(r"(?:63|91)04[0-9A-F]{4}")
_MOBILE = re.compile(r"(?:0|0066|66)([0-9]{9})")
_REFERENCE = re.compile(r"[A-Z0-9]{1,20}")
_BILLER = re.compile(r"[0-9]{15}")
_TERMINAL = re.compile(r"[A-Za-z0-9]{1,25}")
_MOBILE_DIGITS, _TAX_DIGITS, _WALLET_DIGITS = 10, 13, 15

_BAD_TARGET = N_(
    "A PromptPay id is a mobile number with 10 digits, an identity or tax number with 13, "
    "or an e-wallet number with 15."
)
_BAD_BILLER = N_("A biller id has 15 digits: the tax number and two digits from the bank.")
_BAD_REFERENCE = N_("A payment reference has 1 to 20 capital letters A to Z and digits.")
_BAD_TERMINAL = N_("A label of a QR code has 1 to 25 letters A to Z and digits.")
_BAD_AMOUNT = N_("The amount of a QR code is more than zero and at most 9,999,999,999.99 baht.")
_BAD_TLV = N_("This is not a payment QR code: its fields do not add up. Scan it again.")
_BAD_CRC = N_("This QR code is damaged: its check value does not fit. Scan it again.")

_MOST_SATANG = 999_999_999_999  # tag 54 holds 13 characters


class PayloadError(ValueError):
    """A text that is no QR payload, or a part that none may carry; its message is a sentence for
    people.
    """


def transfer_payload(target: str, *, amount_satang: int | None = None, reference: str = "") -> str:
    """A tag 29 payload that pays into the account behind ``target``.

    ``target`` is a Thai mobile number (also as +66…), a 13-digit identity or tax number or a
    15-digit e-wallet number; spaces, dashes, dots and brackets are ignored. ``reference`` is the
    reference label (tag 62.05, up to 25 letters and digits), which not every app shows. Raises
    `PayloadError`.
    """
    digits = read_promptpay_id(target)
    proxy = {
        _MOBILE_DIGITS: ("01", f"0066{digits[1:]}"),
        _TAX_DIGITS: ("02", digits),
        _WALLET_DIGITS: ("03", digits),
    }
    account = _tlv("00", _TRANSFER_AID) + _tlv(*proxy[len(digits)])
    extra = ""
    if reference:
        _require(_TERMINAL, reference, _BAD_TERMINAL)
        extra = _tlv("62", _tlv("05", reference))
    return _payload(_tlv("29", account), amount_satang, extra)


def read_promptpay_id(text: str) -> str:
    """The digits of a PromptPay id as people write it: 10 of a mobile number, which begins with 0,
    13 of an identity or tax number, 15 of an e-wallet. Raises `PayloadError`.
    """
    digits = normalise_phone(text)
    if not (digits.isascii() and digits.isdigit()):
        raise PayloadError(_BAD_TARGET)
    if len(digits) != _WALLET_DIGITS and (match := _MOBILE.fullmatch(digits)):
        return f"0{match.group(1)}"
    if len(digits) not in (_TAX_DIGITS, _WALLET_DIGITS):
        raise PayloadError(_BAD_TARGET)
    return digits


def read_biller_id(text: str) -> str:
    """The 15 digits of a biller id as people write it. Raises `PayloadError`."""
    digits = bare_number(text)
    _require(_BILLER, digits, _BAD_BILLER)
    return digits


def bill_payload(
    biller_id: str,
    ref1: str,
    ref2: str | None = None,
    *,
    amount_satang: int | None = None,
    terminal: str | None = None,
) -> str:
    """A tag 30 payload that pays a bill of ``biller_id`` and carries its references to the
    statement.

    ``biller_id`` has 15 digits, references up to 20 capital letters and digits, ``terminal`` (tag
    62.07, shown by some banks as a third reference) up to 25. Raises `PayloadError`.
    """
    _require(_BILLER, biller_id, _BAD_BILLER)
    _require(_REFERENCE, ref1, _BAD_REFERENCE)
    bill = _tlv("00", _BILL_AID) + _tlv("01", biller_id) + _tlv("02", ref1)
    if ref2:
        _require(_REFERENCE, ref2, _BAD_REFERENCE)
        bill += _tlv("03", ref2)
    extra = ""
    if terminal:
        _require(_TERMINAL, terminal, _BAD_TERMINAL)
        extra = _tlv("62", _tlv("07", terminal))
    return _payload(_tlv("30", bill), amount_satang, extra)


def _require(pattern: re.Pattern[str], text: str, sentence: str) -> None:
    """Raises `PayloadError` with ``sentence`` unless the whole of ``text`` fits."""
    if pattern.fullmatch(text) is None:
        raise PayloadError(sentence)


def _payload(account: str, amount_satang: int | None, extra: str = "") -> str:
    """The whole payload around an account field, with its check value at the end."""
    body = _tlv("00", "01") + _tlv("01", "11" if amount_satang is None else "12") + account
    body += _tlv("53", _BAHT) + _amount(amount_satang) + _tlv("58", "TH") + extra + "6304"
    return body + crc16(body)


def _amount(satang: int | None) -> str:
    """Tag 54 with two decimals, or nothing for a code without an amount."""
    if satang is None:
        return ""
    if not 0 < satang <= _MOST_SATANG:
        raise PayloadError(_BAD_AMOUNT)
    return _tlv("54", f"{satang // 100}.{satang % 100:02d}")


def _tlv(tag: str, value: str) -> str:
    """One field: tag, length, value."""
    return f"{tag}{len(value):02d}{value}"


def crc16(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 1021, start FFFF) of ``text`` as four hexadecimal digits."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def verify_crc(payload: str) -> bool:
    """Whether ``payload`` ends in its correct check value: tag 63, or tag 91 on transfer slips."""
    if _CRC_FIELD.fullmatch(payload[-8:]) is None:
        return False
    try:
        return crc16(payload[:-4]) == payload[-4:]
    except UnicodeEncodeError:  # lone surrogates, which no QR code holds
        return False


def parse_tlv(payload: str) -> dict[str, str]:
    """The fields of one level, in their order; templates stay texts.

    Raises `PayloadError` when a tag or length is not of digits, a field is cut short, or a tag
    occurs twice.
    """
    fields: dict[str, str] = {}
    position = 0
    while position < len(payload):
        head = payload[position : position + 4]
        if not (len(head) == 4 and head.isascii() and head.isdigit()) or head[:2] in fields:
            raise PayloadError(_BAD_TLV)
        start, position = position + 4, position + 4 + int(head[2:])
        fields[head[:2]] = payload[start:position]
    if position > len(payload):
        raise PayloadError(_BAD_TLV)
    return fields


def parse_payload(payload: str) -> dict[str, str | dict[str, str]]:
    """All fields of a payment payload; those of tags 29, 30 and 62 are parsed too.

    Raises `PayloadError` when the fields or the check value are wrong.
    """
    fields = parse_tlv(payload)
    if not verify_crc(payload):
        raise PayloadError(_BAD_CRC)
    return {tag: parse_tlv(value) if tag in _TEMPLATES else value for tag, value in fields.items()}
