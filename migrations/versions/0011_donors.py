"""Donors are people, not addresses; what a form said is kept with what it made."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KINDS = "'individual', 'household', 'company', 'agency', 'mosque', 'school', 'unknown'"
_NAMELESS = "name = '' AND email IS NULL"


def upgrade() -> None:
    """Free the address, name donors by a key, and add the columns of forms and confirmations."""
    connection = op.get_bind()
    _keep_one_nameless(connection)
    if connection.dialect.name == "sqlite":
        _make_donors_anew(connection)
    else:
        _alter_donors(connection)
    op.create_index(
        "uq_donors_nameless_email",
        "donors",
        ["name_key"],
        unique=True,
        sqlite_where=sa.text("name_key = '' AND email IS NULL"),
        postgresql_where=sa.text("name_key = '' AND email IS NULL"),
    )
    op.create_index("ix_donors_user_id", "donors", ["user_id"])
    _add_columns()


def downgrade() -> None:
    """Drop the columns. Donors that share an address keep it from becoming unique again, so the
    donors stay as they are but for what the upgrade makes again.
    """
    op.drop_index("ix_donors_user_id", "donors")
    op.drop_index("uq_donors_nameless_email", "donors")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("donors", "name_key")
    op.drop_column("payments", "form_digest")
    op.drop_index("uq_pledges_confirmation_code", "pledges")
    for column in ("confirmation_code", "confirmed_at", "form_digest", "each_satang"):
        op.drop_column("pledges", column)


def _keep_one_nameless(connection: sa.Connection) -> None:
    """One row stands for all who gave without name and address."""
    first = connection.scalar(sa.text(f"SELECT min(id) FROM donors WHERE {_NAMELESS}"))
    if first is None:
        return
    others = f"SELECT id FROM donors WHERE {_NAMELESS} AND id <> :first"
    for table in ("pledges", "payments"):
        connection.execute(
            sa.text(f"UPDATE {table} SET donor_id = :first WHERE donor_id IN ({others})"),
            {"first": first},
        )
    connection.execute(
        sa.text(f"DELETE FROM donors WHERE {_NAMELESS} AND id <> :first"), {"first": first}
    )
    connection.execute(
        sa.text("UPDATE donors SET user_id = NULL, kind = 'unknown' WHERE id = :first"),
        {"first": first},
    )


def _make_donors_anew(connection: sa.Connection) -> None:
    """SQLite drops a UNIQUE only with its table; the rows come back before anybody misses them."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    connection.exec_driver_sql("CREATE TEMPORARY TABLE kept_donors AS SELECT * FROM donors")
    op.drop_table("donors")
    op.create_table(
        "donors",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False, comment="the name as names are compared"),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column(
            "user_id", BigInt, nullable=True, comment="the account that sees what it has confirmed"
        ),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_donors_kind_known")),
        sa.CheckConstraint(
            "email IS NULL OR email = lower(email)", name=op.f("ck_donors_email_lower_case")
        ),
        sa.CheckConstraint("(name = '') = (name_key = '')", name=op.f("ck_donors_key_with_name")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_donors_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donors")),
        sa.UniqueConstraint("email", "name_key", "kind", name="uq_donors_name_key_kind_email"),
        sa.UniqueConstraint("public_id", name=op.f("uq_donors_public_id")),
        sqlite_strict=True,
    )
    columns = "id, public_id, kind, name, email, phone, user_id, locale, created_at"
    connection.exec_driver_sql(
        f"INSERT INTO donors ({columns}, name_key) SELECT {columns}, name FROM kept_donors"
    )
    connection.exec_driver_sql("DROP TABLE kept_donors")
    _write_keys(connection)


def _alter_donors(connection: sa.Connection) -> None:
    op.add_column(
        "donors", sa.Column("name_key", sa.Text(), comment="the name as names are compared")
    )
    op.execute("UPDATE donors SET name_key = name")
    _write_keys(connection)
    op.alter_column("donors", "name_key", nullable=False)
    op.alter_column("donors", "user_id", comment="the account that sees what it has confirmed")
    # They are missing after a downgrade, which could not bring them back.
    for name in ("uq_donors_email", "uq_donors_user_id"):
        op.execute(f"ALTER TABLE donors DROP CONSTRAINT IF EXISTS {name}")
    op.create_check_constraint(
        op.f("ck_donors_key_with_name"), "donors", "(name = '') = (name_key = '')"
    )
    op.create_unique_constraint(
        "uq_donors_name_key_kind_email", "donors", ["email", "name_key", "kind"]
    )


def _write_keys(connection: sa.Connection) -> None:
    names = connection.execute(sa.text("SELECT id, name FROM donors WHERE name <> ''")).all()
    keys = [{"id": row.id, "key": "".join(row.name.casefold().split())} for row in names]
    if keys:
        connection.execute(sa.text("UPDATE donors SET name_key = :key WHERE id = :id"), keys)


def _add_columns() -> None:
    whole = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    # In one statement with its CHECK: SQLite adds a constraint in no other way.
    op.execute(
        f"ALTER TABLE pledges ADD COLUMN each_satang {whole} CONSTRAINT ck_pledges_each_of_counted"
        " CHECK (each_satang IS NULL OR (each_satang > 0 AND instalment_count IS NOT NULL))"
    )
    if whole == "BIGINT":
        op.alter_column(
            "pledges",
            "each_satang",
            comment="of a counted pledge: what is given each time, if the donor said so",
        )
    op.add_column(
        "pledges",
        sa.Column(
            "form_digest",
            sa.Text(),
            comment="SHA-256 of what the form said: other content is another pledge",
        ),
    )
    op.add_column(
        "pledges",
        sa.Column("confirmed_at", UtcDateTime(), comment="since then the donor's account shows it"),
    )
    op.add_column(
        "pledges",
        sa.Column(
            "confirmation_code",
            sa.Text(),
            comment="sent to the donor's mailbox; whoever has it may confirm the pledge",
        ),
    )
    op.create_index("uq_pledges_confirmation_code", "pledges", ["confirmation_code"], unique=True)
    op.add_column(
        "payments",
        sa.Column(
            "form_digest",
            sa.Text(),
            comment="SHA-256 of what was recorded under the external reference",
        ),
    )
    # Until now an account showed every pledge of its donor.
    op.execute(
        "UPDATE pledges SET confirmed_at = created_at"
        " WHERE donor_id IN (SELECT id FROM donors WHERE user_id IS NOT NULL)"
    )
