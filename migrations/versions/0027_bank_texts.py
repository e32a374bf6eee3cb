"""What a bank writes on a line is encrypted, in the line and in what each file says of it.

The texts that are there are encrypted with the keys of the application, and hashed under the digest
key of the database.
"""

import base64
import hashlib
import hmac
import json
import os
import time
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from flask import current_app

from fundapp.db import BigInt, Bytes, UtcDateTime, checks, encrypted_columns, rules

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "e2243b24516d70cc"

_FIELDS = ("description", "detail", "channel")
_HASHED = (
    "words_hashed",
    "length(description_digest) = 32 AND length(detail_digest) = 32"
    " AND length(channel_digest) = 32",
)
_WHY_KNOWN = (
    "erased_why_known",
    "erased_why IN ('requested', 'withdrawn', 'not_needed', 'not_allowed')",
)
_ERASED = (
    "erased_by_somebody",
    "(words_encrypted IS NULL) = (erased_at IS NOT NULL)"
    " AND (erased_at IS NULL) = (erased_by IS NULL)"
    " AND (erased_at IS NULL) = (erased_why IS NULL)"
    " AND (erased_at IS NULL OR detail_lookup IS NULL)",
)
#: Named CHECKs of each table, in the order in which they are added.
_CHECKS = {
    "statement_lines": (_HASHED, _WHY_KNOWN, _ERASED),
    "stated_lines": (_HASHED,),
}
_COMMENTS = {
    "statement_lines": (
        "the bank's description, detail and channel; NULL once erased",
        "keyed hash, for this line",
    ),
    "stated_lines": (
        "description, detail and channel; NULL once those of the line are erased",
        "keyed hash, for its line",
    ),
}
_DETAIL = "ix_statement_lines_detail"
#: Bytes to which texts are filled up, and rows at once.
_BLOCK, _AT_ONCE = 128, 500


