"""What the acts remember of each other: which rows the numbers of the story became."""

from dataclasses import dataclass, field

from sqlalchemy import select

from demo.bank import BankLine
from demo.bank_book import BankBook
from demo.cast import Cast
from demo.happenings import HelpAsked, MoneyComes
from demo.story import Story
from fundapp.banking.models import BankAccount
from fundapp.children.models import Child
from fundapp.db import Base, db
from fundapp.disbursements.models import DisbursementRequest
from fundapp.giving.allocation import next_open
from fundapp.giving.models import Donor, Instalment, Pledge
from fundapp.ledger.models import Fund
from fundapp.places.models import District, Subdistrict


@dataclass(slots=True)
class Stage:
    """Rows by their number in the story. Strong references keep them in the session, and with them
    the few rows that nearly every act looks up.
    """

    story: Story
    cast: Cast
    donors: dict[int, Donor] = field(default_factory=dict)
    pledges: dict[int, Pledge] = field(default_factory=dict)
    #: Public ids of payments, and of the lines that they came with.
    payments: dict[int, str] = field(default_factory=dict)
    lines: dict[int, str] = field(default_factory=dict)
    funds_of_lines: dict[int, str] = field(default_factory=dict)
    children: dict[int, Child] = field(default_factory=dict)
    requests: dict[int, DisbursementRequest] = field(default_factory=dict)
    asked: dict[int, HelpAsked] = field(default_factory=dict)
    vouchers: dict[int, str] = field(default_factory=dict)
    #: Entries of cash that was paid in or drawn.
    cash: dict[int, int] = field(default_factory=dict)
    book: BankBook = field(init=False)
    looked_up: list[Base] = field(default_factory=list)

    def keep_what_is_looked_up(self) -> None:
        """Have funds, accounts and places at hand; call it when the books are open."""
        for table in (Fund, BankAccount, District, Subdistrict):
            self.looked_up.extend(db.session.scalars(select(table)))

    def __post_init__(self) -> None:
        self.book = BankBook(self.story.lines, self.detail_of, self.story.taken_over)

    def detail_of(self, line: BankLine) -> str:
        """What stands in the detail of a movement."""
        if line.request is not None:
            return self.vouchers.get(line.request, "")
        if line.money is None:
            return ""
        payer = self._payer(line.money)
        instalment = self.instalment_of(line.money) if line.money.instalment else None
        if instalment is None:
            return payer
        return f"Ref1 {instalment.reference} Ref2 {line.money.fund} {payer}"

    def instalment_of(self, money: MoneyComes) -> Instalment | None:
        """The instalment that a payment is meant for: the one that was named, else the oldest."""
        pledge = self.pledges.get(money.pledge or 0)
        if pledge is None:
            return None
        if 0 < money.instalment <= len(pledge.instalments):
            return pledge.instalments[money.instalment - 1]
        return next_open(pledge.instalments)

    def _payer(self, money: MoneyComes) -> str:
        donor = self.donors.get(money.donor or 0)
        # Banks mask the account and cut the name.
        return f"X{1000 + (money.donor or 0) * 37 % 9000} {donor.name[:24]}" if donor else ""
