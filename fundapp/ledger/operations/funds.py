"""Opening funds, and changing what they are called, where their money lies, what they let go and
what their receipts say about tax.
"""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.ledger.chart import CARD_PROCESSOR, NOT_DEDUCTIBLE, USUAL_ACCOUNTS, FundAccounts
from fundapp.ledger.drafts import FundSettings, Texts
from fundapp.ledger.locking import lock_fund_row
from fundapp.ledger.models import (
    USUAL_LET_GO,
    AccountUse,
    Fund,
    FundAccount,
    Restriction,
    TaxWording,
)
from fundapp.ledger.policy import may_open_fund
from fundapp.ledger.queries import get_tax_texts, is_gift_deductible
from fundapp.ledger.steps import (
    LANGUAGES,
    check_accounts,
    check_let_go_limit,
    check_settings,
    check_tax_wording,
    require_empty,
)
from fundapp.money import format_baht
from fundapp.trail.operations import record_event


def create_fund(
    *,
    code: str,
    restriction: Restriction,
    settings: FundSettings,
    accounts: FundAccounts | None = None,
    tax_wording: Texts = NOT_DEDUCTIBLE,
    actor: Actor,
) -> Fund:
    """Open a fund; ``tax_wording`` is in Thai, English, Malay. Its balance row comes with it.

    Without ``accounts`` it gets those that are usual for its restriction. Raises ForbiddenError,
    FundSettingError, FundAccountError, FundAccountsMissingError.
    """
    require(may_open_fund(actor))
    accounts = accounts or USUAL_ACCOUNTS[restriction]
    check_settings(settings)
    check_accounts(accounts, restriction)
    check_tax_wording(tax_wording)
    fund = Fund(
        code=code.upper(),
        restriction=restriction,
        income_account_code=accounts.income,
        created_at=clock.now(),
        tax_wording_number=0,
        accounts=_account_rows(accounts) + _card_rows(restriction),
    )
    changes = _fill(fund, settings)
    db.session.add(fund)
    changes |= _account_changes(FundAccounts((), ()), accounts)
    changes |= _wording_changes(("", "", ""), tax_wording)
    changes["is_deductible"] = ("", False)
    changes["let_go_limit"] = ("", format_baht(USUAL_LET_GO))
    _record("open", fund, actor, changes=changes)
    db.session.flush()
    _add_wording(fund, tax_wording, is_deductible=False)
    return fund


def change_fund(code: str, settings: FundSettings, *, actor: Actor) -> Fund:
    """Change what a fund is called and how it stands where one gives.

    Raises ForbiddenError, NotFoundError, FundSettingError.
    """
    require(may_open_fund(actor))
    check_settings(settings)
    fund = lock_fund_row(code)
    changes = _fill(fund, settings)
    _record("change", fund, actor, changes=changes)
    db.session.flush()
    return fund


def change_fund_accounts(code: str, accounts: FundAccounts, *, actor: Actor) -> Fund:
    """Let the money of a fund lie in these accounts and no others.

    Raises ForbiddenError, NotFoundError, FundAccountError, FundAccountsMissingError, and
    FundAccountInUseError while money lies in one that is left out.
    """
    require(may_open_fund(actor))
    fund = lock_fund_row(code)
    check_accounts(accounts, fund.restriction)
    before = FundAccounts.of(fund)
    require_empty(fund, {*before.cash, *before.bank} - {*accounts.cash, *accounts.bank})
    wanted = {row.account_code: row for row in _account_rows(accounts)}
    for row in list(fund.accounts):
        if row.use is AccountUse.CARD:
            continue
        other = wanted.pop(row.account_code, None)
        if other is None:
            db.session.delete(row)
        else:
            row.use = other.use
    for row in wanted.values():
        row.fund_code = code
        db.session.add(row)
    fund.income_account_code = accounts.income
    _record("accounts", fund, actor, changes=_account_changes(before, accounts))
    db.session.flush()
    db.session.expire(fund, ["accounts"])
    return fund


