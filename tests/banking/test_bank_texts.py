"""What banks write on lines: encrypted, opened by one reader, erased by number, under keys that
rotate.
"""

from pathlib import Path

import flask_migrate
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.audit.checks import CheckState, run_checks
from fundapp.audit.checks.bank import lines_stated, words_said
from fundapp.audit.checks.people import encrypted_values
from fundapp.banking.encryption import BankWords, digests_of, encrypt_words
from fundapp.banking.errors import LineWaitsError
from fundapp.banking.matching import reasons
from fundapp.banking.models import LineStatus, Match, StatedLine, StatementLine
from fundapp.banking.operations import ignore_line, match_line, record_as_gift, undo_import
from fundapp.banking.queries import list_account_lines, list_candidates
from fundapp.banking.reader import BankTextReader, words_of
from fundapp.crypto import Keyring
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.remarks.errors import RemarkErasedError, UnknownRemarkError
from fundapp.remarks.models import ErasureReason
from fundapp.remarks.operations import erase_words
from fundapp.trail.models import AuditEvent
from tests.audit.tampering import tampered
from tests.conftest import MIGRATIONS, made_up_key
from tests.factories.actors import ADMINISTRATOR, AUDITOR, OFFICER
from tests.factories.banking import (
    MONDAY,
    TUESDAY,
    Move,
    detail_of,
    do_import,
    import_moves,
    lines_of,
    statement_file,
    transfer_out,
)
from tests.factories.giving import make_pledge
from tests.factories.identity import make_user, sign_in
from tests.raw_sql import not_refused

#: What a bank writes of somebody.
NAMED = "X7781 Miss Canary Invented"
WORDS = {"words"}


def run(statement, **values):
    unit_of_work(lambda: db.session.execute(text(statement), values))


def erase(line, why=ErasureReason.REQUESTED, actor=ADMINISTRATOR):
    unit_of_work(erase_words, line.number, why=why, actor=actor)
    db.session.expire_all()


def not_green():
    return {each.check.name for each in run_checks() if each.state is not CheckState.GREEN}


def stated_words():
    db.session.expire_all()
    rows = db.session.scalars(
        select(StatedLine).order_by(StatedLine.statement_id, StatedLine.row_number)
    )
    return [detail_of(row) for row in rows]


@pytest.fixture
def given(bank, build_once):
    """A gift that the bank's text names somebody with, booked; and the line without a match."""
    return build_once("banking/given", make_given)


def make_given():
    line, other = import_moves(Move(50_000, NAMED), Move(70_000, "X2 somebody else"))
    unit_of_work(record_as_gift, line.public_id, fund_code="GENERAL", actor=OFFICER)
    db.session.expire_all()
    return line, other


@pytest.mark.sqlite
def test_lengths_of_texts_tell_little(bank):
    import_moves(Move(100, ""), Move(200, "X1"), Move(300, "X1 นาย"), Move(400, "X1 นาย สมมติ"))
    for table in ("statement_lines", "stated_lines"):
        lengths = text(f"SELECT DISTINCT length(words_encrypted) FROM {table}")
        assert len(db.session.execute(lengths).all()) == 1


def test_equal_texts_have_other_digests_on_other_lines(bank):
    """So a database without keys does not tell whose money came twice; the look-up of givers
    does, until it is erased.
    """
    first, second = import_moves(Move(100, NAMED), Move(100, NAMED))
    for field in BankWords._fields:
        assert getattr(first, f"{field}_digest") != getattr(second, f"{field}_digest")
    assert first.detail_lookup == second.detail_lookup is not None


def test_a_giver_is_recognised_by_the_text_until_it_is_erased(bank):
    pledge = make_pledge(amount_satang=90_000, instalment_count=3, starts_on=MONDAY)
    reference = pledge.instalments[0].reference
    first, second = import_moves(Move(30_000, NAMED), Move(12_345, NAMED))
    unit_of_work(match_line, first.public_id, instalment_reference=reference, actor=OFFICER)

    def why():
        db.session.expire_all()
        found = list_candidates([second]).get(second.id, [])
        return [reason.text for candidate in found for reason in candidate.reasons]

    assert reasons.HISTORY in why()
    erase(first)
    assert reasons.HISTORY not in why()


