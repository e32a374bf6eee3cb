"""Codes of the chart of accounts that operations post to; its rows are reference data."""

from dataclasses import dataclass

from fundapp.ledger.models import AccountUse, Fund, Restriction

CASH_ON_HAND = "1110"
BANK_MAIN = "1121"
BANK_ZAKAT = "1122"
BANK_THIRD = "1123"
#: What the card processor holds until it pays it into `BANK_MAIN`.
CARD_PROCESSOR = "1131"
ASSISTANCE_PAYABLE = "2110"
NOT_IDENTIFIED = "2120"
#: Gifts of which two people decided that they are given back, until they are.
REFUNDS_PAYABLE = "2130"
INTEREST_KEPT_APART = "2140"
NET_ASSETS_BROUGHT_FORWARD = "3110"
#: What a fund gave other funds and took of them; of all funds together nothing.
BETWEEN_FUNDS = "3120"
DONATIONS_INDIVIDUALS = "4110"
DONATIONS_ORGANISATIONS = "4120"
ZAKAT_RECEIVED = "4130"
BANK_INTEREST = "4210"
ASSISTANCE_LIVING = "5110"
ASSISTANCE_EDUCATION = "5120"
ASSISTANCE_TRAVEL = "5130"
ASSISTANCE_HEALTH = "5140"
ASSISTANCE_FOOD = "5150"
BANK_FEES = "5210"
WITHHOLDING_TAX = "5220"
#: What was refunded of gifts that the bank took back afterwards.
REFUNDED_AND_TAKEN_BACK = "5230"
#: Cash that people of the staff hold: taken from the fund at once, so that it is promised once.
ADVANCES_HELD = "5240"
OFFICE_COSTS = "5310"
STAFF_TRAVEL = "5320"
EVENT_COSTS = "5330"
# The chart numbers cash boxes from 1110 on, accounts at banks from 1120 on.
_CASH_BOXES = "111"
_BANK_ACCOUNTS = "112"


def is_cash_box(code: str) -> bool:
    """Whether money in this account of the chart is cash."""
    return code.startswith(_CASH_BOXES)


def is_bank_account(code: str) -> bool:
    """Whether this account of the chart mirrors an account at a bank."""
    return code.startswith(_BANK_ACCOUNTS)


@dataclass(frozen=True, slots=True)
class FundAccounts:
    """The accounts of a fund: where its money may be kept, and the income account of its gifts
    (None: by what the donor is).
    """

    cash: tuple[str, ...] = (CASH_ON_HAND,)
    bank: tuple[str, ...] = (BANK_MAIN,)
    income: str | None = None

    @classmethod
    def of(cls, fund: Fund) -> "FundAccounts":
        """Those of a fund."""
        return cls(
            tuple(fund.account_codes(AccountUse.CASH)),
            tuple(fund.account_codes(AccountUse.BANK)),
            fund.income_account_code,
        )


#: What a new fund gets unless other accounts are named.
USUAL_ACCOUNTS = {
    Restriction.UNRESTRICTED: FundAccounts(),
    Restriction.RESTRICTED: FundAccounts(),
    Restriction.ZAKAT: FundAccounts(bank=(BANK_ZAKAT,), income=ZAKAT_RECEIVED),
}


#: What the receipts of a new fund say about tax unless other words are named: Thai, English, Malay.
NOT_DEDUCTIBLE = (
    "เงินบริจาคนี้ไม่ได้ขึ้นทะเบียนเพื่อใช้ลดหย่อนภาษี",
    "This gift is not registered for a tax deduction.",
    "Derma ini tidak didaftarkan untuk potongan cukai.",
)