def upgrade() -> None:
    """Add the columns, encrypt what is there, and take the texts away."""
    connection = op.get_bind()
    rules.take_out(connection)
    _add_columns()
    _number_stated_lines(connection)
    _encrypt_texts(connection)
    op.drop_index(_DETAIL, "statement_lines")
    op.create_index(_DETAIL, "statement_lines", ["detail_lookup"])
    op.create_index("uq_stated_lines_id", "stated_lines", ["id"], unique=True)
    checks.require_value(connection, "stated_lines", "id", "INTEGER")
    for table, named in _CHECKS.items():
        for field in _FIELDS:
            checks.require_value(connection, table, f"{field}_digest", "BLOB")
            op.drop_column(table, field)
        encrypted_columns.require_encryption(connection, table, "words_encrypted")
        for name, rule in named:
            checks.add_check(connection, table, f"ck_{table}_{name}", rule)
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Decrypt the texts. What was erased is empty, and counts as not erased."""
    connection = op.get_bind()
    rules.take_out(connection)
    for table, named in _CHECKS.items():
        for name, rule in reversed(named):
            checks.drop_check(connection, table, f"ck_{table}_{name}", rule)
        encrypted_columns.allow_anything(connection, table, "words_encrypted")
        for field in _FIELDS:
            op.add_column(table, sa.Column(field, sa.Text()))
        _decrypt_texts(connection, table)
        for field in _FIELDS:
            checks.require_value(connection, table, field, "TEXT")
            op.drop_column(table, f"{field}_digest")
        op.drop_column(table, "words_encrypted")
    op.drop_index(_DETAIL, "statement_lines")
    op.create_index(_DETAIL, "statement_lines", ["detail"])
    for column in ("detail_lookup", "erased_at", "erased_by", "erased_why"):
        op.drop_column("statement_lines", column)
    op.drop_index("uq_stated_lines_id", "stated_lines")
    op.drop_column("stated_lines", "id")


def _add_columns() -> None:
    for table, (words, digest) in _COMMENTS.items():
        op.add_column(table, sa.Column("words_encrypted", Bytes, comment=words))
        for field in _FIELDS:
            op.add_column(table, sa.Column(f"{field}_digest", Bytes, comment=digest))
    lookup = "keyed hash, the same for equal details; NULL without one, or once erased"
    for column in (
        sa.Column("detail_lookup", Bytes, comment=lookup),
        sa.Column("erased_at", UtcDateTime, comment="the bank's words"),
        sa.Column("erased_by", sa.Text()),
        sa.Column("erased_why", sa.Text()),
    ):
        op.add_column("statement_lines", column)
    op.add_column(
        "stated_lines", sa.Column("id", BigInt, comment="what its words are encrypted for")
    )


def _number_stated_lines(connection: sa.Connection) -> None:
    """Ids as the application makes them: milliseconds since 2020, then a count."""
    keys = connection.execute(sa.text("SELECT statement_id, row_number FROM stated_lines")).all()
    first = (int(time.time() * 1000) - 1_577_836_800_000) << 21
    rows = [
        {"id": first + number, "file": key.statement_id, "row": key.row_number}
        for number, key in enumerate(keys)
    ]
    if rows:
        change = "UPDATE stated_lines SET id = :id WHERE statement_id = :file AND row_number = :row"
        connection.execute(sa.text(change), rows)


def _encrypt_texts(connection: sa.Connection) -> None:
    key = b""
    for table, line, lookup in (
        ("statement_lines", "id", ", detail_lookup = :lookup"),
        ("stated_lines", "line_id", ""),
    ):
        change = (
            f"UPDATE {table} SET words_encrypted = :words, description_digest = :description,"
            f" detail_digest = :detail, channel_digest = :channel{lookup} WHERE id = :id"
        )
        for rows in _pages(connection, table, f"{line} AS line_id", *_FIELDS):
            key = key or _digest_key(connection)
            values = [_values(table, row, key, bool(lookup)) for row in rows]
            connection.execute(sa.text(change), values)


def _values(table: str, row: Any, key: bytes, has_lookup: bool) -> dict[str, Any]:
    texts = [getattr(row, field) for field in _FIELDS]
    text = json.dumps(texts, ensure_ascii=False)
    filled = text + "\0" * (-len(text.encode()) % _BLOCK)
    ring = current_app.extensions["keyring"]
    values = {
        field: _hash(key, f"statement_lines.{field}_digest", f"{row.line_id}\x1f{value}")
        for field, value in zip(_FIELDS, texts, strict=True)
    }
    if has_lookup:
        where = "statement_lines.detail_lookup"
        values["lookup"] = _hash(key, where, row.detail) if row.detail else None
    words = ring.encrypt(filled, f"{table}.words_encrypted.{row.id}")
    return {**values, "id": row.id, "words": words}


def _hash(key: bytes, where: str, text: str) -> bytes:
    """As `Keyring.lookup` makes it."""
    derived = hmac.digest(key, b"lookup:" + where.encode(), hashlib.sha256)
    return hmac.digest(derived, text.encode(), hashlib.sha256)


def _digest_key(connection: sa.Connection) -> bytes:
    """The digest key; a database that never encrypted anything gets its own now, as at a start."""
    ring = current_app.extensions["keyring"]
    where = "digest_keys.key_encrypted.1"
    stored = connection.scalar(sa.text("SELECT key_encrypted FROM digest_keys"))
    if stored is None:
        stored = ring.encrypt(base64.b64encode(os.urandom(32)).decode(), where)
        new = sa.text("INSERT INTO digest_keys (id, key_encrypted) VALUES (1, :key)")
        connection.execute(new, {"key": stored})
    return base64.b64decode(ring.decrypt(bytes(stored), where))


def _decrypt_texts(connection: sa.Connection, table: str) -> None:
    ring = current_app.extensions["keyring"]
    assigned = ", ".join(f"{field} = :{field}" for field in _FIELDS)
    change = sa.text(f"UPDATE {table} SET {assigned} WHERE id = :id")
    for rows in _pages(connection, table, "words_encrypted"):
        values = []
        for row in rows:
            texts = ["", "", ""]
            if row.words_encrypted is not None:
                where = f"{table}.words_encrypted.{row.id}"
                texts = json.loads(ring.decrypt(bytes(row.words_encrypted), where).rstrip("\0"))
            values.append({"id": row.id, **dict(zip(_FIELDS, texts, strict=True))})
        connection.execute(change, values)


def _pages(connection: sa.Connection, table: str, *columns: str) -> Iterator[Any]:
    """Every row with these columns, some at a time: rows are changed meanwhile."""
    chosen = ", ".join(("id", *columns))
    statement = sa.text(
        f"SELECT {chosen} FROM {table} WHERE id > :after ORDER BY id LIMIT {_AT_ONCE}"
    )
    after = 0
    while rows := connection.execute(statement, {"after": after}).all():
        yield rows
        after = rows[-1].id
