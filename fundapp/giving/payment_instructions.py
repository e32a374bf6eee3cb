"""How a pledge can be paid: the PromptPay payload and the bank accounts to transfer to (pure).

The bank accounts belong to a package above this one. It puts the function that lists them into the
application's extensions under `ACCOUNTS`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fundapp.giving.allocation import next_open
from fundapp.giving.models import Instalment, InstalmentState, Method, Pledge, PledgeStatus
from fundapp.giving.policy import instalment_state, shared_accounts
from fundapp.ledger.chart import BANK_MAIN
from fundapp.ledger.models import Fund, Restriction
from fundapp.thai.banks import Bank
from fundapp.thai.promptpay import PayloadError, bill_payload, transfer_payload

#: Where the application keeps the function that lists the `PayableAccount`s.
ACCOUNTS = "accounts_to_pay_to"


@dataclass(frozen=True, slots=True)
class PromptPayIds:
    """The ids that pay into one bank account, empty where there is none.

    With a biller id a code is a bill payment that carries the reference (tag 30), else with a
    PromptPay id a transfer without one (tag 29).
    """

    biller_id: str = ""
    promptpay_id: str = ""

    @classmethod
    def of_settings(cls, settings: Mapping[str, Any]) -> "PromptPayIds":
        """``PROMPTPAY_BILLER_ID`` and ``PROMPTPAY_ID``."""
        return cls(settings.get("PROMPTPAY_BILLER_ID") or "", settings.get("PROMPTPAY_ID") or "")

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.biller_id or self.promptpay_id)

    def payload(self, instalment: Instalment) -> str | None:
        """The payload for the open amount; None without an id, or when it is no PromptPay id."""
        satang = instalment.open_satang
        try:
            if self.biller_id:
                return bill_payload(self.biller_id, instalment.reference, amount_satang=satang)
            if self.promptpay_id:
                return transfer_payload(self.promptpay_id, amount_satang=satang)
            return None
        except PayloadError:
            return None


@dataclass(frozen=True, slots=True)
class PayableAccount:
    """An account at a bank to transfer to; ``account_code`` is its account in the books."""

    bank: Bank | None
    bank_code: str
    name: str
    number: str
    account_code: str
    promptpay: PromptPayIds = PromptPayIds()
    #: Nobody is asked to pay into it.
    is_frozen: bool = False


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """An instalment with its state today."""

    instalment: Instalment
    state: InstalmentState


@dataclass(frozen=True, slots=True)
class PaymentInstructions:
    """What a donor needs to pay ``instalment``, which is None when there is nothing to pay
    or the fund is not open.
    """

    instalment: Instalment | None
    has_qr: bool
    qr_has_reference: bool
    accounts: Sequence[PayableAccount]
    schedule: Sequence[ScheduleRow]


def promptpay_of(
    funds: Sequence[Fund], accounts: Sequence[PayableAccount], settings: Mapping[str, Any]
) -> PromptPayIds:
    """The ids of the first bank account of all these funds that has any; empty ones when none has.

    Those of the settings are the main account's when it names none. They are never used for zakat,
    which is kept apart. A frozen account has none.
    """
    frozen = {account.account_code for account in accounts if account.is_frozen}
    named = {account.account_code: account.promptpay for account in accounts}
    is_zakat = any(fund.restriction is Restriction.ZAKAT for fund in funds)
    if not is_zakat and not named.get(BANK_MAIN):
        named[BANK_MAIN] = PromptPayIds.of_settings(settings)
    codes = (code for code in shared_accounts(funds, Method.TRANSFER) if code not in frozen)
    own = (named.get(code) for code in codes)
    return next((ids for ids in own if ids), PromptPayIds())


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """One of the fund's own accounts as the public may know it: the funds that are paid into it,
    and the ids of those of their codes that lead to it.
    """

    account: PayableAccount
    funds: Sequence[Fund]
    promptpay: PromptPayIds


def own_accounts(
    funds: Sequence[Fund], accounts: Sequence[PayableAccount], settings: Mapping[str, Any]
) -> list[OwnAccount]:
    """The accounts that donors of these funds are asked to pay into, each with its funds."""
    owned = []
    for account in accounts:
        paying = [fund for fund in funds if account in _accounts_of([fund], accounts)]
        if paying:
            ids = account.promptpay
            if account.account_code == BANK_MAIN and not ids:
                ids = promptpay_of(paying[:1], [account], settings)
            owned.append(OwnAccount(account, paying, ids))
    return owned


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
    status = pledge.status
    if status is PledgeStatus.ACTIVE and not pledge.takes_gifts:
        # As nobody is asked to pay, nothing is overdue either.
        status = PledgeStatus.PAUSED
    ids = promptpay_of(pledge.funds, accounts, settings)
    return PaymentInstructions(
        instalment=chosen,
        has_qr=chosen is not None and ids.payload(chosen) is not None,
        qr_has_reference=bool(ids.biller_id),
        accounts=_accounts_of(pledge.funds, accounts),
        schedule=[
            ScheduleRow(instalment, instalment_state(instalment, status, today))
            for instalment in pledge.instalments
        ],
    )


def payable_instalment(pledge: Pledge, number: str) -> Instalment | None:
    """The instalment with this number when it can be paid now, else the next one to pay; None while
    the fund is not open.
    """
    if not _is_payable(pledge):
        return None
    payable = (
        instalment
        for instalment in pledge.instalments
        if str(instalment.number) == number and instalment.open_satang
    )
    return next(payable, None) or _next_payable(pledge)


def _next_payable(pledge: Pledge) -> Instalment | None:
    return next_open(pledge.instalments) if _is_payable(pledge) else None


def _is_payable(pledge: Pledge) -> bool:
    return pledge.status is PledgeStatus.ACTIVE and pledge.takes_gifts


def _accounts_of(funds: Sequence[Fund], accounts: Sequence[PayableAccount]) -> list[PayableAccount]:
    """Those that money of all these funds may be paid into, and that are not frozen."""
    codes = shared_accounts(funds, Method.TRANSFER)
    return [
        account for account in accounts if account.account_code in codes and not account.is_frozen
    ]
