"""What the tables refuse, whatever program writes to them."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.banking.models import Match, StatementLine
from fundapp.banking.operations import match_line, unmatch_line
from fundapp.db import db, unit_of_work
from fundapp.ids import new_id
from tests.factories.actors import OFFICER
from tests.factories.banking import TUESDAY, Move, import_moves
from tests.factories.giving import make_payment
from tests.raw_sql import not_refused


def run(statement, **values):
    unit_of_work(lambda: db.session.execute(text(statement), values))


@pytest.fixture
def matched(bank, build_once):
    """A line matched to a recorded payment, a second line and a second payment."""
    return build_once("banking/matched", make_match)


def make_match():
    payment, other = (make_payment(50_000, received_on=TUESDAY) for _ in range(2))
    line, free = import_moves(Move(50_000), Move(50_000, time="11:00"))
    unit_of_work(match_line, line.public_id, payment_public_id=payment.public_id, actor=OFFICER)
    db.session.expire_all()
    return line, free, payment, other


INSERT = (
    "INSERT INTO matches"
    " (id, line_id, bank_account_code, payment_id, journal_entry_id, amount_satang, reason,"
    " matched_by, matched_at) VALUES (:id, :line, :account, :payment, :entry, :satang, :reason,"
    " 'raw', '2026-11-24T00:00:00Z')"
)


def insert(line, payment=None, entry=None, reason="raw", account=None, satang=50_000):
    values = {"payment": payment, "entry": entry, "reason": reason, "satang": satang}
    account = account or line.bank_account_code
    run(INSERT, id=new_id(), line=line.id, account=account, **values)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM statement_profiles WHERE code = 'kbank'",
        "UPDATE statement_profiles SET code = 'other' WHERE code = 'ktb'",
    ],
)
def test_a_style_keeps_its_code(bank, statement):
    with pytest.raises(DBAPIError, match="statement_profiles keep their codes"):
        run(statement)


def test_a_statement_names_the_style_in_which_it_was_read(matched):
    columns = "bank_account_code, file_name, from_on, to_on, opening_satang, imported_at"
    with pytest.raises(DBAPIError, match="names the style"):
        run(
            f"INSERT INTO statements (id, public_id, profile, closing_satang, imported_by,"
            f" file_sha256, {columns}) SELECT id + 1, 'raw', 'other', 1, 'raw', :sha256, {columns}"
            " FROM statements",
            sha256=bytes(32),
        )


def test_matches_that_count_never_exceed_the_line(matched):
    line, free, _, other = matched
    with pytest.raises(DBAPIError, match="matched_within_amount"):
        insert(line, other.id)
    with pytest.raises(DBAPIError, match="matched_within_amount"):
        insert(free, other.id, satang=50_001)
    with pytest.raises(DBAPIError, match="amount_positive"):
        insert(free, other.id, satang=0)


def test_a_line_is_matched_when_its_matches_add_up(matched):
    """Whoever writes the matches: the database keeps the sum and the status."""
    _, free, _, other = matched
    third = make_payment(20_000, received_on=TUESDAY)
    insert(free, other.id, satang=30_000)
    assert state_of(free) == ("unmatched", 30_000)
    insert(free, third.id, satang=20_000)
    assert state_of(free) == ("matched", 50_000)
    run(
        "UPDATE matches SET undone_by = 'raw', undone_at = '2026-11-25T00:00:00Z'"
        f" WHERE payment_id = {third.id}"
    )
    assert state_of(free) == ("unmatched", 30_000)


def state_of(line):
    db.session.expire_all()
    row = db.session.get(StatementLine, line.id)
    return row.status.value, row.matched_satang


@pytest.mark.parametrize(
    "change",
    [
        "status = 'matched'",
        "matched_satang = deposit_satang, status = 'matched'",
        "matched_satang = 1",
    ],
)
def test_a_line_is_matched_by_its_matches_only(matched, change):
    _, free, *_ = matched
    with pytest.raises(DBAPIError, match="by its matches only"):
        run(f"UPDATE statement_lines SET {change} WHERE id = {free.id}")


def test_a_payment_has_one_match_that_counts(matched):
    _, free, payment, _ = matched
    with pytest.raises(DBAPIError, match=r"uq_matches_payment_active|matches\.payment_id"):
        insert(free, payment.id)


def test_an_undone_match_allows_another(matched):
    line, _, payment, _ = matched
    unit_of_work(unmatch_line, line.public_id, reason="Wrong one", actor=OFFICER)
    insert(line, payment.id)
    assert db.session.scalar(db.select(db.func.count()).select_from(Match)) == 2


def test_a_match_has_exactly_one_target(matched):
    _, free, _, other = matched
    for payment, entry in ((None, None), (other.id, other.journal_entry_id)):
        with pytest.raises(DBAPIError, match="one_target"):
            insert(free, payment, entry)


def test_a_match_has_a_reason(matched):
    _, free, _, other = matched
    with pytest.raises(DBAPIError, match="has_reason"):
        insert(free, other.id, reason="")


NOT_CHANGED = [
    "UPDATE statement_lines SET deposit_satang = deposit_satang + 1",
    "UPDATE statement_lines SET booked_on = '2026-01-01'",
    "UPDATE statement_lines SET detail_digest = channel_digest",
    "DELETE FROM statement_lines",
    "UPDATE statement_lines SET ordinal = 9",
    "UPDATE statement_lines SET balance_satang = 0",
    "UPDATE statement_lines SET row_number = 9",
    "UPDATE statement_lines SET status = 'withdrawn' WHERE status = 'matched'",
    "UPDATE statements SET closing_satang = 0",
    "UPDATE statements SET undone_by = 'raw', undone_at = imported_at",
    "DELETE FROM statements",
    "UPDATE stated_lines SET detail_digest = channel_digest",
    "UPDATE stated_lines SET id = id + 1",
    "DELETE FROM stated_lines",
    "UPDATE matches SET reason = 'another reason'",
    "UPDATE matches SET matched_by = 'somebody else'",
    "UPDATE matches SET amount_satang = 1",
    "DELETE FROM matches",
]


def test_statements_lines_and_matches_are_not_changed(matched):
    assert not_refused(NOT_CHANGED, r"kept as written|append-only|by its matches only") == []


def test_an_undone_match_stays_undone(matched):
    line, *_ = matched
    unit_of_work(unmatch_line, line.public_id, reason="Wrong one", actor=OFFICER)
    with pytest.raises(DBAPIError, match="kept as written"):
        run("UPDATE matches SET undone_at = NULL, undone_by = NULL")


def test_a_line_is_money_in_or_money_out(matched):
    line, *_ = matched
    columns = (
        "statement_id, bank_account_code, row_number, booked_on, words_encrypted,"
        " description_digest, detail_digest, channel_digest"
    )
    copied = (
        "INSERT INTO statement_lines (id, public_id, ordinal, day_position, withdrawal_satang,"
        f" deposit_satang, balance_satang, status, booked_time, status_reason,"
        f" {columns}) SELECT :id, :public_id, 1, 9, :withdrawal, :deposit, 0, 'unmatched',"
        f" '', '', {columns} FROM statement_lines WHERE id = :line"
    )
    for withdrawal, deposit in ((0, 0), (5, 5), (-5, 0)):
        with pytest.raises(DBAPIError, match="one_direction"):
            run(
                copied,
                id=new_id(),
                public_id=f"raw{withdrawal}{deposit}",
                withdrawal=withdrawal,
                deposit=deposit,
                line=line.id,
            )


def test_ignoring_needs_a_reason(matched):
    _, free, *_ = matched
    with pytest.raises(DBAPIError, match="ignored_has_reason"):
        run(f"UPDATE statement_lines SET status = 'ignored' WHERE id = {free.id}")


def test_the_same_movement_is_kept_once(matched):
    """Account, day, amount and number of a line are unique; so is a file in its account, and a row
    in its file.
    """
    for table, mark in {
        "statement_lines": r"uq_statement_lines_identity|statement_lines\.ordinal",
        "statements": r"uq_statements_file|statements\.file_sha256",
        "stated_lines": r"pk_stated_lines|stated_lines\.row_number",
    }.items():
        own = [name for name in ("id", "public_id") if name in db.metadata.tables[table].columns]
        values = {"id": new_id(), "public_id": f"raw-{table}"}
        columns = ", ".join(
            column.name for column in db.metadata.tables[table].columns if column.name not in own
        )
        with pytest.raises(DBAPIError, match=mark):
            named = "".join(f":{name}, " for name in own) + columns
            run(
                f"INSERT INTO {table} ({', '.join([*own, columns])})"
                f" SELECT {named} FROM {table} LIMIT 1",
                **{name: values[name] for name in own},
            )


def test_a_statement_does_not_end_before_it_begins(bank):
    import_moves(Move(50_000))
    columns = ", ".join(
        c.name
        for c in db.metadata.tables["statements"].columns
        if c.name not in ("id", "public_id", "to_on", "file_sha256")
    )
    with pytest.raises(DBAPIError, match="from_before_to"):
        run(
            f"INSERT INTO statements (id, public_id, to_on, file_sha256, {columns})"
            f" SELECT :id, 'raw', '2020-01-01', :mark, {columns} FROM statements LIMIT 1",
            id=new_id(),
            mark=bytes(32),
        )
