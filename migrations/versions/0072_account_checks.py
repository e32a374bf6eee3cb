"""Bank details of a payee are verified by a person of their own before a request is approved."""

from datetime import date

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, Day, UtcDateTime, rules

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "9ab36b62a5214dd5"
#: A verified account is used again for half a year.
_REUSE_DAYS = 183
#: Rules hold for what is recorded, whenever that was.
_FROM_THE_BEGINNING = date(2000, 1, 1)


def upgrade() -> None:
    """Create the tables; what the bank was told before needs no verification any more."""
    connection = op.get_bind()
    rules.take_out(connection)
    _create_checks()
    days = op.create_table(
        "account_check_rules",
        sa.Column("starts_on", Day(), nullable=False),
        sa.Column("reuse_days", BigInt, nullable=False),
        sa.CheckConstraint("reuse_days >= 0", name=op.f("ck_account_check_rules_days_counted")),
        sa.PrimaryKeyConstraint("starts_on", name=op.f("pk_account_check_rules")),
        sqlite_strict=True,
    )
    op.bulk_insert(days, [{"starts_on": _FROM_THE_BEGINNING, "reuse_days": _REUSE_DAYS}])
    op.create_table(
        "requests_before_checks",
        sa.Column("request_id", BigInt, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["disbursement_requests.id"],
            name=op.f("fk_requests_before_checks_request_id"),
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_requests_before_checks")),
        sqlite_strict=True,
    )
    op.execute(
        "INSERT INTO requests_before_checks SELECT id FROM disbursement_requests"
        " WHERE payout_method <> 'cash' AND (status IN ('paid', 'confirmed', 'problem')"
        " OR id IN (SELECT l.request_id FROM payout_batch_lines l"
        " JOIN payout_batch_files f ON f.batch_id = l.batch_id"
        " WHERE l.state IN ('waiting', 'paid')))"
    )
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    op.drop_table("requests_before_checks")
    op.drop_table("account_check_rules")
    op.drop_table("account_checks")


def _create_checks() -> None:
    table = "account_checks"
    op.create_table(
        table,
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False, comment="of the request: 1, 2, …"),
        sa.Column("requested_by_id", BigInt, nullable=False),
        sa.Column("facts_sha256", Bytes, nullable=False, comment="of the request, as it was shown"),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.Text(), nullable=False),
        sa.Column("earlier_id", BigInt, nullable=True, comment="the check that is used again"),
        sa.Column("words_digest", Bytes, nullable=True, comment="of the words, which are a remark"),
        sa.Column("checked_by_id", BigInt, nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('matches', 'differs')", name=op.f("ck_account_checks_answer_known")
        ),
        sa.CheckConstraint(
            "checked_by IN ('book', 'bank', 'call', 'letter', 'earlier')",
            name=op.f("ck_account_checks_checked_by_known"),
        ),
        sa.CheckConstraint(
            "checked_by_id <> requested_by_id", name=op.f("ck_account_checks_two_people")
        ),
        sa.CheckConstraint(
            "length(facts_sha256) = 32", name=op.f("ck_account_checks_facts_hashed")
        ),
        sa.CheckConstraint(
            "(checked_by = 'earlier') = (earlier_id IS NOT NULL)"
            " AND (earlier_id IS NULL OR answer = 'matches')",
            name=op.f("ck_account_checks_earlier_matches"),
        ),
        sa.CheckConstraint(
            "answer = 'matches' OR words_digest IS NOT NULL",
            name=op.f("ck_account_checks_difference_has_words"),
        ),
        sa.CheckConstraint(
            "words_digest IS NULL OR length(words_digest) = 32",
            name=op.f("ck_account_checks_words_hashed"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "requested_by_id"],
            ["disbursement_requests.id", "disbursement_requests.requested_by_id"],
            name="fk_account_checks_asker",
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["users.id"], name=op.f("fk_account_checks_checked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_checks")),
        sa.UniqueConstraint("id", "checked_by_id", name="uq_account_checks_person"),
        sa.UniqueConstraint("request_id", "number", name="uq_account_checks_number"),
        sa.ForeignKeyConstraint(
            ["earlier_id", "checked_by_id"],
            ["account_checks.id", "account_checks.checked_by_id"],
            name="fk_account_checks_earlier",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_account_checks_earlier_id", table, ["earlier_id"])
