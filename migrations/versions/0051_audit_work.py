"""Samples, findings and looked-at exceptions of auditors."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, Day, UtcDateTime, checks, rules

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "7b50cda0d6012c0a"
_OLD_KINDS = (
    "kind IN ('decision', 'cancellation', 'reversal', 'payment_note', 'line', 'child_facts',"
    " 'pledge', 'duplicate')"
)
_KINDS = _OLD_KINDS.replace("'duplicate'", "'duplicate', 'audit'")


def upgrade() -> None:
    """Create the tables."""
    connection = op.get_bind()
    rules.take_out(connection)
    _create_audit_dismissals()
    _create_audit_findings()
    _create_audit_finding_steps()
    _create_audit_samples()
    _create_audit_sample_strata()
    _create_audit_sample_items()
    _create_audit_finding_evidence()
    _create_audit_sample_papers()
    checks.replace_check(connection, "remarks", "ck_remarks_kind_known", _OLD_KINDS, _KINDS)
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them; words of an audit stop this."""
    connection = op.get_bind()
    rules.take_out(connection)
    checks.replace_check(connection, "remarks", "ck_remarks_kind_known", _KINDS, _OLD_KINDS)
    for table in (
        "audit_sample_papers",
        "audit_finding_evidence",
        "audit_sample_items",
        "audit_sample_strata",
        "audit_samples",
        "audit_finding_steps",
        "audit_findings",
        "audit_dismissals",
    ):
        op.drop_table(table)


def _create_audit_dismissals() -> None:
    op.create_table(
        "audit_dismissals",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column(
            "key", sa.Text(), nullable=False, comment="which one: a number, or what it is made of"
        ),
        sa.Column("reason_digest", Bytes, nullable=False, comment="of a remark"),
        sa.Column("dismissed_by", sa.Text(), nullable=False, comment="public id of the user"),
        sa.Column("dismissed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "rule <> '' AND key <> ''", name=op.f("ck_audit_dismissals_names_exception")
        ),
        sa.CheckConstraint(
            "length(reason_digest) = 32", name=op.f("ck_audit_dismissals_reason_hashed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_dismissals")),
        sa.UniqueConstraint("rule", "key", name=op.f("uq_audit_dismissals_exception")),
        sqlite_strict=True,
    )


