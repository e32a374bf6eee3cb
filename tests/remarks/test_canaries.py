"""At rest: what people type as a reason or a note, and what a bank writes on a line, stands nowhere
in clear, in no table, no file of the database, no message and no export of the books.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from fundapp import clock
from fundapp.access.actors import RECEIPT_LINK
from fundapp.agencies.drafts import GivenDraft
from fundapp.agencies.models import GivenKind
from fundapp.agencies.operations import accept_referral, finish_referral
from fundapp.banking.operations import hold_line, ignore_line, match_line, unmatch_line
from fundapp.children.casework.drafts import CaseDraft
from fundapp.children.casework.models import CaseKind
from fundapp.children.casework.operations import write_entry
from fundapp.children.models import CloseReason
from fundapp.children.operations import change_child, close_child, withdraw_consent
from fundapp.committee.models import Ballot, CommitteeMeeting
from fundapp.committee.operations import close_meeting
from fundapp.concerns.models import ConcernAction
from fundapp.concerns.operations import handle_concern
from fundapp.council.operations import count_council
from fundapp.db import Base, db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.drafts import LineDraft
from fundapp.disbursements.models import Decision, DisbursementRequest, ReceiptOutcome
from fundapp.giving.operations import reverse_payment
from fundapp.ledger.exports import FORMATS, export_lines
from fundapp.mail.models import MailMessage
from fundapp.payouts.batches import record_results
from tests.factories.actors import OFFICER, WORKER
from tests.factories.agencies import let_in, make_agency, refer
from tests.factories.banking import (
    Move,
    do_import,
    import_moves,
    make_bank_account,
    make_single_pledge,
    statement_file,
    transfer_out,
)
from tests.factories.children import child_facts, every_consent, make_child
from tests.factories.committee import count, make_meeting, make_order, open_with, vote
from tests.factories.concerns import make_concern
from tests.factories.disbursements import (
    decide,
    make_approved,
    make_paid,
    make_team,
    print_link,
    prove,
)
from tests.factories.disbursements import make_request as ask
from tests.factories.giving import make_payment
from tests.factories.identity import make_user, sign_in
from tests.factories.payouts import make_hands, make_taken, tell
from tests.giving.receipts.copied_text import copied_text, needs_pdftotext

CANARIES = [
    f"canary{word}"
    for word in (
        "why", "payee", "note", "confirmer", "returned", "approved", "rejected", "cancelled",
        "payment", "reversed", "held", "ignored", "undone", "given", "school", "corrected",
        "giver", "payer", "channel", "wording", "aunt", "opened", "link", "failed", "released",
        "gave", "concern", "replied", "met", "home", "street", "assembly",
    )
]  # fmt: skip
#: The identity number of a payee.
NUMBER = "1101700230708"
CANARIES.append(NUMBER)


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
    write_about_money_out(team)
    write_about_children(team)
    decide_in_committee(team)
    db.session.expire_all()
    return team


def write_about_money_out(team):
    """The reason for somebody else's account, of an auditor, of a bank, of a stop; an answer by
    link.
    """
    team.child = child = make_child(team.asker, consents=every_consent())
    identity = {"payee_address": "9 canarystreet", "payee_id_number": NUMBER}
    why = "canaryaunt looks after her"
    other = ask(team, payee_name="canarypayee", payee_reason=why, **identity)
    decide(other, team)
    unit_of_work(
        operations.open_request, other.public_id, "canaryopened to look at it",
        actor=team.auditor.as_actor(),
    )  # fmt: skip
    token = print_link(make_paid(team), team)
    answer = {"outcome": ReceiptOutcome.NOT_RECEIVED, "note": "canarylink", "actor": RECEIPT_LINK}
    unit_of_work(operations.confirm_by_link, token, **answer)
    hands = make_hands(1, team)
    voucher = make_taken(hands).lines[0].voucher
    told = tell([(voucher, "failed", "canaryfailed")], hands)
    record_results(told.batch_ids)
    stopped = make_approved(team)
    unit_of_work(close_child, child.public_id, CloseReason.DIED, actor=team.asker.as_actor())
    unit_of_work(
        operations.release_payment, stopped.public_id, version=stopped.version,
        reason="canaryreleased", actor=team.approver.as_actor(),
    )  # fmt: skip


def decide_in_committee(team):
    """A meeting that decides on a request whose every word is one, with its minutes."""
    members = [make_user("approver") for _ in range(3)]
    make_order(members)
    child = make_child(team.asker, given_name="canarygiven", consents=every_consent())
    request = ask(
        team, reason="canarywhy", lines=[LineDraft(child.public_id, 500_00)],
        payee_name="canarypayee", payee_reason="canaryaunt", payee_address="9 canarystreet",
    )  # fmt: skip
    meeting = open_with(make_meeting(team.payer, request), team.payer, *members)
    vote(meeting, 1, *((member, Ballot.FOR) for member in members))
    count(meeting, 1, team.payer)
    unit_of_work(close_meeting, meeting.public_id, actor=team.payer.as_actor())
    request = db.session.get_one(DisbursementRequest, request.id)
    decide(request, team, reason="canaryassembly")


def write_about_children(team):
    """What an agency gave, a concern and its answer, a visit."""
    child = make_child(team.asker, consents=every_consent())
    agency = make_agency()
    person = let_in(agency)
    referral = refer(child, agency, team.asker, words="canarywhy")
    given = GivenDraft(kind=GivenKind.GOODS, count=2, on=clock.today(), words="canarygave")
    number = referral.number
    unit_of_work(accept_referral, number, version=1, actor=person.as_actor())
    unit_of_work(finish_referral, number, given, version=2, actor=person.as_actor())
    _code, number = make_concern(words="canaryconcern", contact="canarygiver")
    for action, words in ((ConcernAction.TAKE, ""), (ConcernAction.ANSWER, "canaryreplied")):
        actor = team.prover.as_actor()
        unit_of_work(handle_concern, number, action, words, key=str(action), actor=actor)
    visit = CaseDraft(
        kind=CaseKind.VISIT, on_day=clock.today(), words={"met": "canarymet", "home": "canaryhome"}
    )
    unit_of_work(write_entry, child.public_id, visit, actor=team.asker.as_actor())
    unit_of_work(count_council, actor=WORKER)


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


@needs_pdftotext
def test_the_committee_names_nobody_on_its_papers_and_pages(written, client, tmp_path):
    meeting = db.session.scalars(db.select(CommitteeMeeting)).one()
    public = client.get("/committee/resolutions")
    sign_in(client, make_user("fund_officer"))
    page = f"/committee/meetings/{meeting.public_id}"
    minutes = copied_text(client.get(f"{page}/minutes.pdf").data, tmp_path)
    assert meeting.items[0].request.number in minutes
    for shown in (minutes, public.text, client.get(page).text, client.get("/committee").text):
        assert found_in(shown.encode()) == []


@pytest.mark.parametrize("form", list(FORMATS))
def test_no_export_of_the_books_holds_one(written, form):
    content = "".join(export_lines(form)).encode()
    assert len(content) > 1000
    assert found_in(content) == []
