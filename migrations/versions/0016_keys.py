"""Proofs of the field keys and the digest key; more of a child's file is encrypted; the database
refuses what is not encrypted in an encrypted column.
"""

import base64
import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from flask import current_app

from fundapp.db import BigInt, Day, UtcDateTime, checks, encrypted_columns, rules

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "5fca8649cc7b4d93"

#: What was encrypted before. The migration adds the CHECK of each.
_ENCRYPTED = {
    "guardians": ("name_encrypted", "phone_encrypted"),
    "children": (
        "given_name_encrypted",
        "family_name_encrypted",
        "birth_on_encrypted",
        "id_number_encrypted",
        "subdistrict_code_encrypted",
        "school_name_encrypted",
        "target_group_encrypted",
    ),
    "consents": ("signer_name_encrypted", "note_encrypted"),
    "disbursement_requests": (
        "reason_encrypted",
        "payee_name_encrypted",
        "payee_account_encrypted",
    ),
    "proofs": ("confirmed_by_encrypted", "note_encrypted"),
}
_COMMENTS = {
    "subdistrict_code": "empty: not known",
    "school_name": "empty: not at school",
    "target_group": "value of TargetGroup",
}
_GROUPS = (
    "'early_childhood', 'out_of_school', 'at_risk', 'teen_mother', 'poor_student', 'disability'"
)
#: CHECKs of columns that are encrypted now.
_PLAIN_RULES = (
    ("ck_children_target_group_known", f"target_group IN ({_GROUPS})"),
    (
        "ck_children_subdistrict_in_district",
        "subdistrict_code IS NULL OR substr(subdistrict_code, 1, 4) = district_code",
    ),
)
_LOOKUP_RULE = ("ck_children_id_number_lookup_hashed", "length(id_number_lookup) = 32")
_PLACE = (
    "CONSTRAINT fk_children_subdistrict_code"
    " FOREIGN KEY(subdistrict_code) REFERENCES subdistricts (code)"
)
#: Bytes to which texts are filled up, and rows at once.
_BLOCK, _SCHOOL_BLOCK, _LENGTH, _AT_ONCE = 64, 256, 256, 500


