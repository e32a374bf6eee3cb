"""The bytes that a bank gets: generic CSV, or SMART Credit (`smart`). Pure."""

from collections.abc import Sequence
from datetime import date

from fundapp.csv_safety import baht_cell, csv_lines
from fundapp.payouts.models import BankFileKind
from fundapp.payouts.smart import BankAccountNumber, SmartTransfer, smart_file

_HEADER = ("voucher", "pay_on", "bank", "account", "name", "amount_baht", "from_account")
_MARK = "\ufeff"
MEDIA_TYPES = {BankFileKind.CSV: "text/csv", BankFileKind.SMART: "text/plain"}
ENDINGS = {BankFileKind.CSV: "csv", BankFileKind.SMART: "txt"}


def bank_file(
    kind: BankFileKind,
    transfers: Sequence[SmartTransfer],
    *,
    sender: BankAccountNumber,
    sender_name: str,
    pay_on: date,
) -> bytes:
    """The file. Raises smart.UnfitError."""
    if kind is BankFileKind.SMART:
        return smart_file(transfers, sender=sender, sender_name=sender_name, pay_on=pay_on)
    rows = [
        (
            transfer.note,
            pay_on,
            transfer.account.bank_code,
            transfer.account.number,
            transfer.name,
            baht_cell(transfer.satang),
            sender.number,
        )
        for transfer in transfers
    ]
    return (_MARK + "".join(csv_lines(_HEADER, rows))).encode()
