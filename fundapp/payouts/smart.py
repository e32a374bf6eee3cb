"""The SMART Credit file: one record of 320 characters in TIS-620 for each payout, with CR LF.

Source of the layout: the generic detail record of media clearing as a public program writes it
(arxim/dfgls, ExportDFToBankBean.java; the widths add up to 320). No bank publishes its own.
**Check with your bank** before the first file: branch codes, accounts of more than 11 digits, the
kind of service and the company code differ. An account of up to 11 digits is written with zeros in
front, and its branch is its first three digits; a longer one runs from the field of the branch into
that of the account.

Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

ENCODING = "tis_620"
RECORD_LENGTH = 320
#: Payment for goods and services; "01" is salaries.
SERVICE_TYPE = "04"
_MOST_SATANG = 10**12 - 1
_WHOLE_ACCOUNT = 15

#: Field, width, kind (N: digits, zeros in front; X: text, spaces behind). Positions follow.
LAYOUT: tuple[tuple[str, int, str], ...] = (
    ("file_type", 2, "N"),
    ("record_type", 1, "N"),
    ("batch_number", 6, "N"),
    ("receiving_bank_code", 3, "N"),
    ("receiving_branch_code", 4, "N"),
    ("receiving_account", 11, "N"),
    ("sending_bank_code", 3, "N"),
    ("sending_branch_code", 4, "N"),
    ("sending_account", 11, "N"),
    ("effective_date", 8, "N"),
    ("service_type", 2, "N"),
    ("clearing_house_code", 2, "N"),
    ("amount_satang", 12, "N"),
    ("receiver_information", 60, "X"),
    ("sender_information", 60, "X"),
    ("other_information", 100, "X"),
    ("running_number", 6, "N"),
    ("space", 16, "X"),
    ("company_code", 4, "X"),
    ("sequence_number", 5, "N"),
)


@dataclass(frozen=True, slots=True)
class BankAccountNumber:
    """A bank's three digits and an account number, digits alone."""

    bank_code: str
    number: str


@dataclass(frozen=True, slots=True)
class SmartTransfer:
    """One payout as the bank is told it; ``note`` is what the payee's bank shows, our voucher."""

    account: BankAccountNumber
    name: str
    satang: int
    note: str = ""


class UnfitError(ValueError):
    """A value does not fit into its field; the sequence number of the transfer is its argument."""


def smart_file(
    transfers: Iterable[SmartTransfer], *, sender: BankAccountNumber, sender_name: str, pay_on: date
) -> bytes:
    """The whole file. Raises UnfitError."""
    return b"".join(
        _record(transfer, number, sender, sender_name, pay_on) + b"\r\n"
        for number, transfer in enumerate(transfers, start=1)
    )


def _record(
    transfer: SmartTransfer, number: int, sender: BankAccountNumber, sender_name: str, pay_on: date
) -> bytes:
    try:
        branch, account = _branch_and_account(transfer.account.number)
        own_branch, own_account = _branch_and_account(sender.number)
        if not 0 < transfer.satang <= _MOST_SATANG:
            raise ValueError(transfer.satang)
        values = {
            "file_type": "10",
            "record_type": "2",
            "batch_number": "1",
            "receiving_bank_code": transfer.account.bank_code,
            "receiving_branch_code": branch,
            "receiving_account": account,
            "sending_bank_code": sender.bank_code,
            "sending_branch_code": own_branch,
            "sending_account": own_account,
            "effective_date": pay_on.strftime("%d%m%Y"),
            "service_type": SERVICE_TYPE,
            "clearing_house_code": "0",
            "amount_satang": str(transfer.satang),
            "receiver_information": transfer.name,
            "sender_information": sender_name,
            "other_information": transfer.note,
            "running_number": str(number),
            "sequence_number": str(number),
        }
        record = b"".join(_cell(values.get(name, ""), width, kind) for name, width, kind in LAYOUT)
    except ValueError as error:
        raise UnfitError(number) from error
    return record


def _branch_and_account(number: str) -> tuple[str, str]:
    """The fields of branch and account."""
    if not (number.isascii() and number.isdigit() and len(number) <= _WHOLE_ACCOUNT):
        raise ValueError
    if len(number) > 11:
        whole = number.zfill(_WHOLE_ACCOUNT)
        return whole[:4], whole[4:]
    return number[:3].zfill(4), number.zfill(11)


def _cell(value: str, width: int, kind: str) -> bytes:
    """A field. Names longer than theirs are cut; digits never."""
    if kind == "N":
        if not (value.isascii() and value.isdigit() and len(value) <= width):
            raise ValueError
        return value.zfill(width).encode("ascii")
    if not value.isprintable():
        raise ValueError
    return value.encode(ENCODING)[:width].ljust(width)
