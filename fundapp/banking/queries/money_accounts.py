"""Where the funds' money lies: each bank account and cash box, with its funds."""

from collections.abc import Sequence
from dataclasses import dataclass

from fundapp.banking.models import BankAccount
from fundapp.banking.queries.accounts import list_bank_accounts
from fundapp.ledger.models import Account, AccountType, Fund
from fundapp.ledger.queries import Holdings, find_holdings, list_accounts, list_funds


@dataclass(frozen=True, slots=True)
class Share:
    """What a fund has in an account, in satang; ``is_named`` when it may keep money there."""

    fund: Fund
    satang: int
    is_named: bool


@dataclass(frozen=True, slots=True)
class MoneyAccount:
    """An account of the books that money lies in; a cash box has no bank account."""

    account: Account
    bank_account: BankAccount | None
    shares: Sequence[Share]
    in_all_satang: int


def list_money_accounts() -> list[MoneyAccount]:
    """The accounts that a fund names, that a bank keeps or that money lies in, by code."""
    at_banks = {account.account_code: account for account in list_bank_accounts()}
    funds, holdings = list_funds(), find_holdings()
    rows = [
        MoneyAccount(
            account,
            at_banks.get(account.code),
            _shares(account.code, funds, holdings),
            holdings.in_all(account.code),
        )
        for account in list_accounts()
        if account.type is AccountType.ASSET
    ]
    return [row for row in rows if row.shares or row.bank_account]


def _shares(account_code: str, funds: Sequence[Fund], holdings: Holdings) -> list[Share]:
    shares = [
        Share(fund, holdings.of_fund(fund.code, account_code), fund.keeps_in(account_code))
        for fund in funds
    ]
    return [share for share in shares if share.is_named or share.satang]
