"""Complaints and concerns that anybody tells."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, UtcDateTime, encrypted_columns, rules

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "d2abb6b993c3ab63"
_KINDS = "kind IN ('child_safety', 'help', 'money', 'conduct', 'other')"
_STATES = "status IN ('new', 'in_work', 'answered', 'closed')"
_ACTIONS = "action IN ('tell', 'take', 'note', 'answer', 'reply', 'close', 'reopen')"


def upgrade() -> None:
    """Create the tables."""
    connection = op.get_bind()
    rules.take_out(connection)
    _create_concerns()
    _create_steps()
    encrypted_columns.require_encryption(connection, "concerns", "contact_encrypted")
    encrypted_columns.require_encryption(connection, "concern_steps", "words_encrypted")
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    op.drop_table("concern_steps")
    op.drop_table("concerns")


def _create_concerns() -> None:
    op.create_table(
        "concerns",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False, comment="in which it was told"),
        sa.Column(
            "contact_encrypted",
            Bytes(),
            nullable=True,
            comment="how to reach whoever told it; NULL: was not said",
        ),
        sa.Column(
            "code_lookup",
            Bytes(),
            nullable=False,
            comment="keyed hash of the code by which the answer is looked for",
        ),
        sa.Column("owner", sa.Text(), nullable=True, comment="public id of the user"),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False, comment="of the form"),
        sa.CheckConstraint(_KINDS, name=op.f("ck_concerns_kind_known")),
        sa.CheckConstraint(_STATES, name=op.f("ck_concerns_status_known")),
        sa.CheckConstraint(
            "(status = 'new') = (owner IS NULL)", name=op.f("ck_concerns_owned_in_work")
        ),
        sa.CheckConstraint("length(code_lookup) = 32", name=op.f("ck_concerns_code_hashed")),
        sa.CheckConstraint("locale IN ('th', 'en', 'ms')", name=op.f("ck_concerns_locale_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concerns")),
        sa.UniqueConstraint("code_lookup", name=op.f("uq_concerns_code_lookup")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_concerns_idempotency_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_concerns_status", "concerns", ["status", "kind", "id"])
    op.create_index("ix_concerns_owner", "concerns", ["owner", "status", "id"])


def _create_steps() -> None:
    op.create_table(
        "concern_steps",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("concern_id", BigInt, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("words_encrypted", Bytes(), nullable=True),
        sa.Column(
            "done_by", sa.Text(), nullable=False, comment="public id of the user, or a process"
        ),
        sa.Column("done_at", UtcDateTime(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False, comment="of the form"),
        sa.CheckConstraint(_ACTIONS, name=op.f("ck_concern_steps_action_known")),
        sa.CheckConstraint(_STATES, name=op.f("ck_concern_steps_status_known")),
        sa.CheckConstraint(
            "action IN ('take', 'close') OR words_encrypted IS NOT NULL",
            name=op.f("ck_concern_steps_words_when_needed"),
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concerns.id"], name=op.f("fk_concern_steps_concern_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_steps")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_concern_steps_idempotency_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_concern_steps_concern_id", "concern_steps", ["concern_id", "id"])
