"""The checks of counts and batches see what an insider changed."""

from fundapp.access.permissions import Role
from fundapp.audit.checks.cash import CHECKS
from fundapp.db import unit_of_work
from fundapp.giving.gift_batches.drafts import Giver
from fundapp.giving.gift_batches.operations import post_batch
from fundapp.giving.models import CountKind
from tests.audit.tampering import tampered
from tests.factories.actors import OFFICER
from tests.factories.books import make_fund
from tests.factories.campaigns import confirm, make_batch, make_box, make_count
from tests.factories.identity import make_user

BROKEN = [
    ("UPDATE cash_counts SET confirmed_by_id = counted_by_id", "giving.cash-counts"),
    ("UPDATE cash_counts SET total_satang = 162001 WHERE kind = 'box'", "giving.cash-counts"),
    ("UPDATE cash_counts SET account_code = '1121' WHERE kind = 'box'", "giving.cash-counts"),
    ("UPDATE cash_count_pieces SET pieces = pieces + 1", "giving.cash-counts"),
    ("DELETE FROM gift_batch_rows WHERE position = 1", "giving.gift-batches"),
    ("UPDATE gift_batches SET expected_count = 3", "giving.gift-batches"),
    ("UPDATE gift_batches SET status = 'cancelled', posted_at = NULL", "giving.gift-batches"),
]


def test_what_was_changed_by_hand_is_seen(session, clock):
    make_fund("GENERAL")
    first, second = (make_user(Role.FUND_OFFICER).as_actor() for _each in range(2))
    make_box()
    confirm(make_count(first), second)
    office = {"kind": CountKind.OFFICE, "subject": "1110", "bag_number": ""}
    confirm(make_count(second, **office), first)
    batch = make_batch(Giver(10_000, "One"), Giver(20_000))
    unit_of_work(post_batch, batch.public_id, actor=OFFICER)
    make_batch(Giver(10_000, "Waits"))
    assert [violation for check in CHECKS for violation in check.find()] == []
    for statement, name in BROKEN:
        with tampered(statement):
            assert [check.name for check in CHECKS if any(check.find())] == [name], statement
