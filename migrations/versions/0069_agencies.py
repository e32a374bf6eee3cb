"""Partner agencies, their people and referrals; a role and a kind of consent for them."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, Day, UtcDateTime, checks, encrypted_columns, rules

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "2f90ca0498d0ca02"
_ROLES = (
    "role IN ('donor', 'case_manager', 'supervisor', 'fund_officer', 'approver', 'auditor',"
    " 'administrator'"
)
_CONSENTS = "kind IN ('keep_file', 'sensitive_facts', "
#: Table, CHECK, what it said and what it says.
_WIDENED = (
    ("user_roles", "ck_user_roles_role_known", f"{_ROLES})", f"{_ROLES}, 'agency')"),
    (
        "consents",
        "ck_consents_kind_known",
        f"{_CONSENTS}'photograph')",
        f"{_CONSENTS}'share_facts', 'photograph')",
    ),
)
_AGENCY_KINDS = (
    "kind IN ('government', 'local', 'school', 'health', 'religious', 'foundation', 'company')"
)
_CHECKS = {
    "need_known": "need IN ('living', 'education', 'travel', 'health', 'food')",
    "status_known": "status IN ('sent', 'accepted', 'done', 'declined', 'withdrawn')",
    "given_kind_known": "given_kind IN ('money', 'goods', 'service', 'place')",
    "ends_later": "sent_on <= ends_on",
    "version_counted": "version >= 1",
    "answered_by_somebody": (
        "(accepted_by_id IS NULL) = (accepted_at IS NULL)"
        " AND (closed_by_id IS NULL) = (closed_at IS NULL)"
    ),
    "answered_in_order": (
        "(status IN ('sent', 'accepted')) = (closed_at IS NULL)"
        " AND (status <> 'sent' OR accepted_at IS NULL)"
        " AND (status NOT IN ('accepted', 'done') OR accepted_at IS NOT NULL)"
    ),
    "declined_with_reason": "(status = 'declined') = (reason_encrypted IS NOT NULL)",
    "done_with_what_was_given": (
        "(status = 'done') = (given_kind IS NOT NULL)"
        " AND (status = 'done') = (given_on IS NOT NULL)"
        " AND (given_kind IS NULL) = (given_count IS NULL) AND given_count > 0"
    ),
    "done_by_same": "status <> 'done' OR closed_by_id = accepted_by_id",
    "two_people": "accepted_by_id <> sent_by_id",
}


def upgrade() -> None:
    """Let the role and the kind of consent be, and create the tables."""
    connection = op.get_bind()
    rules.take_out(connection)
    for table, name, old, new in _WIDENED:
        checks.replace_check(connection, table, name, old, new)
    _create_agencies()
    _create_accesses()
    _create_referrals()
    for column in ("words_encrypted", "reason_encrypted", "given_words_encrypted"):
        encrypted_columns.require_encryption(connection, "referrals", column)
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them. The role and the consents of the kind go with them: they meant nothing before."""
    connection = op.get_bind()
    rules.take_out(connection)
    for table in ("referrals", "agency_accesses", "agencies"):
        op.drop_table(table)
    op.execute("DELETE FROM consents WHERE kind = 'share_facts'")
    op.execute("DELETE FROM user_roles WHERE role = 'agency'")
    for table, name, old, new in _WIDENED:
        checks.replace_check(connection, table, name, new, old)


def _create_agencies() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("districts", sa.Text(), nullable=False, comment="codes in order, between spaces"),
        sa.Column("email", sa.Text(), nullable=False, comment="of the office"),
        sa.Column("phone", sa.Text(), nullable=False, comment="of the office; empty: not known"),
        sa.Column("document_id", BigInt, nullable=False, comment="the signed agreement"),
        sa.Column("starts_on", Day(), nullable=False, comment="of the agreement"),
        sa.Column("ends_on", Day(), nullable=False, comment="the last day of the agreement"),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.CheckConstraint(_AGENCY_KINDS, name=op.f("ck_agencies_kind_known")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_agencies_days_in_order")),
        sa.CheckConstraint(
            "name <> '' AND districts <> ''", name=op.f("ck_agencies_named_and_placed")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_agencies_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_agencies_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("name", name=op.f("uq_agencies_name")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_agencies_proposal_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agencies_public_id")),
        sqlite_strict=True,
    )


def _create_accesses() -> None:
    op.create_table(
        "agency_accesses",
        sa.Column("user_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("agency_id", BigInt, nullable=False),
        sa.Column("ends_on", Day(), nullable=False, comment="the last day"),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_agency_accesses_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_agency_accesses_proposal_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_agency_accesses_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_agency_accesses")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_agency_accesses_proposal_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_agency_accesses_agency_id", "agency_accesses", ["agency_id"])


def _create_referrals() -> None:
    people = ("sent_by_id", "accepted_by_id", "closed_by_id")
    op.create_table(
        "referrals",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("child_id", BigInt, nullable=False),
        sa.Column("agency_id", BigInt, nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False, comment="of SharedFact, between spaces"),
        sa.Column(
            "words_encrypted", Bytes(), nullable=False, comment="what the agency should know"
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", BigInt, nullable=False),
        sa.Column("sent_by_id", BigInt, nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("sent_on", Day(), nullable=False),
        sa.Column(
            "ends_on", Day(), nullable=False, comment="the last day on which the agency sees it"
        ),
        sa.Column("accepted_by_id", BigInt, nullable=True),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by_id", BigInt, nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("reason_encrypted", Bytes(), nullable=True, comment="why it was declined"),
        sa.Column("given_kind", sa.Text(), nullable=True),
        sa.Column(
            "given_count",
            BigInt,
            nullable=True,
            comment="satang of money; else pieces, visits or places",
        ),
        sa.Column("given_on", Day(), nullable=True),
        sa.Column("given_words_encrypted", Bytes(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False, comment="of the form"),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_referrals_{name}"))
            for name, rule in _CHECKS.items()
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_referrals_agency_id")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_referrals_child_id")),
        *(
            sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"fk_referrals_{column}"))
            for column in people
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_referrals_idempotency_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_referrals_child_id", "referrals", ["child_id", "id"])
    op.create_index("ix_referrals_agency_id", "referrals", ["agency_id", "status", "id"])
    op.create_index("ix_referrals_sent_on", "referrals", ["sent_on", "id"])
