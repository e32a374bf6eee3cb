"""Adding bank accounts of the fund, and changing what pays into them."""

from sqlalchemy import select

from fundapp.access.actors import Actor, require
from fundapp.banking.errors import AccountStateError
from fundapp.banking.models import BankAccount
from fundapp.banking.policy import (
    may_freeze_account,
    may_open_bank_account,
    may_propose_banking,
)
from fundapp.banking.steps import (
    account_values,
    check_new_account,
    read_promptpay,
    set_promptpay,
)
from fundapp.db import db, lock, lock_all
from fundapp.errors import NotFoundError, StaleError
from fundapp.ledger.models import Account
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import make_proposal
from fundapp.trail.operations import record_event

#: Names of kinds of proposals.
BANK_ACCOUNT = "bank-account"
PROMPTPAY = "promptpay"
ACCOUNT_RELEASE = "bank-account-release"


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
    # One is opened at a time, so that none with the same number comes between check and row.
    lock_all(select(Account).where(Account.code.like("112%")).order_by(Account.code))
    account = check_new_account(
        code,
        name=name,
        bank_code=bank_code,
        account_number=account_number,
        account_code=account_code,
        promptpay_biller=promptpay_biller,
        promptpay_id=promptpay_id,
    )
    db.session.add(account)
    _record("open", account, actor, opened=True)
    db.session.flush()
    return account


def propose_bank_account(code: str, *, actor: Actor, **values: str) -> Proposal:
    """Propose to add an account at a bank; ``values`` are those of `open_bank_account`.

    Raises ForbiddenError, BankAccountRefusedError and AlreadyProposedError.
    """
    require(may_propose_banking(actor))
    account = check_new_account(code, **values)
    return make_proposal(BANK_ACCOUNT, account.code, account_values(account), actor=actor)


def propose_promptpay(
    code: str, *, promptpay_biller: str, promptpay_id: str, version: int, actor: Actor
) -> Proposal:
    """Propose other PromptPay ids of a bank account, for an administrator to confirm.

    Raises as `change_promptpay` does, NothingProposedError and AlreadyProposedError.
    """
    require(may_propose_banking(actor))
    account = lock(select(BankAccount).where(BankAccount.code == code))
    if account is None:
        raise NotFoundError
    if account.version != version:
        raise StaleError
    wanted = read_promptpay(promptpay_biller, promptpay_id)
    return make_proposal(PROMPTPAY, code, wanted, actor=actor)


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
    set_promptpay(account, promptpay_biller, promptpay_id)
    account.version += 1
    _record("change", account, actor, before)
    db.session.flush()
    return account


def freeze_account(code: str, *, actor: Actor) -> BankAccount:
    """Stop a bank account at once: donors are not shown it, and nothing is paid or moved out of it,
    until two people release it. What the bank did is booked.

    Raises ForbiddenError, NotFoundError, AccountStateError.
    """
    require(may_freeze_account(actor))
    return _set_frozen(code, True, actor)


def release_account(code: str, *, actor: Actor) -> BankAccount:
    """Let a frozen bank account be used again.

    Raises ForbiddenError, NotFoundError, AccountStateError.
    """
    require(may_open_bank_account(actor))
    return _set_frozen(code, False, actor)


def _set_frozen(code: str, is_frozen: bool, actor: Actor) -> BankAccount:
    account = lock(select(BankAccount).where(BankAccount.code == code))
    if account is None:
        raise NotFoundError
    if account.is_frozen is is_frozen:
        raise AccountStateError
    account.is_frozen = is_frozen
    account.version += 1
    record_event(
        f"banking:account:{'freeze' if is_frozen else 'release'}",
        actor=actor,
        subject_type="bank_account",
        subject_ref=account.code,
    )
    db.session.flush()
    return account


def _record(
    verb: str,
    account: BankAccount,
    actor: Actor,
    before: tuple[str, str] = ("", ""),
    *,
    opened: bool = False,
) -> None:
    """Write to the trail what was done, and which ids pay into the account from now on."""
    details = ("name", "bank_code", "account_number", "account_code") if opened else ()
    record_event(
        f"banking:account:{verb}",
        actor=actor,
        subject_type="bank_account",
        subject_ref=account.code,
        changes={
            **{detail: ("", getattr(account, detail)) for detail in details},
            "promptpay_biller_id": (before[0], account.promptpay_biller_id),
            "promptpay_id": (before[1], account.promptpay_id),
        },
    )