def set_tax_wording(code: str, texts: Texts, *, is_deductible: bool = False, actor: Actor) -> Fund:
    """Let receipts of the fund that are issued from now on say this about tax, in Thai, English
    and Malay. With ``is_deductible`` their gifts are entered in e-Donation.

    Receipts that were issued keep their sentence. Raises ForbiddenError, NotFoundError and
    FundSettingError.
    """
    require(may_open_fund(actor))
    check_tax_wording(texts)
    fund = lock_fund_row(code)
    changes = _wording_changes(get_tax_texts(fund), texts)
    changes["is_deductible"] = (is_gift_deductible(fund), is_deductible)
    _add_wording(fund, texts, is_deductible=is_deductible)
    _record("tax-wording", fund, actor, changes=changes)
    db.session.flush()
    return fund


def set_let_go_limit(fund_code: str, satang: int, *, actor: Actor) -> Fund:
    """Set how much of a pledge to the fund may be let go at a time; 0 lets nothing go.

    What was let go before stays. Raises ForbiddenError, NotFoundError and LetGoLimitError.
    """
    require(may_open_fund(actor))
    fund = lock_fund_row(fund_code)
    check_let_go_limit(satang)
    changes: dict[str, tuple[object, object]] = {
        "let_go_limit": (format_baht(fund.let_go_limit_satang), format_baht(satang))
    }
    fund.let_go_limit_satang = satang
    _record("let-go-limit", fund, actor, note=format_baht(satang), changes=changes)
    db.session.flush()
    return fund


def _fill(fund: Fund, settings: FundSettings) -> dict[str, tuple[object, object]]:
    """Set every column; the values before and after, for the trail."""
    columns: dict[str, object] = {
        "position": settings.position,
        "accepts_gifts": settings.accepts_gifts,
        "minimum_satang": settings.minimum_satang,
        "goal_satang": settings.goal_satang,
    }
    for language, name, purpose in zip(LANGUAGES, settings.names, settings.purposes, strict=True):
        columns |= {f"name_{language}": name, f"purpose_{language}": purpose}
    changes = {name: (getattr(fund, name), value) for name, value in columns.items()}
    for name, value in columns.items():
        setattr(fund, name, value)
    return changes


def _add_wording(fund: Fund, texts: Texts, *, is_deductible: bool) -> None:
    fund.tax_wording_number += 1
    db.session.add(
        TaxWording(
            fund_code=fund.code,
            number=fund.tax_wording_number,
            text_th=texts[0],
            text_en=texts[1],
            text_ms=texts[2],
            since_on=clock.today(),
            is_deductible=is_deductible,
        )
    )
    db.session.flush()


def _wording_changes(before: Texts, after: Texts) -> dict[str, tuple[object, object]]:
    return {
        f"text_{language}": (was, will_be)
        for language, was, will_be in zip(LANGUAGES, before, after, strict=True)
    }


def _account_rows(accounts: FundAccounts) -> list[FundAccount]:
    return [
        FundAccount(account_code=account_code, use=use)
        for use, codes in ((AccountUse.CASH, accounts.cash), (AccountUse.BANK, accounts.bank))
        for account_code in codes
    ]


def _card_rows(restriction: Restriction) -> list[FundAccount]:
    """The account at the card processor. It pays all funds out into one account at a bank, so
    zakat, which is kept apart there, has none.
    """
    if restriction is Restriction.ZAKAT:
        return []
    return [FundAccount(account_code=CARD_PROCESSOR, use=AccountUse.CARD)]


def _account_changes(before: FundAccounts, after: FundAccounts) -> dict[str, tuple[object, object]]:
    return {
        "cash": (", ".join(before.cash), ", ".join(after.cash)),
        "bank": (", ".join(before.bank), ", ".join(after.bank)),
        "income": (before.income, after.income),
    }


def _record(
    verb: str,
    fund: Fund,
    actor: Actor,
    note: str = "",
    changes: dict[str, tuple[object, object]] | None = None,
) -> None:
    record_event(
        f"ledger:fund:{verb}",
        actor=actor,
        subject_type="fund",
        subject_ref=fund.code,
        note=note,
        changes=changes,
    )
