"""The migrations, from empty, make exactly the tables of the models, on the database in use."""

import ast
import base64
import re

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect

from fundapp.audit.checks.bank import words_said
from fundapp.audit.checks.roles import roles_given
from fundapp.audit.checks.thread import thread_kept
from fundapp.banking.models import StatedLine, StatementLine
from fundapp.banking.operations import record_as_gift
from fundapp.banking.reader import words_of
from fundapp.children.models import CloseReason, TargetGroup
from fundapp.children.open_files import count_open_files, find_wrong_counts
from fundapp.children.operations import close_child
from fundapp.children.verification import find_unreadable_values, find_wrong_lookups
from fundapp.crypto import keyring, prove_keys
from fundapp.db import Base, db, is_kept_on, is_postgresql, unit_of_work
from fundapp.db.rules import stored_rules
from fundapp.giving.models import Payment
from fundapp.identity.queries import get_user
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.models import EntryKind
from fundapp.ledger.queries import list_shortages
from tests.architecture.sources import ROOT, name, parse
from tests.factories.actors import OFFICER
from tests.factories.banking import Move, import_moves, make_bank_account
from tests.factories.books import (
    make_approval,
    make_entry,
    make_fund,
    make_gift,
    make_reversal,
)
from tests.factories.books import make_return as return_gift
from tests.factories.children import file_of, make_child
from tests.factories.disbursements import decide, make_team, pay, send_request
from tests.factories.giving import make_payment, make_return
from tests.factories.identity import make_user

FOLDER = ROOT / "migrations"
VERSIONS = sorted((FOLDER / "versions").glob("*.py"))


def test_upgrade_from_empty_equals_the_models(app):
    with app.app_context(), db.engine.connect() as connection:
        database = connection.dialect.name
        opts = {"compare_type": True, "include_object": lambda it, *_: is_kept_on(it, database)}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []


def test_constraints_equal_the_models(app):
    """What the comparison above leaves out: the named CHECKs. SQLite keeps their text as written;
    PostgreSQL writes it anew, so there the names are compared.
    """
    with app.app_context():
        inspector = inspect(db.engine)
        keeps_text = db.engine.dialect.name == "sqlite"
        for table in Base.metadata.sorted_tables:
            modelled = {
                str(check.name): " ".join(str(check.sqltext).split()) if keeps_text else ""
                for check in table.constraints
                if isinstance(check, CheckConstraint) and is_kept_on(check, db.engine.dialect.name)
            }
            stored = {
                str(check["name"]): " ".join(check["sqltext"].split()) if keeps_text else ""
                for check in inspector.get_check_constraints(table.name)
            }
            assert modelled == stored, table.name


def test_every_table_of_the_database_has_a_model(app):
    with app.app_context():
        stored = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    assert stored == {table.name for table in Base.metadata.sorted_tables}


@pytest.mark.sqlite
def test_sqlite_tables_are_strict(app):
    with app.app_context(), db.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        )
        loose = {row.name for row in rows if not row.strict}
    assert {table for table in loose if not table.startswith("sqlite_")} <= {"alembic_version"}


def test_the_history_is_one_line():
    script = ScriptDirectory(str(FOLDER))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1
    assert [
        r.revision for r in script.walk_revisions() if r.is_merge_point or r.is_branch_point
    ] == []


def test_upgrading_twice_changes_nothing(app):
    with app.app_context():
        before = sorted(inspect(db.engine).get_table_names())
        flask_migrate.upgrade(directory=str(FOLDER))
        assert sorted(inspect(db.engine).get_table_names()) == before


def test_no_connection_stays_that_has_migrated(app):
    with app.app_context():
        db.engine.connect().close()
        flask_migrate.upgrade(directory=str(FOLDER))
        assert db.engine.pool.checkedin() == 0


def test_downgrading_to_nothing_and_back(app):
    with app.app_context():
        flask_migrate.downgrade(directory=str(FOLDER), revision="base")
        with db.engine.connect() as connection:
            assert inspect(connection).get_table_names() == ["alembic_version"]
            assert stored_rules(connection) == {}
        flask_migrate.upgrade(directory=str(FOLDER))
    test_upgrade_from_empty_equals_the_models(app)


def test_checks_change_on_tables_with_data(app, clock):
    """Back before 0009_shortages.py and forth again: every row is kept, and the rules hold."""
    with app.app_context():
        make_fund("GENERAL")
        make_payment(500)
        make_approval(400)
        before = rows_of("journal_entries", "postings", "payments", "receipts", "funds")
        flask_migrate.downgrade(directory=str(FOLDER), revision="0008")
        flask_migrate.upgrade(directory=str(FOLDER))
        assert rows_of("journal_entries", "postings", "payments", "receipts", "funds") == before
        make_return(db.session.scalars(db.select(Payment)).one())
        assert list_shortages()["GENERAL"].satang == 400
        if not is_postgresql():
            assert db.session.execute(db.text("PRAGMA integrity_check")).all() == [("ok",)]
    test_constraints_equal_the_models(app)
    test_upgrade_from_empty_equals_the_models(app)


def test_the_thread_is_made_of_the_journal_that_is_there(app, clock):
    """Back before 0048_thread.py and forth again: the same parts as those who spent wrote."""
    with app.app_context():
        make_fund("GENERAL")
        make_fund("OTHER")
        gifts = [make_gift(satang) for satang in (300, 500, 200)]
        cancelled = make_approval(400)
        make_approval(450)
        make_reversal(cancelled)
        return_gift(gifts[1])  # of the other 250 a part is taken over
        return_gift(gifts[2])  # and this is lacking
        make_gift(30)
        make_fee(5)
        make_gift(70, "OTHER")
        make_approval(60, "OTHER")
        before = thread_rows()
        flask_migrate.downgrade(directory=str(FOLDER), revision="0048-1")
        flask_migrate.upgrade(directory=str(FOLDER))
        assert thread_rows() == before
        assert list(thread_kept()) == []


