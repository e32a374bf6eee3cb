"""A line of a statement is an account, a day and an amount; what each file says of it is kept."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, UtcDateTime, rules

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

#: Digest of the rules that this migration brings in.
RULES = "3c14ca028c91fe59"

#: Emptied and filled again: SQLite cannot change the constraints of a table that holds rows.
TABLES = ("matches", "statement_lines", "statements")
_NOT_UNDONE = sa.text("undone_at IS NULL")

_STATEMENTS = (
    "id, public_id, bank_account_code, profile, file_name, file_sha256, from_on, to_on,"
    " opening_satang, closing_satang, imported_by, imported_at"
)
_LINES = (
    "id, public_id, statement_id, bank_account_code, row_number, booked_on, booked_time,"
    " description, detail, channel, withdrawal_satang, deposit_satang, balance_satang, status,"
    " status_reason"
)
_WORDS = "booked_time, description, detail, channel, balance_satang"


def upgrade() -> None:
    """Count equal lines of a day instead of hashing what the bank may still correct."""
    bind = op.get_bind()
    rules.take_out(bind)
    for table in TABLES:
        op.execute(f"CREATE TEMPORARY TABLE old_{table} AS SELECT * FROM {table}")
        op.execute(f"DELETE FROM {table}")
    if bind.dialect.name == "postgresql":
        op.drop_constraint("fk_matches_line_id", "matches")
    op.drop_table("statement_lines")
    op.drop_table("statements")
    _create_statements()
    _create_statement_lines()
    _create_stated_lines()
    if bind.dialect.name == "postgresql":
        op.create_foreign_key(
            "fk_matches_line_id", "matches", "statement_lines", ["line_id"], ["id"]
        )
    _fill()
    for table in TABLES:
        op.execute(f"DROP TABLE old_{table}")
    rules.bring_in(bind, RULES)


def _fill() -> None:
    op.execute(f"INSERT INTO statements ({_STATEMENTS}) SELECT {_STATEMENTS} FROM old_statements")
    op.execute(
        f"INSERT INTO statement_lines ({_LINES}, ordinal, day_position) SELECT {_LINES},"
        " row_number() OVER ("
        "  PARTITION BY bank_account_code, booked_on, withdrawal_satang, deposit_satang ORDER BY id"
        " ), row_number() OVER (PARTITION BY bank_account_code, booked_on ORDER BY id)"
        " FROM old_statement_lines"
    )
    op.execute(
        f"INSERT INTO stated_lines (statement_id, row_number, line_id, position, {_WORDS})"
        " SELECT statement_id, row_number, id,"
        f" row_number() OVER (PARTITION BY statement_id ORDER BY row_number), {_WORDS}"
        " FROM old_statement_lines"
    )
    op.execute("INSERT INTO matches SELECT * FROM old_matches")


def _create_statements() -> None:
    op.create_table(
        "statements",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("bank_account_code", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("from_on", Day(), nullable=False),
        sa.Column(
            "to_on",
            Day(),
            nullable=False,
            comment="last day, at most that of the import; open until another file goes past it",
        ),
        sa.Column("opening_satang", BigInt, nullable=False),
        sa.Column("closing_satang", BigInt, nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.Column("undone_by", sa.Text()),
        sa.Column("undone_at", UtcDateTime()),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_statements_from_before_to")),
        sa.CheckConstraint(
            "length(file_sha256) = 32", name=op.f("ck_statements_file_sha256_length")
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)",
            name=op.f("ck_statements_undone_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["bank_account_code"],
            ["bank_accounts.code"],
            name=op.f("fk_statements_bank_account_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("public_id", name=op.f("uq_statements_public_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_statements_days", "statements", ["bank_account_code", "from_on"])
    op.create_index(
        "uq_statements_file",
        "statements",
        ["bank_account_code", "file_sha256"],
        unique=True,
        sqlite_where=_NOT_UNDONE,
        postgresql_where=_NOT_UNDONE,
    )


def _create_statement_lines() -> None:
    op.create_table(
        "statement_lines",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column(
            "statement_id",
            BigInt,
            nullable=False,
            comment="the first file that counts and states it",
        ),
        sa.Column("bank_account_code", sa.Text(), nullable=False),
        sa.Column("row_number", BigInt, nullable=False, comment="its row in that file"),
        sa.Column("booked_on", Day(), nullable=False),
        sa.Column("withdrawal_satang", BigInt, nullable=False),
        sa.Column("deposit_satang", BigInt, nullable=False),
        sa.Column(
            "ordinal",
            BigInt,
            nullable=False,
            comment="which of the lines of this amount on this day, from 1",
        ),
        sa.Column(
            "day_position",
            BigInt,
            nullable=False,
            comment="its place in the day, as the newest file has it",
        ),
        sa.Column("booked_time", sa.Text(), nullable=False, comment="HH:MM, HH:MM:SS or empty"),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column(
            "balance_satang", BigInt, nullable=False, comment="after it, as the newest file has it"
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("ordinal >= 1", name=op.f("ck_statement_lines_counted_from_one")),
        sa.CheckConstraint(
            "status <> 'ignored' OR status_reason <> ''",
            name=op.f("ck_statement_lines_ignored_has_reason"),
        ),
        sa.CheckConstraint(
            "status IN ('unmatched', 'matched', 'held', 'ignored', 'withdrawn')",
            name=op.f("ck_statement_lines_status_known"),
        ),
        sa.CheckConstraint(
            "(withdrawal_satang > 0 AND deposit_satang = 0) OR (withdrawal_satang = 0 AND deposit_satang > 0)",
            name=op.f("ck_statement_lines_one_direction"),
        ),
        sa.ForeignKeyConstraint(
            ["bank_account_code"],
            ["bank_accounts.code"],
            name=op.f("fk_statement_lines_bank_account_code"),
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("fk_statement_lines_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_lines")),
        sa.UniqueConstraint(
            "bank_account_code",
            "booked_on",
            "withdrawal_satang",
            "deposit_satang",
            "ordinal",
            name="uq_statement_lines_identity",
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_statement_lines_public_id")),
        sqlite_strict=True,
    )
    for name, columns in {
        "ix_statement_lines_day": ["bank_account_code", "booked_on", "day_position"],
        "ix_statement_lines_detail": ["detail"],
        "ix_statement_lines_statement": ["statement_id", "row_number"],
        "ix_statement_lines_status": ["status", "booked_on", "id"],
    }.items():
        op.create_index(name, "statement_lines", columns)


def _create_stated_lines() -> None:
    op.create_table(
        "stated_lines",
        sa.Column("statement_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("row_number", BigInt, autoincrement=False, nullable=False),
        sa.Column("line_id", BigInt, nullable=False),
        sa.Column(
            "position",
            BigInt,
            nullable=False,
            comment="its place in the bank's order, which may not be that of the rows",
        ),
        sa.Column("booked_time", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("balance_satang", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["statement_lines.id"], name=op.f("fk_stated_lines_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("fk_stated_lines_statement_id")
        ),
        sa.PrimaryKeyConstraint("statement_id", "row_number", name=op.f("pk_stated_lines")),
        sa.UniqueConstraint("line_id", "statement_id", name="uq_stated_lines_line"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop what the files say of each line; 0005 drops the other tables, in their newer form."""
    rules.take_out(op.get_bind())
    op.drop_table("stated_lines")
