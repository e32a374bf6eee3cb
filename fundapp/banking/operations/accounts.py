"""Adding bank accounts of the fund, and changing what pays into them."""

import re
from collections.abc import Callable

from sqlalchemy import or_, select

from fundapp.access.actors import Actor, require
from fundapp.banking.errors import BankAccountRefusedError
from fundapp.banking.models import BankAccount
from fundapp.banking.policy import may_open_bank_account
from fundapp.db import db, lock
from fundapp.errors import NotFoundError, StaleError
from fundapp.giving.promptpay import PayloadError, read_biller_id, read_promptpay_id
from fundapp.ledger.models import Account, AccountType
from fundapp.markers import N_
from fundapp.thai.folding import fold_signs
from fundapp.trail.operations import record_event

_CODE = re.compile(r"[A-Z][A-Z0-9-]{0,19}")
_BANK = re.compile(r"[0-9]{3}")
_NUMBER = re.compile(r"[0-9][0-9 -]{6,20}[0-9]")
_FEWEST_DIGITS = 8


def open_bank_account(
    code: str,
    *,
    name: str,
    bank_code: str,
    account_number: str,
    account_code: str,
    promptpay_biller: str = "",
    promptpay_id: str = "",
    actor: Actor,
) -> BankAccount:
    """Add an account at a bank, mirrored by one asset account of the books.

    ``bank_code`` is the Bank of Thailand's three digits; the PromptPay ids are those that pay into
    this account, as people write them. Raises ForbiddenError and BankAccountRefusedError.
    """
    require(may_open_bank_account(actor))
    account = BankAccount(
        code=code,
        name=name.strip(),
        bank_code=bank_code,
        account_number=fold_signs(account_number),
        account_code=account_code,
    )
    _check_texts(account)
    _check_mirror(account)
    _set_promptpay(account, promptpay_biller, promptpay_id)
    db.session.add(account)
    _record("open", account, actor)
    db.session.flush()
    return account


def change_promptpay(
    code: str, *, promptpay_biller: str, promptpay_id: str, version: int, actor: Actor
) -> BankAccount:
    """Change the PromptPay ids that pay into a bank account; an empty text takes one away.

    Codes that donors saved before still pay into the account that they were made for. Raises
    ForbiddenError, NotFoundError, StaleError and BankAccountRefusedError.
    """
    require(may_open_bank_account(actor))
    account = lock(select(BankAccount).where(BankAccount.code == code))
    if account is None:
        raise NotFoundError
    if account.version != version:
        raise StaleError
    before = (account.promptpay_biller_id, account.promptpay_id)
    _set_promptpay(account, promptpay_biller, promptpay_id)
    account.version += 1
    _record("change", account, actor, before)
    db.session.flush()
    return account


def _set_promptpay(account: BankAccount, biller: str, target: str) -> None:
    account.promptpay_biller_id = _read(read_biller_id, biller, "promptpay_biller")
    account.promptpay_id = _read(read_promptpay_id, target, "promptpay_id")


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
    """The account of the books is an asset account, and neither it nor the code is in use."""
    mirror = db.session.get(Account, account.account_code)
    is_asset = mirror is not None and mirror.type is AccountType.ASSET
    _check(is_asset, N_("Choose an asset account of the chart."), "account_code")
    in_use = select(BankAccount.code).where(
        or_(
            BankAccount.code == account.code,
            BankAccount.account_code == account.account_code,
        )
    )
    is_free = db.session.scalar(in_use.limit(1)) is None
    _check(is_free, N_("This code or account of the chart is in use already."), "code")


def _check(condition: object, sentence: str, field: str) -> None:
    if not condition:
        raise BankAccountRefusedError(sentence, field=field)


def _record(
    verb: str, account: BankAccount, actor: Actor, before: tuple[str, str] = ("", "")
) -> None:
    """Write to the trail what was done, and which ids pay into the account from now on."""
    record_event(
        f"banking:account:{verb}",
        actor=actor,
        subject_type="bank_account",
        subject_ref=account.code,
        changes={
            "promptpay_biller_id": (before[0], account.promptpay_biller_id),
            "promptpay_id": (before[1], account.promptpay_id),
        },
    )
