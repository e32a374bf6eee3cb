"""How a pledge can be paid: the PromptPay payload and the bank accounts to transfer to (pure).

The bank accounts belong to a package above this one. It puts the function that lists them into the
application's extensions under `ACCOUNTS`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fundapp.giving.allocation import next_open
from fundapp.giving.models import Instalment, InstalmentState, Pledge, PledgeStatus
from fundapp.giving.policy import instalment_state
from fundapp.giving.promptpay import PayloadError, bill_payload, transfer_payload
from fundapp.ledger.models import AccountUse, Fund
from fundapp.thai.banks import Bank

#: Where the application keeps the function that lists the `PayableAccount`s.
ACCOUNTS = "accounts_to_pay_to"


@dataclass(frozen=True, slots=True)
class PayableAccount:
    """An account at a bank to transfer to; ``account_code`` is its account in the books."""

    bank: Bank | None
    bank_code: str
    name: str
    number: str
    account_code: str


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """An instalment with its state today."""

    instalment: Instalment
    state: InstalmentState


@dataclass(frozen=True, slots=True)
class PaymentInstructions:
    """What a donor needs to pay ``instalment``, which is None when there is nothing to pay."""

    instalment: Instalment | None
    has_qr: bool
    qr_has_reference: bool
    accounts: Sequence[PayableAccount]
    schedule: Sequence[ScheduleRow]


def qr_payload(instalment: Instalment, settings: Mapping[str, Any]) -> str | None:
    """The PromptPay payload for the open amount, or None when the fund has set none up.

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


def payment_instructions(
    pledge: Pledge,
    number: str | None,
    settings: Mapping[str, Any],
    accounts: Sequence[PayableAccount],
    today: date,
) -> PaymentInstructions:
    """How to pay the instalment ``number`` of a pledge, as written in an address, else the next
    one.
    """
    chosen = payable_instalment(pledge, number) if number else _next_payable(pledge)
    return PaymentInstructions(
        instalment=chosen,
        has_qr=chosen is not None and qr_payload(chosen, settings) is not None,
        qr_has_reference=bool(settings.get("PROMPTPAY_BILLER_ID")),
        accounts=_accounts_of(pledge.fund, accounts),
        schedule=[
            ScheduleRow(instalment, instalment_state(instalment, pledge.status, today))
            for instalment in pledge.instalments
        ],
    )


def payable_instalment(pledge: Pledge, number: str) -> Instalment | None:
    """The instalment with this number when it can be paid now, else the next one to pay."""
    if pledge.status is not PledgeStatus.ACTIVE:
        return None
    payable = (
        instalment
        for instalment in pledge.instalments
        if str(instalment.number) == number and instalment.open_satang
    )
    return next(payable, None) or _next_payable(pledge)


def _next_payable(pledge: Pledge) -> Instalment | None:
    return next_open(pledge.instalments) if pledge.status is PledgeStatus.ACTIVE else None


def _accounts_of(fund: Fund, accounts: Sequence[PayableAccount]) -> list[PayableAccount]:
    """Those that money of ``fund`` may be paid into."""
    codes = fund.account_codes(AccountUse.BANK)
    return [account for account in accounts if account.account_code in codes]
