"""Phases of the programme: versions with days, districts and targets."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, UtcDateTime, rules

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "67b6adff6c902007"
_TABLES = (
    "programme_phases",
    "programme_phase_versions",
    "programme_phase_districts",
    "programme_targets",
    "programme_target_groups",
)
_GROUPS = (
    "target_group IN ('early_childhood', 'out_of_school', 'at_risk', 'teen_mother', "
    "'poor_student', 'disability')"
)


def upgrade() -> None:
    """Create the tables."""
    rules.take_out(op.get_bind())
    op.create_table(
        "programme_phases",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_phases")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programme_phases_public_id")),
        sqlite_strict=True,
    )
    _create_versions()
    _create_districts()
    _create_targets()
    _create_groups()
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_versions() -> None:
    table = "programme_phase_versions"
    op.create_table(
        table,
        sa.Column("phase_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ms", sa.Text(), nullable=False),
        sa.Column("starts_on", Day(), nullable=False),
        sa.Column("ends_on", Day(), nullable=False, comment="the last day"),
        sa.Column("budget_satang", BigInt, nullable=False, comment="0: none was set"),
        sa.Column(
            "note", sa.Text(), nullable=False, comment="public, e.g. what was published of it"
        ),
        sa.Column("written_by", sa.Text(), nullable=False, comment="public id of the user"),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False, comment="of the form"),
        sa.CheckConstraint("number >= 1", name=op.f(f"ck_{table}_number_from_one")),
        sa.CheckConstraint("name_th <> ''", name=op.f(f"ck_{table}_named")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f(f"ck_{table}_days_in_order")),
        sa.CheckConstraint("budget_satang >= 0", name=op.f(f"ck_{table}_budget_not_negative")),
        sa.ForeignKeyConstraint(
            ["phase_id"], ["programme_phases.id"], name=op.f(f"fk_{table}_phase_id")
        ),
        sa.PrimaryKeyConstraint("phase_id", "number", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("idempotency_key", name=op.f(f"uq_{table}_idempotency_key")),
        sqlite_strict=True,
    )


def _create_districts() -> None:
    table = "programme_phase_districts"
    op.create_table(
        table,
        sa.Column("phase_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        _version_key(table),
        sa.ForeignKeyConstraint(
            ["district_code"], ["districts.code"], name=op.f(f"fk_{table}_district_code")
        ),
        sa.PrimaryKeyConstraint("phase_id", "number", "district_code", name=op.f(f"pk_{table}")),
        sqlite_strict=True,
    )


def _create_targets() -> None:
    table = "programme_targets"
    op.create_table(
        table,
        sa.Column("phase_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("position", BigInt, autoincrement=False, nullable=False),
        sa.Column("district_code", sa.Text(), nullable=True, comment="NULL: all of the phase"),
        sa.Column("children", BigInt, nullable=False, comment="how many are to be helped"),
        sa.CheckConstraint("position >= 1", name=op.f(f"ck_{table}_position_from_one")),
        sa.CheckConstraint("children > 0", name=op.f(f"ck_{table}_children_positive")),
        _version_key(table),
        sa.ForeignKeyConstraint(
            ["phase_id", "number", "district_code"],
            [
                "programme_phase_districts.phase_id",
                "programme_phase_districts.number",
                "programme_phase_districts.district_code",
            ],
            name=op.f(f"fk_{table}_district"),
        ),
        sa.PrimaryKeyConstraint("phase_id", "number", "position", name=op.f(f"pk_{table}")),
        sqlite_strict=True,
    )


def _create_groups() -> None:
    table = "programme_target_groups"
    op.create_table(
        table,
        sa.Column("phase_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("position", BigInt, autoincrement=False, nullable=False),
        sa.Column("target_group", sa.Text(), nullable=False),
        sa.CheckConstraint(_GROUPS, name=op.f(f"ck_{table}_target_group_known")),
        sa.ForeignKeyConstraint(
            ["phase_id", "number", "position"],
            [
                "programme_targets.phase_id",
                "programme_targets.number",
                "programme_targets.position",
            ],
            name=op.f(f"fk_{table}_target"),
        ),
        sa.PrimaryKeyConstraint(
            "phase_id", "number", "position", "target_group", name=op.f(f"pk_{table}")
        ),
        sqlite_strict=True,
    )


def _version_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["phase_id", "number"],
        ["programme_phase_versions.phase_id", "programme_phase_versions.number"],
        name=op.f(f"fk_{table}_version"),
    )