def test_the_reader_shows_by_right(bank):
    gift, paid = import_moves(Move(500, NAMED), transfer_out(300, NAMED))
    assert BankTextReader(AUDITOR).show(gift).detail == NAMED
    assert BankTextReader(OFFICER).show(paid).detail == NAMED
    hidden = BankTextReader(AUDITOR).show(paid)
    assert (hidden.is_hidden, hidden.description, hidden.detail, hidden.channel) == (
        True, "", "", "",
    )  # fmt: skip
    stated = db.session.scalars(select(StatedLine).where(StatedLine.line_id == paid.id)).one()
    assert BankTextReader(OFFICER).show(paid, stated).detail == NAMED
    assert BankTextReader(AUDITOR).show(paid, stated).is_hidden
    manager = make_user("case_manager", ("9506",)).as_actor()
    assert BankTextReader(manager).show(gift).is_hidden
    assert NAMED not in repr(BankTextReader(OFFICER).show(paid)) + repr(paid)


def test_erasing_a_text_keeps_everything_else(given, officer, app):
    line, _other = given
    columns = "booked_on deposit_satang balance_satang booked_time matched_satang status ordinal"
    names = [*columns.split(), "description_digest", "detail_digest", "channel_digest"]
    before = [getattr(line, name) for name in names]
    path = f"/bank/lines/{line.public_id}"
    page = officer.get(path).text
    assert line.number in page
    assert NAMED in page
    client = app.test_client()
    sign_in(client, make_user("administrator"))
    shown = client.post("/remarks", data={"number": line.number.lower()})
    assert (shown.status_code, shown.location) == (303, f"/remarks/{line.number}")
    before_erasing = client.get(f"/remarks/{line.number}?lang=en").text
    assert "What the bank wrote on the line, in every file that states it" in before_erasing
    assert NAMED not in before_erasing
    answer = client.post(f"/remarks/{line.number}", data={"why": "requested"})
    assert answer.status_code == 303
    assert line.number in client.get("/remarks?lang=en").text
    db.session.expire_all()
    assert (line.words_encrypted, line.detail_lookup, words_of(line)) == (None, None, BankWords())
    assert [getattr(line, name) for name in names] == before
    assert stated_words() == ["", "X2 somebody else"]
    assert db.session.scalars(select(Match.undone_at)).one() is None
    pages = (
        officer.get(path).text + officer.get(f"/bank/statements/{line.statement.public_id}").text
    )
    assert NAMED not in pages
    assert "Words erased on 24 Nov 2026: " in pages
    assert not_green() == set()
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "banking:line:erase-words")
    ).one()
    assert (event.subject_ref, event.note) == (line.public_id, "requested")


@pytest.mark.sqlite
def test_the_command_erases_a_text(given, runner):
    line, _other = given
    done = runner.invoke(args=["remarks", "erase", line.number, "--why", "not_needed"])
    assert (done.exit_code, done.output) == (0, f"{line.number}: erased\n")
    listed = runner.invoke(args=["bank", "lines", "--account", "KTB-MAIN", "--json"]).output
    assert NAMED not in listed
    assert "X2 somebody else" in listed


@pytest.mark.sqlite
def test_who_may_erase_a_text_and_when(given):
    line, waits = given
    for actor in (OFFICER, AUDITOR):
        with pytest.raises(ForbiddenError):
            erase(line, actor=actor)
    with pytest.raises(LineWaitsError):
        erase(waits)
    unit_of_work(ignore_line, waits.public_id, reason="Not ours", actor=OFFICER)
    erase(waits)
    erase(line)
    with pytest.raises(RemarkErasedError):
        erase(line)
    for number in ("BL", "BL0000000000000", f"BL{line.number[2:-1]}"):
        with pytest.raises(UnknownRemarkError):
            unit_of_work(erase_words, number, why=ErasureReason.REQUESTED, actor=ADMINISTRATOR)


