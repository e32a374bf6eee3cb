"""The rows made so far, by their numbers in the plan."""

from dataclasses import dataclass, field

from sqlalchemy import select

from demo.bank_lines import BankLine
from demo.bank_records import BankRecords
from demo.events import HelpRequested, PaymentReceived
from demo.people import People
from demo.plan import DemoPlan
from fundapp.banking.models import BankAccount
from fundapp.children.models import Child
from fundapp.db import Base, db
from fundapp.disbursements.models import DisbursementRequest
from fundapp.giving.allocation import next_open
from fundapp.giving.models import Donor, Instalment, Pledge
from fundapp.ledger.models import Fund
from fundapp.places.models import District, Subdistrict


@dataclass(slots=True)
class DemoState:
    """Rows by their numbers in the plan. Strong references keep them, and the few reference rows
    that nearly every operation looks up, in the session.
    """

    plan: DemoPlan
    people: People
    donors: dict[int, Donor] = field(default_factory=dict)
    pledges: dict[int, Pledge] = field(default_factory=dict)
    #: By payment: its public id, the public id of its statement line, and the line's fund.
    payments: dict[int, str] = field(default_factory=dict)
    lines: dict[int, str] = field(default_factory=dict)
    funds_of_lines: dict[int, str] = field(default_factory=dict)
    children: dict[int, Child] = field(default_factory=dict)
    requests: dict[int, DisbursementRequest] = field(default_factory=dict)
    request_events: dict[int, HelpRequested] = field(default_factory=dict)
    vouchers: dict[int, str] = field(default_factory=dict)
    #: Ids of the entries of cash that was paid in or drawn.
    cash_entries: dict[int, int] = field(default_factory=dict)
    bank: BankRecords = field(init=False)
    reference_rows: list[Base] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bank = BankRecords(self.plan.lines, self.detail_of, self.plan.older_satang)

    def load_reference_rows(self) -> None:
        """Read funds, accounts and places into the session, once the books are set up."""
        for table in (Fund, BankAccount, District, Subdistrict):
            self.reference_rows.extend(db.session.scalars(select(table)))

    def detail_of(self, line: BankLine) -> str:
        """The text that came with a movement: a voucher, a reference, the payer."""
        if line.request is not None:
            return self.vouchers.get(line.request, "")
        if line.received is None:
            return ""
        payer = self._payer(line.received)
        instalment = self.instalment_of(line.received) if line.received.instalment else None
        if instalment is None:
            return payer
        return f"Ref1 {instalment.reference} Ref2 {line.received.fund} {payer}"

    def instalment_of(self, payment: PaymentReceived) -> Instalment | None:
        """The instalment that a payment is meant for: the one that was named, else the oldest."""
        pledge = self.pledges.get(payment.pledge or 0)
        if pledge is None:
            return None
        if 0 < payment.instalment <= len(pledge.instalments):
            return pledge.instalments[payment.instalment - 1]
        return next_open(pledge.instalments)

    def _payer(self, payment: PaymentReceived) -> str:
        donor = self.donors.get(payment.donor or 0)
        # Banks mask the account number and cut the name.
        return f"X{1000 + (payment.donor or 0) * 37 % 9000} {donor.name[:24]}" if donor else ""
