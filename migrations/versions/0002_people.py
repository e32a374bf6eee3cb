"""Tables of places, users and children, and what is kept of them: trail, documents, mail."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    "audit_events",
    "child_reads",
    "documents",
    "guardians",
    "mail_messages",
    "provinces",
    "users",
    "districts",
    "user_roles",
    "user_sessions",
    "subdistricts",
    "user_districts",
    "children",
    "consents",
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audit_events",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column(
            "actor",
            sa.Text(),
            nullable=False,
            comment="public id of a user, or the name of a process",
        ),
        sa.Column(
            "action", sa.Text(), nullable=False, comment="e.g. disbursements:request:approve"
        ),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_ref", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, comment="reason or detail; no personal data"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_events_actor", "audit_events", ["actor", "id"], unique=False)
    op.create_index(
        "ix_audit_events_subject",
        "audit_events",
        ["subject_type", "subject_ref", "id"],
        unique=False,
    )
    op.create_table(
        "child_reads",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False, comment="public id of the user"),
        sa.Column("child_ref", sa.Text(), nullable=False, comment="public id of the child"),
        sa.Column(
            "purpose",
            sa.Text(),
            nullable=False,
            comment="what it was read for: file, list, request …",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_reads")),
        sqlite_strict=True,
    )
    op.create_index("ix_child_reads_child", "child_reads", ["child_ref", "id"], unique=False)
    op.create_index("ix_child_reads_reader", "child_reads", ["reader", "id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_ref", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", BigInt, nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False, comment="of the bytes as stored"),
        sa.Column(
            "original_sha256", sa.LargeBinary(), nullable=False, comment="of the bytes as received"
        ),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False, comment="public id of the user"),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 32", name=op.f("ck_documents_sha256_length")),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_documents_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("public_id", name=op.f("uq_documents_public_id")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_documents_storage_key")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_documents_subject", "documents", ["subject_type", "subject_ref"], unique=False
    )
    op.create_table(
        "guardians",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("name_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("phone_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardians")),
        sa.UniqueConstraint("public_id", name=op.f("uq_guardians_public_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "mail_messages",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column(
            "recipient_type", sa.Text(), nullable=False, comment="whose file keeps it, e.g. donor"
        ),
        sa.Column("recipient_ref", sa.Text(), nullable=False),
        sa.Column("about_type", sa.Text(), nullable=False),
        sa.Column("about_ref", sa.Text(), nullable=False),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False, comment="not tried before this instant"),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", BigInt, nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.CheckConstraint("to_address <> ''", name=op.f("ck_mail_messages_addressed")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_mail_messages_attempts_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_messages")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mail_messages_recipient",
        "mail_messages",
        ["recipient_type", "recipient_ref", "id"],
        unique=False,
    )
    op.create_index("ix_mail_messages_unsent", "mail_messages", ["sent_at", "due_at"], unique=False)
    op.create_table(
        "provinces",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ms", sa.Text(), nullable=False),
        sa.CheckConstraint("length(code) = 2", name=op.f("ck_provinces_code_two_digits")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_provinces")),
        sqlite_strict=True,
    )
    op.create_table(
        "users",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "email = lower(email) AND email <> ''", name=op.f("ck_users_email_lower_case")
        ),
        sa.CheckConstraint("status IN ('active', 'disabled')", name=op.f("ck_users_status_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_users_public_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "districts",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ms", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "length(code) = 4 AND substr(code, 1, 2) = province_code",
            name=op.f("ck_districts_code_in_province"),
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["provinces.code"], name=op.f("fk_districts_province_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_districts")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_districts_province_code"), "districts", ["province_code"], unique=False
    )
    op.create_table(
        "user_roles",
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "role IN ('donor', 'case_manager', 'fund_officer', 'approver', 'auditor', 'administrator')",
            name=op.f("ck_user_roles_role_known"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_roles_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_roles")),
        sqlite_strict=True,
    )
    op.create_table(
        "user_sessions",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column(
            "expires_at", UtcDateTime(), nullable=False, comment="absolute end, whatever is done"
        ),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.CheckConstraint("length(token_sha256) = 32", name=op.f("ck_user_sessions_token_hashed")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_user_sessions_token_sha256")),
        sqlite_strict=True,
    )
    op.create_index("ix_user_sessions_user_id", "user_sessions", ["user_id"], unique=False)
    op.create_table(
        "subdistricts",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "length(code) = 6 AND substr(code, 1, 4) = district_code",
            name=op.f("ck_subdistricts_code_in_district"),
        ),
        sa.ForeignKeyConstraint(
            ["district_code"], ["districts.code"], name=op.f("fk_subdistricts_district_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_subdistricts")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_subdistricts_district_code"), "subdistricts", ["district_code"], unique=False
    )
    op.create_table(
        "user_districts",
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_code"], ["districts.code"], name=op.f("fk_user_districts_district_code")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_districts_user_id")),
        sa.PrimaryKeyConstraint("user_id", "district_code", name=op.f("pk_user_districts")),
        sqlite_strict=True,
    )
    op.create_table(
        "children",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False, comment="says nothing about the child"),
        sa.Column("given_name_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("family_name_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("birth_on_encrypted", sa.LargeBinary(), nullable=False, comment="ISO day"),
        sa.Column("id_kind", sa.Text(), nullable=False),
        sa.Column("id_number_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_lookup", sa.LargeBinary(), nullable=True),
        sa.Column(
            "person_lookup",
            sa.LargeBinary(),
            nullable=False,
            comment="keyed hash of names and birth date, to notice one child registered twice",
        ),
        sa.Column("guardian_id", BigInt, nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("subdistrict_code", sa.Text(), nullable=True),
        sa.Column("school_name", sa.Text(), nullable=False, comment="empty: not at school"),
        sa.Column("target_group", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("closed_on", Day(), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=True),
        sa.Column("registered_by_id", BigInt, nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(id_kind = 'none') = (id_number_encrypted IS NULL)",
            name=op.f("ck_children_id_when_any"),
        ),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_on IS NOT NULL) AND (closed_on IS NULL) = (close_reason IS NULL)",
            name=op.f("ck_children_closed_with_reason"),
        ),
        sa.CheckConstraint(
            "close_reason IN ('finished', 'moved_away', 'other_support', 'not_reached', 'consent_withdrawn', 'died', 'mistake')",
            name=op.f("ck_children_close_reason_known"),
        ),
        sa.CheckConstraint(
            "id_kind IN ('thai_pin', 'no_nationality', 'gcode', 'passport', 'other', 'none')",
            name=op.f("ck_children_id_kind_known"),
        ),
        sa.CheckConstraint(
            "relation IN ('mother', 'father', 'legal_guardian', 'grandparent', 'relative', 'other')",
            name=op.f("ck_children_relation_known"),
        ),
        sa.CheckConstraint("status IN ('active', 'closed')", name=op.f("ck_children_status_known")),
        sa.CheckConstraint(
            "target_group IN ('early_childhood', 'out_of_school', 'at_risk', 'teen_mother', 'poor_student', 'disability')",
            name=op.f("ck_children_target_group_known"),
        ),
        sa.CheckConstraint(
            "(id_number_encrypted IS NULL) = (id_number_lookup IS NULL)",
            name=op.f("ck_children_id_can_be_found"),
        ),
        sa.CheckConstraint(
            "length(person_lookup) = 32", name=op.f("ck_children_person_lookup_hashed")
        ),
        sa.CheckConstraint(
            "subdistrict_code IS NULL OR substr(subdistrict_code, 1, 4) = district_code",
            name=op.f("ck_children_subdistrict_in_district"),
        ),
        sa.ForeignKeyConstraint(
            ["district_code"], ["districts.code"], name=op.f("fk_children_district_code")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.id"], name=op.f("fk_children_guardian_id")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["users.id"], name=op.f("fk_children_registered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["subdistrict_code"], ["subdistricts.code"], name=op.f("fk_children_subdistrict_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children")),
        sa.UniqueConstraint("code", name=op.f("uq_children_code")),
        sa.UniqueConstraint("id_number_lookup", name=op.f("uq_children_id_number_lookup")),
        sa.UniqueConstraint("public_id", name=op.f("uq_children_public_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_children_district_code_id", "children", ["district_code", "id"], unique=False
    )
    op.create_index(op.f("ix_children_guardian_id"), "children", ["guardian_id"], unique=False)
    op.create_index("ix_children_person_lookup", "children", ["person_lookup"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("child_id", BigInt, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("signer_name_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column(
            "note_encrypted", sa.LargeBinary(), nullable=True, comment="why this person signs"
        ),
        sa.Column("signed_on", Day(), nullable=False),
        sa.Column("expires_on", Day(), nullable=True),
        sa.Column("withdrawn_on", Day(), nullable=True),
        sa.Column("recorded_by_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('keep_file', 'sensitive_facts', 'photograph')",
            name=op.f("ck_consents_kind_known"),
        ),
        sa.CheckConstraint(
            "relation IN ('mother', 'father', 'legal_guardian') OR note_encrypted IS NOT NULL",
            name=op.f("ck_consents_other_signer_explained"),
        ),
        sa.CheckConstraint(
            "relation IN ('mother', 'father', 'legal_guardian', 'grandparent', 'relative', 'other')",
            name=op.f("ck_consents_relation_known"),
        ),
        sa.CheckConstraint(
            "expires_on IS NULL OR expires_on > signed_on", name=op.f("ck_consents_expires_later")
        ),
        sa.CheckConstraint(
            "withdrawn_on IS NULL OR withdrawn_on >= signed_on",
            name=op.f("ck_consents_withdrawn_not_before"),
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_consents_child_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_consents_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sqlite_strict=True,
    )
    op.create_index("ix_consents_child_id", "consents", ["child_id"], unique=False)
    # ### end Alembic commands ###


def downgrade() -> None:
    """Drop them, with everything in them."""
    for table in reversed(TABLES):
        op.drop_table(table)