def test_a_later_file_does_not_bring_a_text_back(given):
    """The same words, and other words: of the line none is kept, and the other line keeps its
    own.
    """
    line, other = given
    erase(line)
    moves = [Move(50_000, NAMED), Move(70_000, "X2 somebody else of Yala")]
    result = do_import(statement_file(moves), file_name="same.csv")
    assert (result.new_lines, result.completed_lines, result.known_lines) == (0, 1, 1)
    moves[0] = Move(50_000, f"{NAMED} of Yala", time="10:15")
    do_import(statement_file(moves), file_name="other.csv")
    assert stated_words() == [
        "", "X2 somebody else", "", "X2 somebody else of Yala", "", "X2 somebody else of Yala",
    ]  # fmt: skip
    db.session.expire_all()
    assert [detail_of(each) for each in list_account_lines("KTB-MAIN")] == [
        "", detail_of(other),
    ]  # fmt: skip
    assert not_green() == set()
    unit_of_work(undo_import, line.statement.public_id, actor=OFFICER)
    db.session.expire_all()
    assert [detail_of(each) for each in list_account_lines("KTB-MAIN")] == ["", detail_of(other)]
    assert not_green() == set()


def test_an_erased_text_is_not_written_on_an_equal_line(bank):
    """Three equal movements; the file lists them in another order, the others completed."""
    named = [Move(50_000, f"X{number} person {name}") for number, name in enumerate("abc")]
    lines = import_moves(*named)
    unit_of_work(record_as_gift, lines[1].public_id, fund_code="GENERAL", actor=OFFICER)
    erase(lines[1])
    again = [Move(50_000, "X2 person c more"), named[1], Move(50_000, "X0 person a more")]
    do_import(statement_file(again), file_name="again.csv")
    db.session.expire_all()
    assert [detail_of(each) for each in lines] == ["X0 person a more", "", "X2 person c more"]
    assert stated_words()[3:].count("") == 1
    assert not_green() == set()


def test_what_was_erased_is_recognised_by_its_digests(bank):
    """The bank corrects the text of an equal movement: it is not taken for the erased one."""
    moves = [Move(50_000, "X0 person a"), Move(50_000, "X1 person b")]
    kept, line = import_moves(*moves)
    unit_of_work(record_as_gift, line.public_id, fund_code="GENERAL", actor=OFFICER)
    erase(line)
    moves[0] = Move(50_000, "Y9 corrected")
    do_import(statement_file(moves), file_name="corrected.csv")
    db.session.expire_all()
    assert [detail_of(each) for each in (kept, line)] == ["Y9 corrected", ""]
    assert stated_words()[2:] == ["Y9 corrected", ""]
    assert not_green() == set()


def test_an_erased_line_that_the_bank_takes_away_comes_back_without_words(bank):
    first = do_import(statement_file([Move(50_000, NAMED), Move(70_000)], to_on=TUESDAY))
    line = db.session.scalars(select(StatementLine).filter_by(deposit_satang=50_000)).one()
    taken = do_import(statement_file([Move(70_000)]), file_name="without.csv")
    db.session.expire_all()
    assert line.status is LineStatus.WITHDRAWN
    erase(line)
    unit_of_work(undo_import, taken.statement.public_id, actor=OFFICER)
    db.session.expire_all()
    assert (line.status, detail_of(line)) == (LineStatus.UNMATCHED, "")
    assert line.statement_id == first.statement.id
    assert not_green() == set()


