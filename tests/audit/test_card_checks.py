"""The checks of the card processor: green on what it did, red when a row of it is broken."""

from datetime import timedelta

import pytest

from fundapp.audit.checks import CHECKS, Run
from fundapp.banking.operations import match_card_payout
from fundapp.db import unit_of_work
from tests.audit.tampering import tampered
from tests.factories.actors import OFFICER
from tests.factories.banking import Move, import_moves, make_bank_account
from tests.factories.books import make_fund
from tests.factories.card_payments import card_processor, pay_by_card
from tests.factories.giving import make_pledge

OF_PROCESSOR = [check for check in CHECKS if check.name.startswith("processor.")]

#: What is done by hand, and the checks that turn red.
BROKEN = {
    "UPDATE payments SET external_ref = external_ref || 'x' WHERE external_ref LIKE"
    " 'processor:%' AND status = 'received'": {"charges"},
    "UPDATE payments SET amount_satang = amount_satang + 1 WHERE status = 'received'": {"parts"},
    "UPDATE processor_movements SET amount_satang = amount_satang - 5 WHERE kind = 'refund'": {
        "parts",
        "payouts",
    },
    "UPDATE processor_movements SET fee_entry_id = NULL WHERE kind = 'charge'": {"fees"},
    "UPDATE postings SET amount_satang = amount_satang + 1 WHERE debit_account_code = '5210'": {
        "fees"
    },
    "UPDATE monthly_balances SET debit_satang = debit_satang + 1 WHERE account_code = '1131'": {
        "balance"
    },
    "UPDATE processor_payouts SET amount_satang = amount_satang + 1": {"payouts"},
    "UPDATE matches SET amount_satang = amount_satang - 1": {"payouts"},
}


@pytest.fixture
def paid_out(app, session, client, clock):
    """A gift, one of which a part was refunded, a dispute, and a payout with its line."""
    make_fund("GENERAL")
    make_bank_account()
    with card_processor(app, client) as fake:
        intents = [pay_by_card(fake, client, make_pledge()) for _time in range(3)]
        fake.command("refund", {"id": intents[1], "amount": "10000"})
        fake.command("dispute", {"id": intents[2]})
        pay_by_card(fake, client, make_pledge(amount_satang=900_000))
        payout = fake.command("pay-out", {})
        fake.deliveries.deliver()
        (line,) = import_moves(Move(payout["amount"], "STRIPE"))
        unit_of_work(match_card_payout, payout["id"], line=line.public_id, actor=OFFICER)
        yield fake


def red():
    found = {check.name: list(Run().find(check)) for check in OF_PROCESSOR}
    return {name.removeprefix("processor.") for name, rows in found.items() if rows}


def test_each_turns_red(paid_out):
    assert red() == set()
    found = {}
    for statement in BROKEN:
        with tampered(statement):
            found[statement] = red()
    assert found == BROKEN


def test_a_notice_that_waits_for_an_hour(paid_out, client, clock):
    pay_by_card(paid_out, client, make_pledge())
    paid_out.failures = 100
    paid_out.deliveries.waiting = paid_out.deliveries.waiting[:1]
    paid_out.deliveries.deliver()
    assert red() == set()
    clock.shift(timedelta(minutes=61))
    assert red() == {"notices"}
