"""How an instalment can be paid: the QR payload and the bank accounts (pure).

The bank accounts are kept by a package above this one, which puts the function that lists them
into the application's extensions under `ACCOUNTS`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fundapp.giving.models import Instalment, Pledge, PledgeStatus
from fundapp.giving.policy import InstalmentState, instalment_state, next_open
from fundapp.giving.promptpay import PayloadError, bill_payload, transfer_payload
from fundapp.ledger.models import AccountUse, Fund
from fundapp.thai.banks import Bank

#: Where the application keeps the function that lists the `PayableAccount`s to pay to.
ACCOUNTS = "accounts_to_pay_to"


@dataclass(frozen=True, slots=True)
class PayableAccount:
    """An account at a bank to transfer to; ``account_code`` is the account of the books."""

    bank: Bank | None
    bank_code: str
    name: str
    number: str
    account_code: str


def qr_payload(instalment: Instalment, settings: Mapping[str, Any]) -> str | None:
    """The PromptPay payload for what is still open, or None when the fund has set none up.

    With ``PROMPTPAY_BILLER_ID`` it is a bill payment that carries the reference (tag 30), with
    ``PROMPTPAY_ID`` a transfer without one (tag 29). A setting that is no PromptPay id counts as
    none.
    """
    biller, target = settings.get("PROMPTPAY_BILLER_ID"), settings.get("PROMPTPAY_ID")
    satang = instalment.open_satang
    try:
        if biller:
            return bill_payload(biller, instalment.reference, amount_satang=satang)
        return transfer_payload(target, amount_satang=satang) if target else None
    except PayloadError:
        return None


def carries_reference(settings: Mapping[str, Any]) -> bool:
    """Whether the QR code brings the reference along, so that nobody has to type it."""
    return bool(settings.get("PROMPTPAY_BILLER_ID"))


def bank_accounts(fund: Fund, listed: Sequence[PayableAccount]) -> list[PayableAccount]:
    """Those that ``fund`` may keep money in."""
    codes = fund.account_codes(AccountUse.BANK)
    return [account for account in listed if account.account_code in codes]


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """An instalment as the pledge's page shows it."""

    instalment: Instalment
    state: InstalmentState


@dataclass(frozen=True, slots=True)
class PaySheet:
    """Everything the pledge's page says about paying; ``instalment`` None: there is nothing to
    pay.
    """

    instalment: Instalment | None
    has_qr: bool
    qr_has_reference: bool
    accounts: Sequence[PayableAccount]
    schedule: Sequence[ScheduleRow]
    paid_satang: int


def pay_sheet(
    pledge: Pledge,
    number: str | None,
    settings: Mapping[str, Any],
    accounts: Sequence[PayableAccount],
    today: date,
) -> PaySheet:
    """The page of ``pledge`` for the instalment ``number`` as typed in an address, else the next
    open one.
    """
    chosen = payable(pledge, number) if number else next_payable(pledge)
    return PaySheet(
        instalment=chosen,
        has_qr=chosen is not None and qr_payload(chosen, settings) is not None,
        qr_has_reference=carries_reference(settings),
        accounts=bank_accounts(pledge.fund, accounts),
        schedule=[
            ScheduleRow(one, instalment_state(one, pledge.status, today))
            for one in pledge.instalments
        ],
        paid_satang=sum(one.paid_satang for one in pledge.instalments),
    )


def next_payable(pledge: Pledge) -> Instalment | None:
    """The instalment to pay next, if the pledge asks for any."""
    return next_open(pledge.instalments) if pledge.status is PledgeStatus.ACTIVE else None


def payable(pledge: Pledge, number: str) -> Instalment | None:
    """The instalment with this number when it can be paid now, else what is to pay next."""
    can_be_paid = (
        one
        for one in pledge.instalments
        if str(one.number) == number and one.open_satang and pledge.status is PledgeStatus.ACTIVE
    )
    return next(can_be_paid, None) or next_payable(pledge)
