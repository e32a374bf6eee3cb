"""Roles with their own districts and what gave them; supervisors; exceptions; proposals."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, UtcDateTime, rules

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "13a2a144a814a051"

_BEFORE = ("donor", "case_manager", "fund_officer", "approver", "auditor", "administrator")
_ROLES = ("donor", "case_manager", "supervisor", *_BEFORE[2:])

_PROPOSAL_CHECKS = {
    "status_known": "status IN ('open', 'confirmed', 'refused', 'withdrawn', 'expired')",
    "two_people": (
        "status <> 'confirmed' OR (proposed_by_id IS NOT NULL AND decided_by_id IS NOT NULL"
        " AND proposed_by_id <> decided_by_id)"
    ),
    "withdrawn_by_proposer": (
        "status <> 'withdrawn' OR (proposed_by_id IS NOT NULL AND decided_by_id IS NOT NULL"
        " AND proposed_by_id = decided_by_id)"
    ),
    "decided_once": "(status = 'open') = (decided_at IS NULL)",
}
#: The pairs that one person holds by exception, in both orders.
_EXCEPTIONAL_PAIRS = (
    ("case_manager", "supervisor"),
    ("case_manager", "fund_officer"),
    ("case_manager", "approver"),
    ("supervisor", "case_manager"),
    ("fund_officer", "case_manager"),
    ("fund_officer", "approver"),
    ("approver", "case_manager"),
    ("approver", "fund_officer"),
)
_EXCEPTION_CHECKS = {
    "pair_known": " OR ".join(
        f"(role = '{one}' AND beside = '{other}')" for one, other in _EXCEPTIONAL_PAIRS
    ),
    "reason_known": "reason IN ('vacancy', 'absence', 'few_people')",
    "days_in_order": "starts_on <= ends_on",
    "two_others": (
        "proposed_by_id <> confirmed_by_id AND user_id <> proposed_by_id"
        " AND user_id <> confirmed_by_id"
    ),
    "ended_by_somebody": "(ended_on IS NULL) = (ended_by_id IS NULL)",
}

_users = sa.table(
    "users",
    sa.column("id", BigInt),
    sa.column("public_id", sa.Text),
    sa.column("created_at", UtcDateTime),
)
_events = sa.table(
    "audit_events",
    sa.column("id", BigInt),
    sa.column("subject_ref", sa.Text),
    sa.column("action", sa.Text),
)
_roles = sa.table("user_roles", sa.column("user_id", BigInt), sa.column("role", sa.Text))
_districts = sa.table(
    "user_districts",
    sa.column("user_id", BigInt),
    sa.column("district_code", sa.Text),
    sa.column("role", sa.Text),
)


def upgrade() -> None:
    """Make both tables anew with their rows. Districts of somebody who is no case manager go: they
    meant nothing.
    """
    rules.take_out(op.get_bind())
    _make_proposals()
    _make_role_exceptions()
    roles = _explained_roles()
    districts = _read(
        sa.select(_districts.c.user_id, _districts.c.district_code, _roles.c.role)
        .join(_roles, _roles.c.user_id == _districts.c.user_id)
        .where(_roles.c.role == "case_manager")
    )
    op.drop_table("user_districts")
    op.drop_table("user_roles")
    _fill(_make_user_roles(_ROLES, *_explanations()), roles)
    _fill(
        _make_user_districts(
            ["user_id", "role", "district_code"],
            sa.Column("role", sa.Text(), nullable=False),
            sa.ForeignKeyConstraint(
                ["user_id", "role"],
                ["user_roles.user_id", "user_roles.role"],
                name=op.f("fk_user_districts_role"),
            ),
            _check("user_districts", ("case_manager", "supervisor")),
        ),
        districts,
    )
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Make both tables as they were; supervisors had no role then."""
    rules.take_out(op.get_bind())
    roles = _read(sa.select(_roles).where(_roles.c.role != "supervisor"))
    managed = sa.select(_districts.c.user_id, _districts.c.district_code)
    districts = _read(managed.where(_districts.c.role == "case_manager"))
    op.drop_table("user_districts")
    op.drop_table("user_roles")
    op.drop_table("role_exceptions")
    op.drop_table("proposals")
    _fill(_make_user_roles(_BEFORE), roles)
    _fill(_make_user_districts(["user_id", "district_code"]), districts)


