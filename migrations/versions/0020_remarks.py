"""Words about people in a table of their own, and consents that stay as they were signed.

Reasons of decisions, notes on payments and reasons of lines that were put aside become remarks,
encrypted with the keys of the application. What the trail and the journal hold already cannot be
changed by anybody.
"""

import base64
import hashlib
import os
import time
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from flask import current_app

from fundapp.db import BigInt, Bytes, Flag, UtcDateTime, checks, encrypted_columns, rules

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "455759b973a9e770"

_CODES = (
    "other", "incomplete", "amount", "rules", "other_help", "not_needed", "twice", "wrong_person",
    "wrong_fund", "waiting", "own_money", "mistake",
)  # fmt: skip


_LISTED = ", ".join(f"'{code}'" for code in _CODES)
_REFUSAL = "ck_approvals_refusal_has_reason"
_OLD_REFUSAL = "decision = 'approve' OR reason <> ''"
_NEW_REFUSAL = "decision = 'approve' OR (reason_code IS NOT NULL AND reason_digest IS NOT NULL)"


def upgrade() -> None:
    """Make the table, move the words that there are, and bring the rules in."""
    rules.take_out(op.get_bind())
    _create_remarks()
    encrypted_columns.require_encryption(op.get_bind(), "remarks", "words_encrypted")
    _move_decisions()
    _move("payment_note", "payment", "payments", "note", writer="recorded_by", at="recorded_at")
    op.drop_column("payments", "note")
    _move("line", "statement_line", "statement_lines", "status_reason")
    op.execute("UPDATE statement_lines SET status_reason = 'other' WHERE status_reason <> ''")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("COMMENT ON COLUMN payouts.bank_reference IS 'a number, no words'")
        op.execute(
            "COMMENT ON COLUMN payments.form_digest IS"
            " 'keyed hash of what was recorded under the external reference'"
        )
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop the table. The words in it are lost; the columns come back without them."""
    connection = op.get_bind()
    rules.take_out(connection)
    op.execute("ALTER TABLE payments ADD COLUMN note TEXT DEFAULT '' NOT NULL")
    op.execute("ALTER TABLE approvals ADD COLUMN reason TEXT DEFAULT '' NOT NULL")
    op.execute("UPDATE approvals SET reason = coalesce(reason_code, '')")
    checks.replace_check(connection, "approvals", _REFUSAL, _NEW_REFUSAL, _OLD_REFUSAL)
    op.drop_column("approvals", "reason_code")
    op.drop_column("approvals", "reason_digest")
    op.drop_table("remarks")


def _create_remarks() -> None:
    op.create_table(
        "remarks",
        sa.Column("id", BigInt, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("subject_type", sa.Text, nullable=False),
        sa.Column("subject_ref", sa.Text, nullable=False, comment="public id of what it is about"),
        sa.Column("words_encrypted", Bytes, comment="NULL once erased"),
        sa.Column(
            "digest", Bytes, nullable=False, comment="SHA-256 of a secret nonce and the words"
        ),
        sa.Column("about_child", Flag, nullable=False, comment="reading it is reading of a child"),
        sa.Column(
            "written_by", sa.Text, nullable=False, comment="public id of a user, or a process"
        ),
        sa.Column("written_at", UtcDateTime, nullable=False),
        sa.Column("erased_at", UtcDateTime),
        sa.Column("erased_by", sa.Text),
        sa.Column("erased_why", sa.Text),
        _one_of("kind", ("decision", "cancellation", "reversal", "payment_note", "line")),
        _one_of("code", _CODES),
        _one_of("erased_why", ("requested", "withdrawn", "not_needed", "not_allowed")),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_remarks_digest_hashed")),
        sa.CheckConstraint(
            "(words_encrypted IS NULL) = (erased_at IS NOT NULL)"
            " AND (erased_at IS NULL) = (erased_by IS NULL)"
            " AND (erased_at IS NULL) = (erased_why IS NULL)",
            name=op.f("ck_remarks_erased_by_somebody"),
        ),
        sa.UniqueConstraint("digest", name=op.f("uq_remarks_digest")),
        sqlite_strict=True,
    )
    op.create_index("ix_remarks_subject", "remarks", ["subject_type", "subject_ref", "id"])


def _one_of(column: str, values: tuple[str, ...], table: str = "remarks") -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}_known"))


def _move_decisions() -> None:
    """The reasons of decisions; what is kept of them is the code "other" and the digest."""
    connection = op.get_bind()
    blob = Bytes().compile(dialect=connection.dialect)
    op.execute(
        "ALTER TABLE approvals ADD COLUMN reason_code TEXT CONSTRAINT"
        f" ck_approvals_reason_code_known CHECK (reason_code IN ({_LISTED}))"
    )
    op.execute(
        f"ALTER TABLE approvals ADD COLUMN reason_digest {blob} CONSTRAINT"
        " ck_approvals_reason_hashed CHECK (reason_digest IS NULL OR length(reason_digest) = 32)"
    )
    if connection.dialect.name == "postgresql":
        op.execute(
            "COMMENT ON COLUMN approvals.reason_digest IS 'of the words, which are a remark'"
        )
    found = connection.execute(
        sa.text(
            "SELECT a.id, a.reason, r.public_id, u.public_id FROM approvals a"
            " JOIN disbursement_requests r ON r.id = a.request_id"
            " JOIN users u ON u.id = a.approver_id WHERE a.reason <> ''"
        )
    ).all()
    for approval_id, words, request_ref, writer in found:
        digest = _write("decision", "disbursement_request", request_ref, words, writer, True)
        connection.execute(
            sa.text("UPDATE approvals SET reason_code = 'other', reason_digest = :d WHERE id = :i"),
            {"d": digest, "i": approval_id},
        )
    checks.replace_check(connection, "approvals", _REFUSAL, _OLD_REFUSAL, _NEW_REFUSAL)
    op.drop_column("approvals", "reason")


def _move(kind: str, subject: str, table: str, column: str, writer: str = "", at: str = "") -> None:
    """The words of a column, written by whom the row names, or by the command line."""
    by = writer or "'command-line'"
    found = op.get_bind().execute(
        sa.text(f"SELECT public_id, {column}, {by} FROM {table} WHERE {column} <> ''")
    )
    for ref, words, who in found.all():
        _write(kind, subject, ref, words, who, False)


def _write(kind: str, subject: str, ref: str, words: str, writer: str, about_child: bool) -> bytes:
    """A remark, as `fundapp.remarks` writes it; its digest."""
    remark_id = _next_id()
    nonce = os.urandom(32)
    text = base64.b64encode(nonce).decode() + words
    digest = hashlib.sha256(b"\x02" + nonce + words.encode("utf-8")).digest()
    keys = current_app.extensions["keyring"]
    values = {
        "id": remark_id,
        "kind": kind,
        "code": "other",
        "subject_type": subject,
        "subject_ref": ref,
        "words_encrypted": keys.encrypt(text, f"remarks.words_encrypted.{remark_id}"),
        "digest": digest,
        "about_child": about_child,
        "written_by": writer,
        "written_at": datetime.now(UTC),
    }
    types = {
        "id": BigInt,
        "words_encrypted": Bytes,
        "digest": Bytes,
        "about_child": Flag,
        "written_at": UtcDateTime,
    }
    columns = (sa.column(name, types.get(name, sa.Text)) for name in values)
    op.bulk_insert(sa.table("remarks", *columns), [values])
    return digest


def _next_id() -> int:
    """A row id, as the application makes them: milliseconds since 2020, then a count."""
    milliseconds = int(time.time() * 1000) - 1_577_836_800_000
    _LAST[0] = max(_LAST[0] + 1, milliseconds << 21)
    return _LAST[0]


_LAST = [0]
