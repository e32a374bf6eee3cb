"""Reading the fund's bank accounts."""

from sqlalchemy import select

from fundapp.banking.errors import UnknownBankAccountError
from fundapp.banking.models import BankAccount
from fundapp.db import db
from fundapp.giving.payment_instructions import PayableAccount
from fundapp.thai.banks import banks


def list_bank_accounts() -> list[BankAccount]:
    """The fund's bank accounts, by code."""
    return list(db.session.scalars(select(BankAccount).order_by(BankAccount.code)))


def list_accounts_to_pay_to() -> list[PayableAccount]:
    """The fund's bank accounts as a donor needs them to transfer to."""
    return [
        PayableAccount(
            bank=banks().get(account.bank_code),
            bank_code=account.bank_code,
            name=account.name,
            number=account.account_number,
            account_code=account.account_code,
        )
        for account in list_bank_accounts()
    ]


def get_bank_account(code: str) -> BankAccount:
    """The account; UnknownBankAccountError."""
    account = db.session.get(BankAccount, code)
    if account is None:
        raise UnknownBankAccountError(field="account")
    return account