def _explained_roles() -> list[dict[str, Any]]:
    """The rows that there are, each with the newest event that says what its person holds; 0 where
    the trail has none, which the check `identity.granted` shows.
    """
    newest = (
        sa.select(sa.func.max(_events.c.id))
        .where(
            _events.c.subject_ref == _users.c.public_id,
            _events.c.action.in_(("identity:user:create", "identity:user:change-roles")),
        )
        .scalar_subquery()
    )
    rows = op.get_bind().execute(
        sa.select(_roles, _users.c.created_at, sa.func.coalesce(newest, 0).label("event_id")).join(
            _users, _users.c.id == _roles.c.user_id
        )
    )
    return [
        {
            "user_id": row.user_id,
            "role": row.role,
            "granted_on": row.created_at.date(),
            "event_id": row.event_id,
        }
        for row in rows
    ]


def _explanations() -> list[Any]:
    return [
        sa.Column("granted_on", Day(), nullable=False),
        sa.Column("proposal_id", BigInt, nullable=True),
        sa.Column("event_id", BigInt, nullable=True, comment="of the trail: a command's"),
        sa.CheckConstraint(
            "proposal_id IS NOT NULL OR event_id IS NOT NULL", name=op.f("ck_user_roles_explained")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_user_roles_proposal_id")
        ),
    ]


def _make_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="name of the kind, e.g. roles"),
        sa.Column(
            "subject", sa.Text(), nullable=False, comment="public id or code of what is changed"
        ),
        sa.Column(
            "before_json", sa.Text(), nullable=False, comment="what was so when it was proposed"
        ),
        sa.Column("after_json", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", BigInt, nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column(
            "expires_on", Day(), nullable=False, comment="the last day on which it is confirmed"
        ),
        sa.Column("decided_by_id", BigInt, nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        *(_rule("proposals", name, rule) for name, rule in _PROPOSAL_CHECKS.items()),
        *_to("proposals", {"proposed_by_id": "users", "decided_by_id": "users"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_proposals_public_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_proposals_open",
        "proposals",
        ["kind", "subject"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )


def _make_role_exceptions() -> None:
    op.create_table(
        "role_exceptions",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column(
            "role", sa.Text(), nullable=False, comment="gives nothing once the exception is over"
        ),
        sa.Column("beside", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("starts_on", Day(), nullable=False),
        sa.Column("ends_on", Day(), nullable=False, comment="the last day"),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.Column("proposed_by_id", BigInt, nullable=False),
        sa.Column("confirmed_by_id", BigInt, nullable=False),
        sa.Column(
            "ended_on",
            Day(),
            nullable=True,
            comment="the first day without it, if it was ended early",
        ),
        sa.Column("ended_by_id", BigInt, nullable=True),
        *(_rule("role_exceptions", name, rule) for name, rule in _EXCEPTION_CHECKS.items()),
        *_to(
            "role_exceptions",
            {
                "user_id": "users",
                "proposal_id": "proposals",
                "proposed_by_id": "users",
                "confirmed_by_id": "users",
                "ended_by_id": "users",
            },
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_exceptions")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_role_exceptions_proposal_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_role_exceptions_user_id", "role_exceptions", ["user_id"])


def _rule(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _to(table: str, columns: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    """Foreign keys to the ids of other tables."""
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in columns.items()
    ]


def _read(statement: sa.Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in op.get_bind().execute(statement).mappings()]


def _fill(table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        op.bulk_insert(table, rows)


def _check(table: str, roles: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{role}'" for role in roles)
    return sa.CheckConstraint(f"role IN ({listed})", name=op.f(f"ck_{table}_role_known"))


def _make_user_roles(roles: tuple[str, ...], *more: Any) -> sa.Table:
    return op.create_table(
        "user_roles",
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        *more,
        _check("user_roles", roles),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_roles_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_roles")),
        sqlite_strict=True,
    )


def _make_user_districts(key: list[str], *more: Any) -> sa.Table:
    return op.create_table(
        "user_districts",
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            ["district_code"], ["districts.code"], name=op.f("fk_user_districts_district_code")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_districts_user_id")),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_user_districts")),
        sqlite_strict=True,
    )
