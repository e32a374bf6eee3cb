"""Reading the fund's bank accounts."""

from sqlalchemy import select

from fundapp.banking.errors import UnknownBankAccountError
from fundapp.banking.models import BankAccount
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.giving.payment_instructions import PayableAccount, PromptPayIds
from fundapp.ledger.chart import is_bank_account
from fundapp.ledger.models import Account
from fundapp.ledger.queries import list_accounts
from fundapp.thai.banks import banks


def list_bank_accounts() -> list[BankAccount]:
    """The fund's bank accounts, by code."""
    return list(db.session.scalars(select(BankAccount).order_by(BankAccount.code)))


def list_free_mirrors() -> list[Account]:
    """The bank accounts of the chart that mirror no account at a bank yet."""
    taken = {account.account_code for account in list_bank_accounts()}
    return [
        account
        for account in list_accounts()
        if is_bank_account(account.code) and account.code not in taken
    ]


def list_accounts_to_pay_to() -> list[PayableAccount]:
    """The fund's bank accounts as a donor needs them to transfer to."""
    return [
        PayableAccount(
            bank=banks().get(account.bank_code),
            bank_code=account.bank_code,
            name=account.name,
            number=account.account_number,
            account_code=account.account_code,
            promptpay=PromptPayIds(account.promptpay_biller_id, account.promptpay_id),
            is_frozen=account.is_frozen,
        )
        for account in list_bank_accounts()
    ]


def get_bank_account(code: str) -> BankAccount:
    """The account; UnknownBankAccountError."""
    account = db.session.get(BankAccount, code)
    if account is None:
        raise UnknownBankAccountError(field="account")
    return account


def find_bank_account(code: str) -> BankAccount:
    """The account of an address; NotFoundError."""
    account = db.session.get(BankAccount, code)
    if account is None:
        raise NotFoundError
    return account
