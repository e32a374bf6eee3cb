"""A migrated database has the triggers, functions and views of the .sql files, and no others."""

import re

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint

from fundapp.db import Base, begin_to_write, db, is_kept_on
from fundapp.db.rules import (
    DATABASES,
    PACKAGES,
    bring_in,
    differences,
    digest,
    read_rules,
    stored_rules,
    take_out,
)
from fundapp.ledger.models import EntryKind
from tests.architecture.sources import ROOT, name

MIGRATIONS = ROOT / "migrations"
SEAL = "seal_journal_entry"

#: The full text of everything that is there, headers of functions and views on PostgreSQL too.
CATALOGUE = {
    "sqlite": [
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type NOT IN ('table', 'index')"
    ],
    "postgresql": [
        "SELECT pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
        "SELECT relname, pg_get_viewdef(oid) FROM pg_class"
        " WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace",
    ],
}

#: Statements that change a rule by hand, and the rule that is then not as its file says.
BY_HAND = {
    "sqlite": [
        (("DROP TRIGGER postings_no_delete",), "postings_no_delete"),
        (
            (
                "DROP TRIGGER journal_entries_seal",
                "CREATE TRIGGER journal_entries_seal AFTER INSERT ON journal_entries"
                " BEGIN SELECT 1; END",
            ),
            "journal_entries_seal",
        ),
        (("CREATE TRIGGER extra AFTER INSERT ON funds BEGIN SELECT 1; END",), "extra"),
        (("DROP VIEW account_months",), "account_months"),
        (
            (
                "DROP VIEW account_months",
                "CREATE VIEW account_months AS SELECT fund_code, account_code, month_on,"
                " 0 AS debit_satang, 0 AS credit_satang FROM monthly_balances",
            ),
            "account_months",
        ),
    ],
    "postgresql": [
        (("DROP TRIGGER postings_no_delete ON postings",), "postings_no_delete"),
        (("ALTER TABLE postings DISABLE TRIGGER postings_no_delete",), "postings_no_delete"),
        (
            (
                "CREATE OR REPLACE FUNCTION seal_journal_entry() RETURNS trigger LANGUAGE plpgsql"
                " AS $$ BEGIN RETURN NULL; END $$",
            ),
            "seal_journal_entry",
        ),
        (
            (
                "CREATE OR REPLACE TRIGGER journal_entries_seal AFTER INSERT ON journal_entries"
                " FOR EACH ROW WHEN (false) EXECUTE FUNCTION seal_journal_entry()",
            ),
            "journal_entries_seal",
        ),
        (
            (
                "CREATE TRIGGER extra AFTER INSERT ON funds"
                " FOR EACH ROW EXECUTE FUNCTION open_fund_balance()",
            ),
            "extra",
        ),
        (("DROP VIEW account_months",), "account_months"),
    ],
}


@pytest.fixture
def connection(app):
    """A connection to a migrated database; what a test does with it is rolled back."""
    with app.app_context(), db.engine.connect() as connection:
        begin_to_write(connection)
        yield connection


def definitions(connection):
    """Everything the catalogue knows of triggers, functions and views."""
    return [sorted(connection.exec_driver_sql(sql)) for sql in CATALOGUE[connection.dialect.name]]


def wrong(connection):
    return [rule.name for rule, _problem in differences(connection)]


def test_a_migrated_database_has_exactly_the_rules_of_the_files(connection):
    assert list(differences(connection)) == []
    wanted = {rule.id for rule in read_rules(connection.dialect.name)}
    assert stored_rules(connection).keys() == wanted


def test_made_from_the_files_alone_they_are_the_same(connection):
    """Headers of functions and views on PostgreSQL too, which `differences` does not compare."""
    migrated = definitions(connection)
    take_out(connection)
    assert stored_rules(connection) == {}
    bring_in(connection, digest())
    assert definitions(connection) == migrated


