"""Pledges and payments that are committed at once, made by the operations that serve the pages."""

import itertools
from typing import Any

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.db import unit_of_work
from fundapp.giving import operations
from fundapp.giving.drafts import GiverAccount, IncomingPayment, PledgeTerms
from fundapp.giving.models import (
    Donor,
    Frequency,
    Instalment,
    Method,
    Payment,
    Pledge,
    RefundOrder,
    RefundPayment,
    RefundWay,
    ReturnReason,
)
from fundapp.giving.queries import get_pledge, get_refund
from fundapp.giving.queries.refunds import newest_account
from fundapp.identity.models import User
from fundapp.ledger import chart
from tests.factories.actors import OFFICER, VISITOR, officer

_numbers = itertools.count(1)


def make_donor(name: str = "Somchai Jaidee", **overrides: Any) -> Donor:
    """A donor; needs an application context (the `session` fixture), as all of these do."""
    return unit_of_work(operations.register_donor, name, **{"actor": OFFICER, **overrides})


def terms(**overrides: Any) -> PledgeTerms:
    """1,000 baht over three months for the fund GENERAL, starting today."""
    fields: dict[str, Any] = {
        "amount_satang": 100_000,
        "fund_code": "GENERAL",
        "starts_on": clock.today(),
        "frequency": Frequency.MONTHLY,
        "instalment_count": 3,
        "name": "Aminah Sani",
        "email": f"aminah-{next(_numbers)}@example.org",
        **overrides,
    }
    return PledgeTerms(**fields)


def make_pledge(**overrides: Any) -> Pledge:
    """A pledge by `terms`; the fund must be there."""
    return get_pledge(unit_of_work(operations.make_pledge, terms(**overrides), actor=VISITOR))


def connect_donor(pledge: Pledge, user: User) -> None:
    """Connect the donor of ``pledge`` with the account of ``user``."""
    donor = pledge.donor.public_id
    unit_of_work(operations.connect_donor, donor, email=user.email, actor=OFFICER)


def incoming(amount_satang: int, **overrides: Any) -> IncomingPayment:
    """A transfer into the main bank account, today."""
    fields: dict[str, Any] = {
        "received_on": clock.today(),
        "method": Method.TRANSFER,
        "asset_account_code": chart.BANK_MAIN,
        **overrides,
    }
    return IncomingPayment(amount_satang, **fields)


def make_payment(
    amount_satang: int, instalment: Instalment | None = None, **overrides: Any
) -> Payment:
    """A payment on ``instalment``, or a gift to the fund GENERAL by somebody at the office."""
    if instalment is not None:
        overrides = {"instalment_reference": instalment.reference, **overrides}
    elif not overrides.keys() & {"pledge_id", "instalment_reference", "fund_code"}:
        overrides = {"fund_code": "GENERAL", "payer_name": "Walk-in", **overrides}
    return unit_of_work(
        operations.receive_payment, incoming(amount_satang, **overrides), actor=OFFICER
    )


def make_return(payment: Payment, **overrides: Any) -> Payment:
    """``payment``, which the bank took back today."""
    values = {"reason": ReturnReason.CHEQUE, "returned_on": clock.today(), **overrides}
    return unit_of_work(operations.return_payment, payment.public_id, **values, actor=OFFICER)


def make_reversal(payment: Payment, reason: str = "The cheque bounced") -> Payment:
    """``payment``, reversed."""
    return unit_of_work(operations.reverse_payment, payment.public_id, reason=reason, actor=OFFICER)


def make_office_refund(payment: Payment, satang: int, way: RefundWay) -> RefundOrder:
    """A refund that two people decided and the office has to pay."""
    confirmer = Actor("confirmer", frozenset({Permission.REFUND_ORDER}))
    values = {"way": way, "asked_by": "asker", "actor": confirmer}
    return unit_of_work(operations.order_refund, payment.public_id, satang, **values)


def make_paid_refund(payment: Payment, satang: int) -> RefundPayment:
    """A refund that was transferred today to an account that the giver entered."""
    ref = make_office_refund(payment, satang, RefundWay.TRANSFER).public_id
    account = GiverAccount("006", "9876543210", "Aminah Sani")
    unit_of_work(operations.enter_refund_account, ref, account, actor=VISITOR)
    seen = str(newest_account(unit_of_work(get_refund, ref).order.id).id)
    unit_of_work(operations.verify_refund_account, ref, seen, actor=officer("verifier"))
    values = {"paid_on": clock.today(), "account_code": chart.BANK_MAIN, "seen": seen}
    return unit_of_work(operations.pay_refund, ref, **values, actor=officer("payer"))
