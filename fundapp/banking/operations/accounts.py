"""Bank accounts of the fund."""

import re

from sqlalchemy import or_, select

from fundapp.access.actors import Actor
from fundapp.banking.errors import BankAccountRefusedError
from fundapp.banking.models import BankAccount
from fundapp.banking.policy import digits
from fundapp.db import db
from fundapp.ledger.models import Account, AccountType
from fundapp.markers import N_
from fundapp.trail.operations import record_event

_CODE = re.compile(r"[A-Z][A-Z0-9-]{0,19}")
_BANK = re.compile(r"[0-9]{3}")
_NUMBER = re.compile(r"[0-9][0-9 -]{6,20}[0-9]")


def open_bank_account(
    code: str, *, name: str, bank_code: str, account_number: str, account_code: str, actor: Actor
) -> BankAccount:
    """Make an account at a bank known, mirrored by one asset account of the books.

    ``bank_code`` is the Bank of Thailand's three digits. Raises BankAccountRefusedError.
    """
    _require(_CODE.fullmatch(code), N_("Use capital letters, digits and hyphens."), "code")
    _require(name.strip(), N_("Enter the name of the account."), "name")
    _require(_BANK.fullmatch(bank_code), N_("A bank's code has three digits."), "bank")
    number = _NUMBER.fullmatch(account_number)
    _require(number and len(digits(account_number)) >= 8, N_("Check the number."), "number")
    mirror = db.session.get(Account, account_code)
    is_asset = mirror is not None and mirror.type is AccountType.ASSET
    _require(is_asset, N_("Choose an asset account of the chart."), "account_code")
    taken = select(BankAccount.code).where(
        or_(BankAccount.code == code, BankAccount.account_code == account_code)
    )
    is_free = db.session.scalar(taken.limit(1)) is None
    _require(is_free, N_("This code or account of the chart is in use already."), "code")
    account = BankAccount(
        code=code,
        name=name.strip(),
        bank_code=bank_code,
        account_number=account_number,
        account_code=account_code,
    )
    db.session.add(account)
    record_event("banking:account:open", actor=actor, subject_type="bank_account", subject_ref=code)
    db.session.flush()
    return account


def _require(condition: object, sentence: str, field: str) -> None:
    if not condition:
        raise BankAccountRefusedError(sentence, field=field)
