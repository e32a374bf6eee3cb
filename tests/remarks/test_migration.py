"""The migration that moves words into remarks, on data."""

import flask_migrate
from sqlalchemy import select, text

from fundapp.audit.checks.remarks import kept_words
from fundapp.banking.operations import hold_line
from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import Approval, Decision
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.reader import WordsReader
from tests.conftest import MIGRATIONS
from tests.factories.actors import OFFICER
from tests.factories.banking import Move, import_moves, make_bank_account
from tests.factories.disbursements import decide, make_request, make_team, read
from tests.factories.giving import make_payment


def test_words_become_remarks(session, clock):
    team = make_team()
    make_bank_account()
    request = decide(make_request(team), team, Decision.REJECT)
    payment = make_payment(500)
    (line,) = import_moves(Move(700))
    unit_of_work(hold_line, line.public_id, reason="Ask", actor=OFFICER)
    refs = payment.public_id, line.public_id
    db.session.rollback()
    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="0019")
    older = (
        "UPDATE approvals SET reason = 'Another fund fits'",
        "UPDATE payments SET note = 'Cheque 7'",
        "UPDATE statement_lines SET status_reason = 'Ask the bank'",
    )
    for statement in older:
        unit_of_work(db.session.execute, text(statement))
    db.session.rollback()
    flask_migrate.upgrade(directory=str(MIGRATIONS))
    db.session.expire_all()
    reader = WordsReader(OFFICER)
    note = reader.of_subjects("payment", [refs[0]], RemarkKind.PAYMENT_NOTE)[refs[0]]
    aside = reader.of_subjects("statement_line", [refs[1]], RemarkKind.LINE)[refs[1]]
    assert (note.words, aside.words) == ("Cheque 7", "Ask the bank")
    approval = db.session.scalars(select(Approval)).one()
    assert read(request, team).remarks[approval.reason_digest].words == "Another fund fits"
    assert db.session.scalar(text("SELECT status_reason FROM statement_lines")) == "other"
    assert list(kept_words()) == []
