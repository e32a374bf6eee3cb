"""Funds and the accounts of the chart."""

from sqlalchemy import select

from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.ledger.drafts import Texts
from fundapp.ledger.models import Account, AccountType, Fund, TaxWording


def natural_sign(account_type: AccountType) -> int:
    """1 where debits raise the balance (assets, expenses), -1 where credits do."""
    return 1 if account_type in (AccountType.ASSET, AccountType.EXPENSE) else -1


def list_funds() -> list[Fund]:
    """All funds, in the order of lists."""
    return list(db.session.scalars(select(Fund).order_by(Fund.position, Fund.code)))


def list_open_funds() -> list[Fund]:
    """The funds that promise and pay, in the order of lists: neither frozen nor closed."""
    return [fund for fund in list_funds() if fund.is_open]


def get_fund(code: str) -> Fund:
    """The fund; NotFoundError."""
    fund = db.session.get(Fund, code)
    if fund is None:
        raise NotFoundError
    return fund


def get_tax_texts(fund: Fund) -> Texts:
    """What new receipts of the fund say about tax, in Thai, English and Malay."""
    wording = db.session.get_one(TaxWording, (fund.code, fund.tax_wording_number))
    return wording.text_th, wording.text_en, wording.text_ms


def is_gift_deductible(fund: Fund) -> bool:
    """Whether new gifts to the fund are entered in e-Donation, as its tax wording says."""
    wording = db.session.get_one(TaxWording, (fund.code, fund.tax_wording_number))
    return wording.is_deductible


def list_accounts() -> list[Account]:
    """The chart of accounts, by code."""
    return list(db.session.scalars(select(Account).order_by(Account.code)))


def get_account(code: str) -> Account:
    """The account; NotFoundError."""
    account = db.session.get(Account, code)
    if account is None:
        raise NotFoundError
    return account
