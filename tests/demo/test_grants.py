"""The role of the web server can do all that the program does, and cannot rewrite the books."""

import pytest
import time_machine
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from fundapp.db.grants import permanent_tables
from tests.conftest import MORNING, dispose, make_app, settings
from tests.demo.conftest import load

pytestmark = pytest.mark.postgresql

ROLE = "fund_web"

#: What it may not do.
REFUSED = [
    "UPDATE fund_balances SET available_satang = available_satang + 100000",
    "UPDATE fund_balances SET fund_code = fund_code",
    "INSERT INTO balance_deltas SELECT 'GENERAL', 1, '2026-11-01', 100000",
    "UPDATE monthly_balances SET debit_satang = 0",
    "DELETE FROM shortage_changes",
    "DELETE FROM proofs",
    "DELETE FROM consents",
    "DELETE FROM payouts",
    "ALTER TABLE postings DISABLE TRIGGER ALL",
    "DROP TRIGGER postings_no_update ON postings",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RETURN NEW; END $$",
    "CREATE TABLE fund_balances_2 (a int)",
    "SET session_replication_role = replica",
    *(
        sql.format(table)
        for table in sorted(permanent_tables())
        for sql in ("DELETE FROM {}", "TRUNCATE {} CASCADE")
    ),
    *(
        f"UPDATE {table} SET {column} = {column}"
        for table, column in (
            ("journal_entries", "memo"),
            ("journal_entries", "id"),
            ("postings", "amount_satang"),
            ("audit_events", "actor"),
            ("child_reads", "reader"),
            ("approvals", "decided_at"),
        )
    ),
]


@pytest.fixture(scope="module")
def service(databases, tmp_path_factory):
    """The demo, loaded by the role with what `database grants` gives it, and a connection as it."""
    folder = tmp_path_factory.mktemp("grants")
    with databases.fresh() as url, time_machine.travel(MORNING, tick=False):
        app = make_app(settings(url, folder) | {"DEMO_FOLDER": str(folder)})
        printed = app.test_cli_runner().invoke(args=["database", "grants", ROLE])
        assert printed.exit_code == 0, printed.output
        dispose(app)
        # Without parameters the driver takes % as it is.
        options = {"no_parameters": True}
        owner = create_engine(url, isolation_level="AUTOCOMMIT", execution_options=options)
        with owner.connect() as connection:
            if not connection.scalar(text(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'")):
                connection.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
            connection.exec_driver_sql(printed.output)
        web_url = make_url(url).set(username=ROLE).render_as_string(hide_password=False)
        app = make_app(settings(web_url, folder) | {"DEMO_FOLDER": str(folder)})
        result = load(app.test_cli_runner())
        assert result.exit_code == 0, result.output
        engine = create_engine(web_url)
        yield app, engine
        dispose(app)
        engine.dispose()
        with owner.connect() as connection:
            connection.exec_driver_sql(f"DROP OWNED BY {ROLE}")
            connection.exec_driver_sql(f"DROP ROLE {ROLE}")
        owner.dispose()


def test_the_demo_was_loaded_and_every_check_is_green(service):
    app, _engine = service
    result = app.test_cli_runner().invoke(args=["audit", "check"])
    assert result.exit_code == 0, result.output
    assert app.test_client().get("/readyz").status_code == 200


def test_it_cannot(service):
    """One test, as hundreds of statements begin with the same books."""
    _app, engine = service
    assert len(REFUSED) > 150
    told = {sql: _refusal_of(sql, engine) for sql in REFUSED}
    words = ("permission denied", "must be owner", "keeps its rows", "append-only")
    assert {
        sql: refusal
        for sql, refusal in told.items()
        if refusal is None or not any(word in refusal for word in words)
    } == {}


def _refusal_of(sql, engine):
    """What the database says to a statement; None where it carried it out."""
    with engine.connect() as connection:
        try:
            connection.exec_driver_sql(sql)
        except DBAPIError as error:
            return str(error.orig)
    return None


def test_a_temporary_table_does_not_stand_in_for_the_balances(service):
    """The functions that keep them look for tables in the schema of the books alone."""
    _app, engine = service
    with engine.connect() as connection:
        before = connection.scalar(text("SELECT count(*) FROM fund_balances"))
        connection.exec_driver_sql("CREATE TEMPORARY TABLE fund_balances AS SELECT 1 AS nothing")
        connection.exec_driver_sql("SELECT fold_fund_balance('GENERAL', true, false)")
        assert connection.scalar(text("SELECT count(*) FROM public.fund_balances")) == before


def test_a_name_that_would_need_quotes_is_refused(service):
    app, _engine = service
    result = app.test_cli_runner().invoke(args=["database", "grants", 'web"; DROP'])
    assert result.exit_code == 1
    assert "small letters" in result.output
