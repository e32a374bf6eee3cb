"""The trail of a person in the order of time, as its pages show it."""

from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_audit_events_actor", "audit_events", "actor"),
    ("ix_child_reads_reader", "child_reads", "reader"),
)


def upgrade() -> None:
    """Put the time into the indexes: without it all that a person ever did was read and sorted."""
    for name, table, person in INDEXES:
        op.drop_index(name, table)
        op.create_index(name, table, [person, "at", "id"])


def downgrade() -> None:
    """Take it out."""
    for name, table, person in INDEXES:
        op.drop_index(name, table)
        op.create_index(name, table, [person, "id"])