def test_a_row_is_one_line_though_an_erased_one_said_the_same(bank):
    """Of two equal movements with one text the bank has taken one away, whose words are erased."""
    first = do_import(statement_file([Move(50_000, NAMED), Move(50_000, NAMED)], to_on=TUESDAY))
    do_import(statement_file([Move(50_000, NAMED)], to_on=TUESDAY.replace(day=4)), file_name="2")
    kept, gone = sorted(lines_of(first), key=lambda line: line.status is LineStatus.WITHDRAWN)
    erase(gone)
    result = do_import(statement_file([Move(50_000, NAMED)]), file_name="again.csv")
    assert (result.new_lines, result.known_lines) == (0, 1)
    db.session.expire_all()
    assert [(detail_of(line), line.status.value) for line in (kept, gone)] == [
        (NAMED, "unmatched"), ("", "withdrawn"),
    ]  # fmt: skip
    assert not_green() == set()


#: What raw SQL may not do to texts, kept or erased.
KEPT = [
    "UPDATE statement_lines SET words_encrypted = NULL",
    "UPDATE statement_lines SET erased_at = NULL, erased_by = NULL, erased_why = NULL,"
    " words_encrypted = :other WHERE erased_at IS NOT NULL",
    "UPDATE statement_lines SET erased_by = 'somebody' WHERE erased_at IS NOT NULL",
    "UPDATE statement_lines SET detail_digest = channel_digest WHERE erased_at IS NOT NULL",
    "UPDATE statement_lines SET detail_lookup = detail_digest WHERE erased_at IS NOT NULL",
    "UPDATE statement_lines SET erased_at = '2026-11-24T00:00:00Z' WHERE erased_at IS NULL",
    "UPDATE statement_lines SET detail_digest = channel_digest WHERE erased_at IS NULL",
    "UPDATE stated_lines SET words_encrypted = NULL WHERE words_encrypted IS NOT NULL",
    "UPDATE stated_lines SET words_encrypted = :other WHERE words_encrypted IS NULL",
    "UPDATE stated_lines SET words_encrypted = :clear WHERE words_encrypted IS NOT NULL",
    "UPDATE statement_lines SET words_encrypted = :clear WHERE erased_at IS NULL",
    "UPDATE stated_lines SET detail_digest = channel_digest",
]


def test_the_database_keeps_texts_and_what_is_erased(given):
    line, _other = given
    erase(line)
    values = {"other": encrypt_words(StatementLine, 1, BankWords("x")), "clear": NAMED.encode()}
    refused = (
        "kept as written|erased with their line|erased_by_somebody|words_encrypted|append-only"
    )
    assert not_refused(KEPT, refused, **values) == []


@pytest.mark.sqlite
def test_a_file_states_no_words_of_an_erased_line(given):
    line, other = given
    columns = (
        "line_id, position, booked_time, description_digest, detail_digest, channel_digest,"
        " balance_satang"
    )
    erase(line)
    copied = (
        f"INSERT INTO stated_lines (statement_id, row_number, id, words_encrypted, {columns})"
        f" SELECT statement_id, 99, 99, :words, {columns} FROM stated_lines WHERE line_id = :line"
    )
    for line_id, words in (
        (line.id, encrypt_words(StatedLine, 99, BankWords())),
        (other.id, None),
    ):
        with pytest.raises(DBAPIError, match="erased with their line"):
            run(copied, line=line_id, words=words)