def test_what_is_changed_by_hand_is_found_and_mended(connection):
    migrated = definitions(connection)
    for statements, rule in BY_HAND[connection.dialect.name]:
        for statement in statements:
            connection.exec_driver_sql(statement)
        assert wrong(connection) == [rule], statements
        assert definitions(connection) != migrated
        bring_in(connection, digest())
        assert definitions(connection) == migrated, statements


@pytest.mark.postgresql
def test_a_view_changed_by_hand_is_mended_on_postgresql(connection):
    migrated = definitions(connection)
    connection.exec_driver_sql(
        "CREATE OR REPLACE VIEW account_months AS SELECT fund_code, account_code, month_on,"
        " 0::bigint AS debit_satang, 0::bigint AS credit_satang FROM monthly_balances"
    )
    assert definitions(connection) != migrated
    bring_in(connection, digest())
    assert definitions(connection) == migrated


def test_the_newest_migration_of_the_rules_states_their_digest():
    revisions = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    stated = [r.module.RULES for r in revisions if hasattr(r.module, "RULES")]
    assert stated[0] == digest(), (
        f"the rules of the .sql files have changed: bring them in by a new migration that states"
        f" RULES = {digest()!r}; see docs/decisions/0013-rules-in-files.md"
    )


def test_a_migration_of_older_rules_brings_nothing_in(connection):
    take_out(connection)
    bring_in(connection, "of an older text")
    assert stored_rules(connection) == {}


def test_migrations_contain_no_rule():
    text_of_rule = re.compile(r"CREATE\s+(OR\s+REPLACE\s+)?(TRIGGER|FUNCTION|VIEW)", re.IGNORECASE)
    found = [
        name(path)
        for path in (MIGRATIONS / "versions").glob("*.py")
        if text_of_rule.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_file_is_read_and_begins_with_its_reason():
    read = {rule.path for database in DATABASES for rule in read_rules(database)}
    assert read == set(PACKAGES.rglob("*.sql"))
    silent = [name(path) for path in read if not path.read_text(encoding="utf-8").startswith("-- ")]
    assert silent == []


@pytest.mark.parametrize("database", DATABASES)
def test_each_rule_is_whole_and_stands_once(database):
    """A semicolon inside a body splits nothing."""
    rules = read_rules(database)
    assert len({rule.id for rule in rules}) == len(rules)
    ends = {
        "sqlite": ("END", "monthly_balances", "pair", "c.request_id)"),
        "postgresql": ("$$", "()", "side", "pair", "c.request_id)"),
    }
    assert [rule.id for rule in rules if not rule.sql.endswith(ends[database])] == []
    assert [rule.id for rule in rules if rule.sql.count("CREATE ") != 1] == []


def test_a_trigger_of_postgresql_names_each_check_that_it_keeps():
    text = next(rule.sql for rule in read_rules("postgresql") if rule.id.name == SEAL)
    kept = [
        str(check.name).removeprefix(f"ck_{table.name}_")
        for table in Base.metadata.sorted_tables
        for check in table.constraints
        if isinstance(check, CheckConstraint) and not is_kept_on(check, "postgresql")
    ]
    assert len(kept) == 11
    assert [rule for rule in kept if f"'{rule}'" not in text] == []
    assert [kind for kind in EntryKind if f"'{kind}'" not in text] == []


def test_what_refuses_to_be_deleted_refuses_to_be_truncated():
    """On PostgreSQL, where TRUNCATE asks no trigger of single rows."""
    events = re.compile(
        r"CREATE TRIGGER \w+\s+(?:BEFORE|AFTER) ([A-Z ]+?)(?: OF [\w, ]+)? ON (\w+)"
    )
    refused = {"DELETE": set(), "TRUNCATE": set()}
    for path in ROOT.glob("fundapp/*/sql/postgresql/*.sql"):
        for text, table in events.findall(path.read_text(encoding="utf-8")):
            for event in refused.keys() & set(text.split()):
                refused[event].add(table)
    assert len(refused["DELETE"]) > 50
    assert refused["DELETE"] - refused["TRUNCATE"] == set()
