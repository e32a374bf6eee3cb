"""What changing a fund or a month, and proposing it, check alike."""

import re
from collections.abc import Iterable

from fundapp.ledger.chart import (
    BANK_MAIN,
    BANK_ZAKAT,
    FundAccounts,
    is_bank_account,
    is_cash_box,
)
from fundapp.ledger.closing import find_stopping
from fundapp.ledger.drafts import FundSettings, Texts
from fundapp.ledger.errors import (
    FundAccountError,
    FundAccountInUseError,
    FundAccountsMissingError,
    FundClosedError,
    FundSettingError,
    LetGoLimitError,
    PeriodBlockedError,
    PeriodNotClosedError,
    YearClosedError,
)
from fundapp.ledger.models import (
    MOST_LET_GO,
    MOST_MINIMUM,
    AccountType,
    AccountUse,
    Fund,
    Period,
    PeriodStatus,
    Restriction,
)
from fundapp.ledger.queries import (
    find_closed_year_after,
    find_holdings,
    get_fund,
    list_accounts,
    list_funds,
)
from fundapp.markers import N_
from fundapp.money import format_baht

#: Codes are in canonical bytes and in files that others read, and never change.
FUND_CODE = re.compile(r"[A-Z][A-Z0-9-]{0,19}")
LANGUAGES = ("th", "en", "ms")
LONGEST_NAME = 200
LONGEST_TEXT = 500
_MOST_POSITION = 1000
_ZAKAT_APART = N_(
    "Zakat is kept apart at the bank, and account %(account)s would hold both zakat and other "
    "money. Choose another one."
)
_NO_CASH_BOX = N_("Account %(account)s is no cash box. Choose one that is offered.")
_NO_BANK_ACCOUNT = N_("Account %(account)s is no account at a bank. Choose one that is offered.")


def check_settings(settings: FundSettings) -> None:
    """Raise FundSettingError for a name that is missing or a value out of range."""
    _require_texts(settings.names, "name", LONGEST_NAME)
    for language, purpose in zip(LANGUAGES, settings.purposes, strict=True):
        _require_length(purpose, f"purpose_{language}", LONGEST_TEXT)
    if not 0 <= settings.position <= _MOST_POSITION:
        _refuse(N_("Choose a place from 0 to %(most)s."), "position", str(_MOST_POSITION))
    if not 0 <= settings.minimum_satang <= MOST_MINIMUM:
        _refuse(N_("Ask for %(most)s baht at most."), "minimum", format_baht(MOST_MINIMUM))
    if settings.goal_satang is not None and settings.goal_satang <= 0:
        _refuse(N_("A goal is more than nothing, or empty."), "goal")


def check_tax_wording(texts: Texts) -> None:
    """Raise FundSettingError for a sentence that is missing or too long."""
    _require_texts(texts, "text", LONGEST_TEXT)


def check_let_go_limit(satang: int) -> None:
    """Raise LetGoLimitError for a limit out of range."""
    if not 0 <= satang <= MOST_LET_GO:
        raise LetGoLimitError(field="limit", params={"most": format_baht(MOST_LET_GO)})


def check_accounts(accounts: FundAccounts, restriction: Restriction) -> None:
    """Raise FundAccountsMissingError, and FundAccountError for an account of another kind or one
    that would hold both zakat and other money.
    """
    if not (*accounts.cash, *accounts.bank):
        raise FundAccountsMissingError(field="bank")
    known = {account.code: account.type for account in list_accounts()}
    income = [accounts.income] if accounts.income else []
    for field, codes, is_right, sentence in (
        ("cash", accounts.cash, is_cash_box, _NO_CASH_BOX),
        ("bank", accounts.bank, is_bank_account, _NO_BANK_ACCOUNT),
        ("income", income, lambda code: known[code] is AccountType.INCOME, None),
    ):
        for code in codes:
            if code not in known or not is_right(code):
                raise FundAccountError(sentence, field=field, params={"account": code})
    _check_zakat_apart(accounts, is_zakat=restriction is Restriction.ZAKAT)


def _check_zakat_apart(accounts: FundAccounts, *, is_zakat: bool) -> None:
    """Cash boxes may be shared: only the bank keeps zakat apart."""
    taken = {BANK_MAIN if is_zakat else BANK_ZAKAT}
    for fund in list_funds():
        if (fund.restriction is Restriction.ZAKAT) is not is_zakat:
            taken.update(fund.account_codes(AccountUse.BANK))
    for code in accounts.bank:
        if code in taken:
            raise FundAccountError(_ZAKAT_APART, field="bank", params={"account": code})


def require_not_closed(code: str) -> Fund:
    """The fund of that code. Raises NotFoundError, and FundClosedError for a closed one, of which
    nothing is changed before it is opened again.
    """
    fund = get_fund(code)
    if fund.is_closed:
        raise FundClosedError
    return fund


def require_empty(fund: Fund, codes: Iterable[str]) -> None:
    """Raise FundAccountInUseError when money of the fund lies in one of the accounts."""
    holdings = find_holdings(fund.code)
    for code in sorted(codes):
        satang = holdings.of_fund(fund.code, code)
        if satang:
            params = {"account": code, "amount": format_baht(satang)}
            raise FundAccountInUseError(field="bank", params=params)


def _require_texts(texts: Texts, name: str, longest: int) -> None:
    for language, text in zip(LANGUAGES, texts, strict=True):
        if not text.strip():
            _refuse(N_("Write it in all three languages."), f"{name}_{language}")
        _require_length(text, f"{name}_{language}", longest)


def _require_length(text: str, field: str, longest: int) -> None:
    if len(text) > longest:
        _refuse(N_("This is too long. Use at most %(most)s characters."), field, str(longest))


def _refuse(sentence: str, field: str, most: str = "") -> None:
    raise FundSettingError(sentence, field=field, params={"most": most})


def require_closable(period: Period) -> None:
    """PeriodBlockedError while something that blocks is left."""
    stopping = find_stopping(period)
    if stopping:
        raise PeriodBlockedError(params={"count": len(stopping)})


def require_reopenable(period: Period) -> None:
    """PeriodNotClosedError, and YearClosedError while a fiscal year that ends later is closed."""
    if period.status is not PeriodStatus.CLOSED:
        raise PeriodNotClosedError
    year_end = find_closed_year_after(period.starts_on)
    if year_end is not None:
        raise YearClosedError(params={"ends_on": year_end.ends_on})