def test_what_raw_sql_changes_turns_a_check_red(given):
    """A text in clear, another line's, other words with the right key, another look-up; words that
    come back.
    """
    line, other = given
    erase(line)
    assert not_green() == set()
    clear = f"x'{NAMED.encode().hex()}'" if not is_server() else f"'\\x{NAMED.encode().hex()}'"
    stated = db.session.scalars(select(StatedLine).where(StatedLine.line_id == other.id)).one()
    forged = {
        model: literal(encrypt_words(model, row.id, BankWords("Fee")))
        for model, row in ((StatementLine, other), (StatedLine, stated))
    }
    digest = literal(digests_of(other.id, BankWords("Fee"))["description_digest"])
    lines, rows = f"WHERE id = {other.id}", f"WHERE line_id = {other.id}"
    for statement, names in (
        (f"UPDATE statement_lines SET words_encrypted = {clear} {lines}", {"values"}),
        (f"UPDATE stated_lines SET words_encrypted = {clear} {rows}", {"values"}),
        (
            "UPDATE stated_lines SET words_encrypted = (SELECT words_encrypted FROM statement_lines"
            f" {lines}) {rows}",
            {"values"},
        ),
        (f"UPDATE statement_lines SET words_encrypted = {forged[StatementLine]} {lines}", WORDS),
        (f"UPDATE stated_lines SET words_encrypted = {forged[StatedLine]} {rows}", WORDS),
        (
            f"UPDATE statement_lines SET description_digest = {digest} {lines}",
            {"stated", "words"},
        ),
        (f"UPDATE statement_lines SET detail_lookup = {digest} {lines}", WORDS),
        (f"UPDATE statement_lines SET detail_lookup = NULL {lines}", WORDS),
        (
            f"UPDATE stated_lines SET words_encrypted = {forged[StatedLine]}"
            f" WHERE line_id = {line.id}",
            {"values", "words"},
        ),
        (f"UPDATE stated_lines SET words_encrypted = NULL {rows}", WORDS),
    ):
        with tampered(statement):
            assert red_checks() == names, statement


def red_checks():
    checks = {"words": words_said, "stated": lines_stated, "values": encrypted_values}
    return {name for name, find in checks.items() if list(find())}


def is_server():
    return db.engine.dialect.name == "postgresql"


def literal(value):
    return f"'\\x{value.hex()}'" if is_server() else f"x'{value.hex()}'"


def test_keys_rotate_and_texts_stay(given, app, runner):
    line, other = given
    erase(line)
    lookup, digest = other.detail_lookup, other.detail_digest
    app.extensions["keyring"] = Keyring.parse(f"k2:{made_up_key('b')},{app.config['FIELD_KEYS']}")
    result = runner.invoke(args=["keys", "rotate"])
    assert result.exit_code == 0, result.output
    app.extensions["keyring"] = Keyring.parse(f"k2:{made_up_key('b')}")
    db.session.expire_all()
    assert other.words_encrypted.startswith(b"k2\x00")
    assert detail_of(other) == "X2 somebody else"
    assert stated_words() == ["", "X2 somebody else"]
    assert (other.detail_lookup, other.detail_digest) == (lookup, digest)
    result = do_import(statement_file([Move(50_000, NAMED), Move(70_000, "X2 somebody else")]))
    assert result.is_known_file
    assert not_green() == set()


@pytest.mark.usefixtures("given")
def test_texts_that_are_there_are_encrypted_by_the_migration():
    """Back before 0027_bank_texts.py and forth again; nothing of them is left in the file."""
    do_import(statement_file([Move(50_000, f"{NAMED} more"), Move(70_000)]), file_name="more.csv")
    db.session.rollback()
    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="0026")
    details = "SELECT detail FROM statement_lines ORDER BY deposit_satang"
    assert list(db.session.scalars(text(details))) == [f"{NAMED} more", "X2 somebody else"]
    db.session.remove()
    run("DELETE FROM field_key_proofs")
    run("DELETE FROM digest_keys")
    db.session.remove()
    flask_migrate.upgrade(directory=str(MIGRATIONS))
    db.session.expire_all()
    lines = list_account_lines("KTB-MAIN")
    assert [words_of(each) for each in lines] == [
        BankWords("รับโอนพร้อมเพย์", f"{NAMED} more", "PromptPay"),
        BankWords("รับโอนพร้อมเพย์", "X2 somebody else", "PromptPay"),
    ]
    assert list(words_said()) == []
    # What receipts said went with the way back.
    assert not_green() == {"giving.receipt-contents"}
    result = do_import(statement_file([Move(50_000, NAMED), Move(70_000)]), file_name="again.csv")
    assert (result.new_lines, result.completed_lines, result.known_lines) == (0, 0, 2)
    if not is_server():
        db.session.remove()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        assert b"Canary" not in Path(db.engine.url.database).read_bytes()