def _create_audit_findings() -> None:
    op.create_table(
        "audit_findings",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, comment="no personal data"),
        sa.Column("criteria_digest", Bytes, nullable=False, comment="of a remark: what should be"),
        sa.Column("condition_digest", Bytes, nullable=False, comment="of a remark: what is"),
        sa.Column("cause_digest", Bytes, nullable=False, comment="of a remark: why"),
        sa.Column("effect_digest", Bytes, nullable=False, comment="of a remark: what follows"),
        sa.Column(
            "owner", sa.Text(), nullable=False, comment="public id of the user who is to answer"
        ),
        sa.Column("due_on", Day(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False, comment="public id of the user"),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True, comment="public, no personal data"),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.Column("released_by", sa.Text(), nullable=True),
        sa.Column(
            "idempotency_key", sa.Text(), nullable=False, comment="of the form that was sent"
        ),
        sa.CheckConstraint("owner <> made_by", name=op.f("ck_audit_findings_owned_by_another")),
        sa.CheckConstraint(
            "(summary IS NULL) = (released_at IS NULL) AND (summary IS NULL) = "
            "(released_by IS NULL) AND summary <> ''",
            name=op.f("ck_audit_findings_released_with_summary"),
        ),
        sa.CheckConstraint(
            "severity IN ('low', 'medium', 'high')", name=op.f("ck_audit_findings_severity_known")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'answered', 'closed', 'reopened')",
            name=op.f("ck_audit_findings_status_known"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_audit_findings_titled")),
        sa.CheckConstraint(
            "length(criteria_digest) = 32 AND length(condition_digest) = 32 "
            "AND length(cause_digest) = 32 AND length(effect_digest) = 32",
            name=op.f("ck_audit_findings_words_hashed"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_findings")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_audit_findings_idempotency_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_findings_due", "audit_findings", ["status", "due_on"])
    op.create_index("ix_audit_findings_released_at", "audit_findings", ["released_at"])


def _create_audit_finding_steps() -> None:
    op.create_table(
        "audit_finding_steps",
        sa.Column("finding_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_on", Day(), nullable=True, comment="the new day by which it is put right"),
        sa.Column("words_digest", Bytes, nullable=False, comment="of a remark"),
        sa.Column("done_by", sa.Text(), nullable=False, comment="public id of the user"),
        sa.Column("done_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("status <> 'open'", name=op.f("ck_audit_finding_steps_leads_on")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_audit_finding_steps_number_from_one")),
        sa.CheckConstraint(
            "(status = 'reopened') = (due_on IS NOT NULL)",
            name=op.f("ck_audit_finding_steps_reopened_until_a_day"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'answered', 'closed', 'reopened')",
            name=op.f("ck_audit_finding_steps_status_known"),
        ),
        sa.CheckConstraint(
            "length(words_digest) = 32", name=op.f("ck_audit_finding_steps_words_hashed")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["audit_findings.id"], name=op.f("fk_audit_finding_steps_finding_id")
        ),
        sa.PrimaryKeyConstraint("finding_id", "number", name=op.f("pk_audit_finding_steps")),
        sqlite_strict=True,
    )


def _create_audit_samples() -> None:
    op.create_table(
        "audit_samples",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("from_on", Day(), nullable=False),
        sa.Column("to_on", Day(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True, comment="NULL for all"),
        sa.Column("fund_code", sa.Text(), nullable=True, comment="NULL for all"),
        sa.Column(
            "last_entry_id", BigInt, nullable=False, comment="later entries do not belong to it"
        ),
        sa.Column("population_count", BigInt, nullable=False),
        sa.Column("population_satang", BigInt, nullable=False),
        sa.Column(
            "population_sha256", Bytes, nullable=False, comment="of its lines, see queries.py"
        ),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.Column(
            "materiality_satang", BigInt, nullable=False, comment="the most error that is borne"
        ),
        sa.Column("expected_satang", BigInt, nullable=False, comment="error that is expected"),
        sa.Column("size", BigInt, nullable=False, comment="by sizes.py; the fewest that are drawn"),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=True),
        sa.Column("seed_source", sa.Text(), nullable=True),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.Column("frozen_by", sa.Text(), nullable=False, comment="public id of the user"),
        sa.Column("drawn_at", UtcDateTime(), nullable=True),
        sa.Column("drawn_by", sa.Text(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column(
            "idempotency_key", sa.Text(), nullable=False, comment="of the form that was sent"
        ),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL) AND (closed_at IS "
            "NULL) = (closed_by IS NULL)",
            name=op.f("ck_audit_samples_closed_by_somebody"),
        ),
        sa.CheckConstraint(
            "confidence IN ('80', '90', '95', '99')", name=op.f("ck_audit_samples_confidence_known")
        ),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_audit_samples_days_in_order")),
        sa.CheckConstraint(
            "(status = 'frozen') = (seed IS NULL) AND (seed IS NULL) = "
            "(seed_source IS NULL) AND (seed IS NULL) = (drawn_at IS NULL) AND "
            "(seed IS NULL) = (drawn_by IS NULL)",
            name=op.f("ck_audit_samples_drawn_with_seed"),
        ),
        sa.CheckConstraint(
            "materiality_satang > 0 AND expected_satang >= 0",
            name=op.f("ck_audit_samples_limits_set"),
        ),
        sa.CheckConstraint(
            "method IN ('random', 'stratified', 'monetary_unit')",
            name=op.f("ck_audit_samples_method_known"),
        ),
        sa.CheckConstraint(
            "population_count > 0 AND population_satang > 0",
            name=op.f("ck_audit_samples_population_counted"),
        ),
        sa.CheckConstraint(
            "length(population_sha256) = 32", name=op.f("ck_audit_samples_population_sha256_length")
        ),
        sa.CheckConstraint(
            "seed_source IN ('public', 'system')", name=op.f("ck_audit_samples_seed_source_known")
        ),
        sa.CheckConstraint(
            "size BETWEEN 1 AND population_count", name=op.f("ck_audit_samples_size_in_population")
        ),
        sa.CheckConstraint(
            "status IN ('frozen', 'drawn', 'closed')", name=op.f("ck_audit_samples_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_audit_samples_fund_code")
        ),
        sa.ForeignKeyConstraint(
            ["last_entry_id"], ["journal_entries.id"], name=op.f("fk_audit_samples_last_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_samples")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_audit_samples_idempotency_key")),
        sqlite_strict=True,
    )


def _create_audit_sample_strata() -> None:
    op.create_table(
        "audit_sample_strata",
        sa.Column("sample_id", BigInt, autoincrement=False, nullable=False),
        sa.Column(
            "number", BigInt, autoincrement=False, nullable=False, comment="0: checked in full"
        ),
        sa.Column("entry_count", BigInt, nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.CheckConstraint(
            "entry_count > 0 AND amount_satang > 0", name=op.f("ck_audit_sample_strata_counted")
        ),
        sa.CheckConstraint(
            "number BETWEEN 0 AND 3", name=op.f("ck_audit_sample_strata_number_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["audit_samples.id"], name=op.f("fk_audit_sample_strata_sample_id")
        ),
        sa.PrimaryKeyConstraint("sample_id", "number", name=op.f("pk_audit_sample_strata")),
        sqlite_strict=True,
    )


def _create_audit_sample_items() -> None:
    op.create_table(
        "audit_sample_items",
        sa.Column("sample_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("position", BigInt, autoincrement=False, nullable=False),
        sa.Column("entry_id", BigInt, nullable=False),
        sa.Column(
            "amount_satang", BigInt, nullable=False, comment="of the sample's fund, or of all"
        ),
        sa.Column("stratum", BigInt, nullable=False),
        sa.Column(
            "hits", BigInt, nullable=False, comment="how often a monetary unit of it was drawn"
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_audit_sample_items_amount_positive")),
        sa.CheckConstraint("hits >= 1", name=op.f("ck_audit_sample_items_hit")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_audit_sample_items_position_from_one")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entries.id"], name=op.f("fk_audit_sample_items_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["audit_samples.id"], name=op.f("fk_audit_sample_items_sample_id")
        ),
        sa.ForeignKeyConstraint(
            ["sample_id", "stratum"],
            ["audit_sample_strata.sample_id", "audit_sample_strata.number"],
            name=op.f("fk_audit_sample_items_stratum"),
        ),
        sa.PrimaryKeyConstraint("sample_id", "position", name=op.f("pk_audit_sample_items")),
        sa.UniqueConstraint("sample_id", "entry_id", name=op.f("uq_audit_sample_items_entry")),
        sqlite_strict=True,
    )


def _create_audit_finding_evidence() -> None:
    op.create_table(
        "audit_finding_evidence",
        sa.Column("finding_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("entry_id", BigInt, nullable=True),
        sa.Column("sample_id", BigInt, nullable=True),
        sa.Column("position", BigInt, nullable=True),
        sa.Column("document_id", BigInt, nullable=True),
        sa.Column("added_by", sa.Text(), nullable=False, comment="public id of the user"),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_audit_finding_evidence_number_from_one")),
        sa.CheckConstraint(
            "(CASE WHEN entry_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN "
            "sample_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN document_id IS "
            "NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_audit_finding_evidence_one_thing"),
        ),
        sa.CheckConstraint(
            "(sample_id IS NULL) = (position IS NULL)",
            name=op.f("ck_audit_finding_evidence_whole_item"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_audit_finding_evidence_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entries.id"], name=op.f("fk_audit_finding_evidence_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["audit_findings.id"], name=op.f("fk_audit_finding_evidence_finding_id")
        ),
        sa.ForeignKeyConstraint(
            ["sample_id", "position"],
            ["audit_sample_items.sample_id", "audit_sample_items.position"],
            name=op.f("fk_audit_finding_evidence_item"),
        ),
        sa.PrimaryKeyConstraint("finding_id", "number", name=op.f("pk_audit_finding_evidence")),
        sqlite_strict=True,
    )


def _create_audit_sample_papers() -> None:
    op.create_table(
        "audit_sample_papers",
        sa.Column("sample_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("position", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column(
            "error_satang", BigInt, nullable=False, comment="by which the books say too much"
        ),
        sa.Column("note_digest", Bytes, nullable=True, comment="of the remark"),
        sa.Column("written_by", sa.Text(), nullable=False, comment="public id of the user"),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "error_satang >= 0 AND (result <> 'in_order' OR error_satang = 0) "
            "AND (result = 'in_order' OR error_satang > 0)",
            name=op.f("ck_audit_sample_papers_error_of_result"),
        ),
        sa.CheckConstraint(
            "note_digest IS NULL OR length(note_digest) = 32",
            name=op.f("ck_audit_sample_papers_note_digest_length"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_audit_sample_papers_number_from_one")),
        sa.CheckConstraint(
            "result IN ('in_order', 'exception', 'not_found')",
            name=op.f("ck_audit_sample_papers_result_known"),
        ),
        sa.ForeignKeyConstraint(
            ["sample_id", "position"],
            ["audit_sample_items.sample_id", "audit_sample_items.position"],
            name=op.f("fk_audit_sample_papers_item"),
        ),
        sa.PrimaryKeyConstraint(
            "sample_id", "position", "number", name=op.f("pk_audit_sample_papers")
        ),
        sqlite_strict=True,
    )
