"""Less to write for each posting: one index of entries by day instead of two, and on SQLite rows of
postings and balances that are kept in the tree of their key, without a second one.
"""

from alembic import op

from fundapp.db import checks, rules

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "3ec6d9982c8f5ae2"

_TABLES = ("postings", "fund_balances", "monthly_balances")
_BY_ID, _BY_DAY = "id, entry_on, posting_count", "entry_on, id, posting_count"
_DAY_INDEX = "ix_journal_entries_entry_on_id"


def upgrade() -> None:
    """Let the key that postings refer to begin with the day, and drop the index of the day."""
    connection = op.get_bind()
    rules.take_out(connection)
    _reorder(_BY_ID, _BY_DAY)
    op.drop_index(_DAY_INDEX, "journal_entries")
    if connection.dialect.name == "sqlite":
        for table in _TABLES:
            _copy(table, "STRICT", "STRICT, WITHOUT ROWID")
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """As it was."""
    connection = op.get_bind()
    rules.take_out(connection)
    if connection.dialect.name == "sqlite":
        for table in _TABLES:
            _copy(table, "STRICT, WITHOUT ROWID", "STRICT")
    op.create_index(_DAY_INDEX, "journal_entries", ["entry_on", "id"])
    _reorder(_BY_DAY, _BY_ID)


def _reorder(old: str, new: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        checks.replace_text(connection, "journal_entries", f"UNIQUE ({old})", f"UNIQUE ({new})")
        op.execute("REINDEX journal_entries")
        return
    op.drop_constraint("fk_postings_entry", "postings")
    op.drop_constraint("uq_journal_entries_seal", "journal_entries")
    op.create_unique_constraint("uq_journal_entries_seal", "journal_entries", new.split(", "))
    op.create_foreign_key(
        "fk_postings_entry",
        "postings",
        "journal_entries",
        ["entry_id", "entry_on", "posting_count"],
        ["id", "entry_on", "posting_count"],
        deferrable=True,
        initially="DEFERRED",
    )


def _copy(table: str, old: str, new: str) -> None:
    """Copy an SQLite table, to which no other one refers, into one whose text ends in ``new``."""
    connection = op.get_bind()
    query = "SELECT type, sql FROM sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL"
    texts = connection.exec_driver_sql(query, (table,)).all()
    ((text, indexes),) = [
        (sql, [index for kind, index in texts if kind == "index"])
        for type_, sql in texts
        if type_ == "table"
    ]
    head, columns, end = text.rstrip().partition(" (")
    if head.replace('"', "") != f"CREATE TABLE {table}" or not columns or not end.endswith(old):
        raise ValueError(f"{table} is not as this migration expects")
    op.execute(f"CREATE TABLE {table}_copy ({end.removesuffix(old)}{new}")
    op.execute(f"INSERT INTO {table}_copy SELECT * FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_copy RENAME TO {table}")
    for index in indexes:
        op.execute(index)
