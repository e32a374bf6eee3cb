"""At rest: what people type as a reason or a note, and what a bank writes on a line, stands nowhere
in clear, in no table, no file of the database, no message and no export of the books.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from fundapp.banking.operations import hold_line, ignore_line, match_line, unmatch_line
from fundapp.children.operations import change_child, withdraw_consent
from fundapp.db import Base, db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.models import Decision, ReceiptOutcome
from fundapp.giving.operations import reverse_payment
from fundapp.ledger.exports import FORMATS, export_lines
from fundapp.mail.models import MailMessage
from tests.factories.actors import OFFICER
from tests.factories.banking import (
    Move,
    do_import,
    import_moves,
    make_bank_account,
    make_single_pledge,
    statement_file,
    transfer_out,
)
from tests.factories.children import child_facts, make_child
from tests.factories.disbursements import decide, make_approved, make_paid, make_team, prove
from tests.factories.disbursements import make_request as ask
from tests.factories.giving import make_payment

CANARIES = [
    f"canary{word}"
    for word in (
        "why", "payee", "note", "confirmer", "returned", "approved", "rejected", "cancelled",
        "payment", "reversed", "held", "ignored", "undone", "given", "school", "corrected",
        "giver", "payer", "channel", "wording",
    )
]  # fmt: skip


@pytest.fixture
def written(build_once, clock):
    """Everything that takes words from people, once; two of the requests lose their consent."""
    build_once("remarks/canaries", write_everything)


def write_everything():
    team = make_team()
    make_bank_account()
    paid = make_paid(team, reason="canarywhy", payee_name="canarypayee")
    prove(paid, team, ReceiptOutcome.PROBLEM, note="canarynote", confirmed_by="canaryconfirmer")
    decide(ask(team), team, Decision.RETURN, reason="canaryreturned")
    decide(ask(team), team, Decision.APPROVE, reason="canaryapproved")
    decide(ask(team), team, Decision.REJECT, reason="canaryrejected")
    unwanted = make_approved(team)
    unit_of_work(
        operations.cancel_request, unwanted.public_id, version=unwanted.version,
        reason="canarycancelled", actor=team.approver.as_actor(),
    )  # fmt: skip
    payment = make_payment(700, note="canarypayment")
    unit_of_work(reverse_payment, payment.public_id, reason="canaryreversed", actor=OFFICER)
    pledge = make_single_pledge(900)
    moves = (
        Move(500, "canarygiver"),
        Move(600, "canarygiver", channel="canarychannel"),
        Move(900, description="canarywording"),
        transfer_out(400, "canarypayer"),
    )
    held, ignored, matched, _ = import_moves(*moves)
    completed = replace(moves[0], detail="X44 canarygiver of Yala")
    do_import(statement_file([completed, *moves[1:]]), file_name="completed.csv")
    unit_of_work(hold_line, held.public_id, reason="canaryheld", actor=OFFICER)
    unit_of_work(ignore_line, ignored.public_id, reason="canaryignored", actor=OFFICER)
    reference = pledge.instalments[0].reference
    unit_of_work(match_line, matched.public_id, instalment_reference=reference, actor=OFFICER)
    unit_of_work(unmatch_line, matched.public_id, reason="canaryundone", actor=OFFICER)
    corrected = make_child(team.asker, given_name="canarygiven", school_name="canaryschool")
    facts = child_facts(given_name="canarycorrected")
    unit_of_work(change_child, corrected.public_id, facts, actor=team.asker.as_actor())
    consent = team.child.consents[0]
    unit_of_work(withdraw_consent, team.child.public_id, consent.id, actor=team.asker.as_actor())
    db.session.expire_all()
    return team


def found_in(content: bytes) -> list[str]:
    return [
        word for word in CANARIES if word.encode() in content or word.encode("utf-16-le") in content
    ]


def test_no_table_holds_one(written):
    rows = 0
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(table.select()):
            rows += 1
            for value in row:
                stored = value if isinstance(value, bytes) else str(value).encode()
                assert found_in(stored) == [], table
    assert rows > 150


def test_no_file_of_the_database_and_no_dump_holds_one(written, tmp_path):
    if db.engine.dialect.name != "sqlite":
        for table in inspect(db.engine).get_table_names():
            for (row,) in db.session.execute(text(f"SELECT t::text FROM {table} t")):
                assert found_in(row.encode()) == [], table
                assert not [word for word in CANARIES if word.encode().hex() in row], table
        return
    path, copy = Path(db.engine.url.database), tmp_path / "copy.db"
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{copy}'")
        connection.exec_driver_sql("BEGIN")
    files = [copy, *path.parent.glob(f"{path.name}*")]
    assert len(files) >= 2
    for file in files:
        assert found_in(file.read_bytes()) == [], file.name


def test_no_message_holds_one(written):
    messages = db.session.query(MailMessage).filter_by(recipient_type="user").all()
    assert len(messages) >= 4
    for message in messages:
        assert found_in(f"{message.subject} {message.body}".encode()) == []


@pytest.mark.parametrize("form", list(FORMATS))
def test_no_export_of_the_books_holds_one(written, form):
    content = "".join(export_lines(form)).encode()
    assert len(content) > 1000
    assert found_in(content) == []
