"""What opening a bank account, and proposing one, check alike."""

import re
from collections.abc import Callable

from sqlalchemy import or_, select

from fundapp.banking.errors import BankAccountRefusedError
from fundapp.banking.models import BankAccount
from fundapp.db import db
from fundapp.ledger.chart import is_bank_account
from fundapp.ledger.models import Account
from fundapp.markers import N_
from fundapp.proposals.models import Values
from fundapp.thai.folding import fold_signs
from fundapp.thai.promptpay import PayloadError, read_biller_id, read_promptpay_id

_CODE = re.compile(r"[A-Z][A-Z0-9-]{0,19}")
_BANK = re.compile(r"[0-9]{3}")
_NUMBER = re.compile(r"[0-9][0-9 -]{6,20}[0-9]")
_FEWEST_DIGITS = 8


def check_new_account(
    code: str,
    *,
    name: str,
    bank_code: str,
    account_number: str,
    account_code: str,
    promptpay_biller: str = "",
    promptpay_id: str = "",
) -> BankAccount:
    """The account as it would be added, in no session yet. Raises BankAccountRefusedError."""
    account = BankAccount(
        code=code,
        name=name.strip(),
        bank_code=bank_code,
        account_number=fold_signs(account_number),
        account_code=account_code,
    )
    _check_texts(account)
    _check_mirror(account)
    _check_number_is_free(account)
    set_promptpay(account, promptpay_biller, promptpay_id)
    return account


def account_values(account: BankAccount) -> Values:
    """A new account as a proposal writes it, with numbers as they would be stored."""
    return {
        "name": account.name,
        "bank_code": account.bank_code,
        "account_number": account.account_number,
        "account_code": account.account_code,
        **promptpay_values(account),
    }


def read_promptpay(biller: str, target: str) -> dict[str, str]:
    """The digits of both ids as people write them, empty for an empty text, as a proposal writes
    them. Raises BankAccountRefusedError.
    """
    return {
        "promptpay_biller": _read(read_biller_id, biller, "promptpay_biller"),
        "promptpay_id": _read(read_promptpay_id, target, "promptpay_id"),
    }


def promptpay_values(account: BankAccount) -> Values:
    """The ids that pay into the account, as a proposal writes them."""
    return {
        "promptpay_biller": account.promptpay_biller_id,
        "promptpay_id": account.promptpay_id,
    }


def set_promptpay(account: BankAccount, biller: str, target: str) -> None:
    """Set both ids. Raises BankAccountRefusedError."""
    ids = read_promptpay(biller, target)
    account.promptpay_biller_id = ids["promptpay_biller"]
    account.promptpay_id = ids["promptpay_id"]


def _read(read: Callable[[str], str], text: str, field: str) -> str:
    """The digits of an id, empty for an empty text; BankAccountRefusedError."""
    try:
        return read(text) if text.strip() else ""
    except PayloadError as error:
        raise BankAccountRefusedError(str(error), field=field) from error


def _check_texts(account: BankAccount) -> None:
    _check(_CODE.fullmatch(account.code), N_("Use capital letters, digits and hyphens."), "code")
    _check(account.name, N_("Enter the name of the account."), "name")
    _check(_BANK.fullmatch(account.bank_code), N_("A bank's code has three digits."), "bank")
    is_number = _NUMBER.fullmatch(account.account_number)
    has_digits = len(account.account_digits) >= _FEWEST_DIGITS
    _check(is_number and has_digits, N_("Check the number."), "number")


def _check_mirror(account: BankAccount) -> None:
    """The account of the books is a bank account of the chart, and neither it nor the code is in
    use.
    """
    mirror = db.session.get(Account, account.account_code)
    is_at_bank = mirror is not None and is_bank_account(mirror.code)
    _check(
        is_at_bank,
        N_("Choose a bank account of the chart (112…). Cash boxes and other accounts are none."),
        "account_code",
    )
    in_use = select(BankAccount.code).where(
        or_(
            BankAccount.code == account.code,
            BankAccount.account_code == account.account_code,
        )
    )
    is_free = db.session.scalar(in_use.limit(1)) is None
    _check(is_free, N_("This code or account of the chart is in use already."), "code")


def _check_number_is_free(account: BankAccount) -> None:
    """No account at the same bank has the number."""
    others = select(BankAccount).where(
        BankAccount.bank_code == account.bank_code, BankAccount.code != account.code
    )
    for other in db.session.scalars(others):
        if other.account_digits == account.account_digits:
            raise BankAccountRefusedError(
                N_(
                    "This account of the bank is open already, with the code %(code)s. Check the "
                    "number, or use that one."
                ),
                field="number",
                params={"code": other.code},
            )


def _check(condition: object, sentence: str, field: str) -> None:
    if not condition:
        raise BankAccountRefusedError(sentence, field=field)
