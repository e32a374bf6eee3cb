"""Batches of payouts for tests, by the operations of the pages."""

from dataclasses import dataclass
from typing import Any

from fundapp import clock
from fundapp.db import unit_of_work
from fundapp.disbursements.models import DisbursementRequest
from fundapp.identity.models import User
from fundapp.ids import new_public_id
from fundapp.payouts import operations
from fundapp.payouts.models import BankFileKind, PayoutBatch
from fundapp.payouts.operations.batches import TakenFile
from fundapp.payouts.operations.results import TellResult
from tests.factories.banking import make_bank_account
from tests.factories.disbursements import Team, make_approved, make_team
from tests.factories.identity import make_user

SENDER = "กองทุนตัวอย่าง"


@dataclass
class Hands:
    """Five people and what they work on."""

    team: Team
    maker: User
    releaser: User
    taker: User
    requests: list[DisbursementRequest]


def make_hands(count: int = 3, team: Team | None = None) -> Hands:
    """A team, a second fund officer, another approver, and so many approved requests. With a team
    there is a bank account already.
    """
    if team is None:
        team = make_team()
        make_bank_account()
    return Hands(
        team=team,
        maker=team.payer,
        releaser=make_user("approver"),
        taker=make_user("fund_officer"),
        requests=[make_approved(team, 1_000_00 + number) for number in range(count)],
    )


def make_batch(hands: Hands, **overrides: Any) -> PayoutBatch:
    """A batch of all requests, to be paid today."""
    values = {
        "bank_account": "KTB-MAIN",
        "pay_on": clock.today(),
        "key": new_public_id(),
        "actor": hands.maker.as_actor(),
        **overrides,
    }
    ids = values.pop("requests", [request.public_id for request in hands.requests])
    return unit_of_work(operations.make_batch, ids, **values)


def release(batch: PayoutBatch, hands: Hands, **overrides: Any) -> PayoutBatch:
    """Release it."""
    values = {"actor": hands.releaser.as_actor(), **overrides}
    return unit_of_work(operations.release_batch, batch.public_id, **values)


def take(batch: PayoutBatch, hands: Hands, **overrides: Any) -> TakenFile:
    """Take its file to the bank."""
    values = {
        "kind": BankFileKind.SMART,
        "sender_name": SENDER,
        "actor": hands.taker.as_actor(),
        **overrides,
    }
    return unit_of_work(operations.take_file, batch.public_id, **values)


def tell(rows: list[tuple[str, ...]], hands: Hands, **overrides: Any) -> TellResult:
    """Take in a result file of these rows."""
    values = {"actor": hands.taker.as_actor(), **overrides}
    return unit_of_work(operations.tell_results, result_file(rows), **values)


def result_file(rows: list[tuple[str, ...]]) -> bytes:
    """The bytes of a result file."""
    lines = ["voucher,state,reason", *(",".join(row) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def make_taken(hands: Hands) -> PayoutBatch:
    """A batch whose file is with the bank."""
    batch = make_batch(hands)
    release(batch, hands)
    take(batch, hands)
    return batch