def thread_rows():
    """Moves, rests and heads, none of them empty."""
    rows = rows_of("thread_moves", "thread_rests", "thread_heads")
    assert all(rows.values())
    return {name: set(map(tuple, found)) for name, found in rows.items()}


def make_fee(satang):
    line = PostingDraft("GENERAL", chart.BANK_FEES, chart.BANK_MAIN, satang)
    return make_entry(line, kind=EntryKind.BANK_FEE)


def test_lines_of_statements_are_kept_with_what_they_are_matched_to(app, clock):
    """Back before 0013_stated_lines.py and forth again: lines stay matched."""
    with app.app_context():
        make_fund("GENERAL")
        make_bank_account()
        gift, *_ = import_moves(Move(50_000, "X1"), Move(50_000, "X1"), Move(-2_500, "X2"))
        unit_of_work(record_as_gift, gift.public_id, fund_code="GENERAL", actor=OFFICER)
        before = rows_of_lines()
        assert [len(rows) for rows in before] == [1, 3, 3, 1]
        flask_migrate.downgrade(directory=str(FOLDER), revision="0012")
        flask_migrate.upgrade(directory=str(FOLDER))
        assert rows_of_lines() == before
        assert list(words_said()) == []


def rows_of_lines():
    """The rows of statements, of their lines with words, and of matches."""
    named = {
        StatementLine: "id public_id statement_id row_number booked_on ordinal balance_satang"
        " status",
        StatedLine: "statement_id line_id row_number position booked_time balance_satang",
    }
    said = [
        sorted(
            (
                *(getattr(row, column) for column in columns.split()),
                words_of(row),
            )
            for row in db.session.scalars(db.select(model))
        )
        for model, columns in named.items()
    ]
    others = rows_of("statements", "matches")
    return [others["statements"], *said, others["matches"]]


def hash_as_before_0016():
    """Have hashes made as the program did until then: under the oldest field key."""
    ring = keyring()
    oldest = base64.b64encode(list(ring.keys.values())[-1]).decode()
    change = db.text("UPDATE digest_keys SET key_encrypted = :key")
    values = {"key": ring.encrypt(oldest, "digest_keys.key_encrypted.1")}
    unit_of_work(lambda: db.session.execute(change, values))


def test_files_of_children_are_encrypted_with_what_was_in_clear(app, clock):
    """Back before 0016_keys.py and forth again: files read as before, children are found, requests
    are decided on and paid, and open files are counted.
    """
    with app.app_context():
        hash_as_before_0016()
        team = make_team()
        group = TargetGroup.TEEN_MOTHER
        child = make_child(
            team.asker, subdistrict_code="950603", school_name="", target_group=group
        )
        gone = make_child(team.asker, target_group=group)
        actor = team.asker.as_actor()
        unit_of_work(close_child, gone.public_id, CloseReason.MOVED_AWAY, actor=actor)
        request, before = send_request(team), count_open_files()
        db.session.remove()
        flask_migrate.downgrade(directory=str(FOLDER), revision="0015")
        sql = "SELECT subdistrict_code, school_name, target_group FROM children ORDER BY id"
        assert [tuple(row) for row in db.session.execute(db.text(sql))] == [
            (None, "Ban Example School", "at_risk"),
            ("950603", "", "teen_mother"),
            (None, "Ban Example School", "teen_mother"),
        ]
        db.session.remove()
        flask_migrate.upgrade(directory=str(FOLDER))
        prove_keys()
        file = file_of(child, team.approver)
        assert (file.subdistrict.code, file.school_name, file.target_group) == ("950603", "", group)
        assert count_open_files() == before == {("9506", "at_risk"): 1, ("9506", str(group)): 1}
        assert not [*find_wrong_counts(), *find_wrong_lookups(), *find_unreadable_values()]
        pay(decide(request, team), team)
        db.session.remove()
    test_constraints_equal_the_models(app)


def rows_of(*tables):
    """Every row of the tables; the session's connection is given back."""
    rows = {
        name: sorted(
            db.session.execute(db.text(f"SELECT * FROM {name}")).all(), key=lambda r: r[:2]
        )
        for name in tables
    }
    db.session.remove()
    return rows


def test_migrations_never_import_models():
    """Models change, a migration does not; it shares the column types and the rules' files."""
    wrong = []
    for path in VERSIONS:
        for node in ast.walk(parse(path)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            wrong += [name(path) for module in names if _is_ours(module)]
    assert wrong == []


def _is_ours(module):
    return module.split(".")[0] in {"fundapp", "config"} and module != "fundapp.db"


def test_migrations_are_numbered():
    assert VERSIONS
    numbers = [re.match(r"(\d{4})_[a-z0-9_]+\.py$", path.name) for path in VERSIONS]
    assert None not in numbers
    assert [int(match[1]) for match in numbers] == list(range(1, len(VERSIONS) + 1))


def test_roles_keep_their_districts_and_what_gave_them(app):
    """Down to where a role had no districts of its own, and up again, with people in the tables."""
    with app.app_context():
        manager = make_user("case_manager", ("9501", "9506"))
        donor = make_user("donor")
        ids = manager.public_id, donor.public_id
        flask_migrate.downgrade(directory=str(FOLDER), revision="0019")
        flask_migrate.upgrade(directory=str(FOLDER))
        db.session.remove()
        assert [get_user(each).authority() for each in ids] == ["case_manager 9501 9506", "donor"]
        assert list(roles_given()) == []