def upgrade() -> None:
    """Make the tables and columns, and encrypt what they held."""
    connection = op.get_bind()
    rules.take_out(connection)
    _make_tables()
    if connection.scalar(sa.text("SELECT 1 FROM children LIMIT 1")):
        _take_keys_over(connection)
    _encrypt_children(connection)
    _count_open_files(connection)
    checks.add_check(connection, "children", *_LOOKUP_RULE)
    for table, columns in _ENCRYPTED.items():
        encrypted_columns.require_encryption(connection, table, *columns)
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Decrypt what was encrypted by the upgrade, and drop the rest. Look-ups and the facts of
    requests fit the older program only where they were made by it.
    """
    connection = op.get_bind()
    rules.take_out(connection)
    for table, columns in reversed(_ENCRYPTED.items()):
        encrypted_columns.allow_anything(connection, table, *columns)
    checks.drop_check(connection, "children", *_LOOKUP_RULE)
    _decrypt_children(connection)
    for table in ("open_file_changes", "digest_keys", "field_key_proofs"):
        op.drop_table(table)


def _make_tables() -> None:
    op.create_table(
        "field_key_proofs",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column(
            "proof", sa.LargeBinary(), nullable=False, comment="never encrypted with another key"
        ),
        sa.Column("first_used_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "length(key_id) BETWEEN 1 AND 16", name=op.f("ck_field_key_proofs_key_id_short")
        ),
        sa.CheckConstraint("length(proof) > 30", name=op.f("ck_field_key_proofs_proof_encrypted")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_field_key_proofs")),
        sqlite_strict=True,
    )
    op.create_table(
        "digest_keys",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("key_encrypted", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_digest_keys_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_keys")),
        sqlite_strict=True,
    )
    op.create_table(
        "open_file_changes",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("month", Day(), nullable=False, comment="its first day; of recording"),
        sa.Column(
            "changes_encrypted",
            sa.LargeBinary(),
            nullable=False,
            comment="JSON: by target group",
        ),
        sa.ForeignKeyConstraint(
            ["district_code"], ["districts.code"], name=op.f("fk_open_file_changes_district_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_file_changes")),
        sa.UniqueConstraint("district_code", "month", name="uq_open_file_changes_month"),
        sqlite_strict=True,
    )
    connection = op.get_bind()
    encrypted_columns.require_encryption(connection, "digest_keys", "key_encrypted")
    encrypted_columns.require_encryption(connection, "open_file_changes", "changes_encrypted")


def _take_keys_over(connection: sa.Connection) -> None:
    """Until now hashes were made under the oldest field key, so its bytes become the digest key,
    and hashes stay. Any of the field keys may have encrypted something.
    """
    ring = current_app.extensions["keyring"]
    oldest = base64.b64encode(list(ring.keys.values())[-1]).decode()
    connection.execute(
        sa.text("INSERT INTO digest_keys (id, key_encrypted) VALUES (1, :key)"),
        {"key": ring.encrypt(oldest, "digest_keys.key_encrypted.1")},
    )
    new = sa.text("INSERT INTO field_key_proofs VALUES (:id, :proof, :at)").bindparams(
        sa.bindparam("at", type_=UtcDateTime())
    )
    for key_id, key in ring.keys.items():
        proof = type(ring)({key_id: key}).encrypt(
            "this database is encrypted with this key", f"field_key_proofs.proof.{key_id}"
        )
        values = {"id": key_id, "proof": proof, "at": datetime.now(UTC)}
        connection.execute(new, values)


def _encrypt_children(connection: sa.Connection) -> None:
    for column, comment in _COMMENTS.items():
        op.add_column(
            "children", sa.Column(f"{column}_encrypted", sa.LargeBinary(), comment=comment)
        )
    for row in _children(connection, *_COMMENTS):
        values = {
            column: _encrypted(
                f"children.{column}_encrypted.{row.id}",
                getattr(row, column) or "",
                _SCHOOL_BLOCK if column == "school_name" else _BLOCK,
            )
            for column in _COMMENTS
        }
        assigned = ", ".join(f"{column}_encrypted = :{column}" for column in _COMMENTS)
        connection.execute(
            sa.text(f"UPDATE children SET {assigned} WHERE id = :id"),
            {**values, "id": row.id},
        )
    for column in _COMMENTS:
        checks.require_value(connection, "children", f"{column}_encrypted", "BLOB")
    for name, rule in _PLAIN_RULES:
        checks.drop_check(connection, "children", name, rule)
    checks.drop_clause(connection, "children", "fk_children_subdistrict_code", _PLACE)
    for column in _COMMENTS:
        op.drop_column("children", column)


def _decrypt_children(connection: sa.Connection) -> None:
    ring = current_app.extensions["keyring"]
    for column in _COMMENTS:
        op.add_column("children", sa.Column(column, sa.Text()))
    for row in _children(connection, *(f"{column}_encrypted" for column in _COMMENTS)):
        for column in _COMMENTS:
            stored = getattr(row, f"{column}_encrypted")
            text = ring.decrypt(stored, f"children.{column}_encrypted.{row.id}").rstrip("\0")
            connection.execute(
                sa.text(f"UPDATE children SET {column} = :text WHERE id = :id"),
                {"text": None if column == "subdistrict_code" and not text else text, "id": row.id},
            )
    for column in ("school_name", "target_group"):
        checks.require_value(connection, "children", column, "TEXT")
    for column in _COMMENTS:
        op.drop_column("children", f"{column}_encrypted")
    for name, rule in reversed(_PLAIN_RULES):
        checks.add_check(connection, "children", name, rule)
    checks.add_clause(connection, "children", _PLACE)


def _count_open_files(connection: sa.Connection) -> None:
    """By the month in which each file was opened: what changed a group before is not known."""
    ring = current_app.extensions["keyring"]
    counts: dict[tuple[str, date], Counter[str]] = {}
    columns = ("district_code", "status", "registered_at", "target_group_encrypted")
    for row in _children(connection, *columns):
        if row.status != "active":
            continue
        where = f"children.target_group_encrypted.{row.id}"
        group = ring.decrypt(row.target_group_encrypted, where).rstrip("\0")
        month = date.fromisoformat(str(row.registered_at)[:10]).replace(day=1)
        counts.setdefault((row.district_code, month), Counter())[group] += 1
    new = sa.text(
        "INSERT INTO open_file_changes (id, district_code, month, changes_encrypted)"
        " VALUES (:id, :district, :month, :changes)"
    ).bindparams(sa.bindparam("month", type_=Day()))
    for row_id, ((district, month), changes) in enumerate(sorted(counts.items()), 1):
        where = f"open_file_changes.changes_encrypted.{row_id}"
        text = json.dumps(changes).ljust(_LENGTH)
        values = {"id": row_id, "district": district, "month": month}
        connection.execute(new, {**values, "changes": _encrypted(where, text)})


def _children(connection: sa.Connection, *columns: str) -> Any:
    """Every child with these columns, some at a time: rows are changed meanwhile."""
    chosen = ", ".join(("id", *columns))
    statement = sa.text(
        f"SELECT {chosen} FROM children WHERE id > :after ORDER BY id LIMIT {_AT_ONCE}"
    )
    after = 0
    while rows := connection.execute(statement, {"after": after}).all():
        yield from rows
        after = rows[-1].id


def _encrypted(where: str, text: str, block: int = _BLOCK) -> bytes:
    filled = text + "\0" * (-len(text.encode()) % block or block * (not text))
    encrypted: bytes = current_app.extensions["keyring"].encrypt(filled, where)
    return encrypted
