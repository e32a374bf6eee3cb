"""Every operation refuses an actor without the permission, before it looks at anything else."""

from functools import partial

import pytest

from fundapp.banking import operations
from fundapp.banking.matching.batches import match_all_certain
from fundapp.banking.matching.drafts import Transfer
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from tests.banking.pages import count
from tests.factories.actors import APPROVER, AUDITOR, COMMAND_LINE, MANAGER, OFFICER, VISITOR
from tests.factories.banking import (
    MONDAY,
    Move,
    do_import,
    import_moves,
    make_bank_account,
    statement_file,
)

pytestmark = pytest.mark.sqlite

ON_LINES = {
    "match": partial(operations.match_line, payment_public_id="x"),
    "gift": partial(operations.record_as_gift, fund_code="GENERAL"),
    "charge": operations.book_charge,
    "move": partial(operations.book_transfer, fund_code="GENERAL", other_account_code="1110"),
    "hold": partial(operations.hold_line, reason="later"),
    "ignore": partial(operations.ignore_line, reason="no"),
    "release": operations.release_line,
    "unmatch": partial(operations.unmatch_line, reason="wrong"),
}


@pytest.mark.parametrize("actor", [AUDITOR, APPROVER, MANAGER, COMMAND_LINE, VISITOR], ids=repr)
def test_only_officers_match_lines(bank, actor):
    (line,) = import_moves(Move(50_000))
    for operation in ON_LINES.values():
        for public_id in (line.public_id, "no such line"):
            with pytest.raises(ForbiddenError):
                unit_of_work(operation, public_id, actor=actor)
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.match_certain, line.statement.public_id, actor=actor)
    with pytest.raises(ForbiddenError):
        match_all_certain(line.statement.public_id, actor=actor)
    db.session.expire_all()
    assert db.session.get(StatementLine, line.id).status is LineStatus.UNMATCHED


@pytest.mark.parametrize("actor", [AUDITOR, APPROVER, MANAGER, VISITOR], ids=repr)
@pytest.mark.parametrize("dry_run", [True, False])
def test_others_import_no_statement(bank, actor, dry_run):
    with pytest.raises(ForbiddenError):
        do_import(statement_file([Move(50_000)]), actor=actor, dry_run=dry_run)
    assert count(StatementLine) == 0


@pytest.mark.parametrize("actor", [AUDITOR, APPROVER, MANAGER, OFFICER, VISITOR], ids=repr)
def test_nobody_alone_adds_or_changes_bank_accounts(bank, actor):
    with pytest.raises(ForbiddenError):
        make_bank_account("NEW", account_code="1122", actor=actor)
    ids = {"promptpay_biller": "099400016550101", "promptpay_id": "", "version": 1}
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.change_promptpay, "KTB-MAIN", actor=actor, **ids)


@pytest.mark.parametrize("actor", [AUDITOR, APPROVER, MANAGER, VISITOR], ids=repr)
def test_others_move_no_money(bank, actor):
    transfer = Transfer("GENERAL", "1110", "1121", 100, MONDAY)
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.record_transfer, transfer, key="k", actor=actor)
